"""What the page of the register shows: rows, filters in force, and where its links lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from clausebank.register import Order, Wanted
from clausebank.storage.models import Contract
from clausebank.storage.register import Page, count_contracts, page_of
from clausebank.templates import Template
from clausebank.wording.values import Money
from schemas.register import BLANKS, Ask, read_ask
from webapp.i18n import gettext as _
from webapp.i18n import ngettext

SOON = (30, 90)
ASKED = ("q", "party", "kind", *(blank.name for blank in BLANKS))
STEERING = ("sort", "after", "before")
LARGEST_FIRST = {Order.MADE, Order.AMOUNT}
NEAR = 90


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the register."""

    id: UUID
    number: str
    title: str
    client: str
    provider: str
    starts: str
    ends: str
    left: str
    amount: str
    state: str
    approval: str
    made: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    text: str
    without: str
    chinese: bool = False


@dataclass(frozen=True)
class Register:
    """Everything the template of the register asks for."""

    given: Mapping[str, str]
    ask: Ask
    page: Page
    total: int | None
    soon: Mapping[int, int | None]
    today: date
    kinds: Mapping[str, Template]
    language: str
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[Row]:
        """The contracts of the page."""
        return [row_of(contract, self.today) for contract in self.page.contracts]

    @property
    def how_many(self) -> str:
        """How many contracts are as asked for, or whether there are more where nobody counted."""
        shown = len(self.page.contracts)
        if self.total is not None:
            return ngettext("%(num)s contract", "%(num)s contracts", self.total)
        if self.before_link or self.after_link:
            return _("More than %(number)s contracts", number=shown)
        return ngettext("%(num)s contract", "%(num)s contracts", shown)

    @property
    def narrowed(self) -> bool:
        """Tell whether anything is asked beyond the order."""
        return any(self.given.get(name) for name in ASKED)

    @property
    def kind_choices(self) -> list[tuple[str, str]]:
        """The kinds to filter by: id and title."""
        return [(name, template.title[self.language]) for name, template in self.kinds.items()]

    def value(self, name: str) -> str:
        """Return what a field of the filters holds."""
        return self.given.get(name, "")

    # --- links -----------------------------------------------------------------------------------

    def link(self, endpoint: str = "contracts.index", **changes: str) -> str:
        """Return the address of this question with some of it changed, from its first page."""
        kept = {name: text for name, text in self.given.items() if name not in ("after", "before")}
        asked = {name: text for name, text in {**kept, **changes}.items() if text}
        return url_for(endpoint, **asked)  # type: ignore[arg-type]

    def sort_link(self, name: str) -> str:
        """Return the address sorted by a column, turned round when it is the one sorted by."""
        order, sorting = Order(name), self.ask.sorting
        descending = not sorting.descending if order is sorting.order else order in LARGEST_FIRST
        return self.link(sort=f"-{order}" if descending else str(order))

    def sorted_by(self, name: str) -> str:
        """Return ``ascending`` or ``descending`` for the column sorted by, else nothing."""
        if self.ask.sorting.order is not Order(name):
            return ""
        return "descending" if self.ask.sorting.descending else "ascending"

    @property
    def before_link(self) -> str:
        """The address of the page before, empty when there is none."""
        first = self.page.contracts[:1] if self.page.more_before else ()
        return self.link(before=str(first[0].id)) if first else ""

    @property
    def after_link(self) -> str:
        """The address of the page after, empty when there is none."""
        last = self.page.contracts[-1:] if self.page.more_after else ()
        return self.link(after=str(last[0].id)) if last else ""

    # --- filters in force ------------------------------------------------------------------------

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in force, each with the address without it."""
        return list(self._chips())

    def _chips(self) -> Iterator[Chip]:
        for name in ("q", "party"):
            if self.value(name):
                yield Chip(self.value(name), self.link(**{name: ""}), chinese=True)
        if self.value("kind"):
            kind = self.kinds.get(self.value("kind"))
            yield Chip(kind.title[self.language] if kind else self.value("kind"), self.link(kind=""))
        for blank in BLANKS:
            text = self.value(blank.name)
            if text and blank.name not in self.problems:
                yield Chip(self._chip_text(blank.name, text), self.link(**{blank.name: ""}))

    def _chip_text(self, name: str, text: str) -> str:
        blank = next(blank for blank in BLANKS if blank.name == name)
        if name == "expiring":
            days = self.ask.expiring or 0
            return ngettext("Ends within %(num)d day", "Ends within %(num)d days", days)
        shown = next((choice.label[self.language] for choice in blank.choices if choice.key == text), text)
        return f"{blank.label[self.language]}{_(': ')}{shown}"


def ask_register(
    session: Session, given: Mapping[str, str], kinds: Mapping[str, Template], language: str
) -> Register:
    """Put a question to the register, as the address of its page says it."""
    held = {name: given[name].strip() for name in (*ASKED, *STEERING) if given.get(name, "").strip()}
    today = date.today()  # noqa: DTZ011 (days are those of the machine, as everywhere in contracts)
    ask = read_ask(held, today)
    return Register(
        given=held,
        ask=ask,
        page=page_of(session, ask.wanted, ask.sorting, after=ask.after, before=ask.before),
        total=count_contracts(session, ask.wanted),
        soon={days: count_contracts(session, ending_within(days, today)) for days in SOON},
        today=today,
        kinds=kinds,
        language=language,
        problems={name: "".join(said[language] for said in all_) for name, all_ in ask.problems.items()},
    )


def ending_within(days: int, today: date) -> Wanted:
    """Return the question for what ends within some days from today."""
    return read_ask({"expiring": str(days)}, today).wanted


def row_of(contract: Contract, today: date) -> Row:
    """Return a contract as a line of the register."""
    return Row(
        id=contract.id,
        number=contract.number,
        title=contract.title,
        client=contract.client_name,
        provider=contract.provider_name,
        starts=contract.starts_on.isoformat() if contract.starts_on else "",
        ends=contract.ends_on.isoformat() if contract.ends_on else "",
        left=_left(contract.ends_on, today),
        amount=shown_amount(contract.amount),
        state=contract.state,
        approval=contract.approval,
        made=shown_day(contract.created_at),
    )


def shown_amount(fen: int | None) -> str:
    """Return an amount in yuan with thousands parted, empty for none."""
    return "" if fen is None else f"{Money(fen).yuan:,.2f}"


def shown_day(moment: datetime) -> str:
    """Return the day of a moment in local time."""
    return moment.astimezone().date().isoformat()


def _left(end: date | None, today: date) -> str:
    """Return how long a contract still runs, where that is soon."""
    days = (end - today).days if end else NEAR + 1
    if not 0 <= days <= NEAR:
        return ""
    return ngettext("%(num)d day left", "%(num)d days left", days) if days else _("ends today")
