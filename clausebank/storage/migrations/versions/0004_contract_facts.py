"""Facts of contracts as columns, read from their answers, and the indexes lists are sorted by."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from alembic import op

from clausebank.facts import facts_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT_ONCE = 500
INDEXES = (
    ("created_at", "id"),
    ("kind", "created_at", "id"),
    ("client_name", "created_at", "id"),
    ("provider_name", "created_at", "id"),
    ("starts_on", "id"),
    ("ends_on", "id"),
    ("amount", "id"),
    ("predecessor_id",),
)
CONTRACT = sa.table(
    "contract",
    sa.column("id", sa.Uuid()),
    sa.column("answers", sa.JSON()),
    sa.column("client_name"),
    sa.column("provider_name"),
    sa.column("starts_on", sa.Date()),
    sa.column("ends_on", sa.Date()),
    sa.column("amount"),
)


def upgrade() -> None:
    for name in ("client_name", "provider_name"):
        op.add_column("contract", sa.Column(name, sa.String(300), server_default="", nullable=False))
    for name, type_ in (("starts_on", sa.Date()), ("ends_on", sa.Date()), ("amount", sa.BigInteger())):
        op.add_column("contract", sa.Column(name, type_, nullable=True))
    _add_predecessor()
    _fill()
    for name in ("created_at", "kind"):
        op.drop_index(f"ix_contract_{name}", "contract")
    for columns in INDEXES:
        op.create_index(_name(columns), "contract", list(columns))


def downgrade() -> None:
    for columns in INDEXES:
        op.drop_index(_name(columns), "contract")
    for name in ("created_at", "kind"):
        op.create_index(f"ix_contract_{name}", "contract", [name])
    for name in ("predecessor_id", "amount", "ends_on", "starts_on", "provider_name", "client_name"):
        op.drop_column("contract", name)


def _name(columns: tuple[str, ...]) -> str:
    return "ix_contract_" + "_".join(columns)


def _add_predecessor() -> None:
    """Add a column that refers to the table itself: written out, or SQLite's table would be rebuilt."""
    type_ = sa.Uuid().compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE contract ADD COLUMN predecessor_id {type_}"
        " CONSTRAINT fk_contract_predecessor_id_contract REFERENCES contract (id)"
    )


def _fill() -> None:
    """Read the facts of the contracts that are there already, some hundred at a time."""
    connection, column = op.get_bind(), CONTRACT.c
    change = (
        sa.update(CONTRACT)
        .where(column.id == sa.bindparam("contract_id"))
        .values({name: sa.bindparam(name) for name in asdict(facts_of({}))})
    )
    query = sa.select(column.id, column.answers).order_by(column.id).limit(AT_ONCE)
    found = connection.execute(query).all()
    while found:
        connection.execute(change, [{"contract_id": id_, **asdict(facts_of(a))} for id_, a in found])
        found = connection.execute(query.where(column.id > found[-1].id)).all()
