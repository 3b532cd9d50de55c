"""What the readers of targets, results, assessments and review rules share: a document's sentences with their
clauses, verbs and topic, and where in them a clause begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from assets.extracted.document import Document, Found, Row, Sentence
from assets.extracted.frames_fields import Fields
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_rows import SOURCES
from assets.extracted.frames_scan import bits_of, fired, named
from assets.extracted.frames_verbs import VerbUse, verb_uses
from assets.extracted.rules import rules
from warehouse.reference import Reference

_LOOSE_END = re.compile(r"(?:[\s,;:.–—-]|\b(?:and|but|or)\b(?:\s\w+ly\b)?)+$")
_LONGEST_SUBJECT = 160
_TOLD = ("past", "past_passive", "perfect", "perfect_passive")
_CONDITIONAL = frozenset(("assessments", "review_rules"))
"""The records that a question or condition may hold."""


@dataclass
class Clause:
    """A sentence worth reading, with its verbs; offsets inside it count from its first character."""

    document: Document
    sentence: Sentence
    text: str
    fields: Fields
    cues: int = 0  # the mask of the rules whose cue words it holds

    @property
    def start(self) -> int:
        """The sentence's first character in the document."""
        return self.sentence.start

    @cached_property
    def is_unreal(self) -> bool:
        """A question, a condition or something only asked about."""
        text = self.text
        if pattern("unreal").match(text):
            return True
        may_be = "if" in text or "though" in text or "If" in text  # spares most sentences the pattern
        return may_be and bool(pattern("as_if").search(text))

    @cached_property
    def is_threshold(self) -> bool:
        """The sentence states a rule with a threshold, so its numbers are nobody's result or target."""
        names = named(self.cues & bits_of("review_rules"))
        return bool(names) and any(r.pattern.search(self.text) for r in rules("review_rules") if r.name in names)

    @cached_property
    def verbs(self) -> list[VerbUse]:
        """The verbs of planning and building, in order."""
        return verb_uses(self.text)

    @cached_property
    def _openings(self) -> list[int]:
        """Where clauses may begin, in order."""
        return [m.end() for m in pattern("clause_start").finditer(self.text)]

    def right_end(self, start: int, floor: int | None = None) -> int:
        """Where the clause that runs at `start` ends: at a stop, not before `floor`."""
        begin = max(start, floor or start)
        while begin and self.text[begin - 1].isspace():
            begin -= 1
        stop = pattern("clause_end").search(self.text, begin)
        return _trimmed(self.text, start, stop.start() if stop else len(self.text))

    def phrase_end(self, use: VerbUse) -> int:
        """Where the verb phrase headed by `use` ends: before the next coordinated verb, a purpose clause or a stop."""
        end = self.right_end(use.end)
        for other in self.verbs:
            if other.clause_start <= use.end or other.clause_start >= end:
                continue
            lead = self.text[use.end : other.clause_start]
            join = pattern("coordination").search(lead)
            if join and len(lead[: join.start()].split()) >= 1 and other.mood not in _no_coordination(use):
                return _trimmed(self.text, use.end, use.end + join.start())
            if other.mood in ("infinitive", "infinitive_passive") and len(lead.split()) >= 2 and not _governs(lead):
                return _trimmed(self.text, use.end, other.clause_start)
            if other.mood in _TOLD and use.mood in _TOLD and (next_clause := pattern("and_who").search(lead)):
                return _trimmed(self.text, use.end, use.end + next_clause.start())
        return end

    def subject_start(self, before: int) -> int:
        """Where the clause whose verb begins at `before` begins: after the nearest boundary, else at the verb."""
        passed = [o for o in self._openings if o <= before]
        aside = passed.pop() if passed and self._is_aside(passed[-1], before) else before
        start = passed[-1] if passed else 0
        for use in self.verbs:
            if (
                start < use.end
                and use.end < (before if use.mood in _TOLD else min(aside, before))  # what an aside tells is its own
                and use.mood not in ("adjective", "participle", "base", "infinitive")
            ):
                join = re.search(r"\s+and\s+|,\s+", self.text[use.end : before])
                start = use.end + join.end() if join else start
        if introduction := pattern("introduction").match(self.text[start:before]):
            start += introduction.end()
        if self._goes_on(start, before):
            return before
        if self.text.startswith("and ", start):
            start += len("and ")
        while start < before and not self.text[start].isalnum() and self.text[start] not in "“\"'‘":
            start += 1
        if before - start > _LONGEST_SUBJECT:
            joined = self.text.rfind(" and ", before - _LONGEST_SUBJECT, before)
            depends = pattern("hangs_on").search(self.text, max(joined, 0), before)
            start = joined + len(" and ") if joined >= 0 and not depends else before
        return start

    def _goes_on(self, start: int, before: int) -> bool:
        """The verb is joined to an earlier one ("made belts and beds and planted", "to save coal and raised")."""
        if not self.text[:before].rstrip().endswith(" and") or pattern("has_subject_before").match(self.text, before):
            return False
        openings = [o for o in self._openings if o <= start]
        moods = ("base", "infinitive", "past", "perfect")
        return any((openings or [0])[-1] <= u.start < before and u.mood in moods for u in self.verbs)

    def _is_aside(self, start: int, before: int) -> bool:
        """[start, before) is a relative clause set in commas ("the line, which took a year, was …")."""
        return bool(pattern("opens_aside").search(self.text, 0, start)) and self.text[:before].rstrip().endswith(",")

    def is_of_others(self, start: int, end: int) -> bool:
        """The words of [start, end), a subject, name another country and nothing of the DPRK."""
        if helper := pattern("together_with").search(self.text, start, end):
            end = helper.start()
        first, last = self.absolute(start, end)
        if self.fields.names_domestic(first, last) or pattern("domestic").search(self.text, start, end):
            return False
        return self.fields.names_foreign(first, last) or bool(pattern("foreign").search(self.text, start, end))

    def names_others(self) -> bool:
        """Another country is named anywhere in the sentence."""
        return self.fields.names_foreign(self.start, self.sentence.end) or bool(pattern("foreign").search(self.text))

    def introduction(self, before: int) -> str:
        """The words that set the scene at the sentence's head ("In the coal industry, "), if the clause follows."""
        match = pattern("introduction").match(self.text)
        return match.group() if match and match.end() <= before else ""

    def absolute(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the document of [start, end) of the sentence."""
        return self.start + start, self.start + end


def _no_coordination(use: VerbUse) -> tuple[str, ...]:
    """The moods that a verb joined to `use` cannot have: "a selection and sowing ground" is no two acts."""
    gerund = use.mood in ("participle", "progressive", "progressive_passive")
    return ("adjective", "present") if gerund else ("adjective", "present", "participle")


def _governs(lead: str) -> bool:
    """A noun that takes an infinitive as its content stands last ("the work to …", "measures to …")."""
    return bool(pattern("takes_infinitive").search(lead))


def _trimmed(text: str, start: int, end: int) -> int:
    """`end` without the punctuation and the joining words before it."""
    match = _LOOSE_END.search(text, start, end)
    return max(match.start() if match else end, start)


class Reading:
    """One document read for frames: its sentences worth reading, on the DPRK's economy."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        self.document = document
        self.reference, self.found = reference, found
        self._topics: dict[int, bool] = {}
        self._fired = fired(document)
        self._clauses: dict[int, Clause | None] = {}

    @cached_property
    def fields(self) -> Fields:
        """The document's earlier rows, put in order once a sentence is read."""
        return Fields(self.document, self.reference, self.found)

    def clauses(self, kind: str) -> Iterator[tuple[Clause, frozenset[str]]]:
        """The sentences that may hold a frame of `kind` (real, not a headline, about the DPRK), each with the names of
        the rules whose cue words it holds."""
        bits = bits_of(kind)
        for index, mask in self._fired.items():
            if mask & bits and (clause := self.clause(index, kind)):
                yield clause, named(mask & bits)

    def clause(self, index: int, kind: str) -> Clause | None:
        """The sentence at `index` as a clause, read once for all kinds; None where it cannot hold one of `kind`."""
        if index not in self._clauses:
            text = self.document.sentence_text(self.document.sentences[index])
            usable = len(text) >= 20 and not pattern("question").search(text, len(text) - 4)
            usable = usable and not self.is_headline(index, text) and self.is_domestic(index)
            self._clauses[index] = (
                Clause(self.document, self.document.sentences[index], text, self.fields, self._fired.get(index, 0))
                if usable
                else None
            )
        clause = self._clauses[index]
        return None if clause is None or (clause.is_unreal and kind not in _CONDITIONAL) else clause

    def is_headline(self, index: int, text: str) -> bool:
        """A line of its own without a full stop, in capitals or with most words capitalised, is a title."""
        stripped = text.strip()
        if stripped[-1:] in '.!?…”":':
            return False
        if stripped == (self.document.title or "").strip() or stripped.isupper():
            return True
        sentences = self.document.sentences
        alone = all(
            sentences[i].paragraph != sentences[index].paragraph
            for i in (index - 1, index + 1)
            if 0 <= i < len(sentences)
        )
        return alone and len(stripped.split()) < 25

    def is_domestic(self, index: int) -> bool:
        """Whether the sentence is about the DPRK: what it names decides, else the sentence before it in its paragraph,
        else that nothing else is named."""
        if index not in self._topics:
            sentence = self.document.sentences[index]
            text = self.document.sentence_text(sentence)
            if (
                (self._is_outside_report and self._document_is_domestic)
                or self.fields.names_domestic(sentence.start, sentence.end)
                or pattern("domestic").search(text)
            ):
                topic = True
            elif self._is_of_others(sentence, text):
                topic = False
            elif index and self.document.sentences[index - 1].paragraph == sentence.paragraph:
                topic = self.is_domestic(index - 1)
            else:
                topic = self._document_is_domestic
            self._topics[index] = topic
        return self._topics[index]

    def _is_of_others(self, sentence: Sentence, text: str) -> bool:
        """Another country is named, not only as who lends a hand ("together with Chinese engineers")."""
        if "with" in text and pattern("together_with").search(text):
            return bool(pattern("foreign").search(pattern("together_with").sub("", text)))
        return self.fields.names_foreign(sentence.start, sentence.end) or bool(pattern("foreign").search(text))

    @cached_property
    def _is_outside_report(self) -> bool:
        """Told by an outlet outside the state's media, where a foreign name is mostly a source's, not the topic."""
        return self.fields.is_outside_outlet(self.document.outlet_id)

    @cached_property
    def _document_is_domestic(self) -> bool:
        text = self.document.text
        away = len(pattern("foreign").findall(text)) - self.fields.domestic_count
        return away <= 0 or len(pattern("domestic").findall(text)) >= away


_last_read: list[tuple[Document, tuple[object, ...], Reading]] = []


def reading_of(document: Document, reference: Reference, found: Found) -> Reading:
    """The document read for frames. The last one is kept, since the four readers ask for the same document in turn."""
    sources = tuple(found.get(name) for name in SOURCES)
    if _last_read:
        last, same, reading = _last_read[0]
        if last is document and len(same) == len(sources) and all(a is b for a, b in zip(same, sources, strict=True)):
            return reading
    reading = Reading(document, reference, found)
    _last_read[:] = [(document, sources, reading)]
    return reading


def row(clause: Clause, start: int, end: int, rule: str, **columns: object) -> Row:
    """A row on [start, end) of the clause's sentence."""
    first, last = clause.absolute(start, end)
    return {"start_char": first, "end_char": last, "rule": rule, **columns}


def distinct(groups: Iterable[list[Row]], *, nested: bool = True) -> list[Row]:
    """The rows of the groups in order, without a group whose first row overlaps a row kept earlier by half of the
    shorter one: one clause makes one record. A clause around another ("the mill, which met its plan, built …") makes
    one of its own if `nested`."""
    kept: list[Row] = []
    for group in groups:
        if group and not any(_overlap(r, k, nested) for r in group[:1] for k in kept):
            kept += group
    return kept


def _overlap(a: Row, b: Row, nested: bool) -> bool:
    if nested and a["start_char"] < b["start_char"] and b["end_char"] < a["end_char"]:
        return False
    shared = min(a["end_char"], b["end_char"]) - max(a["start_char"], b["start_char"])
    return bool(2 * shared > min(a["end_char"] - a["start_char"], b["end_char"] - b["start_char"]))
