"""The subject of a verb of saying: noun phrases found by the borders of clauses, without a parser."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from assets.extracted.quotations.people import NAME, Span
from assets.extracted.rules import Rule, rules

_INNER_PRONOUN = re.compile(r"(?:^|\s)(he|she|they)(?=\s)", re.IGNORECASE)
_LONGEST = 16
_LONGEST_LOWER = 9
_TRAILING_WINDOW = 60
_CLAUSE_WINDOW = 400
_NEAR = 40
_RELATIVE = ("who", "which", "that")
_SUBJECTS = ("he", "she", "they", "it", "i", "we")


@cache
def cue(name: str) -> Rule:
    """The rule of cues.toml called `name`."""
    return next(r for r in rules("cues") if r.name == name)


@cache
def phrase(name: str) -> re.Pattern[str]:
    """The pattern of cues_phrases.toml called `name`."""
    return next(r.pattern for r in rules("cues_phrases") if r.name == name)


def ending(name: str, words: str) -> re.Match[str] | None:
    """What of the end of words the pattern called `name` matches."""
    needed = may_end(name, last_word(words))
    return phrase(name).search(words) if needed is not None and needed in words else None


def last_word(words: str) -> str:
    """The last of words, with what stands after it."""
    return words[words.rstrip().rfind(" ") + 1 :]


@lru_cache(maxsize=20_000)
def may_end(name: str, last: str) -> str | None:
    """What words with this last one must hold to end with what the pattern called `name` says; None if they cannot.

    The rule says with `leads` what may have to stand before the last word, which few words need asking for.
    """
    rule = next(r for r in rules("cues_phrases") if r.name == name)
    return next((needed for lead, needed in rule.options["leads"].items() if rule.pattern.search(lead + last)), None)


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without spaces, commas and opening conjunctions at its ends."""
    if lead := phrase("leading_words").match(text[start:end]):
        start += lead.end()
    while end > start and text[end - 1] in " \t\n,(":
        end -= 1
    return start, end


@lru_cache(maxsize=256)
def subject_before(text: str, start: int, at: int) -> Span | None:
    """The subject of the verb at `at`, looked for from it back to `start`; None where it is left out."""
    if at - start > _CLAUSE_WINDOW:
        start = at - _CLAUSE_WINDOW
    clause = text[start:at]
    if ("uot" in clause or "UOT" in clause) and (quoted := phrase("quoted_as").search(clause)):
        return trimmed(text, start + quoted.start("subject"), start + quoted.end("subject"))
    window = clause[-_TRAILING_WINDOW:]
    if trailing := ending("before_verb", window):
        clause = clause[: len(clause) - len(window) + trailing.start()]
    clause = clause.rstrip()
    end = start + len(clause)
    if clause.endswith(" to"):
        return None
    last = clause[-5:].lower()
    if last.endswith(_SUBJECTS) and (pronoun := phrase("end_pronoun").search(clause, max(0, len(clause) - _NEAR))):
        return start + pronoun.start("pronoun"), start + pronoun.end("pronoun")
    if last.endswith(_RELATIVE) and (relative := phrase("relative_pronoun").search(clause)):
        return _last_phrase(text, start, start + relative.start())
    if clause.endswith(","):
        return _before_apposition(text, start, end)
    return _nearest_phrase(text, start, end)


def _nearest_phrase(text: str, start: int, end: int) -> Span | None:
    """The noun phrase that ends at `end`: its border is mostly near."""
    borders = phrase("boundary")
    ends = [m.end() for m in borders.finditer(text, end - _NEAR if end - start > _NEAR else start, end)]
    if not ends and end - start > _NEAR:
        ends = [m.end() for m in borders.finditer(text, start, end)]
    return _cut(text, ends[-1] if ends else start, end)


def _last_phrase(text: str, start: int, end: int) -> Span | None:
    """The name or noun phrase right before a relative pronoun."""
    start = max(start, end - 90)
    match = phrase("final_phrase").search(text[start:end])
    return trimmed(text, start + match.start(), start + match.end()) if match else None


def _before_apposition(text: str, start: int, end: int) -> Span | None:
    """The noun phrase that an apposition between commas explains ("Ri, manager of the mine, said")."""
    offset = start
    for boundary in phrase("strong_boundary").finditer(text[start:end]):
        start = offset + boundary.end()
    offset = start
    for part in re.finditer(r"[^,]+(?:,\s(?:Jr|Sr)\.)?", text[start:end]):
        piece = text[offset + part.start() : offset + part.end()].strip() + ", "
        if phrase("adverbial").match(piece):
            continue
        if span := _cut(text, offset + part.start(), offset + part.end()):
            return span
    return None


def _cut(text: str, start: int, end: int) -> Span | None:
    """The noun phrase [start, end) begins with: cut before a verb; None if nothing that can speak is left."""
    found = _subject_in(text[start:end])
    return (start + found[0], start + found[1]) if found else None


@lru_cache(maxsize=20_000)
def _subject_in(clause: str) -> Span | None:
    """What a clause begins with that can speak: the same short phrases stand before verbs in text after text."""
    start, end = trimmed(clause, 0, len(clause))
    words = clause[start:end]
    if verb := phrase("verb_in_phrase").search(words):
        words = words[: verb.start()].rstrip(" ,")
    if pronoun := _INNER_PRONOUN.search(words):
        return start + pronoun.start(1), start + pronoun.end(1)
    length = len(words.split())
    if not 0 < length <= _LONGEST or phrase("not_a_subject").search(words):
        return None
    if phrase("phrase_start").match(words) or (length <= _LONGEST_LOWER and NAME.search(words)):
        return start, start + len(words)
    return None


def skip_adverbials(text: str, start: int, end: int) -> int:
    """Where a sentence's subject can begin: after date lines, conjunctions and adverbials."""
    match = phrase("adverbial").match(text[start : min(end, start + _CLAUSE_WINDOW)])
    return start + match.end() if match else start


def opening_name(text: str, start: int, end: int) -> Span | None:
    """The name or title at `start`, as the subject of a sentence."""
    name = NAME.match(text, start, end)
    if name and not phrase("no_name").match(name.group()) and not phrase("not_a_subject").match(name.group()):
        return name.span()
    title = phrase("title_subject").match(text[start : min(end, start + _CLAUSE_WINDOW)])
    return (start, start + title.end("subject")) if title else None


def ended(text: str, start: int, end: int) -> Span:
    """The noun phrase that begins at `start`, up to the first sign that it is over."""
    stop = phrase("phrase_end").search(text[start:end])
    return trimmed(text, start, start + stop.start() if stop else end)
