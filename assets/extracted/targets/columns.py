"""The columns of a target, read off its words and the rows found before."""

from __future__ import annotations

import re
from typing import Any

from assets.extracted.frames import Clause
from assets.extracted.frames_patterns import pattern
from assets.extracted.rules import Rule


def columns(
    clause: Clause, rule: Rule, match: re.Match[str], span: tuple[int, int], action: str, thing: str
) -> dict[str, Any]:
    """The columns of the target on `span` whose object begins with the words `thing`."""
    fields, (first, last) = clause.fields, clause.absolute(*span)
    sentence = clause.start, clause.sentence.end
    onward = pattern("next_statement").search(clause.text, span[1])
    tail = first, clause.start + (onward.start() if onward else len(clause.text))
    scene = clause.start, clause.start + match.start()
    if action in ("provide", "supply") and (person := pattern("provided_with").match(thing)):
        thing = thing[person.end() :]
    obj = fields.object_of(thing, max(first, clause.start + match.start()), of_plan=action != "take_measures")
    if rule.name == "deadline_set" and not obj:
        obj = fields.only_named(first)
    found = {
        "action": action,
        "object": obj,
        "force": rule.options["force"],
        "place_ids": fields.place_ids(first, last),
        "sector_id": fields.sector(obj or "", thing, clause.text[span[0] : span[1]]),
        "policy_id": fields.policy(first, last) or fields.policy(*sentence) or fields.policy_by_quota(first, last),
        "actor_id": fields.actor(first, clause.start + max(span[0], match.start()))
        if rule.options["complement"] == "clause"
        else None,
        "speaker_id": fields.speaker(first, *sentence),
        **fields.amount(first, last),
        **fields.deadline((first, last), tail, scene, told=_told(clause, rule, match, span)),
    }
    return {**found, "per": fields.per_of_amount(first, last) if "value" in found else None}


def _told(clause: Clause, rule: Rule, match: re.Match[str], span: tuple[int, int]) -> tuple[int, int] | None:
    """The words after the cue, where the clause tells of an earlier plan, so that its date may be past."""
    words = clause.text[max(0, match.start() - 30) : match.end()]
    if rule.name == "amount_by_year":
        return clause.absolute(*match.span())
    if not pattern("told_of_the_past").search(words):
        return None
    return clause.absolute(min(match.end(), span[1]), span[1])
