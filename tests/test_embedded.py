from __future__ import annotations

import hashlib
import io
import zipfile
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebank.embedded import MAX_MEMBERS, UnreadableFile, read_manifest, text_lines
from tests.render.documents import rich_document
from tests.test_manifest import MANIFEST
from tests.workspaces import changed_word
from webapp.drafting import render_files
from webapp.workspace import shell_path

ITEM = "customXml/item1.xml"


@cache
def made_files() -> dict[str, bytes]:
    return render_files(rich_document(), MANIFEST, shell_path("standard"), {"docx", "pdf"})


@pytest.fixture
def files() -> dict[str, bytes]:
    return made_files()


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_manifest_comes_out_as_it_went_in(files, form):
    assert read_manifest(files[form]) == MANIFEST


def test_the_text_of_word_and_pdf_is_read(files):
    assert any("甲方" in line for line in text_lines(files["docx"]))
    assert any("甲方" in line for line in text_lines(files["pdf"]))


def test_a_manifest_is_found_in_whatever_part_a_word_processor_put_it(files):
    moved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as old, zipfile.ZipFile(moved, "w") as new:
        for member in old.infolist():
            new.writestr(member.filename.replace("item1.xml", "item7.xml"), old.read(member))

    assert read_manifest(moved.getvalue()) == MANIFEST


def test_a_changed_manifest_is_refused(files):
    data = changed_word(files["docx"], ITEM, "120000.00", "100000.00")
    with pytest.raises(UnreadableFile, match="was changed"):
        read_manifest(data)


def test_a_manifest_of_another_shape_is_refused(files):
    changed = MANIFEST.to_json().replace(b'"format":1', b'"format":9')
    data = changed_word(files["docx"], ITEM, digest(MANIFEST.to_json()), digest(changed))
    with pytest.raises(UnreadableFile, match="cannot be used"):
        read_manifest(changed_word(data, ITEM, '"format":1', '"format":9'))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_file_without_a_manifest_says_so(form):
    from clausebank.render.docx import render_docx
    from clausebank.render.pdf import render_pdf

    data = (
        render_pdf(rich_document()) if form == "pdf" else render_docx(rich_document(), shell_path("standard"))
    )
    with pytest.raises(UnreadableFile, match="no manifest"):
        read_manifest(data)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"PK\x03\x04", b"PK\x03\x04" + b"0" * 100, b"%PDF-1.7", b"%PDF-" + b"x" * 99]
)
def test_what_is_no_file_of_ours_is_refused(data):
    with pytest.raises(UnreadableFile):
        read_manifest(data)


def package(**parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/") + ".xml", text)
    return data.getvalue()


def test_a_package_that_unpacks_to_too_much_is_refused():
    with pytest.raises(UnreadableFile, match="too large"):
        read_manifest(package(customXml__item1=" " * (101 * 1024 * 1024)))
    with pytest.raises(UnreadableFile, match="too large"):
        read_manifest(package(**{f"part{number}": "" for number in range(MAX_MEMBERS + 1)}))


def test_entities_are_not_expanded():
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))
    text = f'<!DOCTYPE m [{laughs}]><m xmlns="urn:clausebank:manifest" sha256="0">&e8;</m>'
    with pytest.raises(UnreadableFile):
        read_manifest(package(customXml__item1=text))


DAMAGE = st.tuples(st.floats(0, 1), st.integers(0, 50), st.binary(max_size=50))


@settings(max_examples=25, deadline=None)
@given(form=st.sampled_from(["docx", "pdf"]), damages=st.lists(DAMAGE, min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_but_never_breaks(form, damages):
    whole = bytearray(made_files()[form])
    for place, length, replacement in damages:
        start = int(place * len(whole))
        whole[start : start + length] = replacement
    for read in (read_manifest, text_lines):
        with suppress(UnreadableFile):
            read(bytes(whole))
