"""A kind with its layout and schema, and its form filled once."""

from __future__ import annotations

import pytest

from schemas import answers_schema
from tests.batch.forms import Form
from webapp.batch.columns import layout_of
from webapp.batch.form import write_form

KIND = "crm-outsourcing"


@pytest.fixture(scope="session")
def layout(shipped_bank, shipped_templates):
    return layout_of(shipped_templates[KIND], shipped_bank)


@pytest.fixture(scope="session")
def schema(shipped_bank, shipped_templates):
    return answers_schema(shipped_templates[KIND], shipped_bank)


@pytest.fixture(scope="session")
def empty_form(layout) -> bytes:
    return write_form(layout)


@pytest.fixture
def form(empty_form) -> Form:
    return Form(empty_form)
