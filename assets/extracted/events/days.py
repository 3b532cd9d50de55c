"""Which dates of a sentence say when an event was."""

from __future__ import annotations

import re
from datetime import date

from assets.extracted.document import Row, Sentence
from assets.extracted.events.report import Report, Scene, context
from assets.extracted.frames_patterns import pattern

_OPENING = re.compile(r"^\W*(?:(?:in|on|from|early|late|last)\b\W*)*$", re.IGNORECASE)
"""What may stand before a date that opens the sentence."""
_LONGEST = 31
"""Days of the longest time within which a speech or decision is dated; a year in its title is not its date."""
_YEAR = 360
"""Days from which a time is a year, which a sentence may name for other things ("reported on the 2024 budget")."""
_LIST = 25
"""Characters over which dates are listed together."""
_REACH, _LONG_REACH = 70, 140
"""How far from an event its date may stand, and how far behind "was held"."""
_STORY, _OLD = 150, 400
"""Characters before a visit in which the story of it may name its time, and days after which a visit is history."""
Days = tuple[date, date]
_NOT_ITS = re.compile(
    r"\b(?:since|until|by|from|before|after|than|over|the end of|anniversary of|as of)(?: the| early| late)? ?$", re.I
)


_UNTIL = re.compile(r" (?:to|through|until|till) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
"""Behind the first of a span of days: from Tuesday to Thursday."""
_FOR = re.compile(r"\b(?:budgets?|plans?|report)\b[^,;]*\b(?:for|of)\b")
"""Before a year that a budget or plan is for, as the meeting on it is not dated."""


def own_dates(text: str, sentence: Sentence, scene: Scene, report: Report) -> list[Row]:
    """The dates in a sentence that say when the event was: near it, and not the beginning or end of something else."""
    key = sentence.start, scene.start, scene.rule.name
    if key not in report.own_dates:
        report.own_dates[key] = _own_dates(text, sentence, scene, report)
    return report.own_dates[key]


def _own_dates(text: str, sentence: Sentence, scene: Scene, report: Report) -> list[Row]:
    kept = []
    for row in report.dates_in(sentence):
        start, end = row["start_char"] - sentence.start, row["end_char"] - sentence.start
        gap = max(start - scene.end, scene.start - end, 0)
        between = text[min(scene.end, end) : max(scene.start, start)]
        if _is_far(text, scene, start, end, gap) or _is_another(text, scene, row, start, between):
            continue
        if start < scene.start and context("genitive").match(text[end : scene.start]):
            return [row]
        if _is_too_long(text, scene, row, start, gap, between):
            continue
        if _NOT_ITS.search(text[:start]) and row["granularity"] != "range" and not _UNTIL.match(text[end:]):
            continue
        kept.append((gap, row))
    inside = [k for k in kept if k[0] == 0]
    return _nearest(
        [k for k in kept if k[0] == 0 or k[1]["start_char"] - sentence.start >= scene.end] if inside else kept
    )


def _is_far(text: str, scene: Scene, start: int, end: int, gap: int) -> bool:
    """Whether a date stands too far from the event, and does not open the sentence either."""
    if gap <= _REACH or (end <= scene.start and _OPENING.match(text[:start])):
        return False
    is_held = context("was_held").match(text[scene.end :]) or context("ends_held").search(text[: scene.end])
    return gap > _LONG_REACH or not (scene.kind == "on_the_spot_guidance" or is_held)


def _is_another(text: str, scene: Scene, row: Row, start: int, between: str) -> bool:
    """Whether a date is that of another clause, of the telling, or of a newspaper that tells of the event."""
    if ";" in between or text[:start].rstrip().endswith("("):
        return True
    if start < scene.start and context("told_on").search(between):
        return True
    if start > scene.start and pattern("counted_from").search(text[:start]):
        return True
    is_day = row["start_date"] == row["end_date"] and scene.kind != "statistical_release"
    return is_day and context("told_that_day").search(text[:start]) is not None


def _is_too_long(text: str, scene: Scene, row: Row, start: int, gap: int, between: str) -> bool:
    """Whether a time is too long to be that of a visit, speech or decision, or the year a plan or budget is for."""
    days = (row["end_date"] - row["start_date"]).days
    if days <= _LONGEST:
        return False
    if scene.kind == "on_the_spot_guidance" and context("so_many_times").search(text):
        return context("during").search(text[:start]) is None
    if scene.kind == "on_the_spot_guidance" or scene.rule.options.get("part_of") or _FOR.search(between):
        return True
    if days > _YEAR and scene.kind == "ceremony" and not context("during").search(text[:start]):
        return True
    is_timed = not between.strip() or context("during").search(text[:start]) or _OPENING.match(text[:start])
    return days > _YEAR and gap > 0 and not is_timed


def told_before(sentence: Sentence, report: Report) -> Days | None:
    """The time that the story of an old visit names shortly before the sentence that tells of it."""
    if report.published is None or report.has_visit:
        return None
    told = [d for d in report.dates if sentence.start - _STORY <= d["end_char"] <= sentence.start]
    if told and (report.published - told[-1]["end_date"]).days > _OLD:
        return told[-1]["start_date"], told[-1]["end_date"]
    return None


def _nearest(found: list[tuple[int, Row]]) -> list[Row]:
    """The dates inside the event's words or nearest to them, with those that follow on them, in order."""
    if not found:
        return []
    least = min(gap for gap, _ in found)
    return [row for gap, row in found if gap <= least + _LIST]
