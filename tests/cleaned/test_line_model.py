"""Whole pages rendered as text: menus go, the article stays, plain articles are never asked about."""

from __future__ import annotations

import pytest

from assets.cleaned.cuts import text_without
from assets.cleaned.line_features import line_features
from assets.cleaned.line_model import article_lines, line_model, looks_like_page
from assets.cleaned.lines import lines_of
from assets.cleaned.patterns import patterns_of
from assets.cleaned.residue import Page, find_residue
from warehouse.reference import load_reference

PATTERNS = patterns_of(load_reference())
ARTICLE = (
    "The ministry has published the plan for the coming year, and the towns along the river have begun to read it.",
    "Three of them say that they cannot meet it. The reason they give is the same in each case: there is no coal to be "
    "had at the price that the plan assumes, and the trains that should bring it do not run.",
    "“We were asked in spring and we answered in spring,” said a member of the council, who has kept the letters.",
    "A spokesman of the ministry said that the plan stands. He added that towns which fall behind will be given help, "
    "and that the sum set aside for this has been raised by a tenth.",
    "The next report is due in March, when the figures for the whole of the year will have been put together.",
)
MENU = ["Home", "News", "Politics", "Economy", "Culture", "Sports", "Opinion", "Video", "Podcasts", "Newsletters"]
STORIES = ["Bridge to reopen in May", "What the harvest tells us", "Mayor steps down", "Ten walks in the hills"]
FOOT = ["About us", "Contact us", "Privacy policy", "Terms of use", "© 2024 River Times. All rights reserved."]


def page(indent: str = "  ") -> str:
    menu = [f"{indent * 4}* {item}" for item in MENU]
    body = [f"{indent * 3}{paragraph}\n" for paragraph in ARTICLE]
    aside = [f"{indent * 5}Most read", *(f"{indent * 6}* {s}" for s in STORIES)]
    foot = [f"{indent}{item}" for item in FOOT]
    title = f"{indent * 3}Towns on the river cannot meet the plan\n"
    return "\n".join([title, *menu, title, f"{indent * 3}By Alex Sample, May 11, 2021\n", *body, *aside, *foot])


@pytest.mark.parametrize("indent", ["  ", ""])
def test_article_of_a_page(indent: str) -> None:
    text = page(indent)
    found = find_residue(text, lines_of(text), PATTERNS, Page(None))
    left = text_without(text, found.cuts).split("\n")
    assert [line for line in left if line] == list(ARTICLE)
    assert found.title == "Towns on the river cannot meet the plan"
    assert {"navigation", "byline", "related_headlines", "copyright"} <= {c.kind for c in found.cuts}


def test_a_plain_article_is_no_page() -> None:
    assert not looks_like_page(lines_of("\n\n".join(ARTICLE * 6)), 0)
    assert looks_like_page(lines_of(page()), 8)


def test_an_indented_table_is_no_page() -> None:
    rows = [f"{' ' * (n % 6)}Item {n} of the plan   {n * 7} tons" for n in range(30)]
    text = "\n".join([ARTICLE[0], "", *rows, "", ARTICLE[1]])
    assert not find_residue(text, lines_of(text), PATTERNS, Page(None)).cuts


def test_features_are_between_zero_and_one() -> None:
    lines = lines_of(page())
    for column in line_features(lines, PATTERNS).values():
        assert len(column) == len(lines)
        assert (column >= 0).all() and (column <= 1).all()


def test_every_feature_of_a_page_has_a_weight_or_none_at_all() -> None:
    model = line_model()
    known = set(line_features(lines_of(page()), PATTERNS))
    assert len(known & set(model.weights)) > 0.8 * len(known)


def test_no_lines() -> None:
    assert article_lines([], PATTERNS, line_model()) == []
