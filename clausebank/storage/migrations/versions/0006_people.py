"""Users, teams and logins; contracts and batches belong to a team."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from clausebank.storage.columns import UtcDateTime, now

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FIRST_TEAM = UUID("00000000-0000-4000-8000-000000000001")
ROLES = "'administrator', 'lawyer', 'reviewer', 'procurement', 'viewer'"
OWNED = ("contract", "batch")


def upgrade() -> None:
    _create_people()
    _create_logins()
    for table in OWNED:
        for name, other in (("team_id", "team"), ("owner_id", "user_account")):
            key = sa.ForeignKey(f"{other}.id", name=op.f(f"fk_{table}_{name}_{other}"))
            op.add_column(table, sa.Column(name, sa.Uuid(), key), inline_references=True)
        team = sa.table(table, sa.column("team_id", sa.Uuid()))
        op.execute(team.update().values(team_id=FIRST_TEAM))
    op.create_index(op.f("ix_contract_team_id_created_at_id"), "contract", ["team_id", "created_at", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_contract_team_id_created_at_id"), "contract")
    for table in OWNED:
        for name in ("team_id", "owner_id"):
            op.drop_column(table, name)
    for table in ("login_attempt", "login_session", "team_member", "user_account", "team"):
        op.drop_table(table)


def _create_people() -> None:
    team = op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.bulk_insert(team, [{"id": FIRST_TEAM, "name": "默认团队", "created_at": now()}])
    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.String(300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_user_account_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_team_member_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_user_id"), "team_member", ["user_id"])


def _create_logins() -> None:
    op.create_table(
        "login_session",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_login_session_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
    )
    op.create_index(op.f("ix_login_session_user_id"), "login_session", ["user_id"])
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index(op.f("ix_login_attempt_key_at"), "login_attempt", ["key", "at"])
