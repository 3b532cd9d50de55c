"""extracted.entity_mentions: every place, person, organization, outlet and policy named, with the one it means.

A gazetteer made from the reference tables finds the known names in one pass over the document, together with the
words by which other names are built. Of names that overlap the longest counts; what shares a name is settled by
context, or left open with its candidates.
"""

from __future__ import annotations

from assets.extracted.document import Document, Found, Row
from assets.extracted.entities import context, named, people, surnames
from assets.extracted.entities.gazetteer import Gazetteer, Hit, gazetteer
from assets.extracted.entities.overlap import without_overlap
from assets.extracted.entities.span import Span, flatten, unhyphenated
from assets.extracted.entities.words import pattern
from warehouse.reference import Reference


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:  # noqa: ARG001
    """The mentions of `document`, in order: kind, id (NULL with `candidate_ids` if open), surface and offsets."""
    gaz = gazetteer(reference)
    text = document.text
    flat = flatten(text)
    known, policies, signs = _known(flat, gaz)
    built = _built(flat, text, signs, known, gaz) + named.villages(flat, gaz) + people.named(flat, signs, known, gaz)
    if built:
        named.join_bodies(flat, built, known, gaz)
        known += context.mended(flat, built, known)
    spans = without_overlap(known)
    if surnames_alone := surnames.bare(flat, [s for s in spans if s.kind == "person"], document.title, gaz):
        spans = without_overlap(spans + surnames_alone)
    context.settle(flat, spans, gaz)
    spans = [s for s in context.doubt_bodies(flat, spans, document, gaz) if s.kind and s.ids]
    if policies:
        spans = sorted(spans + without_overlap(policies), key=_place)
    return [_row(text, s) for s in spans]


def _place(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _known(flat: str, gaz: Gazetteer) -> tuple[list[Span], list[Span], list[Hit]]:
    """The names of the reference tables, beside them the policies, and the words that announce other names; each from
    the last to the first.

    So a person's name comes before what stands inside it, which is no name of its own.
    """
    known: list[Span] = []
    policies: list[Span] = []
    signs: list[Hit] = []
    inside = len(flat)
    for hit in reversed(gaz.hits(unhyphenated(flat))):
        start, end, cue = hit
        if start >= inside:
            continue
        if cue.full:
            inside = start
        if cue.builds:
            signs.append(hit)
        if cue.short:
            known.append(Span(start, end, "organization", (cue.short,), "short_name"))
        if cue.entries:
            _add_known(known, policies, hit, flat, gaz)
    return known, policies, signs


_PRODUCT = pattern("product_after")
_NO_PRODUCT = frozenset([", ", ". ", "'s", *(f" {letter}" for letter in "abdefghijklnopquvwxyz")])
"""With what the words begin that commonly follow a place and are no product's."""


def _add_known(known: list[Span], policies: list[Span], hit: Hit, flat: str, gaz: Gazetteer) -> None:
    """Add the span of a name of the reference tables, and of the country it begins with."""
    start, end, cue = hit
    kind = cue.kind
    after = flat[end : end + 2]
    if kind == "place" and after not in _NO_PRODUCT and _PRODUCT.match(flat, end):
        return
    if cue.owner:
        owner, size = cue.owner
        known.append(Span(start, start + size, "place", (owner,), "reference_name"))
        start += size + len("'s ")
        if flat[start].islower():
            return
    if cue.policies:
        policies.append(Span(start, end, "policy", cue.policies, "reference_name"))
    if not kind:
        return
    span = Span(start, end, kind, cue.ids, "reference_name")
    known.append(span)
    if after in context.BEFORE_UNIT:
        if kind == "place":
            context.extend_unit(flat, span, gaz)
        elif kind == "person":
            context.named_after(flat, span, gaz)


def _built(flat: str, text: str, signs: list[Hit], known: list[Span], gaz: Gazetteer) -> list[Span]:
    """The names that words that end or begin one show."""
    built: list[Span] = []
    heads = {}  # by their ends: of those that end alike the longest comes last
    for hit in signs:
        cue = hit[2]
        if cue.head:
            heads[hit[1]] = hit
        if cue.prefix:
            built += named.prefixed(flat, hit, gaz)
        elif cue.opening:
            built += named.opened(flat, hit, gaz)
    if heads:
        bodies = frozenset([s.start for s in known if s.kind == "organization" or s.ids[0] in gaz.countries])
        beside = named.Known({s.end: s.start for s in known}, bodies)
        for hit in heads.values():
            built += named.named(flat, text, hit, beside, gaz)
    return built


def _row(text: str, span: Span) -> Row:
    start, end, ids = span.start, span.end, span.ids
    settled = len(ids) == 1 and not span.doubted
    return {
        "start_char": start,
        "end_char": end,
        "rule": span.rule,
        "entity_kind": span.kind,
        "entity_id": ids[0] if settled else None,
        "surface": text[start:end],
        "candidate_ids": None if settled else list(ids),
    }
