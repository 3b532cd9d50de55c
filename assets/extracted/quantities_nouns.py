"""What a number counts or measures, read from the words behind and before it."""

from __future__ import annotations

import re

_WORD = re.compile(r"(?:\s+|-)([A-Za-z][\w'’]*(?:-[A-Za-z][\w'’]*)*)")
_STOP = frozenset(
    """
    a an the this that these those its his her their our my your and or but nor so as at by for from in into of off on
    onto out over per than then through to toward towards under until up upon via with within without while whereas is
    are was were be been being am has have had having do does did will would shall should can could may might must not
    no if when where which who whom whose what why how because since before after during between among about against
    around across along including also only even just still yet too very more less most least each every all both any
    some such here there it he she they we you i them him us me said says say respectively compared was according
    """.split()  # noqa: SIM905 - a long list of words reads best as words
)
_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth",
    "cattle": "cattle", "sheep": "sheep", "fish": "fish", "aircraft": "aircraft", "servicemen": "serviceman",
    "servicewomen": "servicewoman", "personnel": "personnel", "fishermen": "fisherman", "livestock": "livestock",
    "poultry": "poultry", "media": "medium", "species": "species", "series": "series", "staff": "staff",
    "housewives": "housewife", "lives": "life", "wives": "wife", "knives": "knife", "halves": "half", "leaves": "leaf",
    "criteria": "criterion", "phenomena": "phenomenon", "dead": "dead", "policemen": "policeman", "mice": "mouse",
    "workmen": "workman", "businessmen": "businessman", "spokesmen": "spokesman", "troops": "troop", "viruses": "virus", "buses": "bus", "campuses": "campus", "bonuses": "bonus",
}  # fmt: skip
_NOT_PLURAL = frozenset(
    "as is was has his its this thus us plus yes less across gas bus news always perhaps besides towards afterwards "
    "previous various famous serious numerous gigantic glorious precious religious industrious "
    "makes goes does says gives takes comes shows needs uses means works stands remains plans becomes".split()
)  # fmt: skip
_VERB_ENDING = ("ed", "ly")
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
    if lowered.endswith(("ches", "shes", "sses", "xes", "zes")):
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
        if word.lower() in _STOP:
            break
        words.append(match)
        position = match.end()
        if is_one and len(words) == 1 and not _is_adjective(word):
            break
        if is_plural(word):
            return _with_conjoined(text, words)
        if word.endswith(("'s", "’s", "s'", "s’")):
            return None
    return _singular_phrase(text, words, end) if words and (is_one or text[end : end + 1] == "-") else None


def _is_adjective(word: str) -> bool:
    return word.endswith(("ful", "ous", "ive", "ern", "able")) or word in _COMMON_ADJECTIVES


_COMMON_ADJECTIVES = frozenset("new big small large great more other single good major young old modern whole".split())


def _singular_phrase(text: str, words: list[re.Match[str]], end: int) -> tuple[str, int] | None:
    """A number of one, or one bound to its noun by a hyphen (three-stage, four-member)."""
    hyphened = text[end : end + 1] == "-"
    kept = words[:1] if hyphened else words
    phrase = " ".join(m[1] for m in kept)
    if phrase.endswith(_VERB_ENDING) and not hyphened:
        return None
    return phrase, kept[-1].end()


_JOINED = (re.compile(r"\s+(and|or)\s+([a-z]+)\b"), re.compile(r"\s+(and|or)\s+[a-z]+\s+([a-z]+)\b"))


def _with_conjoined(text: str, words: list[re.Match[str]]) -> tuple[str, int]:
    """The phrase up to its plural, and a second plural joined to it ("cities and counties")."""
    phrase = " ".join([*(m[1] for m in words[:-1]), singular(words[-1][1])])
    end = words[-1].end()
    for pattern in _JOINED:
        joined = pattern.match(text, end)
        if joined and len(words) == 1 and is_plural(joined[2]) and joined[2] not in _STOP:
            return f"{phrase} {joined[1]} {singular(joined[2])}", joined.end(2)
    return phrase, end


_OF = re.compile(
    r"\s+of\s+((?:(?:the|its|their|his|high-quality)\s+)?[A-Za-z][\w'’-]*(?:\s+(?!(?:in|for|to|from|at|by|with|and|or|but|were|was|is|are|have|has|had|will|on|over|during|through|within|which|that|as|while|via|every|each|per|a|an|the|under|after|into|this|last|next|respectively|went|goes|go|gone|received|made|should|must|could|per|so)\b)[A-Za-z][\w'’-]*){0,4})"
)
_SUBJECT_END = re.compile(
    r"[,;:()\[\]\"“”—–\x00]|--|\b(?:while|but|that|whereas|as|which|who|when|where|because|said|noted)\b", re.IGNORECASE
)
_LEADING = re.compile(r"^(?:\s|['’]s\b|and\b|the\b|a\b|an\b|its\b|their\b|his\b|each\b|all\b|\W)+", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"(?:\s+(?:is|are|was|were|has|have|had|been|be|will|would|should|to|expected|set|due|planned|scheduled|also|it|only|just|further|on|by|at))+$",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"(?:of|in|for|with|to|by|at|on|from|into|is|are|was|were|has|have|had|it|they|he|she|we|there|this|these|those|them|will|would|not|also|then|so|or|after|before|since|during|under|over|than|both|\w+ing|\w+ed)\b",
    re.IGNORECASE,
)
_NAMED_BEFORE = re.compile(r"((?:[A-Za-z][\w'’-]*\s+){1,4})of\s*$")
_LINKING = re.compile(
    r"\b(?:reach(?:ed|es|ing)|totall?(?:ed|ing|s)|amount(?:ed|s|ing)\s+to|stood\s+at|stands\s+at|is|was|are|were|weigh(?:s|ed|ing)|"
    r"measur(?:es|ed|ing)|cover(?:s|ed|ing)|cost(?:s|ing)?|came\s+to|comes\s+to)\s*$",
    re.IGNORECASE,
)
_SUBJECT_MAX = 12


def measured_after(text: str, end: int) -> str | None:
    """The words of "of ..." right behind a unit: what the amount is an amount of."""
    match = _OF.match(text, end)
    words = re.sub(r"\s+", " ", _LEADING.sub("", match[1])) if match else ""
    return None if words.split(" ")[-1] in {"", "amount", "that", "them", "it", "those", "end", "us"} else words


def modified_after(text: str, end: int) -> str | None:
    """The noun a hyphenated amount stands before: the furnace of a 100-ton electric furnace."""
    words: list[str] = []
    position = end
    while len(words) < _MAX_WORDS and (match := _WORD.match(text, position)) and match[1].lower() not in _STOP:
        words.append(match[1])
        position = match.end()
        if is_plural(match[1]):
            break
    return " ".join(words) or None


def named_before(text: str, start: int) -> str | None:
    """The noun of "a floor space of" before the amount, or the subject of a linking verb right before it."""
    head = text[:start]
    if match := _NAMED_BEFORE.search(head):
        words = match[1].split()
        kept = next((i for i in range(len(words), 0, -1) if words[i - 1].lower() in _STOP), 0)
        kept_words = [w for w in words[kept:] if w != "matter"]
        return " ".join(kept_words) if kept_words and not kept_words[-1].endswith(_VERB_ENDING) else None
    linking = _LINKING.search(head)
    return subject_before(text, linking.start()) if linking else None


def subject_before(text: str, cue: int, begin: int = 0) -> str | None:
    """The words before the verb at `cue`, back to the last break or to `begin`: the thing that rose, fell or was carried out."""
    head = text[begin:cue].rstrip()
    breaks = [m.end() for m in _SUBJECT_END.finditer(head)]
    words = _LEADING.sub("", head[breaks[-1] if breaks else 0 :]).split()
    phrase = _AUXILIARY.sub("", " " + " ".join(words)).strip(" ,.")
    return phrase if phrase and len(words) <= _SUBJECT_MAX and not _NO_SUBJECT.match(phrase) else None
