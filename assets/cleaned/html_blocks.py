"""The visible blocks of an HTML page with their offsets in the page's source.

A block is what stands between two breaks of the layout (paragraph, heading, list item, line of a table). A page
need not be well formed; nothing here raises for one that is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import chain
from typing import Final, NamedTuple

from assets.cleaned.html_elements import Element

_PIECE: Final = re.compile(
    r"([^<]*+)(?:"
    r"(<!--.*?(?:-->|$)"
    r"|<[!?][^>]*+>"
    r"|<(?=[insotINSOT])(?P<skipped>(?i:script|style|noscript|svg|template|select|iframe|textarea|object))\b[^>]*>"
    r"[^<]*+(?:<(?!/(?i:(?P=skipped))\b)[^<]*+)*+(?:</(?i:(?P=skipped))[^>]*+(?:>|$)|$))"
    r"|<(/?[a-zA-Z][a-zA-Z0-9:-]*+)([^<>\"']*+(?:\"[^\"]*+\"[^<>\"']*+|'[^']*+'[^<>\"']*+)*+)>"
    r"|(<)|$)",
    re.DOTALL,
)
"""Text and what follows it: something nobody sees (with its tag's name), a tag's name and attributes, or a bracket that
begins no tag."""
_END: Final = (("", "", "", "br", "", ""),)
"""Closes the last block of a page."""
_HEAD_END: Final = re.compile(r"<body\b[^>]*>|</head\s*>", re.IGNORECASE)
_CLASS: Final = re.compile(r"\b(?:class|id|role|itemprop)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_CHARACTER: Final = re.compile(r"<[^>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);?|.", re.DOTALL)
_INLINE: Final = frozenset(
    element
    for elements in (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike",
        "strong sub sup time tt u var wbr img nobr",
    )
    for element in elements.split()
)
_CELLS: Final = frozenset({"td", "th"})
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_DEPTH: Final = 40
_LONGEST_LINK: Final = 2000


class Block(NamedTuple):
    """A visible block: raw extent [start, end) in code points, its text with single spaces, the element it stands in,
    whether a line break alone parts it from the block above, and how many of its characters are links."""

    start: int
    end: int
    text: str
    element: Element
    line_break: bool
    linked: int


def head_end(page: str) -> int:
    """Where the page's head ends: after the body tag, else after the head; 0 for a fragment without either."""
    end = 0
    for match in _HEAD_END.finditer(page):
        end = match.end()
        if match.group()[1] != "/":
            break
    return end


def blocks_of(page: str) -> list[Block]:
    """The visible blocks of a page in order."""
    return list(_walk(page, head_end(page)))


class _Tag(NamedTuple):
    """What a tag does: its element's name in lower case, whether it closes it, whether the line goes on,
    whether it has no content, whether it is a cell of a table."""

    name: str
    closes: bool
    is_inline: bool
    is_void: bool
    is_cell: bool


@lru_cache(maxsize=1024)
def _tag(name: str) -> _Tag:
    closes, name = name[0] == "/", name.lstrip("/").lower()
    return _Tag(name, closes, name in _INLINE, name in _VOID, name in _CELLS)


@lru_cache(maxsize=8192)
def _words(tag: str, attributes: str) -> str:
    """The element's tag and names."""
    return " ".join([tag, *[v for found in _CLASS.findall(attributes.lower()) for v in found if v]])


def _walk(page: str, position: int) -> Iterator[Block]:
    """The blocks from `position` on. The block being read is in local names: this loop is most of reading a page."""
    element = Element("", "", None)
    pieces: list[str] = []
    start, last, linked, link_end = -1, -1, 0, 0
    line_break = False
    for text, unseen, _, name, attributes, bracket in chain(_PIECE.findall(page, position), _END):
        text += bracket
        pieces.append(text)
        if visible := text.lstrip():
            if start < 0:
                start = position + len(text) - len(visible)
            last = position + len(text)
            linked += len(text) * (position < link_end)
        position += len(text)
        if not name:
            position += len(unseen)
            continue
        position += len(name) + len(attributes) + len("<>")
        tag = _tag(name)
        if tag.is_inline:
            if tag.name == "a":
                # A link that is never closed is not the rest of the page.
                link_end = position + _LONGEST_LINK * (not tag.closes)
            continue
        if tag.is_cell:
            pieces.append(" ")
        else:
            if start >= 0:
                yield Block(start, _trimmed(page, start, last), _shown(pieces), element, line_break, linked)
                start, linked = -1, 0
            pieces.clear()
            line_break = tag.name == "br"
        element = _moved(element, tag, attributes)


def _trimmed(page: str, start: int, end: int) -> int:
    """Where what is visible of page[start:end] ends."""
    return end if not page[end - 1].isspace() else start + len(page[start:end].rstrip())


def _shown(pieces: Sequence[str]) -> str:
    """What a browser shows of a block's source: entities resolved, single spaces."""
    joined = "".join(pieces)
    return " ".join((unescape(joined) if "&" in joined else joined).split())


def _moved(element: Element, tag: _Tag, attributes: str) -> Element:
    """The element one is in after a tag."""
    if tag.closes:
        return _left(element, tag.name)
    if tag.is_void:
        return element
    if tag.name in ("p", "li") and element.tag == tag.name and element.parent:
        element = element.parent
    if attributes and attributes[-1] == "/":
        return element
    return Element(tag.name, _words(tag.name, attributes) if "=" in attributes else tag.name, element)


def _left(element: Element, tag: str) -> Element:
    """The element one is in after a closing tag; the same if it closes nothing."""
    above = element
    for _ in range(_DEPTH):
        if above.parent is None:
            break
        if above.tag == tag:
            return above.parent
        above = above.parent
    return element


def raw_positions(page: str, block: Block) -> list[tuple[int, int]]:
    """For every character of the block's text the raw extent it was made from."""
    found: list[tuple[int, int]] = []
    characters: list[str] = []
    for match in _CHARACTER.finditer(page, block.start, block.end):
        raw = match.group()
        made = "" if raw[0] == "<" and len(raw) > 1 else unescape(raw) if raw[0] == "&" else raw
        for character in made:
            if character.isspace():
                if not characters or characters[-1] == " ":
                    continue
                character = " "
            characters.append(character)
            found.append((match.start(), match.end()))
    return found
