"""extracted.entity_mentions: every place, person, organization, outlet and policy named, with the one it means.

A gazetteer made from the reference tables finds the known names in one pass over the document, together with the
words by which other names are built. Of names that overlap the longest counts; what shares a name is settled by
context, or left open with its candidates.
"""

from __future__ import annotations

from assets.extracted.document import Document, Found, Row
from assets.extracted.entities import context, named, people, surnames
from assets.extracted.entities.gazetteer import Gazetteer, Hit, gazetteer
from assets.extracted.entities.span import Span, flatten, unhyphenated
from assets.extracted.entities.words import pattern
from warehouse.reference import Reference


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:  # noqa: ARG001
    """The mentions of `document`, in order: kind, id (NULL with `candidate_ids` if open), surface and offsets."""
    gaz = gazetteer(reference)
    flat = flatten(document.text)
    hits = gaz.hits(unhyphenated(flat))
    known: list[Span] = []
    for hit in hits:
        if hit.cue.named:
            _add_known(known, hit, flat)
    for span in known:
        if span.kind == "place":
            context.extend_unit(flat, span, gaz)
        elif span.kind == "person":
            context.named_after(flat, span, gaz)
    policies = _without_overlap([s for s in known if s.kind == "policy"], len(flat))
    known = [s for s in known if s.kind != "policy"]
    built = _built(flat, document.text, hits, known, gaz) + named.patterned(flat, gaz)
    named.join_bodies(flat, built, known, gaz)
    spans = _without_overlap([*known, *context.mended(flat, built, known)], len(flat))
    full = [s for s in spans if s.kind == "person"]
    if surnames_alone := surnames.bare(flat, full, document.title, gaz):
        spans = _without_overlap([*spans, *surnames_alone], len(flat))
    _settle(flat, spans, gaz)
    spans = context.doubt_bodies(flat, spans, document, gaz)
    spans = [s for s in spans if s.kind and s.ids]
    return [_row(document.text, s) for s in sorted([*spans, *policies], key=lambda s: (s.start, -s.end))]


_PRODUCT = pattern("product_after")


def _add_known(known: list[Span], hit: Hit, flat: str) -> None:
    """Add the span of a name of the reference tables or of a short name; policies stand beside what they contain."""
    cue, start, end = hit.cue, hit.start, hit.end
    if cue.short:
        known.append(Span(start, end, "organization", (cue.short,), "short_name"))
    meanings = cue.meanings
    if meanings and meanings[0][0] == "place" and _PRODUCT.match(flat, end):
        return
    if cue.owner:
        owner, size = cue.owner
        known.append(Span(start, start + size, "place", (owner,), "reference_name"))
        start += size + len("'s ")
        if flat[start].islower():
            return
    for kind, ids in meanings:
        known.append(Span(start, end, kind, ids, "reference_name"))


def _built(flat: str, text: str, hits: list[Hit], known: list[Span], gaz: Gazetteer) -> list[Span]:
    """The names that head words, surnames and titles show."""
    bodies = frozenset(s.start for s in known if s.kind == "organization" or s.ids[0] in gaz.countries)
    building = [h for h in hits if h.cue.builds]
    title_ends = {h.end for h in building if h.cue.title}
    longest: dict[int, int] = {}
    for hit in building:
        if hit.cue.head and hit.start < longest.get(hit.end, hit.end):
            longest[hit.end] = hit.start
    built: list[Span] = []
    for hit in building:
        cue = hit.cue
        if cue.head and longest[hit.end] == hit.start:
            built += named.named(flat, text, hit, gaz, bodies)
        if cue.prefix:
            built += named.prefixed(flat, hit, gaz)
        if cue.surname and (span := people.korean(flat, hit, gaz, titled=hit.start - 1 in title_ends)):
            built.append(span)
        if cue.chinese and (span := people.chinese(flat, hit, gaz)):
            built.append(span)
        if cue.title and (span := people.titled(flat, hit, gaz)):
            built.append(span)
        if (cue.verb or (cue.title and flat[hit.start].islower())) and (span := people.apposed(flat, hit, gaz)):
            built.append(span)
    return built


def _without_overlap(spans: list[Span], size: int) -> list[Span]:
    """The longest of spans that overlap in a text of `size` characters; members of one list may overlap each other."""
    if len(spans) < 2:
        return spans
    taken = bytearray(size)
    kept: list[Span] = []
    listed: set[tuple[int, int]] = set()
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.rule not in _SURE)):
        start, end = span.start, span.end
        free = taken.find(_ALONE, start, end) < 0 and (span.listed or taken.find(_LISTED, start, end) < 0)
        if free and (start, end) not in listed:
            kept.append(span)
            taken[start:end] = (_LISTED if span.listed else _ALONE) * (end - start)
            if span.listed:
                listed.add((start, end))
    return kept


_SURE = frozenset({"reference_name", "korean_name"})
_ALONE, _LISTED = b"\x01", b"\x02"


def _settle(flat: str, spans: list[Span], gaz: Gazetteer) -> None:
    """Decide, in place, which entity each ambiguous span means."""
    ordered = sorted(spans, key=_start)
    context.assign_short_forms(flat, ordered)
    context.settle_places(flat, spans, gaz)
    context.leave_the_south(flat, spans, gaz)
    context.assign_owners(flat, ordered, gaz)
    context.settle_areas(flat, spans)
    context.settle_people(spans, gaz)
    context.assign_party_organs(flat, ordered, gaz)
    context.assign_party(flat, ordered, gaz)


def _start(span: Span) -> int:
    return span.start


def _row(text: str, span: Span) -> Row:
    settled = len(span.ids) == 1 and not span.doubted
    return {
        "start_char": span.start,
        "end_char": span.end,
        "rule": span.rule,
        "entity_kind": span.kind,
        "entity_id": span.ids[0] if settled else None,
        "surface": text[span.start : span.end],
        "candidate_ids": None if settled else list(span.ids),
    }
