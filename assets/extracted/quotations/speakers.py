"""Finding the verb of saying that belongs to a quotation, and its subject."""

from __future__ import annotations

import re
from typing import NamedTuple

from assets.extracted.quotations.marks import Marked
from assets.extracted.quotations.people import PRONOUNS, Cast, Span, Speaker
from assets.extracted.quotations.phrases import cue, ended, opening_name, skip_adverbials, subject_before
from assets.extracted.quotations.setting import Setting, Unit
from assets.extracted.quotations.verbs import Verb, is_verb

_SET_OFF = re.compile(r"[,”\"»]")
_CLAUSE = re.compile(r"[^;.:“”\"«»\x01]*")
_FIRST_WORD = re.compile(r"[\w’']+")
WINDOW = 1200
"""Characters of a sentence that are looked at around a verb: more only where sentences could not be told apart."""
_SUBJECT_WINDOW = 90
_UNITS_BACK = 8
_VERBS_TRIED = 6


class Voice(NamedTuple):
    """Who says a quotation, by which word, found how."""

    speaker: Speaker | None
    cue: str | None
    rule: str
    distance: int = 0
    """Characters between cue and quotation."""


_UNHEARD = Voice(None, None, "")


class Finder:
    """Finds the speakers of a document's quotations, in order; remembers who spoke last."""

    last: Speaker | None = None
    person: Speaker | None = None
    _has_unheard = False

    def __init__(self, setting: Setting, cast: Cast) -> None:
        """Start with nobody having spoken."""
        self.setting = setting
        self.cast = cast
        self.text = setting.outside
        self.spoke: dict[int, Speaker] = {}
        self._asked: list[tuple[Marked, Voice | None]] = []
        self._subjects: dict[int, Span | None] = {}

    def voice(self, passage: Marked, unit: Unit) -> Voice | None:
        """Who says `passage`: by a verb next to it, before it, after it, or by the sentences around."""
        found = (
            self._right_after(passage, unit)
            or self.last_cue(unit, max(unit.start, passage.start - WINDOW), passage.start, "quotation_cue_before")
            or self._later(passage, unit)
            or self._neighbour(passage, unit)
        )
        self._remember(passage, unit, found)
        return found

    def _remember(self, passage: Marked, unit: Unit, found: Voice | None) -> None:
        self._asked.append((passage, found))
        if found and found.speaker:
            self.last = found.speaker
            if found.speaker.is_person and (found.speaker.entity_id or not found.speaker.is_pronoun):
                self.person = found.speaker
            self.spoke[unit.ordinal] = found.speaker

    def pass_over(self, passage: Marked) -> None:
        """Ask who says a passage only if it turns out that words point back."""
        self._asked.append((passage, _UNHEARD))
        self._has_unheard = True

    def _hear(self) -> None:
        """Find out who says what was passed over, each passage in its turn."""
        asked, self._asked, self._has_unheard = self._asked, [], False
        spoke, self.spoke, self.last, self.person = self.spoke, {}, None, None
        for passage, found in asked:
            unit = self.setting.unit_of(passage)
            if unit is None:
                continue
            if found is _UNHEARD:
                self.voice(passage, unit)
            else:
                self._remember(passage, unit, found)
        self.spoke = {**spoke, **self.spoke}

    def _right_after(self, passage: Marked, unit: Unit) -> Voice | None:
        """`"…," Ri said`, `"…," said Ri` and `"…" — Ri`."""
        after = self.text[passage.end : min(unit.end, passage.end + WINDOW)]
        if after.lstrip()[:1] in (",", "—", "–", "―") or self._ends_speech(passage):
            clause = _CLAUSE.match(after)
            if clause and (quoted := cue("quoted_as_saying").pattern.search(after, 0, clause.end())):
                start, end = passage.end + quoted.start("subject"), passage.end + quoted.end("subject")
                return Voice(self.resolve(start, end, unit), quoted["cue"], "quotation_quoted_as", quoted.start("cue"))
            for name in ("verb_then_pronoun", "verb_then_subject", "subject_then_verb"):
                match = cue(name).pattern.match(after)
                if match is None or not is_verb(after, match["cue"], match.start("cue")):
                    continue
                if span := self._after_span(name, passage.end, match):
                    return Voice(self.resolve(*span, unit), match["cue"], f"quotation_{name}", match.start("cue"))
        return self._signature(passage)

    def _ends_speech(self, passage: Marked) -> bool:
        """Whether the words between the marks end as quoted speech does."""
        inner = self.setting.document.text[passage.inner_start : passage.inner_end].rstrip("'’\"” ")
        return inner[-1:] in (",", ".", "?", "!", "…", "—", "-")

    def _after_span(self, name: str, offset: int, match: re.Match[str]) -> Span | None:
        start, end = offset + match.start("subject"), offset + match.end("subject")
        if name == "verb_then_pronoun":
            return start, end
        if name == "verb_then_subject":
            return ended(self.text, start, end)
        return subject_before(self.text, start, offset + match.start("cue"))

    def _signature(self, passage: Marked) -> Voice | None:
        match = cue("dash_signature").pattern.match(self.text[passage.end : passage.end + 80])
        if match is None:
            return None
        start, end = (passage.end + position for position in match.span("subject"))
        return Voice(self.cast.named(start, end), None, "quotation_dash_signature")

    def last_cue(self, unit: Unit, start: int, end: int, rule: str) -> Voice | None:
        """The last verb of saying in [start, end) with its subject, or that of a verb before it."""
        verbs = self.setting.verbs(start, end)[-_VERBS_TRIED:]
        for index in range(len(verbs) - 1, -1, -1):
            span = self.subject(unit, verbs[index])
            if span and not (index and self.text[span[0] : span[1]].lower() in ("it", "that", "which")):
                return self._voice(span, verbs[-1], unit, end, rule)
        if source := self._source_phrase(start, end):
            at_cue = Verb(*source.span("cue"), source["cue"])
            return self._voice(ended(self.text, *source.span("subject")), at_cue, unit, end, rule)
        if not verbs:
            return None
        if verbs[-1].is_passive:
            return Voice(None, verbs[-1].word, rule, end - verbs[-1].end)
        span = self.sentence_subject(unit)
        return self._voice(span, verbs[-1], unit, end, rule) if span else None

    def subject(self, unit: Unit, verb: Verb) -> Span | None:
        """The subject of a verb: a participle's is its sentence's, a passive verb's says nothing."""
        if verb.is_passive:
            return None
        at = verb.start
        if verb.word.endswith("ing") and "," in self.text[max(unit.start, at - 12) : at]:
            return self.main_subject(unit, at)
        return subject_before(self.text, unit.start, at)

    def main_subject(self, unit: Unit, at: int) -> Span | None:
        """The subject of the last finite verb of saying before `at`, else what the sentence begins with."""
        for verb in reversed(self.setting.verbs(max(unit.start, at - WINDOW), at)[-_VERBS_TRIED:]):
            if not verb.word.endswith("ing") and (span := self.subject(unit, verb)):
                return span
        span = self.sentence_subject(unit)
        return span if span and span[1] <= at else None

    def _voice(self, span: Span, verb: Verb, unit: Unit, end: int, rule: str) -> Voice:
        return Voice(self.resolve(*span, unit), verb.word, rule, end - verb.end)

    def _source_phrase(self, start: int, end: int) -> re.Match[str] | None:
        """`according to Ri` or the last of `Ri's remarks that "…"`."""
        if match := self._according_to(start, end):
            return match
        return next(iter([*cue("speech_noun").pattern.finditer(self.text, start, end)][::-1]), None)

    def _according_to(self, start: int, end: int) -> re.Match[str] | None:
        if "according to" not in self.text[start:end].lower():
            return None
        return cue("according_to").pattern.search(self.text, start, end)

    def _later(self, passage: Marked, unit: Unit) -> Voice | None:
        """A verb of saying further on in the sentence (`"…" all factors, Ri said`)."""
        end = min(unit.end, passage.end + WINDOW)
        source = self._according_to(passage.end, end)
        if source is None:
            return self._later_verb(passage, unit, end)
        if voice := self._later_verb(passage, unit, source.start()):  # "…, Kim said, according to KCNA"
            return voice
        span = ended(self.text, *source.span("subject"))
        distance = source.start() - passage.end
        return Voice(self.resolve(*span, unit), source["cue"], "quotation_according_to", distance)

    def _later_verb(self, passage: Marked, unit: Unit, end: int) -> Voice | None:
        for verb in self.setting.verbs(passage.end, end):
            at = verb.start
            if verb.is_passive or verb.word.endswith("ing") or not _SET_OFF.search(self.text, passage.end, at):
                continue
            if found := subject_before(self.text, passage.end, at):
                return Voice(self.resolve(*found, unit), verb.word, "quotation_cue_later", at - passage.end)
        return None

    def _neighbour(self, passage: Marked, unit: Unit) -> Voice | None:
        """Words that stand alone: announced before, followed by who said them, or going on with the last speaker."""
        alone = not self.text[unit.start : passage.start].strip(" \n\t…-")
        if alone and unit.ordinal and (voice := self._announced(unit)):
            return voice
        if self._has_unheard:
            self._hear()
        if alone and self.last is not None:
            return Voice(self.last, None, "quotation_goes_on")
        if span := self.sentence_subject(unit):
            return Voice(self.resolve(*span, unit), None, "quotation_sentence_subject")
        return Voice(self.last, None, "quotation_last_speaker") if self.last else None

    def _announced(self, unit: Unit) -> Voice | None:
        """A sentence before that ends with a colon and says who speaks."""
        before = self.setting.unit(unit.ordinal - 1)
        if not self.text[before.start : before.end].rstrip().endswith(":"):
            return None
        if voice := self.last_cue(before, before.start, before.end, "quotation_announced"):
            return voice
        span = self.sentence_subject(before)
        return Voice(self.resolve(*span, before), None, "quotation_announced") if span else None

    def sentence_subject(self, unit: Unit) -> Span | None:
        """The pronoun, name or title a sentence begins with, after adverbials."""
        if unit.ordinal not in self._subjects:
            self._subjects[unit.ordinal] = self._opening_subject(unit)
        return self._subjects[unit.ordinal]

    def _opening_subject(self, unit: Unit) -> Span | None:
        start = skip_adverbials(self.text, unit.start, unit.end)
        word = _FIRST_WORD.match(self.text, start, unit.end)
        if word and word.group().lower() in PRONOUNS:
            return word.span()
        mentions = self.cast.inside(start, min(unit.end, start + _SUBJECT_WINDOW))
        if mentions and "," not in self.text[start : mentions[0]["start_char"]]:
            span = start, mentions[0]["end_char"]
            if self.cast.named(*span).entity_id:
                return span
        return opening_name(self.text, start, unit.end)

    def resolve(self, start: int, end: int, unit: Unit) -> Speaker:
        """The speaker that the phrase [start, end) means; a pronoun means the person last spoken of."""
        surface = self.setting.document.text[start:end]
        if surface.lower() not in PRONOUNS:
            return self.cast.named(start, end)
        person = surface.lower() in ("he", "she", "his", "her", "who")
        plural = surface.lower() in ("they", "their", "we", "i")
        antecedent = None if plural else self._antecedent(start, unit, person)
        return Speaker(start, end, surface, antecedent.entity_id if antecedent else None, True, person)

    def _antecedent(self, start: int, unit: Unit, person: bool) -> Speaker | None:
        """Whom a pronoun means: the nearest subject or speaker of the right kind in the sentences before."""
        for index in range(unit.ordinal, max(-1, unit.ordinal - _UNITS_BACK), -1):
            if self._has_unheard and index != unit.ordinal:
                self._hear()
            candidates = [self.spoke.get(index)] if index != unit.ordinal else []
            if index == unit.ordinal and self.text[max(0, start - 2) : start].startswith(","):
                continue  # "the kiln is cold, he said": what is said has a subject of its own
            span = self.sentence_subject(self.setting.unit(index))
            if span and span[1] <= start and self.text[span[0] : span[1]].lower() not in PRONOUNS:
                candidates.append(self.cast.named(*span))
            for candidate in candidates:
                if candidate and candidate.is_person == person and (candidate.entity_id or not candidate.is_pronoun):
                    return candidate
        if self._has_unheard:
            self._hear()
        if person:
            return self.person
        return self.last if self.last and not self.last.is_person else None
