"""Results: what is reported as done, fulfilled, opened, begun, under way, late or failed."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, distinct, reading_of, row
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_scan import governs
from assets.extracted.frames_verbs import VerbUse
from assets.extracted.results_percent import fulfilment, further_rows, plan_rows, years_ago
from assets.extracted.results_places import by_place, elliptic
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_MOODS = {
    "done": ("past", "past_passive", "perfect", "perfect_passive"),
    "doing": ("progressive", "progressive_passive"),
    "partly": ("participle",),
}
_TOLD_WITH_DAY = (
    "opened_on",
    "it_opened",
    "ground_broken",
    "started_with_ceremony",
    "opened",
    "opened_with_ceremony",
    "put_into_operation",
)
_MOVING = frozenset(("carry", "transport", "supply"))
_KEPT = 4096  # sets of rules whose parts are remembered
_HEAD = 140  # characters of a subject or object in which its noun is looked for
_ALMOST = re.compile(r"\b(?:almost|nearly|all but|virtually)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_ENDS_IN_A_STATE = frozenset(("fulfil", "finish", "build", "renew", "open", "convert"))
_SHARED_OBJECT = re.compile(r"\s*(?:,|and|or)\s")
_PARTICIPLE_LEAD = re.compile(r"(?:,|\bwhile|\bthus|\bthereby|\bafter)\s*(?:\w+ly\s+)?$", re.IGNORECASE)


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The rows of `extracted.results`: one for each clause that reports an outcome, its value and period NULL where
    the text does not state them."""
    rows: list[Row] = []
    for clause, names in reading_of(document, reference, found).clauses("results"):
        if not clause.is_threshold:
            rows += distinct(_of_sentence(clause, names, rows))
    _carry_periods(document.text, rows)
    return rows


def _carry_periods(text: str, rows: list[Row]) -> None:
    """A report names the plan's period once: later results on plans without a date of their own have it too."""
    last: dict[str, Any] = {}
    for r in rows:
        if not r["rule"].startswith(("plan_", "percent_of_plan")):
            continue
        if r.get("period_start"):
            last = {"period_start": r["period_start"], "period_end": r["period_end"]}
        elif not pattern("plan_of_its_own_period").search(text, r["start_char"], r["end_char"]):
            r.update(last)


def _of_sentence(clause: Clause, names: frozenset[str], before: list[Row]) -> list[list[Row]]:
    """The rows that each verb and each matching pattern makes, verbs first. `before` are the document's earlier rows,
    which a sentence that only goes on ("Anak had its ceremony on Monday") takes its outcome from."""
    on_objects, on_sentences = _tried(names)
    groups = [_of_verb(clause, use, on_objects) for use in clause.verbs] if on_objects else []
    for rule in on_sentences:
        if rule.options.get("continues") and not _goes_on(clause, before):
            continue
        for m in rule.pattern.finditer(clause.text):
            made = _of_match(clause, rule, m)
            if follows := rule.options.get("follows"):
                near = clause.start if follows == "sentence" else None
                made = _with_outcome_of(before + [r for g in groups for r in g], made, near)
            groups.append([r for r in made if r.get("place_ids") or not rule.options.get("placed")])
    return groups


@lru_cache(maxsize=_KEPT)
def _tried(names: frozenset[str]) -> tuple[frozenset[str], tuple[Rule, ...]]:
    """The names of the rules on objects of verbs, and the rules on sentences."""
    on_objects = frozenset(r.name for r in rules("results") if r.options["on"] == "object")
    return names & on_objects, tuple(r for r in rules("results") if r.name in names - on_objects)


def _goes_on(clause: Clause, before: list[Row]) -> bool:
    """The sentence before, in the same paragraph, gave percentages of plan."""
    sentences = clause.document.sentences
    last = sentences[clause.sentence.ordinal - 1] if clause.sentence.ordinal else None
    return bool(
        last is not None
        and last.paragraph == clause.sentence.paragraph
        and any(r["is_percent_of_plan"] and last.start <= r["start_char"] < last.end for r in before)
    )


def _with_outcome_of(before: list[Row], made: list[Row], near: int | None) -> list[Row]:
    """The rows with outcome, object, sector and policy of the last start or opening reported before, or of the last
    result of any kind at or after `near`; none if there is none."""
    names = (*_TOLD_WITH_DAY, *(r["rule"] for r in made[:1]))
    last = next((r for r in reversed(before) if r["rule"] in names or (near and r["start_char"] >= near)), None)
    if last is None or (
        made and made[0]["rule"] == "it_opened" and last["outcome"] == "started" and not made[0]["object"]
    ):
        return []
    shared = {c: last.get(c) for c in ("outcome", "object", "sector_id", "policy_id")}
    shared["object"] = pattern("before_place").sub("", shared["object"] or "") or None
    if made and made[0]["rule"] == "it_opened":
        shared["outcome"] = "opened"
    return [{**r, **{k: v for k, v in shared.items() if k == "outcome" or not r.get(k)}} for r in made]


def _of_verb(clause: Clause, use: VerbUse, names: frozenset[str]) -> list[Row]:
    """The rows of the first rule whose verb, mood and object fit, of those with the names."""
    if use.negated:
        return []
    fitting = [r for r in _rules_of(use.action, use.kind, use.mood) if r.name in names and _fits(clause, r, use)]
    if not fitting:
        return []
    end = clause.phrase_end(use)
    if use.mood == "participle" and clause.text[: use.start].lower().endswith("after "):
        comma = clause.text.find(",", use.end, end)
        end = comma if comma >= 0 else end  # "After finishing the dam, they …"
    start = clause.subject_start(use.clause_start)
    before = use.is_passive and use.kind not in ("convert", "put")  # what it was turned into stands after the verb
    head = clause.text[start : use.clause_start][-_HEAD:] if before else clause.text[use.end : end][:_HEAD]
    if use.kind == "put" and use.is_passive:
        head = clause.text[start:end]  # the thing before the verb, its new basis after it
    for rule in fitting:
        if rule.pattern.search(head):
            return [] if _is_ruled_out(clause, use, start, end) else _rows(clause, rule, start, end, use)
    return []


@cache
def _rules_of(action: str, kind: str, mood: str) -> tuple[Rule, ...]:
    """The rules on the objects of verbs like this."""
    return tuple(
        r for r in rules("results") if governs(r, action, kind) and any(mood in _MOODS[m] for m in r.options["moods"])
    )


def _is_ruled_out(clause: Clause, use: VerbUse, start: int, end: int) -> bool:
    """The clause is of another field, on a gathering, without a subject, or its object stands with the next verb."""
    subject, phrase = clause.text[start : use.clause_start], clause.text[use.end : end]
    if pattern("other_field").search(clause.text, start, end) or pattern("nation_building").search(phrase[:_HEAD]):
        return True
    if use.kind in ("finish", "start", "open") and pattern("gathering").search(subject):
        return True
    if not use.is_passive and clause.is_of_others(start, use.clause_start):
        return True
    if _SHARED_OBJECT.match(phrase) and not use.is_passive:
        return True
    if pattern("turn_out").match(clause.text, use.start) or (
        use.kind == "make" and pattern("more_than_before").search(phrase)
    ):
        return True
    return use.mood == "past" and not subject.strip() and not _continues(clause, use)


def _fits(clause: Clause, rule: Rule, use: VerbUse) -> bool:
    """The words before the verb are what the rule asks for."""
    lead = clause.text[: use.clause_start]
    if after := rule.options.get("after"):
        return lead.rstrip().endswith(after)
    if use.mood != "participle":
        return True
    led = _PARTICIPLE_LEAD.search(lead)
    return led is not None and not (led.group().lower().startswith("after") and pattern("to_come").search(clause.text))


def _continues(clause: Clause, use: VerbUse) -> bool:
    """A past form without a subject of its own goes on after another verb ("removed earth and flattened hills")."""
    return bool(re.search(r"(?:\band|,|\bwho|\bwhich|\bthat)\s*$", clause.text[: use.clause_start]))


def _of_match(clause: Clause, rule: Rule, match: re.Match[str]) -> list[Row]:
    if rule.options.get("span") == "match":
        start, end = match.span()
    elif rule.options.get("span") == "to":
        start, end = clause.subject_start(match.start()), match.end()
    else:
        start, end = clause.subject_start(match.start()), _with_list(clause, clause.right_end(match.end()))
    end = len(clause.text[:end].rstrip())
    if pattern("other_field").search(clause.text, start, end):
        return []
    if pattern("nation_building").search(clause.text, start, max(start, match.start())):
        return []
    named = pattern("work").search(clause.text, start, end) or pattern("tangible").search(clause.text, start, end)
    if not named and not rule.options.get("bare") and rule.options["outcome"] not in ("started", "delayed"):
        return []
    groups = match.groupdict()
    about = groups.get("object")
    if groups.get("head") is not None:
        about = clause.text[start : match.end("head")]
    elif rule.options.get("follows") and (about is None or (rule.name == "it_opened" and about.lower() != "it")):
        about = ""
    elif about is None:
        about = (
            ""
            if "object" in rule.pattern.groupindex and rule.name != "under_way"
            else clause.text[start : match.start()]
        )
    rows = _rows(clause, rule, start, end, None, about)
    also: dict[str, Any] = {"outcome": "overfulfilled"} if groups.get("over") else {}
    if rule.options.get("doer"):
        also["actor_id"] = clause.fields.actor(*clause.absolute(start, max(start, match.start())))
    return [{**r, **also} for r in rows]


def _with_list(clause: Clause, end: int) -> int:
    """The end of the list of places that a colon at `end` opens ("in two counties: Anak and Unryul")."""
    if clause.text[end : end + 1] != ":":
        return end
    places = clause.fields.mentions(clause.start + end, clause.sentence.end, "place")
    if not places or places[0]["start_char"] > clause.start + end + 6:
        return end
    return int(places[-1]["end_char"]) - clause.start


def _rows(clause: Clause, rule: Rule, start: int, end: int, use: VerbUse | None, about: str | None = None) -> list[Row]:
    first, last = clause.absolute(start, end)
    if (
        clause.fields.is_history(first)
        or years_ago(clause.text, start)
        or _is_untold(clause, start, use.clause_start if use else start)
    ):
        return []
    percents = [q for q in clause.fields.percents(first, last) if fulfilment(clause.document.text, q, rule) is not None]
    about_plan = _is_on_plan(rule)
    if about_plan and percents:
        whole = columns(clause, rule, start, end, use, about)
        return [*plan_rows(clause, rule, start, end, percents, whole), *further_rows(clause, rule, end, whole)]
    if use is not None and use.action == "overfulfil" and not pattern("plan_word").search(clause.text, start, end):
        return []
    found = _amount_of_doers(clause, use, start) if about_plan else _amount(clause, use, start, end)
    if use is not None and _is_not_yet(clause, rule, use):
        found["outcome"] = "in_progress"
    if not about_plan and (part := _part_done(clause, first, last)):
        found = {"outcome": "in_progress" if part < 100 else "completed", "value": part, "unit_id": "percent"}
    whole = {**columns(clause, rule, start, end, use, about), **found}
    if places := by_place(clause, rule, start, end, whole):
        return places
    made = row(clause, start, end, rule.name, **whole)
    return [made, *elliptic(clause, made)] if "value" in found and use is not None and not use.is_passive else [made]


def _is_not_yet(clause: Clause, rule: Rule, use: VerbUse) -> bool:
    """A plan is being fulfilled, or something is "almost" done."""
    if rule.name == "plan_fulfilled" and use.mood.startswith("progressive"):
        return True
    return use.kind in _ENDS_IN_A_STATE and _ALMOST.search(clause.text[: use.start]) is not None


def _part_done(clause: Clause, first: int, last: int) -> float | None:
    """The percentage to which the work is done ("built to about 90 percent", "90 percent of the construction")."""
    text = clause.document.text
    for q in clause.fields.percents(first, last):
        before, after = (
            text[max(first, q["start_char"] - 40) : q["start_char"]],
            text[q["end_char"] : q["end_char"] + 60],
        )
        if pattern("done_to").search(before) or pattern("of_the_work").match(after):
            return float(q["value"])
    return None


def _is_on_plan(rule: Rule) -> bool:
    """The rule is on a plan, so that percentages are of the plan and days are no period."""
    return rule.name.startswith("plan_") or bool(rule.options.get("percent"))


def _is_untold(clause: Clause, start: int, verb: int) -> bool:
    """The clause depends on "whether", "how much", "until" and so reports nothing."""
    text = clause.text
    if pattern("any_who").search(text[:verb]) and pattern("is_told_to").match(text[verb:]):
        return True
    return bool(
        pattern("not_told").search(text, 0, max(verb, 1))
        or pattern("dependent").search(text[:start])
        or pattern("dependent").match(text[start:])
    )


def _amount(clause: Clause, use: VerbUse | None, start: int, end: int) -> dict[str, Any]:
    span = (start, end) if use is None else (start, use.clause_start) if use.is_passive else (use.end, end)
    if use is not None and not use.is_passive and _is_inside(clause, *clause.absolute(*span)):
        return {}
    return clause.fields.amount(*clause.absolute(*span)) or clause.fields.amount(*clause.absolute(start, end))


def _amount_of_doers(clause: Clause, use: VerbUse | None, start: int) -> dict[str, Any]:
    """How many fulfilled their plans ("more than 100 workers"), or what the plan was for ("the plan of 500 flats")."""
    if use is None:
        return {}
    subject = pattern("relative").split(clause.text[start : use.clause_start], maxsplit=1)[0]
    span = clause.absolute(start, start + len(subject))
    return {} if _is_inside(clause, *span) else clause.fields.amount(*span)


def _is_inside(clause: Clause, first: int, last: int) -> bool:
    """The first amount belongs to what the object is of ("the layout of 300 flats"), not to the object."""
    amounts = clause.fields.amounts(first, last)
    before = clause.document.text[first : amounts[0]["start_char"]] if amounts else ""
    return bool(pattern("inside_another").search(before)) and not pattern("labour_of").search(before)


def columns(
    clause: Clause, rule: Rule, start: int, end: int, use: VerbUse | None, about: str | None = None
) -> dict[str, Any]:
    """The columns of a result other than its value. `about` is what a sentence pattern says it is about."""
    fields, (first, last) = clause.fields, clause.absolute(start, end)
    subject_end = use.clause_start if use else end
    thing = (
        about
        if about is not None
        else clause.text[start:subject_end]
        if use is None or use.is_passive or pattern("itself_into").match(clause.text, use.end)
        else clause.text[use.end : end]
    )
    if use is not None and use.action in _MOVING and not use.is_passive:
        thing = thing.partition(" to ")[0]  # where it goes is not what goes there
    subject = clause.absolute(start, max(start, subject_end))
    sentence = (clause.start, clause.sentence.end)
    scene = (clause.start, clause.start + len(clause.introduction(start)))
    obj = fields.object_of(thing, first) or (fields.only_named(first) if not thing.strip() else None)
    return {
        "outcome": rule.options["outcome"],
        "is_percent_of_plan": False,
        "object": obj,
        "place_ids": fields.place_ids(first, last) or fields.anaphoric_places(*subject),
        "sector_id": fields.sector(obj or "", thing, clause.text[start:end], clause.introduction(start)),
        "policy_id": fields.policy(first, last) or fields.policy(*sentence) or fields.policy_by_quota(first, last),
        "actor_id": fields.actor(*subject) if use and not use.is_passive else None,
        **fields.period(
            first,
            last,
            sentence if _is_on_plan(rule) else scene,
            anchor=first + (use.start - start if use else 0),
            of_plan=_is_on_plan(rule),
        ),
    }
