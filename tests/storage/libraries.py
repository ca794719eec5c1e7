"""Small libraries on disk for the storage tests: two clauses, a few blanks, one template."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from clausebank.storage.library import Folders, Library, folders_below
from clausebank.storage.lifecycle import approve, submit
from clausebank.storage.proposals import draft_proposals, find_proposals
from clausebank.storage.versions import name_of

FEES = """---
id: fees.total
title: {zh: 服务费, en: Fees}
topic: fees
basis: [民法典 509]
blanks:
  fee_total: {neutral: "120000.00", client: "100000.00"}
notes: {zh: 总价, en: The total.}
---

# neutral

{client}向{provider}支付服务费{{fee_total}}。

# client

服务费总额为{{fee_total}}，为包干价。
"""
TERM = """---
id: term.duration
title: {zh: 期限, en: Term}
topic: term
blanks: {}
---

# neutral

本合同自签署之日起生效。
"""
FILES = {
    "library/fees/fees.total.md": FEES,
    "library/term/term.duration.md": TERM,
    "vocabulary/groups.yml": "contract: {zh: 合同, en: Contract}\nfees: {zh: 费用, en: Fees}\n",
    "vocabulary/topics.yml": "fees: {zh: 费用, en: Fees}\nterm: {zh: 期限, en: Term}\n",
    "vocabulary/laws.yml": "民法典: {title: 中华人民共和国民法典, last_article: 1260, effective_from: 2021-01-01}\n",
    "vocabulary/company.yml": "name: {type: text, label: {zh: 名称, en: Name}, example: 甲公司}\n",
    "vocabulary/blanks/contract.yml": (
        "contract_number: {type: text, label: {zh: 合同编号, en: Number}, example: A-1}\n"
        "signing_place: {type: text, label: {zh: 签订地, en: Place}, example: 上海}\n"
        "signing_date: {type: date, label: {zh: 签订日期, en: Date}, optional: true, example: 2026-03-01}\n"
        "party_labels: {type: choice, label: {zh: 称谓, en: Labels}, example: client_first,"
        " choices: {client_first: {zh: 甲方为委托方, en: 甲方 is the client}}}\n"
        "client: {type: company, label: {zh: 委托方, en: Client}, example: {name: 甲公司}}\n"
        "provider: {type: company, label: {zh: 服务方, en: Provider}, example: {name: 乙公司}}\n"
    ),
    "vocabulary/blanks/fees.yml": (
        'fee_total: {type: money, label: {zh: 服务费, en: Fees}, example: "120000.00"}\n'
        "first_day: {type: date, label: {zh: 起始日, en: First day}, example: 2026-03-01}\n"
    ),
    "templates/small/template.yml": """kind: small
title: {zh: 小合同, en: Small contract}
shell: standard
labels: client_first
parts:
  - id: main
    title: {zh: 主合同, en: Main agreement}
    articles:
      - {id: fees, title: {zh: 费用, en: Fees}, clauses: [fees.total, term.duration]}
""",
}


def small_library(root: Path, **changes: str | None) -> Folders:
    """Write the small library below ``root``; ``changes`` replace the text of a clause, or drop it."""
    files = dict(FILES)
    for name, text in changes.items():
        path = next(key for key in FILES if key.endswith(f"/{name.replace('__', '.')}.md"))
        files[path] = text
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            target.unlink(missing_ok=True)
        else:
            target.write_text(text, "utf-8")
    return folders_below(root)


def load_own(session: Session, library: Library, author: str, note: str = "本单位的文本") -> int:
    """Bring an organisation's own texts into force, unchecked; return how many versions are new."""
    drafts = draft_proposals(session, find_proposals(session, library), author, note)
    names = [name_of(row) for row in drafts]
    submit(session, names, author, lambda *_: [])
    return len(approve(session, names, "李审核", lambda *_: []))
