"""Attached PDF files: what is taken, and what is refused with which reason."""

import pytest

from clausebank.uploads import Limits, RefusedFile, read_upload
from tests.pdfs import encrypted, pdf_file

LIMITS = Limits(megabytes=1, pages=3)


def refused(data: bytes) -> RefusedFile:
    with pytest.raises(RefusedFile) as caught:
        read_upload(data, LIMITS)
    return caught.value


def test_it_measures_pages_as_they_are_shown():
    assert read_upload(pdf_file("a", "b"), LIMITS).sizes == ((595, 842), (595, 842))
    assert read_upload(pdf_file("a", turned=90), LIMITS).sizes == ((842, 595),)


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_file_is_refused_even_when_it_opens_without_a_password(user):
    assert "加密" in refused(encrypted(pdf_file("a"), user)).zh


def test_a_damaged_file_is_refused():
    whole = pdf_file("a")
    for data in (whole[: len(whole) // 2], whole.replace(b"startxref", b"startxxxx"), b"%PDF-1.7\n"):
        assert "损坏" in refused(data).zh


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>"])
def test_what_is_no_pdf_is_refused(data):
    assert "不是 PDF" in refused(data).zh


def test_a_huge_file_is_refused():
    assert "1 MB" in refused(b"%PDF-" + bytes(1024 * 1024)).zh
    assert "4 页" in refused(pdf_file(*"abcd")).zh
    assert "过大或者过小" in refused(pdf_file("a", size=(15000, 100))).zh
    assert "过大或者过小" in refused(pdf_file("a", size=(20, 100))).zh


def test_a_file_without_pages_is_refused():
    assert "0 页" in refused(pdf_file()).zh
