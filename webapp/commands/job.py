"""What every command shares: the language, output for people or machines, and the settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from clausebank.bank.model import Bilingual
    from clausebank.findings import Finding
    from webapp.settings import Settings

OK, FOUND, REFUSED = 0, 1, 2
STANCES = ("client", "neutral", "provider")
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass
class Job:
    """One call of a command."""

    language: str = ""
    as_json: bool = False

    def settings(self) -> Settings:
        """Return the settings of the environment."""
        from webapp.settings import Settings

        return Settings.from_environment()

    def words(self, zh: str, en: str) -> str:
        """Return the wording in the chosen language."""
        return en if self.language == "en" else zh

    def text(self, both: Bilingual) -> str:
        """Return a bilingual text in the chosen language."""
        return both[self.language]

    def say(self, zh: str, en: str) -> None:
        """Print a line for a person; machines get the data alone."""
        if not self.as_json:
            click.echo(self.words(zh, en))

    def data(self, content: object) -> None:
        """Print the result for a machine."""
        if self.as_json:
            click.echo(json.dumps(content, ensure_ascii=False, indent=2))

    def findings(self, findings: Iterable[Finding]) -> None:
        """Print findings as ``place: level: message``, with the text they quote."""
        for finding in findings:
            if not self.as_json:
                click.echo("\n".join(finding_lines(finding, self.language)))


def shared(command: _Command) -> _Command:
    """Give a command ``--json``, ``--language`` and its Job as first argument."""
    for option in (
        click.option(
            "--json",
            "as_json",
            is_flag=True,
            expose_value=False,
            callback=_set_json,
            help="输出 JSON · Print JSON.",
        ),
        click.option(
            "--language",
            type=click.Choice(["zh", "en"]),
            envvar="CLAUSEBANK_LANGUAGE",
            default="zh",
            expose_value=False,
            callback=_set_language,
            help="语言 · Language of what is printed.",
        ),
    ):
        command = option(command)
    return click.make_pass_decorator(Job, ensure=True)(command)  # type: ignore[return-value]


def _set_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001
    context.ensure_object(Job).as_json = value


def _set_language(context: click.Context, _parameter: click.Parameter, value: str) -> None:
    context.ensure_object(Job).language = value


def finding_lines(finding: Finding, language: str) -> list[str]:
    """Return a finding as ``place: level: message [rule]`` and the text it quotes."""
    levels = {"error": "错误", "warning": "警告", "info": "提示"}
    level = finding.level.value if language == "en" else levels[finding.level.value]
    parts = [part for part in (finding.place or finding.clause, level) if part]
    lines = [f"{': '.join(parts)}: {finding.message(language)} [{finding.rule}]"]
    return [*lines, f"    {finding.snippet}"] if finding.snippet else lines


def finding_data(finding: Finding) -> dict[str, object]:
    """Return a finding for a machine."""
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "message": {"zh": finding.zh, "en": finding.en},
        "place": finding.place,
        "clause": finding.clause,
        "blank": finding.blank,
        "snippet": finding.snippet,
        "basis": finding.basis,
    }
