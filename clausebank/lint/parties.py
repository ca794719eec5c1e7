"""Party rules PTY-01 and PTY-02: labels, names and credit codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clausebank.document import Document, Filled, Role, Text, plain
from clausebank.findings import Finding, Level
from clausebank.lint.places import Place, found, hits
from clausebank.wording.identifiers import is_credit_code
from clausebank.wording.values import Company

LABEL = re.compile("[甲乙丙丁]方|(?:委托|服务|客户)方(?![案式法面向])")


def strange_labels(document: Document) -> Iterator[Finding]:
    """PTY-01: a party label the contract does not use, in a clause or typed into an answer."""
    own = set(document.labels.values())
    seen: set[str] = set()
    for place, (inline, labels) in hits(document, _labels):
        for label in labels - own - seen:
            seen.add(label)
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


def _labels(place: Place) -> Iterator[tuple[Text | Filled, frozenset[str]]]:
    for inline in place.inlines:
        if isinstance(inline, Text | Filled) and (labels := LABEL.findall(inline.text)):
            yield inline, frozenset(labels)


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
