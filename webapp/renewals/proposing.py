"""What the renewal of a contract would be: worked out in full, nothing stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from clausebank.assembly.derive import derive
from clausebank.assembly.select import Stances
from clausebank.balance import balance
from clausebank.bank.model import Bank, Bilingual, Vocabulary
from clausebank.compare.comparison import Comparison, compare
from clausebank.document import Document, Stance
from clausebank.errors import UnknownName
from clausebank.findings import Finding, Level, errors
from clausebank.manifest import Manifest
from clausebank.renewal.amounts import percent_between
from clausebank.renewal.answers import AnswerChange, changed_answers
from clausebank.renewal.policy import Policy
from clausebank.renewal.renew import FEE, NUMBER, renewed
from clausebank.renewal.texts import Source, absent_mandatory, followed_figures, new_stances, texts_of
from clausebank.storage.models import Contract
from clausebank.storage.pinned import find_pinned
from clausebank.storage.renewals import chain_of, taken_numbers
from clausebank.templates import Template
from clausebank.uploads import RefusedFile
from clausebank.wording.values import Money
from schemas import answers_schema
from webapp.drafting import Draft, draft_contract
from webapp.partial import flat_messages
from webapp.verifying import find_filed, rebuild, typed_answers
from webapp.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Shift:
    """Whose favour a topic or a figure was in and is in; None where that is mixed or cannot be told."""

    name: str
    label: Bilingual
    old: Stance | None
    new: Stance | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A contract and what would follow it.

    ``problems`` are the findings that forbid to make it, at their fields; ``remarks`` the others of the
    renewal itself, ``findings`` those of the new contract. Without a document the rest is empty.
    """

    contract: Contract
    problems: tuple[Finding, ...]
    remarks: tuple[Finding, ...] = ()
    draft: Draft | None = None
    answers: tuple[AnswerChange, ...] = ()
    comparison: Comparison | None = None
    favours: tuple[Shift, ...] = ()
    fee: tuple[Money, Money] | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the lint found in the new contract."""
        return self.draft.findings if self.draft else ()

    @property
    def fee_percent(self) -> str:
        """By how many percent the fee changes, with its sign; empty when it does not."""
        if self.fee is None or self.fee[0] == self.fee[1]:
            return ""
        return f"{percent_between(*self.fee):+}%"


def propose_all(
    place: Workspace, session: Session, contracts: Iterable[Contract], policy: Policy, today: date
) -> Iterator[Proposal]:
    """Yield what each contract would become; no two of them get the same number."""
    given: set[str] = set()
    for contract in contracts:
        proposal = propose(place, session, contract, policy, today, given)
        if proposal.draft is not None:
            given.add(str(proposal.draft.answers[NUMBER]))
        yield proposal


def propose(
    place: Workspace,
    session: Session,
    contract: Contract,
    policy: Policy,
    today: date,
    given: Collection[str] = (),
) -> Proposal:
    """Work out what a contract would become; ``given`` are numbers promised to others."""
    try:
        return _proposed(place, session, contract, policy, today, given)
    except ValidationError as error:
        return Proposal(contract, tuple(_invalid(error)))
    except UnknownName as error:
        zh, en = f"已没有：{error}", f"no longer there: {error}"
        return Proposal(contract, (Finding("REN-12", Level.ERROR, zh, en),))
    except RefusedFile as error:
        return Proposal(contract, (Finding("REN-12", Level.ERROR, error.zh, error.en),))


def _proposed(
    place: Workspace,
    session: Session,
    contract: Contract,
    policy: Policy,
    today: date,
    given: Collection[str],
) -> Proposal:
    manifest = Manifest.from_data(contract.manifest)
    found = find_pinned(session, manifest)
    pinned, current = Source(found.template, found.bank), _current(place, contract)
    vocabulary = pinned.bank.vocabulary
    before = Stances.from_data(contract.stances)
    old = typed_answers(contract.answers, vocabulary)
    result = renewed(old, vocabulary.blanks, policy, chain_of(session, contract), today)
    if errors(result.findings):
        return Proposal(contract, tuple(errors(result.findings)), _rest(result.findings))
    after = new_stances(before, policy)
    source = texts_of(pinned, current, policy, before, after, result.answers)
    schema = answers_schema(source.template, source.bank, after)
    raw = followed_figures(
        schema.dump(result.answers),
        contract.answers,
        (Source(pinned.template, current.bank), before),
        (source, after),
        follow=policy.figures and before != after,
    )
    draft = draft_contract(
        source.template,
        raw,
        source.bank,
        after,
        (),
        shell=place.shells.find(manifest.shell_name or source.template.shell),
        filed=_filed(place, manifest, source.template),
        converter=manifest.converter,
    )
    document, _ = rebuild(manifest, session)
    wrong = [*_taken(session, draft, given), *errors(draft.findings)]
    return Proposal(
        contract=contract,
        problems=tuple(wrong),
        remarks=(*_rest(result.findings), *_absent(source, current, policy)),
        draft=draft,
        answers=changed_answers(derive(old), draft.document.answers, source.bank.vocabulary),
        comparison=compare(document, draft.document, (contract.number, str(draft.answers[NUMBER]))),
        favours=tuple(_favours(document, draft.document, current)),
        fee=_fees(document, draft.document),
    )


def _current(place: Workspace, contract: Contract) -> Source:
    return Source(place.template(contract.kind), place.bank)


def _filed(place: Workspace, manifest: Manifest, template: Template) -> dict[str, Any]:
    """Return the files attached to the old contract whose attachment the new one has too."""
    known = {attachment.id for attachment in template.attachments}
    return {name: upload for name, upload in find_filed(manifest, place).items() if name in known}


def _rest(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.level is not Level.ERROR)


def _invalid(error: ValidationError) -> Iterator[Finding]:
    """Yield what the schema says about the new answers, each at its field."""
    for path, said in flat_messages(error.messages):
        for one in said:
            yield Finding("answers", Level.ERROR, one["zh"], one["en"], blank=path)


def _taken(session: Session, draft: Draft, given: Collection[str]) -> Iterator[Finding]:
    """REN-02: a number another contract has."""
    number = str(draft.answers[NUMBER])
    if number in given or taken_numbers(session, [number]):
        zh, en = (
            f"合同编号 {number} 已被使用，请修改编号格式。",
            f"The number {number} is taken: change the pattern.",
        )
        yield Finding("REN-02", Level.ERROR, zh, en, blank=NUMBER, snippet=number)


def _absent(source: Source, current: Source, policy: Policy) -> Iterator[Finding]:
    """REN-11: a mandatory clause that only the newest template has."""
    for clause_id in absent_mandatory(source, current, policy):
        title = current.bank.clauses[clause_id].title
        zh = f"必须更新的条款“{title.zh}”不在原合同的模板中；需要时请采用最新批准的版本。"
        en = f"The mandatory clause “{title.en}” is not in the old template: take the newest versions to have it."
        yield Finding("REN-11", Level.WARNING, zh, en, clause=clause_id)


def _fees(old: Document, new: Document) -> tuple[Money, Money] | None:
    one, other = old.answers.get(FEE), new.answers.get(FEE)
    return (one, other) if isinstance(one, Money) and isinstance(other, Money) and one.fen else None


def _favours(old: Document, new: Document, current: Source) -> Iterator[Shift]:
    """Yield the topics and figures that are in another's favour than before."""
    before, after = (_sides(document, current.template, current.bank) for document in (old, new))
    for name, (label, side) in after.items():
        if name in before and before[name][1] is not side:
            yield Shift(name, label, before[name][1], side)


def _sides(document: Document, template: Template, bank: Bank) -> dict[str, tuple[Bilingual, Stance | None]]:
    found: dict[str, tuple[Bilingual, Stance | None]] = {}
    for line in balance(document, template, bank):
        found[line.topic] = (line.title, line.favours)
        for figure in line.figures:
            label = Bilingual(f"{line.title.zh} {figure.label.zh}", f"{line.title.en}: {figure.label.en}")
            found[f"{line.topic}/{figure.blank}"] = (label, figure.leans)
    return found


# --- as plain data -------------------------------------------------------------------------------


def proposal_data(proposal: Proposal, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a proposal for a machine, for the summary and for the ledger."""
    from clausebank.compare.comparison import QUIET
    from clausebank.compare.text import change_text

    contract, draft, comparison = proposal.contract, proposal.draft, proposal.comparison
    changes = comparison.changes if comparison else ()
    return {
        "contract": str(contract.id),
        "kind": contract.kind,
        "number": contract.number,
        "ends_on": contract.ends_on.isoformat() if contract.ends_on else None,
        "new_number": str(draft.answers[NUMBER]) if draft else None,
        "new_starts_on": draft.answers.get("service_start_date") if draft else None,
        "new_ends_on": draft.answers.get("service_end_date") if draft else None,
        "fee": [f"{fee.yuan:.2f}" for fee in proposal.fee] if proposal.fee else None,
        "fee_percent": proposal.fee_percent,
        "answers": [
            {"field": c.path, "label": _both(c.label), "old": c.old, "new": c.new} for c in proposal.answers
        ],
        "texts": [change_text(change) for change in changes if change.status not in QUIET],
        "favours": [
            {"name": s.name, "label": _both(s.label), "old": _side(s.old), "new": _side(s.new)}
            for s in proposal.favours
        ],
        "findings": [
            {**_finding(finding, vocabulary), "of": of}
            for of, found in (
                ("problem", proposal.problems),
                ("renewal", proposal.remarks),
                ("contract", [f for f in proposal.findings if f.level is not Level.ERROR]),
            )
            for finding in found
        ],
    }


def _both(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _side(stance: Stance | None) -> str:
    return stance.value if stance else "mixed"


def _finding(finding: Finding, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "field": finding.blank,
        "label": _both(vocabulary.label(finding.blank)),
        "message": {"zh": finding.zh, "en": finding.en},
        "clause": finding.clause,
    }
