"""The policy: what may be agreed without asking; reviewers set it, everybody who drafts sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clausebank.assembly.select import topics_with_stances
from clausebank.balance import ladder
from clausebank.bank.model import Bilingual, Blank, BlankType
from clausebank.document import Stance
from clausebank.people import Action
from clausebank.policy import Policy, Range
from clausebank.storage.approvals import policy_versions, present_policy, save_policy
from clausebank.storage.errors import Refusal
from clausebank.wording.values import Period
from webapp.access import needs
from webapp.current import person, workspace
from webapp.i18n import chosen_language
from webapp.i18n import gettext as _
from webapp.times import shown_time

bp = Blueprint("policy", __name__, url_prefix="/policy")
UNPROCESSABLE = 422
NUMBERS = {BlankType.MONEY, BlankType.PERCENT, BlankType.INTEGER, BlankType.PERIOD}
FIGURE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
SIDES = (Stance.CLIENT, Stance.PROVIDER)


@bp.get("/")
@needs(Action.DRAFT)
def index() -> str:
    """Show the policy in force and its history."""
    with workspace().database.reading() as database:
        number, policy = present_policy(database)
    return _page(policy, number)


@bp.post("/")
@needs(Action.REVIEW)
def save() -> ResponseReturnValue:
    """Put a policy into force."""
    policy, problems = read_policy()
    number = request.form.get("number", 0, type=int)
    if problems:
        return _page(policy, number, problems), UNPROCESSABLE
    try:
        with workspace().database.writing() as database:
            save_policy(database, policy, number, request.form.get("note", ""), person().login)
    except Refusal as refusal:
        said = refusal.en if chosen_language() == "en" else refusal.zh
        return _page(policy, number, {refusal.place: said}), UNPROCESSABLE
    return redirect(url_for("policy.index"), 303)


def read_policy() -> tuple[Policy, dict[str, str]]:
    """Return the policy as typed, and what is wrong with it by field."""
    form, problems = request.form, {}
    limits = {}
    for blank in figures():
        typed = Range(*(form.get(f"{end}.{blank.name}", "").strip() for end in ("least", "most")))
        for end, text in (("least", typed.least), ("most", typed.most)):
            if text and not _is_figure(text, blank):
                problems[f"{end}.{blank.name}"] = _("Not a figure of this kind: %(text)s", text=text)
        if typed != Range():
            limits[blank.name] = typed
    sides, stances = {side.value for side in SIDES}, {stance.value for stance in Stance}
    side = form.get("side", "")
    floors = {
        topic: Stance(chosen)
        for topic in topics()
        if (chosen := form.get(f"floor.{topic}", "")) in stances and chosen != Stance.NEUTRAL
    }
    return Policy(Stance(side) if side in sides else Stance.CLIENT, floors, limits), problems


def topics() -> dict[str, Bilingual]:
    """Return the topics whose wording differs by stance in some kind of contract."""
    place = workspace()
    known = {t for template in place.templates.values() for t in topics_with_stances(template, place.bank)}
    return {topic: title for topic, title in place.bank.vocabulary.topics.items() if topic in known}


def figures() -> tuple[Blank, ...]:
    """Return the figures whose suggestion differs by stance: those worth a limit."""
    bank = workspace().bank
    names = {blank.name for clause in bank.clauses.values() for blank, _given in ladder(clause, bank)}
    return tuple(
        blank for name, blank in bank.vocabulary.blanks.items() if name in names and blank.type in NUMBERS
    )


def _is_figure(text: str, blank: Blank) -> bool:
    """Tell whether a limit can be read: periods as they are written, other figures as plain numbers."""
    if blank.type is not BlankType.PERIOD:
        return FIGURE.fullmatch(text) is not None and (blank.type is not BlankType.INTEGER or text.isdigit())
    try:
        Period.parse(text)
    except ValueError:
        return False
    return True


def _page(policy: Policy, number: int, problems: dict[str, str] | None = None) -> str:
    with workspace().database.reading() as database:
        history = policy_versions(database)
    return render_template(
        "policy.html",
        policy=policy,
        number=number,
        problems=problems or {},
        topics=topics(),
        figures=[(blank, _suggested(blank), policy.limits.get(blank.name, Range())) for blank in figures()],
        stances=_stance_names(),
        sides=SIDES,
        history=history,
        moment=shown_time,
    )


def _suggested(blank: Blank) -> Iterator[tuple[Stance, Any]]:
    """Return what each stance suggests for a figure, as typed."""
    bank = workspace().bank
    found = (
        clause.suggestions[blank.name] for clause in bank.clauses.values() if blank.name in clause.suggestions
    )
    return iter(next(found, {}).items())


def _stance_names() -> dict[Stance, str]:
    return {
        Stance.CLIENT: _("Favours the client"),
        Stance.NEUTRAL: _("Neutral"),
        Stance.PROVIDER: _("Favours the provider"),
    }
