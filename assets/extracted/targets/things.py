"""Cues that need no verb: a noun of doing after them ("called for the construction of …"), or a thing they name."""

from __future__ import annotations

import re

from assets.extracted.document import Row
from assets.extracted.frames import Clause, row
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_verbs import lexicon, noun_actions, outcomes
from assets.extracted.rules import Rule
from assets.extracted.targets.columns import columns

_DONE = ("past", "past_passive", "perfect", "perfect_passive")
_DOING = re.compile(r"\b(opening|completion|construction|supply|delivery|building|launch)\b")


def of_noun(clause: Clause, rule: Rule, match: re.Match[str]) -> list[Row]:
    """A noun of doing after the cue: "called for the construction of …"."""
    noun = pattern("noun_of_doing").match(clause.text[match.end() :])
    if not noun:
        return []
    start, end = match.end(), clause.right_end(match.end() + noun.end())
    if pattern("other_field").search(clause.text, start, end) or not pattern("economic").search(
        clause.text, match.end() + noun.end(), end
    ):
        return []
    action = noun_actions()[noun.group("noun").lower()]
    thing = clause.text[match.end() + noun.end() : end]
    return [row(clause, start, end, rule.name, **columns(clause, rule, match, (start, end), action, thing))]


def of_thing(clause: Clause, rule: Rule, match: re.Match[str]) -> list[Row]:
    """A cue that is a target by itself: "promised the opening for that year", "wants the dam finished by May"."""
    end = clause.right_end(match.end())
    start, action, thing = _thing_meant(clause, rule, match, end)
    if rule.name == "due_on" and (dates := clause.fields.dates(*clause.absolute(match.end(), end))):
        end = dates[0]["end_char"] - clause.start
    if not action or not _is_stated(clause, rule, match, thing, (start, end)):
        return []
    return [row(clause, start, end, rule.name, **columns(clause, rule, match, (start, end), action, thing))]


def _thing_meant(clause: Clause, rule: Rule, match: re.Match[str], end: int) -> tuple[int, str, str]:
    """Where the row of a cue begins, the action and the words of the thing."""
    groups = match.groupdict()
    thing, action = (
        groups.get("thing") or groups.get("before") or "",
        _action_of(groups.get("act"), groups.get("thing")),
    )
    if rule.name == "deadline_set":
        return match.end(), action, thing
    if rule.name == "rate_from":  # "Hospitals: three this year, 20 a year from 2031": what it is of may stand before
        heading, colon, _ = clause.text[: match.start()].partition(":")
        return match.start(), _action_of(None, heading if colon else thing), thing
    if rule.name == "starting_with":
        return match.start(), _action_before(clause, match.start()) or "", thing
    if rule.name == "promised_thing" and (doing := _DOING.search(clause.text, match.start(), match.end())):
        after = clause.text[match.end() : end]
        thing = after if re.match(r"\s+of\b", after) else doing.group(1)
        return clause.subject_start(match.start()), noun_actions()[doing.group(1)], thing
    if rule.name in ("set_amount", "wants_done") or ("before" in groups and rule.name != "is_promised"):
        return match.start(), action, thing
    return clause.subject_start(match.start()), action, thing


def _is_stated(clause: Clause, rule: Rule, match: re.Match[str], thing: str, span: tuple[int, int]) -> bool:
    """The cue states a target: with a day where its rule asks for one, else with something of the economy."""
    if pattern("other_field").search(clause.text, *match.span()):
        return False
    if rule.name == "due_on" and not pattern("facility_name").search(thing.rstrip(" ,")):
        return False
    if rule.name == "amount_by_year" and any(u.kind in outcomes() and u.mood in _DONE for u in clause.verbs):
        return False
    if rule.options.get("dated", True):
        return bool(clause.fields.dates(*clause.absolute(*span)))
    return bool(pattern("economic").search(thing))


def _action_of(participle: str | None, thing: str | None) -> str:
    """The action that a participle names, or that makes the thing wanted: what is built is to be built."""
    if participle:
        return next((m.action for m in lexicon().get(participle, ())), "complete")
    if thing is None:
        return "complete"
    return "build" if pattern("built_thing").search(thing.split(", ")[0].rstrip(' ”"')) else "produce"


def _action_before(clause: Clause, offset: int) -> str | None:
    before = [u for u in clause.verbs if u.end < offset and u.mood not in ("adjective",)]
    return before[-1].action if before else None
