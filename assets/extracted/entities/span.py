"""A stretch of text read as a name, and the text prepared for finding names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_ALIKE = (
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\n", " "),
    ("\t", " "),
    ("’", "'"),
    ("‘", "'"),
    ("×", "x"),
    ("ŏ", "o"),
    ("ŭ", "u"),
    ("Ŏ", "O"),
    ("Ŭ", "U"),
)
_ALIKE_ASCII = tuple(pair for pair in _ALIKE if pair[0].isascii())
_HYPHENS = ("-", "\u2010", "\u2011", "\u2013")


@dataclass(slots=True)
class Span:
    """A name in the text: what kind of entity, and which ones it may be.

    `ids` holds one id where the name alone settles it, several where context has to, none where it is no
    name unless a longer one before it ends alike. `listed` marks the members of a list that share their last words:
    these may overlap.
    `doubted` says that the text may mean a namesake that is not among the ids.
    """

    start: int
    end: int
    kind: str
    ids: tuple[str, ...]
    rule: str
    listed: bool = False
    unit: str | None = None
    doubted: bool = False


def flatten(text: str) -> str:
    """`text` with look-alike characters made one, character by character, so offsets stay."""
    for found, plain in _ALIKE_ASCII if text.isascii() else _ALIKE:
        text = text.replace(found, plain)
    return text


def unhyphenated(flat: str) -> str:
    """`flat` with every hyphen and en dash a space; offsets stay."""
    for hyphen in _HYPHENS:
        flat = flat.replace(hyphen, " ")
    return flat


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9가-힣]+")


def unglued(name: str) -> str:
    """`name` with a space where a capital follows a small letter ("Kim Il SungUniversity")."""
    return _CAMEL.sub(" ", name)


@lru_cache(maxsize=1 << 14)
def slug(name: str) -> str:
    """A readable id made from a name: lower case, apostrophes and dots dropped, words joined by underscores."""
    plain = unglued(flatten(name)).lower().replace("'", "").replace(".", "")
    return _NOT_WORD.sub("_", plain).strip("_")
