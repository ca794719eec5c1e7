"""What a schema says about an answer: always in Chinese and English, always with what to do."""

from __future__ import annotations

from marshmallow import ValidationError

Message = dict[str, str]


def message(zh: str, en: str) -> Message:
    """Return one message in both languages."""
    return {"zh": zh, "en": en}


def refused(zh: str, en: str) -> ValidationError:
    """Return the error of a field with one message."""
    return ValidationError([message(zh, en)])
