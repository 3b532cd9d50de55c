"""HTML pages: blocks with raw offsets, the article among them, what the head states."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.cleaned.html import article_text, extract
from assets.cleaned.html_article import main_content
from assets.cleaned.html_blocks import blocks_of, head_end, raw_positions
from assets.cleaned.html_elements import BODY
from assets.cleaned.html_head import stated_by_page
from assets.cleaned.patterns import patterns_of
from assets.cleaned.residue import Page
from warehouse.reference import load_reference

PATTERNS = patterns_of(load_reference())
PARAGRAPHS = (
    "The province opened a foodstuff factory and a paper mill on Monday, officials &amp; builders said at the gate.",
    "Coal miners carried out <b>104 percent</b> of their plan for the quarter, while steel makers reached 112 percent.",
    "“We count what leaves the gate,” the manager said, and he added that flour is short in every second week.",
    "Of the 20 places named for the year, 14 have begun to build, according to a count that was made in March.",
)
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>Mill opens in the north | River Times</title>
<meta property="og:title" content="Mill opens in the north"><meta property="og:site_name" content="River Times">
<meta property="article:published_time" content="2024-03-05T09:00:00+09:00"><meta name="author" content="A. Sample">
<link rel="canonical" href="https://river-times.example/2024/03/05/mill">
<style>p {{ color: red }}</style></head>
<body class="news">
<nav><ul><li><a href="/">Home</a></li><li><a href="/e">Economy</a></li></ul></nav>
<article><h1>Mill opens in the north</h1>
<p class="byline">By Alex Sample<br>Input 2024-03-05 09:00</p>
<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>
<figure><img src="a.jpg"><figcaption>A mill in January 2020. /File photo</figcaption></figure>
<h2>What comes next</h2>
<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]} -0-</p></article>
<aside><h4>Most read</h4><ol><li>Exports up in <i>December</i></li><li>Steel plant meets its plan</li></ol></aside>
<script>var a = "<p>not shown</p>";</script>
<footer>Copyright River Times. All rights reserved.</footer></body></html>"""
CLEAN = [
    "Mill opens in the north",
    PARAGRAPHS[0].replace("&amp;", "&"),
    PARAGRAPHS[1].replace("<b>", "").replace("</b>", ""),
    "What comes next",
    PARAGRAPHS[2],
    PARAGRAPHS[3],
]


def test_article_of_a_page() -> None:
    found = extract(PAGE, PATTERNS, Page("Mill opens in the north"))
    assert found.text.split("\n\n") == CLEAN
    assert found.title == "Mill opens in the north"
    assert 0 < found.kept < found.visible


def test_cuts_lie_in_the_source_and_tell_what_they_are() -> None:
    cuts = extract(PAGE, PATTERNS, Page(None)).cuts
    by_kind = {cut.kind: PAGE[cut.start : cut.end] for cut in cuts}
    assert by_kind["navigation"].startswith("Home")
    assert by_kind["byline"] == "By Alex Sample<br>Input 2024-03-05 09:00"
    assert by_kind["caption"] == "A mill in January 2020. /File photo"
    assert by_kind["related_headlines"].startswith("Most read")
    assert by_kind["related_headlines"].endswith("meets its plan")
    assert by_kind["copyright"] == "Copyright River Times. All rights reserved."
    assert PAGE[cuts[0].start : cuts[0].end].endswith('<body class="news">')
    assert "-0-" in {PAGE[c.start : c.end] for c in cuts}
    assert all(a.end <= b.start for a, b in pairwise(cuts))


def test_no_block_is_lost() -> None:
    """Every visible block is in the text or in a cut."""
    found = extract(PAGE, PATTERNS, Page(None))
    for block in blocks_of(PAGE):
        inside = any(c.start <= block.start and block.end <= c.end for c in found.cuts)
        assert inside or block.text.removesuffix(" -0-") in found.text


def test_scripts_styles_and_comments_are_not_visible() -> None:
    assert [b.text for b in blocks_of("<p>a<!-- b --></p><script>c</script><style>d</style><div>e")] == ["a", "e"]


def test_raw_positions_follow_entities_and_tags() -> None:
    page = "<p>one &amp; <b>two</b>\n three</p>"
    block = blocks_of(page)[0]
    assert block.text == "one & two three"
    places = raw_positions(page, block)
    assert len(places) == len(block.text)
    assert page[places[4][0] : places[4][1]] == "&amp;"
    assert page[places[6][0] : places[8][1]] == "two"


def test_line_breaks_and_cells() -> None:
    blocks = blocks_of("<p>By A<br>Input 1</p><table><tr><td>coal</td><td>104</td></tr></table>")
    assert [(b.text, b.line_break) for b in blocks] == [("By A", False), ("Input 1", True), ("coal 104", False)]


@given(st.text(alphabet="<>/pdiv &;am\"'=!- a\n", max_size=120))
@settings(max_examples=200, deadline=None)
def test_broken_markup_never_raises(page: str) -> None:
    for block in blocks_of(page):
        assert 0 <= block.start < block.end <= len(page)
    assert 0 <= head_end(page) <= len(page)
    stated_by_page(page)


@pytest.mark.parametrize("page", ["", "<html></html>", "plain words", "<body><nav>Home</nav></body>"])
def test_pages_without_an_article(page: str) -> None:
    found = extract(page, PATTERNS, Page(None))
    assert found.text in ("", "plain words")
    assert isinstance(main_content(page), str)


def test_head_of_a_page() -> None:
    stated = stated_by_page(PAGE)
    assert stated.url == "https://river-times.example/2024/03/05/mill"
    assert stated.title == "Mill opens in the north"
    assert stated.site_name == "River Times"
    assert stated.authors == ("A. Sample",)
    assert stated.published_by_page == "2024-03-05T09:00:00+09:00"


def test_linked_data() -> None:
    page = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": "NewsArticle",
    "headline": "Mill opens", "datePublished": "2024-03-05", "author": [{"name": "A. Sample"}],
    "publisher": {"name": "River Times"}}]}</script><script type="application/ld+json">{broken</script>"""
    stated = stated_by_page(page)
    assert (stated.title, stated.published_by_page, stated.authors, stated.site_name) == (
        "Mill opens",
        "2024-03-05",
        ("A. Sample",),
        "River Times",
    )


MENU = "".join(f"<li><a href='/{n}'>{name}</a></li>" for n, name in enumerate(["Home", "World", "Economy", "Sport"]))
TEASERS = "".join(
    f"<article class='card'><h3><a href='/{n}'>Another story of the day, number {n}</a></h3></article>"
    for n in range(6)
)
COMMENTS = "<p>I do not believe a word of what this article says, and neither does anybody else in our town.</p>" * 3


def told(container: str, inside: str = "") -> str:
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    return (
        f"<body><ul>{MENU}</ul><div class='wide'>{TEASERS}<div {container}>{body}{inside}</div></div>"
        f"<div class='x1'>{COMMENTS}</div><div>Contact | Terms</div></body>"
    )


@pytest.mark.parametrize("container", ["class='entry-content wide'", "itemprop='articleBody'", "id=story-body"])
def test_a_container_named_for_the_article_tells(container: str) -> None:
    found = extract(told(container), PATTERNS, Page(None)).text
    assert "gate" in found and "March" in found
    assert "Another story" not in found and "anybody else" not in found and "Home" not in found


def test_boxes_in_the_container_are_not_the_article() -> None:
    box = (
        "<div class='related-posts'><p>A mill burned down in spring, and nobody was hurt, the province said.</p></div>"
    )
    links = "<ul><li><a href='/1'>Ten mills that have closed since the beginning of the year</a></li></ul>"
    found = extract(told("class='entry-content'", box + links), PATTERNS, Page(None)).text
    assert "gate" in found and "burned" not in found and "Ten mills" not in found


def test_a_page_whose_names_tell_nothing() -> None:
    body = "".join(f"<p class='k{n}'>{p}</p>" for n, p in enumerate(PARAGRAPHS * 2))
    page = (
        f"<body><div class='a1'><ul>{MENU}</ul></div><div class='a2'>{body}</div><div class='a3'><ul>{MENU}</ul></div>"
    )
    found = extract(page, PATTERNS, Page(None)).text
    assert "gate" in found and "March" in found
    assert "Economy" not in found


def test_links_are_counted_and_an_unclosed_link_ends() -> None:
    block, other = blocks_of("<p>See <a href='/a'>the plan</a> now</p><p>word</p>")
    assert (block.linked, other.linked) == (len("the plan"), 0)
    far = blocks_of("<a href='/a'>x" + "<p>some words of prose</p>" * 200)
    assert far[1].linked > 0 and far[-1].linked == 0


def test_what_looks_like_a_tag_and_is_none() -> None:
    page = (
        "<p>coal < steel & 5 <6</p><p title='<b>' class=\"x>y\">two</p><!-- <p>no</p> --><P>three<Script>x</SCRIPT></P>"
    )
    blocks = blocks_of(page)
    assert [b.text for b in blocks] == ["coal < steel & 5 <6", "two", "three"]
    assert [page[b.start : b.end] for b in blocks] == ["coal < steel & 5 <6", "two", "three"]


def test_names_around_a_block() -> None:
    page = (
        "<body class='news-body'><div class='sidebar'><div class='entry-content'><p>a</p>"
        "<div class='share-box'><p>b</p></div></div></div><nav><div class='author-box'>c</div></nav></body>"
    )
    a, b, c = (block.element for block in blocks_of(page))
    assert a.containers[BODY] == b.containers[BODY] == 2 and c.containers[BODY] == 0
    assert (a.is_beside(BODY), b.is_beside(BODY), a.is_beside(None)) == (False, True, True)
    assert (a.outside, c.outside) == (False, True)
    assert (a.kind, b.kind, c.kind) == ("related_headlines", "navigation", "byline")


def test_the_text_alone_is_the_text_with_cuts() -> None:
    for page in (PAGE, told("class='entry-content'"), told("class='k'")):
        assert article_text(page, PATTERNS, Page(None)) == extract(page, PATTERNS, Page(None)).text
