"""The texts as files: what the product ships, or a folder somebody edited, and writing one back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from clausebank.bank.load import LIBRARY, load_bank, write_clause
from clausebank.bank.model import Bank
from clausebank.bank.vocabulary_files import (
    FILES,
    VOCABULARY,
    load_vocabulary,
    read_vocabulary,
    vocabulary_json,
)
from clausebank.checks import check_bank, check_template
from clausebank.findings import Finding
from clausebank.storage.files import write_file
from clausebank.templates import FOLDER, Template, load_templates


@dataclass(frozen=True, slots=True)
class Library:
    """Clauses, templates, and the vocabulary both parsed and as the plain data of its files."""

    bank: Bank
    templates: Mapping[str, Template]
    vocabulary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the files of a library lie."""

    clauses: Path
    vocabulary: Path
    templates: Path

    def files(self) -> Iterator[Path]:
        """Yield every text file of the library, in a fixed order."""
        yield from sorted(self.clauses.glob("*/*.md"))
        yield from sorted(self.vocabulary.rglob("*.yml"))
        yield from sorted(self.templates.glob("*/template.yml"))


SHIPPED_FOLDERS = Folders(LIBRARY, VOCABULARY, FOLDER)


def folders_below(root: Path) -> Folders:
    """Return the places ``write_library`` writes to below a folder."""
    return Folders(root / "library", root / "vocabulary", root / "templates")


def read_library(folders: Folders = SHIPPED_FOLDERS) -> Library:
    """Read all files; raises BankError with every problem."""
    bank = load_bank(folders.clauses, load_vocabulary(folders.vocabulary))
    templates = load_templates(folders.templates)
    content = vocabulary_json(read_vocabulary(folders.vocabulary)[0])
    return Library(bank, templates, json.loads(content))


def check_library(library: Library) -> list[Finding]:
    """Return every problem of the clauses, and of the templates against them."""
    templates = (check_template(template, library.bank) for template in library.templates.values())
    return [*check_bank(library.bank), *chain.from_iterable(templates)]


def library_digest(folders: Folders = SHIPPED_FOLDERS) -> str:
    """Return the digest of all files as they are, without parsing any."""
    digest = hashlib.sha256()
    for path in folders.files():
        data = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def write_library(library: Library, root: Path) -> list[Path]:
    """Write all texts as files below ``root``; ``read_library`` reads them back unchanged."""
    return [write_file(root / name, text.encode()) for name, text in _texts(library)]


def _texts(library: Library) -> Iterator[tuple[str, str]]:
    for clause in library.bank.clauses.values():
        yield f"library/{clause.topic}/{clause.id}.md", write_clause(clause)
    for name in FILES:
        yield f"vocabulary/{name}.yml", _yaml(library.vocabulary.get(name, {}))
    for group, blanks in library.vocabulary["blanks"].items():
        yield f"vocabulary/blanks/{group}.yml", _yaml(blanks)
    for template in library.templates.values():
        yield f"templates/{template.kind}/template.yml", template.source


def _yaml(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=4096)
