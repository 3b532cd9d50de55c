"""Who a frame is about and who says it: the actor a subject names, the speaker of the words around it."""

from __future__ import annotations

import re

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_reference import last_posts
from assets.extracted.frames_rows import WHOLE_COUNTRY, Rows
from warehouse.reference import Reference

_MEMBERS = re.compile(r"\s+members?\b", re.IGNORECASE)
_PLACE_NOUNS = frozenset(["province", "city", "county", "district", "port", "tideland"])


class Voices(Rows):
    """Reads actors, speakers and the places that stand for them off a document's earlier rows."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        super().__init__(document, reference, found)
        self.last_posts = last_posts(reference)

    def actor(self, start: int, end: int) -> str | None:
        """The one organization, person or place that the subject in the span names; for "the complex", "it" the last
        organization named before it in the paragraph."""
        text = self.document.text[start:end]
        for kinds in (("organization",), ("person",)):
            named = [m for m in self.mentions(start, end, *kinds) if not self._is_of_members(m)]
            ids = list(dict.fromkeys(m["entity_id"] for m in named))
            if ids:
                return ids[0] if len(ids) == 1 and not self._names_others(start, end) else None
        anaphor = pattern("anaphor").match(text)
        if not anaphor or len(anaphor.group()) < len(text.strip()) or anaphor.group(1) in _PLACE_NOUNS:
            return None
        return self._last_before(start, "organization")

    def _is_of_members(self, mention: Row) -> bool:
        """What acts are members of the body ("Party members"), not the body."""
        return _MEMBERS.match(self.document.text, mention["end_char"]) is not None

    def _names_others(self, start: int, end: int) -> bool:
        """Beside the mentions in the span stands an "and": the subject is more than the one body that is known."""
        text = self.document.text
        inside = self.mentions(start, end, "organization", "person", "place")
        kept, at = [], start
        for m in inside:
            kept.append(text[at : m["start_char"]])
            at = max(at, m["end_char"])
        return " and " in "".join([*kept, text[at:end]])

    def anaphoric_places(self, start: int, end: int) -> list[str] | None:
        """The place that "the province", "the county" at the start of the span takes up."""
        anaphor = pattern("anaphor").match(self.document.text[start:end])
        if not anaphor or anaphor.group(1) not in _PLACE_NOUNS:
            return None
        last = self._last_before(start, "place")
        return [last] if last else None

    def _last_before(self, offset: int, *kinds: str) -> str | None:
        sentence = self.document.sentence_at(offset)
        if sentence is None:
            return None
        floor = self.document.sentences[max(0, sentence.ordinal - 2)].start
        mentions = [m for m in self.mentions(floor, offset, *kinds) if m["entity_id"] not in WHOLE_COUNTRY]
        return mentions[-1]["entity_id"] if mentions else None

    def speaker(self, start: int, sentence_start: int, sentence_end: int) -> str | None:
        """Who says what stands at `start`: the speaker of a quotation around it, else whoever a verb of saying in
        the sentence belongs to, "he" being the last person named."""
        for q in self._rows["quotations"]:
            if q["start_char"] <= start < q["end_char"] and q.get("speaker_id"):
                return str(q["speaker_id"])
        text = self.document.text[sentence_start:sentence_end]
        for match in sorted(pattern("saying").finditer(text), key=lambda m: abs(sentence_start + m.start() - start)):
            at = sentence_start + match.start()
            if found := self._sayer(at, sentence_start):
                return found
        return None

    @staticmethod
    def has_saying(text: str) -> bool:
        """A verb of saying stands in the text."""
        return bool(pattern("saying").search(text))

    def _sayer(self, at: int, floor: int) -> str | None:
        if pattern("he_who_says").search(self.document.text[max(floor, at - 60) : at]):
            return self.last_person(at)
        for m in reversed(self.mentions(max(floor, at - 80), at, "person", "organization")):
            gap = self.document.text[m["end_char"] : at]
            if len(gap) <= 25 and not re.search(r"[.;:”\"]|\b(?:that|which|and)\b", gap):
                return str(m["entity_id"])
        return None

    def last_person(self, offset: int) -> str | None:
        """The person "he" at `offset` stands for: the nearest one before it that may be a sentence's subject; further
        back than six sentences only if nobody else is named."""
        sentence = self.document.sentence_at(offset)
        if sentence is None:
            return None
        for earlier in reversed(self.document.sentences[max(0, sentence.ordinal - 6) : sentence.ordinal + 1]):
            people = self.mentions(earlier.start, min(earlier.end, offset), "person")
            if subjects := [m for m in people if self._may_be_subject(m, earlier.start)]:
                return str(subjects[0]["entity_id"])
        named = {str(m["entity_id"]) for m in self.mentions(0, offset, "person")}
        return named.pop() if len(named) == 1 else None

    def _may_be_subject(self, mention: Row, sentence_start: int) -> bool:
        """The name stands early in its sentence, neither in the genitive nor after a preposition, "were" or "he"."""
        text = self.document.text
        before, after = (
            text[max(0, mention["start_char"] - 12) : mention["start_char"]],
            text[mention["end_char"] :][:2],
        )
        early = mention["start_char"] - sentence_start < 90
        has_subject = re.search(r"\b(?:[Hh]e|[Ss]he)\b", text[sentence_start : mention["start_char"]])
        return (
            early
            and not has_subject
            and after[:1] not in "'’"
            and not re.search(r"\b(?:by|with|of|to|for|were|was|and|from|President)\s+$", before)
        )

    def is_retold(self, person_id: str | None) -> bool:
        """The person held no post in the five years before publication, so the words are retold history."""
        published = self.document.published_on
        ended = self.last_posts.get(person_id or "")
        return bool(published and ended and ended < published.year - 5)
