"""Rows of batches that renew a contract: which one, and what the renewal is made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEX = "ix_batch_item_predecessor_id"


def upgrade() -> None:
    type_ = sa.Uuid().compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE batch_item ADD COLUMN predecessor_id {type_}"
        " CONSTRAINT fk_batch_item_predecessor_id_contract REFERENCES contract (id)"
    )
    op.add_column("batch_item", sa.Column("plan", sa.JSON(none_as_null=True), nullable=True))
    op.create_index(INDEX, "batch_item", ["predecessor_id"])


def downgrade() -> None:
    op.drop_index(INDEX, "batch_item")
    op.drop_column("batch_item", "plan")
    op.drop_column("batch_item", "predecessor_id")
