"""The bank's pages: browse, history, comparison, and a text from draft to approval by two people."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from bs4 import BeautifulSoup

from schemas import example_answers
from tests.people import logged_in
from webapp.drafting import draft_contract, store_contract

CLAUSE = "general.effect"


class Screen:
    """A page of the bank, and its forms sent as a browser would."""

    def __init__(self, client, response) -> None:
        self.client, self.response, self.status = client, response, response.status_code
        self.soup = BeautifulSoup(response.text, "lxml")

    def text(self, selector: str = "main") -> str:
        return " ".join(found.get_text(" ", strip=True) for found in self.soup.select(selector))

    def send(self, action: str, **given: str) -> Screen:
        """Send the first form with this action; fields keep their values but for those given."""
        form = next(f for f in self.soup.select("form[method=post]") if re.search(action, f["action"]))
        values = {
            i["name"]: i.get("value", "") for i in form.select("input[name]") if i.get("type") != "checkbox"
        }
        values |= {area["name"]: area.get_text().lstrip("\n") for area in form.select("textarea")}
        client = logged_in(self.client.application, given.pop("actor")) if "actor" in given else self.client
        token = {"csrf_token": token_of(client)} if client is not self.client else {}
        response = client.post(form["action"], data=values | given | token, follow_redirects=True)
        return Screen(client, response)


def token_of(client) -> str:
    """The token of somebody's forms."""
    return BeautifulSoup(client.get("/").text, "lxml").select_one("[name=csrf_token]")["value"]


@pytest.fixture
def visit(app):
    def visited(path: str, login: str = "王律师") -> Screen:
        client = logged_in(app, login)
        return Screen(client, client.get(path))

    return visited


@pytest.fixture
def draft(visit) -> Screen:
    """A fresh draft of the neutral text, on its page."""
    screen = visit(f"/bank/clauses/{CLAUSE}")
    form = next(
        f for f in screen.soup.select("form") if f.select_one(f'[name=target][value="{CLAUSE}@neutral"]')
    )
    values = {i["name"]: i.get("value", "") for i in form.select("input")}
    return Screen(screen.client, screen.client.post("/bank/drafts", data=values, follow_redirects=True))


def longer(screen: Screen, sentence: str) -> str:
    return screen.soup.select_one("textarea").get_text().lstrip("\n") + f"\n{sentence}\n"


def test_clauses_are_browsed_by_topic(visit, workspace):
    screen = visit("/bank/")
    links = {a["href"] for a in screen.soup.select(".clauses a")}

    assert links == {f"/bank/clauses/{clause_id}" for clause_id in workspace.bank.clauses}


def test_a_two_character_word_finds_the_clauses_that_hold_it(visit):
    screen = visit("/bank/?q=仲裁&status=current")

    assert screen.soup.select(".hits li")
    assert visit("/bank/?q=没有这样的词语").soup.select(".hits li") == []
    assert all(
        "dispute" in code.text for code in visit("/bank/?q=仲裁&topic=dispute").soup.select(".hits code")
    )


def test_the_texts_of_a_clause_stand_side_by_side(visit):
    cards = visit("/bank/clauses/liability.cap").soup.select(".variants .variant")

    assert [card.select_one("h2").get_text(strip=True) for card in cards] == [
        "委托方有利",
        "中立",
        "服务方有利",
    ]
    assert all(card.select_one(".reading") for card in cards)


def test_a_text_reads_without_markup_its_blanks_roles_terms_and_references_marked(visit):
    client = visit("/bank/clauses/fees.adjustment").soup.select_one(".variant .reading")

    assert not re.search(r"[{}#]|\[\[|@", client.get_text())
    assert (
        client.select_one("a.blank[href='/bank/impact/fee_adjustment_notice']").get_text()
        == "费用调整的提前通知期"
    )
    assert [client.select_one(f".role-{role}").get_text() for role in ("client", "provider")] == [
        "委托方",
        "服务方",
    ]
    assert client.select_one(".use").get_text() == "服务期限"
    cap = visit("/bank/clauses/liability.cap").soup.select_one(".variant .reading")
    assert cap.select_one("dfn").get_text() == "“年度服务费”"
    assert cap.select_one("a.reference[href='/bank/clauses/fees.total']").get_text() == "《服务费总额》"


def test_clauses_of_every_topic_can_be_read(visit, workspace):
    for clause_id in list(workspace.bank.clauses)[::4]:
        readings = visit(f"/bank/clauses/{clause_id}").soup.select(".variant .reading")
        assert len(readings) == len(workspace.bank.clauses[clause_id].variants)
        assert not [text for text in (node.get_text() for node in readings) if re.search(r"[{}]|\[\[", text)]


def test_the_source_and_the_differences_to_neutral_are_shown_on_request(visit, workspace):
    source = visit("/bank/clauses/liability.cap?view=source").soup.select("pre.source")
    texts = workspace.bank.clauses["liability.cap"].variants
    assert [node.get_text() for node in source] == [texts[s].text for s in ("client", "neutral", "provider")]

    marked = visit("/bank/clauses/liability.cap?view=marks").soup.select(".variant")
    assert [bool(card.select(".comparison del")) for card in marked] == [True, False, True]


def test_a_clause_tells_where_it_is_used_and_its_history(visit):
    page = visit("/bank/clauses/liability.cap")

    assert page.soup.select(".below a[href='/bank/history/template/crm-outsourcing']")
    assert page.soup.select(".below a[href='/bank/clauses/liability.special-cap']")
    assert len(page.soup.select(".history li")) >= 3


def test_two_texts_are_compared_inline_and_side_by_side(visit):
    path = "/compare/?old=liability.cap@neutral&new=liability.cap@client"

    for screen in (visit(path), visit(f"{path}&view=beside")):
        assert screen.soup.select("del")
        assert screen.soup.select("ins")
    assert not visit("/compare/?old=liability.cap@client&new=liability.cap@client").soup.select("del, ins")


def test_what_holds_a_version_is_shown(visit):
    assert "客户关系管理外包服务合同" in visit("/bank/impact/liability.cap@client").text()
    assert "服务费总额" in visit("/bank/impact/fee_total").text(".below")


@pytest.mark.parametrize(
    "path",
    [
        "clauses/no.such", "history/no.such@neutral", "history/x", "drafts/x", "drafts/fees.total@client:99",
        "impact/nothing", "impact/fee_total?with=x", "versions/x", "trail/x",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(visit, path):
    assert visit(f"/bank/{path}").status == 404


def test_a_draft_is_checked_and_shown_while_typed(draft):
    url = draft.soup.select_one("textarea")["hx-post"]
    token = draft.soup.select_one("[name=csrf_token]")["value"]

    def typed(text: str) -> BeautifulSoup:
        return BeautifulSoup(draft.client.post(url, data={"csrf_token": token, "text": text}).text, "lxml")

    good = typed(longer(draft, "双方另行确认<b>本条</b>内容。"))
    assert good.select_one(".fine")
    assert "另行确认<b>本条</b>内容" in good.select_one(".clause-preview .clause").get_text()
    bad = typed(longer(draft, "{{copies_each}份。"))
    assert bad.select(".problems li")
    assert not bad.select(".clause-preview")


def test_a_new_blank_is_listed_in_the_head_of_the_draft_and_the_reviewer_sees_it(visit):
    series = "general.entire-agreement@neutral"
    begun = visit(f"/bank/history/{series}").send("/bank/drafts", origin=series)
    text = longer(begun, "服务费总额以{{fee_total}}为准。")
    refused = begun.send("/drafts/", step="submit", text=text, note="总额")
    assert (refused.status, "未列入 blanks" in refused.text(".summary")) == (422, True)

    head = refused.soup.select_one("#front").get_text().lstrip("\n")
    broken = refused.send("/drafts/", step="save", front="title: [")
    assert (broken.status, broken.soup.select_one("#front").get_text().strip()) == (422, "title: [")
    other = refused.send(
        "/drafts/", step="save", front=head.replace("general.entire-agreement", "general.law")
    )
    assert "id 应为" in other.text(".summary")
    listed = head.replace("blanks: {}\n", "blanks:\n  fee_total: null\n")
    submitted = refused.send("/drafts/", step="submit", front=listed)

    assert submitted.status == 200
    assert "fee_total" in submitted.text(".difference p.new")
    submitted.send("/drafts/", step="approve", actor="李审核")
    page = visit("/bank/clauses/general.entire-agreement")
    assert page.soup.select(".variant a.blank[href='/bank/impact/fee_total']")


def test_a_text_goes_from_draft_to_approval_by_two_people(draft, visit, workspace):
    sentence = "双方另行确认本条内容。"
    text = longer(draft, sentence)
    refused = draft.send("/drafts/", step="submit", text=text, actor="王律师", note="")
    assert refused.status == 422
    assert refused.soup.select_one("textarea").get_text().lstrip("\n") == text

    submitted = draft.send("/drafts/", step="submit", text=text, actor="王律师", note="补充确认")
    assert "审核中" in submitted.text("h1")
    assert sentence in submitted.text(".difference p.new")
    returned = submitted.send("/drafts/", step="return", actor="李审核", comment="请改“内容”")
    assert "请改“内容”" in returned.text()

    again = returned.send("/drafts/", step="submit", actor="王律师")
    approved = again.send("/drafts/", step="approve", actor="李审核")
    assert "李审核" in approved.text("table")
    assert sentence in visit(f"/bank/clauses/{CLAUSE}").text(".variants")


def test_the_second_of_two_editors_is_refused_and_sees_both_texts(draft):
    first = draft.send("/drafts/", step="save", text=longer(draft, "甲的修改。"), actor="赵律师", note="一")
    second = draft.send("/drafts/", step="save", text=longer(draft, "乙的修改。"), actor="王律师", note="二")

    assert (first.status, second.status) == (200, 409)
    assert "乙的修改。" in second.soup.select_one("textarea").get_text()
    assert (second.text(".summary del"), second.text(".summary ins")) == ("甲", "乙")
    saved = second.send("/drafts/", step="save", actor="王律师")
    assert saved.status == 200
    assert "乙的修改。" in saved.soup.select_one("textarea").get_text()


def test_a_draft_on_an_older_text_is_confirmed_after_comparing(visit, draft):
    text = longer(draft, "较早的草稿。")
    other = visit(f"/bank/history/{CLAUSE}@neutral").send(
        "/bank/drafts", origin=f"{CLAUSE}@neutral:1", actor="王律师"
    )
    done = other.send(
        "/drafts/", step="submit", text=longer(other, "较新的草稿。"), actor="王律师", note="新"
    )
    done.send("/drafts/", step="approve", actor="李审核")

    late = draft.send("/drafts/", step="submit", text=text, actor="王律师", note="旧")
    assert late.status == 422
    seen = late.soup.select_one("[name=seen]")["value"]
    assert late.send("/drafts/", step="submit", text=text, actor="王律师", note="旧", seen=seen).status == 200


def test_a_discarded_draft_leaves_the_list(draft, visit):
    name = draft.soup.select_one("h1 code").text
    assert name in visit("/bank/drafts").text()
    draft.send("/drafts/", step="discard", actor="王律师")

    assert name not in visit("/bank/drafts").text()
    assert draft.send("/drafts/", step="save", actor="王律师").status == 422


def test_nobody_approves_what_they_wrote(app):
    client = logged_in(app, "李审核")
    history = Screen(client, client.get(f"/bank/history/{CLAUSE}@neutral"))
    mine = history.send("/bank/drafts", origin=f"{CLAUSE}@neutral")
    submitted = mine.send("/drafts/", step="submit", text=longer(mine, "自己写的。"), note="一")
    refused = submitted.send("/drafts/", step="approve")

    assert refused.status == 422
    assert "另一个人" in refused.text(".summary")


def test_only_reviewers_decide(draft):
    submitted = draft.send("/drafts/", step="submit", text=longer(draft, "待审核。"), note="一")

    for step in ("approve", "return"):
        assert submitted.send("/drafts/", step=step, actor="赵律师", comment="不").status == 403
    assert submitted.send("/drafts/", step="return", actor="李审核", comment="不").status == 200


def test_texts_that_belong_together_take_a_step_together_or_not_at_all(visit):
    names = []
    for clause in ("general.effect", "general.waiver"):
        began = visit(f"/bank/history/{clause}@neutral").send("/bank/drafts", origin=f"{clause}@neutral")
        began.send("/drafts/", step="save", text=longer(began, "一并修改的一句。"), note="一并修改")
        names.append(began.soup.select_one("h1 code").text)

    assert "至少" in together(visit, "王律师", "submit").text(".summary")
    assert together(visit, "王律师", "submit", names).status == 200
    assert together(visit, "王律师", "approve", names).status == 403
    refused = together(visit, "李审核", "return", names)
    assert refused.status == 422
    assert "理由" in refused.text(".summary")
    assert [box["value"] for box in refused.soup.select("[name=chosen][checked]")] == names
    together(visit, "李审核", "return", names[1:], comment="改得不够。")
    half = together(visit, "李审核", "approve", names)
    assert half.status == 422
    assert names[0] in half.text(".register")
    together(visit, "王律师", "submit", names[1:])
    together(visit, "李审核", "approve", names)

    assert not set(names) & {code.text for code in visit("/bank/drafts").soup.select("td code")}
    for clause in ("general.effect", "general.waiver"):
        assert "一并修改的一句。" in visit(f"/bank/clauses/{clause}").text(".variants")


def together(visit, login: str, step: str, chosen: Sequence[str] = (), comment: str = "") -> Screen:
    screen = visit("/bank/drafts", login)
    given = {"csrf_token": token_of(screen.client), "step": step, "chosen": list(chosen), "comment": comment}
    return Screen(screen.client, screen.client.post("/bank/together", data=given, follow_redirects=True))


def test_a_new_clause_begins_with_its_neutral_text(visit):
    blank = visit("/bank/new")
    wrong = blank.send("/bank/new", name="Späte Zahlung", zh="延期")
    assert wrong.status == 422
    assert {e["id"] for e in wrong.soup.select(".error") if e.get_text(strip=True)} == {
        "error-topic",
        "error-name",
        "error-en",
    }
    assert wrong.soup.select_one("[name=zh]")["value"] == "延期"
    taken = {"topic": "general", "name": "effect", "zh": "延期", "en": "Delay"}
    assert "换一个名称" in blank.send("/bank/new", **taken).text(".summary")

    began = blank.send("/bank/new", **taken | {"name": "slow-service"})
    assert began.soup.select_one("h1 code").text == "general.slow-service@neutral:1"
    empty = began.send("/drafts/", step="submit", text="", note="新条款")
    assert "没有文字" in empty.text(".summary")
    sent = began.send("/drafts/", step="submit", text="## 迟延\n一方迟延的，应当说明原因。\n", note="新条款")
    assert sent.status == 200
    sent.send("/drafts/", step="approve", actor="李审核")
    assert "应当说明原因" in visit("/bank/clauses/general.slow-service").text(".variants")


def test_no_step_is_taken_without_the_token(draft):
    response = draft.client.post(draft.soup.select_one("form[method=post]")["action"], data={"step": "save"})

    assert response.status_code == 400


def test_a_version_can_be_read_alone_and_restored_as_a_draft(visit):
    page = visit("/bank/versions/liability.cap@client:1")

    assert page.soup.select_one(".reading")
    assert visit("/bank/versions/liability.cap@client:1?source=1").soup.select_one("pre.source")
    restored = page.send("/bank/drafts")
    assert "liability.cap@client:2" in restored.text("h1")
    assert "liability.cap@client:1" in restored.text(".page-head")


@pytest.mark.parametrize("series", ["template/support-annual", "vocabulary"])
def test_templates_and_the_vocabulary_are_drafted_like_clauses(visit, series):
    begun = visit("/bank/templates").send("/bank/drafts", origin=series)
    name = begun.soup.select_one("h1 code").text

    assert name == f"{series}:2"
    assert begun.soup.select_one("#checked .fine")
    broken = begun.send("/drafts/", step="submit", text="kind: [", note="试", actor="王律师")
    assert (broken.status, bool(broken.soup.select(".summary"))) == (422, True)
    begun.send("/drafts/", step="discard")
    assert visit(f"/bank/versions/{name}").soup.select_one("pre.source")


def test_filters_and_dates_narrow_what_is_found(visit):
    def count(query: str) -> int:
        return len(visit(f"/bank/?{query}").soup.select(".hits > li"))

    assert count("q=违约金&topic=breach") > 0
    assert count("q=违约金&topic=breach&stance=client") < count("q=违约金&topic=breach")
    assert count("topic=liability&until=2001-01-01") == 0
    assert count("topic=liability&since=2001-01-01&status=current") > 0
    assert count("topic=liability&since=nonsense") > 0


def test_more_hits_than_a_page_holds_are_reached(visit):
    first = visit("/bank/?status=current")
    (link,) = first.soup.select(".more a")

    assert len(first.soup.select(".hits > li")) == 50
    assert visit(link["href"]).soup.select_one(".hits code").text != first.soup.select_one(".hits code").text


def test_what_is_not_in_the_bank_cannot_be_retired(visit):
    assert [visit(f"/bank/retire/{name}", "李审核").status for name in ("x", "no.such")] == [404, 404]


def test_a_clause_in_use_is_not_retired_and_what_was_typed_is_kept(visit):
    page = visit("/bank/retire/liability.cap", "李审核")
    assert "合同类型" in page.text(".panel dt")
    refused = page.send("/retire/", note="不再使用", replacement="liability.indirect")

    assert refused.status == 422
    assert "还在使用" in refused.text(".summary")
    assert refused.soup.select_one("#note")["value"] == "不再使用"
    assert refused.soup.select_one("option[selected]")["value"] == "liability.indirect"


def test_a_one_sided_text_is_retired_and_the_trail_tells(visit, workspace):
    done = visit("/bank/retire/scope.change@provider", "李审核").send("/retire/", note="与中立文本合并")

    assert "已停用" in done.text("table")
    card = visit("/bank/clauses/scope.change").soup.select(".variant")[2]
    assert not card.select(".reading")
    trail = visit("/bank/trail/scope.change@provider").text("table")
    assert "停用" in trail
    assert "李审核" in trail
    assert "与中立文本合并" in trail
    assert "没有操作记录" in visit("/bank/trail/fees.tax@neutral").text()


def test_the_dry_run_shows_what_each_contract_would_say(visit, client, app, workspace):
    template = workspace.templates["crm-outsourcing"]
    raw = example_answers(template, workspace.bank) | {"contract_number": "DRY-001"}
    store_contract(
        draft_contract(template, raw, workspace.bank, formats=("txt",)), app.extensions["workspace"]
    )
    begun = visit("/bank/clauses/general.severability").send("/bank/drafts")
    begun.send("/drafts/", step="save", text=longer(begun, "本款为试算。"), actor="王律师")
    name = begun.soup.select_one("h1 code").text
    outcome = visit(f"/bank/impact/general.severability@neutral?with={name}")

    assert "DRY-001" in outcome.text(".outcome")
    assert outcome.soup.select_one(".outcome .comparison ins").text == "本款为试算。"
    assert not outcome.soup.select(".outcome del")
    draft_anew = outcome.soup.select(".outcome .steps a")[1]["href"]
    assert visit(draft_anew).status == 200
    vocabulary = visit("/bank/impact/fee_total?with=vocabulary:1")
    assert "文本不变" in vocabulary.text(".outcome")
