"""Names as they are compared, and the names an entity goes by."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from warehouse.reference import Reference

_PLAIN: Final = str.maketrans(
    "“”„«»’‘`´–—‑−…\u00a0\u202f\u2009×",
    '"""""\'\'\'\'----.   x',
)
_HANGUL: Final = re.compile(r"[가-힣]")
_SPOKEN: Final = re.compile(r"[^a-z0-9가-힣]")
_ARTICLE: Final = re.compile(r"^(?:the|a)\s+")
_PREFIX: Final = re.compile(r"^[a-z]+:\s*")
_KIND: Final = re.compile(
    r"[\s-]*(?:county|city|province|district|municipality|gun|si|do|guyok|special city|up|metropolitan city)$"
)
_ENTITIES: Final = (
    ("places", "place_id"),
    ("people", "person_id"),
    ("organizations", "organization_id"),
    ("outlets", "outlet_id"),
)

Names = frozenset[str]
NOBODY: Final[Names] = frozenset()


@cache
def equivalents() -> dict[str, Any]:
    """What counts as the same: the content of equivalents.toml."""
    return tomllib.loads(Path(__file__).with_name("equivalents.toml").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """The text with typewriter quotation marks, hyphens and spaces, character for character."""
    return text.translate(_PLAIN)


def even(text: str | None) -> str:
    """The text in lower case with single spaces and typewriter marks."""
    return " ".join(plain(unicodedata.normalize("NFKC", text or "")).split()).lower()


@lru_cache(maxsize=8192)
def spoken(text: str | None) -> str:
    """What is left of a text without case, accents, spaces and punctuation."""
    folded = even(text)
    if not _HANGUL.search(text or ""):
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _SPOKEN.sub("", folded)


def names_of(*given: str | None) -> Names:
    """The names as they are compared; a place's also without the word for its kind (Songchon County, Songchon)."""
    return frozenset(form for text in given if text for part in re.split(r"[|;]", text) for form in _forms(part))


def _forms(name: str) -> Iterable[str]:
    words = _ARTICLE.sub("", even(_PREFIX.sub("", name).replace("_", " ")))
    return (form for form in (spoken(words), spoken(_KIND.sub("", words))) if form)


class Directory:
    """The names of entities: of ids in the reference data, and of the slugs gold annotations use."""

    def __init__(self, reference: Reference) -> None:
        self._known = {
            str(row[key]): names_of(row["name"], row.get("name_ko"), *(row["aliases"] or ()), row[key])
            for table, key in _ENTITIES
            for row in reference.rows(table)
        }
        self._slugs: dict[str, list[str]] = equivalents()["names"]

    def of_slug(self, slug: str | None) -> Names:
        """The names of the entity a gold row means; none if it says none."""
        return names_of(slug, *self._slugs.get(slug, ())) if slug else NOBODY

    def of_id(self, entity_id: str | None) -> Names:
        """The names of an entity: the reference data's, else the id's own words; none for NULL."""
        if entity_id is None:
            return NOBODY
        return self._known.get(entity_id) or names_of(entity_id)

    def is_known(self, entity_id: str) -> bool:
        """Is it in the reference data?"""
        return entity_id in self._known

    def same(self, slug: str | None, entity_id: str | None) -> bool:
        """Is the entity the one the slug means? False if either is unknown."""
        return bool(self.of_slug(slug) & self.of_id(entity_id))
