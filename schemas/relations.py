"""Relations between answers, as a table: which is not above which; parties that must differ; and the third party the contract admits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from clausebank.bank.model import Vocabulary
from clausebank.wording.phrase import phrase
from clausebank.wording.values import Answers, Company, Period
from schemas.problems import Message, message

Said = Iterator[tuple[str, Message]]
PARTIES = ("client", "provider", "third_party_company")
ADMITTED: Mapping[str, str] = {
    kind: f"third_party_{kind}"
    for kind in (
        "technical", "advisory", "data", "events", "evaluation", "intermediary", "guarantee", "mediation",
        "supervision",
    )
}  # fmt: skip
"""The answer that admits each kind of third party; the kind ``other`` is always admitted."""

# The first answer is not above the second.
ORDERED: tuple[tuple[str, str], ...] = (
    ("service_credit_percent", "service_credit_cap"),
    ("delay_damages_cap", "liability_cap_percent"),
    ("quality_damages_percent", "liability_cap_percent"),
    ("overcharge_damages_percent", "liability_cap_percent"),
    ("liability_cap_percent", "special_cap_percent"),
    ("confidentiality_damages_percent", "special_cap_percent"),
    ("third_party_cap_multiple", "third_party_gross_multiple"),
    ("third_party_duration", "service_term"),
    ("data_urgent_notice", "data_incident_notice"),
    ("complaint_general_period", "complaint_complex_period"),
    ("response_time", "resolution_time"),
    ("resolution_time", "complex_resolution_time"),
    ("assessment_pass", "assessment_good"),
    ("complaint_investigate_period", "complaint_propose_period"),
    ("complaint_propose_period", "complaint_finish_period"),
)


def misordered(answers: Answers, vocabulary: Vocabulary) -> Said:
    """Yield answers that are above what limits them."""
    for low, high in ORDERED:
        if low in answers and high in answers and _size(answers[low]) > _size(answers[high]):
            first, second = vocabulary.blanks[low], vocabulary.blanks[high]
            one, other = phrase(answers[low], first), phrase(answers[high], second)
            zh = f"“{first.label.zh}”（{one}）不得高于“{second.label.zh}”（{other}），请修改其中一项。"
            en = f"“{first.label.en}” ({one}) must not exceed “{second.label.en}” ({other}): change one of them."
            yield low, message(zh, en)


def not_admitted(answers: Answers, vocabulary: Vocabulary) -> Said:
    """Yield the kind of the third party chosen when the contract does not admit that kind."""
    kind = answers.get("third_party_kind")
    admits = ADMITTED.get(kind) if isinstance(kind, str) else None
    if admits and answers.get(admits) is False:
        choices, switch = vocabulary.blanks["third_party_kind"].choices, vocabulary.blanks[admits].label
        label = next(choice.label for choice in choices if choice.key == kind)
        zh = f"“{label.zh}”不在合同允许介入的类型之内，请勾选“{switch.zh}”，或者改选其他类型。"
        en = f"“{label.en}” is no kind the contract admits: tick “{switch.en}” or choose another kind."
        yield "third_party_kind", message(zh, en)


def _size(value: Any) -> Any:
    return value.hours if isinstance(value, Period) else value


def same_party(answers: Answers, vocabulary: Vocabulary) -> Said:
    """Yield companies that appear twice among the parties."""
    companies = {name: value for name in PARTIES if isinstance(value := answers.get(name), Company)}
    for (one, first), (other, second) in combinations(companies.items(), 2):
        if first.uscc == second.uscc:
            label = vocabulary.blanks[one].label
            zh = f"统一社会信用代码与“{label.zh}”的相同，同一家公司不能两次成为当事人，请核对。"
            en = f"The code is that of “{label.en}”; one company cannot be two parties: check both."
            yield f"{other}.uscc", message(zh, en)
