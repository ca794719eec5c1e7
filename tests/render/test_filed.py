"""Attached files in the PDF: behind the sheet of their attachment, numbered on, the tag tree whole."""

import io
import re

import pikepdf
import pytest

from clausebank.document import Document
from clausebank.render.pdf import layout_pdf
from clausebank.uploads import Limits, read_upload
from tests.pdfs import pdf_file, with_stamp
from tests.render.documents import rich_document
from tests.render.pdf_reading import bookmarks, links, pages, run, squeezed

WORDS = ("FirstPage", "SecondPage", "ThirdPage")


def laid_out(document: Document, data: bytes, **how):
    (place,) = [attachment.id for attachment in document.attachments if not attachment.articles]
    return layout_pdf(document, filed={place: read_upload(data, Limits())}, manifest=b"{}", **how)


@pytest.fixture(name="filed", scope="module")
def _filed():
    return laid_out(rich_document(), pdf_file(*WORDS))


@pytest.fixture(name="path", scope="module")
def _path(filed, tmp_path_factory):
    path = tmp_path_factory.mktemp("filed") / "filed.pdf"
    path.write_bytes(filed.data)
    return path


def tags(data: bytes) -> list[str]:
    """The kinds of all elements of the tag tree, depth first."""
    found = []

    def walk(node) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(str(node.S))
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(io.BytesIO(data)) as pdf:
        walk(pdf.Root.StructTreeRoot.K)
    return found


def test_its_pages_follow_the_sheet_of_the_attachment_in_order(path):
    texts = [squeezed(page) for page in pages(path)]
    at = next(n for n, page in enumerate(texts) if "本附件要求：" in page)
    assert [next(word for word in WORDS if word in page) for page in texts[at + 1 : at + 4]] == list(WORDS)
    assert "附件二" in texts[at + 4]


def test_every_page_is_numbered_on_in_the_footer(path):
    _cover, *rest = [squeezed(page) for page in pages(path)]
    for number, page in enumerate(rest, 1):
        assert f"第{number}页共{len(rest)}页" in page


def test_the_contents_and_bookmarks_count_the_attached_pages(filed):
    bare = layout_pdf(rich_document())
    moved = {anchor for anchor in bare.pages if filed.pages[anchor] == bare.pages[anchor] + 3}
    assert {"attachment:dpa", "attachment:sla", "end"} <= moved
    assert filed.pages["attachment:service-plan"] == bare.pages["attachment:service-plan"]
    titles = bookmarks(filed.data)
    assert titles[titles.index("附件一　服务方案") + 1] == "所附文件"
    assert len(links(filed.data)) == len(links(bare.data))


def test_the_tag_tree_of_the_contract_is_whole_and_each_page_is_a_described_figure(filed):
    bare, whole = tags(layout_pdf(rich_document()).data), tags(filed.data)
    assert whole.count("/Figure") == len(WORDS)
    assert {kind: whole.count(kind) for kind in ("/P", "/Table", "/L", "/LI", "/TR")} == {
        kind: bare.count(kind) for kind in ("/P", "/Table", "/L", "/LI", "/TR")
    }
    assert "附件一《服务方案》所附文件第2页，共3页".encode("utf-16-be") in raw_strings(filed.data)


def raw_strings(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [
            bytes(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
    return b"".join(found)


def test_readers_find_no_fault_and_the_manifest_is_still_attached(path):
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)
    assert "manifest.json" in run("pdfdetach", "-list", path)
    assert re.search(r"Tagged:\s+yes", run("pdfinfo", path))


def test_it_no_longer_claims_the_archive_level(filed):
    with pikepdf.open(io.BytesIO(layout_pdf(rich_document()).data)) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
    with pikepdf.open(io.BytesIO(filed.data)) as pdf, pdf.open_metadata() as metadata:
        assert "pdfaid:part" not in metadata
        assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize("look", ["standard", "formal"])
@pytest.mark.parametrize(
    ("size", "turned"),
    [((595, 842), 0), ((842, 595), 0), ((595, 842), 90), ((1684, 2384), 0), ((200, 100), 0)],
)
def test_a_page_of_any_size_lies_between_header_and_footer(tmp_path, look, size, turned):
    path = tmp_path / "sized.pdf"
    path.write_bytes(laid_out(rich_document(), pdf_file("Corner", size=size, turned=turned), look=look).data)
    number = next(n for n, page in enumerate(pages(path), 1) if "Corner" in page)
    box = run("pdftotext", "-bbox", "-f", str(number), "-l", str(number), path, "-")
    left, top, right, bottom = map(
        float, re.search(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">Corner', box).groups()
    )
    assert 30 < left < right < 565
    assert 70 < top < bottom < 780


def test_stamps_and_filled_fields_are_part_of_the_page(tmp_path):
    path = tmp_path / "stamped.pdf"
    path.write_bytes(laid_out(rich_document(), with_stamp(pdf_file("Below"), "Sealed")).data)
    assert "Sealed" in run("pdftotext", path, "-")


def test_the_same_input_makes_the_same_bytes(filed):
    assert laid_out(rich_document(), pdf_file(*WORDS)).data == filed.data
