"""The life of versions from draft to retirement, the audit trail and the search index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from clausebank.storage.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FROZEN = ("clause_version", "template_version", "vocabulary_version")
STATUSES = "'draft', 'in_review', 'approved', 'retired'"
OWN = {
    "clause_version": ("id", "clause_id", "stance", "text", "head"),
    "template_version": ("id", "kind", "source"),
    "vocabulary_version": ("id", "content"),
}
KEPT = (
    *("number", "sha256", "created_at", "author", "note", "revision", "base", "origin", "editors"),
    *("submitted_at", "reviewer", "decided_at", "comment"),
)
FIRST_KEPT = ("id", "clause_id", "stance", "number", "text", "sha256", "created_at", "author", "note")
REFUSAL = "an approved version never changes"
TRAIL_REFUSAL = "the audit trail never changes"


def upgrade() -> None:
    _drop_triggers(FROZEN)
    _add_life()
    for table in FROZEN:
        kept, settled = _same((*OWN[table], *KEPT)), "OLD.status IN ('approved', 'retired')"
        stays = "NEW.status = OLD.status AND NEW.replacement = OLD.replacement"
        retires = "OLD.status = 'approved' AND NEW.status = 'retired'"
        _refuse(table, "UPDATE", f"{settled} AND NOT ({kept} AND (({stays}) OR ({retires})))", REFUSAL)
        _refuse(table, "DELETE", settled, REFUSAL)
    _create_audit()
    _create_search()


def downgrade() -> None:
    _drop_search()
    _drop_triggers((*FROZEN, "audit_event"))
    op.drop_table("audit_event")
    for table in FROZEN:
        op.execute(f"DELETE FROM {table} WHERE decided_at IS NULL")  # noqa: S608 (names of our own)
    op.execute("DELETE FROM template_version WHERE status <> 'approved'")
    _drop_life()
    kept, settled = _same(FIRST_KEPT), "OLD.status IN ('approved', 'retired')"
    alive = "NEW.status = OLD.status OR NEW.status = 'retired'"
    _refuse("clause_version", "UPDATE", f"{settled} AND NOT ({kept} AND ({alive}))", REFUSAL)
    _refuse("clause_version", "DELETE", settled, REFUSAL)
    for table in FROZEN[1:]:
        for action in ("UPDATE", "DELETE"):
            _refuse(table, action, "1 = 1", REFUSAL)


# --- the life of versions ------------------------------------------------------------------------


def _add_life() -> None:
    for table in FROZEN:
        if table != "clause_version":
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN status VARCHAR(20) DEFAULT 'approved' NOT NULL"
                f" CONSTRAINT ck_{table}_status CHECK (status IN ({STATUSES}))"
            )
            op.add_column(table, sa.Column("note", sa.Text(), server_default="", nullable=False))
        for column in _life():
            op.add_column(table, column)
        settled = "status IN ('approved', 'retired')"
        op.execute(f"UPDATE {table} SET decided_at = created_at WHERE {settled}")  # noqa: S608 (our own)
    op.add_column("clause_version", sa.Column("head", sa.JSON(), nullable=True))


def _life() -> tuple[sa.Column, ...]:  # type: ignore[type-arg]
    return (
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("base", sa.Integer(), server_default="0", nullable=False),
        sa.Column("origin", sa.String(100), server_default="", nullable=False),
        sa.Column("editors", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("reviewer", sa.String(100), server_default="", nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("replacement", sa.String(100), server_default="", nullable=False),
    )


def _drop_life() -> None:
    """Drop the columns one by one: rebuilding the tables would break what refers to them."""
    for table in FROZEN:
        names = [column.name for column in _life()]
        extra = ["head"] if table == "clause_version" else ["status", "note"]
        for name in (*names, *extra):
            op.drop_column(table, name)


# --- triggers ------------------------------------------------------------------------------------


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _same(columns: tuple[str, ...]) -> str:
    same = "NEW.{0}::text IS NOT DISTINCT FROM OLD.{0}::text" if _is_postgresql() else "NEW.{0} IS OLD.{0}"
    return " AND ".join(same.format(column) for column in columns)


def _refuse(table: str, action: str, rule: str, message: str) -> None:
    function = "refuse_change" if message == REFUSAL else "refuse_audit_change"
    body = (
        f"FOR EACH ROW WHEN ({rule}) EXECUTE FUNCTION {function}()"
        if _is_postgresql()
        else f"WHEN {rule} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    op.execute(f"CREATE TRIGGER {table}_{action.lower()} BEFORE {action} ON {table} {body}")


def _drop_triggers(tables: tuple[str, ...]) -> None:
    for table in tables:
        for action in ("update", "delete"):
            name = f"{table}_{action}"
            op.execute(f"DROP TRIGGER {name} ON {table}" if _is_postgresql() else f"DROP TRIGGER {name}")
    if "audit_event" in tables and _is_postgresql():
        op.execute("DROP TRIGGER audit_event_truncate ON audit_event")
        op.execute("DROP FUNCTION refuse_audit_change()")


# --- the audit trail -----------------------------------------------------------------------------


def _create_audit() -> None:
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("target", sa.String(300), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("sealed_by", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_target"), "audit_event", ["target"])
    if _is_postgresql():
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION '{TRAIL_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_event_truncate BEFORE TRUNCATE ON audit_event"
            " EXECUTE FUNCTION refuse_audit_change()"
        )
    for action in ("UPDATE", "DELETE"):
        _refuse("audit_event", action, "1 = 1", TRAIL_REFUSAL)


# --- search --------------------------------------------------------------------------------------


def _create_search() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause_version_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clause_version_id"],
            ["clause_version.id"],
            name=op.f("fk_search_entry_clause_version_id_clause_version"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contract.id"],
            name=op.f("fk_search_entry_contract_id_contract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("clause_version_id", name=op.f("uq_search_entry_clause_version_id")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_search_entry_contract_id")),
    )
    for statement in POSTGRESQL_GRAMS if _is_postgresql() else SQLITE_GRAMS:
        op.execute(statement)


# The bigrams of entry 7 lie in rows 7000, 7001, …: PostgreSQL counts positions up to 16383 a row.
SQLITE_GRAMS = (
    "CREATE VIRTUAL TABLE search_gram USING fts5(grams, tokenize='ascii')",
    """CREATE TRIGGER search_entry_delete AFTER DELETE ON search_entry BEGIN
    DELETE FROM search_gram WHERE rowid BETWEEN OLD.id * 1000 AND OLD.id * 1000 + 999; END""",
)
POSTGRESQL_GRAMS = (
    "CREATE TABLE search_gram (id BIGINT PRIMARY KEY, grams TSVECTOR NOT NULL)",
    "CREATE INDEX search_gram_grams ON search_gram USING gin (grams)",
    """CREATE FUNCTION drop_grams() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM search_gram WHERE id BETWEEN OLD.id::bigint * 1000 AND OLD.id::bigint * 1000 + 999;
    RETURN OLD; END $$""",
    """CREATE TRIGGER search_entry_delete AFTER DELETE ON search_entry
    FOR EACH ROW EXECUTE FUNCTION drop_grams()""",
)


def _drop_search() -> None:
    op.drop_table("search_entry")
    op.drop_table("search_gram")
    if _is_postgresql():
        op.execute("DROP FUNCTION drop_grams()")
