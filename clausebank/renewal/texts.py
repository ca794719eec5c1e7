"""The texts of a renewal: those of the old contract, the approved ones, or some of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from clausebank.assembly.derive import derive
from clausebank.assembly.select import Stances, blanks_needed, suggestions
from clausebank.bank.model import Bank, Clause
from clausebank.renewal.policy import Policy, Texts
from clausebank.templates import Template
from clausebank.wording.values import Answers


@dataclass(frozen=True, slots=True)
class Source:
    """A template with the bank its clauses are taken from."""

    template: Template
    bank: Bank


def new_stances(old: Stances, policy: Policy) -> Stances:
    """Return the stances of the renewal: those of the contract unless the policy changes them.

    Clauses left out stay out; the versions chosen for single clauses are a matter of the policy.
    """
    if policy.stance is not None:
        return Stances(policy.stance, dict(policy.stance_for), without=old.without)
    single = {
        clause: stance
        for clause, stance in old.by_clause.items()
        if clause.split(".", 1)[0] not in policy.stance_for
    }
    topics = {**old.by_topic, **policy.stance_for}
    return replace(old, by_topic=topics, by_clause=single, versions={})


def texts_of(
    pinned: Source, current: Source, policy: Policy, before: Stances, after: Stances, answers: Answers
) -> Source:
    """Return the template and the bank of a renewal.

    ``pinned`` is what the old contract was made of, each clause in its one version. A clause keeps it
    while its stance stays; a text of another stance was never in the contract and comes from the
    approved ones. UnknownName when the old template has a clause that nobody has any more.
    """
    if policy.texts is Texts.NEWEST:
        return current
    clauses = dict(current.bank.clauses)
    for clause_id, clause in pinned.bank.clauses.items():
        if not _is_renewed(clauses.get(clause_id, clause), policy) and before.of(clause) is after.of(clause):
            known = clauses.get(clause_id, clause)
            clauses[clause_id] = replace(known, variants=clause.variants)
    template, vocabulary = pinned.template, pinned.bank.vocabulary
    needed = blanks_needed(template, Bank(clauses, vocabulary), after, derive(answers))
    enough = needed <= vocabulary.blanks.keys()
    return Source(template, Bank(clauses, vocabulary if enough else current.bank.vocabulary))


def _is_renewed(clause: Clause, policy: Policy) -> bool:
    """Tell whether a clause, as the bank has it now, takes its approved text whatever the contract held."""
    marked = clause.mandatory or bool({clause.id, clause.topic} & policy.mandatory)
    return policy.texts is Texts.MANDATORY and marked


def absent_mandatory(source: Source, current: Source, policy: Policy) -> Iterator[str]:
    """Yield mandatory clauses that the template in force has and that of the renewal has not."""
    held = set(source.template.clause_ids())
    for clause_id in current.template.clause_ids():
        if clause_id not in held and _is_renewed(current.bank.clauses[clause_id], policy):
            yield clause_id


def followed_figures(
    raw: Mapping[str, object],
    held: Collection[str],
    before: tuple[Source, Stances],
    after: tuple[Source, Stances],
    *,
    follow: bool = True,
) -> dict[str, object]:
    """Return raw answers in which what the old stances suggested is what the new ones suggest.

    ``held`` are the blanks the old contract answered, be it with nothing; any other is left out, so that
    it takes what is suggested now. With ``follow`` off every figure stays.
    """
    was, now = (suggestions(source.template, source.bank, stances) for source, stances in (before, after))
    moved = {name: now[name] for name in was.keys() & now.keys() if follow and raw.get(name) == was[name]}
    return {name: value for name, value in {**raw, **moved}.items() if name in held or value is not None}
