"""The word lists of `rules/entity_names.toml`, read once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from assets.extracted.rules import rules


@dataclass(frozen=True)
class Head:
    """A word that ends (or, for institutions, begins) a name.

    `kind` is the entity kind, or "" for names that are no entity; `singular` the word as ids use it.
    """

    word: str
    singular: str
    kind: str
    group: str
    plural: bool
    lower: bool


@cache
def lists() -> dict[str, dict[str, Any]]:
    """The tables of `entity_names.toml`."""
    text = (files("assets.extracted.rules") / "entity_names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The pattern called `name` in `entity_patterns.toml`; raises KeyError if there is none."""
    return {rule.name: rule.pattern for rule in rules("entity_patterns")}[name]


@cache
def words(table: str, name: str) -> frozenset[str]:
    """One list of words as a set."""
    return frozenset(lists()[table][name])


def plural_of(word: str) -> str:
    """The English plural of a head word ("Factory" → "Factories")."""
    if word.endswith(("s", "ch", "x")):
        return word if word.endswith("s") and not word.endswith("ss") else word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeo" else word + "s"


@cache
def heads() -> dict[str, Head]:
    """Every head word in the forms in which it is recognised."""
    found: dict[str, Head] = {}
    organization = lists()["organization"]
    for group in ("unit", "institution", "enterprise"):
        for word in organization[group]:
            _add(found, word, "organization", group, lower=group == "enterprise")
    for word in organization["outlet"]:
        found[word] = Head(word, word, "outlet", "outlet", False, False)
    for word in lists()["place"]["kinds"]:
        _add(found, word, "place", "place", lower=False)
    for word in lists()["place"]["listed"]:
        for form in (plural_of(word), plural_of(word).lower()):
            found[form] = Head(form, word, "place", "place", True, form.islower())
    for word in lists()["other"]["heads"]:
        found[word] = Head(word, word, "", "other", False, False)
    return found


def _add(found: dict[str, Head], word: str, kind: str, group: str, *, lower: bool) -> None:
    plural = plural_of(word) if group != "place" else word
    for form, is_lower in ((word, False), (word.lower(), True)) if lower else ((word, False),):
        found[form] = Head(form, word, kind, group, False, is_lower)
    if plural != word:
        for form in (plural, plural.lower()):
            found.setdefault(form, Head(form, word, kind, group, True, form != plural))


@cache
def _spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of every variant spelling, in lower-case words, and the one that stands for each."""
    firsts = {variant: first for first, *others in lists()["words"]["spellings"] for variant in others}
    variants = "|".join(sorted(firsts, key=len, reverse=True))
    return re.compile(rf"\b(?:{variants})\b"), firsts


_PUNCTUATION = re.compile(r"[^\w\s]")


@lru_cache(maxsize=1 << 16)
def spelled(name: str) -> str:
    """`name` in lower case without punctuation and articles, one spelling per word."""
    plain = " ".join(w for w in _PUNCTUATION.sub(" ", _DROPPED.sub("", name.lower())).split() if w != "the")
    variants, firsts = _spellings()
    return variants.sub(lambda m: firsts[m.group()], plain)


_DROPPED = re.compile(r"'|(?<!no)\.")


@lru_cache(maxsize=1 << 16)
def key_of(name: str) -> str:
    """The form in which two spellings of a name are equal, also when one of them says whose the body is."""
    return spelled(name).removeprefix("dprk ").removesuffix(" of dprk").replace(" of dprk ", " of ")
