"""Exceptions of the store."""

from __future__ import annotations

from clausebank.errors import ClauseBankError


class NewerDatabase(ClauseBankError):  # noqa: N818 (reads better without Error)
    """The database was made by a newer version of the product."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        super().__init__(f"database revision {revision} is newer than this program")
