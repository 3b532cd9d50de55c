"""What the line model looks at: a line's own shape, its neighbours, its place, and the region it lies in.

Every feature is a share or a flag between 0 and 1, so that a weight can be read as it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from assets.cleaned.lines import Line, ends_sentence, folded, is_body_like
from assets.cleaned.patterns import NOTHING, POSITIONS, PatternSet

Column = npt.NDArray[Any]
Features = dict[str, Column]
"""One column a feature, one value a line; a feature that no line of the text has may be missing."""

_WORD: Final = re.compile(r"[^\W\d_]+")
_BULLET: Final = re.compile(r"(?:[*+•·▪►»–-]|\d{1,2}[.)])(?:\s|$)")
_DIGIT: Final = re.compile(r"\d")
_QUOTATION: Final = re.compile(r'["“”«»]')
_FUNCTION_WORDS: Final = frozenset(
    word
    for words in (
        "the of and to a in that is was for on with as by it he she they his her from at be are were this which have",
        "has had not but an or who will their its",
        "de la el los las que y en un una del por con para se su al lo como más pero o no",
        "do da dos das em um uma com não os as na no ao",
        "le les des et du est dans une pour qui sur par au pas il elle",
        "der die das und den von zu mit ist im dem ein eine auf für nicht sich",
        "di il che è per non del della и в не на что с по как это из за van het een dat",
    )
    for word in words.split()
)
_WINDOWS: Final = (1, 2, 3)
_NEAR: Final = 6
_LENGTHS: Final = (8, 20, 40, 70, 110, 180, 300)
_SCREEN: Final = 4
_DIVIDING_KINDS: Final = ("comment_notice", "related_headlines", "copyright", "byline", "subscription")


class _Shapes(NamedTuple):
    """What is told of lines without their neighbours, by column."""

    length: Column
    words: Column
    capitals: Column
    sentence: Column
    body: Column
    prose: Column
    bullet: Column
    digits: Column
    comma: Column
    quotation: Column
    link: Column
    bar: Column
    question: Column
    colon: Column
    ellipsis: Column


def line_features(lines: Sequence[Line], patterns: PatternSet) -> Features:
    """The features of the lines of one text; none for no lines."""
    if not lines:
        return {}
    shapes = _Shapes(*np.array([shape_of(line.text) for line in lines], float).T.copy())
    indent = np.array([line.indent for line in lines])
    region = _region(shapes)
    kinds = _recognised(lines, patterns)
    keys = [folded(line.text) for line in lines]
    repeats = Counter(keys)
    features = {**_own(lines, shapes), **kinds, **_passed(kinds, region[0])}
    features |= _around(shapes, indent) | _shares(shapes) | _place(len(lines), region)
    features["repeated"] = np.array([repeats[key] > 1 for key in keys], float)
    features["near_body"] = _body_near(shapes.body)
    features["block_prose"] = _block_prose(shapes, indent)
    features |= _levels(shapes, indent)
    return features | _together(features, shapes)


@lru_cache(maxsize=8192)
def shape_of(text: str) -> tuple[float, ...]:
    """The line's row of _Shapes."""
    words = _WORD.findall(text)
    # Of words in ASCII those that begin with a capital sort before the bracket that follows Z.
    capitals = sum(map("[".__gt__, words)) if text.isascii() else sum([w[0].isupper() for w in words])
    last = text[-1]
    return (
        len(text),
        len(words),
        capitals,
        ends_sentence(text),
        is_body_like(text),
        sum(map(_FUNCTION_WORDS.__contains__, map(str.lower, words))) / len(words) if words else 0.0,
        _BULLET.match(text) is not None,
        len(_DIGIT.findall(text)) / len(text),
        "," in text,
        '"' in text or (not text.isascii() and _QUOTATION.search(text) is not None),
        "http" in text or "www." in text or "@" in text,
        "|" in text or "»" in text or " › " in text,
        last == "?",
        last == ":",
        last == "…" or text.endswith("..."),
    )


def _own(lines: Sequence[Line], shapes: _Shapes) -> Features:
    features: Features = {
        "bias": np.ones(len(lines)),
        "sentence": shapes.sentence,
        "long_sentence": shapes.sentence * (shapes.length > 80),
        "prose": np.minimum(1.0, 2 * shapes.prose),
        "no_function_word": (shapes.prose == 0) * 1.0,
        "capitals": shapes.capitals / np.maximum(shapes.words, 1),
        "digits": shapes.digits,
        "bullet": shapes.bullet,
        "bullet_sentence": shapes.bullet * shapes.sentence,
        "comma": shapes.comma,
        "quotation": shapes.quotation,
        "link": shapes.link,
        "bar": shapes.bar,
        "question": shapes.question,
        "colon": shapes.colon,
        "ellipsis": shapes.ellipsis,
        "no_letters": (shapes.words == 0) * 1.0,
        "after_blank": np.array([line.after_blank for line in lines], float),
    }
    return features | {f"longer_{limit}": (shapes.length > limit) * 1.0 for limit in _LENGTHS}


def _recognised(lines: Sequence[Line], patterns: PatternSet) -> Features:
    """Which reviewed patterns cover a whole line, by the place of the page they hold in and by kind."""
    features: Features = {}
    for index, line in enumerate(lines):
        hits = patterns.covering(line.text)
        if hits is NOTHING:
            continue
        for position, hit in zip(POSITIONS, hits, strict=True):
            if hit:
                for name in (f"pattern_{position}", f"kind_{hit.kind}"):
                    features.setdefault(name, np.zeros(len(lines)))[index] = 1.0
    return features


def _passed(kinds: Features, start: int) -> Features:
    """Which kinds of residue stand between the beginning of the article's region and the line."""
    found: Features = {}
    for kind in _DIVIDING_KINDS:
        if f"kind_{kind}" in kinds:
            met = kinds[f"kind_{kind}"].copy()
            met[:start] = 0
            found[f"after_{kind}"] = _shifted(np.maximum.accumulate(met), -1)
    return found


def _shifted(column: Column, by: int) -> Column:
    """The column in which line i has the value of line i + by; 0 beyond the edges."""
    moved = np.zeros(len(column))
    if abs(by) < len(column):
        moved[max(0, -by) : len(column) - max(0, by)] = column[max(0, by) : len(column) + min(0, by)]
    return moved


def _block_prose(shapes: _Shapes, indent: npt.NDArray[np.int_]) -> Column:
    """The share of prose in the run of lines with the same indentation that the line belongs to."""
    run = np.cumsum(np.diff(indent, prepend=indent[0]) != 0)
    total: Column = np.bincount(run, shapes.length)
    share: Column = np.bincount(run, shapes.length * shapes.body) / total
    return np.take(share, run)


def _together(features: Mapping[str, Column], shapes: _Shapes) -> Features:
    """Pairs of features that mean more than the sum of the two."""
    inside = features["in_region"]
    main = features.get("level_main", np.zeros(len(inside)))
    short = (shapes.length < 60) * 1.0
    heading = (shapes.words > 0) * short * (1 - shapes.bullet) * (1 - shapes.sentence)
    return {
        "body_in_region": shapes.body * inside,
        "body_outside_region": shapes.body * (1 - inside),
        "short_in_region": short * (1 - shapes.sentence) * inside,
        "main_in_region": main * inside,
        "main_and_body": main * shapes.body,
        "short_at_main": short * main * inside,
        "bullet_in_region": shapes.bullet * inside,
        "bullet_outside": shapes.bullet * (1 - inside),
        "sentence_in_region": shapes.sentence * inside,
        "prose_in_region": features["prose"] * inside,
        "prose_outside": features["prose"] * (1 - inside),
        "block_in_region": features["block_prose"] * inside,
        "heading_in_region": heading * inside * features["below_1_sentence"],
    }


def _around(shapes: _Shapes, indent: npt.NDArray[np.int_]) -> Features:
    """The shapes of the lines above and below."""
    reach, count = max(_WINDOWS), len(indent)
    rows = np.zeros((6, count + 2 * reach))
    prose = np.minimum(1.0, 2 * shapes.prose)
    length = np.minimum(1.0, shapes.length / 200)
    rows[:, reach : reach + count] = (np.ones(count), length, shapes.sentence, prose, shapes.bullet, indent)
    features: Features = {}
    for side, name in ((-1, "above"), (1, "below")):
        for distance in _WINDOWS:
            at = reach + side * distance
            there, *moved, level = rows[:, at : at + count]
            features[f"{name}_{distance}_edge"] = 1 - there
            for feature, column in zip(("length", "sentence", "prose", "bullet"), moved, strict=True):
                features[f"{name}_{distance}_{feature}"] = column
            features[f"{name}_{distance}_indent"] = (level == indent) * there
    return features


def _shares(shapes: _Shapes) -> Features:
    """How much of what stands around the line is prose."""
    lengths, bodies = shapes.length, shapes.body
    count = len(lengths)
    sums = [np.concatenate([[0.0], np.cumsum(column)]) for column in (lengths, lengths * bodies, bodies)]
    at = np.arange(count)
    features: Features = {}
    for radius in (_NEAR, 3 * _NEAR):
        start, end = np.maximum(at - radius, 0), np.minimum(at + radius + 1, count)
        total, prose, lines = (s[end] - s[start] for s in sums)
        features[f"body_share_{radius}"] = prose / total
        features[f"body_lines_{radius}"] = lines / (end - start)
    return features


def _place(count: int, region: tuple[int, int]) -> Features:
    start, end = region
    at = np.arange(count)
    inside = (start <= at) & (at < end)
    distance = np.where(inside, 0, np.where(at < start, start - at, at - end + 1))
    flags = {
        "first_tenth": at < count / 10,
        "last_third": at > count * 2 / 3,
        "in_region": inside,
        "region_first": at == start,
        "region_last": at == end - 1,
        "above_region": at < start,
        "just_above_region": (at < start) & (distance <= _SCREEN),
        "just_below_region": (at >= end) & (distance <= _SCREEN),
    }
    places = {"position": at / count, "far_from_region": np.minimum(1.0, distance / 40)}
    return {name: flag * 1.0 for name, flag in flags.items()} | places


def _region(shapes: _Shapes) -> tuple[int, int]:
    """The run of lines with the most prose in it: the best sum where a line of prose counts for its length and
    any other line against."""
    worth = np.where(
        shapes.body > 0, np.minimum(shapes.length, 400) / 100, np.where(shapes.length < 40, -0.35, -0.2)
    ).tolist()
    best, best_span = 0.0, (0, 0)
    total, start = 0.0, 0
    for index, value in enumerate(worth):
        total += value
        if total <= 0:
            total, start = 0.0, index + 1
        elif total > best:
            best, best_span = total, (start, index + 1)
    return best_span


def _body_near(body: Column) -> Column:
    """1 for a line of prose, falling with the distance to the next one on the nearer side."""
    places = np.flatnonzero(body)
    at = np.arange(len(body))
    if not len(places):
        # The edges count as far as the text is long.
        far: Column = len(body) + np.minimum(at + 1, len(body) - at)
        return 1 / (1 + far)
    following = np.searchsorted(places, at)
    below = places[np.minimum(following, len(places) - 1)]
    above = places[np.maximum(following - 1, 0)]
    distance: Column = np.minimum(np.abs(below - at), np.abs(above - at))
    return 1 / (1 + distance)


def _levels(shapes: _Shapes, indent: npt.NDArray[np.int_]) -> Features:
    """How the indentation compares with the one that holds most prose; nothing in a text without indentation."""
    values, level = np.unique(indent, return_inverse=True)
    if len(values) == 1:
        return {}
    weight = np.bincount(level, shapes.length * shapes.body)
    total = np.bincount(level, shapes.length)
    depth = indent - values[np.argmax(weight)]
    flags = {
        "level_main": depth == 0,
        "level_inside": depth > 0,
        "level_slightly_inside": (depth > 0) & (depth <= 4),
        "level_outside": depth < 0,
        "level_slightly_outside": (depth >= -4) & (depth < 0),
    }
    shares = {"level_weight": weight[level] / (weight.sum() or 1.0), "level_prose": (weight / total)[level]}
    return {name: flag * 1.0 for name, flag in flags.items()} | shares
