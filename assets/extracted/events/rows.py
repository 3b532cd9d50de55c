"""From a scene to rows: when, where, by whom, with whom, and what was decided."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from assets.extracted.document import Document, Found, Row, Sentence, within
from assets.extracted.events.days import Days, own_dates, told_before
from assets.extracted.events.lists import by_person, by_place
from assets.extracted.events.report import Report, Scene, context
from assets.extracted.events.scenes import same_day
from assets.extracted.numbers import digits_to_number

_SUBJECT_REACH = 110
"""Characters before a verb in which its subject may stand."""
_RUN_ON = 2
"""Characters by which a name may run into the verb that follows it without a space."""
_VERB = 13
"""Characters into an event within which a name is still its subject ("Kim Jong Un visited")."""
_NUMBERS = ("two", "three", "four", "five", "six")
_JOINED = re.compile(r"^\s*(?:,|and|, and|to|through|until|[-–])\s*$")
# fmt: off
_WORDS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)
# fmt: on
# fmt: off
_MEETINGS = frozenset(
    {
        "assembly_session", "party_congress", "plenary_meeting", "politburo_meeting", "cabinet_meeting",
        "teleconference", "ceremony", "on_the_spot_guidance",
    }
)
# fmt: on


def rows_of(text: str, sentence: Sentence, scene: Scene, report: Report, found: Found) -> list[Row]:
    """The rows of a scene: one, or one for each place where "respectively" binds places to dates."""
    each = by_place(text, sentence, scene, report, found) if scene.kind == "ceremony" else []
    if scene.rule.options.get("each"):
        each = by_person(text, sentence, scene, report)
    if each or scene.rule.options.get("each"):
        last = each[-1] if each else {}
        report.days = (last["start_date"], last["end_date"]) if last.get("start_date") else report.days
        return each
    dates = [] if _goes_back(text, scene) else own_dates(text, sentence, scene, report)
    dates = _with_further_days(text, sentence, dates)
    if report.published and any(d["start_date"] <= report.published for d in dates):
        dates = [d for d in dates if d["start_date"] <= report.published]
    places = _places(text, sentence, scene, found)
    pairs: list[tuple[Days | None, str | None]]
    listed = len(places) > 1 and len(places) == len(dates) and "respectively" in text
    if listed:
        pairs = [(_days([d], text, sentence), p) for d, p in zip(dates, places, strict=True)]
    else:
        days = _days(dates, text, sentence)
        if days and report.published and days[0] > report.published:
            days = None
        if days is None:
            days = _days_named_before(text, sentence, scene, report)
        if days is None and scene.rule.options.get("part_of"):
            days = report.days
        pairs = [(days, places[0] if len(places) == 1 else None)]
    if scene.kind in _MEETINGS and not listed:
        report.days = pairs[0][0] or report.days
        report.has_visit = report.has_visit or scene.kind == "on_the_spot_guidance"
    return [_row(text, sentence, scene, report, days, place) for days, place in pairs]


def _row(
    text: str, sentence: Sentence, scene: Scene, report: Report, days: Days | None, place: str | None
) -> dict[str, Any]:
    start, end = _span(text, sentence, scene, report)
    groups = scene.match.groupdict()
    return {
        "start_char": sentence.start + start,
        "end_char": sentence.start + end,
        "rule": f"events.{scene.rule.name}",
        "event_kind": scene.kind,
        "organizer_id": scene.rule.options.get("organizer"),
        "ordinal": _ordinal(groups.get("ord"), groups.get("term")),
        "start_date": days[0] if days else None,
        "end_date": days[1] if days else None,
        "place_id": place,
        "participants": _participants(sentence, start, end, scene, report),
        "decisions": _decisions(text, scene),
    }


_HELD = frozenset({"assembly_session", "plenary_meeting", "party_congress", "cabinet_meeting", "politburo_meeting"})


def with_late_days(document: Document, rows: list[Row], report: Report) -> list[Row]:
    """The rows with the days that a later sentence gives the one meeting reported ("The session was held on ...")."""
    undated = [r for r in rows if r["event_kind"] in _HELD and r["start_date"] is None]
    if not undated or len({r["event_kind"] for r in rows if r["event_kind"] in _HELD}) > 1:
        return rows
    for sentence in document.sentences:
        text = document.sentence_text(sentence)
        match = context("it_was_held").search(text) if sentence.start > undated[0]["start_char"] else None
        if match is None:
            continue
        days = [d for d in report.dates_in(sentence) if d["start_date"] == d["end_date"]]
        days = days if days and days[0]["start_char"] - sentence.start <= match.end() else []
        held = _days(days, text, sentence)
        if held and (report.published is None or held[1] <= report.published):
            return [r | {"start_date": held[0], "end_date": held[1]} if r is undated[0] else r for r in rows]
    return rows


def _decisions(text: str, scene: Scene) -> list[str] | None:
    """What was decided, in the words of the text, up to the last whole word of a long one."""
    for name in ("what", "what2", "what3", "what4"):
        if scene.match.groupdict().get(name):
            start, end = scene.match.span(name)
            return [text[start : _word_end(text, start, end)].strip()]
    return None


def _goes_back(text: str, scene: Scene) -> bool:
    """Whether the event is dated by another told of before ("the same day", "had its ceremony the day before")."""
    return same_day(text, scene) or context("day_before").search(scene.match.group()) is not None


def _days_named_before(text: str, sentence: Sentence, scene: Scene, report: Report) -> Days | None:
    """The day that "the same day", "the day before" or the story of an old visit goes back to."""
    named = report.day_named_before(sentence.start + scene.start)
    if same_day(text, scene):
        return named
    if context("day_before").search(scene.match.group()) and (last := report.days or named):
        return last[0] - timedelta(days=1), last[0] - timedelta(days=1)
    if scene.kind != "on_the_spot_guidance":
        return None
    if scene.rule.options.get("he") and report.has_visit and not context("goes_on_to").match(text):
        return report.days
    return told_before(sentence, report)


def _with_further_days(text: str, sentence: Sentence, dates: list[Row]) -> list[Row]:
    """The dates with the days a list leaves without their month ("January 16, 18 and 20")."""
    complete = list(dates)
    for row in dates:
        match = context("further_days").match(text[row["end_char"] - sentence.start :])
        if match is None or row["start_date"] != row["end_date"]:
            continue
        first: date = row["start_date"]
        for found in re.finditer(r"\d+", match["days"]):
            day, at = int(found.group()), row["end_char"] + found.start()
            known = any(d["start_date"].day == day for d in complete)
            if not known and first.day < day <= monthrange(first.year, first.month)[1]:
                own = {"start_date": first.replace(day=day), "end_date": first.replace(day=day)}
                complete.append({**row, **own, "start_char": at, "end_char": at + len(found.group())})
    return complete


def _span(text: str, sentence: Sentence, scene: Scene, report: Report) -> tuple[int, int]:
    """The event with its date; for what a person does also the person."""
    start, end = scene.start, scene.end
    for row in own_dates(text, sentence, scene, report):
        end = max(end, row["end_char"] - sentence.start)
        if _SUBJECT_REACH > scene.start - (row["end_char"] - sentence.start) > 0:
            start = min(start, _lead(text, row["start_char"] - sentence.start))
    if scene.rule.options.get("person"):
        people = report.people_in(sentence.start + max(0, start - _SUBJECT_REACH), sentence.start + scene.start)
        start = people[-1]["start_char"] - sentence.start if people else start
    return start, _word_end(text, start, end)


_OPENING = re.compile(r"(?:\b(?:[Oo]ne day )?(?:[Oo]n|[Ii]n) )$")


def _lead(text: str, start: int) -> int:
    """Where a date with its preposition begins."""
    found = _OPENING.search(text, 0, start)
    return found.start() if found else start


def _word_end(text: str, start: int, end: int) -> int:
    """The end of the last whole word before `end`: a pattern that reaches so many characters may stop inside one."""
    if end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        return max(text.rfind(" ", start, end), start + 1)
    return start + len(text[start:end].rstrip())


def _ordinal(session: str | None, term: str | None) -> dict[str, int | None] | None:
    return {"session": _number(session), "term": _number(term)} if session else None


def _number(word: str | None) -> int | None:
    if word is None:
        return None
    lowered = word.lower()
    return _WORDS.index(lowered) + 1 if lowered in _WORDS else int(digits_to_number(re.sub(r"\D", "", lowered)))


def _days(dates: list[Row], text: str, sentence: Sentence) -> Days | None:
    """First and last day: of the finest date given, with those joined to it ("Tuesday and Wednesday")."""
    if not dates:
        return None
    finest = min(d["end_date"] - d["start_date"] for d in dates)
    near = [d for d in dates if d["end_date"] - d["start_date"] == finest]
    start, end = near[0]["start_date"], near[0]["end_date"]
    for left, right in pairwise(near):
        between = text[left["end_char"] - sentence.start : right["start_char"] - sentence.start]
        if not _JOINED.match(between):
            break
        start, end = min(start, right["start_date"]), max(end, right["end_date"])
    length = context("days_long").search(text)
    if length and start == end:
        start = end - timedelta(days=_NUMBERS.index(length["days"].lower()) + 1)
    return start, end


def _places(text: str, sentence: Sentence, scene: Scene, found: Found) -> list[str]:
    """The places of an event: those named in it or right after "in" or "at", without the country."""
    low, high = sentence.start + scene.start, sentence.start + min(len(text), scene.end + 60)
    mentions = [
        r
        for r in within(found.get("entity_mentions", ()), low, high)
        if r["entity_kind"] == "place" and r.get("entity_id") and r["entity_id"] not in ("dprk", "north_korea")
    ]
    named: list[str] = []
    for row in mentions:
        lead = text[max(0, row["start_char"] - sentence.start - 12) : row["start_char"] - sentence.start]
        if _leads(lead, scene) or (named and re.search(r"(?:,|,? and) (?:the )?$", lead)):
            named.append(row["entity_id"])
    return list(dict.fromkeys(named[:1] if len(named) > 1 and named[1].endswith("province") else named))


_AT = re.compile(r"\b(?:in|at)(?: the)? $")
_VISITED = re.compile(r"\b(?:in|at|to|of|over|visited|inspected|toured)(?: the)? $")


def _leads(words: str, scene: Scene) -> bool:
    """Whether the words before a place make it the place of the event."""
    return (_VISITED if scene.kind == "on_the_spot_guidance" else _AT).search(words) is not None


def _participants(sentence: Sentence, start: int, end: int, scene: Scene, report: Report) -> list[str] | None:
    """Who speaks or visits: the person named last before the verb. Of other events whoever is named in them."""
    if meant := scene.rule.options.get("participant"):
        return [meant]
    if scene.kind == "speech" and scene.match.groupdict().get("named"):
        first, last = scene.match.span("named")
        people = [r["entity_id"] for r in report.people_in(sentence.start + first, sentence.start + last)]
        return [p for p in people if p] or None
    if scene.match.groupdict().get("who"):
        first, last = scene.match.span("who")
        people = report.people_in(sentence.start + first, sentence.start + last + _RUN_ON)
        if named := [r["entity_id"] for r in people if r["entity_id"]]:
            return named[:1]
    if scene.kind in ("speech", "on_the_spot_guidance"):
        reach = scene.start if scene.kind == "on_the_spot_guidance" else _SUBJECT_REACH
        low, high = max(0, scene.start - reach), scene.start + _VERB
        people = [r["entity_id"] for r in report.people_in(sentence.start + low, sentence.start + high)]
        return [p for p in people if p][-1:] or None
    named = report.people_in(sentence.start + start, sentence.start + end)
    people = [r["entity_id"] for r in named if not _is_owner(report.text, r)]
    return list(dict.fromkeys(p for p in people if p)) or None


def _is_owner(text: str, person: Row) -> bool:
    """Whether a person is named for a work or post of theirs ("the 40th anniversary of Ri's speech")."""
    return text[person["end_char"] : person["end_char"] + 1] in ("'", "’")
