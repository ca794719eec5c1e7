"""Both languages are complete: no message without a translation, no Chinese on an English page."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, NavigableString

from tests.people import PEOPLE
from tests.webapp.browsing import open_page
from tests.webapp.test_access import NAMES, PAGES, ROUTES, make_places
from webapp.i18n import FOLDER

CHINESE = re.compile(r"[\u3400-\u9fff]")
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")
LABELS = re.compile("甲方|乙方|委托方|服务方|客户方")
PLACES = re.compile(r"%\(\w+\)[sd]")


def messages():
    found = extract_from_dir(FOLDER.parent, METHODS, keywords=KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / "zh_CN.po").open("rb") as file:
        return read_po(file)


def test_every_message_is_translated_and_none_is_left_over(catalogue):
    translated = {entry.id[0] if entry.pluralizable else entry.id for entry in catalogue if entry.id}
    assert translated == messages()
    for entry in catalogue:
        if entry.id:
            assert all(entry.string if entry.pluralizable else [entry.string]), entry.id
            assert not entry.fuzzy


def test_translations_keep_the_places_of_values(catalogue):
    for entry in catalogue:
        if entry.id:
            source, target = (
                (entry.id[1], entry.string[0]) if entry.pluralizable else (entry.id, entry.string)
            )
            assert set(PLACES.findall(source)) == set(PLACES.findall(target))


def test_messages_are_english():
    assert not [message for message in messages() if CHINESE.search(message)]


def strings(soup):
    """Yield what a visitor sees or hears in the page's own language, with where it stands.

    Names of parties are words of the contract and stay Chinese.
    """
    for node in soup.find_all(string=lambda text: type(text) is NavigableString):
        if not node.find_parent(attrs={"lang": "zh-CN"}) and not node.find_parent(["script", "textarea"]):
            yield LABELS.sub("", node.strip()), node.parent.name
    for attribute in ("aria-label", "title", "alt", "placeholder", "data-failed"):
        for element in soup.find_all(attrs={attribute: True}):
            yield element[attribute], f"{element.name} {attribute}"


VIEWS = (
    "/nowhere", "/bank/?q=违约金", "/bank/clauses/fees.adjustment", "/bank/clauses/service.levels?view=marks",
    "/bank/impact/fee_total", "/compare/?old=x&new=y",
    "/compare/?old=liability.cap@neutral&new=liability.cap@client&view=beside",
)  # fmt: skip


@pytest.fixture(scope="module")
def places(app, example):
    return make_places(app, example)


@pytest.mark.parametrize("name", [*PAGES, "GET drafts.wordings", *VIEWS])
def test_an_english_page_has_chinese_only_where_it_says_so(english, places, name):
    path = ROUTES[name][1].format(**places) if name in ROUTES else name
    soup = BeautifulSoup(english.get(path).text, "lxml")
    assert soup.html["lang"] == "en"
    stray = [(text, where) for text, where in strings(soup) if CHINESE.search(without_names(text))]
    assert not stray


def without_names(text: str) -> str:
    for name in (*NAMES, *PEOPLE):
        text = text.replace(name, "")
    return text


def test_the_messages_after_submitting_are_english_too(english):
    refused = open_page(english).press("_create", fee_total="abc")
    stray = [(text, where) for text, where in strings(refused.soup) if CHINESE.search(text)]
    assert not stray


@pytest.mark.parametrize("name", [*PAGES, *VIEWS])
def test_a_chinese_page_has_no_english_sentence(client, places, name):
    path = ROUTES[name][1].format(**places) if name in ROUTES else name
    soup = BeautifulSoup(client.get(path).text, "lxml")
    for element in soup.select("[lang=en], code, pre"):
        element.decompose()
    seen = {text for text, _ in strings(soup)}
    assert not seen & {message for message in messages() if len(message) > 3}
    assert not [text for text in seen if SENTENCE.search(text) and not CHINESE.search(text)]


def test_the_choice_is_remembered_and_leads_back(client):
    answer = client.get("/language/en?back=/contracts/?page=2")
    assert answer.headers["Location"] == "/contracts/?page=2"
    assert BeautifulSoup(client.get("/").text, "lxml").html["lang"] == "en"


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "evil"]
)
def test_it_never_leads_to_another_site(client, back):
    assert client.get("/language/en", query_string={"back": back}).headers["Location"] == "/"


def test_an_unknown_language_in_the_cookie_is_passed_over(client):
    client.set_cookie("language", "../../etc/passwd")
    assert BeautifulSoup(client.get("/").text, "lxml").html["lang"] == "zh-CN"
