"""Party rules PTY-01 and PTY-02: labels, names and credit codes."""

from __future__ import annotations

from collections.abc import Iterator

from clausebank.document import Document, Filled, Role, plain
from clausebank.findings import Finding, Level
from clausebank.lint.places import Place, found
from clausebank.lint.searches import labels
from clausebank.lint.sheets import firsts
from clausebank.wording.identifiers import is_credit_code
from clausebank.wording.values import Company


def strange_labels(document: Document) -> Iterator[Finding]:
    """PTY-01: a party label the contract does not use, in a clause or typed into an answer."""
    own = set(document.labels.values())
    for label, (place, inline) in firsts(document, labels, own).items():
        used = "、".join(label for role, label in document.labels.items() if role is not Role.THIRD_PARTY)
        yield found(
            "PTY-01",
            Level.ERROR,
            place,
            f"当事人称谓不一致：出现“{label}”，本合同称谓为{used}。",
            f"Inconsistent party label {label}.",
            blank=inline.name if isinstance(inline, Filled) else "",
            snippet=inline.text[:60],
        )


def names_differ(document: Document) -> Iterator[Finding]:
    """PTY-01: a party's name on the cover differs from the one at its signature."""
    covers = {line.label: plain(line.value) for line in document.cover.lines}
    for signatory in document.signature.signatories:
        label = signatory.heading.partition("（")[0]
        if label in covers and covers[label] != plain(signatory.name):
            zh = f"当事人名称不一致：{covers[label]}/{plain(signatory.name)}。"
            yield found("PTY-01", Level.ERROR, Place((), "signature"), zh, "Party names differ.")


def credit_codes(document: Document) -> Iterator[Finding]:
    """PTY-02: a 统一社会信用代码 that fails its check (GB 32100-2015)."""
    for name, value in document.answers.items():
        if isinstance(value, Company) and value.uscc and not is_credit_code(value.uscc):
            zh = f"统一社会信用代码校验不通过：{value.uscc}。"
            yield found("PTY-02", Level.ERROR, None, zh, f"Invalid USCC: {value.uscc}.", blank=f"{name}.uscc")


PARTY_RULES = (strange_labels, names_differ, credit_codes)
