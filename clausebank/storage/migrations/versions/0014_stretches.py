"""PostgreSQL finds words by what begins at each place of a text, not by bigrams side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

import sqlalchemy as sa
from alembic import op

from clausebank.storage.grams import rows, stretches

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AT_ONCE = 500
BY_STRETCH = "array_to_tsvector(CAST(:grams AS text[]))"
BY_BIGRAM = "to_tsvector('simple', :grams)"


def upgrade() -> None:
    _fill_again(stretches, BY_STRETCH)


def downgrade() -> None:
    _fill_again(rows, BY_BIGRAM)


def _fill_again(cut: Callable[[str], Iterable[object]], vector: str) -> None:
    """Make the index of every text anew; a contract has one row of the index, a long text more."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    op.execute("DROP INDEX search_gram_grams")
    op.execute("TRUNCATE search_gram")
    insert = sa.text(f"INSERT INTO search_gram (id, grams) VALUES (:id, {vector})")  # noqa: S608 (ours)
    entries = sa.text("SELECT id, text FROM search_entry WHERE id > :after ORDER BY id LIMIT :many")
    after = -1
    while found := bind.execute(entries, {"after": after, "many": AT_ONCE}).all():
        made = [
            {"id": id_ * 1000 + number, "grams": grams}
            for id_, text in found
            for number, grams in enumerate(islice(cut(text), 1000))
        ]
        if made:
            bind.execute(insert, made)
        after = found[-1][0]
    op.execute("CREATE INDEX search_gram_grams ON search_gram USING gin (grams)")
