"""A clause that is not in the bank yet: named on a page, its neutral text begun as a draft."""

from __future__ import annotations

import re

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from clausebank.bank.model import Bilingual, Clause
from clausebank.bank.reader import CLAUSE_ID
from clausebank.document import Stance
from clausebank.people import Action
from clausebank.storage import lifecycle
from clausebank.storage.bank import clause_head
from clausebank.storage.models import ClauseRow
from clausebank.storage.versions import Version, clause_series, name_of
from webapp.access import needs
from webapp.current import workspace
from webapp.pages.bank.shared import UNPROCESSABLE, bp, page, take

FIELDS = ("topic", "name", "zh", "en")
LONGEST = 80
Problems = dict[str, Bilingual]


@bp.get("/new")
@needs(Action.WRITE)
def new_clause() -> str:
    """Ask how a new clause is named."""
    return _page({})


@bp.post("/new")
@needs(Action.WRITE)
def begin_clause() -> ResponseReturnValue:
    """Begin the neutral text of a new clause; everything that is wrong is said at once."""
    given = _given()
    problems = _problems(given)
    if problems:
        return _page(problems), UNPROCESSABLE
    series = clause_series(f"{given['topic']}.{given['name']}", Stance.NEUTRAL)
    head = clause_head(
        Clause(series.clause, given["topic"], Bilingual(given["zh"], given["en"]), (), {}, None, {})
    )

    def step(database: Session, who: str) -> Version:
        return lifecycle.start_draft(database, series, who, head=head)

    return redirect(url_for("bank.draft", name=name_of(take(step))))


def _given() -> dict[str, str]:
    return {field: request.form.get(field, "").strip() for field in FIELDS}


def _problems(given: dict[str, str]) -> Problems:
    """Return what is wrong, by field."""
    found: Problems = {}
    if given["topic"] not in workspace().bank.vocabulary.topics:
        found["topic"] = Bilingual("请选择主题。", "Choose a topic.")
    if len(given["name"]) > LONGEST or not re.fullmatch(CLAUSE_ID, given["name"]):
        zh = "名称以小写字母开头，只用小写字母、数字和连字符，例如 late-payment。"
        en = "The name begins with a lower-case letter and has lower-case letters, digits and hyphens alone."
        found["name"] = Bilingual(zh, en)
    elif "topic" not in found and _is_taken(f"{given['topic']}.{given['name']}"):
        zh, en = "已有这个名称的条款，请换一个名称。", "There is a clause of this name; choose another one."
        found["name"] = Bilingual(zh, en)
    for field, zh, en in (("zh", "中文", "a Chinese"), ("en", "英文", "an English")):
        if not 0 < len(given[field]) <= LONGEST:
            found[field] = Bilingual(
                f"请填写{zh}标题，不超过{LONGEST}个字符。",
                f"Give {en} title of {LONGEST} characters at most.",
            )
    return found


def _is_taken(clause_id: str) -> bool:
    with workspace().database.reading() as database:
        return database.get(ClauseRow, clause_id) is not None


def _page(problems: Problems) -> str:
    return page("new.html", topics=workspace().bank.vocabulary.topics, given=_given(), problems=problems)
