"""Random valid answers of any kind of contract, for the tests of schemas and renderers."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from stdnum.cn import uscc

from clausebank.assembly.select import Stances, blanks_offered
from clausebank.bank.model import Bank, Blank, BlankType
from clausebank.templates import Template
from clausebank.wording.values import Answers, Period, Unit
from schemas import answers_schema, example_answers
from schemas.fields import LINE
from schemas.relations import ADMITTED, ORDERED
from schemas.text import BLANKS

VARIED = 25  # how many answers differ from the example at once
LONGEST = 200
NASTY = (
    "A&B<公司>",
    "\"双引号\"与'单引号'“弯引号”‘’",
    "😀🏢❤️",
    "{{7*7}}",
    "{%for x in y%}${7*7}<%=7%>",
    "</w:t></w:r>&amp;]]>",
    "#set $x$ *强调* _下划线_ @引用 `代码` //注释",
    "\\{client} [[术语]] **“定义”**",
    "全角１２３ＡＢＣ，。％",
    "第一条　《合同》【待填】（以下简称）——……",
    "𠮷𡈽㐂",
    "é ü ñ Ω €",
    "-- <script>alert(1)</script>",
    "long" * 30,
    "长" * 120,
)
CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SEEN = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"])
MONEY_LIMIT = 10**14 - 1
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

Raw = dict[str, Any]


def valid_answers(
    template: Template, bank: Bank, stances: Stances | None = None
) -> st.SearchStrategy[Answers]:
    """Return a strategy for typed answers the schema accepts."""
    return valid_raw_answers(template, bank, stances).map(answers_schema(template, bank, stances).load)


@st.composite
def valid_raw_answers(draw: st.DrawFn, template: Template, bank: Bank, stances: Stances | None = None) -> Raw:
    """Draw raw answers the schema accepts: the example, with some of its answers drawn anew."""
    raw = example_answers(template, bank, stances)
    blanks = {blank.name: blank for blank in blanks_offered(template, bank, stances)}
    for name in draw(st.lists(st.sampled_from(sorted(blanks)), max_size=VARIED, unique=True)):
        raw[name] = draw(raw_values(blanks[name], bank.vocabulary.company))
        if blanks[name].optional and draw(st.booleans()):
            raw[name] = None
    return _agreeing(draw, raw)


def raw_values(blank: Blank, company: tuple[Blank, ...] = ()) -> st.SearchStrategy[Any]:
    """Return a strategy for valid raw values of one blank."""
    match blank.type:
        case BlankType.DATE:
            return st.dates(FIRST_DAY, LAST_DAY).map(date.isoformat)
        case BlankType.CHOICE:
            return st.sampled_from([choice.key for choice in blank.choices])
        case BlankType.SWITCH:
            return st.booleans()
        case BlankType.TEXT:
            return texts(int(blank.minimum or 1), min(int(blank.maximum or LINE), LONGEST), blank.multiline)
        case BlankType.COMPANY:
            return companies(company)
        case BlankType.LIST:
            columns = {column.name: raw_values(column) for column in blank.fields if not column.derived}
            most = min(int(blank.maximum or 5), 5)
            return st.lists(st.fixed_dictionaries(columns), min_size=int(blank.minimum or 1), max_size=most)
        case _:
            return _measured(blank)


def _measured(blank: Blank) -> st.SearchStrategy[Any]:
    """Return a strategy for numbers within the limits of a blank."""
    match blank.type:
        case BlankType.MONEY:
            return _steps(blank, "0.01", MONEY_LIMIT).map(lambda fen: f"{Decimal(fen) / 100:.2f}")
        case BlankType.PERCENT:
            return _steps(blank, "0.01", 10_000).map(lambda step: f"{Decimal(step) / 100:f}")
        case BlankType.INTEGER:
            return st.integers(int(blank.minimum or -(10**11)), int(blank.maximum or 10**11))
        case _:
            return _periods(blank)


def texts(low: int, high: int, multiline: bool = False) -> st.SearchStrategy[str]:
    """Return a strategy for text that the schema neither refuses nor changes."""
    pieces = st.sampled_from(NASTY) | st.text(SEEN, min_size=1, max_size=20)
    joint = st.sampled_from(["", " ", "\n"] if multiline else ["", " "])
    return st.builds(str.join, joint, st.lists(pieces, min_size=1, max_size=4)).map(
        lambda text: _fitted(text, low, high)
    )


def companies(columns: tuple[Blank, ...]) -> st.SearchStrategy[Any]:
    """Return a strategy for companies with every column filled."""
    special = {
        "uscc": credit_codes(),
        "phone": st.sampled_from(
            ["021-50001234", "13800138000", "400-800-1234", "95588", "021-50001234转801"]
        ),
        "email": st.sampled_from(["legal@example.com", "a.b+c@sub.example.org"]),
        "account": st.from_regex(r"\A[0-9]{10,20}\Z"),
    }
    return st.fixed_dictionaries({c.name: special.get(c.name, raw_values(c)) for c in columns})


def credit_codes() -> st.SearchStrategy[str]:
    """Return a strategy for 统一社会信用代码 with the right check digit."""
    body = st.text(CODE_CHARACTERS, min_size=9, max_size=9)
    start = st.sampled_from(["91310000", "91330106", "12110000", "N2440300", "93500105"])
    return st.builds(str.__add__, start, body).map(lambda code: code + uscc.calc_check_digit(code + "0"))


def _steps(blank: Blank, least: str, most: int) -> st.SearchStrategy[int]:
    """Return a strategy for hundredths between the limits of a blank."""
    low, high = (
        None if limit is None else int(Decimal(limit) * 100) for limit in (blank.minimum, blank.maximum)
    )
    return st.integers(int(Decimal(least) * 100) if low is None else low, most if high is None else high)


def _periods(blank: Blank) -> st.SearchStrategy[str]:
    low = Period.parse(blank.minimum) if blank.minimum else None
    high = Period.parse(blank.maximum) if blank.maximum else None
    units = [limit.unit for limit in (low, high) if limit] or list(Unit)
    return st.builds(
        lambda number, unit: str(Period(number, unit)),
        st.integers(low.number if low else 1, high.number if high else 999),
        st.sampled_from(units[:1] if low or high else units),
    )


def _fitted(text: str, low: int, high: int) -> str:
    """Bring text into the form and length the schema keeps as they are."""
    text = unicodedata.normalize("NFC", text).strip(BLANKS)[:high].strip(BLANKS)
    return text if len(text) >= low and text.strip() else f"{text.strip(BLANKS)}{'甲' * low}"[:high]


def _agreeing(draw: st.DrawFn, raw: Raw) -> Raw:
    """Change answers that contradict each other."""
    raw = deepcopy(raw)
    start = draw(st.dates(FIRST_DAY, LAST_DAY - timedelta(days=3660)))
    end = start + timedelta(days=draw(st.integers(40, 3650)))
    fee = f"{draw(st.integers(10**4, 10**11))}.{draw(st.integers(10, 99))}"
    drawn = {"service_start_date": start.isoformat(), "service_end_date": end.isoformat(), "fee_total": fee}
    raw |= {name: value for name, value in (drawn | LEAST).items() if name in raw}
    rows = raw.get("payment_schedule", [])
    for row, share in zip(rows, _shares(draw, len(rows)), strict=True):
        row["share"] = share
    for low, high in ORDERED:
        if low in raw and high in raw and _size(raw[low]) > _size(raw[high]):
            raw[low] = raw[high]
    admits = ADMITTED.get(raw.get("third_party_kind") or "", "")
    raw |= {admits: True} if admits in raw else {}
    return _distinct(draw, raw)


LEAST = {"third_party_cap_amount": "1.00", "third_party_cap_percent": "1", "third_party_duration": "1个月"}


def _shares(draw: st.DrawFn, rows: int) -> list[str]:
    """Draw shares that add up to 100."""
    if not rows:
        return []
    cuts = draw(st.lists(st.integers(1, 9999), min_size=rows - 1, max_size=rows - 1, unique=True))
    edges = [0, *sorted(cuts), 10_000]
    return [f"{Decimal(after - before) / 100:f}" for before, after in pairwise(edges)]


def _size(raw: object) -> Decimal:
    try:
        return Period.parse(str(raw)).hours
    except ValueError:
        return Decimal(str(raw))


def _distinct(draw: st.DrawFn, raw: Raw) -> Raw:
    """Give each party a code of its own."""
    parties = [
        raw[name]
        for name in ("client", "provider", "third_party_company")
        if isinstance(raw.get(name), Mapping)
    ]
    codes = draw(st.lists(credit_codes(), min_size=len(parties), max_size=len(parties), unique=True))
    for party, code in zip(parties, codes, strict=True):
        party["uscc"] = code
    return raw
