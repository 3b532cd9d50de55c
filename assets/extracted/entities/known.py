"""The names of the reference tables in a text, and the words that announce others."""

from __future__ import annotations

from dataclasses import dataclass, field

from assets.extracted.entities.context import BEFORE_LIST, BEFORE_UNIT, extend_unit
from assets.extracted.entities.gazetteer import Gazetteer, Hit
from assets.extracted.entities.span import Span, unhyphenated
from assets.extracted.entities.words import pattern


@dataclass(slots=True)
class Known:
    """The names of the reference tables in a text, beside them the policies, and the words that announce other names
    (`signs`); each from the last to the first."""

    spans: list[Span] = field(default_factory=list)
    policies: list[Span] = field(default_factory=list)
    signs: list[Hit] = field(default_factory=list)
    starts: dict[int, int] = field(default_factory=dict)
    """Where the names begin, by their ends."""
    owners: set[int] = field(default_factory=set)
    """Where names of bodies and countries begin: what belongs to one ends before it."""
    people: set[int] = field(default_factory=set)
    """Where names of people begin."""
    glued: list[Span] = field(default_factory=list)
    """Names that markup left stuck to their neighbours."""


def read(flat: str, gaz: Gazetteer) -> Known:
    """The names of the reference tables in `flat`, and the words that announce other names.

    It reads from the end, so that a person's name comes before what stands inside it, which is no name of its own, and
    the word for what all in a list of places are before the places.
    """
    known = Known()
    signs = known.signs
    inside = len(flat)
    listing = False
    for hit in reversed(gaz.hits(unhyphenated(flat))):
        start, end, cue = hit
        if start >= inside:
            continue
        if cue.full:
            inside = start
        if cue.builds:
            signs.append(hit)
        if cue.entries:
            _add(known, hit, flat, gaz, listing)
        if cue.short:
            known.spans.append(Span(start, end, "organization", (cue.short,), "short_name"))
            known.starts[end] = start
            known.owners.add(start)
        if cue.units:
            listing = True
    return known


_PRODUCT = pattern("product_after")
_NO_PRODUCT = frozenset([", ", ". ", "'s", *(f" {letter}" for letter in "abdefghijklnopquvwxyz")])
"""With what the words begin that commonly follow a place and are no product's."""


def _add(known: Known, hit: Hit, flat: str, gaz: Gazetteer, listing: bool) -> None:
    """Add a name of the reference tables, and the country it begins with.

    `listing` says that a word for several places of a kind comes after it.
    """
    start, end, cue = hit
    kind, after = cue.kind, flat[end : end + 2]
    if kind == "place" and after not in _NO_PRODUCT and _PRODUCT.match(flat, end):
        return
    if cue.owner:
        start = _add_owner(known, start, cue.owner)
        if flat[start].islower():
            return
    if cue.policies:
        known.policies.append(Span(start, end, "policy", cue.policies, "reference_name"))
    if not kind:
        return
    span = Span(start, end, kind, cue.ids, "reference_name")
    known.spans.append(span)
    if cue.owns:
        known.owners.add(start)
    elif kind == "person":
        known.people.add(start)
        if cue.glued and _is_glued(flat, span):
            known.glued.append(span)
    if after in BEFORE_UNIT or (listing and after in BEFORE_LIST):
        extend_unit(flat, span, gaz)
    known.starts[span.end] = start


def _add_owner(known: Known, start: int, owner: tuple[str, int]) -> int:
    """Add the country with which the name at `start` begins; where the rest begins."""
    country, size = owner
    known.spans.append(Span(start, start + size, "place", (country,), "reference_name"))
    known.owners.add(start)
    return start + size + len("'s ")


def _is_glued(flat: str, span: Span) -> bool:
    return flat[span.start - 1 : span.start].isalnum() or flat[span.end : span.end + 1].isalnum()
