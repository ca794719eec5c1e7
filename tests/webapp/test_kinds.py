"""The first page."""

from bs4 import BeautifulSoup

from schemas import example_answers
from schemas.forms import flatten
from tests.webapp.browsing import KIND, open_page
from webapp.workbench import questions


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


def test_the_form_of_every_kind_opens_and_its_example_leaves_nothing_open(client, workspace):
    for kind, template in workspace.templates.items():
        page = open_page(client, f"/contracts/new/{kind}")
        answers = example_answers(template, workspace.bank)
        page.values |= flatten(answers, questions(template, workspace.bank))
        answer = page.press("_preview")
        assert answer.status == 200, kind
        assert not answer.soup.select(".gap"), kind
        assert not answer.soup.select(".error:not(:empty)"), kind
