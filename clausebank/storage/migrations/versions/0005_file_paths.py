"""Files found by their keys, so that those without owner are found."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_contract_file_path"), "contract_file", ["path"])


def downgrade() -> None:
    op.drop_index(op.f("ix_contract_file_path"), "contract_file")
