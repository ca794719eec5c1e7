"""The Word redline: both texts in one file, every difference a tracked change, proved from the file."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator

from clausebank import render_docx
from clausebank.compare import compare
from clausebank.compare._redline.resolve import resolve
from clausebank.compare.comparison import Status
from clausebank.compare.redline import RedlineError, _prove, redline
from clausebank.document import Document, Paragraph, Text, sections
from tests.compare.mutations import mutated
from tests.compare.pairs import ONE, PAIRS, contract
from tests.render.documents import NASTY, plain_document, rich_document
from tests.render.office import needs_office
from tests.render.test_docx import numbers
from tests.render.wordfile import W, lines, parts, text_of, value, xml

SHELL = Path(__file__).parents[2] / "templates" / "_shells" / "standard.docx"
AUTHOR, DATE = "王律师 <甲&乙>", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
REVISIONS = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")
GONE = {True: {f"{W}del", f"{W}moveFrom"}, False: {f"{W}ins", f"{W}moveTo"}}
SOME = PAIRS[::7]


def made(old: Document, new: Document, **options) -> bytes:
    return redline(old, new, SHELL, author=AUTHOR, date=DATE, **options)


def resolved(data: bytes, *, accept: bool) -> bytes:
    """The file after accepting or rejecting everything in every part."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as package:
        for name, part in parts(data).items():
            text = re.fullmatch(r"word/(document|header\d|footer\d)\.xml", name)
            package.writestr(
                name, etree.tostring(resolve(etree.fromstring(part), accept=accept)) if text else part
            )
    return result.getvalue()


def shown(data: bytes) -> list[tuple[str, str, str]]:
    return [(line.style, line.label, line.text) for line in lines(data)]


def left(data: bytes, *, accept: bool) -> str:
    """The text left after accepting or rejecting, read without the product: what is not in what goes."""
    text = []
    for node in xml(data).iter(f"{W}t", f"{W}delText", f"{W}br"):
        above = [a.tag for a in node.iterancestors()]
        rows = [r.find(f"{W}trPr") for r in node.iterancestors(f"{W}tr")]
        marks = {mark.tag for row in rows if row is not None for mark in row}
        if not GONE[accept] & {*above, *marks}:
            text.append("\n" if node.tag == f"{W}br" else node.text or "")
    return "".join(text)


def whole(data: bytes) -> str:
    return "".join(text_of(p) for p in xml(data).iter(f"{W}p"))


@pytest.mark.parametrize(("old", "new"), SOME, ids=str)
def test_accepting_all_gives_the_new_contract_and_rejecting_all_the_old(old, new):
    one, other = contract(*old), contract(*new)
    data = made(one, other)
    for document, accept in ((one, False), (other, True)):
        original = render_docx(document, SHELL)
        assert left(data, accept=accept) == whole(original)
        assert shown(resolved(data, accept=accept)) == shown(original)


@pytest.mark.parametrize(("old", "new"), SOME[:3], ids=str)
def test_list_labels_after_accepting_or_rejecting_are_the_numbers_of_the_contract(old, new):
    data = made(contract(*old), contract(*new))
    for document, accept in ((contract(*old), False), (contract(*new), True)):
        expected = [n for part in document.parts for n in (part.number, *numbers(part.articles))]
        expected += [n for a in document.attachments for n in (a.number, *numbers(a.articles))]
        labels = [label for _, label, _ in shown(resolved(data, accept=accept)) if label]
        assert labels == [number for number in expected if number]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9))
def test_it_carries_any_change_of_a_rich_contract(seed):
    random = Random(seed)
    old, new = mutated(rich_document(), random), mutated(rich_document(), random)
    data = made(old, new)
    for document, accept in ((old, False), (new, True)):
        original = render_docx(document, SHELL)
        assert left(data, accept=accept) == whole(original)
        assert shown(resolved(data, accept=accept)) == shown(original)


@pytest.mark.parametrize("seed", range(4))
def test_the_open_xml_rules_find_nothing(seed, tmp_path):
    random = Random(seed)
    path = tmp_path / "redline.docx"
    path.write_bytes(made(mutated(rich_document(), random), mutated(rich_document(), random)))
    assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []


@pytest.mark.parametrize(("old", "new"), [PAIRS[0], PAIRS[-1]], ids=str)
def test_the_open_xml_rules_find_nothing_in_shipped_contracts(old, new, tmp_path):
    path = tmp_path / "redline.docx"
    path.write_bytes(made(contract(*old), contract(*new)))
    assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []


# --- how changes are tracked ---------------------------------------------------------------------


def test_every_change_has_its_author_and_date_and_its_own_id():
    data = made(contract(ONE), contract(ONE, "client"))
    found = [node for kind in REVISIONS for node in xml(data).iter(f"{W}{kind}")]
    marks = [*found, *xml(data).iter(f"{W}bookmarkStart")]
    assert len(found) > 200
    assert {node.get(f"{W}author") for node in found} == {AUTHOR}
    assert {node.get(f"{W}date") for node in found} == {"2026-03-01T09:30:00Z"}
    assert len({node.get(f"{W}id") for node in marks}) == len(marks)


def test_a_date_of_another_zone_is_told_in_universal_time():
    east = DATE.astimezone(timezone(timedelta(hours=8)))
    assert redline(plain_document(), rich_document(), SHELL, author=AUTHOR, date=east) == made(
        plain_document(), rich_document()
    )


def test_equal_contracts_make_a_file_without_changes():
    document = contract(ONE)
    assert parts(made(document, document)) == parts(render_docx(document, SHELL))


def test_the_same_arguments_give_the_same_bytes():
    assert made(contract(ONE), contract(ONE, "client")) == made(contract(ONE), contract(ONE, "client"))


def with_clauses(*names: str) -> Document:
    """The rich contract with the clauses of its last part's first article in another order."""
    document = rich_document()
    part = document.parts[0]
    article = part.articles[-1]
    by_name = {
        name: replace(
            article.sections[0],
            clause=name,
            blocks=tuple(
                Paragraph(
                    f"{article.number}.{i}", f"{name}/{i}", (Text(f"{name}的第{i}款约定了双方的权利义务。"),)
                )
                for i in (1, 2)
            ),
        )
        for name in ("fees.one", "fees.two", "fees.three")
    }
    changed = replace(article, sections=tuple(by_name[name] for name in names))
    return replace(
        document, parts=(replace(part, articles=(*part.articles[:-1], changed)), *document.parts[1:])
    )


def test_a_moved_clause_is_tracked_as_one_move():
    data = made(
        with_clauses("fees.one", "fees.two", "fees.three"), with_clauses("fees.two", "fees.three", "fees.one")
    )
    root = xml(data)
    names = Counter(
        node.get(f"{W}name") for kind in ("moveFrom", "moveTo") for node in root.iter(f"{W}{kind}RangeStart")
    )
    assert names == {"move1": 2}
    for kind in ("moveFrom", "moveTo"):
        (start,), (end,) = root.iter(f"{W}{kind}RangeStart"), root.iter(f"{W}{kind}RangeEnd")
        assert start.get(f"{W}id") == end.get(f"{W}id")
        texts = ["".join(node.itertext()) for node in root.iter(f"{W}{kind}") if len(node)]
        assert texts == ["fees.one的第1款约定了双方的权利义务。", "fees.one的第2款约定了双方的权利义务。"]
    assert not list(root.iter(f"{W}ins", f"{W}del"))


def test_a_row_that_came_is_a_tracked_row():
    old = rich_document()
    new = mutate_table(old, lambda rows: (*rows, rows[0]))
    rows = [row for row in xml(made(old, new)).iter(f"{W}tr") if row.find(f"{W}trPr/{W}ins") is not None]
    assert len(rows) == 1
    back = [row for row in xml(made(new, old)).iter(f"{W}tr") if row.find(f"{W}trPr/{W}del") is not None]
    assert len(back) == 1


def mutate_table(document: Document, change) -> Document:
    """Change the rows of the first table with a header."""
    done = []

    def of(block):
        if not done and getattr(block, "header", ()):
            done.append(block)
            return replace(block, rows=change(block.rows))
        return block

    parts_ = tuple(
        replace(
            part,
            articles=tuple(
                replace(a, sections=tuple(replace(s, blocks=tuple(map(of, s.blocks))) for s in a.sections))
                for a in part.articles
            ),
        )
        for part in document.parts
    )
    assert done
    return replace(document, parts=parts_)


def test_a_number_that_follows_an_insertion_is_not_marked_and_its_references_stay_live():
    old, new = contract(ONE), contract(ONE, "client")
    comparison = compare(old, new)
    assert comparison.counts[Status.RENUMBERED] > 0
    root = xml(made(old, new))
    gone = [node.text.split()[1] for node in root.iter(f"{W}delInstrText")]
    stay = [node.text.split()[1] for node in root.iter(f"{W}instrText")]
    marks = {node.get(f"{W}name") for node in root.iter(f"{W}bookmarkStart")}
    assert {target for target in [*gone, *stay] if target.startswith("_Ref")} <= marks
    results = [
        node
        for node in root.iter(f"{W}del")
        if node.getprevious() is not None and _separates(node.getprevious())
    ]
    assert results


def _separates(run) -> bool:
    mark = run.find(f"{W}fldChar")
    return mark is not None and mark.get(f"{W}fldCharType") == "separate"


def test_emphasis_alone_is_tracked_as_a_change_of_format():
    old = rich_document()
    new = replace(
        old, parts=tuple(replace(p, articles=tuple(map(_all_conspicuous, p.articles))) for p in old.parts)
    )
    root = xml(made(old, new))
    assert list(root.iter(f"{W}rPrChange"))
    assert not list(root.iter(f"{W}ins", f"{W}del"))


def _all_conspicuous(article):
    return replace(
        article,
        sections=tuple(
            replace(
                s,
                blocks=tuple(
                    replace(b, conspicuous=True) if isinstance(b, Paragraph) else b for b in s.blocks
                ),
            )
            for s in article.sections
        ),
    )


def test_content_controls_name_a_version_only_where_both_texts_have_it():
    old, new = contract(ONE), contract(ONE, "client")
    pinned = {s.clause: f"{s.clause}@{s.version}#{s.sha256[:12]}" for s in sections(old)}
    after = {s.clause: f"{s.clause}@{s.version}#{s.sha256[:12]}" for s in sections(new)}
    tags = [value(node) for node in xml(made(old, new)).iter(f"{W}tag")]
    assert len(tags) > 50
    assert any("@" not in tag for tag in tags)
    for tag in tags:
        clause = tag.partition("@")[0]
        assert tag == (after[clause] if pinned[clause] == after[clause] else clause)


def test_the_header_is_redlined_too():
    old = contract(ONE)
    data = made(old, contract(ONE, "neutral", "number"))
    header = next(
        name
        for name in parts(data)
        if name.startswith("word/header") and b"CRM-2027-0099" in parts(data)[name]
    )
    assert [node.text for node in xml(data, header).iter(f"{W}delText")] == ["CRM-2026-0001"]


def test_hostile_text_goes_through_literally():
    old = plain_document()
    section = old.parts[0].articles[1].sections[0]
    paragraph = Paragraph("1.1", f"{section.clause}/9", (Text(NASTY),))
    article = replace(old.parts[0].articles[1], sections=(replace(section, blocks=(paragraph,)),))
    new = replace(old, parts=(replace(old.parts[0], articles=(old.parts[0].articles[0], article)),))
    assert NASTY in left(made(old, new), accept=True)


# --- the proof -----------------------------------------------------------------------------------


def swapped(old: str, new: str, data: bytes) -> bytes:
    """Turn the first revision of one kind into another."""
    before, _, after = data.partition(f"<w:{old} ".encode())
    return before + f"<w:{new} ".encode() + after.replace(f"</w:{old}>".encode(), f"</w:{new}>".encode(), 1)


HARMS = {
    "an insertion that became a deletion": lambda data: swapped("ins", "moveFrom", data),
    "a deletion that became an insertion": lambda data: swapped("del", "moveTo", data),
    "a word changed without a mark": lambda data: data.replace("个工作日".encode(), "个自然日".encode(), 1),
    "a paragraph that became an item": lambda data: data.replace(b'w:val="Clause"', b'w:val="Item"', 1),
    "a reference to another place": lambda data: data.replace(b" REF _Ref", b" REF _Reff", 1),
    "a row without its mark": lambda data: re.sub(
        rb"(<w:cantSplit/>)<w:(ins|del) [^>]*/>", rb"\1", data, count=1
    ),
    "a paragraph without its mark": lambda data: re.sub(
        rb"<w:rPr><w:(ins|del) [^>]*/></w:rPr>", b"", data, count=1
    ),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_redline_that_would_not_give_back_both_texts_is_not_handed_out(harm):
    old, new = contract(ONE), contract(ONE, "client")
    name = "word/document.xml"
    files = made(old, new), render_docx(old, SHELL), render_docx(new, SHELL)
    data, one, other = (parts(file)[name] for file in files)
    harmed = HARMS[harm](data)
    assert harmed != data
    with pytest.raises(RedlineError, match=r"not the (old|new) text"):
        _prove(name, harmed, one, other)


@pytest.mark.parametrize("author", ["", "  ", "a\nb", "a\x00"])
def test_an_author_has_a_name_on_one_line(author):
    with pytest.raises(ValueError, match="author"):
        redline(plain_document(), rich_document(), SHELL, author=author, date=DATE)


@needs_office
def test_libreoffice_opens_it_and_lists_the_changes(tmp_path):
    random = Random(7)
    old, new = mutated(rich_document(), random), mutated(rich_document(), random)
    path = tmp_path / "redline.docx"
    path.write_bytes(made(old, new))
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
            *("--convert-to", "fodt", "--outdir", str(tmp_path), str(path)),
        ],
        check=True,
        timeout=180,
        capture_output=True,
    )
    root = etree.parse(tmp_path / "redline.fodt").getroot()
    text, office = (root.nsmap[name] for name in ("text", "office"))
    regions = list(root.iter(f"{{{text}}}changed-region"))
    kinds = {child.tag.rpartition("}")[2] for region in regions for child in region}
    creators = {node.text for region in regions for node in region.iter(f"{{{root.nsmap['dc']}}}creator")}
    assert len(regions) > 10
    assert {"insertion", "deletion"} <= kinds
    assert creators == {AUTHOR}
    assert office


def test_the_public_name_is_the_function_though_the_package_is_called_alike():
    code = "import clausebank; from clausebank.compare.redline import redline; print(callable(clausebank.compare))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout == "True\n"


def test_a_shell_somebody_restyled_in_word_is_redlined_too(tmp_path):
    shell = tmp_path / "own.docx"
    with zipfile.ZipFile(shell, "w") as package:
        for name, part in parts(SHELL.read_bytes()).items():
            if name == "word/document.xml":
                text = part.decode().replace("<w:r><w:t ", "<w:r><w:rPr><w:b/></w:rPr><w:t ")
                mark = '<w:bookmarkStart w:id="90" w:name="cover"/><w:bookmarkEnd w:id="90"/>'
                part = text.replace("<w:body>", f"<w:body>{mark}").encode()  # noqa: PLW2901
            package.writestr(name, part)
    old = rich_document()
    line = replace(old.cover.lines[0], value=(Text("另一家公司"),))
    new = replace(old, title="服务合同", cover=replace(old.cover, lines=(line, *old.cover.lines[1:])))
    data = redline(old, new, shell, author=AUTHOR, date=DATE)
    for document, accept in ((old, False), (new, True)):
        assert shown(resolved(data, accept=accept)) == shown(render_docx(document, shell))
    assert "cover" in {node.get(f"{W}name") for node in xml(data).iter(f"{W}bookmarkStart")}
