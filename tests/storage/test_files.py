from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebank.storage.files import download_name, write_file


def names_below(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_replaced_as_a_whole(tmp_path):
    write_file(tmp_path / "a" / "b.txt", b"old")
    write_file(tmp_path / "a" / "b.txt", b"new")

    assert (tmp_path / "a" / "b.txt").read_bytes() == b"new"
    assert names_below(tmp_path) == ["a/b.txt"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    write_file(tmp_path / "b.txt", b"old")
    with pytest.raises(TypeError):
        write_file(tmp_path / "b.txt", "not bytes")

    assert (tmp_path / "b.txt").read_bytes() == b"old"
    assert names_below(tmp_path) == ["b.txt"]


@pytest.mark.parametrize(
    ("number", "title", "expected"),
    [
        ("CRM-2026-0001", "外包服务合同", "CRM-2026-0001 外包服务合同.docx"),
        ("A/B\\C:1", '合同"终稿"', "A B C 1 合同 终稿.docx"),
        ("../../etc", "合同", "etc 合同.docx"),
        ("1\r\nX: y", "合同", "1 X y 合同.docx"),
        ("\u202efdp.", "合同", "fdp. 合同.docx"),
        ("😀", "合同", "😀 合同.docx"),
        ("..", "..", "contract.docx"),
    ],
)
def test_download_names_are_what_any_file_system_takes(number, title, expected):
    assert download_name(number, title, "docx") == expected


@given(st.text(max_size=300), st.text(max_size=300))
def test_every_download_name_can_be_a_file(number, title):
    number, title = (text.encode(errors="ignore").decode() for text in (number, title))
    name = download_name(number, title, "docx")

    assert len(os.fsencode(name)) <= 200
    assert not set(name) & set('/\\:*?"<>|\x00\n\r')
    assert name == name.strip()
    assert name.endswith(".docx")
    assert not name.startswith(".")
