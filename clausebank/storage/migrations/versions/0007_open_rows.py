"""Rows of batches found by their state, so that workers look for work in no time."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_batch_item_state"), "batch_item", ["state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_batch_item_state"), "batch_item")
