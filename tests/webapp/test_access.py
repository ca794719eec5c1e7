"""Who may open what: every route by role, of one's own team and of another; nothing is open by accident."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from bs4 import BeautifulSoup

from clausebank.people import PERMISSIONS, Action, UserRole
from clausebank.storage.models import Contract
from clausebank.storage.people import find_user
from clausebank.storage.people_models import DEFAULT_TEAM
from clausebank.storage.reuse import keep_party, keep_set
from tests.people import PEOPLE, STRANGER, logged_in
from tests.webapp.browsing import KIND, NEW, open_page
from webapp import create_app

EVERYBODY = set(UserRole)
DRAFTERS = EVERYBODY - {UserRole.VIEWER}
WRITERS = {UserRole.ADMINISTRATOR, UserRole.LAWYER, UserRole.REVIEWER}
DEVIATORS = WRITERS
REVIEWERS = {UserRole.ADMINISTRATOR, UserRole.REVIEWER}
ADMINISTRATORS = {UserRole.ADMINISTRATOR}
PUBLIC = None
SAFE = {"GET", "HEAD", "OPTIONS"}

# Every route: who may use it, and the address to try; what is in brackets is the first team's.
ROUTES = {
    "GET static": (PUBLIC, "/static/app.css"),
    "GET paper.style": (PUBLIC, "/paper.css"),
    "GET paper.comparison": (PUBLIC, "/comparison.css"),
    "GET language.choose": (PUBLIC, "/language/en"),
    "GET health.live": (PUBLIC, "/health/live"),
    "GET health.ready": (PUBLIC, "/health/ready"),
    "GET health.metrics": (PUBLIC, "/metrics"),
    "GET account.log_in": (PUBLIC, "/login"),
    "POST account.enter": (PUBLIC, "/login"),
    "POST account.leave": (EVERYBODY, "/logout"),
    "GET account.password": (EVERYBODY, "/password"),
    "POST account.change_password": (EVERYBODY, "/password"),
    "GET account.profile": (EVERYBODY, "/profile"),
    "GET people.index": (ADMINISTRATORS, "/people/"),
    "POST people.add": (ADMINISTRATORS, "/people/"),
    "GET people.user": (ADMINISTRATORS, "/people/{user}"),
    "POST people.change": (ADMINISTRATORS, "/people/{user}"),
    "GET people.teams": (ADMINISTRATORS, "/people/teams"),
    "POST people.change_team": (ADMINISTRATORS, "/people/teams"),
    "GET approvals.index": (DRAFTERS, "/approvals/"),
    "GET approvals.new": (DRAFTERS, "/approvals/ask/{below}"),
    "POST approvals.ask": (DRAFTERS, "/approvals/ask/{below}"),
    "GET approvals.show": (DRAFTERS, "/approvals/{asked}"),
    "POST approvals.decide": (REVIEWERS, "/approvals/{asked}"),
    "GET policy.index": (DRAFTERS, "/policy/"),
    "POST policy.save": (REVIEWERS, "/policy/"),
    "GET kinds.index": (EVERYBODY, "/"),
    "GET drafts.new": (DRAFTERS, NEW),
    "POST drafts.preview": (DRAFTERS, f"{NEW}/preview"),
    "POST drafts.create": (DRAFTERS, NEW),
    "GET drafts.wordings": (DRAFTERS, f"{NEW}/wordings?topic=liability"),
    "GET saved.index": (DRAFTERS, "/drafts/"),
    "POST saved.begin": (DRAFTERS, "/drafts/"),
    "GET saved.open_draft": (DRAFTERS, "/drafts/{saved}"),
    "POST saved.delete": (DRAFTERS, "/drafts/{gone}/delete"),
    "POST saved.restore": (DRAFTERS, "/drafts/{gone}/restore"),
    "GET reuse.index": (DRAFTERS, "/parties/"),
    "GET reuse.new_party": (DRAFTERS, "/parties/new"),
    "POST reuse.add_party": (DRAFTERS, "/parties/"),
    "GET reuse.party": (DRAFTERS, "/parties/{party}"),
    "POST reuse.save_party": (DRAFTERS, "/parties/{party}"),
    "GET reuse.new_set": (DRAFTERS, "/parameters/new/{saved}"),
    "POST reuse.add_set": (DRAFTERS, "/parameters/new/{saved}"),
    "GET reuse.parameter_set": (DRAFTERS, "/parameters/{answers}"),
    "POST reuse.save_set": (DRAFTERS, "/parameters/{answers}"),
    "POST reuse.delete": (DRAFTERS, "/parties/{spare}/delete"),
    "POST reuse.restore": (DRAFTERS, "/parties/{spare}/restore"),
    "GET contracts.index": (EVERYBODY, "/contracts/"),
    "GET contracts.export": (EVERYBODY, "/contracts/export.xlsx"),
    "GET contracts.show": (EVERYBODY, "/contracts/{contract}"),
    "GET contracts.download": (EVERYBODY, "/contracts/{contract}/files/txt"),
    "GET batches.index": (EVERYBODY, "/batches/"),
    "GET batches.new": (DEVIATORS, "/batches/new"),
    "GET batches.form": (DEVIATORS, f"/batches/form/{KIND}.xlsx"),
    "POST batches.check": (DEVIATORS, f"/batches/new/{KIND}"),
    "GET batches.show": (EVERYBODY, "/batches/{batch}"),
    "GET batches.progress": (EVERYBODY, "/batches/{batch}/progress"),
    "GET batches.report": (EVERYBODY, "/batches/{batch}/report.xlsx"),
    "GET batches.overview": (EVERYBODY, "/batches/{batch}/overview/index.xlsx"),
    "GET batches.files": (EVERYBODY, "/batches/{batch}/files.zip"),
    "POST batches.steer": (DEVIATORS, "/batches/{batch}/pause"),
    "GET renewals.choose": (DEVIATORS, "/renewals/"),
    "POST renewals.choose_by_file": (DEVIATORS, "/renewals/"),
    "POST renewals.propose": (DEVIATORS, "/renewals/propose"),
    "GET bank.index": (EVERYBODY, "/bank/"),
    "GET bank.clause": (EVERYBODY, "/bank/clauses/liability.cap"),
    "GET bank.versions": (EVERYBODY, "/bank/history/liability.cap@neutral"),
    "GET bank.version": (EVERYBODY, "/bank/versions/liability.cap@neutral:1"),
    "GET bank.templates": (EVERYBODY, "/bank/templates"),
    "GET bank.shells": (EVERYBODY, "/bank/shells"),
    "POST bank.bring": (ADMINISTRATORS, "/bank/shells"),
    "GET bank.shell_file": (EVERYBODY, "/bank/shells/standard/0/shell.docx"),
    "GET bank.shell_sample": (EVERYBODY, "/bank/shells/formal/0/sample.docx"),
    "GET bank.trail": (EVERYBODY, "/bank/trail/liability.cap@neutral"),
    "GET bank.retirement": (REVIEWERS, "/bank/retire/liability.cap"),
    "POST bank.retire": (REVIEWERS, "/bank/retire/liability.cap"),
    "GET comparing.show": (EVERYBODY, "/compare/?old={contract}&new={contract}@newest"),
    "GET comparing.word": (EVERYBODY, "/compare/redline.docx?old={contract}&new={contract}@newest"),
    "GET comparing.data": (EVERYBODY, "/compare/changes.json?old={contract}&new={contract}@newest"),
    "GET bank.impact": (EVERYBODY, "/bank/impact/liability.cap@neutral:1"),
    "GET bank.drafts": (WRITERS, "/bank/drafts"),
    "POST bank.together": (WRITERS, "/bank/together"),
    "GET bank.new_clause": (WRITERS, "/bank/new"),
    "POST bank.begin_clause": (WRITERS, "/bank/new"),
    "POST bank.begin": (WRITERS, "/bank/drafts"),
    "GET bank.draft": (WRITERS, "/bank/drafts/{draft}"),
    "POST bank.check": (WRITERS, "/bank/check/{draft}"),
    "POST bank.decide": (WRITERS, "/bank/drafts/{draft}"),
}
FORMS = {
    "POST bank.begin": {"origin": "liability.cap@neutral"},
    "POST saved.begin": {"after": "{contract}"},
    "POST people.add": {"role": "viewer"},
    "POST people.change": {"role": "viewer"},
    "POST approvals.decide": {"step": "return"},
}
OWN = {
    f"{{{name}}}"
    for name in ("contract", "below", "asked", "saved", "gone", "party", "spare", "answers", "batch")
}
OWNED = [name for name, (_roles, path) in ROUTES.items() if OWN & set(path.split("/"))]
OWNED += ["POST saved.begin"]


# What the sample records are called; a title or an accessible name cannot say what language a name is in.
NAMES = ("甲公司", "乙公司", "常用")

# What answers with a file, a figure, another address or a piece of a page.
NO_PAGES = {
    *("static", "paper.style", "paper.comparison", "language.choose"),
    *("health.live", "health.ready", "health.metrics"),
    *("contracts.download", "contracts.export", "drafts.wordings", "comparing.word", "comparing.data"),
    *("bank.shell_file", "bank.shell_sample"),
    *("batches.form", "batches.progress", "batches.report", "batches.overview", "batches.files"),
}
PAGES = [name for name in ROUTES if name.startswith("GET") and name.removeprefix("GET ") not in NO_PAGES]


@pytest.fixture(scope="module")
def places(app, example):
    return make_places(app, example)


def make_places(app, example) -> dict[str, str]:
    """Make what the addresses name: what the first team owns, and a draft of a text."""
    page = open_page(logged_in(app, "王律师"))
    page.values |= example | {"contract_number": "ROUTES-1"}
    contract = page.press("_create").response.headers["Location"].rsplit("/", 1)[1]
    lawyer = logged_in(app, "王律师")
    form = {"origin": "liability.cap@neutral", "csrf_token": token_of(lawyer)}
    draft = lawyer.post("/bank/drafts", data=form).headers["Location"].rsplit("/", 1)[1]
    saved = open_page(lawyer).press("_save", contract_number="ROUTES-2").values["_draft"]
    gone = open_page(lawyer).press("_save", contract_number="ROUTES-3").values["_draft"]
    with app.extensions["workspace"].database.writing() as session:
        session.info |= {"actor": "王律师", "team": DEFAULT_TEAM}
        kept = {
            "party": keep_party(session, {"name": NAMES[0], "uscc": "91350100M000100Y43"}),
            "spare": keep_party(session, {"name": NAMES[1], "uscc": "91350211M000100Y46"}),
            "answers": keep_set(session, NAMES[2], {"signing_place": "上海市"}),
        }
    ids = {name: str(row.id) for name, row in kept.items()}
    rows = {"rows": (BytesIO(b'{"fee_total": 1}'), "rows.jsonl"), "formats": "txt"}
    sent = lawyer.post(f"/batches/new/{KIND}", data={**rows, "csrf_token": token_of(lawyer)})
    batch = sent.headers["Location"].rsplit("/", 1)[1]
    with app.extensions["workspace"].database.reading() as session:
        user = str(find_user(session, "孙查看").id)
    buyer = logged_in(app, "钱采购")
    below, other = (make_below(buyer, example) for _ in range(2))
    form = {"reason": "例", "csrf_token": token_of(buyer)}
    asked = buyer.post(f"/approvals/ask/{other}", data=form).headers["Location"].rsplit("/", 1)[1]
    ids |= {"user": user, "below": below, "asked": asked}
    held = {"contract": contract, "draft": draft, "batch": batch, "saved": saved, "gone": gone}
    return {**held, **ids}


def make_below(buyer, example) -> str:
    """A contract of procurement that goes below the floor."""
    page = open_page(buyer)
    page.values |= example | {"contract_number": "ROUTES-2", "_stance.liability": "provider"}
    return page.press("_create").response.headers["Location"].rsplit("/", 1)[1]


def token_of(client) -> str:
    found = BeautifulSoup(client.get("/login").text, "lxml").select_one("[name=csrf_token]")
    found = found or BeautifulSoup(client.get("/profile").text, "lxml").select_one("[name=csrf_token]")
    return found["value"]


def ask(client, name: str, places):
    """Use a route as a browser would, with the token of the forms."""
    path = ROUTES[name][1].format(**places)
    if name.startswith("GET"):
        return client.get(path)
    form = {key: text.format(**places) for key, text in FORMS.get(name, {}).items()}
    return client.post(path, data={"csrf_token": token_of(client), **form})


def test_every_route_is_in_the_table(app):
    routes = {
        f"{method} {rule.endpoint}" for rule in app.url_map.iter_rules() for method in rule.methods - SAFE
    } | {f"GET {rule.endpoint}" for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert routes == set(ROUTES)


def test_a_route_that_does_not_say_who_it_is_for_is_closed_to_everybody(tmp_path):
    app = create_app({"CLAUSEBANK_HOME": tmp_path / "home", "CLAUSEBANK_GENERATED": tmp_path / "made"})
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert logged_in(app).get("/forgotten").status_code == 403
    app.extensions["workspace"].database.close()


@pytest.mark.parametrize("name", ROUTES)
def test_each_role_is_let_in_or_refused(app, places, name):
    roles, _path = ROUTES[name]
    for login, role in PEOPLE.items():
        answer = ask(logged_in(app, login), name, places)
        answer.close()
        allowed = roles is PUBLIC or role in roles
        assert (answer.status_code == 403) == (not allowed), login
        assert answer.status_code < 500
        assert answer.status_code != 404


@pytest.mark.parametrize("name", OWNED)
def test_what_belongs_to_another_team_is_not_there(app, places, name):
    assert ask(logged_in(app, STRANGER), name, places).status_code == 404


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_is_let_in_without_logging_in(anonymous, places, name):
    answer = ask(anonymous, name, places)
    answer.close()
    if ROUTES[name][0] is PUBLIC:
        assert answer.status_code in {200, 303, 401}
    elif name.startswith("GET"):
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/login?next=")
    else:
        assert answer.status_code == 401
        assert "登录" in answer.text


def test_a_refusal_says_what_to_do(app):
    answer = logged_in(app, "孙查看").get(NEW)
    assert answer.status_code == 403
    assert "管理员" in answer.text


def test_a_foreign_contract_is_in_no_list_and_fills_no_form(app, places):
    stranger, colleague = logged_in(app, STRANGER), logged_in(app, "赵律师")
    version = "general.effect@neutral:1"
    for path in ("/contracts/", f"/bank/impact/{version}"):
        assert places["contract"] in colleague.get(path).text
        assert places["contract"] not in stranger.get(path).text
    again = f"{NEW}?after={places['contract']}"
    assert colleague.get(again).status_code == 200
    assert stranger.get(again).status_code == 404


def test_one_sees_what_one_made_wherever_it_belongs_now(app, workspace, example):
    client = logged_in(app, STRANGER)
    page = open_page(client)
    page.values |= example | {"contract_number": "MINE-1"}
    path = page.press("_create").response.headers["Location"]
    with workspace.database.writing() as session:
        contract = session.get_one(Contract, UUID(path.rsplit("/", 1)[1]))
        assert contract.team_id is not None
        contract.team_id = None
    assert client.get(path).status_code == 200
    assert logged_in(app, "王律师").get(path).status_code == 404
    assert logged_in(app).get(path).status_code == 200


@pytest.mark.parametrize("login", PEOPLE)
def test_pages_offer_only_what_the_role_may_do(app, login):
    soup = BeautifulSoup(logged_in(app, login).get("/contracts/").text, "lxml")
    links = {link["href"] for link in soup.select("nav.pages a, .menu a")}
    assert {"/contracts/", "/bank/", "/profile"} <= links
    assert ("/people/" in links) == (login == "admin")
    client = logged_in(app, login)
    for href in links - {"/"}:
        assert client.get(href).status_code == 200, href
    assert ("/" in links) == (Action.DRAFT in PERMISSIONS[PEOPLE[login]])
    assert client.get("/", follow_redirects=True).status_code == 200


def test_the_table_of_permissions_gives_nobody_more_than_the_administrator():
    assert set(PERMISSIONS) == set(UserRole)
    assert PERMISSIONS[UserRole.ADMINISTRATOR] == set(Action)
    assert Action.REVIEW not in PERMISSIONS[UserRole.LAWYER]
    assert PERMISSIONS[UserRole.VIEWER] == {Action.READ}
