"""The setting of a quotation: the sentences around it with all quoted words blanked out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from assets.extracted.document import Document
from assets.extracted.quotations.marks import Marked
from assets.extracted.quotations.phrases import Verb, verbs_of_saying

BLANK = "\x01"


class Unit(NamedTuple):
    """One or more sentences that no quotation crosses the borders of."""

    number: int
    start: int
    end: int
    paragraph: int


class Setting:
    """A document's text with its marked passages blanked out (same offsets), cut into units.

    `outside` is the text with the characters between quotation marks replaced, so that no pattern finds them, and
    plain spaces for no-break spaces; `all_verbs` are the verbs of saying in it, in order.
    """

    def __init__(self, document: Document, passages: Sequence[Marked]) -> None:
        """Blank out the passages and find the verbs around them."""
        self.document = document
        self.passages = passages
        self.outside = self._blanked()
        self.all_verbs = verbs_of_saying(self.outside)
        self._verb_starts = [at for _, at, _ in self.all_verbs]

    def _blanked(self) -> str:
        text, pieces, position = self.document.text, [], 0
        if not self.passages:
            return text.replace("\u00a0", " ")
        for passage in self.passages:
            pieces.append(text[position : passage.inner_start])
            pieces.append(BLANK * (passage.inner_end - passage.inner_start))
            position = passage.inner_end
        return "".join([*pieces, text[position:]]).replace("\u00a0", " ")

    @cached_property
    def units(self) -> list[Unit]:
        """The sentences, those that share a quotation taken together."""
        units: list[Unit] = []
        passages = iter(self.passages)
        passage = next(passages, None)
        start = paragraph = None
        for sentence in self.document.sentences:
            if start is None:
                start, paragraph = sentence.start, sentence.paragraph
            while passage is not None and passage.end <= sentence.end:
                passage = next(passages, None)
            if passage is not None and passage.start < sentence.end:
                continue
            units.append(Unit(len(units), start, sentence.end, paragraph or 0))
            start = None
        if start is not None:
            units.append(Unit(len(units), start, self.document.sentences[-1].end, paragraph or 0))
        return units

    def verbs(self, start: int, end: int) -> Sequence[Verb]:
        """The verbs of saying that lie in [start, end) outside quotation marks, with their spans."""
        first = bisect_left(self._verb_starts, start)
        found = self.all_verbs[first : bisect_left(self._verb_starts, end, first)]
        return found if not found or found[-1][2] <= end else found[:-1]

    @cached_property
    def _starts(self) -> list[int]:
        return [u.start for u in self.units]

    def unit_at(self, offset: int) -> Unit | None:
        """The unit that holds `offset`, else the one before it; None if there is none."""
        index = bisect_right(self._starts, offset) - 1
        return self.units[index] if index >= 0 else None
