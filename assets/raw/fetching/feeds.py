"""Feeds (RSS, Atom) and sitemaps: the pages they name."""

from __future__ import annotations

import gzip
import io
import re
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from assets.raw.bodies import unpacked
from assets.raw.problems import ReadError

LISTING_BYTES = 50_000_000  # what the protocol of sitemaps allows one to be
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(rss|feed|RDF|urlset|sitemapindex)(?=[\s>/])")
_PROLOG_BYTES = 20_000
_MARKUP = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True, slots=True)
class Link:
    """A page that is named: its address and, as stated, its title, time of publication and, in a sitemap, last change.

    What feeds call updated is often the time of publication, so it is no sign that nothing has changed since.
    """

    url: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or sitemap names: its own title, pages, and further sitemaps."""

    title: str | None
    links: list[Link] = field(default_factory=list)
    children: list[str] = field(default_factory=list)


def listing_of(data: bytes, address: str) -> Listing | None:
    """The listing, if the bytes (packed by gzip or not) are a feed or sitemap from that address; else None.

    Nothing outside the document is looked up. Raises ReadError for one that declares entities, which could blow it
    up, is too large, or cannot be parsed.
    """
    if data.startswith(b"\x1f\x8b"):
        data = _expanded(data)
    head = data[:_PROLOG_BYTES].replace(b"\0", b"")
    root = _ROOT.search(head)
    if root is None or not head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return None
    if re.search(rb"<(?:!doctype\s+)?html[\s>]", head[: root.start()], re.IGNORECASE):
        return None
    if b"<!ENTITY" in head[: root.start()]:
        raise ReadError("bad_record", "The feed declares entities and is not read.")
    name = root[1].decode()
    return _sitemap(data, address) if name in {"urlset", "sitemapindex"} else _feed(data, address)


def _expanded(data: bytes) -> bytes:
    """The content of a gzip file; empty if it is none, or too large to be a sitemap."""
    try:
        return b"".join(unpacked((data,), "gzip", LISTING_BYTES))
    except ReadError as error:
        head = _beginning(data)
        if _ROOT.search(head):
            raise ReadError(error.problem.reason, error.problem.detail) from None
        return b""


def _beginning(data: bytes) -> bytes:
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(data)).read(_PROLOG_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""


def _feed(data: bytes, address: str) -> Listing:
    import feedparser

    # A stream: given bytes or a string, feedparser would also take them for an address to fetch.
    headers = {"content-location": address, "content-type": "application/xml"}
    parsed = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    if parsed.bozo and not parsed.entries and not parsed.feed:
        raise ReadError("bad_record", "The feed cannot be parsed.")
    links = (_link(e, address) for e in parsed.entries)
    return Listing(_text(parsed.feed.get("title")), each_once(link for link in links if link))


def _link(entry: dict[str, str], address: str) -> Link | None:
    url = _page(entry.get("link"), address)
    return Link(url, _text(entry.get("title")), _text(entry.get("published"))) if url else None


def _sitemap(data: bytes, address: str) -> Listing:
    listing = Listing(None)
    links = []
    try:
        for element in _elements(data):
            found = {_local(e.tag): (e.text or "").strip() for e in element.iter()}
            url = _page(found.get("loc"), address)
            if url and _local(element.tag) == "sitemap":
                listing.children.append(url)
            elif url:
                stated = (found.get(name) or None for name in ("title", "publication_date", "lastmod"))
                links.append(Link(url, *stated))
    except (ET.ParseError, ValueError):
        if not links and not listing.children:
            raise ReadError("bad_record", "The sitemap is no valid XML.") from None
    listing.links.extend(each_once(links))
    return listing


def _elements(data: bytes) -> Iterator[ET.Element]:
    """The entries of a sitemap, each let go of once it has been read."""
    root: ET.Element | None = None
    for event, element in ET.iterparse(io.BytesIO(data), ("start", "end")):
        root = element if root is None else root
        if event == "end" and _local(element.tag) in {"url", "sitemap"}:
            yield element
            root.clear()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _page(link: str | None, address: str) -> str | None:
    """The web address of a page that is named; None for what is no such address."""
    if not isinstance(link, str) or not link.strip() or len(link) > 4_000:
        return None
    try:
        url = urljoin(address, link.strip()).partition("#")[0]
        return url if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname else None
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return " ".join(_MARKUP.sub("", value).split()) or None if isinstance(value, str) else None


def each_once(links: Iterable[Link]) -> list[Link]:
    """The links in order, of those to the same page the first."""
    found: dict[str, Link] = {}
    for link in links:
        found.setdefault(link.url, link)
    return list(found.values())
