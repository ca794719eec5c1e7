"""The real application on a real database in a temporary folder."""

import pytest

from clausebank.assembly.select import Stances
from clausebank.document import Stance
from schemas import example_answers
from schemas.forms import flatten
from tests.people import add_people, logged_in
from tests.webapp.browsing import KIND
from webapp import create_app
from webapp.workbench import questions


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("webapp")
    app = create_app({"CLAUSEBANK_HOME": folder / "home", "CLAUSEBANK_GENERATED": folder / "generated"})
    yield app
    app.extensions["workspace"].database.close()


@pytest.fixture
def client(app):
    """The administrator, logged in."""
    return logged_in(app)


@pytest.fixture
def english(app):
    """The administrator in English."""
    client = logged_in(app)
    client.set_cookie("language", "en")
    return client


@pytest.fixture
def anonymous(app):
    """Somebody who is not logged in."""
    add_people(app.extensions["workspace"].database)
    return app.test_client()


@pytest.fixture
def as_person(app):
    """A function giving a client of somebody, by login name (tests/people.py)."""
    return lambda login: logged_in(app, login)


@pytest.fixture(scope="module")
def workspace(app):
    return app.extensions["workspace"]


@pytest.fixture(scope="module")
def example_for(workspace):
    """A function giving complete valid answers for a stance, as the fields of the form."""

    def fields(stance: Stance) -> dict[str, str]:
        template, bank = workspace.templates[KIND], workspace.bank
        return flatten(example_answers(template, bank, Stances(stance)), questions(template, bank))

    return fields


@pytest.fixture(scope="module")
def example(example_for) -> dict[str, str]:
    """Complete valid answers for the neutral texts."""
    return example_for(Stance.NEUTRAL)
