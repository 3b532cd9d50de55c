"""The article of an HTML page as clean text, and everything else on the page as cuts of its source."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from assets.cleaned.cuts import Cut, Notice, notices_of, text_without
from assets.cleaned.html_article import article_blocks
from assets.cleaned.html_blocks import Block, blocks_of, head_end, raw_positions
from assets.cleaned.line_model import LineModel, line_model
from assets.cleaned.lines import lines_of
from assets.cleaned.patterns import NOTHING, PatternSet
from assets.cleaned.residue import Page, Residue, find_residue


class Extracted(NamedTuple):
    """The article, what was cut (raw offsets) and the words of it, the title, visible characters before and after."""

    text: str
    cuts: list[Cut]
    notices: list[Notice]
    title: str | None
    visible: int
    kept: int


class _Article(NamedTuple):
    """A page's blocks, those of its article, their joined text with the place of each in it, and its residue."""

    blocks: list[Block]
    chosen: frozenset[int]
    text: str
    places: list[tuple[int, Block]]
    residue: Residue


def article_text(page: str, patterns: PatternSet, facts: Page, model: LineModel | None = None) -> str:
    """The article of an HTML page as lines of blocks, and nothing about what was left out."""
    article = _article(page, patterns, facts, model)
    return text_without(article.text, article.residue.cuts)


def extract(page: str, patterns: PatternSet, facts: Page, model: LineModel | None = None) -> Extracted:
    """The article of an HTML page as lines of blocks, with everything visible that was left out as cuts.

    `model` judges the blocks as lines, the bundled one by default.
    """
    blocks, chosen, text, places, residue = _article(page, patterns, facts, model)
    cuts = [Cut(0, end, "markup")] if (end := len(page[: head_end(page)].rstrip())) else []
    left_out = [b for i, b in enumerate(blocks) if i not in chosen and b.text]
    kinds = [_kind(b, patterns) for b in left_out]
    cuts += [Cut(b.start, b.end, kind) for b, kind in zip(left_out, kinds, strict=True)]
    cuts += _raw_cuts(page, residue.cuts, places)
    notices = notices_of(text, residue.cuts) + [Notice(k, b.text) for k, b in zip(kinds, left_out, strict=True)]
    clean = text_without(text, residue.cuts)
    visible = sum([len(b.text) for b in blocks])
    kept_characters = sum([len(line.text) for line in lines_of(clean)])
    return Extracted(clean, _joined_cuts(page, cuts), notices, residue.title, visible, kept_characters)


def _article(page: str, patterns: PatternSet, facts: Page, model: LineModel | None) -> _Article:
    blocks = blocks_of(page)
    kept = article_blocks(page, blocks, patterns, facts.title, model or line_model())
    text, places = _joined([blocks[i] for i in kept])
    residue = find_residue(text, lines_of(text), patterns, facts)
    return _Article(blocks, frozenset(kept), text, places, residue)


def _joined(blocks: Sequence[Block]) -> tuple[str, list[tuple[int, Block]]]:
    pieces: list[str] = []
    places: list[tuple[int, Block]] = []
    length = 0
    for block in blocks:
        separator = ("\n" if block.line_break else "\n\n") if pieces else ""
        pieces.append(separator + block.text)
        places.append((length + len(separator), block))
        length += len(pieces[-1])
    return "".join(pieces), places


def _kind(block: Block, patterns: PatternSet) -> str:
    hits = patterns.covering(block.text)
    return block.element.kind if hits is NOTHING else next(hit.kind for hit in hits if hit)


def _raw_cuts(page: str, cuts: Sequence[Cut], places: Sequence[tuple[int, Block]]) -> Iterator[Cut]:
    """Cuts in the joined text as cuts in the page, one per block they touch."""
    starts = [start for start, _ in places]
    positions: dict[int, list[tuple[int, int]]] = {}
    for cut in cuts:
        for at in range(max(bisect_right(starts, cut.start) - 1, 0), bisect_left(starts, cut.end)):
            start, block = places[at]
            first, last = max(cut.start - start, 0), min(cut.end - start, len(block.text))
            if first >= last:
                continue
            if first == 0 and last == len(block.text):
                yield Cut(block.start, block.end, cut.kind)
                continue
            if at not in positions:
                positions[at] = raw_positions(page, block)
            if last <= len(positions[at]):
                yield Cut(positions[at][first][0], positions[at][last - 1][1], cut.kind)


_MARKUP_BETWEEN: Final = re.compile(r"(?:\s++|<[^>]*+>)*+")


def _joined_cuts(page: str, cuts: Sequence[Cut]) -> list[Cut]:
    """Cuts in order; neighbours of one kind are one where only white space and tags stand between them."""
    joined: list[Cut] = []
    for cut in sorted(cuts):
        last = joined[-1] if joined else None
        if last and cut.start < last.end:
            continue
        is_one = last and last.kind == cut.kind != "footnote_marker"
        if last and is_one and _MARKUP_BETWEEN.fullmatch(page, last.end, cut.start):
            joined[-1] = Cut(last.start, cut.end, cut.kind)
        else:
            joined.append(cut)
    return joined
