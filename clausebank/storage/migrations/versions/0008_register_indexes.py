"""An index a sort order of the register, which holds whatever the register filters by."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = (
    ("created_at", "id"),
    ("kind", "created_at", "id"),
    ("client_name", "created_at", "id"),
    ("provider_name", "created_at", "id"),
    ("starts_on", "id"),
    ("ends_on", "id"),
    ("amount", "id"),
    ("number",),
    ("team_id", "created_at", "id"),
)
ORDERS = ("created_at", "number", "client_name", "starts_on", "ends_on", "amount", "id")
HELD = (
    "team_id",
    "kind",
    "state",
    "created_at",
    "starts_on",
    "ends_on",
    "amount",
    "client_name",
    "provider_name",
)


def upgrade() -> None:
    for columns in BEFORE:
        op.drop_index(_name(columns), "contract")
    for order in ORDERS:
        op.create_index(f"ix_contract_by_{order}", "contract", list(dict.fromkeys((order, "id", *HELD))))


def downgrade() -> None:
    for order in ORDERS:
        op.drop_index(f"ix_contract_by_{order}", "contract")
    for columns in BEFORE:
        op.create_index(_name(columns), "contract", list(columns))


def _name(columns: tuple[str, ...]) -> str:
    return "ix_contract_" + "_".join(columns)
