"""Contracts being drafted, sets of answers, and the address book of parties."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clausebank.storage.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make(
        "contract_draft",
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("number", sa.String(300), nullable=False),
        sa.Column("parties", sa.String(300), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(100), nullable=False),
        sa.Column("saved_by", sa.String(100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime()),
        sa.Column("contract_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_draft_contract_id_contract"),
            ondelete="SET NULL",
        ),
    )
    op.create_index(op.f("ix_contract_draft_team_id_updated_at"), "contract_draft", ["team_id", "updated_at"])
    op.create_index(op.f("ix_contract_draft_contract_id"), "contract_draft", ["contract_id"])
    _make(
        "parameter_set",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(100), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime()),
        sa.Column("revision", sa.Integer(), nullable=False),
    )
    op.create_index(op.f("ix_parameter_set_team_id_name"), "parameter_set", ["team_id", "name"])
    _make(
        "party_record",
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("uscc", sa.String(100), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(100), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime()),
        sa.Column("revision", sa.Integer(), nullable=False),
    )
    op.create_index(op.f("ix_party_record_team_id_name"), "party_record", ["team_id", "name"])
    op.create_index(op.f("ix_party_record_uscc"), "party_record", ["uscc"])


def downgrade() -> None:
    for table in ("party_record", "parameter_set", "contract_draft"):
        op.drop_table(table)


def _make(table: str, *columns: sa.Column[object] | sa.ForeignKeyConstraint) -> None:
    """Make a table of what belongs to a team."""
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid()),
        sa.Column("owner_id", sa.Uuid()),
        *columns,
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f(f"fk_{table}_team_id_team")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f(f"fk_{table}_owner_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
