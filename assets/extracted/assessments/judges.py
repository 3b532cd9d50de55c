"""Who judges: the subject of the judging verb, whoever says the sentence, the meeting it is told of, or the outlet."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import Any

from assets.extracted.assessments.patterns import context
from assets.extracted.document import Found, Row
from assets.extracted.frames import Clause
from assets.extracted.frames_fields import Fields
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_reference import HOME, countries
from assets.extracted.rules import Rule
from warehouse.reference import Reference

_OWN_KINDS = ("forecast", "doubt")
_MEETINGS = frozenset(
    ("assembly_session", "party_congress", "plenary_meeting", "politburo_meeting", "cabinet_meeting", "teleconference")
)
_ACTS = frozenset(("speech", "on_the_spot_guidance"))
_NAMED = frozenset(("official", "expert", "foreign_government", "outlet"))
_ECONOMIC = 0.4
_CABINET = "cabinet"
_FOLLOWS = 15  # characters between an outlet and its verb of reporting
_SENTENCE = 300  # characters of a sentence that tells of a visit or speech, before the next
_SUBJECT = 90  # characters of a sentence in which its subject stands


class Judges:
    """Finds the judge of a clause of one document."""

    def __init__(self, fields: Fields, reference: Reference, found: Found) -> None:
        self.fields = fields
        self.document = fields.document
        self.at_home = people_of_the_state(reference)
        self.countries = countries(reference)
        self.vouching = [r for r in found.get("attributions", ()) if r["rule"] != "attribution_unclear"]
        self.meetings = [
            r for r in found.get("events", ()) if r["event_kind"] in _MEETINGS and r.get("organizer_id")
        ]  # fmt: skip
        self.acts = [r for r in found.get("events", ()) if r["event_kind"] in _ACTS and r.get("participants")]
        self.is_outside = fields.is_outside_outlet(self.document.outlet_id)

    def of(self, clause: Clause, rule: Rule, match: re.Match[str], start: int) -> str | None:
        """Whoever is the subject of the judging verb or says the sentence; for a forecast or doubt that nobody is said
        to have, and for what an outlet says in its own voice, the outlet."""
        first = clause.start + start
        if rule.options.get("judge") == "subject":
            judge, is_said = self._agent(clause, match)
            if judge or is_said:
                return judge
            if self._is_outside_passive(clause, match):
                return self._meeting(first)
        if self.is_outside and pattern("own_view").search(clause.text[:start]) and not self._reporting(clause, start):
            return self._own_voice
        quoted = clause.sentence.in_quotation or context("quoted").search(clause.text[:start])
        if self.is_outside and not quoted and context("first_person").match(clause.text[start:]):
            return self._own_voice
        if judge := self._before_colon(clause, start):
            return judge
        around = clause.text[: match.start()] + " " * len(match.group()) + clause.text[match.end() :]
        if quoted or self.fields.has_saying(around):
            if context("he_first").match(clause.text) and (visitor := self._visitor_before(clause.start)):
                return visitor
            return self.fields.speaker(first, clause.start, clause.sentence.end) or self._reporting(clause, start)
        return (
            self._reporting(clause, start) or self._vouching(clause, match) or self._unsaid(clause, rule, match, first)
        )

    @cached_property
    def is_economic_report(self) -> bool:
        """Enough of the document's sentences name something of the economy for it to be the topic of the others."""
        texts = [self.document.sentence_text(s) for s in self.document.sentences]
        named = sum(pattern("economic").search(t) is not None for t in texts)
        return named >= _ECONOMIC * len(texts)

    @property
    def _own_voice(self) -> str | None:
        return self.document.reposted_from_outlet_id or self.document.outlet_id

    def _is_outside_passive(self, clause: Clause, match: re.Match[str]) -> bool:
        """Whether somebody is told from outside to have been blamed or praised, by nobody named and in nobody's words:
        the outlet tells of it, and does not judge."""
        passive = context("passive").search(clause.text, max(0, match.start() - 5), match.end())
        return self.is_outside and passive is not None and not self.fields.has_saying(clause.text)

    def _unsaid(self, clause: Clause, rule: Rule, match: re.Match[str], first: int) -> str | None:
        """The judge of a clause nobody is named to say: the meeting, speech or visit it is told of, or the outlet."""
        is_view = rule.options["kind"] in _OWN_KINDS
        if not is_view and context("passive").search(clause.text, max(0, match.start() - 5), match.end()):
            return self._meeting(first)
        if not self.is_outside and (speaker := self._acting(first)):
            return speaker
        if context("others_judge").search(clause.text, 0, match.end()):
            return None
        return self._own_voice if is_view and not self._is_anonymous(clause) else None

    def _acting(self, offset: int) -> str | None:
        """The one person whose speech or visit the text has told of before `offset`."""
        people = {p for s in self.acts if s["start_char"] <= offset for p in s["participants"]}
        return people.pop() if len(people) == 1 else None

    def _visitor_before(self, offset: int) -> str | None:
        """Whose visit or speech the sentence right before `offset` tells of, whoever else it names first."""
        told = [s for s in self.acts if offset - _SENTENCE <= s["start_char"] < offset <= s["end_char"] + _SENTENCE]
        told = [s for s in told if not context("sentence_between").search(self.document.text, s["end_char"], offset)]
        return str(told[-1]["participants"][0]) if told else None

    def _before_colon(self, clause: Clause, start: int) -> str | None:
        """Whoever the words before a colon name, which introduces what they think ("He was blunt: …")."""
        if not context("colon").match(clause.text[:start]):
            return None
        if context("he_first").match(clause.text) or context("of_manner").match(clause.text):
            return self._he(clause.start + start)
        people = self.fields.mentions(clause.start, clause.start + start, "person")
        return _id(people[0]) if people else None

    def _agent(self, clause: Clause, match: re.Match[str]) -> tuple[str | None, bool]:
        """Who does the judging, and whether the clause says so: "by" whom in the passive, else the subject of the
        clause, or of the sentence where the verb is one of several ("…, and blamed the mill")."""
        if by := context("by").match(clause.text, match.end()):
            return self.fields.actor(clause.start + by.end(), clause.start + clause.right_end(by.end())), True
        verb = match.start()
        if context("in_passive").search(clause.text[:verb]) or context("passive").search(match.group()):
            return None, False
        if context("who").search(clause.text[:verb]):
            return self._antecedent(clause, verb), True
        if context("leader").search(clause.text[:verb]):
            return self._leader(clause.start + verb), True
        if said := context("he_said").search(clause.text[:verb]):
            return self._he(clause.start + said.start()), True
        start = clause.subject_start(verb)
        words = clause.text[start:verb]
        if context("coordinated").search(words):
            return self._named(clause, start, verb) or self._subject_of_sentence(clause, verb), False
        return self._named(clause, start, verb), not context("that_is_said").search(words)

    def _antecedent(self, clause: Clause, verb: int) -> str | None:
        """Whom "who" before `verb` takes up: the person or body named right before it."""
        who = context("who").search(clause.text[:verb])
        named = self.fields.mentions(clause.start, clause.start + (who.start() if who else 0), "person", "organization")
        return _id(named[-1]) if who and named and named[-1]["end_char"] >= clause.start + who.start() - 1 else None

    def _named(self, clause: Clause, start: int, end: int) -> str | None:
        """The person, body or outlet that the words of a subject name or take up."""
        first, last = clause.start + start, clause.start + end
        words = clause.text[start:end]
        people = self.fields.mentions(first, last, "person")
        bodies = self.fields.mentions(first, last, "organization", "outlet")
        if people and (not bodies or people[0]["start_char"] < bodies[0]["start_char"]):
            return _id(people[0])
        if actor := self.fields.actor(first, last):
            return actor
        if bodies:
            return _id(bodies[0])
        if context("he").search(words):
            return self._he(last)
        if context("meeting").search(words):
            return self._meeting(first)
        return self._last_outlet(first) if context("newsroom").search(words) else None

    def _subject_of_sentence(self, clause: Clause, before: int) -> str | None:
        """The first person or body named at the head of the sentence that may be its subject, which "he" is at once."""
        is_he = context("he_first").match(clause.text) is not None
        if is_he and not self.fields.has_saying(clause.text[:before]):
            return self._he(clause.start)
        for m in self.fields.mentions(clause.start, clause.start + min(before, _SUBJECT), "person", "organization"):
            lead = clause.text[: m["start_char"] - clause.start]
            if not context("governed").search(lead) and self.document.text[m["end_char"]][:1] not in "'’":
                return _id(m)
        return self._he(clause.start) if is_he else None

    def _he(self, offset: int) -> str | None:
        """Whom "he" at `offset` stands for; where nobody named may be meant, who speaks or visits."""
        return self.fields.last_person(offset) or self._acting(offset)

    def _leader(self, offset: int) -> str | None:
        """The person the text calls leader, nearest before `offset`, else anywhere."""
        text = self.document.text
        called = [
            m
            for m in self.fields.mentions(0, len(text), "person")
            if context("called_leader").search(text[max(0, m["start_char"] - 40) : m["start_char"]])
            or (m["entity_id"] in self.at_home and self.at_home[m["entity_id"]])
        ]
        before = [m for m in called if m["start_char"] < offset]
        return _id((before or called[:1])[-1]) if called else None

    def _meeting(self, offset: int) -> str | None:
        """Who held the meeting told of before `offset`."""
        told = [m for m in self.meetings if m["start_char"] <= offset]
        return str(told[-1]["organizer_id"]) if told else None

    def _last_outlet(self, offset: int) -> str | None:
        outlets = self.fields.mentions(0, offset, "outlet")
        return _id(outlets[-1]) if outlets else None

    def _reporting(self, clause: Clause, start: int) -> str | None:
        """The outlet that the sentence says reports or finds it; "the broadcaster" is the one named last."""
        for m in self.fields.mentions(clause.start, clause.sentence.end, "outlet"):
            if context("reports").match(self.document.text, m["end_char"], m["end_char"] + _FOLLOWS + 20):
                return _id(m)
        found = context("newsroom_reports").search(clause.text, 0, start)
        return self._last_outlet(clause.start + found.start()) if found else None

    def _vouching(self, clause: Clause, match: re.Match[str]) -> str | None:
        """The person, body or outlet outside the state's media that vouches for the words that match."""
        row = self._attribution(clause, clause.start + match.start(), clause.start + match.end())
        if row is None or row["source_kind"] not in _NAMED:
            return None
        return row.get("source_entity_id")

    def _is_anonymous(self, clause: Clause) -> bool:
        row = self._attribution(clause, clause.start, clause.start)
        own = bool(context("outlet_itself").search(clause.text))
        return row is not None and row["source_kind"] == "anonymous_source" and not own

    def _attribution(self, clause: Clause, first: int, last: int) -> Row | None:
        """The attribution over [first, last), else the sentence's first; none that the words themselves are read as
        ("nobody can say")."""
        inside = [
            r
            for r in self.vouching
            if clause.start <= r["start_char"] < clause.sentence.end
            and not (first <= r["start_char"] and r["end_char"] <= last)
        ]
        over = [r for r in inside if r["start_char"] <= first < r["end_char"]]
        return next(iter(over or inside), None)

    def speak_for_the_state(self, clause: Clause, rule: Rule, assessor: str | None) -> bool:
        """The state's media, or one of those in charge whom another outlet quotes, says what the clause says."""
        if not self.is_outside:
            return True
        if assessor is not None:
            return self.countries.get(assessor) == HOME or assessor in self.at_home
        if context("officials_say").search(clause.text):
            return True
        return "judge" not in rule.options and self._is_told_by_the_state(clause)

    def is_told_of_the_cabinet(self, offset: int) -> bool:
        """The meeting last told of before `offset` is the Cabinet's."""
        return self._meeting(offset) == _CABINET

    def _is_told_by_the_state(self, clause: Clause) -> bool:
        row = self._attribution(clause, clause.start, clause.start)
        return row is not None and row["source_kind"] == "state_media"


def _id(mention: Row) -> str:
    return str(mention["entity_id"])


@cache
def people_of_the_state(reference: Reference) -> dict[str, bool]:
    """The people who hold or held a post in the DPRK, and whether the post is the highest."""
    at_home = countries(reference)
    found: dict[str, bool] = {}
    for person in reference.rows("people"):
        roles: list[dict[str, Any]] = person["roles"] or []
        if any(at_home.get(str(r["organization_id"])) == HOME for r in roles):
            found[person["person_id"]] = any(context("highest_post").search(r["role"]) for r in roles if not r["end"])
    return found
