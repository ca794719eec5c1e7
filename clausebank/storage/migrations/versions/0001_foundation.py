"""The bank with its versions, and the contracts made from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clausebank.storage.columns import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FROZEN = ("template_version", "vocabulary_version", "clause_version")
KEPT = ("id", "clause_id", "stance", "number", "text", "sha256", "created_at", "author", "note")
REFUSAL = "an approved version never changes"


def upgrade() -> None:
    _create_bank()
    _create_contracts()
    _freeze()


def downgrade() -> None:
    for table in ("contract_file", "contract_clause", "contract", "clause_version"):
        op.drop_table(table)
    for table in ("vocabulary_version", "template_version", "library_load", "clause"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _create_bank() -> None:
    op.create_table(
        "clause",
        sa.Column("id", sa.String(100), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("shipped_head", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause")),
    )
    op.create_index(op.f("ix_clause_topic"), "clause", ["topic"])
    op.create_table(
        "clause_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.String(100), nullable=False),
        sa.Column("stance", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'approved', 'retired')", name=op.f("ck_clause_version_status")
        ),
        sa.ForeignKeyConstraint(
            ["clause_id"], ["clause.id"], name=op.f("fk_clause_version_clause_id_clause")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_version")),
        sa.UniqueConstraint(
            "clause_id", "stance", "number", name=op.f("uq_clause_version_clause_id_stance_number")
        ),
    )
    op.create_index(op.f("ix_clause_version_status_clause_id"), "clause_version", ["status", "clause_id"])
    op.create_table(
        "template_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_version")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_template_version_kind_number")),
    )
    op.create_table(
        "vocabulary_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary_version")),
        sa.UniqueConstraint("number", name=op.f("uq_vocabulary_version_number")),
    )
    op.create_index(op.f("ix_vocabulary_version_sha256"), "vocabulary_version", ["sha256"])
    op.create_table(
        "library_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_load")),
    )


def _create_contracts() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("template_version_id", sa.Integer(), nullable=False),
        sa.Column("vocabulary_version_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("stances", sa.JSON(), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'final')", name=op.f("ck_contract_state")),
        sa.ForeignKeyConstraint(
            ["template_version_id"],
            ["template_version.id"],
            name=op.f("fk_contract_template_version_id_template_version"),
        ),
        sa.ForeignKeyConstraint(
            ["vocabulary_version_id"],
            ["vocabulary_version.id"],
            name=op.f("fk_contract_vocabulary_version_id_vocabulary_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    for column in ("created_at", "kind", "number"):
        op.create_index(op.f(f"ix_contract_{column}"), "contract", [column])
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
    op.create_index(op.f("ix_contract_clause_clause_version_id"), "contract_clause", ["clause_version_id"])
    op.create_table(
        "contract_file",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_contract_file_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contract_id", "format", name=op.f("pk_contract_file")),
    )


def _freeze() -> None:
    """Let the database itself refuse changes to approved wording, templates and vocabularies."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    same = "NEW.{0}::text IS NOT DISTINCT FROM OLD.{0}::text" if postgresql else "NEW.{0} IS OLD.{0}"
    kept = " AND ".join(same.format(column) for column in KEPT)
    settled = "OLD.status IN ('approved', 'retired')"
    rules = {
        ("clause_version", "UPDATE"): f"{settled} AND NOT ({kept}"
        " AND (NEW.status = OLD.status OR NEW.status = 'retired'))",
        ("clause_version", "DELETE"): settled,
    }
    if postgresql:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    body = (
        "FOR EACH ROW WHEN ({}) EXECUTE FUNCTION refuse_change()"
        if postgresql
        else f"WHEN {{}} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    for table in FROZEN:
        for action in ("UPDATE", "DELETE"):
            rule = body.format(rules.get((table, action), "1 = 1"))
            op.execute(f"CREATE TRIGGER {table}_{action.lower()} BEFORE {action} ON {table} {rule}")
