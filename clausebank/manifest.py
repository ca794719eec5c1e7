"""The manifest: which versions and answers a contract was made of, enough to make it again.

It travels inside the Word and PDF files, so it names no stance and no answer the text does not use:
a variant is recognised by clause, version and digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from clausebank.assembly.derive import DERIVED, sources
from clausebank.assembly.select import Selection, Stances, blanks_needed, select, text_blanks
from clausebank.bank.model import Bank
from clausebank.document import Article, Document, articles
from clausebank.errors import ClauseBankError
from clausebank.memo import Memo
from clausebank.templates import Template
from clausebank.wording.values import Value

FORMAT = 1
ENGINE = "0.1.0"


class ManifestError(ClauseBankError):
    """A manifest does not have the shape it must have."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A clause version a contract holds, with the title it had."""

    id: str
    version: int
    sha256: str
    title: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A file the parties attach: the id of the attachment and the digest of the PDF."""

    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The bill of materials of a contract; ``template``, ``vocabulary`` and ``shell`` are digests.

    ``answers`` are as the schema dumps them. ``draft`` and ``emphasis`` are how the files were made.
    What is as usual is left out of the data: ``shell_name`` of the standard shell, ``converter`` where
    the PDF is laid out by ourselves, ``filed`` where no file is attached.
    """

    kind: str
    template: str
    vocabulary: str
    shell: str
    clauses: tuple[Pin, ...]
    answers: Mapping[str, Any]
    draft: bool
    emphasis: bool = True
    engine: str = ENGINE
    shell_name: str = ""
    converter: str = ""
    filed: tuple[Filed, ...] = ()

    def to_json(self) -> bytes:
        """Return canonical JSON: keys sorted, no blanks, UTF-8."""
        answers = _canonical(self.answers)
        clauses = _clauses_json((self.clauses,), (), lambda: _canonical(_pins_data(self.clauses)))
        made = {name: _canonical_part(value) for name, value in self._rest(answers).items()}
        made |= {"answers": answers, "clauses": clauses}
        return b"{%b}" % b",".join(b'"%b":%b' % (name.encode(), made[name]) for name in sorted(made))

    def to_data(self) -> dict[str, Any]:
        """Return plain data, as it is stored."""
        rest = self._rest(_canonical(self.answers))
        return {**rest, "clauses": _pins_data(self.clauses), "answers": dict(self.answers)}

    def _rest(self, answers: bytes) -> dict[str, Any]:
        """Return all but clauses and answers; ``answers`` are the latter as canonical JSON."""
        filed = [{"id": file.id, "sha256": file.sha256} for file in self.filed]
        unusual = {"shell_name": self.shell_name, "converter": self.converter, "filed": filed}
        return {
            "format": FORMAT,
            "engine": self.engine,
            "kind": self.kind,
            "template": self.template,
            "vocabulary": self.vocabulary,
            "shell": self.shell,
            "answers_sha256": hashlib.sha256(answers).hexdigest(),
            "draft": self.draft,
            "emphasis": self.emphasis,
            **{name: value for name, value in unusual.items() if value},
        }

    @classmethod
    def from_json(cls, data: bytes) -> Manifest:
        """Read a manifest; ManifestError when it is none, or of a newer format."""
        try:
            found = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ManifestError("not JSON") from error
        return cls.from_data(found)

    @classmethod
    def from_data(cls, found: Any) -> Manifest:
        """Read a manifest from plain data."""
        problems = list(_problems(found))
        if problems:
            raise ManifestError("; ".join(problems))
        names = ("kind", "template", "vocabulary", "shell", "answers", "draft", "emphasis", "engine")
        pins = tuple(Pin(pin["id"], pin["version"], pin["sha256"], pin["title"]) for pin in found["clauses"])
        filed = tuple(Filed(file["id"], file["sha256"]) for file in found.get("filed", ()))
        unusual = {name: found.get(name, "") for name in ("shell_name", "converter")}
        return cls(clauses=pins, filed=filed, **{name: found[name] for name in names}, **unusual)


_clauses_json: Memo[bytes] = Memo(1 << 7)
_clauses: Memo[tuple[Pin, ...]] = Memo(1 << 7)
_article_pins: Memo[tuple[Pin, ...]] = Memo(1 << 9)
_pins: Memo[tuple[Pin, ...]] = Memo(1 << 9)


def _pins_data(pins: Iterable[Pin]) -> list[dict[str, Any]]:
    return [{"id": pin.id, "version": pin.version, "sha256": pin.sha256, "title": pin.title} for pin in pins]


def pins_of(document: Document) -> tuple[Pin, ...]:
    """Return the clause versions a document holds, each once; for the same ones the same object."""
    held = tuple([_article_pins.of(article, _pins_of) for article in articles(document)])
    return _clauses(held, (), lambda: tuple(dict.fromkeys(chain.from_iterable(held))))


def _pins_of(article: Article) -> tuple[Pin, ...]:
    found = tuple((s.clause, s.version, s.sha256, s.title) for s in article.sections)
    return _pins((), found, lambda: tuple(Pin(*values) for values in found))


def manifest_of(
    document: Document,
    template: Template,
    bank: Bank,
    raw_answers: Mapping[str, Any],
    *,
    draft: bool,
    shell: str = "",
    emphasis: bool = True,
    shell_name: str = "",
    converter: str = "",
    filed: Iterable[Filed] = (),
) -> Manifest:
    """Return the manifest of a document assembled from these; ``shell`` is the digest of the shell."""
    return Manifest(
        kind=template.kind,
        template=template.sha256,
        vocabulary=bank.vocabulary.sha256,
        shell=shell,
        clauses=pins_of(document),
        answers=raw_answers,
        draft=draft,
        emphasis=emphasis,
        shell_name=shell_name,
        converter=converter,
        filed=tuple(filed),
    )


_disclosed: Memo[frozenset[str]] = Memo(1 << 8)


def disclosed(
    template: Template, bank: Bank, stances: Stances, answers: Mapping[str, Value]
) -> frozenset[str]:
    """Return the blanks the other side may see: those the text reaches, and what it is computed from."""
    selection = select(template, answers, bank, stances)
    needed = blanks_needed(template, bank, stances, answers)
    return _disclosed((selection, needed), (), lambda: needed | _computed_from(selection))


def _computed_from(selection: Selection) -> frozenset[str]:
    used = {name for place in selection.chosen() for name in text_blanks(place.variant.body)}
    return frozenset().union(*map(sources, used & DERIVED.keys()))


def _canonical(content: object) -> bytes:
    return _ENCODER.encode(content).encode()


def _canonical_part(content: object) -> bytes:
    return _canonical(content) if isinstance(content, list) else _canonical_word(content)


@lru_cache(maxsize=1 << 9, typed=True)
def _canonical_word(content: Hashable) -> bytes:
    return _canonical(content)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


SHAPE: Mapping[str, type] = {
    "engine": str,
    "kind": str,
    "template": str,
    "vocabulary": str,
    "shell": str,
    "clauses": list,
    "answers": dict,
    "draft": bool,
    "emphasis": bool,
}
UNUSUAL: Mapping[str, type] = {"shell_name": str, "converter": str, "filed": list}
PIN_SHAPE: Mapping[str, type] = {"id": str, "version": int, "sha256": str, "title": str}
FILED_SHAPE: Mapping[str, type] = {"id": str, "sha256": str}


def _problems(found: object) -> Iterator[str]:
    """Yield what keeps plain data from being a manifest."""
    if not isinstance(found, dict):
        yield "not an object"
        return
    if found.get("format") != FORMAT:
        yield f"format {found.get('format')} is not {FORMAT}"
    yield from (name for name, kind in SHAPE.items() if not isinstance(found.get(name), kind))
    yield from (name for name, kind in UNUSUAL.items() if not isinstance(found.get(name, kind()), kind))
    yield from _entry_problems(found, "clauses", PIN_SHAPE)
    yield from _entry_problems(found, "filed", FILED_SHAPE)


def _entry_problems(found: Mapping[str, Any], name: str, shape: Mapping[str, type]) -> Iterator[str]:
    for entry in found[name] if isinstance(found.get(name), list) else ():
        for key, kind in shape.items():
            if not (isinstance(entry, dict) and isinstance(entry.get(key), kind)):
                yield f"{name}: {key}"
