"""The visible blocks of an HTML page with their offsets in the page's source.

A block is what stands between two breaks of the layout (paragraph, heading, list item, line of a table). A page
need not be well formed; nothing here raises for one that is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"<!--.*?(?:-->|$)"
    r"|<(?P<skipped>script|style|noscript|svg|template|select|iframe|textarea|object)\b[^>]*>.*?(?:</(?P=skipped)\s*>|$)"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:-]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>"
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


class Block(NamedTuple):
    """A visible block: raw extent [start, end) in code points, its text with single spaces, and the elements it
    stands in, outermost first, each as "tag class-and-id words"."""

    start: int
    end: int
    text: str
    within: tuple[str, ...]
    line_break: bool

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

    def __init__(self, line_break: bool = False) -> None:
        self.pieces: list[str] = []
        self.start = -1
        self.end = -1
        self.line_break = line_break

    def add(self, text: str, position: int) -> None:
        """Take in the text that stands at `position` of the page."""
        self.pieces.append(text)
        if text.isspace():
            return
        if self.start < 0:
            self.start = position + len(text) - len(text.lstrip())
        self.end = position + len(text.rstrip())

    def closed(self, stack: list[tuple[str, str]]) -> list[Block]:
        """The block, in a list; an empty list if nothing visible was read."""
        if self.start < 0:
            return []
        text = " ".join(unescape("".join(self.pieces)).split())
        return [Block(self.start, self.end, text, tuple(w for _, w in stack), self.line_break)]


def _walk(page: str, position: int) -> Iterator[Block]:
    stack: list[tuple[str, str]] = []
    block = _Open()
    for token in _TOKEN.finditer(page, position):
        if token.start() > position:
            block.add(page[position : token.start()], position)
        position = token.end()
        tag = (token.group("tag") or "").lower()
        if not tag or tag in _INLINE:
            continue
        if tag in _CELLS:
            block.pieces.append(" ")
        else:
            yield from block.closed(stack)
            block = _Open(line_break=tag == "br")
        if tag not in _VOID:
            _move(stack, tag, token)
    if position < len(page):
        block.add(page[position:], position)
    yield from block.closed(stack)


def _move(stack: list[tuple[str, str]], tag: str, token: re.Match[str]) -> None:
    if token.group("close"):
        for depth in range(len(stack) - 1, max(-1, len(stack) - _DEPTH), -1):
            if stack[depth][0] == tag:
                del stack[depth:]
                return
        return
    if tag in ("p", "li") and stack and stack[-1][0] == tag:
        stack.pop()
    if token.group("attributes").endswith("/"):
        return
    names = " ".join(v for m in _CLASS.finditer(token.group("attributes")) for v in m.groups() if v)
    stack.append((tag, f"{tag} {names}".strip().lower()))


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
