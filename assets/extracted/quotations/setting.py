"""The setting of a quotation: the sentences around it with all quoted words blanked out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from assets.extracted.document import Document, Sentence
from assets.extracted.quotations.kinds import words
from assets.extracted.quotations.marks import Marked
from assets.extracted.quotations.verbs import Verb, verbs_of_saying

BLANK = "\x01"
_FEWEST_WORDS = 2

Unit = Sentence
"""A sentence, or several that share a quotation taken as one and numbered anew: no quotation crosses its borders."""


class Setting:
    """A document's text with its marked passages blanked out (same offsets), cut into units.

    `outside` is the text with the characters between quotation marks replaced, so that no pattern finds them, and
    plain spaces for no-break spaces; `all_verbs` are the verbs of saying in it, in order.
    """

    def __init__(self, document: Document, passages: Sequence[Marked]) -> None:
        """Blank out the passages and find the verbs around them."""
        self.document = document
        self.passages = passages
        self.outside = (self._blanked() if passages else document.text).replace("\u00a0", " ")
        self.all_verbs = verbs_of_saying(self.outside)

    def _blanked(self) -> str:
        text, pieces, position = self.document.text, [], 0
        for passage in self.passages:
            pieces.append(text[position : passage.inner_start])
            pieces.append(BLANK * (passage.inner_end - passage.inner_start))
            position = passage.inner_end
        return "".join([*pieces, text[position:]])

    def unit(self, number: int) -> Unit:
        """The unit with a number."""
        return self._units[0][number] if self.passages else self.document.sentences[number]

    def unit_at(self, offset: int) -> Unit | None:
        """The unit that holds `offset`, else the one before it; None if there is none."""
        if not self.passages:
            return self.document.sentence_at(offset)
        units, starts = self._units
        index = bisect_right(starts, offset) - 1
        return units[index] if index >= 0 else None

    def unit_of(self, passage: Marked) -> Unit | None:
        """The unit in which a passage of several words stands."""
        is_long = len(words(self.document.text[passage.inner_start : passage.inner_end])) >= _FEWEST_WORDS
        return self.unit_at(passage.start) if is_long else None

    @cached_property
    def _units(self) -> tuple[list[Unit], list[int]]:
        """The sentences, those that share a quotation taken together, and where each begins."""
        units: list[Unit] = []
        passages = iter(self.passages)
        passage = next(passages, None)
        first: Sentence | None = None
        for sentence in self.document.sentences:
            first = first or sentence
            while passage is not None and passage.end <= sentence.end:
                passage = next(passages, None)
            if passage is None or passage.start >= sentence.end:
                units.append(_together(first, sentence, len(units)))
                first = None
        if first is not None:
            units.append(_together(first, self.document.sentences[-1], len(units)))
        return units, [u.start for u in units]

    def verbs(self, start: int, end: int) -> Sequence[Verb]:
        """The verbs of saying that lie in [start, end) outside quotation marks."""
        first = bisect_left(self.all_verbs, (start,))
        found = self.all_verbs[first : bisect_left(self.all_verbs, (end,), first)]
        return found if not found or found[-1].end <= end else found[:-1]


def _together(first: Sentence, last: Sentence, number: int) -> Unit:
    """The unit of the sentences from one to another."""
    return first if first is last and first.ordinal == number else first._replace(ordinal=number, end=last.end)
