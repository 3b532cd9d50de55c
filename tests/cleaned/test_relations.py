"""Shared text: 5-grams, candidates, classification, stories, and the spans in which two versions differ."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.cleaned.relations import (
    RELATION_SCHEMA,
    Components,
    classified,
    in_order_of_preference,
    kept_documents,
    stories,
)
from assets.cleaned.relations_changes import changed_spans
from assets.cleaned.relations_pairs import candidates, compared, sampled, word_similarity
from assets.cleaned.relations_shingles import shingles, word_codes, word_digests, words_of

WORDS = [f"{a}{b}{c}" for a in "bdgkmnprst" for b in "aeiou" for c in ("l", "n", "rt", "sk")]


def prose(seed: int, count: int) -> str:
    source = random.Random(seed)
    return " ".join(source.choice(WORDS) for _ in range(count))


def exact(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def codes_of(texts: Sequence[str]) -> pl.DataFrame:
    return word_codes(range(len(texts)), pl.Series(texts, dtype=pl.String))


def measured(texts: Sequence[str]) -> pl.DataFrame:
    codes = codes_of(texts)
    grams = shingles(codes)
    pairs = compared(candidates(sampled(grams)), lambda numbers: grams.filter(pl.col("doc").is_in(numbers)).unique())
    return word_similarity(pairs, lambda numbers: codes.filter(pl.col("doc").is_in(numbers)))


def test_digest_ignores_case_marks_and_spaces_and_is_missing_without_words() -> None:
    digests = dict(word_digests(codes_of(["The Plan, met.", "the  plan met", " -- ", "the met plan"])).iter_rows())
    assert digests[0] == digests[1] != digests[3]
    assert digests.keys() == {0, 1, 3}
    assert word_digests(codes_of([])).is_empty()


@given(st.lists(st.text() | st.text(alphabet="aB1ﬁ ’-é\n１"), max_size=6))
def test_words_found_between_spaces_are_those_of_the_whole_text(texts: list[str]) -> None:
    whole = words_of(pl.Series(texts, dtype=pl.String)).to_list()
    numbers: dict[int, list[int]] = {}
    for doc, code in codes_of(texts).iter_rows():
        numbers.setdefault(doc, []).append(code)
    assert [len(numbers.get(n, [])) for n in range(len(texts))] == [len(words) for words in whole]
    named = {code: word for n, words in enumerate(whole) for code, word in zip(numbers.get(n, []), words, strict=True)}
    assert [[named[c] for c in numbers.get(n, [])] for n in range(len(texts))] == whole


def test_compatibility_forms_are_the_same_word() -> None:
    words = words_of(pl.Series(["ﬁve １２ mills", "five 12 mills", "plain"]))
    assert words.to_list() == [["five", "12", "mills"], ["five", "12", "mills"], ["plain"]]


def test_shingles_are_fixed_numbers_on_every_machine() -> None:
    found = shingles(codes_of(["Coal output rose again this March"]))
    assert sorted(found["shingle"]) == [454570134767803141, 17350797559510595505]
    again = shingles(codes_of(["coal OUTPUT rose, again this. March"]))
    assert found["shingle"].to_list() == again["shingle"].to_list()


def test_shingles_never_span_two_documents() -> None:
    apart = shingles(codes_of(["a b c", "d e f g"]))
    assert apart.is_empty()


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=12).map(" ".join), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_shingle_counts_are_those_of_the_5_grams(texts: list[str]) -> None:
    found = shingles(codes_of(texts))
    counts = dict(found.unique().group_by("doc").len().iter_rows())
    assert [counts.get(n, 0) for n in range(len(texts))] == [len(exact(t)) for t in texts]


def test_similarity_and_containment_are_exact() -> None:
    texts = [prose(1, 300), prose(1, 300) + " " + prose(2, 100), prose(3, 200), prose(1, 40)]
    for row in measured(texts).iter_rows(named=True):
        a, b = exact(texts[row["first"]]), exact(texts[row["second"]])
        assert row["similarity"] == pytest.approx(len(a & b) / len(a | b))
        assert row["containment"] == pytest.approx(len(a & b) / min(len(a), len(b)))
    assert {(r["first"], r["second"]) for r in measured(texts).iter_rows(named=True)} == {(0, 1), (0, 3), (1, 3)}


@given(st.integers(0, 10_000), st.integers(12, 400), st.integers(0, 400))
@settings(max_examples=20, deadline=None)
def test_a_text_and_a_page_that_wraps_it_are_always_candidates(seed: int, length: int, around: int) -> None:
    text = prose(seed, length)
    wrapped = f"{prose(seed + 1, around // 2)} {text} {prose(seed + 2, around // 2)}"
    found = measured([text, wrapped]).rows(named=True)
    assert length < 60 or [(r["first"], r["second"]) for r in found] == [(0, 1)]


def test_word_similarity_counts_words_as_often_as_both_use_them() -> None:
    text = prose(4, 120)
    longer = f"{text} {' '.join(text.split()[:30])} entirely other words here"
    (row,) = measured([text, longer]).rows(named=True)
    assert row["words_alike"] == pytest.approx(120 / 154)


def test_boilerplate_on_many_pages_costs_no_pair_for_every_two_of_them() -> None:
    footer = prose(99, 30)
    texts = [f"{prose(n, 100)} {footer}" for n in range(300)]
    index = sampled(shingles(codes_of(texts)))
    assert len(candidates(index)) < 600


def described(*facts: dict[str, Any]) -> pl.DataFrame:
    strings = ("outlet_id", "source_url", "reposted_from_outlet_id")
    schema = {"doc": pl.UInt32, "published_on": pl.Date, **dict.fromkeys(strings, pl.String)}
    rows = [{**dict.fromkeys(schema), **f, "doc": n} for n, f in enumerate(facts)]
    return pl.DataFrame(rows, schema=schema)


def kinds(one: str, other: str, *facts: dict[str, Any]) -> list[tuple[int, int, str]]:
    found = classified(measured([one, other]), described(*(facts or ({}, {}))))
    return [row[:3] for row in found.sort("doc", "kind").rows()]


def edited(text: str, every: int) -> str:
    return " ".join("changed" if n % every == 0 else w for n, w in enumerate(text.split()))


KCNA, TIMES, BLOG = ({"outlet_id": n} for n in ("kcna", "pyongyang_times", "blog"))


def test_copy_with_a_word_changed_here_and_there_is_a_duplicate() -> None:
    assert kinds(prose(1, 300), edited(prose(1, 300), 12)) == [(1, 0, "duplicate")]


def test_page_around_an_article_contains_it_whichever_is_preferred() -> None:
    article, page = prose(1, 200), f"{prose(2, 150)} {prose(1, 200)} {prose(3, 150)}"
    assert kinds(article, page, KCNA, BLOG) == [(1, 0, "contains")]
    assert kinds(page, article, BLOG, KCNA) == [(0, 1, "contains")]


def test_page_that_names_its_source_and_contains_its_article_is_a_repost() -> None:
    article, page = prose(1, 200), f"{prose(2, 150)} {prose(1, 200)}"
    wrap = {"outlet_id": "blog", "reposted_from_outlet_id": "kcna"}
    assert kinds(article, page, KCNA, wrap) == [(1, 0, "repost")]
    assert kinds(article, page, TIMES, wrap) == [(1, 0, "contains")]
    assert kinds(article, article + " More soon here.", KCNA, wrap) == [(1, 0, "duplicate"), (1, 0, "repost")]


def test_same_report_in_another_outlet_days_apart_is_a_rewrite() -> None:
    retold = f"{prose(1, 120)} {prose(2, 180)}"
    days = [date(2024, 1, 16), date(2024, 1, 18), date(2024, 5, 18)]
    first = {**KCNA, "published_on": days[0]}
    assert kinds(prose(1, 300), retold, first, {**TIMES, "published_on": days[1]}) == [(1, 0, "rewrite")]
    assert kinds(prose(1, 300), retold, first, {**TIMES, "published_on": days[2]}) == []
    assert kinds(prose(1, 300), retold, first, {**KCNA, "published_on": days[1]}) == []


def test_formula_of_one_outlet_is_no_duplicate() -> None:
    arrival = f"{prose(1, 14)} delegation led by one arrived {prose(2, 14)}"
    parting = f"{prose(1, 14)} delegation led by two departed {prose(2, 14)}"
    days = [{**KCNA, "published_on": date(2024, 3, d)} for d in (4, 7)]
    assert kinds(arrival, parting, *days) == []


def test_one_address_has_one_publisher() -> None:
    one, other = prose(1, 300), edited(prose(1, 300), 9)
    assert kinds(one, other) == [(1, 0, "duplicate")]
    assert kinds(one, other, {"source_url": "u"}, {"source_url": "u"}) == []


def test_preference_is_original_then_state_media_then_earliest() -> None:
    rows = [
        ("e", "kcna", True, date(2024, 1, 1), "nk_news"),
        ("d", "blog", None, None, None),
        ("c", "blog", None, date(2024, 1, 1), None),
        ("b", "kcna", True, date(2024, 1, 3), None),
        ("a", "kcna", True, date(2024, 1, 2), None),
    ]
    schema = ["document_id", "outlet_id", "is_state_media", "published_on", "reposted_from_outlet_id"]
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(retrieved_at=pl.lit(None, pl.Datetime))
    for seed in range(5):
        shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
        assert in_order_of_preference(shuffled)["document_id"].to_list() == ["a", "b", "c", "d", "e"]


def relation_rows(*rows: tuple[int, int, str]) -> pl.DataFrame:
    return pl.DataFrame([(*r, 1.0, 1.0) for r in rows], schema=RELATION_SCHEMA, orient="row")


def test_a_chain_of_changes_does_not_make_its_ends_duplicates() -> None:
    chain = relation_rows((1, 0, "duplicate"), (2, 1, "duplicate"), (3, 2, "duplicate"))
    assert kept_documents(chain) == {1: 0, 3: 2}


def test_digest_of_several_reports_is_not_one_story_but_a_short_excerpt_is() -> None:
    relations = relation_rows((4, 0, "contains"), (4, 1, "contains"), (5, 2, "contains"), (3, 2, "rewrite"))
    containers = relations.filter(kind="contains").with_columns(share=pl.lit(0.3))
    none = pl.DataFrame(schema={"earlier": pl.UInt32, "later": pl.UInt32})
    assert stories(6, relations, containers, none) == [0, 1, 2, 2, 4, 2]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60), st.randoms())
def test_components_do_not_depend_on_the_order_of_edges(edges: list[tuple[int, int]], source: random.Random) -> None:
    one, other = Components(31), Components(31)
    one.join(edges)
    source.shuffle(edges)
    other.join((b, a) for a, b in edges)
    assert [one.root(n) for n in range(31)] == [other.root(n) for n in range(31)]
    assert all(one.root(a) == one.root(b) <= min(a, b) for a, b in edges)


def test_changed_spans_name_what_was_replaced_added_and_dropped() -> None:
    earlier = "The mill made 40 tons of flour. It closed early."
    later = "The mill made 45 tons of fine flour. It closed."
    found = [(earlier[a:b], later[c:d]) for a, b, c, d in changed_spans(earlier, later)]
    assert found == [("40", "45"), ("", "fine"), ("early", "")]


def test_the_shape_of_marks_is_no_change() -> None:
    assert changed_spans('The mill\'s "plan" - met', "The mill’s “plan” – met") == []
    earlier, later = "The mill's plan was met.", "The mill’s plan was over-met."
    assert [later[c:d] for _, _, c, d in changed_spans(earlier, later)] == ["over-"]


@given(st.lists(st.sampled_from("ab, cd. e\n"), max_size=80), st.lists(st.sampled_from("ab, cd. e\n"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_what_lies_between_changed_spans_is_the_same(one: list[str], other: list[str]) -> None:
    earlier, later = "".join(one), "".join(other)
    kept_earlier, kept_later, i, j = "", "", 0, 0
    for a, b, c, d in changed_spans(earlier, later):
        assert i <= a <= b <= len(earlier)
        assert j <= c <= d <= len(later)
        kept_earlier, kept_later, i, j = f"{kept_earlier} {earlier[i:a]}", f"{kept_later} {later[j:c]}", b, d
    pattern = re.compile(r"\w+|[^\w\s]")
    assert pattern.findall(f"{kept_earlier} {earlier[i:]}") == pattern.findall(f"{kept_later} {later[j:]}")
    assert bool(changed_spans(earlier, later)) == (pattern.findall(earlier) != pattern.findall(later))


def test_long_texts_are_compared_in_time(grows_linearly: Any) -> None:
    text = prose(5, 20_000)
    changed = edited(text, 50)
    assert len(changed_spans(text, changed)) == 400
    assert grows_linearly(lambda times: changed_spans("coal " * 20_000 * times, "steel " * 20_000 * times))
