"""Several events in one sentence: places with their own days, people with their own posts."""

from __future__ import annotations

import re

from assets.extracted.document import Found, Row, Sentence, within
from assets.extracted.events.report import Report, Scene

_IN = re.compile(r"\b(?:in|at)(?: the)? $")
_ON = re.compile(r"\bon $")


def by_place(text: str, sentence: Sentence, scene: Scene, report: Report, found: Found) -> list[Row]:
    """One row for each place with its own day ("in Kumya County on May 3 and in Kosan County on May 9"), if several."""
    stop = text.find(";", scene.start)
    low, high = sentence.start + scene.start, sentence.start + (stop if stop >= 0 else len(text))
    places = [
        r
        for r in within(found.get("entity_mentions", ()), low, high)
        if r["entity_kind"] == "place" and r.get("entity_id") and _has_day(text, sentence, r)
    ]
    rows: list[Row] = []
    after = low
    for day in within(report.dates, low, high):
        if day["start_date"] != day["end_date"] or not _ON.search(text[: day["start_char"] - sentence.start]):
            continue
        named = [p for p in places if after <= p["start_char"] < day["start_char"]]
        named = [p for p in named if _IN.search(text[: p["start_char"] - sentence.start])] or named
        if len(named) != 1 or (report.published is not None and day["start_date"] > report.published):
            return []
        first = named[0]["start_char"] - sentence.start
        lead = _IN.search(text[:first])
        start = scene.start if not rows else lead.start() if lead else first
        rows.append(_placed(sentence, scene, (start, day["end_char"] - sentence.start), day, named[0]["entity_id"]))
        after = day["end_char"]
    return rows if len(rows) > 1 else []


def _has_day(text: str, sentence: Sentence, place: Row) -> bool:
    """Whether a place stands behind "in" or "at", or right before "on" and its day."""
    start, end = place["start_char"] - sentence.start, place["end_char"] - sentence.start
    return _IN.search(text[:start]) is not None or text.startswith(" on ", end)


def _placed(sentence: Sentence, scene: Scene, span: tuple[int, int], day: Row, place: str) -> Row:
    return {
        "start_char": sentence.start + span[0],
        "end_char": sentence.start + span[1],
        "rule": f"events.{scene.rule.name}",
        "event_kind": scene.kind,
        "organizer_id": scene.rule.options.get("organizer"),
        "start_date": day["start_date"],
        "end_date": day["end_date"],
        "place_id": place,
    }


_AS = re.compile(r"\bas\b")
_TAIL = re.compile(r"(?:[\s,]|\b(?:and|as)\b)+$")


def by_person(text: str, sentence: Sentence, scene: Scene, report: Report) -> list[Row]:
    """One row for each person of a list of appointments ("Ri as minister of Railways, Kim as minister of Health")."""
    people = report.people_in(sentence.start + scene.start, sentence.start + scene.end)
    rows = []
    for nth, person in enumerate(people):
        start = person["start_char"] - sentence.start
        end = people[nth + 1]["start_char"] - sentence.start if nth + 1 < len(people) else scene.end
        posts = list(_AS.finditer(text, start, end))
        end = posts[1].start() if len(posts) > 1 else end
        words = _TAIL.sub("", text[start:end])
        days = report.days or (None, None)
        rows.append(
            {
                "start_char": sentence.start + start,
                "end_char": sentence.start + start + len(words),
                "rule": f"events.{scene.rule.name}",
                "event_kind": scene.kind,
                "organizer_id": scene.rule.options.get("organizer"),
                "start_date": days[0],
                "end_date": days[1],
                "participants": [person["entity_id"]] if person.get("entity_id") else None,
            }
        )
    return rows
