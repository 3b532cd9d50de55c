"""What stands in quotation marks and is nobody's words: titles, names, headings, slogans, single terms."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from assets.extracted.document import Document
from assets.extracted.quotations.marks import Marked
from assets.extracted.rules import Rule, rules

_WORD = re.compile(r"[^\W_](?:[\w’'.-]*\w)?")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and as at but by for from in into nor of on or over the to under with per via vs than about against "
        "among through toward towards upon within without between after before its our your their his her",
    )
)
_SHORT = 6
_CLAUSE = 7
_TERM = 3
_LONGEST_HEADING = 250


@lru_cache(maxsize=8)
def words(text: str) -> tuple[str, ...]:
    """The words of `text`, without punctuation; of one passage they are asked for several times."""
    return tuple(_WORD.findall(text))


def is_title_case(inner: str) -> bool:
    """Whether all but the small words begin with a capital or a digit, as in titles and names."""
    has_capital = False
    for word in words(inner):
        if word[0].islower():
            if word.lower() not in _SMALL:
                return False
        elif word[0].isupper() and not has_capital:
            has_capital = word.lower() not in _SMALL
    return has_capital


def is_heading(document: Document, passage: Marked) -> bool:
    """Whether the passage is a line of its own in capitals or title case, or single-quoted in a headline."""
    text = document.text
    before, after = max(0, passage.start - _LONGEST_HEADING), passage.end + _LONGEST_HEADING
    start = text.rfind("\n", before, passage.start) + 1 or before
    end = text.find("\n", passage.end, after)
    line = text[start : min(after, len(text)) if end < 0 else end].strip()
    if len(line) > _LONGEST_HEADING:
        return False
    inner = text[passage.inner_start : passage.inner_end]
    if line == text[passage.start : passage.end]:
        return is_title_case(inner) or inner.isupper()
    return text[passage.start] in "‘'" and (start == 0 or line == document.title) and len(line.split()) < 25


def is_clause(inner: str) -> bool:
    """Whether words are long enough, or end, like a clause somebody utters and not like a term."""
    count = len(words(inner))
    return count >= _CLAUSE or (count > 2 and inner.rstrip()[-1:] in ",.?!")


def is_term(inner: str) -> bool:
    """Whether words are a term set off by its marks, too short to be anybody's without a verb of saying."""
    return len(words(inner)) <= _TERM and inner.rstrip()[-1:] not in ",.?!"


def is_introduced(text: str, passage: Marked) -> bool:
    """Whether a verb of saying stands right before the opening mark ("said", "called it a")."""
    return any(r.pattern.search(text[max(0, passage.start - 60) : passage.start]) for r in _by_place()["introduced"])


@cache
def _by_place() -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {"before": (), "inside": (), "after": (), "introduced": ()}
    for rule in rules("quotations"):
        found[rule.options["where"]] += (rule,)
    return found


@cache
def _read(place: str, *unfit: str) -> tuple[Rule, ...]:
    """The rules of a place that are read where those with the conditions `unfit` are not."""
    return tuple(r for r in _by_place()[place] if not any(r.options.get(condition) for condition in unfit))


def nobodys(text: str, passage: Marked, start: int, end: int, *, has_cue: bool) -> str | None:
    """The name of the rule by which a passage in a sentence [start, end) is a title, name or slogan; else None."""
    inner = text[passage.inner_start : passage.inner_end].strip()
    title = is_title_case(inner)
    places = {
        "before": text[max(start, passage.start - 60) : passage.start],
        "inside": inner,
        "after": text[passage.end : min(end, passage.end + 40)],
    }
    conditions = {
        "only_title": not title,
        "only_short": len(inner.split()) > _SHORT,
        "unless_comma": inner[-1:] in ",",
        "unless_cue": has_cue,
    }
    unfit = [name for name, fails in conditions.items() if fails]
    for place, searched in places.items():
        for rule in _read(place, *unfit):
            if rule.pattern.search(searched):
                return rule.name
    return "title_case" if title and not has_cue and len(inner.split()) > 1 and inner[-1:] not in ".!?" else None
