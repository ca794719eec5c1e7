"""Error pages in both languages, and that a fault tells nothing of the inside."""

import pytest
from flask import abort

from tests.people import logged_in
from webapp import create_app
from webapp.access import public


@pytest.mark.parametrize(
    ("path", "status", "zh", "en"),
    [
        ("/nowhere", 404, "没有这个页面", "There is no such page"),
        ("/language/fr", 404, "没有这个页面", "no such page"),
    ],
)
def test_error_pages_speak_the_language_of_the_visitor(client, english, path, status, zh, en):
    for visitor, words in ((client, zh), (english, en)):
        answer = visitor.get(path)
        assert answer.status_code == status
        assert words in answer.text


def test_a_wrong_method_says_which_are_allowed(client):
    answer = client.delete("/")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.fixture
def faulty(tmp_path):
    app = create_app({"CLAUSEBANK_HOME": tmp_path / "home", "CLAUSEBANK_GENERATED": tmp_path / "made"})
    app.add_url_rule("/fault", "fault", public(lambda: 1 / 0))
    app.add_url_rule("/teapot", "teapot", public(lambda: abort(418)))
    yield logged_in(app)
    app.extensions["workspace"].database.close()


def test_a_fault_of_ours_is_logged_and_told_without_its_inside(faulty, caplog):
    answer = faulty.get("/fault")
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "ZeroDivision" not in answer.text
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_any_other_error_has_a_page_too(faulty):
    answer = faulty.get("/teapot")
    assert answer.status_code == 418
    assert "<main" in answer.text
