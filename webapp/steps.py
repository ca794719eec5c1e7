"""The form in steps: the questions of a group, at most nine fields at a time, with the articles they fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebank.assembly.derive import DERIVED, sources
from clausebank.assembly.select import FRAME_BLANKS, text_blanks
from clausebank.bank.model import Bank, Bilingual, Blank, BlankType
from clausebank.memo import Memo
from clausebank.templates import ArticleSlot, Template

MOST = 9
FRAME = frozenset(FRAME_BLANKS)


@dataclass(frozen=True, slots=True)
class Step:
    """Some questions of a group, page ``number`` of ``pages``, with the values computed from them.

    ``articles`` are those of the contract which the questions fill, in the order of the questions.
    """

    name: str
    group: str
    title: Bilingual
    number: int
    pages: int
    articles: tuple[ArticleSlot, ...]
    blanks: tuple[Blank, ...]
    computed: tuple[Blank, ...] = ()


_steps: Memo[tuple[Step, ...]] = Memo(64)


def steps_of(template: Template, bank: Bank, asked: tuple[Blank, ...]) -> tuple[Step, ...]:
    """Return the steps of a kind; every question is in one of them, whether it is needed now or not."""
    names = tuple(blank.name for blank in asked)
    return _steps((template, bank), names, lambda: tuple(_computed(_made(template, bank, asked), bank)))


def size(blank: Blank, company: Sequence[Blank]) -> int:
    """Return how many fields a question has; those of a list are the columns of one row."""
    match blank.type:
        case BlankType.COMPANY:
            return len(company)
        case BlankType.LIST:
            return sum(not column.derived for column in blank.fields)
        case _:
            return 1


def _made(template: Template, bank: Bank, asked: tuple[Blank, ...]) -> list[Step]:
    homes = dict(_homes(template, bank))
    made: list[Step] = []
    for group, title in bank.vocabulary.groups.items():
        pages = list(_pages([b for b in asked if b.group == group], homes, bank.vocabulary.company))
        if made and pages and len(pages[0]) == 1 and len(pages) > 1 and _fits(made[-1], pages[0][0], bank):
            made[-1] = replace(made[-1], blanks=(*made[-1].blanks, *pages.pop(0)))
        for number, blanks in enumerate(pages, 1):
            articles = tuple(dict.fromkeys(homes[blank.name].id for blank in blanks if blank.name in homes))
            slots = {article.id: article for article in homes.values()}
            taken = tuple(slots[name] for name in articles)
            made.append(Step(f"{group}-{number}", group, title, number, len(pages), taken, tuple(blanks)))
    return made


def _fits(step: Step, blank: Blank, bank: Bank) -> bool:
    """Tell whether a single question that would make a step of its own can join the step before."""
    company = bank.vocabulary.company
    return sum(size(each, company) for each in (*step.blanks, blank)) <= MOST


def _homes(template: Template, bank: Bank) -> Iterator[tuple[str, ArticleSlot]]:
    """Yield each blank with the first article any wording of which uses it, later articles first.

    What the cover and the blocks of the parties say belongs to no article.
    """
    for article in reversed(list(template.articles())):
        for slot in article.slots:
            for variant in bank.clauses[slot.clause].variants.values():
                yield from ((name, article) for name in text_blanks(variant.body) - FRAME)


def _pages(
    blanks: Sequence[Blank], homes: Mapping[str, ArticleSlot], company: Sequence[Blank]
) -> Iterator[list[Blank]]:
    """Yield as many questions as fit a page; questions of one article stay together where they fit."""
    page: list[Blank] = []
    for run in _runs(blanks, homes):
        if page and _total([*page, *run], company) > MOST:
            yield page
            page = []
        for blank in run:
            if page and _total([*page, blank], company) > MOST:
                yield page
                page = []
            page.append(blank)
    if page:
        yield page


def _runs(blanks: Sequence[Blank], homes: Mapping[str, ArticleSlot]) -> Iterator[list[Blank]]:
    """Yield the questions that follow each other and fill the same article."""
    run: list[Blank] = []
    for blank in blanks:
        if run and homes.get(run[-1].name) is not homes.get(blank.name):
            yield run
            run = []
        run.append(blank)
    if run:
        yield run


def _total(blanks: Iterable[Blank], company: Sequence[Blank]) -> int:
    return sum(size(blank, company) for blank in blanks)


def _computed(made: Sequence[Step], bank: Bank) -> Iterator[Step]:
    """Yield the steps with the values computed from their questions, each at the last of those."""
    places: dict[str, list[Blank]] = {}
    for blank in bank.vocabulary.blanks.values():
        names = sources(blank.name) if blank.derived and blank.name in DERIVED else frozenset()
        using = [step.name for step in made if any(each.name in names for each in step.blanks)]
        if using:
            places.setdefault(using[-1], []).append(blank)
    for step in made:
        yield replace(step, computed=tuple(places.get(step.name, ())))
