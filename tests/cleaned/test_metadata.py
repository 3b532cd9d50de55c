"""Outlet, origin, title, authors and day of a page, through the stage's `clean`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from assets.cleaned.metadata import Metadata, without_site_name
from assets.cleaned.outlets import domain_of, outlet_index
from assets.cleaned.stage import clean
from warehouse.reference import load_reference

REFERENCE = load_reference()
BLOG_URL = "https://frontier-blog.example/m"
BODY = (
    "The county opened a foodstuff factory and a paper mill on Monday, officials of the province said.\n\n"
    "Coal miners carried out 104 percent of their plan for the quarter, while steel makers reached 112 percent."
)


def metadata(content: str, **stated: Any) -> Metadata:
    raw: dict[str, Any] = dict.fromkeys(
        ("source_url", "source_title", "source_authors", "source_outlet", "source_published_at", "retrieved_at")
    )
    raw |= {"document_id": "d", "media_type": "text/plain", "content": content}
    return clean(raw | stated, REFERENCE).metadata


def test_record_beats_page() -> None:
    found = metadata(
        f"Mill opens\n\nSample State Times, December 4, 2019\n\n{BODY}",
        source_title="Mill opens in the north",
        source_outlet="Sample North Monitor",
        source_published_at="2019-12-05",
        source_url="https://state-times.example/2019/12/04/mill",
        source_authors=["A. Sample"],
    )
    assert found.outlet_id == "sample_north_monitor"
    assert found.title == "Mill opens in the north"
    assert (found.published_on, found.published_on_basis) == (date(2019, 12, 5), "metadata")
    assert found.authors == ("A. Sample",)


@pytest.mark.parametrize(
    ("content", "url", "expected", "basis"),
    [
        (f"Mill opens\n\nBy Alex Sample, May 11, 2021\n\n{BODY}", None, date(2021, 5, 11), "byline"),
        (f"Mill opens\n\nInput 2021-05-11 09:20\n\n{BODY}", None, date(2021, 5, 11), "byline"),
        (
            f"Mill opens\n\nWritten: 2021-05-11 09:20:08 Updated: 2021-05-12 14:00:32\n\n{BODY}",
            None,
            date(2021, 5, 11),
            "byline",
        ),
        (f"Mill opens\n\nUpdated: 2021-05-12 14:00:32\n\n{BODY}", None, None, None),
        (
            f"{BODY}\n\nThis entry was posted on Tuesday, May 11th, 2021 at 9:02 am and is filed under Coal.",
            None,
            date(2021, 5, 11),
            "footer",
        ),
        (
            f"February 06, 2025\n\nMill opens\n\nDate: 24/01/2025 | Source: KCNA\n\n{BODY}",
            None,
            date(2025, 1, 24),
            "archive_line",
        ),
        (f"calendar>>April 8. 2024 Juche 113\n\n{BODY}", None, date(2024, 4, 8), "archive_line"),
        (BODY, "https://a.example/2024/01/16/mill", date(2024, 1, 16), "url"),
        (f"Pyongyang, January 16 (KCNA) -- {BODY}", "https://a.example/2024/mill", date(2024, 1, 16), "dateline"),
        (f"Pyongyang, December 31 (KCNA) -- {BODY}", "https://a.example/2024/01/01/x", date(2023, 12, 31), "dateline"),
        (f"Pyongyang, January 16 (KCNA) -- {BODY}", None, None, None),
        (f"A mill. (Photo: desk, May 29, 2024)\n\n{BODY}", None, None, None),
        (
            f"[Photo] A mill on May 29, 2024. /File photo\n\nBy A. Sample, June 1, 2024\n\n{BODY}",
            None,
            date(2024, 6, 1),
            "byline",
        ),
        (f"The plan of May 11, 2021 was met.\n\n{BODY}", None, None, None),
    ],
)
def test_day(content: str, url: str | None, expected: date | None, basis: str | None) -> None:
    found = metadata(content, source_url=url)
    assert (found.published_on, found.published_on_basis) == (expected, basis)


def test_day_on_top_of_a_page_that_contradicts_its_address() -> None:
    found = metadata(f"Nov. 28, 2024\n\nMill opens\n\n{BODY}", source_url="https://a.example/2024/01/17/mill")
    assert (found.published_on, found.published_on_basis) == (date(2024, 1, 17), "url")


def test_two_digit_year_is_decided_by_the_fetch() -> None:
    content = f"Mill opens\n20.01.23 16:40\n\n{BODY}"
    assert metadata(content).published_on is None
    assert metadata(content, retrieved_at=datetime(2023, 1, 21)).published_on == date(2023, 1, 20)


@pytest.mark.parametrize(
    ("content", "url", "outlet", "origin"),
    [
        (BODY, "https://www.dailynk.com/english/mill", "daily_nk", None),
        (BODY, "https://unknown.example/mill", None, None),
        (f"{BODY}\n\n© 2024 Sample North Monitor", None, "sample_north_monitor", None),
        (f"Pyongyang, January 16 (KCNA) -- {BODY}", None, "kcna", None),
        (f"Pyongyang, January 16 (KCNA) -- {BODY}", "https://unknown.example/mill", None, "kcna"),
        (f"Mill opens\n\nVia NK News, an article on mills:\n\n{BODY}", BLOG_URL, "sample_frontier_blog", "nk_news"),
        (f"Mill opens\n\n{BODY}\n\nSource: Yonhap News Agency", BLOG_URL, "sample_frontier_blog", "yonhap"),
        (f"{BODY} Daily NK and 38 North have reported on it.", None, None, None),
    ],
)
def test_outlet_and_origin(content: str, url: str | None, outlet: str | None, origin: str | None) -> None:
    found = metadata(content, source_url=url)
    assert (found.outlet_id, found.reposted_from_outlet_id) == (outlet, origin)


def test_dateline_place() -> None:
    assert metadata(f"Pyongyang, January 16 (KCNA) -- {BODY}").dateline_place_id == "pyongyang"
    assert metadata(f"Nowhere, January 16 (KCNA) -- {BODY}").dateline_place_id is None
    assert metadata(BODY).dateline_place_id is None


def test_authors_of_a_byline() -> None:
    found = metadata(f"Mill opens\n\nBy Alex Sample and Kim Sample, May 11, 2021\n\n{BODY}")
    assert found.authors == ("Alex Sample", "Kim Sample")
    assert metadata(f"By clicking “Accept” you agree to the storing of cookies.\n\n{BODY}").authors == ()


def test_title_is_unknown_where_the_text_begins_at_once() -> None:
    assert metadata(BODY).title is None
    assert metadata(f"mill workers in line\nWomen at a mill. (KCNA)\n\n{BODY}").title is None


def test_site_name_after_a_title() -> None:
    index = outlet_index(REFERENCE)
    assert without_site_name("Mill opens | Sample North Monitor", index, None) == "Mill opens"
    assert without_site_name("Mill opens - River Times", index, "River Times") == "Mill opens"
    assert without_site_name("Mill opens - in the north", index, None) == "Mill opens - in the north"
    assert without_site_name(None, index, None) is None


def test_outlets_by_name_and_domain() -> None:
    index = outlet_index(REFERENCE)
    assert index.named("the  DAILY NK ") == "daily_nk"
    assert index.at("https://english.dailynk.com/a") == "daily_nk"
    assert index.at("https://notdailynk.com/a") is None
    assert index.at("not an address") is None
    assert domain_of("http://[broken") == ""


def test_an_aggregator_lists_the_source_below() -> None:
    found = metadata(f"{BODY}\n\nMore From KCNA", source_url="https://kcnawatch.org/newstream/16-69/mill")
    assert (found.outlet_id, found.reposted_from_outlet_id) == ("kcna_watch", "kcna")
    found = metadata(f"{BODY}\n\nMore From KCNA", source_url=BLOG_URL)
    assert found.reposted_from_outlet_id is None


ARCHIVED = "https://kcnawatch.org/newstream/1680000000-1234567/mill-opens"


def test_a_mirror_page_with_its_address_on_top() -> None:
    """The day on top is the day of the visit; the archive is the outlet, the source named is where it comes from."""
    lines = "June 1, 2025\nKCNA KCNA.kp (En)\nMill opens in the north\nDate: 03/04/2023 | Source: KCNA.kp (En)"
    found = metadata(f"{ARCHIVED}\n\n{lines}\n{BODY}")
    assert (found.url, found.outlet_id, found.reposted_from_outlet_id) == (ARCHIVED, "kcna_watch", "kcna")
    assert (found.published_on, found.published_on_basis) == (date(2023, 4, 3), "archive_line")


def test_the_stamp_of_an_address_gives_a_dateline_its_year_and_no_day_of_its_own() -> None:
    dated = metadata(f"{ARCHIVED}\n\nPyongyang, March 27 (KCNA) -- {BODY}")
    assert (dated.published_on, dated.published_on_basis) == (date(2023, 3, 27), "dateline")
    new_year = metadata(f"https://kcnawatch.org/newstream/1704067200-1/mill\n\nPyongyang, December 31 (KCNA) -- {BODY}")
    assert new_year.published_on == date(2023, 12, 31)
    assert metadata(f"{ARCHIVED}\n\n{BODY}").published_on is None


def test_the_record_beats_an_address_on_top_and_links_elsewhere_are_no_address() -> None:
    other = "https://river-times.example/mill"
    assert metadata(f"{ARCHIVED}\n\n{BODY}", source_url=other).url == other
    assert metadata(f"{BODY}\n\n{ARCHIVED}").url is None
    assert metadata(f"See {ARCHIVED}\n\n{BODY}").url is None
