"""The places in a text that name a source: verbs of saying with their subjects, phrases, the top of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from assets.extracted.attributions.offices import by_use
from assets.extracted.attributions.sources import Classifier, Source, outlet_source, pointing_back, told
from assets.extracted.attributions.wording import Wording, of_text, vouching
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.quotations.people import PRONOUNS, Cast, Span
from assets.extracted.quotations.phrases import (
    cue,
    ended,
    opening_name,
    phrase,
    skip_adverbials,
    subject_before,
)
from assets.extracted.quotations.setting import Setting
from assets.extracted.quotations.verbs import Verb, verb_at
from assets.extracted.rules import Rule
from warehouse.reference import Reference

_HEAD = 1200
_SLACK = 5
_LONGEST_APPOSITION = 120
_TOLD_WITHIN = 60
_BEFORE_WITHIN = 90
_NEAR = 40
_COMPLEMENT_WITHIN = 80
_AFTER_WITHIN = 90
_RELATIVE = re.compile(r"\b(?:who|whom|which)\s+(?:[\w-]+\s+){0,2}$")
_OPENING_PRONOUN = re.compile(r"(?:He|She|They|It|he|she|they|it)\b")
_GLUED = re.compile(r"[a-z]+(?![\w-])")
_SOMEBODY = re.compile(r"(?:the|this|that)(?:\s+[a-z][\w-]*){1,2}", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:[Ii]f|[Ww]hether|[Uu]nless)$")
_SUPPOSED_WITHIN = 9
_SETS_OFF = ("”", '"', ",", "»")
_TOLD_OF = re.compile(r"\bthat\b[^,;:]*$")
_REPORTED = re.compile(r"\bthat\s+$")
_MEANING = {"it": "thing", "its": "thing", "they": "they", "their": "they"}


class Voiced(NamedTuple):
    """A place in a text that names a source: a row's span, the source, the rule.

    `only` are the kinds a source that points back must turn out to have, `record` says that it must be one; `cites`
    says that the source is cited by another one of the sentence.
    """

    start: int
    end: int
    source: Source
    rule: str
    only: tuple[str, ...] = ()
    record: bool = False
    cites: bool = False


class Namer:
    """Finds the places of one document that name a source."""

    def __init__(self, document: Document, setting: Setting, cast: Cast, classifier: Classifier, outside: bool) -> None:
        """`outside` says that the page is not the state's own: there authors speak, and countries are sources."""
        self.document = document
        self.setting = setting
        self.cast = cast
        self.text = setting.outside
        self.sources = classifier
        self.outside = outside
        self.known = classifier.known

    def named(self) -> list[Voiced]:
        """Every place in the text that names a source."""
        return [*self._said(), *self._by_words(), *self._outlets_records(), *self._run_together()]

    def _run_together(self) -> Iterator[Voiced]:
        """`Kim Jong Unsaid`: pages that set names as links lose the spaces around them."""
        for mention in self.cast.mentions:
            end = mention["end_char"]
            if mention["entity_kind"] != "person" or not self.text[end : end + 1].islower():
                continue
            word = _GLUED.match(self.text, end)
            if word and self._vouches(word, mention["start_char"]):
                source = self.sources.classify(mention["start_char"], mention["end_char"])
                if source:
                    yield Voiced(mention["start_char"], word.end(), source, "attribution_said")

    def _vouches(self, word: re.Match[str], start: int) -> bool:
        """Whether a word run into the name that begins at `start` says what follows, and nobody says it of the name."""
        if word.group() not in vouching():
            return False
        follows, sentence = vouching()[word.group()], self.document.sentence_at(start)
        if follows and not follows.match(self.text[word.end() : word.end() + _COMPLEMENT_WITHIN]):
            return False
        return sentence is not None and not _TOLD_OF.search(self.text[sentence.start : start])

    def _outlets_records(self) -> Iterator[Voiced]:
        """`a second KCNA report …`, whatever it does, and `Nikkei:` before words of theirs."""
        for mention in self.cast.mentions if self.outside else ():
            if mention["entity_kind"] != "outlet" or mention["entity_id"] not in self.known.outlets:
                continue
            for rule in by_use("outlets_record"):
                if match := rule.pattern.match(self.text, mention["end_char"]):
                    source = replace(outlet_source(self.sources.reference, mention["entity_id"]), is_record=True)
                    end = match.start() + len(match.group().rstrip(": \t\n"))
                    yield Voiced(mention["start_char"], end, source, f"attribution_{rule.name}")
                    break

    def _said(self) -> Iterator[Voiced]:
        """Verbs of saying with their subjects."""
        told_in = -1
        vouch = vouching()
        for verb in self.setting.all_verbs:
            word, at = verb.word, verb.start
            if word not in vouch or not verb.is_said or not self._is_complete(verb, vouch[word]):
                continue
            sentence = self.document.sentence_at(at)
            if sentence is None:
                continue
            is_participle = word.endswith("ing")
            if is_participle and (told_in == sentence.ordinal or not self._stands_apart(at, sentence)):
                continue  # "he said, adding": one source; "when reporting on the visit": none
            span = self._subject(is_participle, at, sentence)
            if span is None or at - span[1] > _LONGEST_APPOSITION or (source := self._source(*span)) is None:
                continue
            told_in = sentence.ordinal
            end = verb.end
            if word[0] == "t":
                end, source = self._told(end, sentence, source)
            start = at if is_participle and at - span[1] > _NEAR else min(span[0], at)
            yield Voiced(start, max(end, span[1]), source, "attribution_said")

    def _is_complete(self, verb: Verb, follows: re.Pattern[str] | None) -> bool:
        """Whether after a verb with other uses stands what must where it vouches."""
        return follows is None or follows.match(self.text[verb.end : verb.end + _COMPLEMENT_WITHIN]) is not None

    def _stands_apart(self, at: int, sentence: Sentence) -> bool:
        """Whether a participle follows a comma or begins its sentence."""
        before = self.text[sentence.start : at].rstrip()
        return not before or before.endswith(",") or before.endswith(", while")

    def _subject(self, is_participle: bool, at: int, sentence: Sentence) -> Span | None:
        """Whose saying it is; a participle's subject is its sentence's, a relative clause names nobody new."""
        before = self.text[max(sentence.start, at - _NEAR) : at]
        if "wh" in before and _RELATIVE.search(before):
            return None
        if is_participle:
            start = skip_adverbials(self.text, sentence.start, at)
            pronoun = _OPENING_PRONOUN.match(self.text, start, at)
            return pronoun.span() if pronoun else opening_name(self.text, start, at)
        inverted = self._inverted(at, sentence) if before.rstrip()[-1:] in _SETS_OFF else None
        return inverted or subject_before(self.text, sentence.start, at)

    def _inverted(self, at: int, sentence: Sentence) -> Span | None:
        """`…, said Ri.` after a comma or a quotation, with nothing more to come than who Ri is."""
        match = cue("verb_then_subject").pattern.match(self.text[at : sentence.end])
        if match is None or match["cue"].startswith("t"):
            return None
        start, end = ended(self.text, at + match.start("subject"), at + match.end("subject"))
        if phrase("verb_in_phrase").search(self.text[start:end]):
            return None  # "Ri, manager of the mine, said the work is done"
        after = self.text[end : min(sentence.end, end + _AFTER_WITHIN)]
        return (start, end) if phrase("after_inverted").match(after) else None

    def _source(self, start: int, end: int, default: str | None = None) -> Source | None:
        before = self.text[max(0, start - _SUPPOSED_WITHIN) : start].rstrip()
        if before.endswith(("f", "r", "s")) and _SUPPOSED.search(before):
            return None
        surface = self.text[start:end].lower()
        if surface in PRONOUNS:
            if surface in ("i", "we", "which"):
                return None
            return pointing_back(_MEANING.get(surface, "person"))
        source = self.sources.classify(start, end, default)
        if source is None and self.outside:
            if self.sources.is_person(start, end):
                return Source("own")  # somebody of whom nothing is known: at least nobody else says it
            if _SOMEBODY.fullmatch(self.text, start, end):
                return pointing_back("source")
        if source and not self.outside and source.entity_id in self.known.countries:
            return None
        return source

    def _told(self, stop: int, sentence: Sentence, source: Source) -> tuple[int, Source]:
        """`… told <outlet>`: the outlet passes the words on."""
        if source.outlets or source.kind == "again":
            return stop, source
        for mention in self.cast.inside(stop, min(sentence.end, stop + _TOLD_WITHIN)):
            if mention["entity_id"] in self.known.outlets:
                return mention["end_char"], told(source, mention["entity_id"])
        return stop, source

    def _by_words(self) -> Iterator[Voiced]:
        """The rules of the text, each tried where one of its words stands."""
        text, (needs, wordings) = self.text, of_text(self.outside)
        for index, places in needs.tried(text):
            wording = wordings[index]
            for at in places or ():
                if at and text[at - 1] in "-’'_":
                    continue
                match = wording.rule.pattern.match(text, at)
                if match and (voiced := self._by_wording(wording, match)):
                    yield voiced

    def _is_led_up_to(self, wording: Wording, at: int) -> bool:
        """Whether what a rule asks for stands before its words."""
        start = max(0, at - _BEFORE_WITHIN)
        if wording.before_words is None:
            return wording.before is None or wording.before.search(self.text[start:at]) is not None
        if wording.before_words.met_by(self.text[start:at].lower()):
            return True
        return wording.after_outlet and "outlet" in [m["entity_kind"] for m in self.cast.inside(start, at)]

    def _by_wording(self, wording: Wording, match: re.Match[str]) -> Voiced | None:
        rule, name, at = wording.rule, f"attribution_{wording.rule.name}", match.start()
        if wording.use == "verb":
            verb = verb_at(self.text, match.group().split()[0], at)
            return self._by_verb(rule, verb, name) if verb.is_said and self._is_led_up_to(wording, at) else None
        if not self._is_led_up_to(wording, at):
            return None
        if wording.use == "phrase":
            return self._by_phrase(rule, match, name)
        if _REPORTED.search(self.text[max(0, match.start() - 20) : match.start()]):
            return None
        return Voiced(match.start(), match.end(), Source("own"), name)

    def _by_phrase(self, rule: Rule, match: re.Match[str], name: str) -> Voiced | None:
        """A phrase that names a source without a verb of saying."""
        start, end = match.span("source")
        kind = rule.options.get("kind")
        if start == end:
            return Voiced(match.start(), match.end(), Source(kind or "document", is_anonymous=True), name)
        start, end = ended(self.text, start, end)
        if verb := phrase("verb_in_phrase").search(self.text[start:end]):
            end = start + verb.start()
        source = self._source(start, end, kind)
        only = tuple(rule.options.get("only", ()))
        if source is None or (only and source.kind not in (*only, "again")):
            return None
        if rule.options.get("cites") and source.entity_id in self.known.countries:
            return None
        end = max(end, match.start("source"))
        return Voiced(match.start(), end, source, name, only, cites=bool(rule.options.get("cites")))

    def _by_verb(self, rule: Rule, verb: Verb, name: str) -> Voiced | None:
        """A verb that only with some subjects vouches for something ("the data show", "the daily prints")."""
        at = verb.start
        sentence = self.document.sentence_at(at)
        span = subject_before(self.text, sentence.start, at) if sentence else None
        source = self._source(*span) if span else None
        if span is None or source is None:
            return None
        only = tuple(rule.options.get("only", ()))
        if source.is_record and span[1] < at - 1:  # "figures released on Friday by the customs": all of it
            source = self._source(span[0], len(self.text[:at].rstrip())) or source
        record = bool(rule.options.get("record"))
        if source.kind == "again":
            if source.entity_id in ("person", "they"):
                return None
        elif (only and source.kind not in only) or not self._fits(rule, source):
            return None
        return Voiced(span[0], max(verb.end, span[1]), source, name, only, record)

    def _fits(self, rule: Rule, source: Source) -> bool:
        """Whether the subject is a record, or a body outside, where the rule asks for one."""
        if rule.options.get("record"):
            return source.is_record
        if not rule.options.get("body"):
            return True
        known = source.kind != "official" or source.entity_id in self.known.organizations
        return known and not source.speaks_for_state


def _lines_matching(pattern: re.Pattern[str], text: str, last: int) -> Iterator[re.Match[str]]:
    """The matches of a pattern for the beginning of a line, in lines at the top that begin no later than `last`."""
    at = 0
    while at <= last:
        match = pattern.match(text, at, _HEAD)
        if match:
            yield match
        at = text.find("\n", max(match.end() - 1, at) if match else at, _HEAD) + 1
        if not at:
            return


def relay(
    document: Document, reference: Reference, known: Mapping[str, Row], cast: Cast
) -> tuple[tuple[str, ...], list[Voiced]]:
    """The outlets from the one whose article this is to the page, and the place that names the first."""
    page = [o for o in (document.reposted_from_outlet_id, document.outlet_id) if o]
    named = [m["start_char"] for m in cast.inside(0, _HEAD) if m["entity_id"] in known]
    for rule in by_use("relay") if named else ():
        for match in _lines_matching(rule.pattern, document.text, named[-1]):
            for mention in cast.inside(*match.span("source")):
                outlet = mention["entity_id"]
                if outlet not in known or mention["start_char"] - match.start("source") >= _SLACK:
                    continue
                if page[:1] == [outlet] and (rule.options.get("usual") or len(page) == 1):
                    return tuple(page), []
                page = [outlet, *(o for o in page if o != outlet)]
                source = outlet_source(reference, outlet)
                return tuple(page), [Voiced(match.start(), mention["end_char"], source, f"attribution_{rule.name}")]
    return tuple(page), []
