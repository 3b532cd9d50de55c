"""The words a frame is about: the noun phrase of a subject or object, without amounts, articles and adverbials."""

from __future__ import annotations

from assets.extracted.frames_patterns import pattern

_LONGEST = 100


def noun_phrase(text: str, *, short: bool = False) -> str:
    """The noun phrase that `text` begins with. With `short` without articles, amounts and adverbials and cut to about a
    hundred characters at a modifier; otherwise only up to its first comma clause."""
    if not short:
        return text
    phrase = pattern("noun_phrase_tail").sub("", " " + text.strip(), 1).strip()
    phrase = pattern("noun_phrase_lead").sub("", phrase, 1).strip(" ,;:.“”\"'")
    if len(phrase) > _LONGEST:
        cuts = [m.start() for m in pattern("modifier").finditer(phrase) if m.start() <= _LONGEST]
        phrase = phrase[: cuts[-1] if cuts else phrase.rfind(" ", 0, _LONGEST)]
    return phrase.strip(" ,;:")
