"""The first page."""

from bs4 import BeautifulSoup

from tests.webapp.browsing import KIND


def test_it_offers_every_kind_in_both_languages(client, workspace):
    soup = BeautifulSoup(client.get("/").text, "lxml")
    cards = soup.select(".card")
    assert [card.select_one("h2 a")["href"] for card in cards] == [
        f"/contracts/new/{kind}" for kind in workspace.templates
    ]
    card = cards[list(workspace.templates).index(KIND)].get_text(" ", strip=True)
    template = workspace.templates[KIND]
    assert template.title.zh in card
    assert template.title.en in card
    assert str(len(set(template.clause_ids()))) in card
