"""Workspaces with contracts that expire, on SQLite and on PostgreSQL, one each for all tests of a file.

Every test keeps its contracts under a prefix of its own, which is also in the name of the client.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from clausebank.storage.database import sqlite_url
from clausebank.storage.models import Contract
from schemas import example_answers
from tests.storage.conftest import postgres_server  # noqa: F401 (a fixture)
from webapp.drafting import draft_contract, store_contract
from webapp.settings import Settings
from webapp.workspace import Workspace, workspace

Keep = Callable[..., Contract]
PREFIXES = count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def settings(request, tmp_path_factory) -> Settings:
    folder = tmp_path_factory.mktemp("renewals")
    sqlite = request.param == "sqlite"
    url = sqlite_url(folder / "test.db") if sqlite else request.getfixturevalue("postgres_server")()
    return Settings(home=folder / "home", generated=folder / "generated", database_url=url)


@pytest.fixture(scope="module")
def place(settings):
    with workspace(settings) as opened:
        yield opened


@pytest.fixture
def prefix() -> str:
    return f"T{next(PREFIXES)}."


@pytest.fixture
def keep(place, prefix) -> Keep:
    """A function that stores a contract of a kind with some answers of its own."""
    return lambda number, kind="support-annual", **answers: keep_in(place, prefix + number, kind, **answers)


def keep_in(place: Workspace, number: str, kind: str = "support-annual", **answers: Any) -> Contract:
    """Store a contract without files; its client is called by the first part of the number."""
    template = place.template(kind)
    raw = {**example_answers(template, place.bank), "contract_number": number, **answers}
    raw["client"] = {**raw["client"], "name": f"{number.split('.', maxsplit=1)[0]} 公司"}
    return store_contract(draft_contract(template, raw, place.bank, None, ()), place)
