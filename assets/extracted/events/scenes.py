"""Which sentences report an event, of which kind, and what the report has come to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from assets.extracted.document import Document, Sentence, within
from assets.extracted.events.days import own_dates, told_before
from assets.extracted.events.report import Report, Scene, context
from assets.extracted.needs import Needs, Tried, matches, needs_of
from assets.extracted.rules import rules

_OLD = 400
"""Days after which a visit or speech is told as history rather than reported."""
_HISTORY = 20 * 365
"""Days after which any meeting is history."""
_HEAD = 3
"""The sentences at the top of a report in which a meeting named without a date is the one reported."""
_NEAR = 80
"""Characters behind a ceremony in which the works it is for are named."""
_STORY = 1500
"""Characters before "he" in which the leader it stands for is named."""
_CLOSED = re.compile(r"[.!?:;…][\"”’')\],\s]*(?:\([^()]{3,40}\)\s*)?(?:-0-)?\s*$")


@cache
def _needs() -> Needs:
    return needs_of(rules("events"))


def may_report(document: Document) -> Iterator[tuple[Sentence, list[Tried]]]:
    """The sentences that hold the words some rule needs, with these rules and where they may match."""
    return ((document.sentences[index], tried) for index, tried in _needs().by_sentence(document))


def scenes_of(text: str, sentence: Sentence, tried: Sequence[Tried], report: Report) -> list[Scene]:
    """The events a sentence reports, one per place in it (the first rule's), in order."""
    scenes: list[Scene] = []
    for index, places in tried:
        rule = rules("events")[index]
        for match in matches(rule.pattern, text, places):
            scene = Scene(match.start(), match.end(), rule, match)
            same = [s for s in scenes if s.kind == scene.kind]
            clash = any((s.start < scene.end and scene.start < s.end) or scene.kind in _ONE_OF_A_KIND for s in same)
            alone = rule.options.get("pair") and not any(s.end <= scene.start for s in same)
            if not clash and not alone and _reports(text, sentence, scene, report):
                scenes.append(scene)
    return sorted(scenes, key=lambda s: s.start)


_ONE_OF_A_KIND = frozenset(("on_the_spot_guidance",))
"""The kinds of which a sentence tells one: a visit and the guidance given at it are the same event."""
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
    if scene.kind not in _LOCAL and ("ord" in scene.match.groupdict() or context("dprk").search(scene.match.group())):
        return False
    dateline = context("dateline").match(text)
    start = dateline.end() if dateline else 0
    # Where a leader of the DPRK goes is told of him, also abroad; only another who tells of it stands before him.
    is_his = scene.match.groupdict().get("who") or (scene.rule.options.get("he") and _goes_to_works(scene, report))
    end = scene.start if is_his else len(text)
    return bool(context("foreign").search(text, start, end)) or bool(
        within(report.abroad, sentence.start + start, sentence.start + end)
    )


def _is_history(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    """Whether a visit, speech or ceremony is recalled, or belongs to an occasion outside the economy."""
    dates = own_dates(text, sentence, scene, report)
    published = report.published
    age = max(((published - d["end_date"]).days for d in dates), default=0) if published else 0
    if scene.kind not in _LOCAL:
        return age > _HISTORY
    if scene.rule.options.get("built") or scene.rule.options.get("occasion"):
        return age > _HISTORY
    is_part = scene.kind == "speech" and report.days is not None
    is_part = is_part or (scene.kind == "on_the_spot_guidance" and bool(dates))
    if not is_part and context("anniversary").search(text) and not _is_start_of_works(text, scene):
        return True
    if scene.kind in ("speech", "ceremony") and _is_festive(text, scene, report):
        return True
    if scene.kind == "on_the_spot_guidance":
        return not dates and not _is_new_visit(text, sentence, scene, report) and not told_before(sentence, report)
    return age > _OLD and scene.kind in ("speech", "cabinet_meeting", "personnel_change")


def _is_new_visit(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    """Whether a visit without a date is the one reported or a further one, not a walk about the place."""
    if not report.has_visit:
        return sentence.ordinal < _HEAD or context("lately").search(text) is not None
    return "leader" not in scene.rule.options or context("another_visit").search(text[: scene.end]) is not None


def _is_festive(text: str, scene: Scene, report: Report) -> bool:
    """Whether a speech or ceremony belongs to an occasion outside the economy, of which no date is reported."""
    if not report.off_topic or scene.rule.options.get("occasion"):
        return False
    if scene.kind == "ceremony" and context("works").search(scene.match.group()):
        return False
    if _is_start_of_works(text, scene):
        return False
    is_part = scene.kind == "speech" and report.days is not None
    return not is_part and not context("top_leader").search(text, 0, scene.start)


def _is_start_of_works(text: str, scene: Scene) -> bool:
    """Whether a ceremony breaks the ground for works or hands them over, for which anniversaries are an occasion."""
    if scene.kind != "ceremony" or not context("start_of_works").search(scene.match.group()):
        return False
    return context("works").search(text, scene.start, min(len(text), scene.end + _NEAR)) is not None


def _gate(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    gate = scene.rule.options["gate"]
    if gate == "none":
        return True
    if gate == "assembly":
        return report.about_assembly or bool(context("assembly").search(text))
    if gate == "part":
        return report.days is not None or report.about_assembly or bool(context("assembly").search(text))
    if gate == "head":
        return sentence.ordinal < _HEAD + 2
    if scene.rule.options.get("he"):
        return bool(own_dates(text, sentence, scene, report)) or _goes_on(text, sentence, scene, report)
    dated = bool(
        own_dates(text, sentence, scene, report)
        or context("time_follows").match(text[scene.end :])
        or same_day(text, scene)
        or context("day_before").search(scene.match.group())
        or context("on_some_day").search(scene.match.group())
    )
    if gate == "dated":
        return dated
    if "ord" in scene.match.groupdict() and scene.match["ord"] and context("behind").search(text[: scene.start]):
        return True
    passing = context("passing").search(text[: scene.start]) or context("behind").search(text[: scene.start])
    if dated:
        return not passing or bool(context("time_follows").match(text[scene.end :]))
    around = text[max(0, scene.start - 40) : scene.end + 60]
    return not passing and (sentence.ordinal < _HEAD or bool(context("held").search(around)))


def _goes_on(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    """Whether "he" goes on to another place: told so, to works with a name, or in the story of an old visit."""
    if context("goes_on_to").match(text) or told_before(sentence, report):
        return True
    return _goes_to_works(scene, report)


def _goes_to_works(scene: Scene, report: Report) -> bool:
    """Whether a visit reported before goes on to works with a name of their own."""
    return report.has_visit and context("named_works").match(scene.match.group()) is not None


def same_day(text: str, scene: Scene) -> bool:
    """Whether the event is said to have been on the day named last."""
    same = context("same_day")
    return bool(same.search(text[scene.end :]) or same.search(text[scene.start : scene.end]))


def _has_actor(text: str, sentence: Sentence, scene: Scene, report: Report) -> bool:
    if scene.rule.options.get("he"):
        return _told_of_a_leader(report, sentence.start + scene.start)
    if scene.rule.options.get("leader") and not context("leader").search(text):
        return False
    if not scene.rule.options.get("person"):
        return True
    people = report.people_in(sentence.start, sentence.end)
    return bool(people) or bool(context("leader").search(text[: scene.start]))


def _told_of_a_leader(report: Report, before: int) -> bool:
    """Whether "he" at `before` may be a leader: one is named not far before it."""
    return context("leader").search(report.text, max(0, before - _STORY), before) is not None
