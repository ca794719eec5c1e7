"""Fixtures every test may use: the shipped bank and templates, and the flag that rewrites golden files."""

from __future__ import annotations

import pytest

from clausebank import load_bank, load_templates


def pytest_addoption(parser):
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden contracts anew")


@pytest.fixture(scope="session")
def shipped_bank():
    return load_bank()


@pytest.fixture(scope="session")
def shipped_templates():
    return load_templates()
