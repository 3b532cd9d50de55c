"""What words that point back mean: `he`, `they`, `the agency`, `the statement`."""

from __future__ import annotations

import re
from dataclasses import replace

from assets.extracted.attributions.naming import Voiced
from assets.extracted.attributions.sources import Classifier, Source
from assets.extracted.document import Document
from assets.extracted.quotations.people import Cast
from assets.extracted.quotations.phrases import skip_adverbials

_SUBJECT_WINDOW = 90
_SENTENCES_BACK = 5
_RECORD_BACK = 3
_MEDIUM_NOUN = re.compile(r"\b(?:the|this|that)\s+(?:news\s+)?(\w+)", re.IGNORECASE)
_SPEAKING = ("anonymous_source", "official", "expert")


class Memory:
    """Remembers who spoke in a document: the last person, the last thing, the last record, whoever was last."""

    person: Voiced | None = None
    thing: Voiced | None = None
    record: Source | None = None
    last: Source | None = None

    def __init__(self, document: Document, text: str, cast: Cast, sources: Classifier) -> None:
        """Start with nobody having spoken; `text` is the document's without quoted words."""
        self.document = document
        self.text = text
        self.cast = cast
        self.sources = sources

    def meant(self, voiced: Voiced, base: Source, medium: Source, section: Source | None) -> Source | None:
        """The source that a pronoun, `the agency` or `the article` means, `base`, `medium` and `section` speaking."""
        sort = voiced.source.entity_id
        if sort == "person":
            return self._person_meant(voiced.start)
        if sort == "source":  # "the planner": an anonymous source, described anew
            return self.person.source if self.person and self.person.source.kind == "anonymous_source" else None
        if sort == "they":
            is_one = self.last is not None and self.last.is_person and self.last.entity_id is not None
            return self._thing() if is_one else self.last
        if sort == "medium":
            return self._medium_meant(voiced, medium)
        if sort == "thing":
            return self._thing()
        if sort == "piece":
            return section or self.record or voiced.source.otherwise
        return self._record_meant(voiced, base) or voiced.source.otherwise

    def _medium_meant(self, voiced: Voiced, medium: Source) -> Source | None:
        """What `the agency` or `the paper` means: the body called so that spoke last, else who passes things on."""
        latest, noun = self._thing(), _MEDIUM_NOUN.search(self.text, voiced.start, voiced.end)
        if latest and not latest.is_medium and noun and noun[1].lower() in self._thing_words():
            return latest
        known = medium if medium.is_medium and medium.outlets else None
        otherwise = voiced.source.otherwise if noun and noun[1].lower() != "agency" else None
        return known or latest or otherwise

    def _record_meant(self, voiced: Voiced, base: Source) -> Source | None:
        """What `the report` or `the statement` means: what was written before, or a paper of who spoke just before."""
        if base.kind == "anonymous_source":
            return base
        maker = self._thing(voiced)
        if maker is None or maker.is_medium or maker.is_record:
            return self.record
        return replace(maker, kind="document", is_record=True)

    def _thing(self, again: Voiced | None = None) -> Source | None:
        """The body, medium or record that spoke last; only if in one of the sentences before the place `again`."""
        if self.thing is None:
            return None
        if again and self._ordinal(self.thing.start) < self._ordinal(again.start) - _RECORD_BACK:
            return None
        return self.thing.source

    def _thing_words(self) -> list[str]:
        """The words by which the thing that spoke last was called."""
        return self.text[self.thing.start : self.thing.end].lower().split() if self.thing else []

    def _ordinal(self, at: int) -> int:
        sentence = self.document.sentence_at(at)
        return sentence.ordinal if sentence else 0

    def _person_meant(self, at: int) -> Source | None:
        """The person who spoke last, or the one a later sentence is about."""
        spoke = self.person.start if self.person else -1
        first = self._ordinal(at)
        for sentence in reversed(self.document.sentences[max(0, first - _SENTENCES_BACK) : first + 1]):
            if sentence.start <= spoke:
                break
            if sentence.ordinal == first and self.text[max(0, at - 2) : at].startswith(","):
                continue  # "the kiln is warm, he said": what is said has a subject of its own
            start = skip_adverbials(self.text, sentence.start, sentence.end)
            for mention in self.cast.inside(start, min(at, start + _SUBJECT_WINDOW))[:1]:
                if mention["entity_kind"] == "person":
                    source = self.sources.classify(start, mention["end_char"])
                    source = source or self.sources.classify(mention["start_char"], mention["end_char"])
                    if source:
                        return source
        return self.person.source if self.person else None

    def remember(self, voiced: Voiced) -> None:
        """Keep who spoke for the words that point back later."""
        source = voiced.source
        if source.kind == "own":
            return
        self.last = source
        is_unnamed = source.entity_id is None
        if source.is_person or (is_unnamed and source.kind in (*_SPEAKING, "foreign_government")):
            self.person = voiced  # "a South Korean official"; "South Korea's agency" is a thing as well
        is_somebody = source.is_person or (is_unnamed and source.kind in _SPEAKING)
        if not is_somebody and (source.entity_id not in self.sources.known.countries or self.record is None):
            self.thing = voiced
        if source.is_record or source.is_medium:
            self.record = source
