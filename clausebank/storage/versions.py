"""Versions by name: ``fees.total@client:3``, ``template/crm-outsourcing:2``, ``vocabulary:4``.

A series is all versions of one thing; its name is that of a version without the number.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from clausebank.bank.reader import parse
from clausebank.bank.vocabulary_files import vocabulary_json
from clausebank.bank.writer import write
from clausebank.document import Stance
from clausebank.errors import UnknownName
from clausebank.storage.errors import Refusal
from clausebank.storage.models import ClauseVersion, ShellVersion, Status, TemplateVersion, VocabularyVersion

Version = ClauseVersion | TemplateVersion | VocabularyVersion | ShellVersion
NAME = re.compile(
    r"(?P<clause>[a-z0-9._-]+)@(?P<stance>[a-z]+)(:(?P<of_clause>\d{1,9}))?"
    r"|template/(?P<kind>[a-z0-9-]+)(:(?P<of_template>\d{1,9}))?"
    r"|vocabulary(:(?P<of_vocabulary>\d{1,9}))?"
    r"|shell/(?P<shell>[a-z][a-z0-9-]{0,39})(:(?P<of_shell>\d{1,9}))?"
)
VOCABULARY_KEYS = {"blanks", "groups", "topics", "laws", "company"}
DIGEST = re.compile(r"[0-9a-f]{64}")
OPEN = (Status.DRAFT, Status.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Series:
    """All versions of a clause for one stance, of a template, of the vocabulary, or of a Word shell."""

    table: type[ClauseVersion | TemplateVersion | VocabularyVersion | ShellVersion]
    clause: str = ""
    stance: str = ""
    kind: str = ""
    shell: str = ""

    def __str__(self) -> str:
        """Return the name of the series."""
        if self.clause:
            return f"{self.clause}@{self.stance}"
        if self.shell:
            return f"shell/{self.shell}"
        return f"template/{self.kind}" if self.kind else "vocabulary"

    def keys(self) -> dict[str, str]:
        """Return the columns all versions of the series share."""
        if self.clause:
            return {"clause_id": self.clause, "stance": self.stance}
        if self.shell:
            return {"name": self.shell}
        return {"kind": self.kind} if self.kind else {}

    def rows(self) -> ColumnElement[bool]:
        """Return the condition that selects the versions of the series."""
        table = self.table
        return and_(table.number > 0, *(getattr(table, name) == value for name, value in self.keys().items()))


VOCABULARY = Series(VocabularyVersion)


def clause_series(clause_id: str, stance: str) -> Series:
    """Return the versions of a clause for one stance."""
    return Series(ClauseVersion, clause=clause_id, stance=stance)


def template_series(kind: str) -> Series:
    """Return the versions of a kind's template."""
    return Series(TemplateVersion, kind=kind)


def shell_series(name: str) -> Series:
    """Return the versions of a Word shell."""
    return Series(ShellVersion, shell=name)


def series_of(row: Version) -> Series:
    """Return the series a version belongs to."""
    match row:
        case ClauseVersion():
            return clause_series(row.clause_id, row.stance)
        case TemplateVersion():
            return template_series(row.kind)
        case ShellVersion():
            return shell_series(row.name)
    return VOCABULARY


def name_of(row: Version) -> str:
    """Return the name of a version."""
    return f"{series_of(row)}:{row.number}"


def parse_name(name: str) -> tuple[Series, int | None]:
    """Return the series and number a name says; UnknownName when it is no name."""
    match = NAME.fullmatch(name)
    if match is None or (match["stance"] and match["stance"] not in set(Stance)):
        raise UnknownName("version", name)
    number = match["of_clause"] or match["of_template"] or match["of_vocabulary"] or match["of_shell"]
    if match["clause"]:
        series = clause_series(match["clause"], match["stance"])
    elif match["shell"]:
        series = shell_series(match["shell"])
    else:
        series = template_series(match["kind"]) if match["kind"] else VOCABULARY
    return series, int(number) if number else None


def find_version(session: Session, name: str, *, locked: bool = False) -> Version:
    """Return a version by its name, the newest approved one without a number."""
    series, number = parse_name(name)
    if number is None:
        row = newest_approved(session, series)
    else:
        found = select_versions(series).where(series.table.number == number)
        row = session.scalar(found.with_for_update() if locked else found)
    if row is None:
        raise UnknownName("version", name)
    return row


def select_versions(series: Series) -> Select[Version]:
    """Return the query for the versions of a series."""
    return cast("Select[Version]", select(series.table).where(series.rows()))


def newest_approved(session: Session, series: Series) -> Version | None:
    """Return the version of a series that is in force."""
    table = series.table
    approved = select_versions(series).where(table.status == Status.APPROVED.value)
    return session.scalar(approved.order_by(table.number.desc()).limit(1))


def history(session: Session, series: Series) -> list[Version]:
    """Return all versions of a series, newest first; UnknownName when there is none."""
    rows = list(session.scalars(select_versions(series).order_by(series.table.number.desc())))
    if not rows:
        raise UnknownName("version", str(series))
    return rows


def clause_history(session: Session, clause_id: str) -> list[ClauseVersion]:
    """Return all versions of all texts of a clause, newest first."""
    version = ClauseVersion
    rows = select(version).where(version.clause_id == clause_id, version.number > 0)
    return list(session.scalars(rows.order_by(version.created_at.desc(), version.id.desc())))


def open_versions(session: Session) -> list[Version]:
    """Return every draft and every version under review, of texts and of Word shells, oldest first."""
    rows: list[Version] = []
    for table in (ClauseVersion, TemplateVersion, VocabularyVersion, ShellVersion):
        rows += session.scalars(select(table).where(table.status.in_([s.value for s in OPEN])))
    return sorted(rows, key=lambda row: (row.created_at, name_of(row)))


def make_version(session: Session, series: Series, text: str, **facts: Any) -> Version:
    """Add a draft to a series under the next number."""
    numbers = session.scalars(select(series.table.number).where(series.rows())).all()
    current = newest_approved(session, series)
    row = series.table(
        **series.keys(),
        number=max(numbers, default=0) + 1,
        status=Status.DRAFT.value,
        base=current.number if current else 0,
        **facts,
    )
    write_text(row, text)
    session.add(row)
    return row


def text_of(row: Version) -> str:
    """Return what an author edits: a clause text, a template file, the vocabulary as one YAML file.

    Of a Word shell it is the digest of the file.
    """
    match row:
        case ClauseVersion():
            return row.text
        case TemplateVersion():
            return row.source
        case ShellVersion():
            return row.sha256
    return vocabulary_text(row.content)


def vocabulary_text(content: Mapping[str, Any]) -> str:
    """Return the vocabulary as one YAML file."""
    return yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=4096)


def write_text(row: Version, text: str) -> None:
    """Put an author's text into a draft, in its canonical form where it can be read."""
    match row:
        case ClauseVersion():
            row.text = canonical(text)
            row.sha256 = sha256(row.text)
        case TemplateVersion():
            row.source = text.replace("\r\n", "\n")
            row.sha256 = sha256(row.source)
        case ShellVersion():
            row.sha256 = _digest(row, text)
        case VocabularyVersion():
            row.content = json.loads(vocabulary_json(_content(text)))
            row.sha256 = sha256(vocabulary_json(row.content))


def _digest(row: ShellVersion, text: str) -> str:
    """Return the digest of a file; Refusal for a text, which no shell is made of."""
    if not DIGEST.fullmatch(text):
        zh = "Word 模板文件不是文字：请加入改好的文件"
        raise Refusal(f"shell/{row.name}", zh, "a Word shell is no text: add the changed file instead")
    return text


def canonical(text: str) -> str:
    """Return a clause text as the bank writes it; one with faults as it was typed."""
    tree, problems = parse(text.replace("\r\n", "\n"))
    return text.replace("\r\n", "\n") if problems else write(tree)


def sha256(text: str) -> str:
    """Return the digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _content(text: str) -> dict[str, Any]:
    """Return the vocabulary an author wrote; Refusal when it is none at all."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise Refusal("vocabulary", f"不是有效的 YAML：{reason}", f"invalid YAML: {reason}") from error
    if not isinstance(content, dict) or not content.keys() >= VOCABULARY_KEYS:
        wanted = ", ".join(sorted(VOCABULARY_KEYS))
        raise Refusal("vocabulary", f"应有这些键：{wanted}", f"these keys are needed: {wanted}")
    for key, below in (*content.items(), *_groups(content)):
        if not isinstance(below, dict):
            raise Refusal(f"vocabulary: {key}", "应为键和值", "a mapping is expected")
    return content


def _groups(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    blanks = content["blanks"]
    yield from (
        ((f"blanks.{name}", below) for name, below in blanks.items()) if isinstance(blanks, dict) else ()
    )
