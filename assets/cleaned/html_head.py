"""What the head of an HTML page states: address, title, authors, outlet, day."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, Final

from assets.cleaned.metadata import Stated

_META: Final = re.compile(r"<meta\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_CANONICAL: Final = re.compile(
    r"<link\b(?=[^>]*\brel\s*=\s*[\"']?canonical)[^>]*\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE
)
_TITLE: Final = re.compile(r"<title\b[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_H1: Final = re.compile(r"<h1\b[^>]*>(.*?)</h1", re.IGNORECASE | re.DOTALL)
_TIME: Final = re.compile(
    r"<time\b(?=[^>]*(?:\bpubdate\b|itemprop\s*=\s*[\"']?datePublished))[^>]*\bdatetime\s*=\s*[\"']([^\"']+)",
    re.IGNORECASE,
)
_JSON_LD: Final = re.compile(
    r"<script\b[^>]*type\s*=\s*[\"']?application/ld\+json[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL
)
_ATTRIBUTE: Final = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_TAG: Final = re.compile(r"<[^>]*>")
_ARTICLE_TYPES: Final = re.compile(r"Article|Posting|Report", re.IGNORECASE)
_PUBLISHED_NAMES: Final = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "article.published",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "date",
)


def stated_by_page(page: str) -> Stated:
    """What the page's meta tags, JSON-LD, canonical link, title and headings state."""
    meta = _meta(page)
    linked = _linked_data(page)
    author = meta.get("author") or meta.get("article:author") or meta.get("byl")
    return Stated(
        url=_url(_first(_CANONICAL, page)) or _url(meta.get("og:url")),
        title=meta.get("og:title") or linked.get("headline") or _text(_first(_H1, page)) or _text(_first(_TITLE, page)),
        authors=_authors(author) or tuple(linked.get("authors", ())),
        site_name=meta.get("og:site_name") or linked.get("publisher"),
        published_by_page=next((meta[n] for n in _PUBLISHED_NAMES if meta.get(n)), None)
        or linked.get("published")
        or _first(_TIME, page),
    )


def _meta(page: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _META.finditer(page):
        attributes = {
            m.group(1).lower(): next(g for g in (*m.groups()[1:], "") if g is not None)
            for m in _ATTRIBUTE.finditer(match.group(1))
        }
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = _text(attributes.get("content"))
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _first(pattern: re.Pattern[str], page: str) -> str | None:
    match = pattern.search(page)
    return match.group(1) if match else None


def _text(value: str | None) -> str | None:
    return " ".join(unescape(_TAG.sub(" ", value)).split()) or None if value else None


def _url(value: str | None) -> str | None:
    return unescape(value) if value and value.startswith(("http://", "https://")) else None


def _authors(value: str | None) -> tuple[str, ...]:
    if not value or value.startswith("http"):
        return ()
    return tuple(a for a in (p.strip() for p in re.split(r"\s*(?:,|;| and )\s*", value.removeprefix("By "))) if a)


def _linked_data(page: str) -> dict[str, Any]:
    for match in _JSON_LD.finditer(page):
        try:
            data = json.loads(unescape(match.group(1)) if "&quot;" in match.group(1) else match.group(1))
        except ValueError:
            continue
        for node in _nodes(data):
            if _ARTICLE_TYPES.search(str(node.get("@type", ""))):
                return {
                    "headline": _string(node.get("headline")),
                    "published": _string(node.get("datePublished")),
                    "authors": [n for a in _listed(node.get("author")) if (n := _named(a))],
                    "publisher": next((n for p in _listed(node.get("publisher")) if (n := _named(p))), None),
                }
    return {}


def _nodes(data: Any) -> Iterator[Mapping[str, Any]]:
    for item in _listed(data):
        if isinstance(item, Mapping):
            yield item
            yield from _nodes(item.get("@graph"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _named(value: Any) -> str | None:
    return _string(value.get("name")) if isinstance(value, Mapping) else _string(value)


def _string(value: Any) -> str | None:
    return " ".join(unescape(value).split()) or None if isinstance(value, str) else None
