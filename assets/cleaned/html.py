"""The article of an HTML page: two extractors say which blocks are its own, and the blocks keep their raw offsets.

resiliparse reads every page; it is ten times as fast. Where what it found looks mixed with menus or lists, trafilatura,
the stricter one, decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from assets.cleaned.cuts import Cut, Notice, merged, notices_of, text_without
from assets.cleaned.html_blocks import Block, blocks_of, head_end, raw_positions
from assets.cleaned.lines import folded, is_body_like, lines_of
from assets.cleaned.patterns import PatternSet
from assets.cleaned.residue import Page, find_residue

_CLEAN_SHARE: Final = 0.97
_ENOUGH_SHARE: Final = 0.5
_SHORT: Final = 24
_NEIGHBOURS: Final = 3
_JOINT: Final = 60
_CONTEXT_KINDS: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"^figcaption|\b\S*caption\S*", "caption"),
        (r"^nav\b|\S*(?:menu|breadcrumb|navigation|navbar|topbar|pagination|pager|share|social)\S*", "navigation"),
        (
            r"\S*(?:related|most-?(?:read|popular|viewed)|recommend|trending|popular|more-(?:from|news))\S*",
            "related_headlines",
        ),
        (r"\S*(?:comment|disqus|respond)\S*", "comment_notice"),
        (r"\S*(?:subscri|newsletter|paywall|signup|sign-up)\S*", "subscription"),
        (r"\S*(?:byline|author|dateline|publish|timestamp|pub-?date|post-?meta|entry-?meta)\S*|^time\b", "byline"),
        (r"\S*(?:about|bio)\b\S*", "about_blurb"),
        (r"\S*(?:copyright|legal)\S*", "copyright"),
        (r"^aside\b|\S*sidebar\S*", "related_headlines"),
        (r"^header\b|^footer\b|^form\b", "navigation"),
    )
)
_HEADING: Final = re.compile(r"h[1-6]$")
_NEVER_ARTICLE: Final = re.compile(r"^(?:nav|aside|footer|figcaption|form|button|title|head)\b")


class Extracted(NamedTuple):
    """The article, what was cut (raw offsets) and the words of it, the title, visible characters before and after."""

    text: str
    cuts: list[Cut]
    notices: list[Notice]
    title: str | None
    visible: int
    kept: int


def extracted_text(page: str) -> str:
    """The article's text by whichever of the two extractors suits the page; empty if neither finds one."""
    quick = _resiliparse(page)
    body = sum(len(line.text) for line in lines_of(quick) if is_body_like(line.text))
    if body and body >= _CLEAN_SHARE * sum(len(line.text) for line in lines_of(quick)):
        return quick
    strict = trafilatura.extract(page, fast=True, include_comments=False, include_tables=True) or ""
    return strict if len(strict) >= _ENOUGH_SHARE * body else quick


def _resiliparse(page: str) -> str:
    found: str = extract_plain_text(page, main_content=True, alt_texts=False, links=False, list_bullets=False)
    return found


def extract(page: str, patterns: PatternSet, facts: Page) -> Extracted:
    """The article of an HTML page as lines of blocks, with everything visible that was left out as cuts."""
    blocks = blocks_of(page)
    kept = _article_blocks(blocks, extracted_text(page), facts.title)
    text, places = _joined([blocks[i] for i in kept])
    residue = find_residue(text, lines_of(text), patterns, facts)
    cuts = [Cut(0, end, "markup")] if (end := len(page[: head_end(page)].rstrip())) else []
    chosen = set(kept)
    left_out = [b for i, b in enumerate(blocks) if i not in chosen and b.text]
    kinds = [_kind(b, patterns) for b in left_out]
    cuts += [Cut(b.start, b.end, kind) for b, kind in zip(left_out, kinds, strict=True)]
    for cut in residue.cuts:
        cuts += _raw_cuts(page, cut, places)
    notices = notices_of(text, residue.cuts) + [Notice(k, b.text) for k, b in zip(kinds, left_out, strict=True)]
    clean = text_without(text, residue.cuts)
    visible = sum(len(b.text) for b in blocks)
    kept_characters = sum(len(line.text) for line in lines_of(clean))
    return Extracted(clean, _joined_cuts(page, cuts), notices, residue.title, visible, kept_characters)


def _article_blocks(blocks: Sequence[Block], article: str, title: str | None) -> list[int]:
    """Indices of the blocks whose words stand in the extracted article, in the page's order."""
    haystack = folded(article)
    needles = [folded(b.text) if b.text and not _outside(b) else "" for b in blocks]
    found = {i for i, needle in enumerate(needles) if len(needle) >= _SHORT and needle in haystack}
    found -= _surplus(found, needles, haystack)
    kept = found | _short_blocks(needles, found, haystack)
    first = min(kept, default=len(blocks))
    heading = [i for i in range(first) if blocks[i].tag == "h1" and needles[i] and _is_title(needles[i], title)]
    return _with_headings(blocks, [*heading[-1:], *sorted(kept)])


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


def _with_headings(blocks: Sequence[Block], kept: Sequence[int]) -> list[int]:
    """The kept blocks, with the headings right above one of them: extractors tend to drop what is short."""
    found: list[int] = []
    for index in kept:
        above = index - 1
        if above >= 0 and above not in found and _HEADING.match(blocks[above].tag) and not _outside(blocks[above]):
            found.append(above)
        found.append(index)
    return found


def _outside(block: Block) -> bool:
    return any(_NEVER_ARTICLE.match(element) for element in block.within)


def _is_title(needle: str, title: str | None) -> bool:
    return not title or needle in folded(title) or folded(title) in needle


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
    hits = [h for p in ("any", "tail", "head") if (h := patterns.match(block.text, p))]
    hit = max(hits, key=lambda h: h.end, default=None)
    if hit and hit.end >= len(block.text):
        return hit.kind
    for element in reversed(block.within):
        for pattern, kind in _CONTEXT_KINDS:
            if pattern.search(element):
                return kind
    return hit.kind if hit else "navigation"


def _raw_cuts(page: str, cut: Cut, places: Sequence[tuple[int, Block]]) -> list[Cut]:
    """A cut in the joined text as cuts in the page, one per block it touches."""
    found = []
    for start, block in places:
        first, last = max(cut.start - start, 0), min(cut.end - start, len(block.text))
        if first >= last:
            continue
        if first == 0 and last == len(block.text):
            found.append(Cut(block.start, block.end, cut.kind))
            continue
        positions = raw_positions(page, block)
        if last <= len(positions):
            found.append(Cut(positions[first][0], positions[last - 1][1], cut.kind))
    return found


_MARKUP_BETWEEN: Final = re.compile(r"(?:\s|<[^>]*>)*$")


def _joined_cuts(page: str, cuts: Sequence[Cut]) -> list[Cut]:
    """Cuts in order; neighbours of one kind are one where only tags stand between them."""
    joined: list[Cut] = []
    for cut in merged(page, sorted(cuts)):
        last = joined[-1] if joined else None
        if last and last.kind == cut.kind != "footnote_marker" and _MARKUP_BETWEEN.match(page[last.end : cut.start]):
            joined[-1] = Cut(last.start, cut.end, cut.kind)
        else:
            joined.append(cut)
    return joined
