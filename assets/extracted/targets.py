"""Targets: what some actor says is to be done, by whom, how much and by when."""

from __future__ import annotations

import re
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, distinct, reading_of, row
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_verbs import VerbUse, lexicon, noun_actions, outcomes
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_MOODS = {
    "verb": ("infinitive", "base", "infinitive_passive", "modal"),
    "gerund": ("participle",),
    "that": ("present", "present_passive", "base", "modal", "modal_passive"),
    "clause": ("modal", "modal_passive", "infinitive", "infinitive_passive", "base"),
}
_DONE = ("past", "past_passive", "perfect", "perfect_passive")
_REACH = 60
_HEAD = 60  # characters of an object in which its noun is looked for
_FIRST_WORDS, _MANY = 25, 10  # characters of an object in which its amount stands; from where a count tells of goods
_NEAR, _JOINED_REACH = 25, 140
_LOOSE = ("ordered_that", "measures_will_be_taken")
_JOIN = re.compile(r"(?:,\s*(?:and\s+)?|\s+and\s+|\s+but\s+)(?:(?:to|thus|also|of|for)\s+)*[“\"]?$")
_WITHOUT_OBJECT = frozenset(["rise", "follow", "start", "open", "increase", "expand", "make", "operate", "close"])
_SHARED_OBJECT = re.compile(r"\s*(?:,|and|or)\s")
_REACHING = frozenset(["concentrate", "pay_attention", "invest", "provide", "supply", "bring", "make", "equip"])
"""Actions whose thing stands after a preposition ("concentrate efforts on coal", "provide people with houses")."""
_EFFORTS = frozenset(["concentrate", "pay_attention"])
_AIMS = {
    **dict.fromkeys(_EFFORTS, "effort_on"),
    "take_measures": "measure_for",
    **dict.fromkeys(("wage", "conduct"), "drive_for"),
    "encourage": "encouraged_to",
}
"""The pattern of the words that lead from an effort to the act it is for."""
_DOING = re.compile(r"\b(opening|completion|construction|supply|delivery|building|launch)\b")


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The rows of `extracted.targets`: one for each act that is ordered, planned, pledged or proposed; amount,
    deadline, places and speaker NULL where the text does not state them."""
    rows: list[Row] = []
    for clause, names in reading_of(document, reference, found).clauses("targets"):
        if not clause.is_threshold:
            made = _distinct(_of_sentence(clause, names))
            rows += [r for r in made if not clause.fields.is_retold(r["speaker_id"])]
    return rows


def _distinct(groups: list[list[Row]]) -> list[Row]:
    """One row for each act; rows of rules that stand inside another's clause ("the dam, due in May, …") are kept."""
    apart = {r.name for r in rules("targets") if r.options.get("apart")}
    return [
        *distinct(g for g in groups if g[0]["rule"] not in apart),
        *distinct(g for g in groups if g[0]["rule"] in apart),
    ]


def _of_sentence(clause: Clause, names: frozenset[str]) -> list[list[Row]]:
    groups = []
    for rule in rules("targets"):
        if rule.name in names:
            groups += [[r] for match in rule.pattern.finditer(clause.text) for r in _of_cue(clause, rule, match)]
    return groups


def _of_cue(clause: Clause, rule: Rule, match: re.Match[str]) -> list[Row]:
    complement = rule.options["complement"]
    lead = clause.text[: match.start()]
    if pattern("hypothetical").search(lead) or (complement == "clause" and pattern("wish").search(lead)):
        return []
    if complement == "thing":
        return _of_thing(clause, rule, match)
    if complement in ("clause", "verb") and _is_no_plan(clause, rule, match):
        return []
    rows = [r for use in _chain(clause, rule, match) if (r := _of_verb(clause, rule, match, use))]
    if complement == "gerund" and not rows:
        return _of_noun(clause, rule, match)
    return rows


def _is_no_plan(clause: Clause, rule: Rule, match: re.Match[str]) -> bool:
    """The cue is another country's, tells of people in passing ("workers who are to …") or, in "would", supposes."""
    lead = clause.text[: match.start()]
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


def _chain(clause: Clause, rule: Rule, match: re.Match[str]) -> list[VerbUse]:
    """The verb that the cue governs and those joined to it."""
    moods = _MOODS[rule.options["complement"]]
    limit = match.end() if rule.options["complement"] != "clause" else match.start()
    chain: list[VerbUse] = []
    after = match.end()
    if effort := pattern("turn_out").match(clause.text, after):
        after, moods = effort.end(), _after_effort(effort.group(), moods)
    for use in clause.verbs:
        if use.start < match.start() or use.negated:
            continue
        if chain:
            if use.start >= limit and _joins(clause, chain[-1], use):
                chain.append(use)
        elif use.clause_start <= after and (effort := pattern("turn_out").match(clause.text, use.start)):
            after, moods = effort.end(), _after_effort(effort.group(), moods)  # "make efforts to build" is to build
        else:
            gap = clause.text[after : use.clause_start] if use.clause_start >= after else ""
            if len(gap) > _JOINED_REACH or re.search(r"[;:.]", gap):
                break
            if _is_governed(clause, rule, match, use, gap) and (use.mood in moods or rule.name == "ordered_that"):
                chain.append(use)
    return chain


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


def _joins(clause: Clause, last: VerbUse, use: VerbUse) -> bool:
    """`use` is coordinated with `last`: the same form after a comma or "and"."""
    between = clause.text[last.end : use.clause_start]
    if re.search(r"[;:”\"]|\.\s", between) or len(between) > 220:
        return False
    if use.mood == "base" and _is_noun(clause, use):
        return False
    same = use.mood == last.mood or {use.mood, last.mood} <= {"infinitive", "base", "modal"}
    return same and bool(_JOIN.search(between))


def _of_verb(clause: Clause, rule: Rule, match: re.Match[str], use: VerbUse) -> Row | None:
    if use.action == "keep" and not pattern("kept_going").match(clause.text, use.end):
        return None
    if use.kind == "other" or (_SHARED_OBJECT.match(clause.text, use.end) and not use.is_passive):
        return None
    end = clause.phrase_end(use)
    start, subject = _start_and_subject(clause, rule, match, use, end)
    use = _aimed_at(clause, use, end)
    thing = subject if use.is_passive or _is_intransitive(clause, use, end) else clause.text[use.start : end]
    if (use.action == "follow" and thing is not subject) or not _is_economic(
        clause, use, thing, clause.text[start:end]
    ):
        return None
    if rule.name == "to_be_built" and not pattern("tangible").search(thing):
        return None
    if use.mood == "infinitive" and rule.name == "will" and pattern("is_what_matters").search(subject):
        return None
    action = _action(clause, use, end)
    named = thing if thing is subject else _named(clause, use, end, action)
    if use.is_passive and clause.text.startswith(" with ", use.end) and action in ("provide", "supply", "equip"):
        named = clause.text[use.end + len(" with ") : end]
    columns = _columns(clause, rule, match, (start, end), action, named)
    if (not named.strip() or pattern("no_noun").match(named.strip())) and not any(
        columns.get(c) for c in ("object", "value", "deadline_end", "place_ids")
    ):
        return None
    return row(clause, start, end, rule.name, **columns)


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
    if rule.options["complement"] == "that":
        start = match.end()
    joined = any(match.start() <= u.start < use.clause_start and u.mood != "adjective" for u in clause.verbs)
    if rule.options["complement"] == "clause" and use.start - match.end() < _REACH and not joined:
        start = clause.subject_start(min(match.start(), use.clause_start))
    if rule.name == "to_be_built":
        start = max([start, *(u.end + 1 for u in clause.verbs if u.end < match.start() and u.mood != "adjective")])
        if near := pattern("just_before").search(text[start : match.start()]):
            start += near.start()
    return start, text[start : use.clause_start]


def _action(clause: Clause, use: VerbUse, end: int) -> str:
    """What the verb with its complement does: to put production on a normal footing is to normalize it."""
    after = clause.text[use.end : end]
    if pattern("to_normal").match(after):
        return "normalize"
    if use.action == "produce" and pattern("cuts_spending").match(clause.text, use.start):
        return "reduce"
    return "modernize" if pattern("on_a_new_basis").match(after) else use.action


def _is_intransitive(clause: Clause, use: VerbUse, end: int) -> bool:
    """The verb has no object, so its subject is what is to change ("factories are to rise in 20 counties")."""
    after = clause.text[use.end : end]
    return use.action == "rise" or (use.action in _WITHOUT_OBJECT and bool(pattern("without_object").match(after)))


def _is_economic(clause: Clause, use: VerbUse, thing: str, whole: str) -> bool:
    """The thing is of the economy: its own words say so, not only those of where, how or why it is done."""
    if (
        use.action == "wage"
        or len(thing.split()) < 1
        or pattern("other_field").search(whole)
        or pattern("rhetoric").search(thing[:70])
    ):
        return False
    if clause.fields.is_history(clause.start + use.start) or pattern("turn_out").match(clause.text, use.start):
        return False
    verb = use.end - use.start if clause.text.startswith(thing, use.start) else 0
    if use.action == "conduct" and not pattern("work").search(thing[:_HEAD]):
        return False
    circumstance = None if use.action in _REACHING else pattern("circumstance").search(thing, verb)
    head = thing[: circumstance.start()] if circumstance else thing
    if pattern("nation_building").search(head[:50]):
        return False
    if pattern("economic").search(head) or (use.kind in ("start", "finish") and pattern("work").search(head)):
        return True
    return verb > 0 and _is_counted(clause, use, len(thing))


def _is_counted(clause: Clause, use: VerbUse, length: int) -> bool:
    """The object begins with an amount ("25,000 terrapins"), which is not just one of a few ("the two sides")."""
    first, last = clause.absolute(use.end, use.start + length)
    amount = next(iter(clause.fields.amounts(first, last)), None)
    if amount is None or amount["start_char"] > first + _FIRST_WORDS:
        return False
    return amount.get("unit_id") != "count" or float(amount["value"]) >= _MANY


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
    """A cue that is a target by itself: "promised the opening for that year", "wants the dam finished by May"."""
    end = clause.right_end(match.end())
    start, action, thing = _thing_meant(clause, rule, match, end)
    if rule.name == "due_on" and (dates := clause.fields.dates(*clause.absolute(match.end(), end))):
        end = dates[0]["end_char"] - clause.start
    if not action or not _is_stated(clause, rule, match, thing, (start, end)):
        return []
    return [row(clause, start, end, rule.name, **_columns(clause, rule, match, (start, end), action, thing))]


def _thing_meant(clause: Clause, rule: Rule, match: re.Match[str], end: int) -> tuple[int, str, str]:
    """Where the row of a cue begins, the action and the words of the thing."""
    groups = match.groupdict()
    thing, action = (
        groups.get("thing") or groups.get("before") or "",
        _action_of(groups.get("act"), groups.get("thing")),
    )
    if rule.name == "deadline_set":
        return match.end(), action, thing
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


def _columns(
    clause: Clause, rule: Rule, match: re.Match[str], span: tuple[int, int], action: str, thing: str
) -> dict[str, Any]:
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
