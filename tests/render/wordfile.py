"""Reading a Word file the way Word does, as far as the tests need: text with computed list labels.

The labels come from numbering.xml alone, by the rules of the standard: counters belong to a list
(w:abstractNum) and are shared by its instances, a deeper level starts again after a higher one,
an instance may override the format of a level, and isLgl shows every number of a label in digits.
"""

import io
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "零一二三四五六七八九"


@dataclass
class Line:
    """A paragraph: its style, its computed label, its text, the bookmarks in it."""

    style: str
    label: str
    text: str
    bookmarks: list[str]


@dataclass
class Level:
    digits: str
    label: str
    legal: bool
    start: int


@dataclass
class Numbering:
    """Lists by instance, and the level each style is linked to."""

    lists: dict[str, str]
    levels: dict[str, dict[int, Level]]
    counters: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, instance: str, depth: int) -> str:
        counter = self.counters[self.lists[instance]]
        levels = self.levels[instance]
        for deeper in [level for level in counter if level > depth]:
            del counter[deeper]
        counter[depth] = counter.get(depth, levels[depth].start - 1) + 1
        level = levels[depth]

        def shown(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            number = counter.get(index, levels[index].start)
            return str(number) if level.legal else written(number, levels[index].digits)

        return re.sub(r"%(\d)", shown, level.label)


def written(number: int, digits: str) -> str:
    """Return a number in one of the formats our lists use."""
    if digits == "decimal":
        return str(number)
    if digits == "decimalEnclosedCircle":
        return chr(ord("①") + number - 1)
    assert digits == "chineseCountingThousand"
    assert number < 100
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones else "")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xml(data: bytes, name: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(parts(data)[name])


def value(element: etree._Element | None, default: str = "") -> str:
    return default if element is None else element.get(f"{W}val")


def numbering(data: bytes) -> Numbering:
    root = xml(data, "word/numbering.xml")
    abstract = {
        number.get(f"{W}abstractNumId"): {
            int(lvl.get(f"{W}ilvl")): level(lvl) for lvl in number.findall(f"{W}lvl")
        }
        for number in root.findall(f"{W}abstractNum")
    }
    lists, levels = {}, {}
    for instance in root.findall(f"{W}num"):
        name = instance.get(f"{W}numId")
        lists[name] = value(instance.find(f"{W}abstractNumId"))
        override = {
            int(change.get(f"{W}ilvl")): level(change.find(f"{W}lvl"))
            for change in instance.findall(f"{W}lvlOverride")
        }
        levels[name] = abstract[lists[name]] | override
    return Numbering(lists, levels)


def level(element: etree._Element) -> Level:
    return Level(
        value(element.find(f"{W}numFmt")),
        value(element.find(f"{W}lvlText")),
        element.find(f"{W}isLgl") is not None,
        int(value(element.find(f"{W}start"), "1")),
    )


def style_lists(data: bytes) -> dict[str, tuple[str, int]]:
    """Map each numbered style to its list instance and level, inherited where it has none of its own."""
    styles = {style.get(f"{W}styleId"): style for style in xml(data, "word/styles.xml").findall(f"{W}style")}

    def found(name: str) -> tuple[str, int] | None:
        style = styles.get(name)
        if style is None:
            return None
        instance = style.find(f"{W}pPr/{W}numPr/{W}numId")
        if instance is not None:
            depth = int(value(style.find(f"{W}pPr/{W}numPr/{W}ilvl"), "0"))
            return None if value(instance) == "0" else (value(instance), depth)
        return found(value(style.find(f"{W}basedOn")))

    return {name: place for name in styles if (place := found(name))}


def text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph as shown: field results, not their instructions."""
    shown = paragraph.iter(f"{W}t", f"{W}br")
    return "".join("\n" if node.tag == f"{W}br" else node.text or "" for node in shown)


def lines(data: bytes) -> list[Line]:
    """Return every paragraph of the body in reading order, labels computed."""
    lists, places = numbering(data), style_lists(data)
    result = []
    for paragraph in xml(data).iter(f"{W}p"):
        style = value(paragraph.find(f"{W}pPr/{W}pStyle"))
        label = lists.label(*places[style]) if style in places else ""
        names = [mark.get(f"{W}name") for mark in paragraph.iter(f"{W}bookmarkStart")]
        result.append(Line(style, label, text_of(paragraph), names))
    return result


def instructions(data: bytes, name: str = "word/document.xml") -> list[str]:
    return [node.text.strip() for node in xml(data, name).iter(f"{W}instrText")]
