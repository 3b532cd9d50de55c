"""extracted.entity_mentions: every place, person, organization, outlet and policy named, with the one it means.

A gazetteer made from the reference tables finds the known names in one pass over the document, together with the
words by which other names are built. Of names that overlap the longest counts; what shares a name is settled by
context, or left open with its candidates.
"""

from __future__ import annotations

from assets.extracted.document import Document, Found, Row
from assets.extracted.entities import context, known, named, opened, people, surnames
from assets.extracted.entities.gazetteer import Gazetteer, gazetteer
from assets.extracted.entities.overlap import without_overlap
from assets.extracted.entities.span import Span, flatten
from warehouse.reference import Reference


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:  # noqa: ARG001
    """The mentions of `document`, in order: kind, id (NULL with `candidate_ids` if open), surface and offsets."""
    gaz = gazetteer(reference)
    text = document.text
    flat = flatten(text)
    names = known.read(flat, gaz)
    built = _built(flat, text, names, gaz) + opened.villages(flat, gaz) + people.named(flat, names, gaz)
    spans = names.spans
    if built:
        named.join_bodies(flat, built, spans, gaz)
        spans = spans + context.mended(flat, built, names.glued)
    spans = without_overlap(spans)
    if surnames_alone := surnames.bare(flat, [s for s in spans if s.kind == "person"], document.title, gaz):
        spans = without_overlap(spans + surnames_alone)
    spans = context.settled(flat, spans, document.title, gaz)
    if names.policies:
        spans = sorted(spans + without_overlap(names.policies), key=_place)
    return [_row(text, s) for s in spans]


def _place(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _built(flat: str, text: str, names: known.Known, gaz: Gazetteer) -> list[Span]:
    """The names that words that end or begin one show."""
    built: list[Span] = []
    heads = {}  # by their ends: of those that end alike the longest comes last
    for hit in names.signs:
        cue = hit[2]
        if cue.head:
            heads[hit[1]] = hit
        if cue.prefix:
            built += opened.prefixed(flat, hit, gaz)
        elif cue.opening:
            built += opened.opened(flat, hit, gaz)
    for hit in heads.values():
        built += named.named(flat, text, hit, names, gaz)
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
