"""Names known by how they are built: "<words> Factory", "Ministry of <words>", "<A> and <B> knitting mills"."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from operator import attrgetter

from assets.extracted.entities.gazetteer import Gazetteer, Hit
from assets.extracted.entities.known import Known
from assets.extracted.entities.span import Span, slug, unglued
from assets.extracted.entities.words import Head, heads, key_of, lists, pattern, spelled, words

_REACH = 110
_REMEMBERED = 1 << 16
"""Names whose ids are kept at hand: the same ones recur from document to document."""
_LONGEST = 10
_NUMBER = re.compile(r"\d{1,3}(?:st|nd|rd|th)?$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_ENDS = tuple(',;:.!?"”“)]»')
_OPENS = "\"“(['«"
_ABBREVIATIONS = frozenset({"Mt.", "No.", "St.", "C.C.", "U.S.", "S.", "N."})
_AFTER = pattern("after_institution")
_SUFFIX = pattern("number_after")
_OF_MEMBERS = pattern("of_members")
_MEMBER = r"(?:[A-Z][\w'.-]* ){0,2}[A-Z][\w'.-]*"
_MEMBERS = pattern("members")
_WITH_OTHERS = pattern("members_and_others")


def named(flat: str, text: str, hit: Hit, known: Known, gaz: Gazetteer) -> list[Span]:
    """The names that end with, or begin at, the head word of `hit`; for a list, one for each member."""
    at, end, cue = hit
    head = cue.head
    if head is None:
        return []
    whole = known.starts.get(end, at)
    start = _left(flat, text, at, whole, head, known)
    works = head.group == "enterprise"
    if works and head.plural and head.lower and (others := _with_others(flat, start, hit, head, gaz)):
        return others
    end = _end(flat, start, hit, head, gaz, known.owners)
    if end == hit[1] and start in (at, whole):
        return []
    if not head.kind:
        return [Span(start, end, "", (), "other_name")]
    listed = _listed(flat, start, hit, end, head, gaz) if head.plural and head.group in _MAY_BE_LISTED else []
    if head.plural and head.group == "place":
        return listed if _could_be_korean(flat, listed) else []
    sure = listed and (head.lower or _could_be_korean(flat, listed))
    if not sure and not _says_which(flat[start:at], flat[hit[1] : end], head):
        return [Span(start, end, head.kind, (), "enterprise_name")] if works and not head.lower else []
    if head.lower and not _is_local(flat[start:at], gaz, listed):
        return []
    if listed:
        return listed
    if not head.plural and head.group in _MAY_BE_KNOWN:
        start = _known_from(flat, start, hit, end, head, gaz)
    own = _name(flat, start, hit, end, head)
    return [Span(start, end, head.kind, _ids(own, head, gaz), f"{head.group}_name")]


def _ids(own: str, head: Head, gaz: Gazetteer) -> tuple[str, ...]:
    """The ids of a name built on `head`; a local committee of the party has one id whether the party is spelled out."""
    if head.word == "Committee" and (local := _OF_THE_PARTY.search(own)):
        own = f"{own[: local.start()]} of the WPK"
        return tuple(i for k, i in gaz.keys.get(key_of(own), ()) if k == head.kind) or (slug(own),)
    return identify(own, head.kind, gaz)


_MAY_BE_GLUED = frozenset({"institution", "place"})
_MAY_BE_LISTED = frozenset({"enterprise", "place"})
_MAY_BE_KNOWN = frozenset({"outlet", "enterprise"})


def _end(flat: str, start: int, hit: Hit, head: Head, gaz: Gazetteer, owners: set[int]) -> int:
    """Where the name from `start` with the head word of `hit` ends: its number, members or field may follow."""
    at, end, _ = hit
    after: re.Match[str] | None = None
    if head.group == "institution":
        if head.word == "Committee" and flat.startswith(" of ", end) and flat[start:at].endswith(_LOCAL):
            after = _OF_THE_PARTY.match(flat, end)
        if after:
            return after.end()
        return _right(flat, start, hit, gaz, owners) if not head.plural and flat.startswith(_FIELD, end) else end
    if head.group == "enterprise" and not head.lower:
        after = _SUFFIX.match(flat, end)
    elif head.group == "unit" and start < at:
        after = _OF_MEMBERS.match(flat, end)
    return after.end() if after else end


_FIELD = (" of ", " for ")
_LOCAL = tuple(f" {word} " for word in words("words", "local"))
_OF_THE_PARTY = pattern("of_the_party")


def join_bodies(flat: str, built: list[Span], known: list[Span], gaz: Gazetteer) -> None:
    """Let a name that begins within a known body's begin where that does ("<the party's name> Publishing House")."""
    names = [s for s in built if s.kind == "organization" and not s.listed]
    if not names:
        return
    bodies = sorted([s for s in known if s.kind == "organization"], key=_START)
    starts = [s.start for s in bodies]
    for span in names:
        before = bisect_left(starts, span.start)
        for body in bodies[max(0, before - _NESTED) : before]:
            if body.start < span.start < body.end < span.end and " " in flat[body.start : body.end]:
                span.start = body.start
                span.ids = identify(flat[span.start : span.end], span.kind, gaz)


_START = attrgetter("start")
_NESTED = 4
"""How many names of bodies begin before one place and stand inside one another at most."""


def _known_from(flat: str, start: int, hit: Hit, end: int, head: Head, gaz: Gazetteer) -> int:
    """Where a known name begins within the words before a head ("Newspaper <name>"), else `start`."""
    at = start
    while at < hit[0]:
        if key_of(_name(flat, at, hit, end, head)) in gaz.keys:
            return at
        at = flat.find(" ", at) + 1
    return start


def identify(name: str, kind: str, gaz: Gazetteer) -> tuple[str, ...]:
    """The reference ids of a name in whatever spelling, else the id made from it."""
    found = gaz.identified.get((name, kind))
    if found is None:
        whole = unglued(name)
        known = tuple(i for k, i in gaz.keys.get(key_of(whole), ()) if k == kind)
        found = known or (slug(spelled(whole)),)
        if len(gaz.identified) >= _REMEMBERED:
            gaz.identified.clear()
        gaz.identified[name, kind] = found
    return found


def _name(flat: str, start: int, hit: Hit, end: int, head: Head) -> str:
    return flat[start : hit[0]] + (head.singular if head.plural or head.lower else head.word) + flat[hit[1] : end]


def _left(flat: str, text: str, at: int, whole: int, head: Head, known: Known) -> int:
    """Where the name begins whose head stands at `at`, in a known name from `whole`: `at` itself if nothing before
    belongs to it. A known name that markup left stuck to the head does ("Kim Il SungUniversity")."""
    if whole < at and _part_of_name(_token_before(flat, text, whole)[0]) == "never":
        return whole
    taken: list[tuple[int, str]] = []
    right = at
    while len(taken) < _LONGEST:
        token, start = _token_before(flat, text, right)
        part = _part_of_name(token)
        if part != "always" and (part == "never" or not _belongs(part, token, flat, text, start, taken, head)):
            break
        if token[0] in _OPENS:
            core = token.lstrip(_OPENS)
            taken.append((start + len(token) - len(core), core))
            break
        taken.append((start, token))
        right = start
    if taken:
        return _trimmed(taken, at, head)
    return known.starts.get(at, at) if head.group in _MAY_BE_GLUED else at


def _token_before(flat: str, text: str, right: int) -> tuple[str, int]:
    """The word that ends before `right` in the same line, and where it begins; "" if none does within reach."""
    end = right - 1
    while end > 0 and flat[end] == " " and text[end] != "\n":
        if flat[end - 1] != " ":
            space = flat.rfind(" ", end - _REACH if end > _REACH else 0, end)
            return ("", right) if space < 0 and end > _REACH else (flat[space + 1 : end], space + 1)
        end -= 1
    return "", right


def _belongs(part: str, token: str, flat: str, text: str, at: int, taken: list[tuple[int, str]], head: Head) -> bool:
    """Whether a small word, at `at`, can stand in a name before the words `taken` already (nearest the head first)."""
    if part == "and":
        trades = words("words", "trades")
        nearest = taken[-1][1] if taken else head.word
        return nearest in trades and _token_before(flat, text, at)[0].rstrip(",") in trades
    return (head.lower or "-" in token) and not any(t[0].isupper() for _, t in taken)


@lru_cache(maxsize=_REMEMBERED)
def _part_of_name(word: str) -> str:
    """Whether a word can stand in a name: "always", "never", or between or before certain words ("and", "trade")."""
    token = word.lstrip(_OPENS)
    if not token:
        return "never"
    if token.endswith(_ENDS) and token not in _ABBREVIATIONS:
        return "never"
    if token[0].isupper():
        if token in words("words", "closing") or token in words("words", "breakers"):
            return "never"
        possessive = token.endswith(("'s", "s'", "'"))
        return "always" if not possessive or token in words("words", "possessives") else "never"
    if _NUMBER.match(token):
        return "always"
    if token in {"and", "&"}:
        return "and"
    if token in words("words", "possessives"):
        return "always"
    return "trade" if _is_trade(token) else "never"


@cache
def _trades() -> frozenset[str]:
    return frozenset(p.lower() for w in words("words", "trades") for p in (w, *w.split("-")))


def _is_trade(token: str) -> bool:
    return all(part.lower() in _trades() for part in token.split("-"))


def _trimmed(taken: list[tuple[int, str]], at: int, head: Head) -> int:
    """The start of the name of the words `taken` (nearest the head first) once words that only stand before it are
    cut off; `at` if none is left."""
    cut = _cut(head.group)
    while taken:
        start, word = taken[-1]
        if word not in cut and not word[0].isdigit():
            return start
        number = _NUMBER.match(word) is not None
        if word in _MONTHS and len(taken) > 2 and _NUMBER.match(taken[-2][1]):
            return start
        if number and head.group in {"unit", "enterprise"} and not head.plural and len(word) > 2:
            return start
        if number or word in _BEFORE_NAMES or _YEAR.match(word):
            if word == "General":
                return start
        elif "dollar" in head.word or word not in _not_of(head.group) or len(taken) == 1:
            return start
        taken.pop()
    return at


_MONTHS = words("words", "months")
_BEFORE_NAMES = words("words", "openers") | _MONTHS | {"and", "&", "DPRK"}


@cache
def _cut(group: str) -> frozenset[str]:
    """The words that may have to be cut off on the left of a name whose head is of `group`."""
    return _BEFORE_NAMES | _not_of(group)


@cache
def _not_of(group: str) -> frozenset[str]:
    """Words for a country or the party that do not belong to the name of a place, an outlet or an occasion."""
    demonyms = lists()["demonyms"]
    if group == "place":
        return frozenset({"Korean", *(name for name in demonyms if " " not in name)})
    if group not in {"outlet", "other"}:
        return frozenset()
    adjectives = (w for name in demonyms for w in name.split())
    return frozenset({*adjectives, "Korean", "South", "North", "Korea", "U.S.", "WPK", "Party", "China", "DPRK"})


def _right(flat: str, start: int, hit: Hit, gaz: Gazetteer, owners: set[int]) -> int:
    """Where an institution's name ends that goes on with "of ..." or "for ...": before the body it belongs to."""
    end = hit[1]
    after = _AFTER.match(flat, end)
    if after is None:
        return end
    stop = after.end()
    whole = key_of(flat[start:stop]) in gaz.keys
    for owner in _OWNED_BY.finditer(flat, end, stop):
        at, owned = owner.span()
        if owned in owners and (not whole or at > end or key_of(flat[start:at]) in gaz.keys):
            country = _country_at(flat, owned, gaz)
            if country == "dprk" or (
                (country is None or flat[hit[0] : end] in words("words", "government"))
                and flat[start:at] not in lists()["short"]["names"]
            ):
                stop, whole = at, False
                break
        if owner.group().startswith(" and ") and _ends_before(flat, end, at, owned, stop):
            stop, whole = at, False
            break
    part = flat[end:stop].rstrip()
    if not whole:
        part = _known_part(flat[start:end], part, gaz)
    if part.endswith(_LOOSE):
        for word in _LOOSE:
            part = part.removesuffix(word)
    return end + len(part)


_LOOSE = ("'s", "'", "-", " and", " of", " for", " the", " with", ",")
"""With what no name ends; cut off in this order."""


_COUNTRY = re.compile(r"(?:(?:[A-Z]\.)+|[A-Z][\w']*)(?: (?:of (?:the )?)?[A-Z][\w']*)*")


def _country_at(flat: str, at: int, gaz: Gazetteer) -> str | None:
    found = _COUNTRY.match(flat, at)
    tokens = found.group().split(" ") if found else []
    for size in range(len(tokens), 0, -1):
        if country := gaz.demonyms.get(" ".join(tokens[:size]).removesuffix("'s")):
            return country
    return None


@cache
def _korean_word() -> re.Pattern[str]:
    return re.compile(rf"(?:{lists()['person']['syllable']}){{2,5}}", re.IGNORECASE)


def _ends_before(flat: str, end: int, at: int, owned: int, stop: int) -> bool:
    """Whether the field of an institution, from `end`, is over before "and" at `at`: another body or a person follows,
    or a comma stands there that is no list's."""
    lone_comma = flat[at - 1] == "," and flat.find(",", end, at - 1) < 0
    return lone_comma or _has_head(flat[owned:stop]) or _korean_person().match(flat, owned) is not None


@cache
def _korean_person() -> re.Pattern[str]:
    person = lists()["person"]
    syllable = rf"(?=[A-Z])(?i:{person['syllable']})"
    return re.compile(rf"(?:{'|'.join(person['surnames'])}) {syllable} {syllable}(?![\w-])")


def _has_head(part: str) -> bool:
    return any((head := heads().get(t)) and head.kind == "organization" for t in part.split())


def _known_part(name: str, part: str, gaz: Gazetteer) -> str:
    """`part` cut after the words with which the name is a known one ("Workers' Party of Korea Decides")."""
    tokens = part.split(" ")
    for kind, _ in gaz.keys.get(key_of(part.removeprefix(" of ")), ()):
        if kind == "place":
            return part
    if key_of(name) not in gaz.continued:
        return part
    for size in range(len(tokens) - 1, -1, -1):
        if size == 1 or tokens[size] in {"and", "&"} or (size and tokens[size - 1].endswith(",")):
            continue
        known = " ".join(tokens[:size])
        if key_of(name + known) in gaz.keys and not _has_head(" ".join(tokens[size:])):
            return known
    return part


_OWNED_BY = pattern("owned_by")


def _says_which(before: str, after: str, head: Head) -> bool:
    """Whether the words beside the head name one body and not any of its kind."""
    institution, works = head.group == "institution", head.group == "enterprise"
    if institution and (after or head.plural):
        return bool(after)
    tokens = before.split()
    if head.word == "Party":
        return not _NOT_PARTY.issuperset(tokens)
    if works and head.plural and not [t for t in tokens if t not in _GENERIC and _is_trade(t)]:
        return False
    generic = _GENERIC_OF_WORKS if works and not head.plural else _GENERIC
    for token in tokens:
        if token[0].isupper() and token not in generic:
            return True
    return (works or head.group == "unit") and _DIGIT.search(before) is not None


_NOT_PARTY = words("words", "not_party")
_GENERIC = words("words", "generic") | {"and", "&", "of"}
_GENERIC_OF_WORKS = _GENERIC | words("words", "trades")
_DIGIT = re.compile(r"\d")


def _is_local(before: str, gaz: Gazetteer, listed: list[Span]) -> bool:
    """Whether a name with a small head word begins with a Korean place and goes on with what it makes.

    In a list ("Saha and Hyongje farms") a name that could be Korean is enough.
    """
    tokens = before.split()
    capital = [t for t in tokens if t[0].isupper()]
    if not capital or (len(capital) == len(tokens) and not listed):
        return False
    if listed and all(_korean_word().fullmatch(t) for t in capital):
        return True
    return any(
        k == "place" and gaz.places.get(i, {}).get("country") == "KP" for k, i in gaz.keys.get(key_of(capital[0]), ())
    )


def _listed(flat: str, start: int, hit: Hit, end: int, head: Head, gaz: Gazetteer) -> list[Span]:
    """One span per member of "A, B and C knitting mills": each from its own name to the shared end."""
    if not flat.endswith(" and ", 0, start):
        return []
    begin = max(0, start - _REACH)
    found = _MEMBERS.search(flat[begin:start])
    if found is None:
        return []
    last = flat[start : hit[0]]
    shared = _shared(last, gaz)
    spans = [Span(start, end, head.kind, identify(last + head.singular, head.kind, gaz), "listed_name", True)]
    for member in re.finditer(_MEMBER, found.group(2)):
        own = member.group()
        while own.split(" ")[0] in words("words", "openers"):
            own = own.partition(" ")[2]
        if not own or own.split(" ")[-1] in heads():
            continue
        name = f"{own} {shared}{head.singular}"
        at = begin + found.start(2) + member.end() - len(own)
        spans.append(Span(at, end, head.kind, identify(name, head.kind, gaz), "listed_name", True))
    return spans


def _could_be_korean(flat: str, listed: list[Span]) -> bool:
    """Whether all members of a list begin with a word that could be a Korean name and is no common one."""
    firsts = (flat[s.start : s.end].partition(" ")[0].rstrip(",") for s in listed)
    return all(_korean_word().fullmatch(first) and first not in _COMMON for first in firsts)


_COMMON = (
    words("words", "generic") | words("words", "trades") | words("words", "openers") | {"Korean", *lists()["demonyms"]}
)

_OTHERS = (" other ", " hydro ", " hydro-")
"""With what the text before a head ends where others of its kind are counted among those named before."""


def _with_others(flat: str, start: int, hit: Hit, head: Head, gaz: Gazetteer) -> list[Span]:
    """One span per member of "A, B and other thermal power plants", if all of them could be Korean places."""
    if not flat.endswith(_OTHERS, 0, start):
        return []
    begin = max(0, start - _REACH)
    found = _WITH_OTHERS.search(flat[begin:start])
    if found is None:
        return []
    spans = []
    for member in re.finditer(_MEMBER, found.group(1)):
        own = member.group()
        while own.split(" ")[0] in words("words", "openers"):
            own = own.partition(" ")[2]
        if not own or not all(_korean_word().fullmatch(t) for t in own.split()):
            return []
        at = begin + found.start(1) + member.end() - len(own)
        ids = identify(f"{own} {flat[start : hit[0]]}{head.singular}", head.kind, gaz)
        spans.append(Span(at, hit[1], head.kind, ids, "listed_name", True))
    return spans


def _shared(last: str, gaz: Gazetteer) -> str:
    """The words of the last member that the others share: all but the place or first word it begins with."""
    tokens = last.split()
    small = [i for i, t in enumerate(tokens) if t[0].islower()]
    if small:
        return " ".join(tokens[small[0] :]) + " "
    for size in (3, 2, 1):
        if any(k == "place" for k, _ in gaz.keys.get(key_of(" ".join(tokens[:size])), ())):
            return "".join(t + " " for t in tokens[size:])
    return "".join(t + " " for t in tokens[1:])
