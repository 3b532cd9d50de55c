"""Targets: what some actor says is to be done, by whom, how much and by when."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, distinct, reading_of, row
from assets.extracted.frames_patterns import pattern
from assets.extracted.rules import Rule, rules
from assets.extracted.targets.acts import Act, act_of
from assets.extracted.targets.chain import chain
from assets.extracted.targets.columns import columns
from assets.extracted.targets.things import of_noun, of_thing
from warehouse.reference import Reference

_SUPPOSED_REACH = 110  # characters before a cue in which "if", "whether", "has not said" make it a supposition
_KEPT = 512  # sets of rule names that `_rules_named` remembers; some dozens occur


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The rows of `extracted.targets`: one for each act that is ordered, planned, pledged or proposed; amount,
    deadline, places and speaker NULL where the text does not state them."""
    rows: list[Row] = []
    for clause, names in reading_of(document, reference, found).clauses("targets"):
        if groups := _of_sentence(clause, names):
            rows += [r for r in _distinct(groups) if not clause.fields.is_retold(r["speaker_id"])]
    return rows


def _distinct(groups: list[list[Row]]) -> list[Row]:
    """One row for each act; rows of rules that stand inside another's clause ("the dam, due in May, …") are kept."""
    return [
        *distinct(g for g in groups if g[0]["rule"] not in _apart()),
        *distinct(g for g in groups if g[0]["rule"] in _apart()),
    ]


@cache
def _apart() -> frozenset[str]:
    return frozenset(r.name for r in rules("targets") if r.options.get("apart"))


@lru_cache(maxsize=_KEPT)
def _rules_named(names: frozenset[str]) -> tuple[Rule, ...]:
    """The rules of these names, in the order of their file."""
    return tuple(r for r in rules("targets") if r.name in names)


def _of_sentence(clause: Clause, names: frozenset[str]) -> list[list[Row]]:
    """The rows that each cue makes; none where the sentence states a threshold, which few do and is asked last."""
    groups = []
    for rule in _rules_named(names):
        for match in rule.pattern.finditer(clause.text):
            groups += [[r] for r in _of_cue(clause, rule, match)]
    return [] if groups and clause.is_threshold else groups


def _of_cue(clause: Clause, rule: Rule, match: re.Match[str]) -> list[Row]:
    """The rows of one cue. What it governs is read before what would rule it out: most cues govern no act."""
    complement = rule.options["complement"]
    if complement == "thing":
        return [] if _is_supposed(clause, match) else of_thing(clause, rule, match)
    acts = [act for use in chain(clause, rule, match) if (act := act_of(clause, rule, match, use))]
    nominal = complement in ("gerund", "act")  # a noun of doing may stand in place of the verb
    if (acts or nominal) and not _is_ruled_out(clause, rule, match):
        rows = [r for act in acts if (r := _row(clause, rule, match, act))]
        return rows if rows or not nominal else of_noun(clause, rule, match)
    return []


def _row(clause: Clause, rule: Rule, match: re.Match[str], act: Act) -> Row | None:
    """The act as a row; None where neither its words nor its columns name anything."""
    found = columns(clause, rule, match, (act.start, act.end), act.action, act.named)
    named = act.named.strip()
    if (not named or pattern("no_noun").match(named)) and not any(
        found.get(c) for c in ("object", "value", "deadline_end", "place_ids")
    ):
        return None
    return row(clause, act.start, act.end, rule.name, **found)


def _is_supposed(clause: Clause, match: re.Match[str]) -> bool:
    """The cue hangs on "if", "whether", "has not said"."""
    at = match.start()
    return pattern("hypothetical").search(clause.text, max(0, at - _SUPPOSED_REACH), at) is not None


def _is_ruled_out(clause: Clause, rule: Rule, match: re.Match[str]) -> bool:
    """The cue is supposed or wished, or no plan."""
    complement = rule.options["complement"]
    if _is_supposed(clause, match):
        return True
    if complement == "clause" and pattern("wish").search(clause.text, 0, match.start()):
        return True
    return complement in ("clause", "verb") and _is_no_plan(clause, rule, match)


def _is_no_plan(clause: Clause, rule: Rule, match: re.Match[str]) -> bool:
    """The cue is another country's, tells of people in passing ("workers who are to …") or, in "would", supposes."""
    lead = clause.text[: match.start()]
    if rule.name == "first_person" and clause.names_others():
        return True  # the guest who speaks says what his country will do
    if pattern("military").search(clause.text):
        return True
    if rule.name == "will" and (pattern("people_who").search(lead) or not _is_foreseen(clause, match)):
        return True
    start = clause.subject_start(match.start())
    if rule.options["complement"] == "clause" and (
        pattern("what_they").search(lead) or pattern("no_doer").match(lead[start:])
    ):
        return True
    return start < match.start() and clause.is_of_others(start, match.start())


def _is_foreseen(clause: Clause, match: re.Match[str]) -> bool:
    """Somebody said it: "would" without a verb of saying or planning before it only supposes."""
    return not match.group().lower().startswith("would") or clause.fields.has_saying(clause.text)
