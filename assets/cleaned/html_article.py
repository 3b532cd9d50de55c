"""Which blocks of an HTML page are its article.

Most pages tell: an element is named for the article's body, and what stands in it (but for lists of links, captions
and boxes named for something else) is the article. Where the names tell less or nothing, three witnesses are summed:
the line model, trained on rendered pages, judges every block as a line indented as deep as the block is nested;
resiliparse says what it takes for the main content; and names, links and nesting count for what they are worth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from resiliparse.extract.html2text import extract_plain_text

from assets.cleaned.html_blocks import Block
from assets.cleaned.html_elements import ARTICLE, BODY, CONTAINERS
from assets.cleaned.line_features import Column, line_features
from assets.cleaned.line_model import LineModel
from assets.cleaned.lines import Line, folded
from assets.cleaned.patterns import PatternSet

_SHORT: Final = 24
_NEIGHBOURS: Final = 3
_JOINT: Final = 60
_HEADING: Final = re.compile(r"h[1-6]$")
# What each witness adds to the line model's weighted sum (log odds).
_BY_RESILIPARSE: Final = 1.0
_NOT_BY_RESILIPARSE: Final = -2.0
_MOSTLY_LINKS: Final = -4.0
_IN_CONTAINER: Final = 6.0
_IN_BESIDE: Final = -2.0
_LINKS_SHARE: Final = 0.6
_PROSE: Final = 80
_CONTAINER_SHARE: Final = 0.25
_RUN_SHARE: Final = 0.2
_PROSE_SHARE: Final = 0.85


def article_blocks(
    page: str, blocks: Sequence[Block], patterns: PatternSet, title: str | None, model: LineModel
) -> list[int]:
    """Indices of the article's blocks in the page's order, with its headings."""
    inner = [i for i, b in enumerate(blocks) if b.text and not b.element.outside]
    container, members = _container(blocks, inner)
    told = [i for i in members if not blocks[i].element.is_beside(container) and not _is_links(blocks[i])]
    if container == BODY or (container == ARTICLE and _is_prose([blocks[i] for i in told])):
        kept = set(told)
    else:
        kept = _judged(page, blocks, members, container, patterns, model)
    first = min(kept, default=0)
    above = (i for i in reversed(range(first)) if blocks[i].element.tag == "h1" and not blocks[i].element.outside)
    heading = next((i for i in above if _is_title(folded(blocks[i].text), title)), None)
    return _with_headings(blocks, [*([] if heading is None else [heading]), *sorted(kept)], title)


def main_content(page: str) -> str:
    """What resiliparse takes for the page's main content, as plain text."""
    found: str = extract_plain_text(page, main_content=True, alt_texts=False, links=False, list_bullets=False)
    return found


# -- what the page tells


def _container(blocks: Sequence[Block], inner: Sequence[int]) -> tuple[int | None, Sequence[int]]:
    """The most telling kind of container that holds a good part of the page's prose, and the blocks in it; None and
    all of `inner` if the page has none."""
    prose = {i: _prose(blocks[i]) for i in inner}
    total = sum(prose.values())
    for kind in CONTAINERS:
        members = [i for i in inner if blocks[i].element.containers[kind]]
        if members and sum([prose[i] for i in members]) >= _CONTAINER_SHARE * total:
            return kind, _full_runs(blocks, members, kind, prose)
    return None, inner


def _full_runs(blocks: Sequence[Block], members: Sequence[int], kind: int, prose: Mapping[int, int]) -> list[int]:
    """Of the stretches of blocks in containers those that hold prose: a page's teasers are often articles too."""
    runs: list[list[int]] = []
    for index in members:
        between = range(runs[-1][-1] + 1, index) if runs else ()
        if runs and all(blocks[i].element.containers[kind] for i in between):
            runs[-1].append(index)
        else:
            runs.append([index])
    held = [sum([prose[i] for i in run]) for run in runs]
    return [i for run, share in zip(runs, held, strict=True) if share >= _RUN_SHARE * max(held) for i in run]


def _is_prose(blocks: Sequence[Block]) -> bool:
    """Are the blocks paragraphs rather than the mixture that pages put around an article too?"""
    return sum(map(_prose, blocks)) >= _PROSE_SHARE * sum(len(b.text) for b in blocks)


def _prose(block: Block) -> int:
    return len(block.text) if len(block.text) > _PROSE and not _is_links(block) else 0


def _is_links(block: Block) -> bool:
    return block.linked > _LINKS_SHARE * len(block.text)


# -- what the witnesses say


def _judged(
    page: str,
    blocks: Sequence[Block],
    members: Sequence[int],
    container: int | None,
    patterns: PatternSet,
    model: LineModel,
) -> set[int]:
    """The blocks among `members` that the witnesses together take for the article's."""
    if not members:
        return set()
    needles = [folded(blocks[i].text) for i in members]
    quoted = {members[i] for i in _quoted(needles, folded(main_content(page)))}
    asked = [blocks[i] for i in members]
    by_resiliparse = np.array([i in quoted for i in members])
    links = np.array([_is_links(b) for b in asked])
    beside = np.array([b.element.is_beside(container) for b in asked])
    scores: Column = model.scores(line_features(_as_lines(asked), patterns))
    scores = scores + np.where(by_resiliparse, _BY_RESILIPARSE, _NOT_BY_RESILIPARSE)
    scores += _MOSTLY_LINKS * links + _IN_BESIDE * beside + (0.0 if container is None else _IN_CONTAINER)
    kept = {i for i, score in zip(members, scores, strict=True) if score > model.threshold}
    return kept if any(_prose(blocks[i]) for i in kept) else quoted


def _as_lines(blocks: Sequence[Block]) -> list[Line]:
    """The blocks as a text browser would show them: nesting as indentation, list items with a bullet."""
    return [
        Line(0, 0, f"* {b.text}" if b.element.tag == "li" else b.text, 2 * b.element.depth, not b.line_break)
        for b in blocks
    ]


def _quoted(needles: Sequence[str], haystack: str) -> set[int]:
    """Indices of the blocks (as folded words) that stand in the extracted article."""
    found = {i for i, needle in enumerate(needles) if len(needle) >= _SHORT and needle in haystack}
    found -= _surplus(found, needles, haystack)
    return found | _short_blocks(needles, found, haystack)


def _surplus(found: set[int], needles: Sequence[str], haystack: str) -> set[int]:
    """Where a page says something more often than its article does (a teaser, a sidebar), the blocks that stand
    farther from the rest of the article."""
    places: dict[str, list[int]] = {}
    for index in sorted(found):
        places.setdefault(needles[index], []).append(index)
    surplus: set[int] = set()
    for needle, indices in places.items():
        allowed = haystack.count(needle)
        if len(indices) > allowed:
            by_company = sorted(indices, key=lambda i: (-_company(i, found), i))
            surplus.update(by_company[allowed:])
    return surplus


def _company(index: int, found: set[int]) -> int:
    return sum(other in found for other in range(index - _NEIGHBOURS, index + _NEIGHBOURS + 1))


def _short_blocks(needles: Sequence[str], found: set[int], haystack: str) -> set[int]:
    """Short blocks of the article: those that stand in it right beside a block already found."""
    short: set[int] = set()
    for order in (range(len(needles)), range(len(needles) - 1, -1, -1)):
        beside = -1
        text = ""
        for index in order:
            if index in found:
                beside, text = index, needles[index]
            elif needles[index] and len(needles[index]) < _SHORT and abs(index - beside) <= _NEIGHBOURS and text:
                joined = text + needles[index] if order.step > 0 else needles[index] + text
                if joined[-_JOINT:] in haystack if order.step > 0 else joined[:_JOINT] in haystack:
                    short.add(index)
                    beside, text = index, joined
    return short


def _with_headings(blocks: Sequence[Block], kept: Sequence[int], title: str | None) -> list[int]:
    """The kept blocks, with the headings right above one of them, which are easily taken for something else; one
    that is a link is another story's, unless it is the title."""
    found: list[int] = []
    for index in kept:
        above = index - 1
        if above >= 0 and above not in found and _heads(blocks[above], title):
            found.append(above)
        found.append(index)
    return found


def _heads(block: Block, title: str | None) -> bool:
    if not _HEADING.match(block.element.tag) or block.element.outside:
        return False
    return not _is_links(block) or (title is not None and _is_title(folded(block.text), title))


def _is_title(needle: str, title: str | None) -> bool:
    return not title or needle in folded(title) or folded(title) in needle
