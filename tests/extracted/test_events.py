"""Events: what a text reports as held, visited, opened, said or released, and when."""

from __future__ import annotations

from datetime import date

import pytest

from assets.extracted import dates, entity_mentions, events
from assets.extracted.document import Row
from assets.extracted.rules import rules
from tests.extracted.made import reference, scanned

KINDS = ("events", "events_context")


def read(text: str, published: date = date(2019, 4, 12), title: str | None = None) -> list[Row]:
    """The events of a text, with the dates and names its own readers find."""
    made = scanned(text, published, title)
    found: dict[str, list[Row]] = {}
    for name, extract in (("entity_mentions", entity_mentions.extract), ("dates", dates.extract)):
        found[name] = sorted(extract(made, reference(), found), key=lambda r: r["start_char"])
    return events.extract(made, reference(), found)


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_matches_its_example_only(kind: str) -> None:
    for rule in rules(kind):
        assert rule.pattern.search(rule.example), rule.name
        assert not rule.pattern.search(rule.counterexample), rule.name


def test_session_with_ordinal_and_two_days() -> None:
    (row,) = read("The Second Session of the 14th Supreme People's Assembly of the DPRK was held on April 9 and 10.")
    assert (row["event_kind"], row["organizer_id"]) == ("assembly_session", "supreme_peoples_assembly")
    assert row["ordinal"] == {"session": 2, "term": 14}
    assert row["start_date"] == date(2019, 4, 9)


def test_the_dateline_is_not_the_day_of_the_event() -> None:
    (row,) = read(
        "Pyongyang, April 12 (KCNA) -- An enlarged plenary meeting of the Cabinet of the DPRK took place on April 10."
    )
    assert (row["event_kind"], row["start_date"]) == ("cabinet_meeting", date(2019, 4, 10))


def test_speeches_share_the_day_of_their_ceremony() -> None:
    rows = read(
        "A ground-breaking ceremony for a paper mill took place in Kanggye City of the DPRK on April 10. "
        "Kim Jong Un made a speech at the ceremony."
    )
    assert [(r["event_kind"], r["start_date"]) for r in rows] == [
        ("ceremony", date(2019, 4, 10)),
        ("speech", date(2019, 4, 10)),
    ]
    assert rows[1]["participants"] == ["kim_jong_un"]


def test_respectively_binds_places_to_days() -> None:
    rows = read(
        "Foodstuff factories were inaugurated in Hamju and Onchon counties of the DPRK "
        "on April 8 and April 10 respectively."
    )
    assert [(r["place_id"], r["start_date"]) for r in rows] == [
        ("hamju_county", date(2019, 4, 8)),
        ("onchon_county", date(2019, 4, 10)),
    ]


def test_unknown_day_is_null() -> None:
    (row,) = read("Kim Jong Un gave field guidance to the Kanggye Knitting Mill.")
    assert row["event_kind"] == "on_the_spot_guidance"
    assert row["start_date"] is None and row["end_date"] is None


@pytest.mark.parametrize(
    "text",
    [
        "The Third Session of the 14th Supreme People's Assembly will be held on April 30.",
        "The DPRK marked the tenth anniversary of a ground-breaking ceremony that took place on April 10.",
        "The Chinese ambassador to the DPRK made a speech at a reception on April 10.",
        "The parliament of Jordan adopted a law on trade on Tuesday.",
        "Workers of the DPRK carry out the tasks set forth at the 8th Congress of the WPK.",
        "This photo shows an enlarged plenary meeting of the Cabinet of the DPRK on April 3.",
        "Kim Jong Il visited the mine on May 3, 1985.",
        "A plenary meeting of the Central Committee of the youth league of the DPRK took place on Tuesday.",
        "Cabinet of the DPRK holds an enlarged plenary meeting on Monday",
    ],
)
def test_what_reports_no_event(text: str) -> None:
    assert read(text) == []


def test_a_later_day_is_not_the_day_of_what_has_happened() -> None:
    rows = read("The Second Session of the 14th Supreme People's Assembly was held in December 2019.")
    assert [r["start_date"] for r in rows] == [None]


def test_each_place_has_its_own_day() -> None:
    rows = read(
        "Mills of the DPRK were inaugurated in Kumya County, South Hamgyong Province, on April 3 and in Kosan County "
        "on April 5; ceremonies in Kujang County on April 8 and in Unchon County on April 9 followed."
    )
    assert [(r["place_id"], r["start_date"].day) for r in rows] == [
        ("kumya_county", 3),
        ("kosan_county", 5),
        ("kujang_county", 8),
        ("unchon_county", 9),
    ]


def test_the_day_of_a_newspaper_is_not_the_day_of_what_it_writes_of() -> None:
    (row,) = read(
        "Rodong Sinmun on Thursday says in an editorial that the Tenth Plenary Meeting of the Eighth Central Committee "
        "of the Workers' Party of Korea called upon officials."
    )
    assert (row["event_kind"], row["start_date"]) == ("plenary_meeting", None)


def test_the_days_of_the_session_are_told_later() -> None:
    rows = read(
        "The 6th Session of the 14th Supreme People's Assembly of the DPRK heard a report on the state budget. "
        "The session was held on April 9 and 10."
    )
    assert (rows[0]["start_date"], rows[0]["end_date"]) == (date(2019, 4, 9), date(2019, 4, 10))


def test_a_year_that_a_budget_is_for_does_not_date_the_session() -> None:
    (row,) = read(
        "The 12th Session of the 14th Supreme People's Assembly of the DPRK heard a report on the budget for 2019."
    )
    assert row["start_date"] is None


def test_days_of_a_week_span() -> None:
    (row,) = read("The party of North Korea held a plenary meeting of its Central Committee from Tuesday to Thursday.")
    assert (row["start_date"], row["end_date"]) == (date(2019, 4, 9), date(2019, 4, 11))


def test_evidence_ends_with_a_whole_word() -> None:
    text = "The mill of the DPRK was inaugurated on April 5 " + "amid the joy of builders and their families " * 6 + "."
    (row,) = read(text)
    end = row["end_char"]
    assert not (text[end - 1].isalnum() and text[end].isalnum())


def test_a_county_visited_is_the_place() -> None:
    (row,) = read("Kim Jong Un gave field guidance to Kwail County on April 8.")
    assert (row["place_id"], row["start_date"]) == ("kwail_county", date(2019, 4, 8))
