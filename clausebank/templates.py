"""Templates: the ordered parts, articles and slots of a kind of contract, and its attachments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from clausebank.bank.language import Marks
from clausebank.bank.model import Bilingual
from clausebank.bank.reader import parse_inlines
from clausebank.document import Stance
from clausebank.errors import BankError
from clausebank.findings import Finding, Level

INSTALLED = Path(__file__).parent / "shipped_templates"
FOLDER = INSTALLED if INSTALLED.exists() else Path(__file__).parent.parent / "templates"
REQUIRED = {
    "template": {"kind", "title", "parts"},
    "part": {"id", "title", "articles"},
    "article": {"id", "title", "clauses"},
    "slot": {"clause"},
    "attachment": {"id", "title", "requirement"},
}
OPTIONAL = {
    "template": {"shell", "labels", "suggestions", "attachments"},
    "part": {"when"},
    "article": {"when", "numbered"},
    "slot": {"when"},
    "attachment": {"when", "articles"},
}

When = Mapping[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a clause, taken when every answer named in ``when`` is one of its values."""

    clause: str
    when: When = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticleSlot:
    """An article: heading and slots; ``numbered`` is False for parties and recitals."""

    id: str
    title: Bilingual
    slots: tuple[Slot, ...]
    when: When = field(default_factory=dict)
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class PartSlot:
    """A part of the contract."""

    id: str
    title: Bilingual
    articles: tuple[ArticleSlot, ...]
    when: When = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttachmentSlot:
    """An attachment: generated when it has articles, else filed by the parties."""

    id: str
    title: Bilingual
    requirement: Marks
    articles: tuple[ArticleSlot, ...] = ()
    when: When = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of contract.

    ``suggestions`` maps a blank to raw values by stance that override those of the clauses.
    ``source`` is the YAML text, ``sha256`` the digest of that text.
    """

    kind: str
    title: Bilingual
    shell: str
    labels: str
    parts: tuple[PartSlot, ...]
    attachments: tuple[AttachmentSlot, ...]
    suggestions: Mapping[str, Mapping[Stance, object]]
    source: str
    sha256: str

    def articles(self) -> Iterator[ArticleSlot]:
        """Yield every article, those of attachments last."""
        for part in self.parts:
            yield from part.articles
        for attachment in self.attachments:
            yield from attachment.articles

    def clause_ids(self) -> tuple[str, ...]:
        """Return the ids of all clauses the template may use, in order."""
        return tuple(slot.clause for article in self.articles() for slot in article.slots)

    def conditions(self) -> Iterator[When]:
        """Yield every ``when`` that is not empty."""
        yield from (part.when for part in self.parts if part.when)
        yield from (attachment.when for attachment in self.attachments if attachment.when)
        for article in self.articles():
            yield from (when for when in (article.when, *(slot.when for slot in article.slots)) if when)


def load_templates(root: Path | None = None) -> dict[str, Template]:
    """Load every ``<kind>/template.yml`` below ``root``; raises BankError with every problem."""
    templates: dict[str, Template] = {}
    findings: list[Finding] = []
    for path in sorted((root or FOLDER).glob("*/template.yml")):
        template, problems = parse_template(path.read_text("utf-8"), f"{path.parent.name}/template.yml")
        findings += problems
        if template is not None:
            templates[template.kind] = template
    if findings:
        raise BankError(findings)
    return templates


def load_purposes(root: Path | None = None) -> dict[str, Bilingual]:
    """Load what each kind is for, one sentence by kind; no part of any contract, so of no digest."""
    path = (root or FOLDER) / "purposes.yml"
    data = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {kind: Bilingual(**said) for kind, said in data.items()}


def parse_template(source: str, place: str) -> tuple[Template | None, list[Finding]]:
    """Read a template from YAML text; None when it has problems."""
    try:
        data = yaml.load(source, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [
            _finding(f"{place}:{line}", f"不是有效的 YAML：{error.problem}", f"invalid YAML: {error.problem}")
        ]
    findings = list(_problems(data, place))
    if findings:
        return None, findings
    attachments = []
    for entry in data.get("attachments") or ():
        marks, problems = parse_inlines(entry["requirement"], f"{place} {entry['id']}")
        findings += problems
        attachments.append(
            AttachmentSlot(entry["id"], Bilingual(**entry["title"]), marks, _articles(entry), _when(entry)),
        )
    parts = [PartSlot(p["id"], Bilingual(**p["title"]), _articles(p), _when(p)) for p in data["parts"]]
    template = Template(
        kind=data["kind"],
        title=Bilingual(**data["title"]),
        shell=data.get("shell", "standard"),
        labels=data.get("labels", "client_first"),
        parts=tuple(parts),
        attachments=tuple(attachments),
        suggestions={
            name: {Stance(stance): value for stance, value in values.items()}
            for name, values in (data.get("suggestions") or {}).items()
        },
        source=source,
        sha256=hashlib.sha256(source.encode()).hexdigest(),
    )
    return template, findings


def _problems(data: object, place: str) -> Iterator[Finding]:
    """Yield what is wrong with the shape, place by place."""
    yield from _entry_problems(data, "template", place)
    if not isinstance(data, dict) or not isinstance(data.get("parts"), list):
        return
    for name, values in (data.get("suggestions") or {}).items():
        if not isinstance(values, dict) or not values.keys() <= set(Stance):
            yield _finding(place, f"{name} 的建议值按立场写", f"suggestions of {name} are given by stance")
    for kind, holders in (("part", data["parts"]), ("attachment", data.get("attachments") or [])):
        for holder in holders:
            where = f"{place} {holder.get('id') if isinstance(holder, dict) else holder}"
            yield from _entry_problems(holder, kind, where)
            for article in (holder.get("articles") or []) if isinstance(holder, dict) else []:
                yield from _article_problems(article, where)


def _article_problems(article: object, where: str) -> Iterator[Finding]:
    yield from _entry_problems(article, "article", where)
    for slot in (article.get("clauses") or []) if isinstance(article, dict) else []:
        if not isinstance(slot, str):
            yield from _entry_problems(slot, "slot", where)


def _entry_problems(entry: object, kind: str, place: str) -> Iterator[Finding]:
    if not isinstance(entry, dict):
        yield _finding(place, f"应为键和值：{entry}", f"a mapping is expected: {entry}")
        return
    for key in sorted(map(str, entry.keys() - REQUIRED[kind] - OPTIONAL[kind])):
        yield _finding(place, f"不认识的键：{key}", f"unknown key {key}")
    for key in sorted(REQUIRED[kind] - entry.keys()):
        yield _finding(place, f"缺少键：{key}", f"missing key {key}")
    title = entry.get("title")
    if "title" in entry and not (isinstance(title, dict) and title.keys() == {"zh", "en"}):
        yield _finding(place, "title 应有 zh 和 en", "title needs zh and en")
    if "requirement" in entry and not isinstance(entry["requirement"], str):
        yield _finding(place, "requirement 应为文字", "requirement is text")


def _articles(holder: Mapping[str, Any]) -> tuple[ArticleSlot, ...]:
    return tuple(
        ArticleSlot(
            article["id"],
            Bilingual(**article["title"]),
            tuple(_slot(slot) for slot in article["clauses"] or ()),
            _when(article),
            article.get("numbered", True),
        )
        for article in holder.get("articles") or ()
    )


def _slot(slot: str | Mapping[str, Any]) -> Slot:
    return Slot(slot) if isinstance(slot, str) else Slot(slot["clause"], _when(slot))


def _when(entry: Mapping[str, Any]) -> When:
    when = entry.get("when") or {}
    return {name: tuple(value) if isinstance(value, list) else (value,) for name, value in when.items()}


def _finding(place: str, zh: str, en: str) -> Finding:
    return Finding("template", Level.ERROR, zh, en, place=place)
