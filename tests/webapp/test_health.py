"""What machines that watch are told: alive, ready, figures, logs; and a bank that changed elsewhere."""

from __future__ import annotations

import io
import json
import logging
import re

import pytest

from clausebank.storage.database import open_database
from clausebank.storage.ledger_models import Batch, BatchItem
from clausebank.storage.migrate import newest_revision
from tests.webapp.browsing import open_page
from tests.workspaces import add_own_text
from webapp import create_app
from webapp.current import workspace as current_workspace
from webapp.logs import formatter

TOKEN = "a token of sixteen"
PROXIED = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """An application of its own, so that what breaks it breaks no other test."""
    folder = tmp_path_factory.mktemp("health")
    app = create_app(
        {
            "CLAUSEBANK_HOME": folder / "home",
            "CLAUSEBANK_GENERATED": folder / "generated",
            "CLAUSEBANK_METRICS_TOKEN": TOKEN,
        }
    )
    yield app
    app.extensions["workspace"].database.close()


def test_a_process_that_answers_is_alive(own):
    assert own.test_client().get("/health/live").json == {"alive": True}


def test_it_is_ready_when_everything_it_needs_can_be_used(own):
    answer = own.test_client().get("/health/ready")

    assert (answer.status_code, answer.json) == (
        200, {"ready": True, "database": True, "tables": True, "storage": True},
    )  # fmt: skip


def test_a_file_store_that_cannot_be_written_makes_it_not_ready(own):
    root = own.extensions["workspace"].files.root
    root.rename(root.with_name("away"))
    root.write_text("in the way")
    answer = own.test_client().get("/health/ready")
    root.unlink()
    root.with_name("away").rename(root)

    assert (answer.status_code, answer.json["storage"], answer.json["database"]) == (503, False, True)
    assert str(root) not in answer.text


def test_tables_of_another_version_make_it_not_ready(own):
    engine = own.extensions["workspace"].database.engine

    def set_to(revision: str) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")

    set_to("0001")
    answer = own.test_client().get("/health/ready")
    set_to(newest_revision())

    assert (answer.status_code, answer.json["tables"]) == (503, False)


def test_figures_count_requests_contracts_and_rows_of_batches(own):
    client = own.test_client()
    before = count(client, "clausebank_requests_total", "health.live")
    client.get("/health/live")
    with own.extensions["workspace"].database.writing() as session:
        batch = Batch(kind="x", source="x", options={}, total=2)
        session.add(batch)
        session.flush()
        session.add_all(
            BatchItem(batch_id=batch.id, number=n, key="", name="", answers={}, state=state)
            for n, state in enumerate(["waiting", "failed"])
        )
    text = client.get("/metrics").text

    assert count(client, "clausebank_requests_total", "health.live") == before + 1
    assert count(client, "clausebank_request_seconds_count", "health.live") == before + 1
    assert "clausebank_contracts 0.0" in text
    assert 'clausebank_batch_items{state="waiting"} 1.0' in text
    assert 'clausebank_batch_items{state="done"} 0.0' in text
    assert "clausebank_storage_errors_total 0.0" in text


def count(client, name: str, endpoint: str) -> float:
    found = re.search(rf'^{name}{{endpoint="{endpoint}".*}} (.*)$', client.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "203.0.113.7", 403),
        (PROXIED, "127.0.0.1", 403),
        ({"Authorization": f"Bearer {TOKEN}"}, "203.0.113.7", 200),
        ({"Authorization": f"Bearer {TOKEN}"} | PROXIED, "127.0.0.1", 200),
        ({"Authorization": "Bearer "}, "203.0.113.7", 403),
        ({"Authorization": "Bearer wrong"}, "203.0.113.7", 403),
    ],
)
def test_figures_are_for_this_machine_or_whoever_knows_the_token(own, headers, address, status):
    client = own.test_client()

    assert (
        client.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address}).status_code
        == status
    )


def test_without_a_token_none_opens_the_figures(app):
    answer = app.test_client().get(
        "/metrics", headers={"Authorization": "Bearer "}, environ_overrides={"REMOTE_ADDR": "203.0.113.7"}
    )

    assert answer.status_code == 403


@pytest.fixture
def logged():
    """What is logged as JSON, a dictionary a line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter("json"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_request_is_logged_with_its_facts_and_without_what_was_typed(app, client, example, logged):
    page = open_page(client)
    page.values |= example | {"client.name": "绝密科技有限公司"}
    page.press("_create")
    client.get("/contracts/?secret=%E7%BB%9D%E5%AF%86")
    lines = [line for line in logged() if line["logger"] == "clausebank.request"]

    assert lines[-1].keys() >= {"request_id", "method", "path", "status", "duration_ms", "user", "timestamp"}
    assert (lines[-1]["path"], lines[-1]["status"], lines[-1]["level"]) == ("/contracts/", 200, "INFO")
    assert lines[-1]["user"]
    assert "绝密" not in json.dumps(logged(), ensure_ascii=False)


def test_each_answer_names_its_request_and_believes_only_its_own_proxy(own):
    first, second = (own.test_client().get("/health/live", headers={"X-Request-ID": "f" * 16}) for _ in "12")

    assert re.fullmatch("[0-9a-f]{32}", first.headers["X-Request-ID"])
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


def test_a_text_that_came_into_force_in_another_process_is_used_without_a_restart(own):
    more = "双方应当每月核对一次服务记录。"
    with own.app_context():
        before = current_workspace().bank
    opened = own.extensions["workspace"]
    elsewhere = open_database(opened.database.engine.url.render_as_string())
    add_own_text(
        type(opened)(elsewhere, opened.files, opened.bank, {}, opened.shells), "general.effect", more
    )
    elsewhere.close()

    with own.app_context():
        after = current_workspace()
        assert current_workspace().bank is after.bank
    assert more not in before.clauses["general.effect"].variants["neutral"].text
    assert more in after.bank.clauses["general.effect"].variants["neutral"].text
