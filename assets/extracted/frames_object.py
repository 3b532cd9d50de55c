"""The words a frame is about: the noun phrase of a subject or object, without amounts, articles and adverbials, and
what a bare "the hospital", "it" or "construction" stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assets.extracted.document import Row
from assets.extracted.frames_patterns import pattern

_LONGEST, _SHORTEST = 100, 25
_QUOTES = {ord(c): None for c in '"“”'}
_NEAR = 400  # characters before in which the thing meant is looked for first


def noun_phrase(text: str, *, of_plan: bool = True) -> str:
    """The noun phrase that `text` begins with: without articles, amounts, adverbials and, with `of_plan`, "plan for",
    cut to about a hundred characters at a modifier; empty where `text` begins with no noun phrase."""
    phrase = pattern("scene").sub("", text.translate(_QUOTES).strip(), 1)
    if pattern("adverbial_phrase").match(phrase):
        return ""
    phrase = pattern("noun_phrase_tail").sub("", " " + phrase, 1).strip()
    phrase = _without_lead(phrase)
    if of_plan and (plan := pattern("plan_for").match(phrase)):
        phrase = _without_lead(phrase[plan.end() :])
    if len(phrase) > _LONGEST:
        cuts = [m.start() for m in pattern("modifier").finditer(phrase) if m.start() <= _LONGEST]
        phrase = phrase[: cuts[-1] if cuts and cuts[-1] > _SHORTEST else phrase.rfind(" ", 0, _LONGEST)]
    phrase = pattern("dangling").sub("", phrase).strip(" ,;:")
    return "" if pattern("no_noun").fullmatch(phrase) else phrase


def _without_lead(phrase: str) -> str:
    return pattern("noun_phrase_lead").sub("", phrase, 1).strip(" ,;:.“”\"'")


@dataclass(frozen=True, slots=True)
class Named:
    """Something built or run that a text names in full: where, its noun and the words."""

    start: int
    head: str
    name: str

    def is_many(self) -> bool:
        """The noun is plural."""
        return self.name.lower().endswith("s")


def things_named(text: str, mentions: Sequence[Row]) -> list[Named]:
    """The facilities that the text names in full, in order: mentions of organizations and places that end with a noun
    of building, and such nouns with a describing word before them."""
    found = [*_mentioned(text, mentions), *_described(text)]
    return sorted(found, key=lambda n: (n.start, -len(n.name)))


def _mentioned(text: str, mentions: Sequence[Row]) -> Iterator[Named]:
    for m in mentions:
        name = text[m["start_char"] : m["end_char"]]
        if m["entity_kind"] in ("organization", "place") and (head := pattern("facility_name").search(name)):
            yield Named(m["start_char"], _singular(head.group("head")), " ".join(name.split()))


def _described(text: str) -> Iterator[Named]:
    for m in pattern("facility").finditer(text):
        words = m.group("words").split()
        kept = len(words)
        while kept and not pattern("no_describing_word").fullmatch(words[kept - 1]):
            kept -= 1
        describing = words[kept:]
        if any(not pattern("empty_describing_word").fullmatch(w) for w in describing) and not _in_title(
            text, m.start()
        ):
            name = " ".join([*describing, m.group("head")]).replace("’s ", " ").replace("'s ", " ")
            yield Named(m.start("head"), _singular(m.group("head")), name)


def _in_title(text: str, at: int) -> bool:
    """The line that holds `at` is no sentence: it ends without a stop."""
    end = text.find("\n", at)
    return end >= 0 and text[at:end].rstrip()[-1:] not in '.!?:;,”"'


def _singular(head: str) -> str:
    small = head.lower()
    return small[:-3] + "y" if small.endswith("ies") else small.rstrip("s")


def meant(phrase: str, raw: str, named: Sequence[Named], offset: int, *, many: bool = False) -> str | None:
    """What `phrase`, printed as `raw` at `offset`, stands for: a bare noun of building for the one thing of that noun
    named before it, a pronoun or "the project" for the one thing named before at all. A definite phrase that could be
    several things is None; any other phrase stays. With `many` only things in the plural are meant."""
    if many:
        return _only([n for n in named if n.start < offset and n.is_many()], offset)
    if pattern("takes_up_anything").fullmatch(phrase) or not phrase:
        return _only([n for n in named if n.start < offset], offset)
    bare = pattern("bare_facility").fullmatch(phrase)
    if not bare or pattern("counted").match(raw):
        return phrase
    head, many = _singular(bare.group("head")), bare.group("head").lower().endswith("s")
    found = _only([n for n in named if n.start < offset and n.head == head and n.is_many() == many], offset)
    return found or (None if pattern("definite").match(raw.strip()) else phrase)


def _only(named: Sequence[Named], offset: int) -> str | None:
    """The one name there is, near before `offset` or in the whole text before it."""
    for candidates in ([n for n in named if n.start >= offset - _NEAR], named):
        names = {_singular(n.name): n.name for n in candidates}
        longest = [n for n in names if not any(n != o and o.endswith(n) for o in names)]
        if len(longest) == 1:
            return names[longest[0]]
    return None
