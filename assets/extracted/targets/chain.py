"""The verbs that a cue governs: the first one after it and those joined to that."""

from __future__ import annotations

import re

from assets.extracted.frames import Clause
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_verbs import VerbUse
from assets.extracted.rules import Rule

_MOODS = {
    "verb": ("infinitive", "base", "infinitive_passive", "modal"),
    "gerund": ("participle",),
    "act": ("participle", "infinitive", "infinitive_passive", "base"),
    "that": ("present", "present_passive", "base", "modal", "modal_passive"),
    "clause": ("modal", "modal_passive", "infinitive", "infinitive_passive", "base"),
}
_REACH, _NEAR, _JOINED_REACH, _LIST = 60, 25, 140, 220  # characters between a cue and its verb, a verb and the next
_LOOSE = ("ordered_that", "measures_will_be_taken")
_JOIN = re.compile(
    r"(?:,\s*(?:and\s+)?|\s+and,?\s+|\s+but\s+)(?:(?:to|thus|also|of|for|at the same time,?|in particular,)\s+)*[“\"]?$"
)
_OWN_SUBJECT = re.compile(r"[^;:.”\"]{0,120}?(?:,|\sand)\s[^,;:.”\"]{3,80}\s")
_ADJACENT = re.compile(r",?\s(?:and|or)\s|,\s")
_STOP = re.compile(r"[;:.]")
_PARTED = re.compile(r"[;:”\"]|\.\s")


def chain(clause: Clause, rule: Rule, match: re.Match[str]) -> list[VerbUse]:
    """The verb that the cue governs and those joined to it."""
    first = match.end() if rule.options["complement"] == "act" else match.start()
    uses = [u for u in clause.verbs if u.start >= first and not u.negated]
    if not uses:
        return []
    moods = _MOODS[rule.options["complement"]]
    limit = match.end() if rule.options["complement"] != "clause" else first
    found: list[VerbUse] = []
    after = match.end()
    if effort := pattern("turn_out").match(clause.text, after):
        after, moods = effort.end(), _after_effort(effort.group(), moods)
    for use in uses:
        if found:
            if use.start >= limit and _joins(clause, found[-1], use) and not _is_of_another(clause, found[-1], use):
                found.append(use)
        elif use.clause_start <= after and (effort := pattern("turn_out").match(clause.text, use.start)):
            after, moods = effort.end(), _after_effort(effort.group(), moods)  # "make efforts to build" is to build
        else:
            gap = clause.text[after : use.clause_start] if use.clause_start >= after else ""
            if len(gap) > _JOINED_REACH or _STOP.search(gap):
                break
            if (use.mood in moods or rule.name == "ordered_that") and _is_governed(clause, rule, match, use, gap):
                found.append(use)
    return found


def _is_governed(clause: Clause, rule: Rule, match: re.Match[str], use: VerbUse, gap: str) -> bool:
    """The verb, `gap` after the cue, stands near enough to be what the cue governs, and is no noun."""
    complement = rule.options["complement"]
    if complement == "that" and use.start < match.end():
        return False
    if use.mood in ("base", "present") and _is_noun(clause, use):
        return False
    reach = _REACH if rule.name in _LOOSE or complement == "that" else _NEAR
    return len(gap) <= reach or (_JOIN.search(gap) is not None and use.mood != "participle")


def _after_effort(effort: str, moods: tuple[str, ...]) -> tuple[str, ...]:
    """The moods of the act that an effort is for: "make efforts to build", "turn out in harvesting"."""
    return (*moods, "participle") if effort.endswith(" in") else moods


def _is_noun(clause: Clause, use: VerbUse) -> bool:
    """A form that may be a noun ("increase", "designs") is one; phrasal verbs are none."""
    phrasal = " " in clause.text[use.start : use.end]
    return not phrasal and pattern("noun_after_all").match(clause.text, use.end) is not None


def _is_of_another(clause: Clause, last: VerbUse, use: VerbUse) -> bool:
    """Another gerund stands right before and is no part of the chain ("a plan for directing and managing")."""
    if use.mood != "participle":
        return False
    before = [u for u in clause.verbs if last.start < u.start < use.start]
    return (
        bool(before)
        and before[-1].mood == use.mood
        and before[-1].kind != "other"
        and _ADJACENT.fullmatch(clause.text, before[-1].end, use.clause_start) is not None
    )


def _joins(clause: Clause, last: VerbUse, use: VerbUse) -> bool:
    """`use` is coordinated with `last`: the same form after a comma or "and", or, where "should" is not said again, a
    passive with a subject of its own ("the dam should be mended and the road be paved")."""
    if use.mood == "present_passive" and last.mood in ("modal_passive", "infinitive_passive"):
        between = clause.text[last.end : use.clause_start]
        return clause.text.startswith("be ", use.clause_start) and _OWN_SUBJECT.fullmatch(between) is not None
    if use.mood != last.mood and not {use.mood, last.mood} <= {"infinitive", "base", "modal"}:
        return False
    between = clause.text[last.end : use.clause_start]
    if len(between) > _LIST or _PARTED.search(between) or not _JOIN.search(between):
        return False
    return use.mood != "base" or not _is_noun(clause, use)
