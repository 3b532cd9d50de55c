"""What the line model looks at: a line's own shape, its neighbours, its place, and the region it lies in.

Every feature is a share or a flag between 0 and 1, so that a weight can be read as it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from assets.cleaned.lines import Line, ends_sentence, folded, is_body_like
from assets.cleaned.patterns import PatternSet

Features = dict[str, float]

_WORD: Final = re.compile(r"[^\W\d_]+")
_BULLET: Final = re.compile(r"(?:[*+•·▪►»–-]|\d{1,2}[.)])(?:\s|$)")
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


class _Shape(NamedTuple):
    length: int
    words: int
    sentence: bool
    body: bool
    prose: float
    bullet: bool


def line_features(lines: Sequence[Line], patterns: PatternSet) -> list[Features]:
    """The features of every line of one text."""
    if not lines:
        return []
    shapes = [_shape(line.text) for line in lines]
    level = _levels(lines, shapes)
    region = _region(shapes)
    near = _body_near(shapes)
    repeats = Counter(folded(line.text) for line in lines)
    blocks = _block_prose(lines, shapes)
    own = [_own(line, shape, patterns) for line, shape in zip(lines, shapes, strict=True)]
    passed = _passed(own, region)
    found = []
    for index, line in enumerate(lines):
        features = own[index] | passed[index]
        features |= _around(index, lines, shapes)
        features |= _place(index, len(lines), region)
        features["repeated"] = float(repeats[folded(line.text)] > 1)
        features["near_body"] = near[index]
        features["block_prose"] = blocks[index]
        features |= level[index]
        features |= _together(features, shapes[index])
        found.append(features)
    return found


def _shape(text: str) -> _Shape:
    words = _WORD.findall(text)
    function = sum(w.lower() in _FUNCTION_WORDS for w in words)
    prose = function / len(words) if words else 0.0
    return _Shape(len(text), len(words), ends_sentence(text), is_body_like(text), prose, bool(_BULLET.match(text)))


def _own(line: Line, shape: _Shape, patterns: PatternSet) -> Features:
    text = line.text
    words = _WORD.findall(text)
    capitals = sum(w[0].isupper() for w in words) / len(words) if words else 0.0
    features: Features = {
        "bias": 1.0,
        "sentence": float(shape.sentence),
        "long_sentence": float(shape.sentence and shape.length > 80),
        "prose": min(1.0, 2 * shape.prose),
        "no_function_word": float(shape.prose == 0.0),
        "capitals": capitals,
        "digits": sum(c.isdigit() for c in text) / len(text),
        "bullet": float(shape.bullet),
        "bullet_sentence": float(shape.bullet and shape.sentence),
        "comma": float("," in text),
        "quotation": float(any(c in text for c in '"“”«»')),
        "link": float("http" in text or "www." in text or "@" in text),
        "bar": float("|" in text or "»" in text or " › " in text),
        "question": float(text.endswith("?")),
        "colon": float(text.endswith(":")),
        "ellipsis": float(text.endswith(("...", "…"))),
        "no_letters": float(not words),
        "after_blank": float(line.after_blank),
    }
    for limit in _LENGTHS:
        features[f"longer_{limit}"] = float(shape.length > limit)
    for position in ("any", "head", "tail"):
        hit = patterns.match(text, position)
        if hit and hit.end >= len(text):
            features[f"pattern_{position}"] = 1.0
            features[f"kind_{hit.kind}"] = 1.0
    return features


def _passed(own: Sequence[Features], region: tuple[int, int]) -> list[Features]:
    """Which kinds of residue stand between the beginning of the article's region and the line."""
    found: list[Features] = []
    passed: Features = {}
    for index, features in enumerate(own):
        found.append(dict(passed))
        if index >= region[0]:
            for kind in _DIVIDING_KINDS:
                if f"kind_{kind}" in features:
                    passed[f"after_{kind}"] = 1.0
    return found


def _block_prose(lines: Sequence[Line], shapes: Sequence[_Shape]) -> list[float]:
    """The share of prose in the run of lines with the same indentation that the line belongs to."""
    found: list[float] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index].indent != lines[start].indent:
            run = shapes[start:index]
            found += [sum(s.length for s in run if s.body) / sum(s.length for s in run)] * len(run)
            start = index
    return found


def _together(features: Features, shape: _Shape) -> Features:
    """Pairs of features that mean more than the sum of the two."""
    inside = features["in_region"]
    main = features.get("level_main", 0.0)
    return {
        "body_in_region": float(shape.body) * inside,
        "body_outside_region": float(shape.body) * (1 - inside),
        "short_in_region": float(shape.length < 60 and not shape.sentence) * inside,
        "main_in_region": main * inside,
        "main_and_body": main * float(shape.body),
        "short_at_main": float(shape.length < 60) * main * inside,
        "bullet_in_region": float(shape.bullet) * inside,
        "bullet_outside": float(shape.bullet) * (1 - inside),
        "sentence_in_region": float(shape.sentence) * inside,
        "prose_in_region": features["prose"] * inside,
        "prose_outside": features["prose"] * (1 - inside),
        "block_in_region": features["block_prose"] * inside,
        "heading_in_region": float(shape.words and shape.length < 60 and not shape.bullet and not shape.sentence)
        * inside
        * features.get("below_1_sentence", 0.0),
    }


def _around(index: int, lines: Sequence[Line], shapes: Sequence[_Shape]) -> Features:
    features: Features = {}
    for side in (-1, 1):
        name = "above" if side < 0 else "below"
        for distance in _WINDOWS:
            other = index + side * distance
            if not 0 <= other < len(shapes):
                features[f"{name}_{distance}_edge"] = 1.0
                continue
            shape = shapes[other]
            features[f"{name}_{distance}_length"] = min(1.0, shape.length / 200)
            features[f"{name}_{distance}_sentence"] = float(shape.sentence)
            features[f"{name}_{distance}_prose"] = min(1.0, 2 * shape.prose)
            features[f"{name}_{distance}_bullet"] = float(shape.bullet)
            features[f"{name}_{distance}_indent"] = float(lines[other].indent == lines[index].indent)
    for radius in (_NEAR, 3 * _NEAR):
        window = shapes[max(0, index - radius) : index + radius + 1]
        total = sum(s.length for s in window)
        features[f"body_share_{radius}"] = sum(s.length for s in window if s.body) / total
        features[f"body_lines_{radius}"] = sum(s.body for s in window) / len(window)
    return features


def _place(index: int, count: int, region: tuple[int, int]) -> Features:
    start, end = region
    inside = start <= index < end
    distance = 0 if inside else start - index if index < start else index - end + 1
    return {
        "first_tenth": float(index < count / 10),
        "last_third": float(index > count * 2 / 3),
        "position": index / count,
        "in_region": float(inside),
        "region_first": float(index == start),
        "region_last": float(index == end - 1),
        "above_region": float(index < start),
        "just_above_region": float(index < start and distance <= _SCREEN),
        "just_below_region": float(index >= end and distance <= _SCREEN),
        "far_from_region": min(1.0, distance / 40),
    }


def _region(shapes: Sequence[_Shape]) -> tuple[int, int]:
    """The run of lines with the most prose in it: the best sum where a line of prose counts for its length and
    any other line against."""
    best, best_span = 0.0, (0, 0)
    total, start = 0.0, 0
    for index, shape in enumerate(shapes):
        total += min(shape.length, 400) / 100 if shape.body else -0.35 if shape.length < 40 else -0.2
        if total <= 0:
            total, start = 0.0, index + 1
        elif total > best:
            best, best_span = total, (start, index + 1)
    return best_span


def _body_near(shapes: Sequence[_Shape]) -> list[float]:
    """1 for a line of prose, falling with the distance to the next one on the nearer side."""
    near = [0.0] * len(shapes)
    for order in (range(len(shapes)), range(len(shapes) - 1, -1, -1)):
        distance = len(shapes)
        for index in order:
            distance = 0 if shapes[index].body else distance + 1
            near[index] = max(near[index], 1 / (1 + distance))
    return near


def _levels(lines: Sequence[Line], shapes: Sequence[_Shape]) -> list[Features]:
    """How the indentation compares with the one that holds most prose; all zero in a text without indentation."""
    weight: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for line, shape in zip(lines, shapes, strict=True):
        weight[line.indent] += shape.length if shape.body else 0
        total[line.indent] += shape.length
    if len(total) == 1:
        return [{} for _ in lines]
    main = max(weight, key=lambda i: (weight[i], -i))
    prose = sum(weight.values()) or 1
    found: list[Features] = []
    for line in lines:
        depth = line.indent - main
        found.append(
            {
                "level_main": float(depth == 0),
                "level_inside": float(depth > 0),
                "level_slightly_inside": float(0 < depth <= 4),
                "level_outside": float(depth < 0),
                "level_slightly_outside": float(-4 <= depth < 0),
                "level_weight": weight[line.indent] / prose,
                "level_prose": weight[line.indent] / total[line.indent],
            }
        )
    return found
