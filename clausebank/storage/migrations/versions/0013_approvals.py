"""The policy, requests to go beyond it, and whether a contract needs one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clausebank.storage.columns import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contract", sa.Column("approval", sa.String(20), server_default="", nullable=False))
    op.create_table(
        "policy_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_policy_version")),
    )
    op.create_table(
        "approval_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("breaches", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Uuid()),
        sa.Column("owner_id", sa.Uuid()),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'returned')", name=op.f("ck_approval_request_state")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_approval_request_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_approval_request_team_id_team")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_approval_request_owner_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_request")),
    )
    op.create_index(op.f("ix_approval_request_contract_id"), "approval_request", ["contract_id"])
    op.create_index(op.f("ix_approval_request_state_created_at"), "approval_request", ["state", "created_at"])


def downgrade() -> None:
    op.drop_table("approval_request")
    op.drop_table("policy_version")
    op.drop_column("contract", "approval")
