"""Attributions: for every sentence that asserts something, who vouches for it, the origin first.

`extract` returns the rows of `extracted.attributions`. A source is named by a verb of saying and its subject, by a
phrase ("according to", "trade data showed") or by the top of the page ("Via …"); it holds for the sentences that
follow until the voice changes. Where nobody is named the article speaks itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from assets.extracted.attributions.sources import Classifier, Source, by_use, outlets, told
from assets.extracted.document import Document, Found, Row, Sentence
from assets.extracted.quotations.marks import Marked
from assets.extracted.quotations.people import PRONOUN, Cast
from assets.extracted.quotations.phrases import (
    Span,
    cue,
    ended,
    is_negated,
    is_passive,
    opening_name,
    skip_adverbials,
    subject_before,
    verbs,
)
from assets.extracted.quotations.setting import Setting
from assets.extracted.rules import Rule
from warehouse.reference import Reference

_HEAD = 1200
_RELATIVE = re.compile(r"\b(?:who|whom|which)\s+(?:[\w-]+\s+){0,2}$")
_OPENING_PRONOUN = re.compile(r"(?:He|She|They|It|he|she|they|it)\b")
_REPORTED = re.compile(r"\bthat\s+$")
_ACCORDING = re.compile(r"ccording", re.IGNORECASE)
_COLON_WITHIN = 60
_SLACK = 5
_LONGEST_APPOSITION = 120
_FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Voiced:
    """A place in a text that names a source: a row's span, the source, the rule."""

    start: int
    end: int
    source: Source
    rule: str


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The attributions of a document: one row per source named in a sentence, else one per asserting sentence."""
    if not document.sentences:
        return []
    reader = _Reader(document, reference, found)
    return [row for sentence in document.sentences if _asserts(document, sentence) for row in reader.rows(sentence)]


@cache
def _asserting() -> frozenset[str]:
    """The verbs of saying that vouch for what is said (not "ask", "sing", "hail")."""
    pattern = by_use("asserting")[0].pattern
    return frozenset(v for v in verbs() if pattern.search(v))


def _asserts(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence is no heading, question or fragment."""
    text = document.text[sentence.start : sentence.end].rstrip(" \n”\"’')")
    return text.count(" ") + 1 >= _FEWEST_WORDS and text[-1:] in ".!:,;…-" and not text.isupper()


@cache
def _word_finder() -> tuple[AhoCorasick, tuple[str, ...]]:
    words = sorted({w for use in ("own", "phrase", "verb") for r in by_use(use) for w in r.options["words"]})
    return AhoCorasick(words, matchkind=MatchKind.Standard), tuple(words)


def _telling_words(text: str) -> frozenset[str]:
    """The words of the rules, one of which each needs, that stand in a text in small letters."""
    automaton, words = _word_finder()
    return frozenset(
        words[index]
        for index, at, stop in automaton.find_matches_as_indexes(text, overlapping=True)
        if not (_is_small(text[at - 1 : at]) or _is_small(text[stop : stop + 1]))
    )


def _is_small(letter: str) -> bool:
    return "a" <= letter <= "z"


class _Reader:
    """Reads a document's sentences in order and keeps the voice that speaks."""

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        self.document = document
        self.reference = reference
        self.cast = Cast(document, reference, found.get("entity_mentions", ()))
        passages = [_passage(r) for r in found.get("quotations", ()) if r["kind"] == "direct"]
        self.setting = Setting(document, passages)
        self.text = self.setting.outside
        self.words = _telling_words(self.text)
        self.sources = Classifier(document, reference, self.cast)
        self.relay, top = _relay(document, reference, self.cast)
        self.own = self._own_voice()
        self.base, self.voice = self.own, self.own
        self.held = False
        self.said_here: set[Source] = set()
        self.named = sorted([*top, *self._named()], key=lambda v: (v.start, v.end))
        self.next = 0
        self.person: Source | None = None
        self.thing: Source | None = None

    def _own_voice(self) -> Source:
        """The page's own outlet, or the one it reposts."""
        known = outlets(self.reference)
        if not self.relay or self.relay[0] not in known:
            return Source("document", None, self.relay)
        official = bool(known[self.relay[0]]["is_state_media"])
        return Source("state_media" if official else "outlet", self.relay[0], (), speaks_for_state=official)

    def rows(self, sentence: Sentence) -> Iterator[Row]:
        """The rows of a sentence; it moves the voice on."""
        if not self.held:
            self.voice = self.base
        named = self._in(sentence)
        if not named:
            rule = "attribution_own_voice" if self.voice == self.own else "attribution_inherited"
            yield self._row(sentence.start, sentence.end, self.voice, rule)
            return
        seen = set()
        self.said_here = {v.source for v in named}
        for voiced in named:
            if _is_medium(voiced.source):  # whoever else speaks in the sentence speaks through it
                self.base = voiced.source
        for voiced in named:
            self._move(voiced.source)
            self.held = ":" in self.text[voiced.end : sentence.end + 1][:_COLON_WITHIN]
            if voiced.source not in seen:
                yield self._row(voiced.start, voiced.end, self.voice, voiced.rule)
            seen.add(voiced.source)

    def _in(self, sentence: Sentence) -> list[_Voiced]:
        """The places in a sentence that name a source; pronouns are resolved here, in reading order."""
        found = []
        while self.next < len(self.named) and self.named[self.next].start < sentence.end:
            voiced = self.named[self.next]
            self.next += 1
            if voiced.source.kind == "pronoun":
                known = self.thing if voiced.source.entity_id == "thing" else self.person
                if known is None:
                    continue
                voiced = replace(voiced, source=known)
            self._remember(voiced.source)
            if voiced.end > sentence.start:
                found.append(voiced)
        return found

    def _remember(self, source: Source) -> None:
        if source.is_person or source.is_anonymous:
            self.person = source
        elif source.kind != "own":
            self.thing = source

    def _move(self, source: Source) -> None:
        """Take on a new voice. Media and anonymous sources go on speaking, others only after a colon."""
        if source.kind == "own":
            self.voice = self.own
            return
        if _is_medium(source):
            self.base = self.voice = source
            return
        self.voice = replace(source, outlets=source.outlets or self._passed_on(source))
        if source.kind == "anonymous_source" and not self.own.speaks_for_state:
            self.base = self.voice

    def _passed_on(self, source: Source) -> tuple[str, ...]:
        """The media a source without media of its own came by.

        What the state's media are cited for elsewhere does not cover experts, statistics and other governments.
        """
        foreign = source.kind in ("expert", "document", "foreign_government") and not source.speaks_for_state
        apart = foreign and self.base.kind == "state_media" and not self.own.speaks_for_state
        return () if apart and self.base not in self.said_here else self.base.outlets

    def _row(self, start: int, end: int, source: Source, rule: str) -> Row:
        chain = self._chain(source)
        first = outlets(self.reference).get(chain[0]) if chain else None
        return {
            "start_char": start,
            "end_char": end,
            "rule": rule,
            "source_kind": source.kind,
            "source_entity_id": source.entity_id,
            "chain": chain,
            "traces_to_state_media": source.speaks_for_state or bool(first and first["is_state_media"]),
            "is_anonymous": source.is_anonymous,
        }

    def _chain(self, source: Source) -> list[str]:
        """From the origin to the page: the body a document is from, the media that passed it on, the page's own."""
        media = source.outlets
        if media and media[-1] in self.relay:
            chain = [*media[:-1], *self.relay[self.relay.index(media[-1]) :]]
        else:
            chain = [*(o for o in media if o not in self.relay), *self.relay]
        if source.kind == "document" and source.entity_id and source.entity_id not in chain:
            chain.insert(0, source.entity_id)
        return chain

    def _named(self) -> Iterator[_Voiced]:
        """Every place in the text that names a source."""
        yield from self._said()
        yield from self._according()
        yield from self._phrases()
        for rule in self._likely("own"):
            for match in rule.pattern.finditer(self.text):
                if not _REPORTED.search(self.text[max(0, match.start() - 20) : match.start()]):
                    yield _Voiced(match.start(), match.end(), Source("own"), f"attribution_{rule.name}")

    def _likely(self, use: str) -> Iterator[Rule]:
        """The rules of a use one of whose words the text has."""
        return (r for r in by_use(use) if not self.words.isdisjoint(r.options["words"]))

    def _said(self) -> Iterator[_Voiced]:
        """Verbs of saying with their subjects."""
        for word, at, stop in self.setting.verbs(0, len(self.text)):
            sentence = self.document.sentence_at(at) if word in _asserting() else None
            if sentence is None or is_passive(self.text, word, at) or is_negated(self.text, at):
                continue
            span = self._subject(word, at, sentence)
            if span is None or at - span[1] > _LONGEST_APPOSITION or (source := self._source(*span)) is None:
                continue
            end, source = self._told(word, stop, sentence, source)
            yield _Voiced(min(span[0], at), max(end, span[1]), source, "attribution_said")

    def _subject(self, word: str, at: int, sentence: Sentence) -> Span | None:
        """Whose saying it is; a participle's subject is its sentence's, a relative clause names nobody new."""
        if _RELATIVE.search(self.text[max(sentence.start, at - 40) : at]):
            return None
        if word.endswith("ing"):
            start = skip_adverbials(self.text, sentence.start, at)
            pronoun = _OPENING_PRONOUN.match(self.text, start, at)
            return pronoun.span() if pronoun else opening_name(self.text, start, at)
        return subject_before(self.text, sentence.start, at) or self._inverted(at, sentence)

    def _inverted(self, at: int, sentence: Sentence) -> Span | None:
        """`"…," said Ri`."""
        if self.text[:at].rstrip()[-1:] not in ("”", '"', ",", "»"):
            return None
        match = cue("verb_then_subject").pattern.match(self.text[at : sentence.end])
        if match is None or match["cue"].startswith("t"):
            return None
        start, end = match.span("subject")
        return ended(self.text, at + start, at + end)

    def _source(self, start: int, end: int, default: str | None = None) -> Source | None:
        surface = self.text[start:end].lower()
        if PRONOUN.fullmatch(surface):
            if surface in ("i", "we", "which"):
                return None
            return Source("pronoun", "thing" if surface in ("it", "they", "its", "their") else "person")
        return self.sources.classify(start, end, default)

    def _told(self, word: str, stop: int, sentence: Sentence, source: Source) -> tuple[int, Source]:
        """`… told <outlet>`: the outlet passes the words on."""
        if not word.startswith("t") or source.outlets or source.kind == "pronoun":
            return stop, source
        for mention in self.cast.inside(stop, min(sentence.end, stop + 60)):
            if mention["entity_kind"] == "outlet" and mention["entity_id"]:
                return mention["end_char"], told(source, mention["entity_id"])
        return stop, source

    def _according(self) -> Iterator[_Voiced]:
        for match in cue("according_to").pattern.finditer(self.text) if _ACCORDING.search(self.text) else ():
            start, end = ended(self.text, *match.span("subject"))
            if source := self._source(start, end):
                yield _Voiced(match.start(), end, source, "attribution_according_to")

    def _phrases(self) -> Iterator[_Voiced]:
        """Phrases that name a source without a verb of saying."""
        for rule in self._likely("phrase"):
            for match in rule.pattern.finditer(self.text):
                start, end = match.span("source")
                kind = rule.options.get("kind")
                if start == end:
                    source: Source | None = Source(kind or "document", is_anonymous=True)
                else:
                    start, end = ended(self.text, start, end)
                    source = self._source(start, end, kind)
                if source:
                    yield _Voiced(match.start(), max(end, match.start("source")), source, f"attribution_{rule.name}")
        for rule in self._likely("verb"):
            for match in rule.pattern.finditer(self.text):
                sentence = self.document.sentence_at(match.start())
                span = subject_before(self.text, sentence.start, match.start()) if sentence else None
                source = self._source(*span) if span else None
                if span and source and source.kind in rule.options.get("only", (source.kind,)):
                    yield _Voiced(span[0], match.end(), source, f"attribution_{rule.name}")


def _is_medium(source: Source) -> bool:
    """Whether a source passes on what others say."""
    return source.kind in ("state_media", "outlet") and not source.is_person


def _passage(row: Row) -> Marked:
    start, end = row["start_char"], row["end_char"]
    return Marked(start, end, start + 1, max(start + 1, end - 1))


def _relay(document: Document, reference: Reference, cast: Cast) -> tuple[tuple[str, ...], Sequence[_Voiced]]:
    """The outlets from the one whose article this is to the page, and the place that names the first."""
    page = [o for o in (document.reposted_from_outlet_id, document.outlet_id) if o]
    known = outlets(reference)
    for rule in by_use("relay"):
        for match in rule.pattern.finditer(document.text, 0, _HEAD):
            for mention in cast.inside(*match.span("source")):
                outlet = mention["entity_id"]
                if outlet in known and mention["start_char"] - match.start("source") < _SLACK:
                    if page[:1] == [outlet]:
                        return tuple(page), []
                    page = [outlet, *(o for o in page if o != outlet)]
                    official = bool(known[outlet]["is_state_media"])
                    kind = "state_media" if official else "outlet"
                    source = Source(kind, outlet, (outlet,), speaks_for_state=official)
                    return tuple(page), [
                        _Voiced(match.start(), mention["end_char"], source, f"attribution_{rule.name}")
                    ]
    return tuple(page), []
