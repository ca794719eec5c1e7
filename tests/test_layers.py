"""Imports point one way: webapp → schemas → clausebank; storage is the outermost part of clausebank."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OUTWARD = {
    "clausebank": {"schemas", "webapp", "flask", "marshmallow", "click"},
    "schemas": {"webapp", "flask", "click", "sqlalchemy"},
    "webapp": set(),
}
STORAGE = {"clausebank.storage", "sqlalchemy", "alembic"}


def imported(path: Path) -> set[str]:
    """Return the full names of all modules a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", OUTWARD)
def test_no_package_imports_one_further_out(package):
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in imported(path)
        if name.split(".")[0] in OUTWARD[package]
    }
    assert wrong == set()


def test_the_pure_parts_do_not_know_the_storage():
    pure = [path for path in modules("clausebank") if "storage" not in path.parts]
    assert len(pure) > 20
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in pure
        for name in imported(path)
        if _is_storage(name)
    }
    assert wrong == set()


def _is_storage(name: str) -> bool:
    return any(name == outer or name.startswith(f"{outer}.") for outer in STORAGE)
