"""The command line: ``clausebank COMMAND``; exit codes 0 done, 1 findings or differences, 2 refused."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

import click

from webapp.commands import lifecycle as _lifecycle  # noqa: F401 (adds its commands to clauses)
from webapp.commands.audit import audit
from webapp.commands.balance import balance
from webapp.commands.bank import bank
from webapp.commands.batches import batch, batch_form, batches
from webapp.commands.clauses import clauses
from webapp.commands.compare import compare
from webapp.commands.contracts import assemble, example, kinds, lint, verify
from webapp.commands.job import REFUSED
from webapp.commands.problems import problems_of, show_problems
from webapp.commands.register import contracts
from webapp.commands.renewals import renew
from webapp.commands.search import impact, search
from webapp.commands.server import db, serve, worker
from webapp.commands.shells import shell
from webapp.commands.storage import storage
from webapp.commands.users import team, user

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """条款库与合同生成 · Clause bank and contract assembly.

    退出码：0 完成；1 有问题或者有差异；2 输入有误。
    Exit codes: 0 done; 1 findings or differences; 2 bad input.
    """


for _command in (
    kinds,
    example,
    assemble,
    lint,
    verify,
    contracts,
    shell,
    batch_form,
    batch,
    batches,
    renew,
    balance,
    compare,
    clauses,
    bank,
    audit,
    search,
    impact,
    user,
    team,
    serve,
    worker,
    db,
    storage,
):
    cli.add_command(_command)


_OBJECTS = 300_000
"""How many new objects make the interpreter look for garbage in cycles."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code.

    Garbage in cycles is looked for rarely: nearly all that a command makes at its start stays. At the end
    it is not looked for at all: that took a quarter of the time of making one contract.
    """
    gc.set_threshold(_OBJECTS)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    code = run(list(sys.argv[1:] if arguments is None else arguments))
    gc.freeze()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run a command and return its exit code; what is refused is printed in full."""
    try:
        code = cli.main(arguments, prog_name="clausebank", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        problems = problems_of(error)
        if not problems:
            raise
        show_problems(problems, language=_language(arguments), as_json="--json" in arguments)
        return REFUSED
    return code if isinstance(code, int) else 0


def _language(arguments: list[str]) -> str:
    """Return the language asked for, also when the arguments could not be read."""
    from webapp.settings import Settings, SettingsError

    joined = " ".join(arguments).replace("--language=", "--language ")
    if "--language en" in joined or "--language zh" in joined:
        return "en" if "--language en" in joined else "zh"
    try:
        return Settings.from_environment().language
    except SettingsError:
        return "zh"


if __name__ == "__main__":
    main()
