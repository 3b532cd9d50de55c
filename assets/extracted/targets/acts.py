"""What a verb that a cue governs says is to be done: where the act's row begins and ends, what it is about, and
whether that is of the economy."""

from __future__ import annotations

import re
from typing import NamedTuple

from assets.extracted.frames import Clause
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_verbs import VerbUse
from assets.extracted.rules import Rule

_REACH = 60  # characters between a cue and a verb whose subject stands before the cue
_RHETORIC = 70  # characters of an object in which words of exhortation say that it is no work
_HEAD = 60  # characters of an object in which its noun is looked for
_FIRST_WORDS, _MANY = 25, 10  # characters of an object in which its amount stands; from where a count tells of goods
_WITHOUT_OBJECT = frozenset(["rise", "follow", "start", "open", "increase", "expand", "make", "operate", "close"])
_APPEARANCE = re.compile(r"\s+(?:its|their)\s+appearance\b")  # what makes its appearance rises
_PRONOUN = re.compile(r"\s+(?:it|them)\b")
_SHARED_OBJECT = re.compile(r"\s*(?:,|and|or)\s")
_REACHING = frozenset(["concentrate", "pay_attention", "invest", "provide", "supply", "bring", "make", "equip"])
"""Actions whose thing stands after a preposition ("concentrate efforts on coal", "provide people with houses")."""
_ON_WORKS = frozenset(
    ["finish", "renew", "open", "start", "push", "convert"]
)  # classes of verbs on what is built or run
_GIVEN = frozenset(["provide", "supply", "equip"])
_EFFORTS = frozenset(["concentrate", "pay_attention"])
_AIMS = {
    **dict.fromkeys(_EFFORTS, "effort_on"),
    "take_measures": "measure_for",
    **dict.fromkeys(("wage", "conduct"), "drive_for"),
    "encourage": "encouraged_to",
}
"""The pattern of the words that lead from an effort to the act it is for."""


class Act(NamedTuple):
    """Something to be done: its span in the sentence, the action and the words of its object."""

    start: int
    end: int
    action: str
    named: str


def act_of(clause: Clause, rule: Rule, match: re.Match[str], use: VerbUse) -> Act | None:
    """The act that a verb governed by the cue names; None where it is none or not of the economy."""
    if _makes_nothing(clause, use):
        return None
    end = clause.phrase_end(use)
    if "until" in match.re.groupindex:
        end = _end_before(clause, use, end, match.start("until"))
    start, subject = _start_and_subject(clause, rule, match, use, end)
    use = _aimed_at(clause, use, end)
    thing = subject if use.is_passive or _is_intransitive(clause, use, end) else clause.text[use.start : end]
    if use.kind == "other" or (use.action == "follow" and thing is not subject):
        return None
    if rule.name == "to_be_built" and not pattern("tangible").search(thing):
        return None
    if use.mood == "infinitive" and rule.name == "will" and pattern("is_what_matters").search(subject):
        return None
    if not _is_economic(clause, use, thing) or pattern("other_field").search(clause.text, start, end):
        return None
    action = _action(clause, use, end)
    if use.is_passive and action in _GIVEN and clause.text.startswith(" with ", use.end):
        named = clause.text[use.end + len(" with ") : end]  # "homes will be provided with heating"
    else:
        named = thing if thing is subject else _named(clause, use, end, action)
        if use.mood == "participle" and use.kind == "build" and not named.strip():
            named = clause.text[use.start : end]  # "turn out in harvesting": the gerund is a noun of work
    return Act(start, end, action, named)


def _makes_nothing(clause: Clause, use: VerbUse) -> bool:
    """The verb has its object with the next one, or what follows it shows that it is no act."""
    if use.kind == "other" or (_SHARED_OBJECT.match(clause.text, use.end) and not use.is_passive):
        return True
    if use.action == "keep":
        return not pattern("kept_going").match(clause.text, use.end)
    if use.action == "make":
        return bool(pattern("make_sure").match(clause.text, use.end))
    if use.action == "encourage" and pattern("heartened").match(clause.text, use.end):
        return _aimed_at(clause, use, len(clause.text)) is use
    return False


def _end_before(clause: Clause, use: VerbUse, end: int, until: int) -> int:
    """Where the act ends that is the subject of what the cue says at `until`: there, unless another verb is joined."""
    joined = any(use.end < u.clause_start < until for u in clause.verbs)
    return min(end, until) if joined else until


def _named(clause: Clause, use: VerbUse, end: int, action: str) -> str:
    """The words of the object: of a new basis what is put on it, of a measure the measure, of an effort its field."""
    named = clause.text[use.end : end]
    if action == "modernize" and action != use.action and (put := pattern("put_on_basis").match(named)):
        return str(put["thing"])
    if use.action == "take_measures" and not named.strip():
        return clause.text[use.start : use.end].partition(" ")[2]
    if use.action in _EFFORTS and (into := pattern("effort_into").match(named)):
        return named[into.end() :]
    return named


def _aimed_at(clause: Clause, use: VerbUse, end: int) -> VerbUse:
    """The act that an effort or a measure is for: "concentrate efforts on finishing the harvest" is to finish it."""
    kind = _AIMS.get(use.action)
    if kind is None or not (aim := pattern(kind).match(clause.text, use.end)):
        return use
    acts = (u for u in clause.verbs if u.start == aim.end() < end and u.mood in ("participle", "infinitive"))
    return next(acts, use)


def _start_and_subject(clause: Clause, rule: Rule, match: re.Match[str], use: VerbUse, end: int) -> tuple[int, str]:
    """Where the row begins and the words of the verb's subject: the row holds the subject where the cue governs a
    clause, else it begins at the verb."""
    text, start = clause.text, use.start
    if rule.name == "ordered_that":
        that = text.find(" that ", match.start(), use.clause_start)
        return match.start(), text[that + len(" that ") : use.clause_start]
    if rule.name == "plan_to" and _is_intransitive(clause, use, end):
        start = clause.subject_start(match.start())
        return start, text[start : match.start()]
    if use.mood == "present_passive" and rule.options["complement"] == "clause":
        start = clause.subject_start(use.clause_start)  # joined to a passive with "should", its subject its own
        return start, text[start : use.clause_start]
    if rule.options["complement"] == "that":
        start = match.end()
    between = (u for u in clause.verbs if match.start() <= u.start < use.clause_start and u.mood != "adjective")
    joined = any(_has_object_of_its_own(clause, u) for u in between)
    if rule.options["complement"] == "clause" and use.start - match.end() < _REACH and not joined:
        start = clause.subject_start(min(match.start(), use.clause_start))
    if rule.name == "to_be_built":
        start = max([start, *(u.end + 1 for u in clause.verbs if u.end < match.start() and u.mood != "adjective")])
        if near := pattern("just_before").search(text[start : match.start()]):
            start += near.start()
    return start, text[start : use.clause_start]


def _has_object_of_its_own(clause: Clause, use: VerbUse) -> bool:
    """The verb makes an act of its own, unlike the first of "raise and supply fish" and of "turn out in raising"."""
    return not (_SHARED_OBJECT.match(clause.text, use.end) or pattern("turn_out").match(clause.text, use.start))


def _action(clause: Clause, use: VerbUse, end: int) -> str:
    """What the verb with its complement does: to put production on a normal footing is to normalize it."""
    after = clause.text[use.end : end]
    if _APPEARANCE.match(after):
        return "rise"
    if pattern("to_normal").match(after):
        return "normalize"
    if use.action == "produce" and pattern("cuts_spending").match(clause.text, use.start):
        return "reduce"
    return "modernize" if pattern("on_a_new_basis").match(after) else use.action


def _is_intransitive(clause: Clause, use: VerbUse, end: int) -> bool:
    """The verb has no object, so its subject is what is to change ("factories are to rise in 20 counties")."""
    if use.action == "rise" or _APPEARANCE.match(clause.text[use.end : end]):
        return True
    return use.action in _WITHOUT_OBJECT and bool(pattern("without_object").match(clause.text[use.end : end]))


def _is_economic(clause: Clause, use: VerbUse, thing: str) -> bool:
    """The thing is of the economy: its own words say so, not only those of where, how or why it is done."""
    if use.action == "wage" or not thing.strip():
        return False
    verb = use.end - use.start if clause.text.startswith(thing, use.start) else 0
    if pattern("rhetoric").search(thing, verb, _RHETORIC):
        return False
    if pattern("turn_out").match(clause.text, use.start):
        return False
    told = clause.fields.is_history(clause.start + use.start) or pattern("retold").search(clause.text)
    if told and not pattern("said_today").search(clause.text):
        return False
    if use.action == "conduct" and not pattern("work").search(thing[:_HEAD]):
        return False
    circumstance = None if use.action in _REACHING else pattern("circumstance").search(thing, verb)
    head = thing[: circumstance.start()] if circumstance else thing
    if pattern("nation_building").search(head[:50]):
        return False
    if _is_named_before(clause, use, thing[verb:]):
        return True
    if pattern("economic").search(head) or (use.kind in ("start", "finish") and pattern("work").search(head)):
        return True
    return verb > 0 and _is_counted(clause, use, len(thing))


def _is_named_before(clause: Clause, use: VerbUse, thing: str) -> bool:
    """The object is a pronoun for the one thing built or run that was named before ("stressing the need to manage it
    well")."""
    if use.kind not in _ON_WORKS and use.action not in ("build", "operate"):
        return False  # what is applied, held or given may be anything
    return bool(_PRONOUN.match(thing)) and clause.fields.object_of(thing, clause.start + use.start) is not None


def _is_counted(clause: Clause, use: VerbUse, length: int) -> bool:
    """The object begins with an amount ("25,000 terrapins"), which is not just one of a few ("the two sides")."""
    first, last = clause.absolute(use.end, use.start + length)
    amount = next(iter(clause.fields.amounts(first, last)), None)
    if amount is None or amount["start_char"] > first + _FIRST_WORDS:
        return False
    return amount.get("unit_id") != "count" or float(amount["value"]) >= _MANY
