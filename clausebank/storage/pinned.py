"""The exact texts a manifest names, from the store or from the shipped files, by their digests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from clausebank.assembly.select import Stances
from clausebank.bank.load import make_variant
from clausebank.bank.model import Bank, Bilingual, Clause, Variant, Vocabulary
from clausebank.bank.vocabulary_files import make_vocabulary
from clausebank.document import Stance
from clausebank.errors import UnknownName
from clausebank.manifest import Manifest, Pin
from clausebank.storage.bank import stored_template
from clausebank.storage.library import Library, read_library
from clausebank.storage.models import ClauseVersion, TemplateVersion, VocabularyVersion
from clausebank.templates import Template


@dataclass(frozen=True, slots=True)
class Pinned:
    """A template, and a bank in which every clause has just the version the manifest names."""

    template: Template
    bank: Bank

    @property
    def stances(self) -> Stances:
        """What to assemble with: without the clauses the manifest does not name."""
        return Stances(without=frozenset(self.template.clause_ids()) - self.bank.clauses.keys())


Shipped = Callable[[], Library]


def find_pinned(session: Session, manifest: Manifest) -> Pinned:
    """Gather what a manifest names; UnknownName for the first thing nobody has.

    The shipped files are read only when the store lacks something.
    """
    shipped = cache(read_library)
    template = _template(session, manifest, shipped)
    clauses = {pin.id: _clause(pin, _variant(session, pin, shipped)) for pin in manifest.clauses}
    return Pinned(template, Bank(clauses, _vocabulary(session, manifest, shipped)))


def _template(session: Session, manifest: Manifest, shipped: Shipped) -> Template:
    query = select(TemplateVersion).where(
        TemplateVersion.kind == manifest.kind, TemplateVersion.sha256 == manifest.template
    )
    row = session.scalars(query).first()
    if row:
        return stored_template(row)
    template = shipped().templates.get(manifest.kind)
    if template and template.sha256 == manifest.template:
        return template
    raise UnknownName("template", f"{manifest.kind} {manifest.template[:12]}")


def _vocabulary(session: Session, manifest: Manifest, shipped: Shipped) -> Vocabulary:
    query = select(VocabularyVersion.content).where(VocabularyVersion.sha256 == manifest.vocabulary)
    content = session.scalars(query).first()
    if content:
        return make_vocabulary(content)
    vocabulary = shipped().bank.vocabulary
    if vocabulary.sha256 == manifest.vocabulary:
        return vocabulary
    raise UnknownName("vocabulary", manifest.vocabulary[:12])


def _variant(session: Session, pin: Pin, shipped: Shipped) -> Variant:
    """Return the text with the pinned digest, under the pinned number."""
    version = ClauseVersion
    query = select(version.stance, version.text).where(
        version.clause_id == pin.id, version.sha256 == pin.sha256
    )
    found = session.execute(query).first()
    if found:
        return make_variant(Stance(found.stance), found.text, pin.version)
    clause = shipped().bank.clauses.get(pin.id)
    for variant in clause.variants.values() if clause else ():
        if variant.sha256 == pin.sha256:
            return make_variant(variant.stance, variant.text, pin.version)
    raise UnknownName("clause", f"{pin.id} {pin.version} {pin.sha256[:12]}")


def _clause(pin: Pin, variant: Variant) -> Clause:
    """Return a clause that has this text whatever the stance."""
    return Clause(
        id=pin.id,
        topic=pin.id.split(".", 1)[0],
        title=Bilingual(pin.title, pin.title),
        basis=(),
        suggestions={},
        notes=None,
        variants=dict.fromkeys(Stance, variant),
    )
