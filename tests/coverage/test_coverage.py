"""Every point of the contracts a kind stands for is carried by it, or left out for a stated reason."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

from clausebank.assembly.select import Stances, blanks_offered, text_blanks
from clausebank.bank.load import load_bank
from clausebank.document import Stance
from clausebank.templates import FOLDER, load_templates

HERE = Path(__file__).parent
CATALOGUES = HERE / "catalogue"
KINDS = sorted(path.parent.name for path in FOLDER.glob("*/template.yml"))
WAYS = {"clause", "blank", "attachment", "left"}
SHORTEST_REASON = 15

bank = cache(load_bank)
templates = cache(load_templates)


@cache
def read(path):
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def catalogue(kind):
    return read(CATALOGUES / f"{kind}.yml")


def coverage(kind):
    return read(HERE / f"{kind}.yml")


def named(kind, way):
    """Return every id the lines of a kind give under one way, with the keys that give it."""
    lines = [(key, line[way]) for key, line in coverage(kind).items() if way in line]
    return [(key, name) for key, value in lines for name in (value if isinstance(value, list) else [value])]


def blanks_of(kind):
    """Return the blanks a kind asks for in any stance, and the derived ones its texts print."""
    template = templates()[kind]
    texts = (v.body for c in template.clause_ids() for v in bank().clauses[c].variants.values())
    printed = set().union(*map(text_blanks, texts))
    offered = {b.name for stance in Stance for b in blanks_offered(template, bank(), Stances(stance))}
    return offered | {name for name in printed if bank().vocabulary.blanks[name].derived}


def test_it_has_a_catalogue_and_a_coverage_for_every_kind():
    kinds = set(templates())
    assert kinds == set(KINDS)
    assert {path.stem for path in CATALOGUES.glob("*.yml")} == kinds
    assert {path.stem for path in HERE.glob("*.yml")} == kinds


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_one_line_for_every_point_of_the_catalogue(kind):
    assert coverage(kind).keys() == catalogue(kind).keys()


@pytest.mark.parametrize("kind", KINDS)
def test_it_writes_every_line_in_a_known_way(kind):
    unknown = {key: line for key, line in coverage(kind).items() if not line or not line.keys() <= WAYS}
    assert unknown == {}


@pytest.mark.parametrize("kind", KINDS)
def test_it_names_only_clauses_the_kind_uses(kind):
    used = set(templates()[kind].clause_ids())
    assert [(key, name) for key, name in named(kind, "clause") if name not in used] == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_names_only_blanks_the_kind_offers(kind):
    offered = blanks_of(kind)
    assert [(key, name) for key, name in named(kind, "blank") if name not in offered] == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_names_only_attachments_the_kind_has(kind):
    present = {attachment.id for attachment in templates()[kind].attachments}
    assert [(key, name) for key, name in named(kind, "attachment") if name not in present] == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_why_a_point_was_left(kind):
    assert [(key, why) for key, why in named(kind, "left") if len(why) < SHORTEST_REASON] == []
