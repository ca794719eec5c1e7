"""PostgreSQL finds what stands in the index about one entry by an index of its own."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the entry a row belongs to; its statistics tell the planner that an entry has about one row."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX search_gram_entry ON search_gram ((id / 1000))")
        op.execute("ANALYZE search_gram")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX search_gram_entry")
