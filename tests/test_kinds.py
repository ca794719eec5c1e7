"""Every shipped kind: complete in both languages, and without errors in each stance, whatever is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from clausebank import Stances, assemble, lint, load_bank, load_templates, render_text
from clausebank.assembly.select import blanks_offered, suggestions
from clausebank.bank.model import Bilingual, Blank, BlankType
from clausebank.document import Stance
from clausebank.findings import errors
from schemas import answers_schema, example_answers

BANK, TEMPLATES = load_bank(), load_templates()
CHINESE = re.compile("[一-鿿]")
NAMES_IN_ENGLISH = re.compile("甲方|乙方|委托方|服务方|客户方")
DURATION = re.compile("期限|时限|提前期|宽限期|通知期|天数|日数|月数|年限|小时数")
FACTOR = "convenience_months"  # not a time: how many monthly fees are paid


# --- assembly ------------------------------------------------------------------------------------


@pytest.mark.parametrize("third_party", [True, False])
@pytest.mark.parametrize("stance", list(Stance))
@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_complete_and_least_answers_leave_no_finding_that_makes_a_draft(kind, stance, third_party):
    template, stances = TEMPLATES[kind], Stances(stance)
    example = example_answers(template, BANK, stances) | {"third_party": third_party}
    for raw in (example, least(template, stances, example)):
        document = assemble(template, answers_schema(template, BANK, stances).load(raw), BANK, stances)
        assert [f"{f.place}: {f.zh}" for f in errors(lint(document))] == []
        assert ("third-party" in {part.id for part in document.parts}) is third_party
        assert "【" not in render_text(document)


def least(template, stances, example):
    """What a person must type: neither what is suggested nor what may stay empty."""
    suggested = suggestions(template, BANK, stances).keys() - {"third_party"}
    optional = {blank.name for blank in blanks_offered(template, BANK, stances) if blank.optional}
    return {name: value for name, value in example.items() if name not in suggested | optional}


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_each_stance_has_a_text_of_its_own_and_never_prints_the_name_of_one(kind):
    template = TEMPLATES[kind]
    texts = set()
    for stance in Stance:
        raw = example_answers(template, BANK, Stances(stance))
        answers = answers_schema(template, BANK, Stances(stance)).load(raw)
        texts.add(render_text(assemble(template, answers, BANK, Stances(stance))))
    assert len(texts) == len(Stance)
    assert not [text for text in texts if re.search("[甲乙]方有利|偏委托方|偏服务方|中立文本", text)]


# --- both languages ------------------------------------------------------------------------------


def titles() -> Iterator[tuple[str, Bilingual]]:
    """Every title, label and help the bank and the templates hold."""
    yield from (("topic " + name, title) for name, title in BANK.vocabulary.topics.items())
    yield from (("group " + name, title) for name, title in BANK.vocabulary.groups.items())
    yield from ((clause.id, clause.title) for clause in BANK.clauses.values())
    for blank in (*BANK.vocabulary.blanks.values(), *BANK.vocabulary.company):
        yield from labels(blank, blank.name)
    for template in TEMPLATES.values():
        yield template.kind, template.title
        for holder in (*template.parts, *template.attachments, *template.articles()):
            yield f"{template.kind} {holder.id}", holder.title


def labels(blank: Blank, name: str) -> Iterator[tuple[str, Bilingual]]:
    yield name, blank.label
    yield from ((f"{name} {text}", text) for text in (blank.help, blank.unit) if text)
    yield from ((f"{name}={choice.key}", choice.label) for choice in blank.choices)
    for column in blank.fields:
        yield from labels(column, f"{name}.{column.name}")


def test_every_title_label_and_help_is_there_in_both_languages():
    wrong = [name for name, title in titles() if not (title.zh.strip() and title.en.strip())]
    wrong += [name for name, title in titles() if CHINESE.search(NAMES_IN_ENGLISH.sub("", title.en))]
    assert wrong == []


def test_titles_and_labels_that_name_a_thing_are_chinese_in_chinese():
    named = [(clause.id, clause.title) for clause in BANK.clauses.values()]
    named += [(blank.name, blank.label) for blank in BANK.vocabulary.blanks.values()]
    assert [name for name, title in named if not CHINESE.search(title.zh)] == []


# --- blanks --------------------------------------------------------------------------------------


def test_a_duration_is_a_period_and_so_has_a_unit():
    durations = {
        blank.name: blank
        for blank in BANK.vocabulary.blanks.values()
        if DURATION.search(blank.label.zh) and not blank.derived and blank.type is not BlankType.CHOICE
    }
    assert {name for name, blank in durations.items() if blank.type is not BlankType.PERIOD} == {FACTOR}
    assert durations[FACTOR].unit is not None
    assert len(durations) > 50


def test_no_two_blanks_have_the_same_label():
    seen: dict[str, str] = {}
    for blank in BANK.vocabulary.blanks.values():
        assert seen.setdefault(blank.label.zh, blank.name) == blank.name
        assert seen.setdefault(blank.label.en, blank.name) == blank.name


# --- attachments ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_attachment_says_what_it_must_hold(kind):
    for attachment in TEMPLATES[kind].attachments:
        text = "".join(getattr(mark, "text", "…") for mark in attachment.requirement)
        assert len(text) >= 10, attachment.id
        assert text.endswith("。"), attachment.id


def test_an_attachment_is_generated_in_every_kind_that_has_it_or_in_none():
    by_id: dict[str, set[bool]] = {}
    for template in TEMPLATES.values():
        for attachment in template.attachments:
            by_id.setdefault(attachment.id, set()).add(bool(attachment.articles))
    assert [name for name, generated in by_id.items() if len(generated) > 1] == []
