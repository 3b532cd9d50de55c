"""Targets: what some actor says is to be done, by whom, how much and by when."""

from __future__ import annotations

import re
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, distinct, is_threshold, reading_of, row
from assets.extracted.frames_object import noun_phrase
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_verbs import VerbUse, noun_actions
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_MOODS = {
    "verb": ("infinitive", "base", "infinitive_passive", "modal"),
    "gerund": ("participle",),
    "clause": ("modal", "modal_passive", "infinitive", "infinitive_passive", "base"),
}
_REACH = 60
_NEAR, _JOINED_REACH = 25, 140
_LOOSE = ("ordered_that", "measures_will_be_taken")
_JOIN = re.compile(r"(?:,\s*(?:and\s+)?|\s+and\s+|\s+but\s+)(?:(?:to|thus|also)\s+)*[“\"]?$")
_NOUN_AFTER_ALL = re.compile(r"\s*(?:of|and|,|\.|in|for|by|is|are|will)\b|\s*[,.]")
_WITHOUT_OBJECT = frozenset(["rise", "follow", "start", "open", "increase", "expand", "make", "operate", "close"])
_JUST_BEFORE = re.compile(r"(?:\b(?:the|a|an|new|its|their|\d[\d ,]*)\s)(?:(?!the\b|is\b|are\b)[\w’'-]+\s+){0,7}$")
_SHARED_OBJECT = re.compile(r"\s*(?:,|and|or)\s")
_DOING = re.compile(r"\b(opening|completion|construction|supply|delivery|building|launch)\b")


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The rows of `extracted.targets`: one for each act that is ordered, planned, pledged or proposed; amount,
    deadline, places and speaker NULL where the text does not state them."""
    rows: list[Row] = []
    for clause, names in reading_of(document, reference, found).clauses("targets"):
        if not is_threshold(clause):
            made = distinct(_of_sentence(clause, names))
            rows += [r for r in made if not clause.fields.is_retold(r["speaker_id"])]
    return rows


def _of_sentence(clause: Clause, names: frozenset[str]) -> list[list[Row]]:
    groups = []
    for rule in rules("targets"):
        if rule.name not in names:
            continue
        for match in rule.pattern.finditer(clause.text):
            groups += [[r] for r in _of_cue(clause, rule, match)]
    return groups


def _of_cue(clause: Clause, rule: Rule, match: re.Match[str]) -> list[Row]:
    complement = rule.options["complement"]
    lead = clause.text[: match.start()]
    if pattern("hypothetical").search(lead) or (complement == "clause" and pattern("wish").search(lead)):
        return []
    if complement == "thing":
        return _of_thing(clause, rule, match)
    rows = [r for use in _chain(clause, rule, match) if (r := _of_verb(clause, rule, match, use))]
    if complement == "gerund" and not rows:
        return _of_noun(clause, rule, match)
    return rows


def _chain(clause: Clause, rule: Rule, match: re.Match[str]) -> list[VerbUse]:
    """The verb that the cue governs and those joined to it."""
    moods = _MOODS[rule.options["complement"]]
    limit = match.end() if rule.options["complement"] != "clause" else match.start()
    chain: list[VerbUse] = []
    for use in clause.verbs:
        if use.start < match.start() or use.negated:
            continue
        if not chain:
            gap = clause.text[match.end() : use.clause_start] if use.clause_start >= match.end() else ""
            if len(gap) > _JOINED_REACH or re.search(r"[;:.]", gap):
                break
            near = len(gap) <= (_REACH if rule.name in _LOOSE else _NEAR) or (
                _JOIN.search(gap) and use.mood != "participle"
            )
            if near and (use.mood in moods or rule.name == "ordered_that"):
                chain.append(use)
        elif use.start >= limit and _joins(clause, chain[-1], use):
            chain.append(use)
    return chain


def _joins(clause: Clause, last: VerbUse, use: VerbUse) -> bool:
    """`use` is coordinated with `last`: the same form after a comma or "and"."""
    between = clause.text[last.end : use.clause_start]
    if re.search(r"[;:”\"]|\.\s", between) or len(between) > 220:
        return False
    joined = _JOIN.search(between) and not (use.mood == "base" and _NOUN_AFTER_ALL.match(clause.text, use.end))
    same = use.mood == last.mood or {use.mood, last.mood} <= {"infinitive", "base", "modal"}
    return bool(joined) and same


def _of_verb(clause: Clause, rule: Rule, match: re.Match[str], use: VerbUse) -> Row | None:
    end = clause.phrase_end(use)
    start = use.start
    if _SHARED_OBJECT.match(clause.text, use.end) and not use.is_passive:
        return None
    if rule.options["complement"] == "clause":
        before = min(match.start(), use.clause_start)
        first = use.clause_start <= match.start() + 20 or use.start - match.end() < _REACH
        start = clause.subject_start(before) if first and use.start - match.end() < _REACH else use.start
    if rule.name == "ordered_that":
        start = match.start()
    if rule.name == "to_be_built" and (near := _JUST_BEFORE.search(clause.text[start : match.start()])):
        start += near.start()
    subject = clause.text[start : use.clause_start]
    thing = subject if use.is_passive or _is_intransitive(clause, use, end) else clause.text[use.start : end]
    whole = clause.text[start:end]
    if not _is_economic(clause, use, thing, whole):
        return None
    named = thing if thing is subject else clause.text[use.end : end]
    return row(clause, start, end, rule.name, **_columns(clause, rule, match, (start, end), use.action, named))


def _is_intransitive(clause: Clause, use: VerbUse, end: int) -> bool:
    """The verb has no object, so its subject is what is to change ("factories are to rise in 20 counties")."""
    return use.action in _WITHOUT_OBJECT and bool(pattern("without_object").match(clause.text[use.end : end]))


def _is_economic(clause: Clause, use: VerbUse, thing: str, whole: str) -> bool:
    if len(thing.split()) < 1 or pattern("other_field").search(whole) or pattern("rhetoric").search(thing[:70]):
        return False
    if clause.fields.is_history(clause.start + use.start) or pattern("turn_out").match(clause.text, use.start):
        return False
    return bool(pattern("economic").search(thing) or (use.kind == "start" and pattern("work").search(thing)))


def _of_noun(clause: Clause, rule: Rule, match: re.Match[str]) -> list[Row]:
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
    return [row(clause, start, end, rule.name, **_columns(clause, rule, match, (start, end), action, thing))]


def _of_thing(clause: Clause, rule: Rule, match: re.Match[str]) -> list[Row]:
    """A cue that is a target by itself: "promised the opening for that year", "with October as the deadline"."""
    start, end = match.start(), clause.right_end(match.end())
    doing = _DOING.search(clause.text, match.start(), match.end())
    action: str | None
    if rule.name == "deadline_set":
        start, action = match.end(), "complete"
    elif rule.name == "starting_with":
        action = _action_before(clause, match.start())
    else:
        start, action = clause.subject_start(match.start()), noun_actions()[doing.group(1)] if doing else "complete"
    if action is None or not clause.fields.dates(*clause.absolute(start, end)):
        return []
    thing = clause.text[match.end() : end] if doing else ""
    return [row(clause, start, end, rule.name, **_columns(clause, rule, match, (start, end), action, thing))]


def _action_before(clause: Clause, offset: int) -> str | None:
    before = [u for u in clause.verbs if u.end < offset and u.mood not in ("adjective",)]
    return before[-1].action if before else None


def _columns(
    clause: Clause, rule: Rule, match: re.Match[str], span: tuple[int, int], action: str, thing: str
) -> dict[str, Any]:
    fields, (first, last) = clause.fields, clause.absolute(*span)
    sentence = clause.start, clause.sentence.end
    tail = (first, sentence[1])
    found = {
        "action": action,
        "object": noun_phrase(thing, short=True) or None,
        "force": rule.options["force"],
        "place_ids": fields.place_ids(first, last),
        "sector_id": fields.sector(thing, clause.text[span[0] : span[1]]),
        "policy_id": fields.policy(first, last) or fields.policy(*sentence) or fields.policy_by_quota(first, last),
        "actor_id": fields.actor(first, clause.start + max(span[0], match.start()))
        if rule.options["complement"] == "clause"
        else None,
        "speaker_id": fields.speaker(first, *sentence),
        **fields.amount(first, last),
        **fields.deadline((first, last), tail, sentence),
    }
    return {**found, "per": fields.per(first, last) if "value" in found else None}
