"""Loading the bank from text files, and writing clauses back as files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from clausebank.bank.model import Bank, Bilingual, Clause, Variant, Vocabulary
from clausebank.bank.reader import CLAUSE_ID, parse
from clausebank.bank.vocabulary_files import load_vocabulary
from clausebank.bank.writer import write
from clausebank.document import Stance
from clausebank.errors import BankError
from clausebank.findings import Finding, Level

LIBRARY = Path(__file__).parent / "library"
KEYS = {"id", "title", "topic", "basis", "blanks", "notes", "mandatory"}
BASIS = re.compile(r"\S+ \d+")
REQUIRED = {"id", "title", "topic"}


def load_bank(root: Path | None = None, vocabulary: Vocabulary | None = None) -> Bank:
    """Load every clause file below ``root`` (the shipped library by default).

    Raises BankError with every problem of every file; see ``checks.check_bank`` for the rest.
    """
    vocabulary = vocabulary or load_vocabulary()
    clauses: dict[str, Clause] = {}
    findings: list[Finding] = []
    folder = root or LIBRARY
    for path in sorted(folder.glob("*/*.md")):
        clause, problems = parse_clause(path.read_text("utf-8"), _shown(path))
        findings += problems
        if clause is None:
            continue
        if clause.id in clauses:
            findings.append(
                _finding(_shown(path), 1, f"条款编号重复：{clause.id}", f"duplicate id {clause.id}")
            )
        if path.stem != clause.id or path.parent.name != clause.topic:
            findings.append(
                _finding(
                    _shown(path),
                    1,
                    f"文件应为 {clause.topic}/{clause.id}.md",
                    f"the file belongs at {clause.topic}/{clause.id}.md",
                ),
            )
        clauses[clause.id] = clause
    if findings:
        raise BankError(findings)
    return make_bank(clauses, vocabulary)


def make_bank(clauses: Mapping[str, Clause], vocabulary: Vocabulary) -> Bank:
    """Return a bank whose version is the digest of its texts and vocabulary."""
    digest = hashlib.sha256(vocabulary.sha256.encode())
    for clause in sorted(clauses.values(), key=lambda clause: clause.id):
        digest.update(write_clause(clause).encode())
    return Bank(dict(clauses), vocabulary, digest.hexdigest())


def parse_clause(text: str, source: str) -> tuple[Clause | None, list[Finding]]:
    """Read one clause file; None when the front matter cannot be used."""
    text = text.replace("\r\n", "\n")
    if not text.startswith("---\n") or "\n---\n" not in text[3:]:
        return None, [
            _finding(source, 1, "文件须以“---”之间的文件头开始", "front matter between '---' expected")
        ]
    header, body = text[4:].split("\n---\n", 1)
    front, findings = _front(header, source)
    if findings:
        return None, findings
    variants, problems = _variants(body, source, header.count("\n") + 4)
    if Stance.NEUTRAL not in variants and not problems:
        problems.append(_finding(source, 1, "缺少“# neutral”文本", "the '# neutral' text is missing"))
    return _clause(front, variants, source), problems


def parse_front(header: str, source: str) -> tuple[Clause | None, list[Finding]]:
    """Read the front matter of a clause alone, without the lines around it; None when it has problems."""
    front, findings = _front(header.replace("\r\n", "\n"), source)
    return (None if findings else _clause(front, {}, source)), findings


def _front(header: str, source: str) -> tuple[Any, list[Finding]]:
    try:
        front = yaml.load(header, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        zh, en = f"文件头不是有效的 YAML：{error.problem}", f"invalid YAML: {error.problem}"
        return None, [_finding(source, line, zh, en)]
    return front, list(_front_problems(front, source))


def _front_problems(front: object, source: str) -> Iterator[Finding]:
    """Yield what is wrong with the shape of a front matter."""
    if not isinstance(front, dict):
        yield _finding(source, 1, "文件头应为键和值", "the front matter is a mapping")
        return
    for key in sorted(map(str, front.keys() - KEYS)):
        yield _finding(source, 1, f"文件头有不认识的键：{key}", f"unknown key {key}")
    for key in sorted(REQUIRED - front.keys()):
        yield _finding(source, 1, f"文件头缺少键：{key}", f"missing key {key}")
    for key in ("title", "notes"):
        if front.get(key) is not None and not _is_bilingual(front[key]):
            yield _finding(source, 1, f"{key} 应有 zh 和 en", f"{key} needs zh and en")
    if not isinstance(front.get("mandatory", False), bool):
        yield _finding(source, 1, "mandatory 应为 true 或者 false", "mandatory is true or false")
    yield from _identity_problems(front, source)
    yield from _list_problems(front, source)


def _identity_problems(front: Mapping[str, Any], source: str) -> Iterator[Finding]:
    if not isinstance(front.get("id"), str) or not isinstance(front.get("topic"), str):
        yield _finding(source, 1, "id 和 topic 应为文字", "id and topic are text")
    elif not re.fullmatch(rf"{re.escape(front['topic'])}\.{CLAUSE_ID}", front["id"]):
        yield _finding(source, 1, "id 写作“主题.名称”", "id is 'topic.name'")


def _list_problems(front: Mapping[str, Any], source: str) -> Iterator[Finding]:
    for entry in front.get("basis") or ():
        if not (isinstance(entry, str) and BASIS.fullmatch(entry)):
            yield _finding(source, 1, f"依据写作“法律名称 条号”：{entry}", f"basis is 'law article': {entry}")
    blanks = front.get("blanks") or {}
    if not isinstance(blanks, dict):
        yield _finding(source, 1, "blanks 应为键和值", "blanks is a mapping")
        return
    for name, suggested in blanks.items():
        if suggested is not None and not (isinstance(suggested, dict) and suggested.keys() <= set(Stance)):
            yield _finding(
                source, 1, f"{name} 的建议值按立场写", f"suggestions of {name} are given by stance"
            )


def _is_bilingual(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"zh", "en"}
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


def _variants(body: str, source: str, first_line: int) -> tuple[dict[Stance, Variant], list[Finding]]:
    """Split the body at its ``# stance`` lines and parse each text."""
    texts: dict[Stance, tuple[int, list[str]]] = {}
    findings: list[Finding] = []
    current: list[str] | None = None
    for number, line in enumerate(body.split("\n"), first_line):
        if line.startswith("# "):
            name = line[2:].strip()
            current = []
            if name not in set(Stance) or Stance(name) in texts:
                findings.append(
                    _finding(
                        source,
                        number,
                        f"立场应为 client、neutral、provider 各一次：{name}",
                        f"unknown or repeated stance: {name}",
                    )
                )
            else:
                texts[Stance(name)] = (number + 1, current)
        elif current is not None:
            current.append(line)
        elif line.strip():
            findings.append(
                _finding(
                    source,
                    number,
                    "文本须在“# neutral”等立场标题之后",
                    "text before the first stance heading",
                    line,
                )
            )
    variants = {}
    for stance, (line_number, lines) in texts.items():
        tree, problems = parse("\n".join(lines), source, line_number)
        findings += problems
        if not tree.blocks and not problems:
            findings.append(_finding(source, line_number, f"{stance} 没有文字", f"{stance} has no text"))
        variants[stance] = make_variant(stance, write(tree), 1)
        variants[stance] = replace(variants[stance], body=tree)
    return variants, findings


def make_variant(stance: Stance, text: str, version: int) -> Variant:
    """Return a variant of a canonical text, parsed."""
    body, _ = parse(text)
    return Variant(stance, version, hashlib.sha256(text.encode()).hexdigest(), text, body)


def _clause(front: Mapping[str, Any], variants: Mapping[Stance, Variant], source: str) -> Clause:
    notes = front.get("notes")
    return Clause(
        id=front["id"],
        topic=front["topic"],
        title=Bilingual(**front["title"]),
        basis=tuple(
            (law, int(article)) for law, article in (entry.split() for entry in front.get("basis") or ())
        ),
        suggestions={
            name: {Stance(stance): value for stance, value in (suggested or {}).items()}
            for name, suggested in (front.get("blanks") or {}).items()
        },
        notes=Bilingual(**notes) if notes else None,
        variants=variants,
        source=source,
        mandatory=front.get("mandatory", False),
    )


def write_clause(clause: Clause) -> str:
    """Return the file of a clause; ``parse_clause`` reads it back unchanged."""
    texts = (
        f"# {stance}\n\n{clause.variants[stance].text}" for stance in _ORDER if stance in clause.variants
    )
    return f"---\n{write_front(clause)}---\n\n" + "\n".join(texts)


def write_front(clause: Clause) -> str:
    """Return the front matter of a clause, without the lines around it."""
    front: dict[str, Any] = {
        "id": clause.id,
        "title": _dump(clause.title),
        "topic": clause.topic,
        "basis": [f"{law} {article}" for law, article in clause.basis],
        "blanks": {
            name: {stance.value: value for stance, value in suggested.items()} or None
            for name, suggested in clause.suggestions.items()
        },
    }
    if clause.notes:
        front["notes"] = _dump(clause.notes)
    if clause.mandatory:
        front["mandatory"] = True
    return yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=4096)


_ORDER = (Stance.NEUTRAL, Stance.CLIENT, Stance.PROVIDER)


def _dump(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _shown(path: Path) -> str:
    """Return a path as a person would name it: relative to the working folder where it is below."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _finding(source: str, line: int, zh: str, en: str, snippet: str = "") -> Finding:
    return Finding("bank", Level.ERROR, zh, en, place=f"{source}:{line}", snippet=snippet[:60])
