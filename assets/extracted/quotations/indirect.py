"""Indirect quotations: what somebody is reported to have said, without quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assets.extracted.document import Row
from assets.extracted.quotations.people import Span
from assets.extracted.quotations.phrases import cue, phrase
from assets.extracted.quotations.setting import Unit
from assets.extracted.quotations.speakers import WINDOW, Finder
from assets.extracted.quotations.verbs import Verb, verbs_like

_FEWEST_WORDS = 3
_EDGE = ",;:.\x01"


@cache
def reporting() -> frozenset[str]:
    """The verbs of saying that take a content clause."""
    return verbs_like(cue("reporting_verb").pattern)


def reported(finder: Finder, direct: Sequence[Row]) -> list[Row]:
    """The content clauses of verbs of saying, where no direct quotation lies in them, with their speakers."""
    taken = [(r["start_char"], r["end_char"]) for r in direct]
    rows: list[Row] = []
    words = reporting()
    for verb in finder.setting.all_verbs:
        if verb.word not in words or verb.is_passive or verb.is_negated:
            continue
        unit = finder.setting.unit_at(verb.start)
        row = _clause_of(finder, unit, verb) if unit and verb.end <= unit.end else None
        if row is None:
            continue
        start, end = row["start_char"], row["end_char"]
        for a, b in taken:
            if a < end and start < b:
                break
        else:
            taken.append((start, end))
            rows.append(row)
    return rows


def _clause_of(finder: Finder, unit: Unit, verb: Verb) -> Row | None:
    """The row for one verb: the clause after "that", or the sentence before ", he said"."""
    text, stop = finder.text, verb.end
    rest = text[stop : min(unit.end, stop + WINDOW)]
    after = _clause_after(verb.word, rest)
    if after is None and not cue("verb_at_end").pattern.match(rest):
        return None
    subject = finder.subject(unit, verb) or finder.sentence_subject(unit)
    if subject is None or subject[0] >= verb.start:
        return None
    if after:
        over = cue("clause_end").pattern.search(rest, after.end())
        start, end = _stripped(text, stop + after.end(), stop + over.start() if over else stop + len(rest))
    elif text[max(unit.start, subject[0] - 3) : subject[0]].rstrip().endswith(","):
        start, end = _stripped(text, max(unit.start, subject[0] - WINDOW), subject[0])
    else:
        return None
    if len(text[start:end].split()) < _FEWEST_WORDS:
        return None
    speaker = finder.resolve(*subject, unit)
    finder.spoke.setdefault(unit.ordinal, speaker)
    return {
        "start_char": start,
        "end_char": end,
        "rule": "quotation_that_clause" if after else "quotation_clause_before",
        "quotation": finder.setting.document.text[start:end],
        "kind": "indirect",
        "speaker_surface": speaker.surface,
        "speaker_id": speaker.entity_id,
        "cue": verb.word,
    }


def _clause_after(word: str, rest: str) -> re.Match[str] | None:
    """What leads from a verb to the clause that is its content."""
    after = cue("content_clause").pattern.match(rest) if "that" in rest.lower() else None
    if after and not cue("told_verb").pattern.match(word) and cue("object_clause").pattern.match(rest):
        return None  # "demanded the abolition of the law that …"
    return after


def _stripped(text: str, start: int, end: int) -> Span:
    if "(" in text[start:end] and (dateline := phrase("dateline").match(text[start:end])):
        start += dateline.end()
    while start < end and text[start] in " \n\t-":
        start += 1
    while start < end and (text[end - 1] in _EDGE or text[end - 1].isspace()):
        end -= 1
    return start, end
