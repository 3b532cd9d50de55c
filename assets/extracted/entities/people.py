"""Names of people: Korean and Chinese names by their build, others by the titles and verbs beside them."""

from __future__ import annotations

import re
from functools import cache

from assets.extracted.entities.gazetteer import Gazetteer, Hit
from assets.extracted.entities.named import identify
from assets.extracted.entities.span import Span
from assets.extracted.entities.words import heads, lists, pattern, words

_FOREIGN = pattern("after_title")
_APPOSED = pattern("explained")
_EXPLAINING, _NAME_LENGTH = 5, 4
"""Words that "explained" allows after the comma, and in the name before it."""
_WORD = re.compile(r"[A-Z][a-z'-]+$|[A-Z]\.$")


@cache
def _korean_given() -> re.Pattern[str]:
    """What stands behind a Korean surname: one or two syllables."""
    syllable = lists()["person"]["syllable"]
    capital = rf"(?=[A-Z])(?i:{syllable})"
    return re.compile(rf" ({capital})(?: ({capital})|-({syllable}|{capital}))?(?![\w-])")


def korean(flat: str, hit: Hit, gaz: Gazetteer, *, titled: bool) -> Span | None:
    """A Korean full name at a surname: "Pak Jong Gun", "Kim Tok-hun"; "Ri Sol" only where the surname is a sure one.

    `titled` says that a title stands before it.
    """
    if not flat[hit.end + 1 : hit.end + 2].isupper():
        return None
    found = _korean_given().match(flat, hit.end)
    if found is None:
        return None
    surname = flat[hit.start : hit.end]
    first, second, joined = found.groups()
    refused = words("person", "not_given")
    given = [g for g in (first, second, joined) if g]
    if any(g in refused for g in given):
        return None
    if len(given) == 1 and not (titled or surname in words("person", "sure_surnames")):
        return None
    if len(given) == 1 and (first in heads() or flat[found.end() : found.end() + 2].strip()[:1].isupper()):
        return None
    ids = identify(surname + found.group(), "person", gaz)
    return Span(hit.start, found.end(), "person", ids, "korean_name")


@cache
def _chinese() -> re.Pattern[str]:
    person = lists()["person"]
    return re.compile(rf"(?:{'|'.join(person['chinese'])}) {person['pinyin']}(?![\w-])(?! [A-Z][a-z])")


def chinese(flat: str, hit: Hit, gaz: Gazetteer) -> Span | None:
    """A Chinese name at a Chinese surname: "Wang Xiaoming"."""
    found = _chinese().match(flat, hit.start)
    if found is None or found.group().split()[1] in heads():
        return None
    return Span(*found.span(), "person", identify(found.group(), "person", gaz), "chinese_name")


def titled(flat: str, hit: Hit, gaz: Gazetteer) -> Span | None:
    """A name that follows a title: "President Nguyen Van An", "Mr. Ward"."""
    if not (flat[hit.end + 1 : hit.end + 2].isupper() or flat.startswith(" of ", hit.end)):
        return None
    found = _FOREIGN.match(flat, _after_country(flat, hit.end, gaz))
    if found is None:
        return None
    title = flat[hit.start : hit.end]
    tokens = []
    for token in found.group(1).split():
        if token in _nobodys() or _is_acronym(token):
            break
        tokens.append(token)
        if token.endswith(("'s", "s'")):
            break
    name = " ".join(tokens).removesuffix("'s").removesuffix("'")
    if not name or len(tokens) > 5 or (len(tokens) == 1 and not _names_alone(title)) or _is_other(name, tokens, gaz):
        return None
    if len(tokens) == 1 and name in words("person", "surnames"):
        return None
    start = found.start(1)
    return Span(start, start + len(name), "person", identify(name, "person", gaz), "titled_name")


_OF_COUNTRY = pattern("title_country")


def _after_country(flat: str, end: int, gaz: Gazetteer) -> int:
    """The end of "of <country>" after a title that ends at `end`, else `end`."""
    found = _OF_COUNTRY.match(flat, end)
    if found is None:
        return end
    for name in (found.group(1), found.group(1).split(" ")[0]):
        if name in gaz.demonyms:
            return found.start(1) + len(name)
    return end


def _is_acronym(token: str) -> bool:
    return len(token) > 1 and token.isupper() and not token.endswith(".")


@cache
def _nobodys() -> frozenset[str]:
    """Words that are written large in names of bodies and at the start of sentences, but are no names of people."""
    listed = words("words", "openers") | words("words", "trades") | words("words", "not_people")
    return listed | frozenset(heads())


_ALONE = frozenset({"Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Professor", "President", "Premier", "Chancellor", "Senator"})


def _names_alone(title: str) -> bool:
    return title in _ALONE


def _is_other(name: str, tokens: list[str], gaz: Gazetteer) -> bool:
    """Whether the words after a title begin a place, a body or a day and not a person's name."""
    first = tokens[0]
    if first in words("words", "months") or first in words("words", "generic") or first in gaz.demonyms:
        return True
    return any(
        key in gaz.keys and all(k != "person" for k, _ in gaz.keys[key]) for key in (name.lower(), first.lower())
    )


def apposed(flat: str, hit: Hit, gaz: Gazetteer) -> Span | None:
    """A name explained by what follows: "Peter Smith, an economist at ...", or before a verb of saying."""
    if hit.cue.verb:
        end = hit.start - 1
        if not _is_capital(flat, end):
            return None
        tokens = _words_before(flat, end)
    else:
        begin = max(0, hit.start - 90)
        comma = flat.rfind(", ", max(begin, hit.start - 50), hit.start)
        if comma < 0 or not _is_capital(flat, comma) or flat.count(" ", comma + 2, hit.start) > _EXPLAINING:
            return None
        for _ in range(_NAME_LENGTH):
            comma = max(begin, flat.rfind(" ", begin, comma))
        begin = comma
        found = _APPOSED.search(flat[begin : hit.start])
        if found is None:
            return None
        end, tokens = begin + found.end(1), found.group(1).split()
    while tokens and tokens[0] in words("words", "openers"):
        tokens.pop(0)
    name = " ".join(tokens)
    generic = words("words", "generic")
    if (
        len(tokens) < 2
        or any(t in generic or t in _nobodys() or _is_acronym(t) for t in tokens)
        or _is_other(name, tokens, gaz)
    ):
        return None
    return Span(end - len(name), end, "person", identify(name, "person", gaz), "explained_name")


def _is_capital(flat: str, end: int) -> bool:
    """Whether the word that ends at `end` begins with a capital."""
    at = flat.rfind(" ", 0, max(end, 0)) + 1
    return flat[at : at + 1].isupper()


def _words_before(flat: str, end: int) -> list[str]:
    """The two to four words of a name that end at `end`; none if it is no name."""
    tokens: list[str] = []
    for token in reversed(flat[max(0, end - 60) : end].split(" ")[-5:]):
        if not _WORD.match(token):
            break
        tokens.insert(0, token)
    return tokens if 2 <= len(tokens) <= 4 and not tokens[-1].endswith(".") else []
