"""Names of people: Korean and Chinese names by their build, others by the titles and verbs beside them."""

from __future__ import annotations

import re
from functools import cache

from assets.extracted.entities.gazetteer import Gazetteer, Hit
from assets.extracted.entities.known import Known
from assets.extracted.entities.named import identify
from assets.extracted.entities.span import Span
from assets.extracted.entities.words import heads, key_of, lists, pattern, words

_FOREIGN = pattern("after_title")
_APPOSED = pattern("explained")
_EXPLAINING, _NAME_LENGTH = 5, 4
"""Words that "explained" allows after the comma, and in the name before it."""
_WORD = re.compile(r"[A-Z][a-z'-]+$|[A-Z]\.$")


def named(flat: str, known: Known, gaz: Gazetteer) -> list[Span]:
    """The names of people that surnames, titles and verbs of saying show, but those that are known."""
    found: list[Span | None] = []
    for hit in reversed(known.signs):
        start, end, cue = hit
        if cue.title:
            if end + 1 not in known.people and (flat[end + 1 : end + 2].isupper() or flat.startswith(" of ", end)):
                found.append(titled(flat, hit, gaz))
            if flat[start].islower():
                found.append(_explained(flat, start, gaz))
        elif cue.verb:
            found.append(_speaking(flat, start, gaz))
        elif (cue.surname or cue.chinese) and flat[end : end + 1].isupper():
            if cue.surname:
                found.append(korean(flat, hit, gaz))
            if cue.chinese:
                found.append(chinese(flat, hit, gaz))
    return [span for span in found if span]


def _korean_given() -> re.Pattern[str]:
    """What stands behind a Korean surname: one or two syllables."""
    syllable = lists()["person"]["syllable"]
    capital = rf"(?=[A-Z])(?i:{syllable})"
    return re.compile(rf" ({capital})(?: ({capital})|-({syllable}|{capital}))?(?![\w-])")


_KOREAN_GIVEN = _korean_given()
_NOT_GIVEN = words("person", "not_given")
_SURE_SURNAMES = words("person", "sure_surnames")
_TITLE_BEFORE = re.compile(rf"\b(?:{'|'.join(map(re.escape, lists()['person']['titles']))}) $")


def korean(flat: str, hit: Hit, gaz: Gazetteer) -> Span | None:
    """A Korean full name at a surname: "Pak Jong Gun", "Kim Tok-hun"; "Ri Sol" only where the surname is a sure one or
    a title stands before it."""
    start, end = hit[0], hit[1] - 1  # the surname's cue has the space after it
    found = _KOREAN_GIVEN.match(flat, end)
    if found is None:
        return None
    first, second, joined = found.groups()
    if first in _NOT_GIVEN or second in _NOT_GIVEN or joined in _NOT_GIVEN:
        return None
    if second is None and joined is None:
        sure = flat[start:end] in _SURE_SURNAMES or _TITLE_BEFORE.search(flat, max(0, start - 30), start)
        if not sure or first in heads() or flat[found.end() : found.end() + 2].strip()[:1].isupper():
            return None
    ids = identify(flat[start : found.end()], "person", gaz)
    return Span(start, found.end(), "person", ids, "korean_name")


@cache
def _chinese() -> re.Pattern[str]:
    person = lists()["person"]
    return re.compile(rf"(?:{'|'.join(person['chinese'])}) {person['pinyin']}(?![\w-])(?! [A-Z][a-z])")


def chinese(flat: str, hit: Hit, gaz: Gazetteer) -> Span | None:
    """A Chinese name at a Chinese surname: "Wang Xiaoming"."""
    found = _chinese().match(flat, hit[0])
    if found is None or found.group().split()[1] in heads():
        return None
    return Span(*found.span(), "person", identify(found.group(), "person", gaz), "chinese_name")


def titled(flat: str, hit: Hit, gaz: Gazetteer) -> Span | None:
    """A name that follows a title: "President Nguyen Van An", "Mr. Ward"."""
    start, end, _ = hit
    nobodys = _nobodys()
    if flat[end + 1 : flat.find(" ", end + 1)] in nobodys:
        return None
    found = _FOREIGN.match(flat, _after_country(flat, end, gaz) if flat.startswith(" of ", end) else end)
    if found is None:
        return None
    tokens = []
    for token in found.group(1).split():
        if token in nobodys or (token.isupper() and _is_acronym(token)):
            break
        tokens.append(token)
        if token.endswith(("'s", "s'")):
            break
    name = " ".join(tokens).removesuffix("'s").removesuffix("'")
    if not name or len(tokens) > 5 or (len(tokens) == 1 and not _names_alone(flat[start:end])):
        return None
    if _is_other(name, tokens, gaz) or (len(tokens) == 1 and name in words("person", "surnames")):
        return None
    begin = found.start(1)
    return Span(begin, begin + len(name), "person", identify(name, "person", gaz), "titled_name")


_OF_COUNTRY = pattern("title_country")
_OF_REGION = pattern("title_region")


def _after_country(flat: str, end: int, gaz: Gazetteer) -> int:
    """The end of "of <country>" or "of <region>" after a title that ends at `end`, else `end`."""
    found = _OF_COUNTRY.match(flat, end)
    if found is None:
        return end
    for name in (found.group(1), found.group(1).split(" ")[0]):
        if name in gaz.demonyms:
            return found.start(1) + len(name)
    region = _OF_REGION.match(flat, end)
    return region.end() if region else end


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


def _speaking(flat: str, at: int, gaz: Gazetteer) -> Span | None:
    """A name before a verb of saying at `at`."""
    end = at - 1
    return _person(_words_before(flat, end), end, gaz) if _is_capital(flat, end) else None


def _explained(flat: str, at: int, gaz: Gazetteer) -> Span | None:
    """A name explained by what follows, to an office at `at`: "Peter Smith, an economist at ..."."""
    comma = flat.rfind(", ", at - 50 if at > 50 else 0, at)
    if comma < 0 or flat.count(" ", comma + 2, at) > _EXPLAINING or not _is_capital(flat, comma):
        return None
    tokens = flat[at - 90 if at > 90 else 0 : comma].rsplit(" ", _NAME_LENGTH)
    if len(tokens) < 2 or tokens[-2].islower():
        return None
    begin = comma - len(" ".join(tokens[-_NAME_LENGTH:]))
    found = _APPOSED.search(flat[begin:at])
    return _person(found.group(1).split(), begin + found.end(1), gaz) if found else None


def _person(tokens: list[str], end: int, gaz: Gazetteer) -> Span | None:
    """The name that ends at `end` with all of `tokens` but what opens a sentence; None if it is nobody's."""
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
    ids = _of_initials(tokens, gaz) or identify(name, "person", gaz)
    return Span(end - len(name), end, "person", ids, "explained_name")


def _of_initials(tokens: list[str], gaz: Gazetteer) -> tuple[str, ...]:
    """The people of the tables who go by the last of `tokens` alone and begin like the initial before it."""
    if not tokens[0].endswith("."):
        return ()
    found = gaz.keys.get(key_of(tokens[-1]), ())
    return tuple(i for k, i in found if k == "person" and gaz.people[i]["name"].startswith(tokens[0][:-1]))


def _is_capital(flat: str, end: int) -> bool:
    """Whether the word that ends at `end` begins with a capital."""
    return end > 0 and flat[flat.rfind(" ", 0, end) + 1].isupper()


def _words_before(flat: str, end: int) -> list[str]:
    """The two to four words of a name that end at `end`; none if it is no name."""
    tokens: list[str] = []
    for token in reversed(flat[max(0, end - 60) : end].split(" ")[-5:]):
        if not _WORD.match(token):
            break
        tokens.insert(0, token)
    return tokens if 2 <= len(tokens) <= 4 and not tokens[-1].endswith(".") else []
