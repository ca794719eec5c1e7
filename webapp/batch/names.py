"""Names of the files of a batch: by a pattern, safe on every system, each name once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clausebank.storage.files import download_name
from webapp.answers_file import InputError
from webapp.batch.columns import Layout
from webapp.batch.reading import InputRow

PATTERN = "{number} {title}"
PLACE = re.compile(r"\{([^{}]*)\}")
STEM_BYTES = 150


def check_pattern(pattern: str, layout: Layout) -> None:
    """Refuse a pattern that names what rows do not have."""
    known = {"row", "key", "kind", "number", "title", *(column.name for column in layout.main.columns)}
    unknown = [name for name in PLACE.findall(pattern) if name not in known]
    if unknown or not PLACE.search(pattern):
        listed = "、".join(unknown) or pattern
        zh = f"文件名格式中不能使用：{listed}；可用 {{row}}、{{number}}、{{title}}、{{kind}} 和填写项，如 {{client.name}}"
        en = f"not usable in a name: {listed}; use {{row}}, {{number}}, {{title}}, {{kind}} or a field such as {{client.name}}"
        raise InputError("--name", zh, en)


def file_names(rows: Iterable[InputRow], pattern: str, layout: Layout) -> Iterator[str]:
    """Return the name of each row's files without the extension, each once."""
    return numbered(_filled(pattern, row, layout) for row in rows)


def numbered(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts as names any file system takes, numbered where one is taken."""
    taken: set[str] = set()
    for text in texts:
        stem = _stem(text)
        name, count = stem, 1
        while _same(name) in taken:
            count += 1
            name = f"{stem} ({count})"
        taken.add(_same(name))
        yield name


def _filled(pattern: str, row: InputRow, layout: Layout) -> str:
    fixed = {
        "row": row.key,
        "key": row.key,
        "kind": layout.kind,
        "number": _text(row.raw, ["contract_number"]),
        "title": layout.title.zh,
    }
    return PLACE.sub(lambda place: fixed.get(place[1]) or _text(row.raw, place[1].split(".")), pattern)


def _text(raw: Any, path: list[str]) -> str:
    for step in path:
        raw = raw.get(step) if isinstance(raw, Mapping) else None
    return "" if raw is None or isinstance(raw, Mapping | list) else str(raw)


def _stem(text: str) -> str:
    name = download_name(text, "", "x").removesuffix(".x")
    return name.encode()[:STEM_BYTES].decode(errors="ignore").strip(". ")


def _same(name: str) -> str:
    """Return what file systems that ignore case and composition tell names apart by."""
    return unicodedata.normalize("NFC", name).casefold()
