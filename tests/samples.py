"""A small bank for tests of the engine: clauses and templates written where they are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from textwrap import dedent

from clausebank.bank.load import make_bank, parse_clause
from clausebank.bank.model import Bank
from clausebank.bank.vocabulary_files import make_vocabulary
from clausebank.templates import Template, parse_template
from clausebank.wording.values import Company, Money, Period, Value

VOCABULARY = {
    "groups": {"contract": {"zh": "合同", "en": "Contract"}},
    "topics": {topic: {"zh": topic, "en": topic} for topic in ("fees", "data", "general", "parties")},
    "laws": {
        "民法典": {"title": "中华人民共和国民法典", "last_article": 1260, "effective_from": "2021-01-01"},
        "合同法": {"title": "中华人民共和国合同法", "last_article": 428, "effective_to": "2021-01-01"},
    },
    "company": {
        "name": {"type": "text", "label": {"zh": "名称", "en": "Name"}, "example": "某公司"},
        "uscc": {"type": "text", "label": {"zh": "信用代码", "en": "Code"}, "example": "91350100M000100Y43"},
        "bank": {
            "type": "text",
            "label": {"zh": "开户银行", "en": "Bank"},
            "optional": True,
            "example": "某银行",
        },
    },
    "blanks": {
        "contract": {
            "contract_number": {
                "type": "text",
                "label": {"zh": "合同编号", "en": "Number"},
                "example": "A-1",
            },
            "signing_place": {"type": "text", "label": {"zh": "签订地", "en": "Place"}, "example": "上海"},
            "signing_date": {
                "type": "date",
                "label": {"zh": "签订日期", "en": "Date"},
                "optional": True,
                "example": "2026-01-01",
            },
            "party_labels": {
                "type": "choice",
                "label": {"zh": "称谓", "en": "Labels"},
                "choices": {
                    "client_first": {"zh": "甲方为委托方", "en": "client first"},
                    "provider_first": {"zh": "甲方为服务方", "en": "provider first"},
                },
                "example": "client_first",
            },
            "client": {"type": "company", "label": {"zh": "委托方", "en": "Client"}, "example": {}},
            "provider": {"type": "company", "label": {"zh": "服务方", "en": "Provider"}, "example": {}},
            "fee_total": {"type": "money", "label": {"zh": "服务费", "en": "Fee"}, "example": "1.00"},
            "grace": {"type": "period", "label": {"zh": "宽限期", "en": "Grace"}, "example": "5日"},
            "rate": {"type": "percent", "label": {"zh": "比例", "en": "Rate"}, "example": "5"},
            "copies_each": {"type": "integer", "label": {"zh": "份数", "en": "Copies"}, "example": 1},
            "third_party": {
                "type": "switch",
                "label": {"zh": "第三方", "en": "Third party"},
                "example": True,
            },
            "method": {
                "type": "choice",
                "label": {"zh": "方式", "en": "Method"},
                "choices": {
                    "court": {"zh": "法院", "en": "court"},
                    "arbitration": {"zh": "仲裁", "en": "arb."},
                },
                "example": "court",
            },
            "payment_schedule": {
                "type": "list",
                "label": {"zh": "付款进度", "en": "Schedule"},
                "fields": {
                    "stage": {"type": "text", "label": {"zh": "节点", "en": "Stage"}, "example": "首期"},
                    "share": {"type": "percent", "label": {"zh": "比例", "en": "Share"}, "example": "100"},
                    "amount": {
                        "type": "money",
                        "label": {"zh": "金额", "en": "Amount"},
                        "derived": True,
                        "example": "1.00",
                    },
                },
                "example": [],
            },
        },
    },
}

CLIENT = Company("甲公司", "91350100M000100Y43", "上海", "张三", "李四", "021-1", "a@example.com")
PROVIDER = Company("乙公司", "91330106MA2CFRE346", "杭州", "王五", "赵六", "0571-1", "b@example.com")

ANSWERS: dict[str, Value] = {
    "contract_number": "A-1",
    "signing_place": "上海",
    "party_labels": "client_first",
    "client": CLIENT,
    "provider": PROVIDER,
    "fee_total": Money(12_000_000),
    "grace": Period.parse("5日"),
    "rate": Decimal(5),
    "copies_each": 2,
    "third_party": True,
    "method": "court",
    "signing_date": date(2026, 3, 1),
    "payment_schedule": ({"stage": "首期", "share": Decimal(30)}, {"stage": "尾期", "share": Decimal(70)}),
}


def bank(texts: Mapping[str, str]) -> Bank:
    """Make a bank of clauses by id: a plain text is a neutral wording, one with '# ' has its own."""
    clauses = {}
    for clause_id, text in texts.items():
        body = dedent(text).strip("\n")
        body = body if body.startswith("# ") else f"# neutral\n\n{body}"
        topic = clause_id.split(".")[0]
        front = f"id: {clause_id}\ntitle: {{zh: {clause_id}, en: {clause_id}}}\ntopic: {topic}\n"
        clause, findings = parse_clause(f"---\n{front}---\n\n{body}\n", f"{clause_id}.md")
        assert clause is not None
        assert findings == []
        clauses[clause_id] = clause
    return make_bank(clauses, make_vocabulary(VOCABULARY))


def template(text: str) -> Template:
    """Make a template from YAML below the fixed head."""
    head = "kind: sample\ntitle: {zh: 服务合同, en: Service agreement}\n"
    found, findings = parse_template(head + dedent(text), "sample/template.yml")
    assert findings == []
    assert found is not None
    return found


def one_article(*clause_ids: str) -> Template:
    """Make a template of a single article with these clauses."""
    slots = ", ".join(clause_ids)
    return template(
        f"parts: [{{id: main, title: {{zh: 主, en: M}}, articles: "
        f"[{{id: only, title: {{zh: 条, en: A}}, clauses: [{slots}]}}]}}]",
    )
