"""Reading answers a person wrote as YAML or JSON, and writing an example of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from clausebank.bank.model import Blank

MAX_BYTES = 5 * 1024 * 1024


class InputError(ValueError):
    """A file cannot be used; says why in both languages, with the line where there is one."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        self.place, self.zh, self.en = place, zh, en
        super().__init__(f"{place}: {en}")


class _Loader(yaml.SafeLoader):
    """YAML that keeps what was written: dates and decimals stay text, no key counts twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _mark(key_node, "key is not text")
            if key in seen:
                raise _mark(key_node, f"duplicate key {key}")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or event.tag is not None:
            raise _mark(event, "aliases and tags are not taken")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"(0|[1-9][0-9]{0,14})\Z"), list("0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(null|~|)\Z"), ["n", "~", ""])


def _mark(node: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def read_answers(path: str) -> dict[str, Any]:
    """Return the answers in a YAML or JSON file, ``-`` for standard input; InputError otherwise."""
    text = _text(path)
    try:
        found = yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        raise _unreadable(path, error) from error
    except RecursionError as error:
        raise InputError(path, "嵌套过深", "nested too deeply") from error
    if not isinstance(found, dict):
        raise InputError(path, "应为“名称: 值”的列表", "'name: value' lines are expected")
    return found


def read_data(path: str, limit: int) -> bytes:
    """Return a file's bytes; InputError when it cannot be read or is too large."""
    try:
        if path == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(path).open("rb") as stream:
                data = stream.read(limit + 1)
    except OSError as error:
        raise InputError(path, f"无法读取：{error.strerror}", f"cannot be read: {error.strerror}") from error
    if len(data) > limit:
        size = limit // 1024 // 1024
        raise InputError(path, f"文件超过 {size} MB", f"the file is larger than {size} MB")
    return data


def _text(path: str) -> str:
    data = read_data(path, MAX_BYTES)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path}:{line}", "不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8: save it as UTF-8"
        ) from error


def _unreadable(path: str, error: yaml.YAMLError) -> InputError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    place = f"{path}:{mark.line + 1}" if mark else path
    return InputError(place, f"不是有效的 YAML：{problem}", f"invalid YAML: {problem}")


def write_example(kind: str, answers: Mapping[str, Any], blanks: Iterable[Blank], language: str) -> str:
    """Return answers as YAML with each blank's label above it, for a person to change."""
    labels = {blank.name: _label(blank, language) for blank in blanks}
    return "".join((f"# clausebank assemble {kind} --answers FILE\n", *_entries(answers, labels)))


def _entries(answers: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    for name, value in answers.items():
        yield f"\n# {labels.get(name, name)}\n"
        yield yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=4096)


def _label(blank: Blank, language: str) -> str:
    unit = f"（{blank.unit[language]}）" if blank.unit else ""
    help_ = f"：{blank.help[language]}" if blank.help else ""
    return f"{blank.label[language]}{unit}{help_}".replace("\n", " ")
