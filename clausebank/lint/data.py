"""Data rule DAT-01: personal information is handled, but no processing agreement is attached."""

from __future__ import annotations

from collections.abc import Iterator

from clausebank.document import Document
from clausebank.findings import Finding, Level
from clausebank.lint.places import found

HANDLING = ("outbound_contact", "call_centre")


def agreement_missing(document: Document) -> Iterator[Finding]:
    """DAT-01: contact lists and calls are personal information (PIPL art. 21)."""
    for name in HANDLING:
        if document.answers.get(name) is True and document.answers.get("personal_data") is False:
            zh = "服务包括联系终端客户，联系名单和通话记录属于个人信息，须附委托处理协议。"
            en = "Contact lists and calls are personal information: attach a data-processing agreement."
            yield found(
                "DAT-01", Level.WARNING, None, zh, en, blank="personal_data", basis="个人信息保护法 21"
            )
            return


DATA_RULES = (agreement_missing,)
