"""Passwords: how they are kept, compared, and made up for one use."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 5
HASHER = PasswordHasher()
AT_ONCE = BoundedSemaphore(2)  # each takes 64 MiB


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with AT_ONCE:
        return HASHER.hash(_normal(password))


def is_password(kept: str, password: str) -> bool:
    """Tell whether a password is the one kept."""
    try:
        with AT_ONCE:
            return HASHER.verify(kept, _normal(password))
    except (InvalidHashError, VerificationError):
        return False


def one_time_password() -> str:
    """Make up a password to be told to its owner, who replaces it: letters that are not mistaken."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _normal(password: str) -> str:
    """Return a password as every keyboard gives it."""
    return unicodedata.normalize("NFKC", password)


@cache
def nobodys() -> str:
    """Return what is compared with for users there are not, so that it takes as long."""
    return HASHER.hash(secrets.token_hex())
