"""The frame of a contract: labels, cover, party blocks, attachment register, signature blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache, partial

from clausebank.assembly.fill import Filler, shown
from clausebank.document import (
    REGISTER_CAPTION,
    Align,
    Attachment,
    Cover,
    CoverLine,
    Filled,
    Gap,
    Inlines,
    Reference,
    Role,
    Signatory,
    Signature,
    Table,
    Text,
)
from clausebank.memo import Memo
from clausebank.wording.values import Value

ROLE_NAMES: Mapping[Role, str] = {Role.CLIENT: "委托方", Role.PROVIDER: "服务方", Role.THIRD_PARTY: "第三方"}
LABELS: Mapping[str, Mapping[Role, str]] = {
    "client_first": {Role.CLIENT: "甲方", Role.PROVIDER: "乙方"},
    "provider_first": {Role.PROVIDER: "甲方", Role.CLIENT: "乙方"},
    "named": {Role.CLIENT: "委托方", Role.PROVIDER: "服务方"},
    "customer": {Role.CLIENT: "客户方", Role.PROVIDER: "服务方"},
}
THIRD_PARTY_COMPANY = "third_party_company"
BLANKS = ("client", "provider", THIRD_PARTY_COMPANY)
"""What the party tables and signature blocks are made of."""

COVER_NUMBER = ("合同编号", "contract_number")
COVER_LINES = (("签订日期", "signing_date"), ("签订地点", "signing_place"))
SIGNED_BY_HAND = "signing_date"
CLOSING = "（以下无正文）"
SIGN_LINE = "法定代表人或者授权代表（签字）："
DATE_LINE = "签署日期：      年    月    日"
REGISTER_HEADER = ("编号", "附件名称", "内容要求", "形式")
GENERATED_FORM, FILED_FORM = "随本合同附后", "双方确认后附入"


def labels_of(answers: Mapping[str, Value], default: str) -> Mapping[Role, str]:
    """Return the label of every role, in the order in which the parties appear."""
    scheme = answers.get("party_labels")
    return _labels(scheme if isinstance(scheme, str) and scheme in LABELS else default)


@cache
def _labels(scheme: str) -> Mapping[Role, str]:
    return {**LABELS[scheme], Role.THIRD_PARTY: ROLE_NAMES[Role.THIRD_PARTY]}


def parties(labels: Mapping[Role, str]) -> tuple[Role, ...]:
    """Return the two parties in label order."""
    return tuple(role for role in labels if role is not Role.THIRD_PARTY)


def cover(filler: Filler) -> Cover:
    """Return the cover: contract number, parties in label order, date and place of signing."""
    lines = [_cover_line(filler.labels[role], f"{role}.name", filler) for role in parties(filler.labels)]
    lines += [_cover_line(label, name, filler) for label, name in COVER_LINES]
    return Cover(_cover_line(*COVER_NUMBER, filler), tuple(lines))


_cover_lines: Memo[CoverLine] = Memo(1 << 9)


def _cover_line(label: str, name: str, filler: Filler) -> CoverLine:
    owners = (filler.vocabulary, filler.answers.get(name.partition(".")[0]))
    return _cover_lines(owners, (label, name), lambda: _made_line(label, name, filler))


def _made_line(label: str, name: str, filler: Filler) -> CoverLine:
    inline = filler.blank(name)
    return CoverLine(label, () if name == SIGNED_BY_HAND and isinstance(inline, Gap) else (inline,))


_party_tables: Memo[Table] = Memo(1 << 9)


def party_tables(filler: Filler) -> Iterator[Table]:
    """Yield a fields table for each party; fields that may be left out and are, do not appear."""
    for role in parties(filler.labels):
        owners = (filler.vocabulary, filler.labels, filler.answers.get(role))
        yield _party_tables(owners, role, partial(_party_table, role, filler))


_cells: Memo[Inlines] = Memo(1 << 10)


@cache
def _words(text: str) -> Inlines:
    return (Text(text),)


def _party_table(role: Role, filler: Filler) -> Table:
    label, name, company = filler.labels[role], ROLE_NAMES[role], filler.answers.get(role)
    rows: list[tuple[Inlines, ...]] = []
    for column in filler.vocabulary.company:
        inline = shown(f"{role}.{column.name}", column, getattr(company, column.name, None))
        if isinstance(inline, Filled) or not column.optional:
            rows.append((_words(column.label.zh), _cells((), inline, partial(tuple, (inline,)))))
    caption = label if label == name else f"{label}（{name}）"
    return Table(caption, (), tuple(rows), (3, 9), (Align.LEFT, Align.LEFT))


def register(attachments: tuple[Attachment, ...], generated: Collection[str]) -> Table:
    """Return the table of all attachments; ``generated`` holds the ids of those made in full."""
    rows: list[tuple[Inlines, ...]] = [
        (
            (Reference(attachment.anchor, attachment.anchor, attachment.number),),
            (Text(attachment.title),),
            attachment.requirement,
            (Text(GENERATED_FORM if attachment.filed or attachment.id in generated else FILED_FORM),),
        )
        for attachment in attachments
    ]
    header: tuple[Inlines, ...] = tuple((Text(text),) for text in REGISTER_HEADER)
    aligns = (Align.CENTER, Align.LEFT, Align.LEFT, Align.CENTER)
    return Table(REGISTER_CAPTION, header, tuple(rows), (3, 7, 14, 5), aligns)


_signatures: Memo[Signature] = Memo(1 << 9)


def signature(filler: Filler, roles: tuple[Role, ...] = ()) -> Signature:
    """Return a signature block for the parties, or for the roles named."""
    owners = (filler.vocabulary, filler.labels, *map(filler.answers.get, BLANKS))
    return _signatures(owners, roles, lambda: _made_signature(filler, roles))


def _made_signature(filler: Filler, roles: tuple[Role, ...]) -> Signature:
    named = set(roles) or set(parties(filler.labels))
    return Signature(
        tuple(
            Signatory(f"{label}（盖章）：", _signatory_name(filler, role), (SIGN_LINE, DATE_LINE))
            for role, label in filler.labels.items()
            if role in named
        ),
    )


def _signatory_name(filler: Filler, role: Role) -> Inlines:
    if role is not Role.THIRD_PARTY:
        return (filler.blank(f"{role}.name"),)
    known = THIRD_PARTY_COMPANY in filler.vocabulary.blanks and filler.blank(f"{THIRD_PARTY_COMPANY}.name")
    return (known,) if isinstance(known, Filled) else ()
