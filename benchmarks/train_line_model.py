"""Train the line model: `python benchmarks/train_line_model.py PAGES.jsonl.gz [--write]`.

PAGES (or residue-dev.jsonl.gz in the folder PAGES) holds one JSON object a line with `page_text` (all visible text of
a page) and `article_body`. Prints word and line F1 of seven-fold cross-validation; with --write trains on all pages
and replaces assets/cleaned/line_weights.toml.
The result depends on the pages alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assets.cleaned.line_features import Features, line_features
from assets.cleaned.line_model import WEIGHTS
from assets.cleaned.lines import Line, folded, lines_of
from assets.cleaned.patterns import patterns_of
from warehouse.reference import load_reference

FOLDS = 7
PENALTY = 15.0
THRESHOLD = -0.5
LONG = 25
_BULLET = re.compile(r"^(?:[*+•·-]|\d{1,2}[.)])\s+")
_WORD = re.compile(r"\w+")

Array = npt.NDArray[np.float64]


class Example(NamedTuple):
    """A page: its lines, which of them are the article's, their features, and the article."""

    lines: list[Line]
    labels: list[bool]
    features: Features
    article: str


def read_pages(path: Path) -> list[dict[str, Any]]:
    """The pages of a gzipped JSON lines file."""
    path = path / "residue-dev.jsonl.gz" if path.is_dir() else path
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


def labelled(lines: Sequence[Line], article: str) -> list[bool]:
    """Which lines are the article's: the heaviest chain of lines found in it in order, then the short lines that
    continue the chain."""
    body = folded(article)
    keys = [folded(_BULLET.sub("", line.text)) for line in lines]
    spans = _chain(keys, body)
    labels = [index in spans for index in range(len(lines))]
    ends = [len(body)] * len(lines)
    following = len(body)
    for index in range(len(lines) - 1, -1, -1):
        ends[index] = following
        following = spans[index][0] if index in spans else following
    cursor = 0
    for index, key in enumerate(keys):
        if index in spans:
            cursor = spans[index][1]
        elif key and len(key) < LONG:
            at = body.find(key, cursor, ends[index])
            if 0 <= at - cursor <= 3:
                labels[index], cursor = True, at + len(key)
    return labels


def _chain(keys: Sequence[str], body: str) -> dict[int, tuple[int, int]]:
    found = [
        (index, at, at + len(key))
        for index, key in enumerate(keys)
        if len(key) >= LONG
        for at in [m.start() for m in re.finditer(re.escape(key), body)][:4]
    ]
    best = [end - start for _, start, end in found]
    before = [-1] * len(found)
    for a, (index, start, end) in enumerate(found):
        for b in range(a):
            other, _, stop = found[b]
            if other < index and stop <= start + 2 and best[b] + end - start > best[a]:
                best[a], before[a] = best[b] + end - start, b
    spans: dict[int, tuple[int, int]] = {}
    at = max(range(len(found)), key=best.__getitem__, default=-1)
    while at >= 0:
        spans[found[at][0]] = found[at][1:]
        at = before[at]
    return spans


def words(text: str) -> Counter[str]:
    """The words of a text in lower case, with their counts."""
    return Counter(_WORD.findall(text.lower()))


def f1(agree: int, predicted: int, expected: int) -> float:
    """F1 in percent."""
    return 200 * agree / (predicted + expected) if predicted + expected else 0.0


def fit(matrices: Sequence[Array], marks: Sequence[Sequence[bool]]) -> Array:
    """Weights of a logistic regression with a ridge penalty, by Newton's method; one matrix and one list of
    labels a page."""
    matrix = np.vstack(matrices)
    labels = np.concatenate([np.array(m, float) for m in marks])
    weights = np.zeros(matrix.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (chance - labels) + PENALTY * weights
        curve = (matrix * np.maximum(chance * (1 - chance), 1e-6)[:, None]).T @ matrix
        step = np.linalg.solve(curve + PENALTY * np.eye(len(weights)), slope)
        weights -= step
        if np.abs(step).max() < 1e-5:
            break
    return weights


def matrix_of(features: Features, names: dict[str, int]) -> Array:
    """One row a line, one column a feature."""
    nothing = np.zeros(len(features["bias"]))
    return np.column_stack([features.get(name, nothing) for name in names])


def names_in(features: Iterable[Features]) -> dict[str, int]:
    """The column of every feature that any page has."""
    return {name: column for column, name in enumerate(sorted({n for f in features for n in f}))}


def cross_validate(examples: Sequence[Example], names: dict[str, int]) -> tuple[float, float]:
    """Word and line F1 in percent, every page judged by weights that were trained without it."""
    order = list(range(len(examples)))
    random.Random(0).shuffle(order)
    word = np.zeros(3, dtype=int)
    line = np.zeros(3, dtype=int)
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [examples[i] for i in order if i not in held]
        weights = _train(rest, names)
        for example in (examples[i] for i in held):
            kept = matrix_of(example.features, names) @ weights > THRESHOLD
            text = "\n".join(ln.text for ln, keep in zip(example.lines, kept, strict=True) if keep)
            got, want = words(text), words(example.article)
            word += (sum((got & want).values()), sum(got.values()), sum(want.values()))
            labels = np.array(example.labels)
            line += (int((kept & labels).sum()), int(kept.sum()), int(labels.sum()))
    return f1(*word), f1(*line)


def _train(examples: Sequence[Example], names: dict[str, int]) -> Array:
    return fit([matrix_of(e.features, names) for e in examples], [e.labels for e in examples])


def write_weights(weights: Array, names: dict[str, int], pages: int) -> None:
    """Replace the bundled weights."""
    rows = [f"{name} = {weights[column]:.4f}" for name, column in names.items()]
    head = (
        f"# Made by benchmarks/train_line_model.py from {pages} pages; do not edit by hand.\nthreshold = {THRESHOLD}\n"
    )
    WEIGHTS.write_text(head + "\n[weights]\n" + "\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Cross-validate, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    patterns = patterns_of(load_reference())
    examples = []
    for page in read_pages(arguments.pages):
        lines = lines_of(page["page_text"])
        labels = labelled(lines, page["article_body"])
        examples.append(Example(lines, labels, line_features(lines, patterns), page["article_body"]))
    names = names_in(e.features for e in examples)
    word, line = cross_validate(examples, names)
    print(f"{len(examples)} pages, {FOLDS} folds: word F1 {word:.1f}, line F1 {line:.1f}")
    if arguments.write:
        write_weights(_train(examples, names), names, len(examples))


if __name__ == "__main__":
    main()
