"""Finding the verb of saying that belongs to a quotation, and its subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assets.extracted.quotations.marks import Marked
from assets.extracted.quotations.people import NAME, PRONOUN, Cast, Speaker
from assets.extracted.quotations.setting import BLANK, Setting, Unit
from assets.extracted.rules import Rule, rules

_LOOSE = r"[a-z]+ly|also|then|later|once|even|still|again|already|never|just|first|often|now|always|only|has|have|had|was|were|is|are|be|been|did|does|do|will|would|could|may|might|can|should|must|not"
_TRAILING = re.compile(rf"(?:(?:^|\s+)(?:{_LOOSE})|[’'](?:s|ve|d|re))*\s*$")
_LEADING = re.compile(
    r"(?:\s|,|(?:and|but|or|so|yet|meanwhile|however|though|although|as|while|when|where|because|since|if|that|instead|then|also|still|later|earlier|afterwards?|moreover|in addition|[A-Z]?[a-z]+ly)\b,?)+",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    rf"[;:{BLANK}”»\"—–]|\b(?:that|but|while|when|because|if|though|although|since|whether|after|before|where|so|yet|as|how|what|why)\s|,\s+(?:and\s+)?|\band\s+(?=(?:he|she|they|it)\b)"
)
_STRONG = re.compile(
    rf"[;:{BLANK}”»\"—–]|\b(?:that|but|while|when|because|though|although|since|whether|after|before)\s"
)
_RELATIVE = re.compile(r"[,\s]+(?:who|which|that)$", re.IGNORECASE)
_END_PRONOUN = re.compile(r"(?:^|[\s“\"(,;:—–])(?P<p>he|she|they|it|i|we)$", re.IGNORECASE)
_SET_OFF = re.compile(r"[,”\"»]")
_NOUN_BEFORE = re.compile(
    r"\b(?:the|a|an|his|her|its|their|our|my|this|that|these|those|of|in|no|any|such|for|by|with|on|from|more|many|some|new)$",
    re.IGNORECASE,
)
_INVERTED_END = re.compile(
    r"[,;:?!](?:\s|$)"
    r"|(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bSen)(?<!\bRep)(?<!\bGov)(?<!\bGen)(?<!\bProf)(?<!\b[A-Z])\.(?:\s|$)"
    r"|\s(?:in|on|during|at|after|before|as|while|who|to|when|from|by|because|about|with|told|this|last|that)\s"
    r"(?=[^A-Z]|[A-Z][a-z]+day)"
)
_NOUN_PHRASE = re.compile(
    r"^(?:[A-Z“]|(?:the|a|an|one|another|some|several|many|most|two|three|both|his|her|its|their|other|no|all|state|local|government|party)\b)"
)
_INANIMATE = re.compile(r"(?:his|her|its|their|the|a|this|that)\s+(?:[\w-]+\s+)?(?:plans?|policy|policies|goals?|project|idea)$", re.I)
_ADVERBIAL = re.compile(
    r"(?:(?:In|On|At|After|During|As|While|When|If|For|By|With|From|Since|Despite|Before|Although|Though|Under|Following|According|Speaking|Asked|Of|Like|Unlike|Among|Because|To|And like|Earlier|Later|Meanwhile|However|But|And|Also|Still|Then|[A-Z][a-z]+ly)\b[^,.]{0,160},\s*)+"
)
_CONJUNCTION = re.compile(r"(?:But|And|Yet|So|Still|Meanwhile|Then|Also|Here)\s+")
_FINAL_PHRASE = re.compile(
    r"(?:(?:[Tt]he|[Aa]n?)\s+)?(?:[A-Z][\w’'.-]*\s+(?:of\s+(?:the\s+)?)?)*[A-Z][\w’'.-]*$|(?:[Tt]he|[Aa]n?|[Hh]is|[Ii]ts)(?:\s+[\w’'-]+){1,4}$"
)
_LONGEST_SUBJECT = 16
_LOWER_SUBJECT = 9


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says a quotation, by which word, found how."""

    speaker: Speaker | None
    cue: str | None
    rule: str
    distance: int = 0
    """Characters between cue and quotation."""


@cache
def cue_rule(name: str) -> Rule:
    """The rule of cues.toml called `name`."""
    return next(r for r in rules("cues") if r.name == name)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without spaces, commas and opening conjunctions at its ends."""
    if lead := _LEADING.match(text, start, end):
        start = lead.end()
    while start < end and text[start] in " \t\n,(\u00a0":
        start += 1
    while end > start and text[end - 1] in " \t\n,\u00a0":
        end -= 1
    return start, end


def subject_before(text: str, start: int, cue: int) -> tuple[int, int] | None:
    """The subject of the verb at `cue`, looked for from it back to `start`; None where it is left out."""
    trailing = _TRAILING.search(text, start, cue)
    end = trailing.start() if trailing else cue
    clause = text[start:end]
    if clause.endswith(" to"):
        return None
    if pronoun := _END_PRONOUN.search(clause):
        return start + pronoun.start("p"), start + pronoun.end("p")
    if relative := _RELATIVE.search(clause):
        return _last_phrase(text, start, start + relative.start())
    if clause.rstrip().endswith(","):
        return _before_apposition(text, start, end)
    return _nearest_phrase(text, start, end)


def _nearest_phrase(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The noun phrase that ends at `end`."""
    for boundary in _BOUNDARY.finditer(text, start, end):
        start = boundary.end()
    start, end = trimmed(text, start, end)
    return (start, end) if _plausible(text[start:end]) else None


def _last_phrase(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name or noun phrase right before a relative pronoun."""
    match = _FINAL_PHRASE.search(text, max(start, end - 90), end)
    return trimmed(text, *match.span()) if match else None


def _before_apposition(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The noun phrase that an apposition between commas explains ("Ri, manager of the mine, said")."""
    for boundary in _STRONG.finditer(text, start, end):
        start = boundary.end()
    for part in re.finditer(r"[^,]+(?:,\s(?:Jr|Sr)\.)?", text[start:end]):
        left, right = trimmed(text, start + part.start(), start + part.end())
        if _plausible(text[left:right]) and not _ADVERBIAL.match(text[left:right] + ", "):
            return left, right
    return None


def _plausible(phrase: str) -> bool:
    length = len(phrase.split())
    if _INANIMATE.match(phrase) or not 0 < length <= _LONGEST_SUBJECT:
        return False
    return _NOUN_PHRASE.match(phrase) is not None or (length <= _LOWER_SUBJECT and NAME.search(phrase) is not None)


class Finder:
    """Finds the speakers of a document's quotations, in order; remembers who spoke last."""

    def __init__(self, setting: Setting, cast: Cast) -> None:
        """Start with nobody having spoken."""
        self.setting = setting
        self.cast = cast
        self.text = setting.outside
        self.last: Speaker | None = None
        self.spoke: dict[int, Speaker] = {}

    def voice(self, passage: Marked, unit: Unit) -> Voice | None:
        """Who says `passage`: by a verb next to it, before it, after it, or by the sentences around."""
        found = (
            self._right_after(passage, unit)
            or self._before(passage, unit)
            or self._later(passage, unit)
            or self._neighbour(passage, unit)
        )
        if found and found.speaker:
            self.last = found.speaker
            self.spoke[unit.index] = found.speaker
        return found

    def _right_after(self, passage: Marked, unit: Unit) -> Voice | None:
        """`"…," Ri said` and `"…," said Ri`."""
        after = self.text[passage.end : unit.end]
        closed = after.lstrip()[:1] in (",", "—", "–")
        for name in ("verb_then_pronoun", "verb_then_subject", "subject_then_verb"):
            match = cue_rule(name).pattern.match(after)
            if match is None or not (closed or self._touches(passage)) or _NOUN_BEFORE.search(after[: match.start("cue")].rstrip()):
                continue
            span = self._after_span(name, passage.end, match)
            if span is not None:
                return Voice(self.resolve(*span, unit), match["cue"], f"quotation_{name}", match.start("cue"))
        return self._signature(passage)

    def _touches(self, passage: Marked) -> bool:
        """Whether the words between the marks end as quoted speech does."""
        return self.setting.document.text[: passage.inner_end].rstrip("'’\"” ")[-1:] in (",", ".", "?", "!", "…", "—", "-")

    def _after_span(self, name: str, offset: int, match: re.Match[str]) -> tuple[int, int] | None:
        start, end = offset + match.start("subject"), offset + match.end("subject")
        if name == "verb_then_pronoun":
            return start, end
        if name == "verb_then_subject":
            stop = _INVERTED_END.search(self.text, start, end)
            return trimmed(self.text, start, stop.start() if stop else end)
        return subject_before(self.text, start, offset + match.start("cue"))

    def _signature(self, passage: Marked) -> Voice | None:
        """`"…" — Ri Hye Jong`."""
        match = cue_rule("dash_signature").pattern.match(self.text[passage.end : passage.end + 80])
        if match is None:
            return None
        start, end = (passage.end + position for position in match.span("subject"))
        return Voice(self.cast.named(start, end), None, "quotation_dash_signature")

    def _before(self, passage: Marked, unit: Unit) -> Voice | None:
        """`Ri said: "…"`, and words quoted within what Ri is said to have said."""
        return self.last_cue(unit, unit.start, passage.start, "quotation_cue_before")

    def last_cue(self, unit: Unit, start: int, end: int, rule: str) -> Voice | None:
        """The last verb of saying in [start, end) and its subject."""
        cues = [m for m in cue_rule("speech_verb").pattern.finditer(self.text, start, end) if self._is_verb(m)]
        for index in range(len(cues) - 1, -1, -1):
            span = self._own_subject(cues[index], unit)
            if span and not (index and self.text[span[0] : span[1]].lower() in ("it", "that", "which")):
                return self._voice(span, cues[-1], unit, end, rule)
        source = self._according(unit, start, end) or self._possessor(start, end)
        if source is not None:
            return self._voice(source.span("subject"), source, unit, end, rule)
        if cues and (span := self.sentence_subject(unit)):
            return self._voice(span, cues[-1], unit, end, rule)
        return None

    def _own_subject(self, cue: re.Match[str], unit: Unit) -> tuple[int, int] | None:
        """The subject of a verb; None for participles and where it is left out."""
        return subject_before(self.text, unit.start, cue.start())

    def _voice(self, span: tuple[int, int], cue: re.Match[str], unit: Unit, end: int, rule: str) -> Voice:
        return Voice(self.resolve(*span, unit), cue["cue"], rule, end - cue.end())

    def _is_verb(self, cue: re.Match[str]) -> bool:
        """Whether a word that may be a noun ("the report", "his claims") is a verb here."""
        return not _NOUN_BEFORE.search(self.text[max(0, cue.start() - 12) : cue.start()].rstrip())

    def _according(self, unit: Unit, start: int, end: int) -> re.Match[str] | None:
        return cue_rule("according_to").pattern.search(self.text, start, min(end, unit.end))

    def _possessor(self, start: int, end: int) -> re.Match[str] | None:
        """`Ri's remarks that "…"`."""
        return next(iter([*cue_rule("speech_noun").pattern.finditer(self.text, start, end)][::-1]), None)

    def _later(self, passage: Marked, unit: Unit) -> Voice | None:
        """A verb of saying further on in the sentence (`"…" all factors, Ri said`)."""
        if source := self._according(unit, passage.end, unit.end):
            start, end = source.span("subject")
            stop = _INVERTED_END.search(self.text, start, end)
            span = trimmed(self.text, start, stop.start() if stop else end)
            return Voice(
                self.resolve(*span, unit), source["cue"], "quotation_according_to", source.start() - passage.end
            )
        for cue in cue_rule("speech_verb").pattern.finditer(self.text, passage.end, unit.end):
            between = self.text[passage.end : cue.start()]
            if self._is_verb(cue) and _SET_OFF.search(between) and (span := subject_before(self.text, passage.end, cue.start())):
                return Voice(self.resolve(*span, unit), cue["cue"], "quotation_cue_later", cue.start() - passage.end)
        return None

    def _neighbour(self, passage: Marked, unit: Unit) -> Voice | None:
        """Words that stand alone: announced before, followed by who said them, or going on with the last speaker."""
        alone = not self.text[unit.start : passage.start].strip(" \n\t\u00a0…")
        if alone and unit.index and (voice := self._announced(unit)):
            return voice
        if alone and self.last is not None:
            return Voice(self.last, None, "quotation_goes_on")
        if span := self.sentence_subject(unit):
            return Voice(self.resolve(*span, unit), None, "quotation_sentence_subject", 1000)
        return Voice(self.last, None, "quotation_last_speaker", 1000) if self.last else None

    def _announced(self, unit: Unit) -> Voice | None:
        """A sentence before that ends with a colon and says who speaks."""
        before = self.setting.units[unit.index - 1]
        if not self.text[before.start : before.end].rstrip().endswith(":"):
            return None
        if voice := self.last_cue(before, before.start, before.end, "quotation_announced"):
            return voice
        span = self.sentence_subject(before)
        return Voice(self.resolve(*span, before), None, "quotation_announced") if span else None

    def sentence_subject(self, unit: Unit) -> tuple[int, int] | None:
        """The pronoun or name a sentence begins with, after adverbials."""
        start = unit.start
        while match := _ADVERBIAL.match(self.text, start, unit.end) or _CONJUNCTION.match(self.text, start, unit.end):
            start = match.end()
        word = re.compile(r"[\w’']+").match(self.text, start, unit.end)
        if word and PRONOUN.fullmatch(word.group()):
            return word.span()
        mentions = self.cast.inside(start, min(unit.end, start + 90))
        if mentions and self.cast.named(start, mentions[0]["end_char"]).entity_id:
            return start, mentions[0]["end_char"]
        name = NAME.match(self.text, start, unit.end)
        if name is None or name.group().split()[0] in _COMMON:
            return self._title_subject(start, unit)
        return name.span()

    def _title_subject(self, start: int, unit: Unit) -> tuple[int, int] | None:
        """`The DPRK leader`, `The ministry's spokesman` at the start of a sentence."""
        match = cue_rule("title_subject").pattern.match(self.text, start, unit.end)
        return match.span("subject") if match else None

    def resolve(self, start: int, end: int, unit: Unit) -> Speaker:
        """The speaker that the phrase [start, end) means; a pronoun means the person last spoken of."""
        surface = self.setting.document.text[start:end]
        if not PRONOUN.fullmatch(surface):
            return self.cast.named(start, end)
        person = surface.lower() in ("he", "she", "his", "her", "who")
        antecedent = self._antecedent(start, unit, person)
        return Speaker(start, end, surface, antecedent.entity_id if antecedent else None, True, person)

    def _antecedent(self, start: int, unit: Unit, person: bool) -> Speaker | None:
        """Whom a pronoun means: the nearest subject or speaker of the right kind in the sentences before."""
        for index in range(unit.index, max(-1, unit.index - 8), -1):
            other = self.setting.units[index]
            candidates = [self.spoke.get(index)] if index != unit.index else []
            span = self.sentence_subject(other)
            if span and span[1] <= start and not PRONOUN.fullmatch(self.text[span[0] : span[1]]):
                candidates.append(self.cast.named(*span))
            for candidate in candidates:
                if candidate and candidate.is_person == person and (candidate.entity_id or not candidate.is_pronoun):
                    return candidate
        return self.last if self.last and self.last.is_person == person else None


_COMMON = frozenset(
    ["The", "A", "An", "This", "That", "These", "Those", "There", "Here", "It", "In", "On", "At", "If", "When", "While", "As", "For", "But", "And", "So", "No", "Not", "New", "What", "Why", "How", "Who"]
)
