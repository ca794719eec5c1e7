"""What is printed when a command cannot do its work: every problem at once, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

WHAT = {
    "kind": ("合同类型", "kind of contract"),
    "contract": ("合同", "contract"),
    "clause": ("条款", "clause"),
    "template": ("模板版本", "template version"),
    "vocabulary": ("词汇表版本", "vocabulary version"),
    "blank": ("空白项", "blank"),
    "batch": ("批次", "batch"),
    "topic": ("主题", "topic"),
    "shell": ("Word 模板文件", "Word shell"),
    "attachment": ("附件", "attachment"),
    "attached file": ("附入的文件", "attached file"),
    "version": ("版本", "version"),
    "user": ("用户", "user"),
    "team": ("团队", "team"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, and where: a field, an option or ``file:line``."""

    place: str
    zh: str
    en: str
    snippet: str = ""

    def line(self, language: str) -> str:
        """Return the problem as a line for a person."""
        text = self.en if language == "en" else self.zh
        first = f"{self.place}: {text}" if self.place else text
        return f"{first}\n    {self.snippet}" if self.snippet else first


def show_problems(problems: list[Problem], *, language: str, as_json: bool) -> None:
    """Print problems: lines on the error output, or JSON on the output."""
    if as_json:
        errors = [{"place": p.place, "message": {"zh": p.zh, "en": p.en}} for p in problems]
        click.echo(json.dumps({"errors": errors}, ensure_ascii=False, indent=2))
        return
    for problem in problems:
        click.echo(problem.line(language), err=True)


def problems_of(error: Exception) -> list[Problem]:
    """Return what a refusal says; an empty list for an error nobody foresaw."""
    if isinstance(error, ExceptionGroup):
        return [problem for one in error.exceptions for problem in problems_of(one)]
    if isinstance(error, click.ClickException):
        return [_usage_problem(error)]
    return _own_problems(error) or _foreign_problems(error)


def _own_problems(error: Exception) -> list[Problem]:
    from clausebank.compare.redline import RedlineError
    from clausebank.embedded import UnreadableFile
    from clausebank.errors import BankError, BilingualError, UnknownName
    from clausebank.storage.errors import NewerDatabase, Refusal
    from webapp.answers_file import InputError
    from webapp.settings import SettingsError

    match error:
        case BankError():
            return [Problem(f.place, f.zh, f.en, f.snippet) for f in error.findings]
        case InputError() | Refusal():
            return [Problem(error.place, error.zh, error.en)]
        case SettingsError():
            return [Problem(error.name, error.zh, error.en)]
        case UnreadableFile() | BilingualError():
            return [Problem("", error.zh, error.en)]
        case RedlineError():
            zh, en = "修订稿不能还原两份文本，没有写出", "the redline would not give back both texts"
            return [Problem("", f"{zh}：{error}", f"{en}: {error}")]
        case UnknownName():
            zh, en = WHAT.get(error.what, (error.what, error.what))
            return [Problem("", f"没有这个{zh}：{error.name}", f"no such {en}: {error.name}")]
        case NewerDatabase():
            zh = f"数据库由更新的版本建立（{error.revision}），请升级程序"
            return [Problem("", zh, f"{error}: upgrade the program")]
    return []


def _foreign_problems(error: Exception) -> list[Problem]:
    from marshmallow import ValidationError
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

    match error:
        case ValidationError():
            return list(_field_problems(error.messages))
        case DBAPIError() | ArgumentError() | NoSuchModuleError() | ModuleNotFoundError():
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            return [Problem("", f"无法使用数据库：{reason}", f"the database cannot be used: {reason}")]
        case OSError():
            place = str(error.filename or "")
            return [
                Problem(place, f"无法读写：{error.strerror}", f"cannot be read or written: {error.strerror}")
            ]
    return []


def _field_problems(messages: Any, path: str = "") -> Iterator[Problem]:
    """Yield the messages of a schema with their dotted field names."""
    match messages:
        case {"zh": str(zh), "en": str(en)}:
            yield Problem(path, zh, en)
        case Mapping():
            for name, below in messages.items():
                inner = "" if name == "_schema" else str(name)
                yield from _field_problems(below, ".".join(filter(None, (path, inner))))
        case list():
            for message in messages:
                yield from _field_problems(message, path)
        case _:
            yield Problem(path, str(messages), str(messages))


def _usage_problem(error: click.ClickException) -> Problem:
    """Return a wrong call in both languages."""
    message = error.format_message()
    match error:
        case click.NoSuchOption():
            zh = f"没有这个选项：{error.option_name}"
        case click.MissingParameter():
            zh = f"缺少参数：{_named(error)}"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            zh = f"{_named(error)} 应为下列之一：{'、'.join(map(str, choices))}"
        case click.BadParameter():
            zh = f"{_named(error)} 的值不能使用：{error.message}"
        case _:
            zh = f"用法有误：{message}"
    return Problem("", zh, message)


def _named(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    return error.param.get_error_hint(error.ctx or click.Context(click.Command("clausebank"))).replace(
        "'", ""
    )
