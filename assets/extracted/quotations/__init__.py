"""Quotations: words given as somebody's, in quotation marks or reported, with who says them.

`extract` returns the rows of `extracted.quotations`. Titles, headings, names of products and single quoted terms are
told from quotations by the rules of `rules/quotations.toml`, verbs of saying are those of `rules/cues.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assets.extracted.document import Document, Found, Row
from assets.extracted.quotations.indirect import reported, reporting
from assets.extracted.quotations.kinds import (
    is_clause,
    is_heading,
    is_introduced,
    is_term,
    is_title_case,
    nobodys,
)
from assets.extracted.quotations.marks import Marked, marked
from assets.extracted.quotations.people import cast_of, state_media
from assets.extracted.quotations.setting import Setting, Unit
from assets.extracted.quotations.speakers import Finder, Voice
from warehouse.reference import Reference

_DETERMINED = re.compile(r"(?<!\w)(?:the|an?|its|their|such)\s+$")
_IN_LIST = re.compile(r"\s*(?:[,;]\s*(?:and\b|or\b)?|and\b|or\b|\n)\s*")
_NEAR = 70
_STANDALONE = ("quotation_goes_on", "quotation_announced")


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The quotations of a document: rows with quotation, kind, speaker_surface, speaker_id and cue."""
    if not document.sentences:
        return []
    setting = Setting(document, marked(document.text))
    if not setting.passages and not setting.all_verbs:
        return []
    finder = Finder(setting, cast_of(document, reference, found.get("entity_mentions", ())))
    direct = _direct(setting, finder, document.outlet_id in state_media(reference)) if setting.passages else []
    return direct + reported(finder, direct)


def _direct(setting: Setting, finder: Finder, sceptical: bool) -> list[Row]:
    """The passages in quotation marks that somebody says."""
    document, rows = setting.document, []
    passed_over = _nobodys_words(setting) if sceptical else ()
    named_until: int | None = None
    for passage in setting.passages:
        if passage in passed_over:
            finder.pass_over(passage)
            continue
        unit = setting.unit_of(passage)
        if unit is None:
            continue
        voice = finder.voice(passage, unit)
        listed = named_until is not None and _IN_LIST.fullmatch(document.text, named_until, passage.start)
        if listed or _is_name(document, passage, unit, voice):
            named_until = passage.end
        elif _is_said(document, passage, voice, sceptical):
            rows.append(_row(document, passage, voice))
    return rows


def _nobodys_words(setting: Setting) -> Sequence[Marked]:
    """The passages that nobody says, whatever stands near; none where a list tells by them whether others are names."""
    document, passages = setting.document, setting.passages
    found = [p for p in passages if not _may_be_said(document, p)]
    for earlier, later in pairwise(passages) if len(found) < len(passages) else ():
        if earlier in found and later not in found and _IN_LIST.fullmatch(document.text, earlier.end, later.start):
            return ()
    return found


def _may_be_said(document: Document, passage: Marked) -> bool:
    """Whether the passage looks like words of somebody's where words are also marked because they are doubted."""
    inner = document.text[passage.inner_start : passage.inner_end]
    return not is_title_case(inner) and (is_clause(inner) or is_introduced(document.text, passage))


def _near(voice: Voice | None) -> bool:
    return voice is not None and voice.cue is not None and voice.distance <= _NEAR


def _is_name(document: Document, passage: Marked, unit: Unit, voice: Voice | None) -> bool:
    """Whether the passage is a title, heading, name or slogan."""
    if is_heading(document, passage):
        return True
    return nobodys(document.text, passage, unit.start, unit.end, has_cue=_near(voice)) is not None


def _is_said(document: Document, passage: Marked, voice: Voice | None, sceptical: bool) -> bool:
    """Whether somebody says the passage. State media also mark words they doubt: there it takes a verb."""
    near = _near(voice)
    inner = document.text[passage.inner_start : passage.inner_end]
    if not sceptical:
        said = voice is not None and (voice.cue is not None or voice.rule in _STANDALONE)
        return (passage.is_closed or near) and (said or not is_term(inner))
    if voice is None or voice.speaker is None or is_title_case(inner):
        return False
    clause = is_clause(inner)
    if _DETERMINED.search(document.text[: passage.start][-12:]) and not is_introduced(document.text, passage):
        clause = clause and voice.cue in reporting()  # "condemned the …": a name or a term
    return (near and (clause or is_introduced(document.text, passage))) or (clause and voice.rule in _STANDALONE)


def _row(document: Document, passage: Marked, voice: Voice | None) -> Row:
    speaker = voice.speaker if voice else None
    return {
        "start_char": passage.start,
        "end_char": passage.end,
        "rule": voice.rule if voice else "quotation_without_speaker",
        "quotation": document.text[passage.inner_start : passage.inner_end].strip(),
        "kind": "direct",
        "speaker_surface": speaker.surface if speaker else None,
        "speaker_id": speaker.entity_id if speaker else None,
        "cue": voice.cue if voice else None,
    }
