"""Narrow indexes for counting the contracts that hold a version."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COUNTED = ("composition", "template_version", "vocabulary_version")


def upgrade() -> None:
    for made in COUNTED:
        op.create_index(f"ix_contract_count_{made}", "contract", [f"{made}_id", "team_id", "owner_id"])


def downgrade() -> None:
    for made in COUNTED:
        op.drop_index(f"ix_contract_count_{made}", "contract")
