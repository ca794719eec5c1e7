"""Versions of Word shells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clausebank.storage.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATUSES = "'draft', 'in_review', 'approved', 'retired'"
KEPT = (
    *("id", "name", "number", "sha256", "created_at", "author", "note", "revision", "base", "origin"),
    *("editors", "submitted_at", "reviewer", "decided_at", "comment"),
)
REFUSAL = "an approved version never changes"


def upgrade() -> None:
    op.create_table(
        "shell_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(100), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("replacement", sa.String(100), nullable=False),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_shell_version_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shell_version")),
        sa.UniqueConstraint("name", "number", name=op.f("uq_shell_version_name_number")),
    )
    op.create_index(op.f("ix_shell_version_sha256"), "shell_version", ["sha256"])
    settled = "OLD.status IN ('approved', 'retired')"
    stays = "NEW.status = OLD.status AND NEW.replacement = OLD.replacement"
    retires = "OLD.status = 'approved' AND NEW.status = 'retired'"
    _refuse("UPDATE", f"{settled} AND NOT ({_same(KEPT)} AND (({stays}) OR ({retires})))")
    _refuse("DELETE", settled)


def downgrade() -> None:
    op.drop_table("shell_version")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _same(columns: tuple[str, ...]) -> str:
    same = "NEW.{0}::text IS NOT DISTINCT FROM OLD.{0}::text" if _is_postgresql() else "NEW.{0} IS OLD.{0}"
    return " AND ".join(same.format(column) for column in columns)


def _refuse(action: str, rule: str) -> None:
    body = (
        f"FOR EACH ROW WHEN ({rule}) EXECUTE FUNCTION refuse_change()"
        if _is_postgresql()
        else f"WHEN {rule} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    op.execute(f"CREATE TRIGGER shell_version_{action.lower()} BEFORE {action} ON shell_version {body}")
