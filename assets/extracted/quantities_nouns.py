"""What a number counts or measures, read from the words behind and before it."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

from assets.extracted.rules import rules

_PATTERN = {r.name: r.pattern for r in rules("quantities_words")}
_WORDS: dict[str, Any] = tomllib.loads(
    (files("assets.extracted.rules") / "quantities_words.toml").read_text(encoding="utf-8")
)
_WORD = re.compile(r"(?:\s+|-)([A-Za-z][\w'’]*(?:-[A-Za-z][\w'’]*)*)")
_STOP = frozenset(_WORDS["words"]["ends_phrase"])
_IRREGULAR: dict[str, str] = _WORDS["singulars"]
_NOT_PLURAL = frozenset(_WORDS["words"]["not_plural"])
_VERB_ENDING = ("ed", "ly")
_VERBS_TOO = re.compile(r"(?:lives|leaves)\s+(?:in|at|on|with|for|by|an?|the|under|behind|its|his|her)\b", re.I)
"""Plural nouns that, behind another noun and with this after them, are verbs."""
_DIMENSION = frozenset(_WORDS["words"]["of_dimension"])
_ENDS_TIME = frozenset(_WORDS["words"]["ends_time"])
_ADJECTIVES_JOINED = re.compile(r"\s+[a-z-]+\s+[a-z-]+(?:s|ren|men|ople)\b")
"""Behind "and" between adjectives of one noun (cozy and modern houses)."""
_NEVER_COUNTED = frozenset(_WORDS["words"]["never_counted"])
_MAX_WORDS = 5


def singular(noun: str) -> str:
    """The singular of a regular or listed plural noun; another word comes back as it is."""
    lowered = noun.lower()
    if lowered in _IRREGULAR:
        return _IRREGULAR[lowered]
    if not is_plural(noun):
        return noun
    if lowered.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if lowered.endswith(("ches", "shes", "sses", "xes", "zes", "oes")) and lowered != "shoes":
        return noun[:-2]
    return noun[:-1]


def is_plural(word: str) -> bool:
    """The word looks like a plural noun."""
    lowered = word.lower()
    if lowered in _IRREGULAR:
        return True
    return (
        len(lowered) > 2
        and lowered.endswith("s")
        and not lowered.endswith(("ss", "us", "is", "ous", "'s", "’s"))
        and lowered not in _NOT_PLURAL
    )


def counted_after(text: str, end: int, is_one: bool) -> tuple[str, int] | None:
    """The noun phrase that a number ending at `end` counts, in the singular, and where the phrase ends.

    None where what follows does not look like a counted noun.
    """
    words: list[re.Match[str]] = []
    position = end
    while len(words) < _MAX_WORDS and (match := _WORD.match(text, position)):
        word = match[1]
        if not words and word.lower() == "more" and not text.startswith(" than", match.end()):
            position = match.end()
            continue
        if word == "and" and words and _ADJECTIVES_JOINED.match(text, match.end()):
            words.append(match)
            position = match.end()
            continue
        if word.lower() in _STOP or (words and _VERBS_TOO.match(text, match.start(1))):
            break
        words.append(match)
        position = match.end()
        if is_one and len(words) == 1 and word.lower() not in _IRREGULAR and is_plural(word):
            return None  # "one builds": a verb
        if is_one and len(words) == 1 and not _is_adjective(word):
            break
        if is_plural(word) and not _modifies(text, word, position):
            return _with_conjoined(text, words)
        if word.endswith(("'s", "’s", "s'", "s’")):
            return None
    return _singular_phrase(text, words, end) if words and (is_one or text[end : end + 1] == "-") else None


def _modifies(text: str, word: str, end: int) -> bool:
    """A noun with one form for both numbers that stands before a plural (fish farms)."""
    if _IRREGULAR.get(word.lower()) != word.lower():
        return False
    following = _WORD.match(text, end)
    return following is not None and is_plural(following[1]) and following[1].lower() not in _STOP


def _is_adjective(word: str) -> bool:
    return word.endswith(("ful", "ous", "ive", "ern", "able")) or word in _COMMON_ADJECTIVES


_COMMON_ADJECTIVES = frozenset(_WORDS["words"]["adjectives"])


def _singular_phrase(text: str, words: list[re.Match[str]], end: int) -> tuple[str, int] | None:
    """A number of one, or one bound to its noun by a hyphen (three-stage, four-member)."""
    hyphened = text[end : end + 1] == "-"
    kept = words[:1] if hyphened else words
    if kept[0][1].lower() in _NEVER_COUNTED:
        return None
    phrase = " ".join(m[1] for m in kept)
    if phrase.endswith(_VERB_ENDING) and not hyphened:
        return None
    return phrase, kept[-1].end()


_JOINED = (
    re.compile(r"\s+(and|or)\s+([a-z]+)\b"),
    re.compile(r"\s+(and|or)\s+(?![a-z]+(?:ed|ing)\b)[a-z]+\s+([a-z]+)\b"),
)
_BOTH = re.compile(r"\b(?:two|both|2)$", re.IGNORECASE)
"""Two of something are known by themselves: what "and" adds is not part of the count ("the two sides and guests")."""
_NUMBERS = frozenset({"tens", "dozens", "hundreds", "thousands", "millions", "billions", "scores"})


def _with_conjoined(text: str, words: list[re.Match[str]]) -> tuple[str, int]:
    """The phrase up to its plural, and a second plural joined to it ("cities and counties")."""
    phrase = " ".join([*(m[1] for m in words[:-1]), singular(words[-1][1])])
    end = words[-1].end()
    if len(words) > 1 or _BOTH.search(text, max(0, words[0].start() - 12), words[0].start()):
        return phrase, end
    for pattern in _JOINED:
        joined = pattern.match(text, end)
        if joined and is_plural(joined[2]) and joined[2] not in _STOP and joined[2] not in _NUMBERS:
            return f"{phrase} {joined[1]} {singular(joined[2])}", joined.end(2)
    return phrase, end


_OF = _PATTERN["of_what"]
_SUBJECT_END = _PATTERN["subject_break"]
_LEADING = _PATTERN["leading"]
_AUXILIARY = _PATTERN["auxiliary"]
_NO_SUBJECT = _PATTERN["no_subject"]
_NAMED_BEFORE = re.compile(r"((?:[A-Za-z][\w'’-]*\s+){1,4})of\s*$")
_LINKING = _PATTERN["linking"]
_SUBJECT_MAX = 12
_LONGEST_NAME, _LONGEST_VERB = 160, 40
"""Characters: where to look for what ends at an amount without reading the whole sentence before it."""


def measured_after(text: str, end: int) -> str | None:
    """The words of "of ..." right behind a unit: what the amount is an amount of."""
    match = _OF.match(text, end)
    words = re.sub(r"\s+", " ", _LEADING.sub("", match[1])) if match else ""
    return None if words.split(" ")[-1] in {"", "amount", "that", "them", "it", "those", "end", "us"} else words


def modified_after(text: str, end: int) -> str | None:
    """The noun a hyphenated amount stands before: the furnace of a 100-ton electric furnace."""
    words: list[str] = []
    position = end
    dimension = _WORD.match(text, end)
    if dimension and dimension[1].lower() in _DIMENSION:
        position = dimension.end()
    while len(words) < _MAX_WORDS and (match := _WORD.match(text, position)) and match[1].lower() not in _STOP:
        words.append(match[1])
        position = match.end()
        if is_plural(match[1]):
            break
    while words and words[-1].endswith(_VERB_ENDING):
        words.pop()
    return " ".join(words) if words and words[0].lower() not in _ENDS_TIME else None


def named_before(text: str, start: int) -> str | None:
    """The noun of "a floor space of" before the amount, or the subject of a linking verb right before it."""
    head = text[:start].rstrip()
    if head.endswith("of") and (match := _NAMED_BEFORE.search(head, max(0, len(head) - _LONGEST_NAME))):
        words = match[1].split()
        kept = next((i for i in range(len(words), 0, -1) if words[i - 1].lower() in _STOP), 0)
        kept_words = [w for w in words[kept:] if w != "matter"]
        return " ".join(kept_words) if kept_words and not kept_words[-1].endswith(_VERB_ENDING) else None
    linking = _LINKING.search(head, max(0, len(head) - _LONGEST_VERB))
    return subject_before(text, linking.start()) if linking else None


def subject_before(text: str, cue: int, begin: int = 0) -> str | None:
    """The words before the verb at `cue`, back to the last break or to `begin`: what rose, fell or was done."""
    head = text[begin:cue].rstrip()
    breaks = [m.end() for m in _SUBJECT_END.finditer(head)]
    words = _LEADING.sub("", head[breaks[-1] if breaks else 0 :]).split()
    phrase = _AUXILIARY.sub("", " " + " ".join(words)).strip(" ,.")
    return phrase if phrase and len(words) <= _SUBJECT_MAX and not _NO_SUBJECT.match(phrase) else None
