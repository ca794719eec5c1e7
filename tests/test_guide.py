"""The user guide: whole in both languages, its links and pictures are there, the pictures are small."""

from __future__ import annotations

import re

import pytest

from tests.projectfile import ROOT

GUIDE = ROOT / "docs" / "guide"
LINK = re.compile(r"\]\(([^)#]+)\)")
LARGEST = 120 * 1024


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_it_links_to_is_there(language):
    links = LINK.findall((GUIDE / f"{language}.md").read_text("utf-8"))
    assert len(links) > 5
    assert [link for link in links if not (GUIDE / link).exists()] == []


def test_both_languages_have_the_same_chapters_and_pictures():
    texts = [(GUIDE / f"{language}.md").read_text("utf-8") for language in ("zh", "en")]
    chapters = [re.findall(r"^#+ [\d.]*", text, re.MULTILINE) for text in texts]
    pictures = [re.findall(r"images/(\w+)\.", text) for text in texts]
    assert chapters[0] == chapters[1]
    assert pictures[0] == pictures[1]


def test_pictures_are_small_and_all_are_shown():
    shown = {
        link for name in ("zh", "en") for link in LINK.findall((GUIDE / f"{name}.md").read_text("utf-8"))
    }
    for picture in (GUIDE / "images").iterdir():
        assert f"images/{picture.name}" in shown
        assert picture.stat().st_size <= LARGEST
