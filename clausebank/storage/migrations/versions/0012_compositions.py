"""The clause versions contracts hold, each set of them kept once."""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa
from alembic import op

from clausebank.storage.compositions import digest_of

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SEEN_BY = ("team_id", "owner_id")
INDEXES = {
    "ix_contract_newest": ("created_at", "id", "composition_id", "kind", *SEEN_BY),
    **{
        f"ix_contract_of_{made}": (f"{made}_id", "created_at", "id", *SEEN_BY)
        for made in ("composition", "template_version", "vocabulary_version")
    },
}
HELD = sa.table("contract_clause", sa.column("contract_id", sa.Uuid()), sa.column("clause_version_id"))
CONTRACT = sa.table("contract", sa.column("id", sa.Uuid()), sa.column("composition_id"))
COMPOSITION = sa.table("composition", sa.column("id"), sa.column("sha256"))
PART = sa.table("composition_clause", sa.column("composition_id"), sa.column("clause_version_id"))


def upgrade() -> None:
    _create()
    op.execute(
        "ALTER TABLE contract ADD COLUMN composition_id INTEGER"
        " CONSTRAINT fk_contract_composition_id_composition REFERENCES composition (id)"
    )
    _fill()
    for name, columns in INDEXES.items():
        op.create_index(name, "contract", list(columns))
    op.drop_table("contract_clause")


def downgrade() -> None:
    op.create_table(
        "contract_clause",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("clause_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clause_version_id"],
            ["clause_version.id"],
            name=op.f("fk_contract_clause_clause_version_id_clause_version"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_clause_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contract_id", "clause_version_id", name=op.f("pk_contract_clause")),
    )
    op.create_index("ix_contract_clause_clause_version_id", "contract_clause", ["clause_version_id"])
    op.execute(
        "INSERT INTO contract_clause (contract_id, clause_version_id) SELECT c.id, p.clause_version_id"
        " FROM contract c JOIN composition_clause p ON p.composition_id = c.composition_id"
    )
    for name in INDEXES:
        op.drop_index(name, "contract")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_contract_composition_id_composition", "contract")
    op.drop_column("contract", "composition_id")
    op.drop_table("composition_clause")
    op.drop_table("composition")


def _create() -> None:
    op.create_table(
        "composition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_composition")),
        sa.UniqueConstraint("sha256", name=op.f("uq_composition_sha256")),
    )
    op.create_table(
        "composition_clause",
        sa.Column("composition_id", sa.Integer(), nullable=False),
        sa.Column("clause_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clause_version_id"],
            ["clause_version.id"],
            name=op.f("fk_composition_clause_clause_version_id_clause_version"),
        ),
        sa.ForeignKeyConstraint(
            ["composition_id"],
            ["composition.id"],
            name=op.f("fk_composition_clause_composition_id_composition"),
        ),
        sa.PrimaryKeyConstraint("composition_id", "clause_version_id", name=op.f("pk_composition_clause")),
    )
    op.create_index("ix_composition_clause_clause_version_id", "composition_clause", ["clause_version_id"])


def _fill() -> None:
    """Give each contract the composition of the versions it holds."""
    bind = op.get_bind()
    rows = bind.execute(sa.select(HELD).order_by(HELD.c.contract_id, HELD.c.clause_version_id)).all()
    known: dict[str, int] = {}
    for contract_id, held in groupby(rows, key=lambda row: row.contract_id):
        ids = [row.clause_version_id for row in held]
        digest = digest_of(ids)
        if digest not in known:
            known[digest] = len(known) + 1
            bind.execute(COMPOSITION.insert(), {"id": known[digest], "sha256": digest})
            bind.execute(
                PART.insert(), [{"composition_id": known[digest], "clause_version_id": id_} for id_ in ids]
            )
        rule = CONTRACT.c.id == contract_id
        bind.execute(CONTRACT.update().where(rule).values(composition_id=known[digest]))
    if bind.dialect.name == "postgresql" and known:
        op.execute("SELECT setval('composition_id_seq', (SELECT max(id) FROM composition))")
