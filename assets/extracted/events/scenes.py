"""Which sentences report an event, of which kind, and what the report has come to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from assets.extracted.document import Document, Found, Row, Sentence, within
from assets.extracted.needs import Needs
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_TOPIC, _LEAD = 300, 1500
"""Characters at the top of a text that tell its topic, and in which the meeting it is about is named."""
_OLD = 400
"""Days after which a visit or speech is told as history rather than reported."""
_HISTORY = 20 * 365
"""Days after which any meeting is history."""
_HEAD = 3
"""The sentences at the top of a report in which a meeting named without a date is the one reported."""
_CLOSED = re.compile(r"[.!?:;…][\"”’')\]]*\s*(?:-0-)?\s*$")


@dataclass(frozen=True, slots=True)
class Scene:
    """An event as one rule finds it in a sentence: offsets in the sentence, the rule and its match."""

    start: int
    end: int
    rule: Rule
    match: re.Match[str]

    @property
    def kind(self) -> str:
        """The event kind."""
        kind: str = self.rule.options["kind"]
        return kind


def _in_dateline(text: str, row: Row) -> bool:
    line = text.rfind("\n", 0, row["start_char"]) + 1
    match = context("dateline").match(text[line : line + 160])
    return match is not None and row["end_char"] <= line + match.end()


class Report:
    """What a document reports: its topic, and the date of the meeting or ceremony it has come to."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        head = (document.title or "") + " " + document.text[:_TOPIC]
        self.published = document.published_on
        self.off_topic = bool(context("off_topic").search(head))
        countries = _countries(reference)
        self.is_domestic = (
            bool(context("dprk").search(head))
            or bool(context("dprk").search(document.text))
            or any(countries.get(r.get("entity_id") or "") == "KP" for r in found.get("entity_mentions", ()))
        )
        self.abroad: list[Row] = [
            r
            for r in found.get("entity_mentions", ())
            if countries.get(r.get("entity_id") or "", "KP") not in ("KP", None)
        ]
        self.people: list[Row] = [r for r in found.get("entity_mentions", ()) if r["entity_kind"] == "person"]
        self.dates: list[Row] = [
            d
            for d in found.get("dates", ())
            if d.get("start_date") and d["granularity"] != "decade" and not _in_dateline(document.text, d)
        ]
        self.about_assembly = bool(context("assembly").search(document.text[:_LEAD]))
        self.days: tuple[date, date] | None = None

    def dates_in(self, sentence: Sentence) -> list[Row]:
        """The dates of a sentence."""
        return within(self.dates, sentence.start, sentence.end)

    def day_before(self, offset: int) -> tuple[date, date] | None:
        """The last single day named before `offset`, which "the same day" goes back to."""
        named = [d for d in self.dates if d["end_char"] <= offset and d["start_date"] == d["end_date"]]
        return (named[-1]["start_date"], named[-1]["end_date"]) if named else None

    def people_in(self, start: int, end: int) -> list[Row]:
        """The people named between two offsets of the document."""
        return within(self.people, start, end)


@cache
def _countries(reference: Reference) -> dict[str, str | None]:
    """The country of every place."""
    return {r["place_id"]: r["country"] for r in reference.rows("places")}


@cache
def _contexts() -> dict[str, re.Pattern[str]]:
    return {r.options["part"]: r.pattern for r in rules("events_context")}


@cache
def _needs() -> Needs:
    return Needs(r.options["needs"] for r in rules("events"))


def context(part: str) -> re.Pattern[str]:
    """The pattern of one part of events_context.toml."""
    return _contexts()[part]


def scenes_of(text: str, sentence: Sentence, report: Report) -> list[Scene]:
    """The events a sentence reports, one per place in it (the first rule's), in order."""
    scenes: list[Scene] = []
    for index in _needs().met_by(text.lower()):
        rule = rules("events")[index]
        for match in rule.pattern.finditer(text):
            scene = Scene(match.start(), match.end(), rule, match)
            clash = any(s.kind == scene.kind and s.start < scene.end and scene.start < s.end for s in scenes)
            if not clash and _reports(text, sentence, scene, report):
                scenes.append(scene)
    return sorted(scenes, key=lambda s: s.start)


# fmt: off
_LOCAL = frozenset(
    {
        "ceremony", "speech", "on_the_spot_guidance", "personnel_change", "launch", "law_passed", "teleconference",
        "cabinet_meeting",
    }
)
# fmt: on
"""The kinds of which other countries, and occasions outside the economy, are full."""


def _reports(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    if not _CLOSED.search(text) or context("caption").search(text):
        return False
    if context("hypothetical").search(text[: scene.start]):
        return False
    if not scene.rule.options.get("built") and context("hypothetical_after").search(text[scene.end :]):
        return False
    if scene.kind == "statistical_release":
        if not context("economic").search(text):
            return False
    elif (
        not report.is_domestic
        or _is_foreign(text, sentence, scene, report)
        or _is_history(text, sentence, scene, report)
    ):
        return False
    return _gate(text, sentence, scene, report) and _has_actor(text, sentence, scene, report)


def _is_foreign(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    """Whether the sentence is about another country, or a meeting with foreigners."""
    if scene.kind not in _LOCAL and "ord" in scene.match.groupdict():
        return False
    dateline = context("dateline").match(text)
    start = dateline.end() if dateline else 0
    return bool(context("foreign").search(text, start)) or bool(
        within(report.abroad, sentence.start + start, sentence.end)
    )


def _is_history(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    """Whether a visit, speech or ceremony is recalled, or belongs to an occasion outside the economy."""
    dates = own_dates(text, sentence, scene, report)
    published = report.published
    age = max(((published - d["end_date"]).days for d in dates), default=0) if published else 0
    if scene.kind not in _LOCAL:
        return age > _HISTORY
    if scene.rule.options.get("built"):
        return False
    if context("anniversary").search(text):
        return True
    if (
        scene.kind in ("speech", "ceremony")
        and report.off_topic
        and not context("top_leader").search(text, 0, scene.start)
    ):
        return True
    if scene.kind == "on_the_spot_guidance" and not dates and sentence.ordinal >= _HEAD:
        return True
    return age > _OLD and scene.kind in ("speech", "on_the_spot_guidance", "cabinet_meeting", "personnel_change")


def _gate(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    gate = scene.rule.options["gate"]
    if gate == "none":
        return True
    if gate == "assembly":
        return report.about_assembly or bool(context("assembly").search(text))
    if gate == "head":
        return sentence.ordinal < _HEAD + 2
    dated = bool(own_dates(text, sentence, scene, report) or context("time_follows").match(text[scene.end :]))
    if gate == "dated":
        return dated
    passing = context("passing").search(text[: scene.start])
    if dated:
        return not passing or bool(context("time_follows").match(text[scene.end :]))
    around = text[max(0, scene.start - 40) : scene.end + 60]
    return not passing and (sentence.ordinal < _HEAD or bool(context("held").search(around)))


def _has_actor(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    if scene.rule.options.get("leader") and not context("leader").search(text):
        return False
    if not scene.rule.options.get("person"):
        return True
    people = report.people_in(sentence.start, sentence.end)
    return bool(people) or bool(context("leader").search(text[: scene.start]))


_OPENING = re.compile(r"^\W*(?:(?:in|on|from|early|late|last)\b\W*)*$", re.IGNORECASE)
"""What may stand before a date that opens the sentence."""
_LONGEST = 31
"""Days of the longest time within which a speech or decision is dated; a year in its title is not its date."""
_LIST = 25
"""Characters over which dates are listed together."""
_REACH, _LONG_REACH = 70, 140
"""How far from an event its date may stand, and how far behind "was held"."""
_NOT_ITS = re.compile(
    r"\b(?:since|until|by|from|before|after|than|over|the end of|anniversary of|as of)(?: the| early| late)? ?$", re.I
)


_UNTIL = re.compile(r" (?:to|through|until|till) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
"""Behind the first of a span of days: from Tuesday to Thursday."""
_FOR = re.compile(r"\b(?:budgets?|plans?|report)\b[^,;]*\b(?:for|of)\b")
"""Before a year that a budget or plan is for, as the meeting on it is not dated."""


def own_dates(text: str, sentence: Sentence, scene: Scene, report: Report) -> list[Row]:
    """The dates in a sentence that say when the event was: near it, and not the beginning or end of something else."""
    kept = []
    for row in report.dates_in(sentence):
        start, end = row["start_char"] - sentence.start, row["end_char"] - sentence.start
        gap = max(start - scene.end, scene.start - end, 0)
        between = text[min(scene.end, end) : max(scene.start, start)]
        is_visit = scene.kind == "on_the_spot_guidance"
        reach = _LONG_REACH if is_visit or context("was_held").match(text[scene.end :]) else _REACH
        far = gap > reach and not (end <= scene.start and _OPENING.match(text[:start]))
        told = row["end_char"] - sentence.start <= scene.start and context("told_on").search(between)
        days = (row["end_date"] - row["start_date"]).days
        if far or told or ";" in between or (days > _LONGEST and _FOR.search(between)):
            continue
        if _NOT_ITS.search(text[:start]) and not _opens_range(row) and not _UNTIL.match(text[end:]):
            continue
        if scene.rule.options.get("part_of") and (row["end_date"] - row["start_date"]).days > _LONGEST:
            continue
        kept.append((gap, row))
    inside = [k for k in kept if k[0] == 0]
    return _nearest(
        [k for k in kept if k[0] == 0 or k[1]["start_char"] - sentence.start >= scene.end] if inside else kept
    )


def _nearest(found: list[tuple[int, Row]]) -> list[Row]:
    """The dates inside the event's words or nearest to them, with those that follow on them, in order."""
    if not found:
        return []
    least = min(gap for gap, _ in found)
    return [row for gap, row in found if gap <= least + _LIST]


def _opens_range(row: Row) -> bool:
    return bool(row["granularity"] == "range")
