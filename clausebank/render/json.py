"""The document tree as JSON: one object a node, ``type`` naming the node; the shape only grows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clausebank.document import Document
from clausebank.wording.values import Money, Period


def render_json(document: Document) -> str:
    """Return the tree as indented JSON, answers in the form their schema reads."""
    return json.dumps(_plain(document), ensure_ascii=False, indent=1) + "\n"


def _plain(node: object) -> Any:
    match node:
        case Money():
            return f"{node.yuan:.2f}"
        case Period():
            return str(node)
        case Decimal():
            return f"{node.normalize():f}"
        case date():
            return node.isoformat()
        case Mapping():
            return {str(key): _plain(value) for key, value in node.items()}
        case tuple():
            return [_plain(child) for child in node]
        case _ if is_dataclass(node):
            named = {field.name: _plain(getattr(node, field.name)) for field in fields(node)}
            return {"type": type(node).__name__, **named}
        case _:
            return node
