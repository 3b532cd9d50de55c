"""Days read from print, source fields and addresses."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.cleaned.publication import DATELINE, day, decided, printed_days, stated_day, url_day, url_stamp, url_year


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2024-01-16", date(2024, 1, 16)),
        ("2025-07-08T08:57:00+09:00", date(2025, 7, 8)),
        ("20240116", date(2024, 1, 16)),
        ("Tue, 16 Jan 2024 23:29:00 GMT", date(2024, 1, 16)),
        ("1705400000", date(2024, 1, 16)),
        ("1705400000000", date(2024, 1, 16)),
        ("16 January 2024", date(2024, 1, 16)),
        ("2024.1.17.", date(2024, 1, 17)),
        ("2023년 7월 5일", date(2023, 7, 5)),
        ("26 de febrero de 2025", date(2025, 2, 26)),
        ("24/01/2025", date(2025, 1, 24)),
        ("08/02/2022", None),
        ("January", None),
        ("", None),
        (None, None),
        ("2024-02-31", None),
    ],
)
def test_stated_day(stated: str | None, expected: date | None) -> None:
    assert stated_day(stated) == expected


def test_open_order_is_decided_by_the_page_or_not_at_all() -> None:
    readings = printed_days("20.01.23 16:40")[0]
    assert set(readings) == {date(2023, 1, 20), date(2020, 1, 23)}
    assert decided(readings, None, None) is None
    assert decided(readings, date(2023, 1, 20), None) == date(2023, 1, 20)
    assert decided(readings, None, datetime(2023, 1, 21)) == date(2023, 1, 20)
    assert decided(readings, None, datetime(2020, 2, 1)) == date(2020, 1, 23)
    assert decided(printed_days("08/02/2022")[0], None, datetime(2022, 3, 1)) == date(2022, 2, 8)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/2024/01/16/title", date(2024, 1, 16)),
        ("https://a.example/2024-01-16-title", date(2024, 1, 16)),
        ("https://a.example/news08/20240408-05ee.html", date(2024, 4, 8)),
        ("https://a.example/view/SPW20240702001", date(2024, 7, 2)),
        ("https://a.example/view.php?ud=20230816000807", date(2023, 8, 16)),
        ("https://a.example/2024/01/title", None),
        ("https://a.example/newstream/1644271564-555003963/x", None),
        ("https://a.example/1999999999", None),
        (None, None),
        ("https://paper.example/en/index.php?N0AyMDIzLTAzLTA1LU4wMDJANA", date(2023, 3, 5)),
        ("https://paper.example/en/index.php?N0AyMDIzLTAzLTA1LU4wMDJANA&page=2", None),
        ("https://paper.example/en/index.php?Tm90QURhdGVBdEFsbA", None),
        ("http://www.radio.example.kp/index.php/getDetail/ten240307004/en", date(2024, 3, 7)),
        ("http://www.radio.example/index.php/getDetail/ten240307004/en", None),
    ],
)
def test_url_day(url: str | None, expected: date | None) -> None:
    assert url_day(url) == expected


def test_url_year() -> None:
    assert url_year("https://a.example/2024/01/title") == 2024
    assert url_year("https://a.example/title-2024") is None


@given(st.dates(date(1946, 1, 1), date(2099, 12, 31)))
def test_printed_forms_are_read_back(when: date) -> None:
    for form in (f"{when:%B} {when.day}, {when.year}", f"{when.day} {when:%b} {when.year}", f"{when:%Y-%m-%d}"):
        assert (when,) in printed_days(f"Published {form} by the desk")
    assert stated_day(when.isoformat()) == when
    assert url_day(f"https://a.example/{when:%Y/%m/%d}/title") == when


def test_dateline() -> None:
    found = DATELINE.match("SEOUL, Dec. 30 (Sample Wire) -- The North said on Monday")
    assert found is not None
    assert found.group("place", "month", "day", "agency") == ("SEOUL", "Dec", "30", "Sample Wire")
    assert DATELINE.match("The meeting on Dec. 30 (a Monday) -- was short") is None


def test_day_that_does_not_exist() -> None:
    assert day(2023, 2, 29) is None
    assert day(1812, 1, 1) is None


def test_an_archive_stamps_its_addresses() -> None:
    assert url_stamp("https://archive.example/newstream/1680000000-1234567/mill-opens") == date(2023, 3, 28)
    assert url_stamp("https://archive.example/newstream/1680000000/mill-opens") is None
    assert url_stamp(None) is None
