"""The visible blocks of an HTML page with their offsets in the page's source.

A block is what stands between two breaks of the layout (paragraph, heading, list item, line of a table). A page
need not be well formed; nothing here raises for one that is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"<!--.*?(?:-->|$)"
    r"|<(?P<skipped>script|style|noscript|svg|template|select|iframe|textarea|object)\b[^>]*>"
    r"[^<]*+(?:<(?!/(?P=skipped)\b)[^<]*+)*+(?:</(?P=skipped)[^>]*+(?:>|$)|$)"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:-]*)(?P<attributes>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|<[!?][^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_HEAD_END: Final = re.compile(r"<body\b[^>]*>|</head\s*>", re.IGNORECASE)
_CLASS: Final = re.compile(r"\b(?:class|id|role|itemprop)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
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
    """A visible block: raw extent [start, end) in code points, its text with single spaces, the elements it stands
    in, outermost first, each as "tag class-and-id words", and how many of its characters are links."""

    start: int
    end: int
    text: str
    within: tuple[str, ...]
    line_break: bool
    linked: int

    @property
    def tag(self) -> str:
        """The element the block stands in directly."""
        return self.within[-1].partition(" ")[0] if self.within else ""


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


class _Open:
    """The block being read: its pieces of text and its raw extent so far."""

    __slots__ = ("end", "line_break", "linked", "pieces", "start")

    def __init__(self, line_break: bool = False) -> None:
        self.pieces: list[str] = []
        self.start = -1
        self.end = -1
        self.line_break = line_break
        self.linked = 0

    def begin(self, line_break: bool) -> None:
        """Begin anew; nothing visible has been read yet."""
        self.pieces.clear()
        self.line_break = line_break

    def add(self, text: str, position: int, is_link: bool) -> None:
        """Take in the text that stands at `position` of the page."""
        self.pieces.append(text)
        closed = text.rstrip()
        if not closed:
            return
        if is_link:
            self.linked += len(text)
        if self.start < 0:
            self.start = position + len(text) - len(text.lstrip())
        self.end = position + len(closed)

    def closed(self, stack: list[tuple[str, str]]) -> Block:
        """The block of what was read."""
        joined = "".join(self.pieces)
        text = " ".join((unescape(joined) if "&" in joined else joined).split())
        return Block(self.start, self.end, text, tuple([w for _, w in stack]), self.line_break, self.linked)


def _walk(page: str, position: int) -> Iterator[Block]:
    stack: list[tuple[str, str]] = []
    block = _Open()
    link_end = 0
    for token in _TOKEN.finditer(page, position):
        start = token.start()
        if start > position:
            block.add(page[position:start], position, position < link_end)
        position = token.end()
        _, close, tag, attributes = token.groups()
        if not tag:
            continue
        tag = tag.lower()
        if tag in _INLINE:
            if tag == "a":
                # A link that is never closed is not the rest of the page.
                link_end = 0 if close else position + _LONGEST_LINK
            continue
        if tag in _CELLS:
            block.pieces.append(" ")
        elif block.start >= 0:
            yield block.closed(stack)
            block = _Open(tag == "br")
        else:
            block.begin(tag == "br")
        _move(stack, tag, close, attributes)
    if position < len(page):
        block.add(page[position:], position, False)
    if block.start >= 0:
        yield block.closed(stack)


def _move(stack: list[tuple[str, str]], tag: str, close: str, attributes: str) -> None:
    """Step into or out of an element."""
    if close:
        for depth in range(len(stack) - 1, max(-1, len(stack) - _DEPTH), -1):
            if stack[depth][0] == tag:
                del stack[depth:]
                return
    elif tag not in _VOID:
        if tag in ("p", "li") and stack and stack[-1][0] == tag:
            stack.pop()
        if not attributes.endswith("/"):
            stack.append((tag, _described(tag, attributes)))


@lru_cache(maxsize=4096)
def _described(tag: str, attributes: str) -> str:
    """The element as "tag class-and-id words"."""
    names = [v for m in _CLASS.finditer(attributes) for v in m.groups() if v] if "=" in attributes else []
    return " ".join([tag, *names]).lower()


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
