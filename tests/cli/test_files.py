"""Shells, attached files and the engine of the PDF on the command line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from clausebank.render.shell import standard_shell
from tests.pdfs import encrypted, pdf_file
from tests.render.office import needs_office
from tests.workspaces import changed_word

KIND, PLACE = "complaints-crm", "business-licences"


@pytest.fixture(name="answers")
def _answers(cli, tmp_path):
    path = tmp_path / "answers.yml"
    path.write_text(cli("example", KIND).out, "utf-8")
    return path


@pytest.fixture(name="licence")
def _licence(tmp_path):
    path = tmp_path / "licence.pdf"
    path.write_bytes(pdf_file("Licence", "Second"))
    return path


@pytest.fixture(name="house")
def _house(tmp_path):
    path = tmp_path / "house.docx"
    path.write_bytes(
        changed_word(standard_shell(), "word/styles.xml", 'w:eastAsia="宋体"', 'w:eastAsia="楷体"')
    )
    return path


def assembled(cli, answers, *more, formats="docx,pdf"):
    done = cli("assemble", KIND, "--answers", answers, "--out", "out", "--formats", formats, "--json", *more)
    assert done.code == 0, done.out
    return done.json()


def paths(found) -> list[str]:
    return [file["path"] for file in found["files"]]


def rules(found) -> list[str]:
    return [finding["rule"] for finding in found["findings"]]


# --- attached files --------------------------------------------------------------------------------


def test_an_attached_file_is_in_the_pdf_and_in_the_list_and_can_be_verified(cli, answers, licence):
    found = assembled(cli, answers, "--attach", f"{PLACE}={licence}", formats="docx,pdf,txt")

    assert "FIL-01" not in rules(found)
    docx, pdf, text = paths(found)
    assert "双方确认后附入" not in Path(text).read_text("utf-8")
    words = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert "Licence" in words
    assert "Second" in words
    assert [cli("verify", file).code for file in (docx, pdf)] == [0, 0]
    assert [cli("lint", file).code for file in (docx, pdf)] == [0, 0]


def test_without_the_file_there_is_a_warning_and_the_contract_all_the_same(cli, answers):
    found = assembled(cli, answers, formats="txt")

    assert rules(found) == ["FIL-01"]
    assert found["state"] == "final"
    assert "双方确认后附入" in Path(paths(found)[0]).read_text("utf-8")


def test_a_file_that_is_kept_nowhere_cannot_be_verified_and_says_so(
    cli, answers, licence, tmp_path, monkeypatch
):
    pdf = paths(assembled(cli, answers, "--attach", f"{PLACE}={licence}", formats="pdf"))[0]
    monkeypatch.setenv("CLAUSEBANK_GENERATED", str(tmp_path / "elsewhere"))
    done = cli("verify", pdf)

    assert done.code == 2
    assert "附入的文件" in done.err


def test_a_page_exchanged_in_the_store_is_found(cli, answers, licence, tmp_path):
    pdf = paths(assembled(cli, answers, "--attach", f"{PLACE}={licence}", formats="pdf"))[0]
    (kept,) = (tmp_path / "generated" / "contracts" / "attached").glob("*.pdf")
    kept.write_bytes(pdf_file("Changed", "Second"))
    done = cli("verify", pdf)

    assert done.code == 2
    assert "文件已损坏" in done.err


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("nowhere={}", "没有这个附件：nowhere"),
        (f"{PLACE}=missing.pdf", "无法读取"),
        (PLACE, "--attach"),
    ],
)
def test_files_that_belong_nowhere_are_refused(cli, answers, licence, tmp_path, entry, reason):
    done = cli("assemble", KIND, "--answers", answers, "--out", "out", "--attach", entry.format(licence))

    assert done.code == 2
    assert reason in done.err
    assert not (tmp_path / "out").exists()


def test_a_generated_attachment_takes_no_file(cli, licence, tmp_path):
    path = tmp_path / "answers.yml"
    path.write_text(cli("example", "crm-outsourcing").out, "utf-8")
    done = cli("assemble", "crm-outsourcing", "--answers", path, "--attach", f"{generated_id()}={licence}")

    assert done.code == 2
    assert "由系统生成" in done.err


def generated_id() -> str:
    from clausebank import load_templates

    return next(a.id for a in load_templates()["crm-outsourcing"].attachments if a.articles and not a.when)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(encrypted(pdf_file("a"), "x"), "加密"), (b"%PDF-1.7 no", "损坏"), (b"no", "不是 PDF")],
)
def test_files_that_cannot_be_read_are_refused_with_the_option_named(cli, answers, tmp_path, data, reason):
    file = tmp_path / "bad.pdf"
    file.write_bytes(data)
    done = cli("assemble", KIND, "--answers", answers, "--attach", f"{PLACE}={file}")

    assert done.code == 2
    assert done.err.startswith("--attach")
    assert reason in done.err


def test_the_limits_of_attached_files_are_settings(cli, answers, licence, monkeypatch):
    monkeypatch.setenv("CLAUSEBANK_ATTACHED_PAGES", "1")
    done = cli("assemble", KIND, "--answers", answers, "--attach", f"{PLACE}={licence}")
    monkeypatch.setenv("CLAUSEBANK_ATTACHED_PAGES", "none")
    wrong = cli("kinds")

    assert "应为 1 至 1 页" in done.err
    assert (wrong.code, "CLAUSEBANK_ATTACHED_PAGES" in wrong.err) == (2, True)


# --- shells ----------------------------------------------------------------------------------------


def test_the_formal_shell_makes_other_files_that_verify(cli, answers):
    standard = [Path(path).read_bytes() for path in paths(assembled(cli, answers))]
    formal = paths(assembled(cli, answers, "--shell", "formal"))

    assert all(Path(path).read_bytes() != before for path, before in zip(formal, standard, strict=True))
    assert [cli("verify", path).code for path in formal] == [0, 0]


APPROVED = ("--note", "本单位的样式", "--by", "李行政", "--reviewer", "王律师")


def test_an_approved_shell_can_be_used_and_replaced_and_old_files_still_verify(cli, answers, house, tmp_path):
    assert cli("shell", "check", house).out == "可以使用。\n"
    assert cli("shell", "add", house, "house", *APPROVED).code == 0
    assert [row["name"] for row in cli("shell", "list", "--json").json()] == ["standard", "formal", "house"]
    docx = paths(assembled(cli, answers, "--shell", "house", formats="docx"))[0]
    old = tmp_path / "old.docx"
    old.write_bytes(Path(docx).read_bytes())

    newer = tmp_path / "newer.docx"
    newer.write_bytes(
        changed_word(house.read_bytes(), "word/styles.xml", 'w:eastAsia="楷体"', 'w:eastAsia="仿宋"')
    )
    assert cli("shell", "add", newer, "house", *APPROVED).code == 0
    docx = paths(assembled(cli, answers, "--shell", "house", formats="docx"))[0]

    assert Path(docx).read_bytes() != old.read_bytes()
    assert [cli("verify", file).code for file in (old, docx)] == [0, 0]


def test_a_shell_with_problems_is_not_added_and_every_problem_is_told(cli, tmp_path):
    bad = tmp_path / "bad.docx"
    held = changed_word(standard_shell(), "word/document.xml", "{{ number_line.label }}", "{{ secret }}")
    bad.write_bytes(
        changed_word(held, "word/styles.xml", '"Clause"><w:name w:val="款"', '"Other"><w:name w:val="另"')
    )
    checked, added = cli("shell", "check", bad), cli("shell", "add", bad, "bad", *APPROVED)

    assert checked.code == 1
    assert "secret" in checked.out
    assert "缺少样式“款”" in checked.out
    assert added.code == 2
    assert "bad" not in [row["name"] for row in cli("shell", "list", "--json").json()]


@pytest.mark.parametrize("name", ["formal", "../up", "Upper", "", "a" * 41])
def test_names_that_cannot_be_used_are_refused(cli, house, name):
    done = cli("shell", "add", house, name, *APPROVED)
    assert (done.code, "名称" in done.err) == (2, True)


def test_a_shell_goes_through_draft_and_review_before_it_can_be_chosen(cli, house):
    assert (
        cli("shell", "add", house, "ours", "--note", "改了封面", "--by", "李行政").out
        == "shell/ours:1\tdraft\n"
    )
    assert "ours" not in [row["name"] for row in cli("shell", "list", "--json").json()]
    assert cli("shell", "submit", "ours:1", "--by", "李行政").code == 0
    own = cli("shell", "approve", "ours:1", "--by", "李行政")
    assert (own.code, "不能审核自己" in own.err) == (2, True)
    assert cli("shell", "return", "ours:1", "--comment", "页脚太小", "--by", "王律师").code == 0
    assert cli("shell", "submit", "ours:1", "--by", "李行政").code == 0
    assert cli("shell", "approve", "ours:1", "--by", "王律师").out == "shell/ours:1\tapproved\n"
    assert "ours" in [row["name"] for row in cli("shell", "list", "--json").json()]
    (row,) = cli("shell", "history", "ours", "--json").json()
    assert (row["author"], row["reviewer"], row["note"]) == ("李行政", "王律师", "改了封面")


def test_a_retired_shell_cannot_be_chosen_but_its_contracts_verify(cli, answers, house):
    cli("shell", "add", house, "old-look", *APPROVED)
    docx = paths(assembled(cli, answers, "--shell", "old-look", formats="docx"))[0]
    assert cli("shell", "retire", "old-look", "--note", "换了样式", "--by", "王律师").code == 0

    assert cli("assemble", KIND, "--answers", answers, "--shell", "old-look").code == 2
    assert cli("verify", docx).code == 0


def test_a_shell_is_no_text(cli, house):
    cli("shell", "add", house, "plain", *APPROVED)
    done = cli("clauses", "draft", "shell/plain", "--text", house)
    assert done.code == 2


def test_shells_kept_as_files_by_earlier_releases_become_versions(cli, answers, house, tmp_path, monkeypatch):
    data = house.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    folder = tmp_path / "home" / "shells"
    folder.mkdir(parents=True)
    (folder / f"{digest}.docx").write_bytes(data)
    (folder / "kept.name").write_text(digest, "ascii")
    monkeypatch.setenv("CLAUSEBANK_HOME", str(tmp_path / "home"))

    assert {"name": "kept", "sha256": digest} in cli("shell", "list", "--json").json()
    assert [row["name"] for row in cli("shell", "history", "--json").json()] == ["shell/kept:1"]
    assert cli("storage", "check").code == 0


def test_an_unknown_shell_is_refused(cli, answers):
    done = cli("assemble", KIND, "--answers", answers, "--shell", "../../etc/passwd")

    assert (done.code, "没有这个Word 模板文件" in done.err) == (2, True)


# --- LibreOffice -----------------------------------------------------------------------------------


@needs_office
def test_libreoffice_makes_a_pdf_that_verifies(cli, answers):
    pdf = paths(assembled(cli, answers, "--engine", "libreoffice", formats="pdf"))[0]

    assert "LibreOffice" in str(PdfReader(pdf).metadata.producer)
    assert cli("verify", pdf).code == 0


def test_without_libreoffice_the_command_says_so(cli, answers, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    done = cli("assemble", KIND, "--answers", answers, "--engine", "libreoffice", "--formats", "pdf")

    assert (done.code, "libreoffice-writer-nogui" in done.err) == (2, True)


def test_libreoffice_takes_no_attached_files(cli, answers, licence):
    done = cli(
        "assemble", KIND, "--answers", answers, "--engine", "libreoffice", "--attach", f"{PLACE}={licence}"
    )

    assert (done.code, "自带的排版引擎" in done.err) == (2, True)


# --- characters no font has ------------------------------------------------------------------------


def test_a_character_no_font_has_is_told_with_its_blank(cli, answers):
    held = yaml.safe_load(answers.read_text("utf-8"))
    held["client"]["name"] = "上海\U0002a6d6贸易有限公司"
    answers.write_text(yaml.safe_dump(held, allow_unicode=True), "utf-8")
    found = assembled(cli, answers, formats="txt")

    assert [f["blank"] for f in found["findings"] if f["rule"] == "FIL-02"] == ["client.name"]
