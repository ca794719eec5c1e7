"""Two flows poured into one body in which every difference is a tracked change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from clausebank.compare._redline.flow import CONTENTS, TAG, Piece, read_flow
from clausebank.compare._redline.markup import CONTENTS_END, DEL, FROM, INS, TO, Ink, contents_begin
from clausebank.compare._redline.names import BOOKMARK, BOOKMARK_END, ID, NAME, PPR, RPR, VAL
from clausebank.compare._redline.pen import Pen, parsed, properties_of, same_properties
from clausebank.compare._redline.words import Words
from clausebank.compare.align import Match, align

SUFFIX = "Old"


@dataclass(slots=True)
class _Made:
    """What one match became: nodes for the body, and where they came from."""

    nodes: list[etree._Element]
    old: Piece | None
    new: Piece | None

    @property
    def piece(self) -> Piece:
        """The new piece, or the old one where there is no new one."""
        piece = self.new or self.old
        assert piece
        return piece

    @property
    def opens(self) -> str:
        """The field of the contents, where it begins here on either side."""
        return next((p.words.opens for p in (self.new, self.old) if p and p.words and p.words.opens), "")

    @property
    def controls(self) -> tuple[int, int] | None:
        """The content controls both sides stand in."""
        if self.old is None or self.new is None or self.old.control is None or self.new.control is None:
            return None
        return id(self.old.control), id(self.new.control)


def merge(old: etree._Element, new: etree._Element, ink: Ink) -> list[etree._Element]:
    """Return the content of the merged body; ``old`` and ``new`` are used up."""
    before, after = read_flow(old), read_flow(new)
    matches = align([piece.entry for piece in before], [piece.entry for piece in after])
    matches = _with_contents_ending_together(matches, before, after)
    renamed = _renamed(matches, before, after)
    _rename(before, renamed)
    moves = _moves(matches, before, after)
    pen = Pen(ink)
    made = [_made(match, before, after, moves.get(index), pen) for index, match in enumerate(matches)]
    _close_contents(made, pen)
    for one in made:
        one.nodes[:0] = one.new.loose if one.new else ()
    return list(_controlled(made))


# --- bookmarks -----------------------------------------------------------------------------------


def _renamed(matches: list[Match], before: list[Piece], after: list[Piece]) -> dict[str, str]:
    """Return new names for the old bookmarks whose name stands at another place of the new text."""
    places = {name: index for index, piece in enumerate(after) for name in piece.bookmarks}
    counterpart = {match.old: match.new for match in matches if match.old is not None}
    return {
        name: name + SUFFIX
        for index, piece in enumerate(before)
        for name in piece.bookmarks
        if name in places and places[name] != counterpart[index]
    }


def _rename(before: list[Piece], renamed: dict[str, str]) -> None:
    """Give bookmarks, and the fields and links to them, their new names."""
    if not renamed:
        return
    for piece in before:
        if piece.words is not None:
            _rename_words(piece.words, renamed)
        for mark in piece.node.iter(BOOKMARK):
            mark.set(NAME, renamed.get(str(mark.get(NAME)), str(mark.get(NAME))))


def _rename_words(words: Words, renamed: dict[str, str]) -> None:
    words.bookmarks = [renamed.get(name, name) for name in words.bookmarks]
    words.link = renamed.get(words.link, words.link)
    words.stretches = [
        atom._replace(instruction=" ".join(renamed.get(part, part) for part in atom.instruction.split()))
        if atom.instruction
        else atom
        for atom in words.stretches
    ]


def _made(
    match: Match, before: list[Piece], after: list[Piece], move: tuple[int, bool, bool] | None, pen: Pen
) -> _Made:
    old = None if match.old is None else before[match.old]
    new = None if match.new is None else after[match.new]
    if old and new:
        if old.words is None or new.words is None:
            return _Made(pen.rows(old, new), old, new)
        return _Made([pen.pair(old.node, new.node, old.words, new.words)], old, new)
    piece = old or new
    assert piece
    if piece.words is None:
        return _Made(pen.table(piece, DEL if old else INS), old, new)
    if move is None:
        return _Made([pen.paragraph(piece.node, piece.words, DEL if old else INS)], old, new)
    kind = FROM if old else TO
    node = pen.paragraph(piece.node, piece.words, kind)
    return _Made(_in_move([node], kind, move, pen), old, new)


# --- moves ---------------------------------------------------------------------------------------


def _moves(
    matches: list[Match], before: list[Piece], after: list[Piece]
) -> dict[int, tuple[int, bool, bool]]:
    """Return for each moved match the number of its move, and whether it begins and ends it.

    A move is tracked as one only where nothing in it changed.
    """
    places = {match.new: index for index, match in enumerate(matches) if match.old is None}
    runs: list[list[tuple[int, int]]] = []
    for index, match in enumerate(matches):
        if match.old is None or match.new is not None or match.partner is None:
            continue
        if _moved_unchanged(before[match.old], after[match.partner]):
            place = places[match.partner]
            if not runs or runs[-1][-1] != (index - 1, place - 1):
                runs.append([])
            runs[-1].append((index, place))
    return {
        index: (number, pair == run[0], pair == run[-1])
        for number, run in enumerate(runs, 1)
        for pair in run
        for index in pair
    }


def _moved_unchanged(old: Piece, new: Piece) -> bool:
    if old.words is None or new.words is None or old.words.opaque or old.unit == CONTENTS:
        return False
    was, now = ([atom[:2] for atom in words.stretches] for words in (old.words, new.words))
    return old.entry.tokens == new.entry.tokens and was == now and same_properties(old.node, new.node)


def _in_move(
    nodes: list[etree._Element], kind: str, move: tuple[int, bool, bool], pen: Pen
) -> list[etree._Element]:
    """Return nodes with the beginning or end of their move around them."""
    number, begins, ends = move
    name = f'w:name="move{number}"'
    if begins:
        start = parsed(f"<w:{kind}RangeStart {pen.ink.stamp()} {name}/>")
        pen.ranges[kind, number] = str(start[0].get(ID))
        nodes = [*start, *nodes]
    if ends:
        nodes = [*nodes, *parsed(f'<w:{kind}RangeEnd w:id="{pen.ranges[kind, number]}"/>')]
    return nodes


# --- the contents --------------------------------------------------------------------------------


def _with_contents_ending_together(
    matches: list[Match], before: list[Piece], after: list[Piece]
) -> list[Match]:
    """Pair the last lines of both contents where neither has a counterpart: the field ends in them."""
    inside = [
        index
        for index, match in enumerate(matches)
        if (after[match.new] if match.new is not None else before[match.old or 0]).unit == CONTENTS
    ]
    tail = []
    for index in reversed(inside):
        if matches[index].old is not None and matches[index].new is not None:
            break
        tail.append(index)
    gone = next((index for index in tail if matches[index].new is None), None)
    come = next((index for index in tail if matches[index].old is None), None)
    if gone is None or come is None:
        return matches
    last = Match(matches[gone].old, matches[come].new)
    kept = [match for index, match in enumerate(matches) if index not in {gone, come}]
    return [*kept[: inside[-1] - 1], last, *kept[inside[-1] - 1 :]]


def _close_contents(made: list[_Made], pen: Pen) -> None:
    """Put the ends of the field of the contents where they belong whatever is accepted."""
    inside = [one for one in made if one.piece.unit == CONTENTS]
    opening = [one for one in inside if one.opens]
    if not opening:
        return
    first = opening[0].nodes[0]
    place = sum(1 for child in first if child.tag in {PPR, BOOKMARK, BOOKMARK_END})
    first[place:place] = parsed(contents_begin(opening[0].opens))
    inside[-1].nodes[-1].extend(parsed(CONTENTS_END))
    paired = max((index for index, one in enumerate(inside) if one.old and one.new), default=len(inside) - 1)
    if paired < len(inside) - 1:
        _shift_marks(inside[paired], inside[-1], pen)


def _shift_marks(kept: _Made, last: _Made, pen: Pen) -> None:
    """Track the paragraph marks before added or dropped last lines, so that the very last one stays."""
    end, kind = last.nodes[-1], INS if last.old is None else DEL
    etree.strip_elements(properties_of(end), RPR)
    pen.end(kept.nodes[-1], kind)
    if last.old is None:
        assert kept.old
        pen.properties(end, kept.old.node)
    else:
        assert kept.new
        pen.become(end, kept.new.node)


# --- content controls ----------------------------------------------------------------------------


def _controlled(made: list[_Made]) -> Iterator[etree._Element]:
    """Yield the nodes, those of a clause that both texts have inside its content control."""
    last = {one.controls: index for index, one in enumerate(made)}
    index = 0
    while index < len(made):
        controls = made[index].controls
        stop = index + 1 if controls is None else last[controls] + 1
        nodes = [node for one in made[index:stop] for node in one.nodes]
        if controls is None:
            yield from nodes
        else:
            yield _control(made[index], nodes)
        index = stop


def _control(one: _Made, nodes: list[etree._Element]) -> etree._Element:
    """Return a content control; it names the version only where both texts have the same one."""
    assert one.old
    assert one.new
    old, new = one.old.control, one.new.control
    assert old is not None
    assert new is not None
    tag, before = new.find(TAG), old.find(TAG)
    if tag is not None and before is not None and tag.get(VAL) != before.get(VAL):
        tag.set(VAL, str(tag.get(VAL)).partition("@")[0])
    content = new[-1]
    for child in list(content):
        content.remove(child)
    content.extend(nodes)
    return new
