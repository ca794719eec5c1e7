"""Shells an administrator brings: taken when they are what the body needs, else refused with each reason."""

import io
import re
import zipfile

import pytest

from clausebank.render._docx.rendering import rendering_of
from clausebank.render._docx.shell import PLACEHOLDERS
from clausebank.render.docx import _values, render_docx
from clausebank.render.shell import formal_shell, standard_shell
from clausebank.render.shell_check import check_here, check_shell
from clausebank.render.text import render_text
from tests.render.documents import rich_document
from tests.render.office import squeezed
from tests.render.test_docx import shown
from tests.render.wordfile import parts

DOCUMENT, STYLES, NUMBERING = "word/document.xml", "word/styles.xml", "word/numbering.xml"


def packed(held: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(part: str, before: str, after: str) -> bytes:
    held = parts(standard_shell())
    assert before in held[part].decode()
    return packed(held | {part: held[part].decode().replace(before, after).encode()})


def reasons(data: bytes) -> str:
    checked = check_here(data)
    assert checked.data == b""
    assert all(re.search("[一-鿿]", problem.zh) and problem.en.isprintable() for problem in checked.problems)
    return "\n".join(problem.zh for problem in checked.problems)


def renamed_ids(data: bytes) -> bytes:
    """A shell as Word in Chinese saves it: the ids of the styles are others, their names are not."""
    held = {name: content.decode() for name, content in parts(data).items() if name.endswith(".xml")}
    for number, old in enumerate(re.findall(r'w:styleId="(\w+)"', held[STYLES])):
        mention = re.compile(rf'(<w:(?:pStyle|rStyle|tblStyle|basedOn|next) w:val="|w:styleId="){old}"')
        held = {name: mention.sub(rf'\g<1>a{number}"', content) for name, content in held.items()}
    return packed(parts(data) | {name: content.encode() for name, content in held.items()})


@pytest.mark.parametrize("shell", [standard_shell(), formal_shell()], ids=["standard", "formal"])
def test_the_shipped_shells_pass_in_the_process_of_their_own(shell):
    checked = check_shell(shell)
    assert checked.problems == ()
    assert checked.data.startswith(b"PK")


def test_the_allowed_placeholders_are_those_a_contract_has():
    document = rich_document()
    rendering = rendering_of(document, emphasis=True, width=8504)
    assert set(PLACEHOLDERS) == set(_values(document, rendering, draft=True, pages={}))


def test_a_restyled_shell_is_taken_and_makes_the_same_text(tmp_path):
    checked = check_here(changed(STYLES, 'w:eastAsia="宋体"', 'w:eastAsia="楷体"'))
    assert checked.problems == ()
    path = tmp_path / "restyled.docx"
    path.write_bytes(checked.data)
    made = render_docx(rich_document(), path)
    assert shown(made) == squeezed(render_text(rich_document()))
    assert "楷体" in parts(made)[STYLES].decode()


def test_styles_are_known_by_name_whatever_ids_an_office_program_gave_them(tmp_path):
    checked = check_here(renamed_ids(standard_shell()))
    assert checked.problems == ()
    path = tmp_path / "renamed.docx"
    path.write_bytes(checked.data)
    assert shown(render_docx(rich_document(), path)) == squeezed(render_text(rich_document()))


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("{{ number_line.label }}", "{{ secret }}", "不认识的占位符 secret"),
        ("{{ number_line.label }}", "{{ title", "语法错误"),
        ("{{ number_line.label }}", "{{ title.__class__.__mro__ }}", "试填合同失败"),
        ("{{ number_line.label }}", "{{ title.nothing }}", "试填合同失败"),
        ("{{p body }}", "正文", "现有 0 处"),
        ("{{ number_line.label }}", "{{ title }}{{p body }}", "现有 2 处"),
    ],
)
def test_placeholders_that_cannot_be_filled_are_named(before, after, reason):
    assert reason in reasons(changed(DOCUMENT, before, after))


def test_a_placeholder_that_eats_memory_ends_its_own_process_only():
    checked = check_shell(changed(DOCUMENT, "{{ number_line.label }}", "{{ 'a' * 10**10 }}"))
    assert [problem.zh[:2] for problem in checked.problems] == ["检查"]


def test_every_missing_style_and_changed_number_is_named_at_once():
    held = parts(standard_shell())
    held[STYLES] = held[STYLES].replace(
        '"Clause"><w:name w:val="款"'.encode(), '"Other"><w:name w:val="别的"'.encode()
    )
    held[NUMBERING] = held[NUMBERING].replace('w:val="附件%1"'.encode(), b'w:val="Annex %1"')
    found = reasons(packed(held))
    assert "缺少样式“款”" in found
    assert "样式“附件标题”的多级编号应为“附件%1”" in found


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("../evil.xml", b"<a/>", "部件名不安全"),
        ("/evil.xml", b"<a/>", "部件名不安全"),
        ("WORD/document.xml", b"<a/>", "部件重复"),
        ("word/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "文档类型声明"),
        ("word/zeros.bin", bytes(30_000_000), "压缩比异常"),
        ("word/broken.xml", b"<a>", "不是有效的 XML"),
    ],
)
def test_packages_built_to_do_harm_are_refused(name, content, reason):
    assert reason in reasons(packed(parts(standard_shell()) | {name: content}))


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        ('Type="x/image" TargetMode="External" Target="http://127.0.0.1/a.png"', "引用了外部内容"),
        ('Type="x/attachedTemplate" Target="a.dotm"', "外部模板"),
        ('Type="x/vbaProject" Target="vbaProject.bin"', "含有宏"),
    ],
)
def test_macros_and_content_from_outside_are_refused(relation, reason):
    link = f'<Relationship Id="rIdX" {relation}/></Relationships>'
    assert reason in reasons(changed("word/_rels/document.xml.rels", "</Relationships>", link))


def test_a_part_that_is_missing_is_named():
    held = parts(standard_shell())
    del held[NUMBERING]
    assert "缺少部件：word/numbering.xml" in reasons(packed(held))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04nonsense"])
def test_what_is_no_word_file_is_refused(data):
    assert "不是 Word" in reasons(data)
