"""Cleaning beside its peers in one run: `python benchmarks/cleaning.py BENCH_FOLDER [--texts CORPUS.jsonl.gz ...]`.

BENCH_FOLDER holds residue-dev.jsonl.gz (`page_text`, `article_body`). Printed: word and line F1 of keeping all, C4's
line rule, jusText on the lines, and our cleaning (its line model trained without the page it judges, and as bundled);
the share of characters kept and documents a second on each corpus of plain texts; extractors on generated HTML.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import justext
import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from train_line_model import FOLDS, THRESHOLD, f1, fit, labelled, matrix_of, read_pages, words

from assets.cleaned.html import extract, extracted_text
from assets.cleaned.language import language_of
from assets.cleaned.line_features import line_features
from assets.cleaned.line_model import LineModel, line_model
from assets.cleaned.lines import Line, ends_sentence, lines_of
from assets.cleaned.patterns import patterns_of
from assets.cleaned.residue import Page, find_residue
from assets.cleaned.stage import map_batch
from warehouse.identity import document_id
from warehouse.reference import Reference, load_reference
from warehouse.schema.arrow import batch_of

Keep = Callable[[str, Sequence[Line]], list[bool]]


class Score(NamedTuple):
    """Word and line F1 in percent, pages a second."""

    word: float
    line: float
    speed: float


def scored(pages: Sequence[dict[str, Any]], keep: Keep) -> Score:
    """How well `keep` finds the lines of the article on all pages together."""
    word, line, spent = [0, 0, 0], [0, 0, 0], 0.0
    for page in pages:
        lines = lines_of(page["page_text"])
        truth = labelled(lines, page["article_body"])
        begin = time.process_time()
        kept = keep(page["page_text"], lines)
        spent += time.process_time() - begin
        got = words("\n".join(ln.text for ln, k in zip(lines, kept, strict=True) if k))
        want = words(page["article_body"])
        for total, value in zip(
            (0, 1, 2), (sum((got & want).values()), sum(got.values()), sum(want.values())), strict=True
        ):
            word[total] += value
        line[0] += sum(k and t for k, t in zip(kept, truth, strict=True))
        line[1] += sum(kept)
        line[2] += sum(truth)
    return Score(f1(*word), f1(*line), len(pages) / max(spent, 1e-9))


def keep_all(_: str, lines: Sequence[Line]) -> list[bool]:
    """Every line."""
    return [True] * len(lines)


def c4_rule(_: str, lines: Sequence[Line]) -> list[bool]:
    """The rule of the C4 corpus: lines that end in punctuation and have at least five words."""
    return [ends_sentence(line.text) and len(line.text.split()) >= 5 for line in lines]


def justext_lines(_: str, lines: Sequence[Line]) -> list[bool]:
    """jusText with every line wrapped as a paragraph."""
    page = "<html><body>" + "".join(f"<p>{html.escape(line.text)}</p>" for line in lines) + "</body></html>"
    good = [p.text for p in justext.justext(page, justext.get_stoplist("English")) if not p.is_boilerplate]
    left = {" ".join(text.split()) for text in good}
    return [" ".join(line.text.split()) in left for line in lines]


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
    patterns = patterns_of(reference)
    lines = [lines_of(p["page_text"]) for p in pages]
    labels = [labelled(ln, p["article_body"]) for ln, p in zip(lines, pages, strict=True)]
    features = [line_features(ln, patterns) for ln in lines]
    names = {n: i for i, n in enumerate(sorted({n for fs in features for f in fs for n in f}))}
    matrices = [matrix_of(fs, names) for fs in features]
    order = list(range(len(pages)))
    random.Random(0).shuffle(order)
    keepers: dict[str, Keep] = {}
    for fold in range(FOLDS):
        held = order[fold::FOLDS]
        rest = [i for i in order if i not in held]
        weights = fit([matrices[i] for i in rest], [labels[i] for i in rest])
        model = LineModel({n: float(weights[i]) for n, i in names.items()}, THRESHOLD)
        keepers |= {pages[i]["page_text"]: ours(reference, model) for i in held}
    return lambda text, ln: keepers[text](text, ln)


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
    spans = found["cleaned.removed_spans"].to_pylist()
    before = sum(len("".join(r["content"].split())) for r in rows)
    after = sum(len("".join(t.split())) for t in found["cleaned.documents"].column("text").to_pylist())
    other = [s for s in spans if s["text"].strip() != "-0-"]
    begin = time.process_time()
    for row in rows:
        language_of(row["content"])
    language = len(rows) / (time.process_time() - begin)
    print(
        f"{path.name}: {len(rows)} texts, {100 * after / before:.3f} % of the characters kept, {len(other)} cuts other "
        f"than -0-, {len(rows) / spent:,.0f} documents/s per core, language alone {language:,.0f}/s"
    )


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


# -- HTML made of the pages' own lines


def as_html(page: dict[str, Any], seed: int) -> str:
    """A page of the benchmark as HTML: the article's lines as paragraphs in one of four layouts, the rest in
    elements that menus, sidebars and footers stand in."""
    lines = lines_of(page["page_text"])
    truth = labelled(lines, page["article_body"])
    first = truth.index(True) if True in truth else 0
    last = len(truth) - truth[::-1].index(True) if True in truth else 0
    container = ("article", "main", 'div class="content"', "td")[seed % 4]
    menu = ("nav", 'div class="menu"', "header", "div")[seed % 4]
    foot = ("aside", 'div class="sidebar"', "footer", "div")[seed % 4]
    head = "".join(f"<li><a href='#'>{html.escape(line.text)}</a></li>" for line in lines[:first])
    body = "".join(
        f"<p>{html.escape(line.text)}</p>" if keep else f"<div><a href='#'>{html.escape(line.text)}</a></div>"
        for line, keep in zip(lines[first:last], truth[first:last], strict=True)
    )
    tail = "".join(f"<li><a href='#'>{html.escape(line.text)}</a></li>" for line in lines[last:])
    return (
        f"<html><head><title>page</title></head><body><{menu}><ul>{head}</ul></{menu.split()[0]}>"
        f"<{container}>{body}</{container.split()[0]}><{foot}><ul>{tail}</ul></{foot.split()[0]}></body></html>"
    )


def report_html(pages: Sequence[dict[str, Any]], reference: Reference) -> None:
    """Print word F1 and speed of the extractors on the generated pages."""
    patterns = patterns_of(reference)
    made = [(as_html(page, number), page["article_body"]) for number, page in enumerate(pages)]
    extractors: dict[str, Callable[[str], str]] = {
        "resiliparse": lambda p: str(extract_plain_text(p, main_content=True, alt_texts=False, links=False)),
        "trafilatura fast": lambda p: trafilatura.extract(p, fast=True, include_comments=False) or "",
        "chosen per page": extracted_text,
        "our cleaning": lambda p: extract(p, patterns, Page(None)).text,
    }
    for name, extractor in extractors.items():
        total, spent = [0, 0, 0], 0.0
        for page, article in made:
            begin = time.process_time()
            text = extractor(page)
            spent += time.process_time() - begin
            got, want = words(text), words(article)
            total = [
                a + b
                for a, b in zip(total, (sum((got & want).values()), sum(got.values()), sum(want.values())), strict=True)
            ]
        print(f"  {name:<18} word F1 {f1(*total):5.1f}   {len(made) / spent:8.0f} pages/s")


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
        ("jusText on lines", justext_lines),
        ("C4 line rule", c4_rule),
        ("ours, held out", held_out(pages, reference)),
        ("ours, as bundled", ours(reference, line_model())),
    ):
        score = scored(pages, keep)
        print(f"  {name:<18} word F1 {score.word:5.1f}   line F1 {score.line:5.1f}   {score.speed:8.0f} pages/s")
    print("HTML generated from the same pages")
    report_html(pages, reference)
    for path in arguments.texts:
        report_texts(path, reference, arguments.limit)


if __name__ == "__main__":
    main()
