"""Loading the vocabulary: groups, topics, laws and blanks, each a YAML file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from clausebank.bank.model import Alike, Bilingual, Blank, BlankType, Choice, Law, Term, Vocabulary
from clausebank.errors import BankError
from clausebank.findings import Finding, Level

VOCABULARY = Path(__file__).parent / "vocabulary"
FILES = ("groups", "topics", "laws", "company", "terms", "duplicates")
TERM_KEYS = {"instead", "allowed"}
BLANK_KEYS = {
    "type", "label", "help", "unit", "min", "max", "example", "optional", "derived", "multiline",
    "choices", "fields",
}  # fmt: skip


def load_vocabulary(root: Path | None = None) -> Vocabulary:
    """Load the vocabulary files; raises BankError with every problem."""
    content, findings = read_vocabulary(root or VOCABULARY)
    if not findings:
        findings = list(vocabulary_problems(content))
    if findings:
        raise BankError(findings)
    return make_vocabulary(content)


def read_vocabulary(root: Path) -> tuple[dict[str, Any], list[Finding]]:
    """Read the files into plain data: each of ``FILES``, and blanks by group."""
    content: dict[str, Any] = {"blanks": {}}
    findings: list[Finding] = []
    paths = {name: root / f"{name}.yml" for name in FILES}
    for name, path in paths.items():
        content[name] = _read(path, findings)
    for group in content["groups"]:
        content["blanks"][group] = _read(root / "blanks" / f"{group}.yml", findings)
    stray = {path.stem for path in (root / "blanks").glob("*.yml")} - content["groups"].keys()
    findings += [
        _finding(f"blanks/{name}.yml", "组未在 groups.yml 声明", "group not declared")
        for name in sorted(stray)
    ]
    return content, findings


def _read(path: Path, findings: list[Finding]) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        findings.append(
            _finding(f"{path}:{line}", f"不是有效的 YAML：{error.problem}", f"invalid YAML: {error.problem}")
        )
        return {}
    if content is not None and not isinstance(content, dict):
        findings.append(_finding(f"{path}:1", "应为键和值", "a mapping is expected"))
        return {}
    return content or {}


def vocabulary_problems(content: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the declarations."""
    for kind in ("groups", "topics"):
        for name, label in content[kind].items():
            if not _is_bilingual(label):
                yield _finding(f"{kind}.yml: {name}", "应有 zh 和 en", "zh and en are needed")
    seen: dict[str, str] = {}
    for group, blanks in content["blanks"].items():
        for name, data in blanks.items():
            place = f"blanks/{group}.yml: {name}"
            if name in seen:
                yield _finding(place, f"已在 {seen[name]} 声明", f"already declared in {seen[name]}")
            seen[name] = group
            yield from _blank_problems(place, data)
    for name, data in content["company"].items():
        yield from _blank_problems(f"company.yml: {name}", data)
    yield from _word_problems(content)


def _word_problems(content: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the list of terms and the reasons for near-duplicates."""
    for name, data in content["terms"].items():
        if not (isinstance(data, dict) and data.keys() <= TERM_KEYS and all(map(_is_words, data.values()))):
            yield _finding(f"terms.yml: {name}", "应有 instead 和 allowed 词表", "lists of words are needed")
    for name, reason in content["duplicates"].items():
        if len(set(str(name).split())) != 2 or not _is_bilingual(reason):  # noqa: PLR2004
            yield _finding(
                f"duplicates.yml: {name}", "写作“条款 条款: {zh, en}”", "write 'clause clause: {zh, en}'"
            )


def _blank_problems(place: str, data: object) -> Iterator[Finding]:
    if not isinstance(data, dict):
        yield _finding(place, "应为键和值", "a mapping is expected")
        return
    for key in sorted(map(str, data.keys() - BLANK_KEYS)):
        yield _finding(place, f"不认识的键：{key}", f"unknown key {key}")
    if data.get("type") not in set(BlankType):
        yield _finding(place, f"没有这个类型：{data.get('type')}", f"unknown type {data.get('type')}")
    for key in ("label", "help", "unit"):
        if (key == "label" or data.get(key) is not None) and not _is_bilingual(data.get(key)):
            yield _finding(place, f"{key} 应有 zh 和 en", f"{key} needs zh and en")
    if "example" not in data and not data.get("derived"):
        yield _finding(place, "缺少 example", "example is missing")
    if (data.get("type") == "choice") != bool(data.get("choices")):
        yield _finding(place, "选项类型须有 choices", "a choice needs choices")
    if (data.get("type") == "list") != bool(data.get("fields")):
        yield _finding(place, "列表类型须有 fields", "a list needs fields")
    for name, column in (data.get("fields") or {}).items():
        yield from _blank_problems(f"{place}.{name}", column)


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word for word in value)


def _is_bilingual(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"zh", "en"}
        and all(map(str.strip, map(str, value.values())))
    )


def make_vocabulary(content: Mapping[str, Any]) -> Vocabulary:
    """Build the vocabulary from plain data; its digest is that of the canonical JSON."""
    blanks = {
        name: _blank(name, group, data)
        for group, named in content["blanks"].items()
        for name, data in named.items()
    }
    return Vocabulary(
        blanks=blanks,
        groups={name: Bilingual(**label) for name, label in content["groups"].items()},
        topics={name: Bilingual(**label) for name, label in content["topics"].items()},
        laws={name: _law(name, data) for name, data in content["laws"].items()},
        company=tuple(_blank(name, "", data) for name, data in content["company"].items()),
        sha256=hashlib.sha256(vocabulary_json(content).encode()).hexdigest(),
        terms=tuple(
            Term(str(name), tuple(data.get("instead", ())), tuple(data.get("allowed", ())))
            for name, data in content.get("terms", {}).items()
        ),
        alike=tuple(
            Alike(frozenset(pair.split()), Bilingual(**reason))
            for pair, reason in content.get("duplicates", {}).items()
        ),
    )


def vocabulary_json(content: Mapping[str, Any]) -> str:
    """Return the canonical JSON of the plain data, order of groups and blanks kept."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)


def _blank(name: str, group: str, data: Mapping[str, Any]) -> Blank:
    def text(key: str) -> str | None:
        return None if data.get(key) is None else str(data[key])

    def bilingual(key: str) -> Bilingual | None:
        return Bilingual(str(data[key]["zh"]), str(data[key]["en"])) if data.get(key) else None

    label = data["label"]
    return Blank(
        name=name,
        type=BlankType(data["type"]),
        label=Bilingual(str(label["zh"]), str(label["en"])),
        group=group,
        example=data.get("example"),
        help=bilingual("help"),
        unit=bilingual("unit"),
        minimum=text("min"),
        maximum=text("max"),
        optional=bool(data.get("optional")),
        derived=bool(data.get("derived")),
        multiline=bool(data.get("multiline")),
        choices=tuple(_choice(str(key), option) for key, option in (data.get("choices") or {}).items()),
        fields=tuple(_blank(column, group, field) for column, field in (data.get("fields") or {}).items()),
    )


def _choice(key: str, option: Mapping[str, Any]) -> Choice:
    label = Bilingual(str(option["zh"]), str(option["en"]))
    return Choice(key, label, str(option.get("text", label.zh)))


def _law(name: str, data: Mapping[str, Any]) -> Law:
    def day(key: str) -> date | None:
        return date.fromisoformat(str(data[key])) if data.get(key) else None

    return Law(
        name=name,
        title=str(data.get("title", name)),
        last_article=int(data.get("last_article", 0)),
        effective_from=day("effective_from") or date.min,
        effective_to=day("effective_to"),
        version=str(data.get("version", "")),
        replaced_by=str(data.get("replaced_by", "")),
    )


def _finding(place: str, zh: str, en: str) -> Finding:
    return Finding("vocabulary", Level.ERROR, zh, en, place=place)
