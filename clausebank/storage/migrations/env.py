"""Alembic's entry: runs the migrations on the connection it is handed."""

from __future__ import annotations

from alembic import context

import clausebank.storage.approval_models
import clausebank.storage.drafting_models
import clausebank.storage.ledger_models  # noqa: F401 (its tables belong to the metadata)
from clausebank.storage.migrate import is_modelled
from clausebank.storage.models import Contract

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Contract.metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=is_modelled,
)
with context.begin_transaction():
    context.run_migrations()
