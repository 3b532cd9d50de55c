"""Revisions: several texts of one story under one address.

State media replace their pages; but an archive's page of a day also holds dozens of stories under one address. So
the same address is a revision only for texts that tell the same story.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from assets.cleaned.relations import Components
from assets.cleaned.relations_pairs import Grams, compared

_PAIR: Final = ["first", "second"]
_MOST_VERSIONS: Final = 200
# A number or a long name behind the host: the address of one article, not of a page that shows the latest.
_ARTICLE_ADDRESS: Final = r"^\w+://[^/]+/.*(?:\d{3}|[\w%-]{16})"


def revised(documents: pl.DataFrame, grams: Grams) -> pl.DataFrame:
    """Pairs of successive versions: columns source_url, earlier, later (document numbers).

    Versions of a story are ordered by retrieval, publication (unknown last) and document_id; a text that only
    repeats the version before it is none. `documents` has the columns doc, document_id, source_url, title,
    published_on, retrieved_at and text_digest.
    """
    sharing = documents.filter(pl.col("source_url").is_not_null() & pl.col("text_digest").is_not_null())
    sharing = sharing.filter(pl.col("text_digest").n_unique().over("source_url") > 1)
    pairs = _same_story(sharing, grams)
    ordered = sharing.sort("retrieved_at", "published_on", "document_id", nulls_last=True)
    rows = list(_successive(pairs, ordered))
    return pl.DataFrame(
        rows, schema={"source_url": pl.String, "earlier": pl.UInt32, "later": pl.UInt32}, orient="row"
    ).sort("source_url", "earlier", "later")


def _same_story(sharing: pl.DataFrame, grams: Grams) -> pl.DataFrame:
    """Pairs of documents of one address that tell the same story.

    Where an address gave one text at a time, a third of the 5-grams is enough, and if it names an article half the
    title (a page that shows the latest keeps its title, whatever the story). Where it gave
    several at once (an archive's page of the day) their titles must be alike, and most of the text, or the titles
    the same and a good part of the text.
    """
    facts = sharing.select(
        "doc",
        "source_url",
        "retrieved_at",
        article=pl.col("source_url").str.contains(_ARTICLE_ADDRESS),
        words=pl.col("title").fill_null("").str.to_lowercase().str.extract_all(r"\w+").list.unique(),
        crowded=(pl.col("text_digest").n_unique().over("source_url", "retrieved_at") > 1).any().over("source_url"),
        versions=pl.len().over("source_url"),
    ).filter(pl.col("versions") <= _MOST_VERSIONS)
    pairs = facts.join(facts.drop("crowded", "versions", "article"), on="source_url", suffix="_second").filter(
        pl.col("doc") < pl.col("doc_second")
    )
    shared = pl.col("words").list.set_intersection("words_second").list.len()
    union = pl.col("words").list.set_union("words_second").list.len()
    pairs = pairs.select(
        pl.col("doc").alias("first"),
        pl.col("doc_second").alias("second"),
        "crowded",
        "article",
        titles_alike=pl.when(union >= 4).then(shared / union).otherwise(0.0),
    )
    # On a page of the day nearly all pairs are different stories: only those with like titles are compared.
    pairs = pairs.filter(~pl.col("crowded") | (pl.col("titles_alike") >= 0.5))
    known = compared(pairs.select(_PAIR), grams).join(pairs, on=_PAIR)
    alike, overlap, title = pl.col("similarity"), pl.col("containment"), pl.col("titles_alike")
    alone = (pl.col("article") & (title >= 0.5)) | (overlap >= 0.33) | ((title >= 0.3) & (overlap >= 0.15))
    among_others = (alike >= 0.7) | ((title == 1) & (overlap >= 0.3))
    return known.filter(pl.when("crowded").then(among_others).otherwise(alone)).select(_PAIR)


def _successive(pairs: pl.DataFrame, ordered: pl.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Successive versions in each component of the pairs; `ordered` holds the documents, oldest first."""
    documents = ordered.select("doc", "source_url", "text_digest").rows()
    numbers = {doc: number for number, (doc, _, _) in enumerate(documents)}
    components = Components(len(documents))
    components.join((numbers[a], numbers[b]) for a, b in pairs.select(_PAIR).iter_rows())
    latest: dict[int, tuple[int, str]] = {}
    for number, (doc, url, text) in enumerate(documents):
        root = components.root(number)
        previous = latest.get(root)
        if previous and previous[1] == text:
            continue
        if previous:
            yield url, previous[0], doc
        latest[root] = (doc, text)
