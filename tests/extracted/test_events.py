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


def test_a_visit_told_as_history_has_the_time_of_its_story() -> None:
    rows = read(
        "Ri Chol worked at the Kanggye Mill of the DPRK in September Juche 99 (2010). "
        "Leader Kim Jong Il visited the mill and gave field guidance."
    )
    assert [(r["event_kind"], r["start_date"], r["end_date"]) for r in rows] == [
        ("on_the_spot_guidance", date(2010, 9, 1), date(2010, 9, 30))
    ]


def test_the_premiers_inspection_is_a_visit() -> None:
    (row,) = read(
        "Pak Pong Ju, member of the Presidium of the Political Bureau and premier of the Cabinet of the DPRK, "
        "inspected the Kanggye Knitting Mill on April 9."
    )
    assert (row["event_kind"], row["start_date"]) == ("on_the_spot_guidance", date(2019, 4, 9))
    assert row["participants"] == ["pak_pong_ju"]


def test_a_walk_about_the_place_is_no_further_visit() -> None:
    rows = read(
        "Premier Pak Pong Ju of the DPRK inspected the Kanggye Mill on April 9. Kim Jong Un went round the looms. "
        "Earlier, the premier toured the Huichon Mill."
    )
    assert [r["start_date"] for r in rows] == [date(2019, 4, 9), None]


def test_the_same_day_and_the_day_before_go_back_to_the_event() -> None:
    rows = read(
        "Ground was broken for a mill in Kosan County of the DPRK on April 10, state media said Thursday. "
        "A ceremony for a kiln took place on the same day. Anak County had its ceremony the day before, and Unchon and "
        "Kwail counties on April 8."
    )
    assert [r["start_date"].day for r in rows] == [10, 10, 9, 8]


def test_the_day_of_the_report_is_not_the_day_of_the_meeting() -> None:
    (row,) = read("The Cabinet of the DPRK followed up last month's party plenum, the agency said on Thursday.")
    assert (row["event_kind"], row["start_date"]) == ("plenary_meeting", date(2019, 3, 1))


def test_years_of_a_budget_do_not_date_the_session() -> None:
    rows = read(
        "Ki Kwang Ho, minister of Finance, reported on the 2018 and 2019 budgets before the First Session of the 14th "
        "Supreme People's Assembly of the DPRK."
    )
    assert sorted((r["event_kind"], r["start_date"]) for r in rows) == [("assembly_session", None), ("speech", None)]


def test_a_meeting_of_some_days_began_before_it_ended() -> None:
    (row,) = read("North Korea's ruling party ended a three-day plenary meeting of its Central Committee on Wednesday.")
    assert (row["start_date"], row["end_date"]) == (date(2019, 4, 8), date(2019, 4, 10))


def test_each_person_appointed_is_an_event() -> None:
    rows = read(
        "The First Session of the 14th Supreme People's Assembly of the DPRK was held on April 11. "
        "Among those newly appointed were Kim Jae Ryong as premier and Ri Ryong Nam as vice-premier."
    )
    assert [(r["event_kind"], r["participants"], r["start_date"]) for r in rows[1:]] == [
        ("personnel_change", ["kim_jae_ryong"], date(2019, 4, 11)),
        ("personnel_change", ["ri_ryong_nam"], date(2019, 4, 11)),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Rural Development Administration put the grain of North Korea at five million tons. "
         "South Korea's Rural Development Administration estimated Friday that the harvest fell.",
         "statistical_release"),
        ("A fair of textile machines of the DPRK opened with due ceremony in Hamhung on April 9.", "ceremony"),
        ("A national meeting took place in Pyongyang on April 9 to mark the day of miners.", "ceremony"),
        ("In Kosan County of the DPRK the ribbon was cut on April 9.", "ceremony"),
        ("Kim Jong-un opened a hospital in Kosan County on April 9.", "ceremony"),
        ("The ten-year housing drive of the DPRK was launched in March 2019.", "launch"),
        ("After the 4th Plenary Meeting of the 7th Central Committee of the WPK, the miners press on.",
         "plenary_meeting"),
        ("In January the Seventh Congress met to adopt the plan of North Korea.", "party_congress"),
        ("A new Supreme People's Assembly held its first session on April 11.", "assembly_session"),
        ("Present at the ceremony for moving into the houses of Kosan County were officials.", "ceremony"),
        ("The meeting of workers in the timber industry of the DPRK took place in Hyesan on April 9.", "ceremony"),
        ("A congratulatory speech was made at the ceremony in Kosan County.", "speech"),
        ("The next leg of his guidance was the Anak Brick Factory, said Kim Jong Un.", "on_the_spot_guidance"),
        ("On April 9 Premier Pak Pong Ju led an enlarged plenary meeting on farming in the DPRK.", "cabinet_meeting"),
        ("Kim Jong Un attended the ceremony in Kosan County on April 9.", "ceremony"),
    ],
)  # fmt: skip
def test_kind_of_event(text: str, kind: str) -> None:
    assert [r["event_kind"] for r in read(text)] == [kind]


def test_two_acts_passed_are_two_events() -> None:
    rows = read(
        "The Supreme People's Assembly of the DPRK adopted an ordinance on the state budget and a decision on orchards."
    )
    assert [r["decisions"] for r in rows if r["event_kind"] == "law_passed"] == [
        ["ordinance on the state budget"],
        ["decision on orchards"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Kim Jong Un learned about the deeds of a couple of Kanggye.",
        "State media of North Korea reported on the third quarter.",
        "Premier Pak Pong Ju of the DPRK led a delegation to a fair.",
        "Being told of the mill built by leader Kim Jong Il, the guest went round its looms.",
    ],
)
def test_no_visit_and_no_speech(text: str) -> None:
    assert read(text) == []


def test_a_speech_by_another_is_another_event() -> None:
    rows = read(
        "A fair of the DPRK opened with due ceremony in Hamhung on April 9. "
        "Kim Jae Ryong made an opening address to be followed by a congratulatory speech by Ri Ryong Nam."
    )
    assert [(r["event_kind"], r["participants"], r["start_date"]) for r in rows[1:]] == [
        ("speech", ["kim_jae_ryong"], date(2019, 4, 9)),
        ("speech", ["ri_ryong_nam"], date(2019, 4, 9)),
    ]


def test_a_date_in_brackets_is_not_the_day_of_the_visit() -> None:
    (row,) = read("Kim Jong Un visited the newly built college (April 5, 2015) in Kanggye City.")
    assert row["start_date"] is None


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("The DPRK national exhibition of kitchen ware opened on April 9.", "ceremony", date(2019, 4, 9)),
        ("A consultative meeting of managers of the DPRK's mills took place on April 8.", "ceremony", date(2019, 4, 8)),
        ("The DPRK's ferry was launched at the shipyard on April 5.", "launch", date(2019, 4, 5)),
        ("The Politburo of the WPK met on April 10.", "politburo_meeting", date(2019, 4, 10)),
        ("North Korea wrapped up a three-day plenary meeting on April 10.", "plenary_meeting", date(2019, 4, 8)),
        ("In North Korea, Kim attended the inauguration of a mill on April 4.", "ceremony", date(2019, 4, 4)),
        ("North Korea's Cabinet approved a decision on kilns on April 3.", "law_passed", date(2019, 4, 3)),
        ("North Korea replaced its premier on April 11.", "personnel_change", date(2019, 4, 11)),
    ],
)
def test_meetings_shows_and_openings_told_in_other_ways(text: str, kind: str, day: date) -> None:
    assert (kind, day) in [(r["event_kind"], r["start_date"]) for r in read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "A photo exhibition of the DPRK opened on April 9.",
        "The DPRK's exhibition of kitchen ware goes back to a meeting of potters held in Pyongyang on May 5, 1946.",
        "A press conference took place in the DPRK on April 9.",
    ],
)
def test_art_history_and_the_press_are_no_ceremonies_of_the_economy(text: str) -> None:
    assert read(text) == []


def test_the_year_in_the_name_of_a_show_is_not_its_day() -> None:
    (row,) = read("The 2019 national exhibition of kitchen ware closed in the DPRK.")
    assert (row["event_kind"], row["start_date"]) == ("ceremony", None)


def test_a_premier_named_behind_the_title_is_the_visitor() -> None:
    (row,) = read("Premier Pak Pong Ju inspected on the spot the Chollima Steel Complex of the DPRK on April 9.")
    assert row["participants"] == ["pak_pong_ju"]


def test_a_leader_with_all_his_titles_is_the_visitor() -> None:
    titles = (
        "general secretary of the Workers' Party of Korea and chairman of the National Defence Commission of the DPRK"
    )
    (row,) = read(f"Kim Jong Il, {titles}, on April 9 inspected the Anak Brick Factory.")
    assert row["participants"] == ["kim_jong_il"]
    assert row["start_date"] == date(2019, 4, 9)


def test_a_name_inside_another_clause_does_not_visit() -> None:
    text = "The guests of the DPRK saw the birthplace of President Kim Il Sung, and toured the Anak Brick Factory."
    assert read(text) == []


def test_a_visit_in_may_is_no_possibility() -> None:
    (row,) = read("One day in May 2018 Kim Jong Un visited the Anak Co-op Farm of the DPRK.")
    assert row["start_date"] == date(2018, 5, 1)
    assert read("The people of the DPRK hope that Kim Jong Un may have visited the Anak Co-op Farm on April 9.") == []


def test_visits_counted_in_a_year_are_dated_by_it() -> None:
    text = "Kim Jong Un opened the Anak Dam of the DPRK. He visited the dam four times in 2018."
    assert [r["start_date"] for r in read(text) if r["event_kind"] == "on_the_spot_guidance"] == [date(2018, 1, 1)]
    assert read("Kim Jong Un opened the Anak Dam of the DPRK. He visited the dam with the plan for 2018.") == []


def test_the_president_is_the_founder() -> None:
    (row,) = read("The President visited the newly built Anak Farm of the DPRK on May 5, 1971.")
    assert (row["participants"], row["start_date"]) == (["kim_il_sung"], date(1971, 5, 5))


def test_he_goes_on_to_works_with_a_name() -> None:
    first = "Premier Pak Pong Ju visited the Anak Brick Factory of the DPRK on April 9."
    named, walked = " He visited the Kosan Paper Mill.", " He went round the kiln."
    earlier = " Earlier, he looked round a paper mill."
    assert [r["start_date"] for r in read(first + named)] == [date(2019, 4, 9)] * 2
    assert len(read(first + walked)) == 1
    assert [r["start_date"] for r in read(first + earlier)] == [date(2019, 4, 9), None]


def test_a_leader_abroad_visits_places_but_no_country() -> None:
    assert read("Kim Jong Il visited China on April 9, the media of the DPRK reported.") == []
    assert read("Kim Jong Il of the DPRK visited the Ural and Far Eastern regions of Russia on April 9.") == []
    (row,) = read("Kim Jong Il visited the Bureya Plant in the Far East of the Russian Federation on April 9.")
    assert row["event_kind"] == "on_the_spot_guidance"


def test_a_remark_in_brackets_may_close_a_sentence() -> None:
    (row,) = read(
        "The respected Comrade Kim Jong Un inspected the Anak Brick Factory of the DPRK. (photos accompanied)"
    )
    assert row["participants"] == ["kim_jong_un"]


def test_who_accompanies_the_leader_is_not_the_visitor() -> None:
    (row,) = read("Kim Jong Un, accompanied by Pak Pong Ju, looked round a mill of the DPRK on April 9.")
    assert row["participants"] == ["kim_jong_un"]


@pytest.mark.parametrize(
    "text",
    [
        "A ceremony for the completion of the new dressing plant at the Kosan Mine and at the Kosan-China Joint "
        "Venture Mineral Company of the DPRK was held on Monday.",
        "Ceremonies for moving into new houses took place at two farms of Kosan County of the DPRK.",
        "Press review of the DPRK: - A ceremony for moving into new flats was held in Kosan County.",
    ],
)
def test_ceremonies_of_the_economy(text: str) -> None:
    assert [r["event_kind"] for r in read(text)] == ["ceremony"]


@pytest.mark.parametrize(
    "text",
    [
        "A ceremony for handing over new missile launchers made by a factory of the DPRK took place.",
        "A ceremony for the completion of a DPRK-China bridge took place.",
    ],
)
def test_ceremonies_of_arms_and_with_foreigners_are_none(text: str) -> None:
    assert read(text) == []


def test_an_anniversary_may_be_the_occasion_for_new_works() -> None:
    occasion = "on the occasion of the centenary of the birth of President Kim Il Sung"
    (row,) = read(f"A ground-breaking ceremony was held on April 9 for the new houses of the DPRK {occasion}.")
    assert (row["event_kind"], row["start_date"]) == ("ceremony", date(2019, 4, 9))
    assert read(f"An unveiling ceremony was held on April 9 for the new bust in the DPRK {occasion}.") == []


def test_senior_officials_visit_works_on_a_day() -> None:
    (row,) = read("Senior officials of the Cabinet of the DPRK visited the Anak Mining Complex on April 9.")
    assert (row["event_kind"], row["start_date"]) == ("on_the_spot_guidance", date(2019, 4, 9))
    assert read("Senior officials of the Cabinet of the DPRK visited the Anak Mining Complex in those days.") == []


def test_a_decision_of_the_cabinet_heads_a_report_without_a_day() -> None:
    (row,) = read('The DPRK Cabinet adopted its decision on "Strategy for the Orchards" and set up a bureau.')
    assert row["decisions"] == ['decision on "Strategy for the Orchards"']
