"""Assessments: admissions of failure, criticism, praise, warnings, forecasts and doubts about the economy."""

from __future__ import annotations

import re
from functools import cache

from assets.extracted.assessments.judges import Judges
from assets.extracted.assessments.patterns import context
from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, distinct, reading_of, row
from assets.extracted.frames_object import noun_phrase
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_reference import state_media
from assets.extracted.needs import Needs, matches, needs_of
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_OPENING_QUOTES = ("“", '"', "‘")


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The rows of `extracted.assessments`: one for each clause that judges how the economy, a plan or those who carry
    it out fare; assessor and cause NULL where the text does not name them."""
    is_outside = state_media(reference).get(document.outlet_id or "") is False
    tried_rules, needs = _tried_rules(is_outside)
    judges: Judges | None = None
    rows: list[Row] = []
    for index, tried in needs.by_sentence(document):
        text = document.sentence_text(document.sentences[index])
        hits = [(tried_rules[i], m) for i, places in tried for m in matches(tried_rules[i].pattern, text, places)]
        # Few sentences hold a match, so what they are about is asked afterwards.
        if hits and (clause := reading_of(document, reference, found).clause(index, "assessments")):
            judges = judges or Judges(clause.fields, reference, found)
            made = (_row(clause, rule, match, judges) for rule, match in hits)
            rows += distinct(([r] for r in made if r), nested=False)
    return rows


@cache
def _tried_rules(is_outside: bool) -> tuple[tuple[Rule, ...], Needs]:
    """The rules for the state's media or for reports from outside, in the order in which they are tried."""
    tried = tuple(r for r in rules("assessments") if is_outside or not r.options.get("outside"))
    return tried, needs_of(tried)


def _row(clause: Clause, rule: Rule, match: re.Match[str], judges: Judges) -> Row | None:
    start, end = _span(clause, rule, match)
    text = clause.text[start:end]
    if not _is_on_the_economy(clause, rule, match, (start, end), judges):
        return None
    if "by_others" in rule.options and context("conditional").search(clause.text[: match.start()]):
        return None
    if rule.options["kind"] == "forecast" and context("state_money").search(clause.text):
        return None
    assessor = judges.of(clause, rule, match, start)
    kind = _kind(clause, rule, assessor, judges)
    if kind is None:
        return None
    about = clause.text[match.end() : end] or clause.text[start : match.start()]
    cause = pattern("cause").search(clause.text, start)
    return row(
        clause, start, end, rule.name,
        kind=kind,
        assessor_id=assessor,
        subject=_subject(clause, rule, match, start, end),
        sector_id=clause.fields.sector(about, text),
        cause=cause.group("cause").strip() if cause else None,
    )  # fmt: skip


def _span(clause: Clause, rule: Rule, match: re.Match[str]) -> tuple[int, int]:
    """Where the judgement stands: its clause, from the match on or the match alone, as the rule says."""
    start = match.start()
    if "span" not in rule.options and not context("participle").match(match.group()):
        start = _inner_start(clause.text, clause.subject_start(start), start)
        start -= clause.text[start - 1 : start] in _OPENING_QUOTES and start > 0
    if rule.options.get("span") == "match":
        return start, match.end()
    end = match.end()
    if asked := context("asked_after").match(clause.text, end):
        end = asked.end()
    return start, max(clause.right_end(end), match.end())


def _inner_start(text: str, start: int, before: int) -> int:
    """The start of a clause that words left out ("…") or "why" separate from what stands before."""
    found = list(context("inner_start").finditer(text, start, before))
    return found[-1].end() if found else start


def _kind(clause: Clause, rule: Rule, assessor: str | None, judges: Judges) -> str | None:
    """The kind of judgement. What only those in charge can admit is criticism when others say it, or nothing where
    the rule knows no kind for it."""
    kind: str = rule.options["kind"]
    if "by_others" not in rule.options or judges.speak_for_the_state(clause, rule, assessor):
        return kind
    return rule.options["by_others"] or None


def _is_on_the_economy(clause: Clause, rule: Rule, match: re.Match[str], span: tuple[int, int], judges: Judges) -> bool:
    """The sentence from the row on names something of the economy, and the row no other field. Outside the state's
    media, where the whole report is about it, any part may name it, and only the rules that say so ask for it. What
    the Cabinet's meetings take up is the economy."""
    start, end = span
    text = clause.text[start:end]
    outside = judges.is_outside
    is_praise = rule.options["kind"] == "praise"
    head = context("praised").match(clause.text, match.end()) if is_praise else None
    is_praised = head is not None and _names_the_economy(head.group())
    if not is_praised and pattern("other_field").search(text):
        return outside and _names_the_economy(clause.text) and not context("politics").search(text)
    if not outside and context("military").search(clause.text):
        return is_praise and context("soldiers_build").search(clause.text, match.end()) is not None
    if not outside and not is_praise and context("other_country").search(clause.text):
        return False
    if rule.options.get("economic"):
        told = clause.text[0 if outside or (is_praise and _goes_back(clause, match)) else start :]
        if judges.is_told_of_the_cabinet(clause.start) or _names_the_economy(told):
            return True
        if is_praise and context("builders").search(told):
            return True
        if is_praise and not outside and _goes_back(clause, match) and _worked_before(clause, judges):
            return True
        return outside and judges.is_economic_report
    return outside or _names_the_economy(clause.text)


def _names_the_economy(text: str) -> bool:
    return pattern("economic").search(text) is not None


def _goes_back(clause: Clause, match: re.Match[str]) -> bool:
    """What somebody praises was named before, in a sentence on nothing but the economy ("he said, highly praising their
    feats"). Thanks for it are no further praise."""
    if context("taken_up").match(clause.text, match.end()) is None or "thank" in match.group().lower():
        return False
    return context("somebody").search(clause.text) is not None and not pattern("other_field").search(clause.text)


def _worked_before(clause: Clause, judges: Judges) -> bool:
    """The sentence before, which tells of those this one calls "them", is on nothing but the economy."""
    sentences, place = judges.document.sentences, clause.sentence.ordinal
    before = judges.document.sentence_text(sentences[place - 1]) if place else ""
    if pattern("other_field").search(before) or context("military").search(before):
        return False
    return _names_the_economy(before)


def _subject(clause: Clause, rule: Rule, match: re.Match[str], start: int, end: int) -> str | None:
    """What is judged: what the rule names, else what follows the judging words or, as the rule says, stands before
    them. What stands before a verb of judging is the judge, not the judged."""
    if named := match.groupdict().get("subject"):
        return noun_phrase(named) or None
    after = noun_phrase(pattern("judged_for").sub("", clause.text[match.end() : end], 1))
    if _stands_before(clause, rule, match):
        words = context("asks").sub("", clause.text[start : match.end()], 1)
        found = noun_phrase(context("predicate").sub("", words, 1))
    elif "judge" in rule.options:
        found = context("and_said").sub("", after)
    else:
        found = after or noun_phrase(clause.text[start : match.start()])
    judged = context("for_what").sub("", context("found_in").sub("", found or "", 1), 1)
    return None if not judged or context("no_subject").match(judged) else judged


def _stands_before(clause: Clause, rule: Rule, match: re.Match[str]) -> bool:
    """What is judged stands before the judging words: in the passive, and where the rule says so."""
    if "judge" in rule.options:
        return bool(
            context("in_passive").search(clause.text[: match.start()]) or context("passive").search(match.group())
        )
    is_asked = context("asked_after").match(clause.text, match.end())
    return rule.options.get("subject") == "before" and not is_asked
