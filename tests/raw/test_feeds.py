from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.raw.fetching.feeds import Link, listing_of
from assets.raw.fetching.sameness import digest_of
from assets.raw.problems import ReadError

AT = "https://w.example/news/feed.xml"
RSS = """<?xml version="1.0" encoding="{0}"?>
<!-- made by hand --><rss version="2.0"><channel><title>Wire &amp; More</title><link>https://w.example/</link>
<item><title>Plan &lt;b&gt;met&lt;/b&gt; 계획</title><link>https://w.example/a#top</link>
<pubDate>Tue, 05 Mar 2024 10:00:00 +0900</pubDate></item>
<item><link>b?x=1&amp;y=2</link></item>
<item><title>No link</title></item>
<item><link>javascript:alert(1)</link></item>
<item><link>https://w.example/a</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><title>One</title>
<link rel="alternate" href="/a"/><published>2024-03-05T01:00:00Z</published><updated>2024-03-06</updated>
</entry></feed>"""
MAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> https://w.example/a </loc>
<lastmod>2024-03-05</lastmod></url><url><loc>https://w.example/b</loc><news:news><news:title>Two</news:title>
<news:publication_date>2024-03-06</news:publication_date></news:news></url><url><loc>mailto:x@w.example</loc></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://w.example/1.xml.gz</loc>
</sitemap><sitemap><loc>https://w.example/2.xml</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_rss(charset: str) -> None:
    declared = {"utf-8-sig": "utf-8", "cp949": "euc-kr"}.get(charset, charset)
    listing = listing_of(RSS.format(declared).encode(charset), AT)
    assert listing is not None and listing.title == "Wire & More" and listing.children == []
    assert listing.links == [
        Link("https://w.example/a", "Plan met 계획", "Tue, 05 Mar 2024 10:00:00 +0900"),
        Link("https://w.example/news/b?x=1&y=2"),
    ]


def test_atom() -> None:
    listing = listing_of(ATOM.encode(), AT)
    assert listing is not None
    assert listing.links == [Link("https://w.example/a", "One", "2024-03-05T01:00:00Z")]


@pytest.mark.parametrize("packed", [False, True])
def test_sitemaps(packed: bool) -> None:
    pack = gzip.compress if packed else bytes
    listing, index = listing_of(pack(MAP.encode()), AT), listing_of(pack(INDEX.encode()), AT)
    assert listing is not None and index is not None
    assert listing.links == [
        Link("https://w.example/a", None, None, "2024-03-05"),
        Link("https://w.example/b", "Two", "2024-03-06"),
    ]
    assert index.links == [] and index.children == ["https://w.example/1.xml.gz", "https://w.example/2.xml"]


def test_a_broken_feed_gives_what_can_be_read() -> None:
    broken = RSS.format("utf-8").replace("</channel></rss>", "<item><title>a & b</ti").encode()
    for data in (broken, MAP.encode()[:-60]):
        listing = listing_of(data, AT)
        assert listing is not None and "https://w.example/a" in [link.url for link in listing.links]
    with pytest.raises(ReadError, match="valid XML"):
        listing_of(b"<urlset><url><<", AT)


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{0}]>
<{1}><channel><item><title>&j;</title><link>https://w.example/a</link></item></channel></{1}>"""
NESTED = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
OUTSIDE = '<!ENTITY j SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("entities", [NESTED, OUTSIDE])
@pytest.mark.parametrize("root", ["rss", "urlset", "feed"])
def test_entities_are_refused(entities: str, root: str) -> None:
    began = time.monotonic()
    with pytest.raises(ReadError, match="entities"):
        listing_of(BOMB.format(entities, root).encode(), AT)
    with pytest.raises(ReadError, match="entities"):
        listing_of(BOMB.format(entities, root).encode("utf-16"), AT)
    assert time.monotonic() - began < 1.0


def test_a_packed_bomb_is_no_sitemap() -> None:
    with pytest.raises(ReadError) as caught:
        listing_of(gzip.compress(b"<urlset>" + b" " * 60_000_000), AT)
    assert caught.value.problem.reason == "bomb"
    assert listing_of(gzip.compress(b"\0" * 60_000_000), AT) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><rss>",
        b"<!DOCTYPE html><feed>",
        b"Talk of <rss> feeds",
        b'{"a": "<rss>"}',
        b"\x1f\x8bno",
        b"\x1f\x8b\x08" + bytes(7) + b"\x07",
    ],
)
def test_what_is_no_feed(data: bytes) -> None:
    assert listing_of(data, AT) is None


@given(st.binary(max_size=200), st.sampled_from([b"<rss>", b"<urlset>", b"<feed>", b"\x1f\x8b\x08", b""]))
def test_any_bytes_are_a_listing_or_refused(data: bytes, begin: bytes) -> None:
    try:
        listing_of(begin + data, AT)
    except ReadError as error:
        assert error.problem.detail.endswith(".")


def test_scripts_and_tokens_are_no_change() -> None:
    page = '<head><meta name="csrf-token" content="{0}"><script nonce="{0}">a={0};</script></head><body class="{0}">'
    page += '<!-- made in {0} s --><p>The plan was met.</p><time datetime="2024-03-05">today</time></body>'
    first = digest_of(page.format(1).encode(), "text/html")
    assert digest_of(page.format(2).encode(), "text/html") == first
    assert digest_of(page.format(2).encode(), "text/plain") != digest_of(page.format(1).encode(), "text/plain")
    for old, new in (("was met", "was not met"), ("2024-03-05", "2024-03-06")):
        assert digest_of(page.replace(old, new).encode(), "text/html") != first


@pytest.mark.parametrize("piece", [b"<script", b"<!--", b"<meta token", b"<a <a", b"<style></style", b"<p>"])
def test_telling_a_change_takes_linear_time(piece: bytes) -> None:
    began = time.monotonic()
    digest_of(piece * (1_000_000 // len(piece)), "text/html")
    assert time.monotonic() - began < 2.0


def test_no_file_of_this_machine_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text(ATOM)
    # feedparser reads files and addresses it is given as text; it is given streams only.
    assert listing_of(str(tmp_path / "secret.xml").encode(), AT) is None
