from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from clausebank.document import Stance
from clausebank.errors import BankError, UnknownName
from clausebank.storage.audit import verify
from clausebank.storage.bank import load_shipped, load_stored_bank, load_stored_templates
from clausebank.storage.errors import Conflict, Outdated, Refusal
from clausebank.storage.library import read_library
from clausebank.storage.lifecycle import approve, discard, retire, save_draft, send_back, start_draft, submit
from clausebank.storage.models import ClauseVersion
from clausebank.storage.versions import (
    VOCABULARY,
    clause_series,
    find_version,
    history,
    name_of,
    open_versions,
    template_series,
    text_of,
)
from tests.storage.libraries import TERM, small_library

NEW = "服务费总额为{{fee_total}}，为固定包干价。\n"


@pytest.fixture
def loaded(database, tmp_path):
    with database.writing() as session:
        load_shipped(session, read_library(small_library(tmp_path / "shipped")))
    return database


def draft(database, text: str = NEW, series: str = "fees.total@client", note: str = "按公司惯例") -> str:
    with database.writing() as session:
        origin = find_version(session, series)
        row = start_draft(
            session, clause_series(*series.split("@")), "王律师", text=text, origin=origin, note=note
        )
        return name_of(row)


def approved(database, text: str = NEW, series: str = "fees.total@client") -> str:
    name = draft(database, text, series)
    with database.writing() as session:
        submit(session, [name], "王律师")
    with database.writing() as session:
        return name_of(approve(session, [name], "李审核")[0])


def row_of(database, name: str):
    with database.reading() as session:
        return find_version(session, name)


def text_in_force(database) -> str:
    with database.reading() as session:
        return load_stored_bank(session).clauses["fees.total"].variants[Stance.CLIENT].text


def test_a_draft_does_not_change_the_bank(loaded):
    before = text_in_force(loaded)
    name = draft(loaded)

    assert name == "fees.total@client:2"
    assert row_of(loaded, name).status == "draft"
    assert text_in_force(loaded) == before


def test_an_approved_draft_is_in_force_with_author_reviewer_note_and_dates(loaded):
    name = approved(loaded)
    row = row_of(loaded, name)

    assert text_in_force(loaded) == NEW
    assert (row.author, row.reviewer, row.note, row.status) == ("王律师", "李审核", "按公司惯例", "approved")
    assert row.created_at < row.submitted_at < row.decided_at
    assert row.origin == "fees.total@client:1"


def test_what_was_approved_never_changes(loaded):
    name = approved(loaded)

    with pytest.raises(Refusal), loaded.writing() as session:
        save_draft(session, name, "王律师", 1, "改。")
    for change in ({"text": "改。"}, {"reviewer": "x"}, {"comment": "x"}, {"head": {}}, {"replacement": "x"}):
        with pytest.raises(DBAPIError, match="never changes"), loaded.writing() as session:
            session.execute(update(ClauseVersion).where(ClauseVersion.status == "approved").values(**change))


@pytest.mark.parametrize("reviewer", ["王律师", " 王律师 ", "赵律师"])
def test_nobody_approves_or_returns_what_they_wrote(loaded, reviewer):
    name = draft(loaded)
    with loaded.writing() as session:
        save_draft(session, name, "赵律师", 1, NEW)
        submit(session, [name], "王律师")

    with pytest.raises(Refusal, match="another person"), loaded.writing() as session:
        approve(session, [name], reviewer)
    with pytest.raises(Refusal, match="another person"), loaded.writing() as session:
        send_back(session, name, reviewer, "改")
    assert row_of(loaded, name).status == "in_review"


def test_a_returned_draft_carries_the_comment_and_can_be_mended(loaded):
    name = draft(loaded)
    with loaded.writing() as session:
        submit(session, [name], "王律师")
    with loaded.writing() as session:
        send_back(session, name, "李审核", "请写明是否含税")
    row = row_of(loaded, name)

    assert (row.status, row.comment, row.reviewer) == ("draft", "请写明是否含税", "李审核")
    with loaded.writing() as session:
        save_draft(session, name, "王律师", row.revision, NEW.replace("包干价", "含税包干价"))
        submit(session, [name], "王律师")


def test_returning_needs_a_comment(loaded):
    name = draft(loaded)
    with loaded.writing() as session:
        submit(session, [name], "王律师")
    with pytest.raises(Refusal, match="why"), loaded.writing() as session:
        send_back(session, name, "李审核", "  ")


def test_the_second_save_is_refused_with_both_texts(loaded):
    name = draft(loaded)
    with loaded.writing() as session:
        save_draft(session, name, "赵律师", 1, "服务费为{{fee_total}}（赵）。")

    with pytest.raises(Conflict) as caught, loaded.writing() as session:
        save_draft(session, name, "王律师", 1, "服务费为{{fee_total}}（王）。")

    assert (caught.value.mine, caught.value.theirs) == (
        "服务费为{{fee_total}}（王）。",
        "服务费为{{fee_total}}（赵）。\n",
    )
    assert caught.value.editor == "赵律师"
    assert "（赵）" in row_of(loaded, name).text


def test_submitting_needs_a_note(loaded):
    name = draft(loaded, note=" ")
    with pytest.raises(Refusal, match="note"), loaded.writing() as session:
        submit(session, [name], "王律师")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("服务费为{{fee_total}。", "fees.total@client:2"),
        ("服务费为{{no_such_blank}}。", "no_such_blank"),
        ("甲方支付{{fee_total}}。", "{client} or {provider}"),
        ("见{@fees.nowhere}，{{fee_total}}。", "fees.nowhere"),
        ("", "no text"),
    ],
)
def test_a_text_with_errors_is_kept_as_a_draft_but_not_submitted(loaded, text, said):
    name = draft(loaded, text)
    with pytest.raises(BankError) as caught, loaded.writing() as session:
        submit(session, [name], "王律师")

    assert any(said in f"{f.place} {f.en}" for f in caught.value.findings)
    assert row_of(loaded, name).text.strip() == text


def test_a_text_that_changes_nothing_is_not_submitted(loaded):
    name = draft(loaded, row_of(loaded, "fees.total@client").text)
    with pytest.raises(Refusal, match="same"), loaded.writing() as session:
        submit(session, [name], "王律师")


def test_a_draft_based_on_an_older_text_is_refused_until_its_author_has_seen_the_new_one(loaded):
    first, second = draft(loaded), draft(loaded, NEW.replace("固定", "含税"))
    with loaded.writing() as session:
        submit(session, [second], "王律师")
        approve(session, [second], "李审核")
    with pytest.raises(Outdated) as caught, loaded.writing() as session:
        submit(session, [first], "王律师")
    assert (caught.value.base, caught.value.current) == (1, 3)

    with loaded.writing() as session:
        save_draft(session, first, "王律师", 1, NEW, seen=3)
        submit(session, [first], "王律师")
    with loaded.writing() as session:
        (row,) = approve(session, [first], "李审核")
        assert name_of(row) == "fees.total@client:4"
    assert text_in_force(loaded) == NEW


def test_the_history_lists_every_version_newest_first(loaded):
    approved(loaded)
    draft(loaded, NEW.replace("固定", "含税"))
    with loaded.reading() as session:
        rows = history(session, clause_series("fees.total", "client"))

    assert [(row.number, row.status, row.author) for row in rows] == [
        (3, "draft", "王律师"),
        (2, "approved", "王律师"),
        (1, "approved", "clausebank"),
    ]


def test_an_old_version_is_restored_as_a_new_draft(loaded):
    old = text_in_force(loaded)
    approved(loaded)
    with loaded.writing() as session:
        origin = find_version(session, "fees.total@client:1")
        row = start_draft(
            session, clause_series("fees.total", "client"), "王律师", origin=origin, note="恢复"
        )
        assert (row.text, row.base, row.origin) == (old, 2, "fees.total@client:1")
        submit(session, [name_of(row)], "王律师")
        approve(session, [name_of(row)], "李审核")

    assert text_in_force(loaded) == old


def test_a_variant_can_begin_from_another_stance(loaded):
    with loaded.writing() as session:
        origin = find_version(session, "term.duration@neutral:1")
        row = start_draft(session, clause_series("term.duration", "client"), "王律师", origin=origin)

        assert (name_of(row), row.text, row.base) == ("term.duration@client:1", origin.text, 0)


def test_a_new_clause_needs_a_head_and_a_neutral_text(loaded):
    series = clause_series("term.renewal", "client")
    with pytest.raises(Refusal, match="head"), loaded.writing() as session:
        start_draft(session, series, "王律师", text="续期。")
    head = {"title": {"zh": "续期", "en": "Renewal"}, "basis": [], "suggestions": {}, "notes": None}
    with loaded.writing() as session:
        one_sided = name_of(start_draft(session, series, "王律师", text="续期一年。", head=head, note="新"))
        with pytest.raises(BankError, match="中立"):
            submit(session, [one_sided], "王律师")
        neutral = clause_series("term.renewal", "neutral")
        both = [
            one_sided,
            name_of(start_draft(session, neutral, "王律师", text="续期。", head=head, note="新")),
        ]
        submit(session, both, "王律师")
        approve(session, both, "李审核")

    with loaded.reading() as session:
        clause = load_stored_bank(session).clauses["term.renewal"]
    assert set(clause.variants) == {Stance.CLIENT, Stance.NEUTRAL}
    assert clause.title.zh == "续期"


def test_a_head_takes_effect_with_the_approval(loaded):
    with loaded.writing() as session:
        origin = find_version(session, "fees.total@neutral")
        head = {**origin.clause.head, "title": {"zh": "服务费总额", "en": "Total"}}
        name = name_of(
            start_draft(
                session, clause_series("fees.total", "neutral"), "王律师", origin=origin, head=head, note="题"
            )
        )
    with loaded.reading() as session:
        assert load_stored_bank(session).clauses["fees.total"].title.zh == "服务费"
    with loaded.writing() as session:
        submit(session, [name], "王律师")
        approve(session, [name], "李审核")
    with loaded.reading() as session:
        assert load_stored_bank(session).clauses["fees.total"].title.zh == "服务费总额"


def test_a_clause_in_use_is_not_retired(loaded):
    with pytest.raises(Refusal, match="small"), loaded.writing() as session:
        retire(session, "fees.total", "王律师", "不再使用")


def test_a_one_sided_text_is_retired_and_the_neutral_one_takes_its_place(loaded):
    with loaded.writing() as session:
        retire(session, "fees.total@client", "王律师", "不再使用")
    with loaded.reading() as session:
        clause = load_stored_bank(session).clauses["fees.total"]

    assert set(clause.variants) == {Stance.NEUTRAL}
    assert row_of(loaded, "fees.total@client:1").status == "retired"


def test_a_clause_no_kind_uses_is_retired_with_its_replacement(loaded, tmp_path):
    folders = small_library(tmp_path / "more")
    (folders.clauses / "term" / "term.renewal.md").write_text(
        TERM.replace("term.duration", "term.renewal"), "utf-8"
    )
    with loaded.writing() as session:
        load_shipped(session, read_library(folders))
    for wrong in ("term.renewal", "term.nowhere"):
        with pytest.raises(Refusal, match="not in force"), loaded.writing() as session:
            retire(session, "term.renewal", "王律师", "并入", wrong)
    with loaded.writing() as session:
        retire(session, "term.renewal", "王律师", "并入", "term.duration")

    row = row_of(loaded, "term.renewal@neutral:1")
    assert (row.status, row.replacement) == ("retired", "term.duration")
    with loaded.reading() as session:
        assert "term.renewal" not in load_stored_bank(session).clauses


def test_a_discarded_draft_stays_in_the_history(loaded):
    name = draft(loaded)
    with loaded.writing() as session:
        discard(session, name, "王律师")

    assert row_of(loaded, name).status == "retired"
    with loaded.reading() as session:
        assert open_versions(session) == []


def test_templates_live_the_same_life(loaded):
    with loaded.writing() as session:
        origin = find_version(session, "template/small")
        text = origin.source.replace("小合同", "短合同")
        name = name_of(
            start_draft(session, template_series("small"), "王律师", text=text, origin=origin, note="改名")
        )
    with loaded.reading() as session:
        assert load_stored_templates(session)["small"].title.zh == "小合同"
    with loaded.writing() as session:
        submit(session, [name], "王律师")
        approve(session, [name], "李审核")
    with loaded.reading() as session:
        assert load_stored_templates(session)["small"].title.zh == "短合同"


def test_a_template_that_names_a_missing_clause_is_not_submitted(loaded):
    with loaded.writing() as session:
        text = find_version(session, "template/small").source.replace("term.duration", "term.nowhere")
        name = name_of(start_draft(session, template_series("small"), "王律师", text=text, note="改"))
    with pytest.raises(BankError, match=r"term\.nowhere"), loaded.writing() as session:
        submit(session, [name], "王律师")


def test_a_new_blank_and_the_clause_that_uses_it_are_approved_together(loaded):
    with loaded.writing() as session:
        vocabulary = text_of(find_version(session, "vocabulary"))
        more = vocabulary.replace(
            "    first_day:", "    fee_cap:\n      type: money\n      label: {zh: 上限, en: Cap}\n"
            "      example: '1.00'\n    first_day:",
        )  # fmt: skip
        old = find_version(session, "fees.total@client")
        head = {**old.clause.head, "suggestions": {**old.clause.head["suggestions"], "fee_cap": {}}}
        clause = start_draft(
            session,
            clause_series("fees.total", "client"),
            "王律师",
            text=NEW + "\n上限为{{fee_cap}}。\n",
            head=head,
            note="上限",
        )
        blank = start_draft(session, VOCABULARY, "王律师", text=more, note="上限")
        names = [name_of(clause), name_of(blank)]
        with pytest.raises(BankError, match="fee_cap"):
            submit(session, names[:1], "王律师")
        submit(session, names, "王律师")
        approve(session, names, "李审核")

    with loaded.reading() as session:
        bank = load_stored_bank(session)
    assert bank.vocabulary.blanks["fee_cap"].label.zh == "上限"
    assert "上限" in bank.clauses["fees.total"].variants[Stance.CLIENT].text


@pytest.mark.parametrize(
    "text", ["a: [", "只有文字", "topics: {}", "blanks: 3\ngroups: {}\ntopics: {}\nlaws: {}\ncompany: {}"]
)
def test_a_text_that_is_no_vocabulary_is_refused(loaded, text):
    with pytest.raises(Refusal), loaded.writing() as session:
        start_draft(session, VOCABULARY, "王律师", text=text)


@pytest.mark.parametrize(
    "name", ["", "fees.total", "fees.total@nobody", "fees.total@client:9", "template/x:1", "x"]
)
def test_an_unknown_version_is_named(loaded, name):
    with pytest.raises(UnknownName), loaded.reading() as session:
        find_version(session, name)


@pytest.mark.parametrize("actor", ["", "  ", "王\x00", "王" * 101])
def test_somebody_has_to_act(loaded, actor):
    with pytest.raises(Refusal), loaded.writing() as session:
        start_draft(session, clause_series("fees.total", "client"), actor, text=NEW)


def test_every_step_is_on_the_audit_trail(loaded):
    name = approved(loaded)
    with loaded.reading() as session:
        from clausebank.storage.audit import events

        assert [(e.action, e.actor) for e in events(session, name)] == [
            ("draft", "王律师"),
            ("submit", "王律师"),
            ("approve", "李审核"),
        ]
        assert verify(session).findings == ()


def test_a_refused_step_leaves_nothing_behind(loaded):
    good, bad = draft(loaded), draft(loaded, "服务费为{{fee_total}。", "fees.total@neutral")
    with pytest.raises(BankError), loaded.writing() as session:
        submit(session, [good, bad], "王律师")

    assert row_of(loaded, good).status == "draft"
