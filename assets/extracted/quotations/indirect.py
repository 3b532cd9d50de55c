"""Indirect quotations: what somebody is reported to have said, without quotation marks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from assets.extracted.document import Row
from assets.extracted.quotations.people import Span
from assets.extracted.quotations.phrases import Verb, cue, is_negated, is_passive, phrase, verbs
from assets.extracted.quotations.setting import Unit
from assets.extracted.quotations.speakers import WINDOW, Finder

_FEWEST_WORDS = 3
_EDGE = ",;:.\x01"


@cache
def reporting() -> frozenset[str]:
    """The verbs of saying that take a content clause."""
    pattern = cue("reporting_verb").pattern
    return frozenset(v for v in verbs() if pattern.search(v))


def reported(finder: Finder, direct: Sequence[Row]) -> list[Row]:
    """The content clauses of verbs of saying, where no direct quotation lies in them, with their speakers."""
    taken = [(r["start_char"], r["end_char"]) for r in direct]
    rows = []
    for verb in finder.setting.all_verbs:
        unit = finder.setting.unit_at(verb[1]) if verb[0] in reporting() else None
        row = _clause_of(finder, unit, verb) if unit and verb[2] <= unit.end else None
        if row and not any(a < row["end_char"] and row["start_char"] < b for a, b in taken):
            taken.append((row["start_char"], row["end_char"]))
            rows.append(row)
    return rows


def _clause_of(finder: Finder, unit: Unit, verb: Verb) -> Row | None:
    """The row for one verb: the clause after "that", or the sentence before ", he said"."""
    word, at, stop = verb
    text, rest = finder.text, finder.text[stop : min(unit.end, stop + WINDOW)]
    after = cue("content_clause").pattern.match(rest) if "that" in rest.lower() else None
    if after and not cue("told_verb").pattern.match(word) and cue("object_clause").pattern.match(rest):
        after = None  # "demanded the abolition of the law that …"
    if is_passive(text, word, at) or is_negated(text, at) or not (after or cue("verb_at_end").pattern.match(rest)):
        return None
    subject = finder.subject(unit, word, at) or finder.sentence_subject(unit)
    if subject is None or subject[0] >= at:
        return None
    if after:
        over = cue("clause_end").pattern.search(rest, after.end())
        start, end = _stripped(text, stop + after.end(), stop + over.start() if over else stop + len(rest))
    else:
        start, end = _stripped(text, max(unit.start, subject[0] - WINDOW), subject[0])
        if not text[max(unit.start, subject[0] - 3) : subject[0]].rstrip().endswith(","):
            return None
    if len(text[start:end].split()) < _FEWEST_WORDS:
        return None
    speaker = finder.resolve(*subject, unit)
    finder.spoke.setdefault(unit.number, speaker)
    return {
        "start_char": start,
        "end_char": end,
        "rule": "quotation_that_clause" if after else "quotation_clause_before",
        "quotation": finder.setting.document.text[start:end],
        "kind": "indirect",
        "speaker_surface": speaker.surface,
        "speaker_id": speaker.entity_id,
        "cue": word,
    }


def _stripped(text: str, start: int, end: int) -> Span:
    if dateline := phrase("dateline").match(text[start:end]):
        start += dateline.end()
    while start < end and text[start] in " \n\t-":
        start += 1
    while start < end and (text[end - 1] in _EDGE or text[end - 1].isspace()):
        end -= 1
    return start, end
