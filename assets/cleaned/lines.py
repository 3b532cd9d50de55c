"""The lines of a plain text, and what can be told of one without its neighbours."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_SENTENCE_END: Final = re.compile(r"[.!?…。！？][\"'”’」』)\]]*(?:\[\d{1,3}\])?$")
_SENTENCE_START: Final = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=\S)")
_HANGUL_OR_KANA: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")

_WORDS: Final = re.compile(r"[^\W_]+")
_LOWER: Final = bytes(range(128)).lower() + bytes(range(128, 256))
_NO_ALNUM: Final = bytes(c for c in range(128) if not chr(c).isalnum())

BODY_CHARACTERS: Final = 60
LONG_CHARACTERS: Final = 140
_DENSE_SCRIPT: Final = 2
"""Hangul, kana and ideographs say in one character what takes two or three letters."""


class Line(NamedTuple):
    """A line that is not blank: its stripped extent in the text, its indentation, and whether a blank line or the
    beginning of the text stands before it."""

    start: int
    end: int
    text: str
    indent: int
    after_blank: bool


def lines_of(text: str) -> list[Line]:
    """The lines of `text` that are not blank, in order."""
    found: list[Line] = []
    position = previous_end = 0
    for raw in text.splitlines(keepends=True):
        if stripped := raw.strip():
            indent = len(raw) - len(raw.lstrip())
            start = position + indent
            after_blank = not found or text.count("\n", previous_end, start) > 1
            previous_end = start + len(stripped)
            found.append(Line(start, previous_end, stripped, indent, after_blank))
        position += len(raw)
    return found


def ends_sentence(text: str) -> bool:
    """Does the line close with sentence punctuation (before closing quotation marks and brackets)?"""
    return _SENTENCE_END.search(text, max(0, len(text) - 12)) is not None


def is_body_like(text: str) -> bool:
    """Could the line be a paragraph of an article: a long one, or a middling one that closes as a sentence?"""
    length = len(text)
    if length < BODY_CHARACTERS and not text.isascii() and _HANGUL_OR_KANA.search(text):
        length *= _DENSE_SCRIPT
    return length >= LONG_CHARACTERS or (length >= BODY_CHARACTERS and ends_sentence(text))


def sentence_starts(text: str) -> list[int]:
    """Offsets at which a sentence of the line begins, roughly (abbreviations are not told apart)."""
    return [0, *(m.end() for m in _SENTENCE_START.finditer(text))]


def folded(text: str) -> str:
    """The line's letters and digits in lower case: equal for repeats that differ in punctuation only."""
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_ALNUM).decode()
    return "".join(_WORDS.findall(text)).casefold()
