"""Which lines of a whole page rendered as text are the article: a linear model over line features.

The weights lie in line_weights.toml, made by benchmarks/train_line_model.py. The model is asked only where a text
looks like a whole page, menus and all; elsewhere the reviewed patterns decide alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from assets.cleaned.line_features import Column, Features, line_features
from assets.cleaned.lines import Line, ends_sentence, is_body_like
from assets.cleaned.patterns import PatternSet

WEIGHTS: Final = Path(__file__).with_name("line_weights.toml")
_PAGE_LINES: Final = 20
_PAGE_SHORT_SHARE: Final = 0.35
_PAGE_PATTERN_LINES: Final = 5
_PAGE_MARKED_LINES: Final = 5
_LIST_MARKS: Final = ("* ", "+ ", "o ")
_PAGE_INDENTS: Final = 4


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights by feature name; a line whose weighted sum exceeds the threshold is the article's."""

    weights: Mapping[str, float]
    threshold: float

    def scores(self, features: Features) -> Column:
        """The weighted sum of every line; a feature without a weight counts nothing."""
        known = [(weight, column) for name, column in features.items() if (weight := self.weights.get(name))]
        if not known:
            return np.zeros(len(next(iter(features.values()), ())))
        scores: Column = np.array([weight for weight, _ in known]) @ np.vstack([column for _, column in known])
        return scores


@cache
def line_model() -> LineModel:
    """The bundled model."""
    stored = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))
    return LineModel(stored["weights"], stored["threshold"])


def looks_like_page(lines: Sequence[Line], pattern_lines: int) -> bool:
    """Does the text look like a whole page: many lines, many of them no sentences, and either several known
    residue, or the indentation of a rendered tree with some residue or lists? Indentation alone may be a table's.

    `pattern_lines` is the number of lines that reviewed patterns recognise.
    """
    if len(lines) < _PAGE_LINES:
        return False
    marked = pattern_lines + sum(line.text.startswith(_LIST_MARKS) for line in lines)
    if marked < _PAGE_MARKED_LINES:
        return False
    if pattern_lines < _PAGE_PATTERN_LINES and len({line.indent for line in lines}) < _PAGE_INDENTS:
        return False
    short = sum(not is_body_like(line.text) and not ends_sentence(line.text) for line in lines)
    return short >= _PAGE_SHORT_SHARE * len(lines)


def article_lines(lines: Sequence[Line], patterns: PatternSet, model: LineModel) -> list[bool]:
    """For every line of a page, whether the model takes it for the article's."""
    return [bool(kept) for kept in model.scores(line_features(lines, patterns)) > model.threshold]
