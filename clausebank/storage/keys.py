"""Where the files that belong to no single contract are kept, by their content."""

from __future__ import annotations

ATTACHED, SHELLS = "attached/", "shells/"


def attached_key(sha256: str) -> str:
    """Return where a file attached to contracts is kept."""
    return f"{ATTACHED}{sha256}.pdf"


def shell_key(sha256: str) -> str:
    """Return where a Word shell is kept."""
    return f"{SHELLS}{sha256}.docx"
