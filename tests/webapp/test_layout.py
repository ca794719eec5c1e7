"""The form offers the layouts, keeps the choice, and makes the files in it."""

from sqlalchemy import select

from clausebank.storage.models import Contract
from tests.webapp.browsing import KIND, open_page


def newest(workspace) -> Contract:
    with workspace.database.reading() as session:
        return session.scalars(select(Contract).order_by(Contract.created_at.desc())).first()


def test_it_offers_every_layout_and_takes_the_standard_one_unless_told(client, workspace):
    page = open_page(client)
    assert [o["value"] for o in page.soup.select("#input-_shell option")] == list(workspace.shells.names())
    assert page.values["_shell"] == "standard"


def test_the_layout_chosen_is_kept_by_every_button_and_used_for_the_files(client, workspace, example):
    page = open_page(client).press("_preview", _shell="formal", **example)
    assert page.values["_shell"] == "formal"
    made = page.press("_create")
    assert made.status == 303
    assert newest(workspace).manifest["shell_name"] == "formal"
    again = open_page(client, f"/contracts/new/{KIND}?after={newest(workspace).id}")
    assert again.values["_shell"] == "formal"


def test_a_layout_nobody_offered_is_not_taken(client, workspace):
    page = open_page(client).press("_preview", _shell="../../etc/passwd")
    assert page.values["_shell"] == "standard"
