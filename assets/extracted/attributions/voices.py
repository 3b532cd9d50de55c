"""Whose voice each sentence of a document speaks in: taken on where a source is named, kept until it changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assets.extracted.attributions.memory import Memory
from assets.extracted.attributions.naming import Namer, Voiced, relay
from assets.extracted.attributions.offices import directory
from assets.extracted.attributions.sources import Classifier, Source, outlet_source, own_voice
from assets.extracted.document import Document, Found, Row, Sentence
from assets.extracted.quotations.marks import Marked
from assets.extracted.quotations.people import PRONOUNS, cast_of
from assets.extracted.quotations.setting import Setting
from warehouse.reference import Reference

_FEWEST_WORDS = 4
_ENDS = tuple(".!:,;…-")
_LONGEST_HEADING = 14
_SPEAKER_NEAR = 400
_COLON_WITHIN = 60
_GOES_ON = re.compile(r"[^:]*:\s*(?=[^a-z\s]|\s*$)")
_DIGIT = re.compile(r"\d")
_AMOUNT = re.compile(
    r"[$€¥£]\s?\d|-point-|\d[\d.,]*\s*"
    r"(?:%|(?:percent|per cent|tons?|tonnes|[mb]illion|trillion|hectares|dollars|won|yuan)\b)"
)
_OWN_VOICE = "attribution_own_voice"
_APART = ("expert", "document", "foreign_government")
_FIGURES = ("attribution_data_shows", "attribution_body_estimates", "attribution_put_by")
_INSIDE = "inside_source_network"
_NEWS = ("wire", "newspaper", "broadcaster", "aggregator")
"""The kinds of outlets whose reports retell what others reported, paragraph after paragraph."""


def is_asserting(text: str) -> bool:
    """Whether a sentence is no heading, question or fragment."""
    if text[-1:] not in _ENDS:
        text = text.rstrip(" \n”\"’')")
    return text[-1:] in _ENDS and text.count(" ") + 1 >= _FEWEST_WORDS and not text.isupper()


def is_heading(text: str) -> bool:
    """Whether words that assert nothing head what follows."""
    text = text.strip()
    return text[-1:] not in '.!?:,;…-”"' and text.count(" ") < _LONGEST_HEADING


class Reader:
    """Reads a document's sentences in order and keeps the voice that speaks.

    `kind` is that of the outlet whose article this is; `retells` says whether such pages report what others reported.
    `base` speaks where nobody is named; `medium` is who passes on what others say; `held` speaks after a colon;
    `section` is the outlet whose pieces a section sums up; `figures` are statistics or an estimate, whose further
    numbers follow, in news also in later paragraphs; `by_author` says that the author has taken the word back for
    the paragraph. `named` are the places not yet read, the next one last.
    """

    held: Source | None = None
    figures: Source | None = None
    section: Source | None = None
    paragraph: int | None = None
    said_here: Sequence[Source] = ()
    held_over = by_author = over_border = False

    def __init__(self, document: Document, reference: Reference, found: Found) -> None:
        """Find out whose page it is, and the places that name a source."""
        self.document = document
        self.reference = reference
        self.known = directory(reference)
        self.cast = cast_of(document, reference, found.get("entity_mentions", ()))
        self.quoted = [r for r in found.get("quotations", ()) if r["kind"] == "direct"]
        setting = Setting(document, [_passage(r) for r in self.quoted])
        self.text = setting.outside
        self.relay, top = relay(document, reference, self.known.outlets, self.cast)
        first = self.known.outlets.get(self.relay[0]) if self.relay else None
        self.kind = first["kind"] if first else None
        self.retells = self.kind is None or self.kind in _NEWS
        self.own = own_voice(reference, self.relay[0]) if first else Source("document", None, self.relay)
        self.sources = Classifier(document, reference, self.known, self.cast)
        namer = Namer(document, setting, self.cast, self.sources, outside=not self.own.speaks_for_state)
        self.named = sorted([*top, *namer.named()], key=_place)[::-1]
        self.base = self.medium = self.own
        self.memory = Memory(document, self.text, self.cast, self.sources)
        self._latest = self.own, self._columns_of(self.own)

    def read(self) -> list[Row]:
        """The rows of all sentences."""
        rows: list[Row] = []
        text, (_, columns) = self.document.text, self._latest
        named = [m for m in self.cast.mentions if m["entity_id"] in self.known.outlets]
        others = [m["start_char"] for m in named if m["entity_id"] not in self.relay]
        undisturbed = others[0] if others else len(text)
        plain = self._plain_until(undisturbed)
        for sentence in self.document.sentences:
            words = text[sentence.start : sentence.end]
            if sentence.end > plain:
                rows += self._read(sentence, words)
                plain = self._plain_until(undisturbed)
            elif is_asserting(words):
                rows.append({"start_char": sentence.start, "end_char": sentence.end, "rule": _OWN_VOICE, **columns})
        return rows

    def _plain_until(self, undisturbed: int) -> int:
        """Up to where the page speaks itself for certain: nobody is named or quoted, and no outlet heads a section."""
        if self.quoted or self.held or self.figures or self.section:
            return 0
        if self.base is not self.own or self.medium is not self.own:
            return 0
        return min(undisturbed, self.named[-1].start) if self.named else undisturbed

    def _read(self, sentence: Sentence, text: str) -> list[Row]:
        """The rows of a sentence, which may also move the voice on."""
        if sentence.paragraph != self.paragraph:
            self._begin_paragraph(sentence.paragraph)
        if is_asserting(text):
            return self._rows(sentence)
        if text.rstrip().endswith(":"):
            self._rows(sentence)  # too short to assert, but it may say who speaks next
        elif is_heading(text):
            self._begin_section(sentence)
        return []

    def _begin_section(self, heading: Sentence) -> None:
        """A heading gives the word back to the page, or to the outlet it names.

        A report that rests on a source inside goes on.
        """
        self.held, self.held_over, self.section = None, False, None
        if self.base.kind != "anonymous_source" or not self._carries(self.base):
            self.base = self.medium = self.own
        for mention in self.cast.inside(heading.start, heading.end):
            is_all = mention["end_char"] - mention["start_char"] >= len(self.text[heading.start : heading.end].strip())
            outlet = mention["entity_id"]
            if is_all and outlet in self.known.outlets and outlet not in self.relay:
                self.section = self.base = self.medium = outlet_source(self.reference, outlet)

    def _begin_paragraph(self, paragraph: int) -> None:
        """A new paragraph gives the word back to the page, unless the report goes on."""
        self.paragraph = paragraph
        self.by_author = False
        self.over_border = self.retells
        if not self.over_border:
            self.figures = None
        if not self.held_over:
            self.held = None
        if self.section:
            self.base = self.medium = self.section
        elif self.base is not self.own and not self._carries(self.base):
            self.base = self.own

    def _carries(self, voice: Source) -> bool:
        """Whether pages of this sort go on with a voice over paragraphs.

        News of others' reports does, and so do reports that rest on a source inside; analysis speaks for itself.
        """
        if voice.kind != "anonymous_source":
            return self.retells
        known = self.known.outlets
        inside = any(known[o]["kind"] == _INSIDE for o in voice.outlets if o in known)
        return self.kind in (None, _INSIDE) or (inside and self.retells)

    def _inherited(self, sentence: Sentence) -> Row:
        """The row of a sentence that names nobody: it goes on in the voice that speaks."""
        if self.held and self._is_about(self.held, sentence):
            self.held, self.held_over = None, False
        voice = (self._quoting(sentence) if self.quoted else None) or self.held
        if voice is None and self.figures is not None:
            voice = self._counting(sentence)
        voice = voice or (self.own if self.by_author else self.base)
        is_own = voice is self.own or voice == self.own
        return self._row(sentence.start, sentence.end, voice, _OWN_VOICE if is_own else "attribution_inherited")

    def _rows(self, sentence: Sentence) -> list[Row]:
        """The rows of a sentence; it moves the voice on."""
        named = self._in(sentence) if self.named and self.named[-1].start < sentence.end else None
        if not named:
            return [self._inherited(sentence)]
        rows: list[Row] = []
        self.said_here = [v.source for v in named]
        self.figures = None
        seen: list[Source] = []
        for voiced in self._through_media(named):
            voice = self._move(voiced.source)
            self._hold(voice, voiced.end, sentence)
            if voice.kind in _APART and self._is_counted(voiced, voice, sentence):
                self.figures, self.over_border = voice, False
            if voice not in seen:
                rows.append(self._row(voiced.start, voiced.end, voice, voiced.rule))
                seen.append(voice)
        return rows

    def _is_about(self, source: Source, sentence: Sentence) -> bool:
        """Whether a sentence names the person said to speak in it: then somebody else does again."""
        if not source.is_person or source.entity_id is None:
            return False
        return any(m["entity_id"] == source.entity_id for m in self.cast.inside(sentence.start, sentence.end))

    def _is_counted(self, voiced: Voiced, voice: Source, sentence: Sentence) -> bool:
        """Whether a source apart gives figures that may go on: statistics, an estimate, a body with numbers."""
        if self.own.speaks_for_state:
            return False
        body = voice.entity_id in self.known.organizations or (
            voice.kind == "foreign_government" and not voice.is_person
        )
        with_number = body and _DIGIT.search(self.text, sentence.start, sentence.end) is not None
        return voice.is_record or voiced.rule in _FIGURES or with_number

    def _through_media(self, named: list[Voiced]) -> list[Voiced]:
        """The named with the media of their sentence: whoever else speaks in it speaks through them."""
        media = [v.source for v in named if v.source.is_medium]
        if not media:
            return named
        last = next((v.source for v in reversed(named) if v.source.is_medium and not v.cites), None)
        through: list[Voiced] = []
        for voiced in named:
            source = voiced.source
            if source.is_medium and voiced.cites and last and source.outlets:
                via = tuple(o for o in last.outlets if o not in source.outlets)
                source = replace(source, outlets=(*source.outlets, *via))
                voiced = voiced._replace(source=source)
            if source.is_medium and (source.entity_id or source.speaks_for_state):
                self.base = self.medium = source
            through.append(voiced)
        return through

    def _hold(self, voice: Source, end: int, sentence: Sentence) -> None:
        """After a colon a source goes on speaking: to the paragraph's end, or beyond if the colon ends it."""
        self.held, self.held_over = None, False
        if ":" in self.text[end : sentence.end + 1][:_COLON_WITHIN] and _GOES_ON.match(self.text, end, sentence.end):
            self.held = voice
            self.held_over = self.text[end : sentence.end].rstrip().endswith(":")

    def _in(self, sentence: Sentence) -> list[Voiced]:
        """The places in a sentence that name a source; words that point back are resolved here, in reading order."""
        found: list[Voiced] = []
        while self.named and self.named[-1].start < sentence.end:
            voiced = self.named.pop()
            if voiced.source.kind == "again":
                source = self.memory.meant(voiced, self.base, self.medium, self.section)
                if source is None or (voiced.only and source.kind not in voiced.only):
                    continue
                if voiced.record and not source.is_record:
                    continue
                voiced = voiced._replace(source=source)
            self.memory.remember(voiced)
            if voiced.end > sentence.start:
                found.append(voiced)
        return found

    def _move(self, source: Source) -> Source:
        """Take on a new voice. Media and anonymous sources go on speaking, others only after a colon."""
        is_medium = source.is_medium
        if source.kind == "own" or (is_medium and source.entity_id == self.own.entity_id and self.own.entity_id):
            self.by_author = True
            self.base = self.own
            return self.own
        self.by_author = False
        if is_medium:
            if source.entity_id or source.speaks_for_state:
                self.base = self.medium = source
            return source
        voice = self._through(source)
        if source.kind == "anonymous_source" and not self.own.speaks_for_state:
            self.base = self.medium = voice
        return voice

    def _through(self, source: Source) -> Source:
        """The source with the media it came by."""
        media = source.outlets or self._passed_on(source)
        return source if media == source.outlets else replace(source, outlets=media)

    def _passed_on(self, source: Source) -> tuple[str, ...]:
        """The media a source without media of its own came by.

        What media are cited for elsewhere does not cover experts, statistics and other governments.
        """
        known = source.kind in _APART or source.entity_id in self.known.organizations
        foreign = known and not source.speaks_for_state
        apart = foreign and not self.own.speaks_for_state
        return () if apart and self.medium not in self.said_here else self.medium.outlets

    def _quoting(self, sentence: Sentence) -> Source | None:
        """The speaker of a quotation of several sentences that a sentence lies in."""
        for row in self.quoted:
            if row["start_char"] <= sentence.start and sentence.end <= row["end_char"]:
                source = self._speaker(row)
                return self._through(source) if source else None
        return None

    def _counting(self, sentence: Sentence) -> Source | None:
        """The statistics that a sentence with further numbers goes on with."""
        pattern = _AMOUNT if self.over_border else _DIGIT
        if self.figures is None or pattern.search(self.text, sentence.start, sentence.end):
            return self.figures
        if self.over_border:
            self.figures = None
        return None

    def _speaker(self, row: Row) -> Source | None:
        """The source that a quotation's speaker is."""
        surface = row["speaker_surface"]
        if not surface or surface.lower() in PRONOUNS:
            named = (m for m in reversed(self.cast.inside(0, row["start_char"])) if row["speaker_id"])
            mention = next((m for m in named if m["entity_id"] == row["speaker_id"]), None)
            return self.sources.classify(mention["start_char"], mention["end_char"]) if mention else None
        start, end = row["start_char"], row["end_char"]
        at = self.text.find(surface, end, end + _SPEAKER_NEAR)
        at = at if at >= 0 else self.text.rfind(surface, max(0, start - _SPEAKER_NEAR), start)
        source = self.sources.classify(at, at + len(surface)) if at >= 0 else None
        return None if source is None or source.kind == "again" else source

    def _row(self, start: int, end: int, source: Source, rule: str) -> Row:
        if self._latest[0] is not source:  # most sentences speak in the voice before them
            self._latest = source, self._columns_of(source)
        return {"start_char": start, "end_char": end, "rule": rule, **self._latest[1]}

    def _columns_of(self, source: Source) -> Row:
        chain = self._chain(source)
        return {
            "source_kind": source.kind,
            "source_entity_id": source.entity_id,
            "chain": chain,
            "traces_to_state_media": source.speaks_for_state or (bool(chain) and chain[0] in self.known.state_media),
            "is_anonymous": source.is_anonymous,
        }

    def _chain(self, source: Source) -> list[str]:
        """From the origin to the page: the body it is from, the media that passed it on, the page's own."""
        media = source.outlets
        if media and media[-1] in self.relay:
            chain = [*media[:-1], *self.relay[self.relay.index(media[-1]) :]]
        else:
            chain = [*[o for o in media if o not in self.relay], *self.relay]
        body = source.entity_id
        if body is None or source.is_person or source.is_medium or body in chain:
            return chain
        if source.kind == "document" or body in self.known.organizations or body in self.known.countries:
            chain.insert(0, body)
        return chain


def _place(voiced: Voiced) -> tuple[int, int]:
    return voiced.start, voiced.end


def _passage(row: Row) -> Marked:
    start, end = row["start_char"], row["end_char"]
    return Marked(start, end, start + 1, max(start + 1, end - 1))
