"""HTML pages rebuilt from the benchmark's rendered pages, to measure extraction where no real page can be shipped.

The rendering keeps the page's tree: indentation is nesting, bullets are lists. The rebuilt page nests the same lines
in the elements and class names that news sites use, telling ones and meaningless ones, with or without an article
element, in four kinds of layout, with links, scripts and attributes as heavy as those of real pages. Which line is
the article's decides only what every site does: paragraphs for the article's prose, links for menus and headlines.
"""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from train_line_model import labelled

from assets.cleaned.lines import Line, ends_sentence, is_body_like, lines_of

LAYOUTS: Final = ("semantic", "classes", "hashed", "table")
_BULLET: Final = re.compile(r"^(?:[*+•·-]|\d{1,2}[.)])\s*")
_ARTICLE: Final = {
    "semantic": ("<article>", "<article class='post hentry' itemscope>", "<main><article id='story'>"),
    "classes": (
        "<div class='entry-content clearfix'>",
        "<div id='article-body' class='story-body__inner'>",
        "<div class='td-post-content' itemprop='articleBody'>",
        "<div class='content'><div class='text'>",
    ),
    "hashed": ("<div class='css-1x7dk9'>", "<div class='sc-bZQynM kqWxYz'>", "<section data-uid='a81'>"),
    "table": ("<table width='100%'><tr><td valign='top'>", "<center><table><tr><td class='t12'><font size='2'>"),
}
_OTHER: Final = {
    "semantic": ("<nav>", "<aside>", "<footer>", "<header>", "<section class='module'>", "<div class='widget'>"),
    "classes": (
        "<div class='menu main-menu'>",
        "<div class='sidebar widget-area'>",
        "<div class='footer-links'>",
        "<div class='related-posts'>",
        "<div class='block block-views'>",
        "<div class='row'>",
        "<section class='promo promo--wide'>",
    ),
    "hashed": ("<div class='css-9kq2'>", "<div>", "<section>", "<div class='sc-fzoLsD'>", "<div data-track='m'>"),
    "table": ("<table><tr><td>", "<td bgcolor='#eeeeee'>", "<div>", "<font size='1'>", "<center>"),
}
_INSIDE: Final = (
    "<div class='related-inline'>",
    "<aside class='pullout'>",
    "<div>",
    "<div class='ad-label'>",
    "<figure><figcaption>",
    "<div class='share-tools'>",
)
_NAME: Final = re.compile(r"<(\w+)")


class Made(NamedTuple):
    """A rebuilt page, its article, and the layout it is in."""

    html: str
    article: str
    layout: str


def rebuilt(pages: Sequence[dict[str, Any]]) -> list[Made]:
    """Every page in every layout; the same pages give the same HTML."""
    return [
        Made(_page(page, layout, random.Random(f"{number} {layout}")), page["article_body"], layout)
        for layout in LAYOUTS
        for number, page in enumerate(pages)
    ]


def _closing(opening: str) -> str:
    return "".join(f"</{name}>" for name in reversed(_NAME.findall(opening)))


def _page(page: dict[str, Any], layout: str, chance: random.Random) -> str:
    lines = lines_of(page["page_text"])
    truth = labelled(lines, page["article_body"])
    title = next((line.text for line, own in zip(lines, truth, strict=True) if own), "Page")[:90]
    body = "\n".join(_body(lines, truth, layout, chance))
    return f"<!DOCTYPE html><html lang='en'><head>{_head(title, chance)}</head><body class='page'>{body}</body></html>"


def _head(title: str, chance: random.Random) -> str:
    state = json.dumps({f"k{i}": chance.random() for i in range(chance.randrange(100, 1200))})
    styles = "".join(f".c{i}{{margin:0 {i}px;color:#abc}}" for i in range(chance.randrange(50, 400)))
    return (
        f"<meta charset='utf-8'><title>{html.escape(title)} | Site</title><meta name='viewport' content='width=1'>"
        f"<meta property='og:title' content=\"{html.escape(title)}\"><style>{styles}</style>"
        f"<script>window.__STATE__={state};</script>"
    )


def _body(lines: Sequence[Line], truth: Sequence[bool], layout: str, chance: random.Random) -> Iterator[str]:
    """The lines in order; the article's stretch in its container, the rest in the nesting of the rendering."""
    own = [index for index, keep in enumerate(truth) if keep]
    first, last = (own[0], own[-1]) if own else (0, -1)
    yield from _outside(lines[:first], layout, chance)
    container = chance.choice(_ARTICLE[layout])
    wrapper = chance.choice(_OTHER[layout][-2:])
    yield wrapper + container
    for index in range(first, last + 1):
        yield _inner(lines[index], truth[index], layout, chance)
    yield _closing(container)
    if chance.random() < 0.5:
        yield _closing(wrapper)
        wrapper = ""
    yield from _outside(lines[last + 1 :], layout, chance)
    yield _closing(wrapper) + "<script>var q=[];" + "q.push(1);" * chance.randrange(400) + "</script>"


def _inner(line: Line, own: bool, layout: str, chance: random.Random) -> str:
    text = html.escape(_BULLET.sub("", line.text))
    bullet = _BULLET.match(line.text) is not None
    if not own:
        box = chance.choice(_INSIDE)
        inside = text if is_body_like(line.text) else _link(text, chance)
        return f"{box}{inside}{_closing(box)}"
    if bullet:
        return f"<ul><li>{text}</li></ul>"
    if len(text) < 60 and not ends_sentence(line.text):
        tag = chance.choice(("h2", "h3", "p", "strong")) if layout != "table" else "b"
        return f"<{tag}>{text}</{tag}>" + ("<br>" if tag in ("strong", "b") else "")
    text = _with_link(text, chance)
    return f"{text}<br><br>" if layout == "table" and len(text) % 2 else f"<p>{text}</p>"


def _with_link(text: str, chance: random.Random) -> str:
    """A paragraph in which now and then a few words are a link."""
    parts = text.split(" ")
    if chance.random() < 0.7 or len(parts) < 8:
        return text
    at = chance.randrange(len(parts) - 4)
    return " ".join([*parts[:at], _link(" ".join(parts[at : at + 3]), chance), *parts[at + 3 :]])


def _link(text: str, chance: random.Random) -> str:
    return f"<a href='https://site.example/{chance.randrange(10**6)}/x?utm={chance.randrange(99)}'>{text}</a>"


def _outside(lines: Sequence[Line], layout: str, chance: random.Random) -> Iterator[str]:
    """Lines outside the article: deeper indentation opens a container, shallower closes it."""
    opened: list[tuple[int, str]] = []
    for line in lines:
        while opened and opened[-1][0] > line.indent:
            yield _closing(opened.pop()[1])
        if not opened or opened[-1][0] < line.indent:
            box = "<ul>" if _BULLET.match(line.text) and opened else chance.choice(_OTHER[layout])
            opened.append((line.indent, box))
            yield box
        yield _outer(line, chance)
    for _, box in reversed(opened):
        yield _closing(box)


def _outer(line: Line, chance: random.Random) -> str:
    bullet = _BULLET.match(line.text) is not None
    text = html.escape(_BULLET.sub("", line.text))
    if is_body_like(line.text):
        return f"<p>{_with_link(text, chance)}</p>"
    linked = _link(text, chance) if bullet or chance.random() < 0.6 else text
    tag = "li" if bullet else chance.choice(("div", "span", "p", "h4"))
    return f"<{tag} class='c{chance.randrange(60)}' data-i='{chance.randrange(999)}'>{linked}</{tag}>"
