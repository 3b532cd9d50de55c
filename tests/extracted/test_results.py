"""Results: outcome, fulfilment, places and periods; what is only planned, wished, asked or foreign is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.document import Row
from assets.extracted.results import extract
from assets.extracted.results_percent import outcome_of
from tests.extracted.test_frames import REFERENCE, day, document, mention, quantity

HOME = "The county committee of the DPRK met. "


def results(text: str, **found: list[Row]) -> list[Row]:
    """The results read in `text`, in order."""
    rows = extract(document(HOME + text), REFERENCE, found)
    return sorted(rows, key=lambda r: (r["start_char"], r["end_char"]))


def evidence(text: str, row: Row) -> str:
    """The characters of the row."""
    return (HOME + text)[row["start_char"] : row["end_char"]]


def percent(text: str, words: str, value: float) -> Row:
    """A percentage found in `text`."""
    return quantity(HOME + text, words, value, "percent", role="ratio")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("The mine fulfilled its monthly plan.", "fulfilled"),
        ("The mill overfulfilled its output plan for cloth.", "overfulfilled"),
        ("The plan for timber was carried out.", "fulfilled"),
        ("The bureau is overfulfilling its daily plan.", "overfulfilled"),
        ("Builders finished the paving of the road ahead of schedule.", "completed"),
        ("New houses have been built at the farm.", "completed"),
        ("The brigade dug ditches and flattened low hills.", "completed"),
        ("The complex produced new freight cars.", "completed"),
        ("A fish farm was inaugurated in the county.", "opened"),
        ("The inauguration ceremony of the paper mill took place there.", "opened"),
        ("Work on the bridge began in the county.", "started"),
        ("Ground was broken for a hospital.", "started"),
        ("The dredging of the port is now under way.", "in_progress"),
        ("Workers are energetically pushing ahead with the construction of a dam.", "in_progress"),
        ("The opening of the hospital has been delayed.", "delayed"),
        ("The mine failed to meet its quota.", "under_fulfilled"),
        ("The laying of the pipes has come to an end.", "completed"),
        ("The farmers of Anak moved into new houses.", "completed"),
        ("The province has turned the barn into a modern paper mill.", "completed"),
        ("The complex introduced a new method of smelting.", "completed"),
        ("The mine has secured tens of reserve coal faces.", "completed"),
        ("The farm conducted a drainage project.", "completed"),
        ("The mill put its looms and other machines on a modern basis.", "completed"),
        ("The rolling process was put on a CNC basis.", "completed"),
        ("The lake farm succeeded in raising carp in cold water.", "completed"),
        ("The nursery shortened the growing period of seedlings.", "completed"),
        ("The mine has boosted the output of zinc ore.", "completed"),
        ("The farms manured the fields.", "completed"),
        ("Six workshops of the mill won the model workshop title.", "completed"),
        ("With the completion of the dam, the valley has light.", "completed"),
        ("Thereby finishing the paving of the road, they rested.", "completed"),
        ("After finishing the paving of the road, they went home.", "completed"),
        ("The miners together with Chinese engineers completed the repair of the lift.", "completed"),
        ("The farm is raising ducks.", "in_progress"),
        ("The farmers are carrying compost to the fields.", "in_progress"),
        ("The farms are focusing their efforts on the production of compost.", "in_progress"),
        ("With the progress of the project for flats, a street rose.", "in_progress"),
        ("The miners put a new pump into operation.", "opened"),
        ("The kiln, which took ten years to plan, was newly built at the mill.", "completed"),
        ("Modern flats are now taking shape there.", "in_progress"),
        ("Satellite pictures show several buildings going up in Anak.", "in_progress"),
        ("The nursery is now cultivating saplings.", "in_progress"),
        ("New villages have appeared at two farms.", "completed"),
        ("A paper mill made its appearance in the county.", "completed"),
        ("The construction of flats is making brisk headway.", "in_progress"),
        ("He visited the newly built Anak Paper Mill.", "completed"),
        ("He visited the recently inaugurated Anak Paper Mill.", "opened"),
        ("The paper mill has nearly stopped.", "failed"),
        ('Iron and coal plans were "carried out" there.', "fulfilled"),
        ("The farm applied a new method of irrigation.", "completed"),
        ("The workers built a new seed selection and sowing ground.", "completed"),
        ("In Anak City the construction of flats is underway.", "in_progress"),
        ("The Anak Power Station, under construction since 2017, stands idle.", "in_progress"),
        ("The dam is in the county. Announced in 2011, completed in 2022: eleven years.", "completed"),
        ("Modern mills have sprung up in the towns, and greenhouses now stand in rows.", "completed"),
    ],
)
def test_outcome(text: str, outcome: str) -> None:
    assert {r["outcome"] for r in results(text)} == {outcome}


@pytest.mark.parametrize(
    "text",
    [
        "The mill will fulfil its plan.",
        "The houses should be built by autumn.",
        "He hoped that the dam would be completed.",
        "He asked whether the plan had been fulfilled.",
        "The road is to be paved to carry ore.",
        "If the plan is fulfilled, wages rise.",
        "The new school year began in the county.",
        "The lining opened a bright prospect for completing the tunnel by 2015.",
        "A photo exhibition was opened in the county.",
        "They destroyed houses built by the enemy.",
        "The factory of Japan fulfilled its plan.",
        "The mill has not yet completed the construction of its hall.",
        "Sixty years ago the workers built a great mill.",
        "managers whose mines turned out less than 70 percent of the plan must expect to be dismissed.",
    ],
)
def test_no_result(text: str) -> None:
    assert results(text) == []


def test_the_number_decides() -> None:
    text = "The railway sector carried out its freight transport plan at 101.3 percent."
    (row,) = results(text, quantities=[percent(text, "101.3 percent", 101.3)])
    assert (row["outcome"], row["value"], row["unit_id"]) == ("overfulfilled", 101.3, "percent")
    assert row["is_percent_of_plan"]
    assert row["sector_id"] == "railway"


def test_an_excess_is_added_to_the_plan() -> None:
    text = "The revenue plan was overfulfilled 1.3 percent."
    (row,) = results(text, quantities=[percent(text, "1.3 percent", 1.3)])
    assert (row["outcome"], row["value"]) == ("overfulfilled", 101.3)


def test_growth_is_no_fulfilment() -> None:
    text = "The bureau fulfilled the monthly plan at 102 percent, 13 percent above the year before."
    found = [percent(text, "102 percent", 102.0), percent(text, "13 percent", 13.0)]
    assert [r["value"] for r in results(text, quantities=found)] == [102.0]


def test_below_plan_and_still_running() -> None:
    assert outcome_of(99.8, "was carried out at 99.8 percent") == "under_fulfilled"
    assert outcome_of(85, "has already carried out its plan by 85 percent") == "in_progress"
    assert outcome_of(100, "at 100 percent") == "fulfilled"


def test_respectively_binds_in_order() -> None:
    text = "Timber and cement reached 105 percent and 104 percent of the plan respectively."
    found = [percent(text, "105 percent", 105.0), percent(text, "104 percent", 104.0)]
    rows = results(text, quantities=found)
    assert [(r["object"], r["sector_id"], r["value"]) for r in rows] == [
        ("Timber", "forestry", 105.0),
        ("cement", "cement", 104.0),
    ]


def test_a_list_goes_on_without_its_verb() -> None:
    text = "The plan for timber was carried out at 105 percent and coal output at 99 percent."
    found = [percent(text, "105 percent", 105.0), percent(text, "99 percent", 99.0)]
    first, second = results(text, quantities=found)
    assert (first["outcome"], second["outcome"]) == ("overfulfilled", "under_fulfilled")
    assert evidence(text, second) == "coal output at 99 percent"


def test_a_list_goes_on_after_a_semicolon() -> None:
    text = "Revenue in 2025 was 101 percent of plan; local revenue 100.5 percent."
    found = [percent(text, "101 percent", 101.0), percent(text, "100.5 percent", 100.5)]
    assert [r["value"] for r in results(text, quantities=found)] == [101.0, 100.5]


def test_places_with_amounts_share_the_verb() -> None:
    text = "Anak County realigned more than 300 hectares of land, Unryul County at least 200 hectares."
    full = HOME + text
    found = {
        "entity_mentions": [
            mention(full, "Anak County", "place", "anak_county"),
            mention(full, "Unryul County", "place", "unryul_county"),
        ],
        "quantities": [quantity(full, "300 hectares", 300, "hectare"), quantity(full, "200 hectares", 200, "hectare")],
    }
    rows = results(text, **found)
    assert [(r["place_ids"], r["value"]) for r in rows] == [(["anak_county"], 300.0), (["unryul_county"], 200.0)]
    assert evidence(text, rows[0]) == "Anak County realigned more than 300 hectares of land"


def test_respectively_binds_places_to_days() -> None:
    text = "Mills were inaugurated in Anak and Unryul counties on April 2 and April 5 respectively."
    full = HOME + text
    found = {
        "entity_mentions": [mention(full, n, "place", f"{n.lower()}_county") for n in ("Anak", "Unryul")],
        "dates": [
            day(full, "April 2", "2026-04-02", "2026-04-02", "day"),
            day(full, "April 5", "2026-04-05", "2026-04-05", "day"),
        ],
    }
    assert [(r["place_ids"], r["period_start"].day) for r in results(text, **found)] == [
        (["anak_county"], 2),
        (["unryul_county"], 5),
    ]


def test_a_plan_period_is_carried_on() -> None:
    text = "The plan for March was carried out. The mines overfulfilled their coal plan."
    found = [day(HOME + text, "March", "2026-03-01", "2026-03-31", "month")]
    assert [str(r["period_end"]) for r in results(text, dates=found)] == ["2026-03-31", "2026-03-31"]


def test_nothing_is_guessed() -> None:
    (row,) = results("The mill fulfilled its plan.")
    assert not {k for k in ("value", "unit_id", "period_start", "policy_id") if row.get(k) is not None}
    assert row["place_ids"] is None


@given(st.text(alphabet="The mil ful filed its plan.built houses 1%,;\n", max_size=150))
def test_spans_lie_in_the_text(text: str) -> None:
    for row in extract(document(HOME + text), REFERENCE, {}):
        assert 0 <= row["start_char"] < row["end_char"] <= len(HOME + text)


def test_the_same_text_gives_the_same_rows() -> None:
    text = "Houses were built and the plan for coal was carried out. Ground was broken for a mill."
    assert results(text) == results(text)


def test_each_place_has_its_own_day() -> None:
    text = "Mills were opened in Anak on May 2 and in Unryul on May 3."
    whole = HOME + text
    found = {
        "entity_mentions": [
            mention(whole, "Anak", "place", "anak_county"), mention(whole, "Unryul", "place", "unryul_county"),
        ],
        "dates": [
            day(whole, "May 2", "2026-05-02", "2026-05-02", "day"),
            day(whole, "May 3", "2026-05-03", "2026-05-03", "day"),
        ],
    }  # fmt: skip
    rows = results(text, **found)
    assert [(r["place_ids"], str(r["period_start"])) for r in rows] == [
        (["anak_county"], "2026-05-02"),
        (["unryul_county"], "2026-05-03"),
    ]


@pytest.mark.parametrize(
    "growth", ["a rise of 6 percent on the year before", "6 percent above 2018", "6 percent up from 2018"]
)
def test_growth_beside_a_plan_is_no_fulfilment(growth: str) -> None:
    text = f"The plan for revenue was overfulfilled 2 percent, {growth}."
    rows = results(text, quantities=[percent(text, "2 percent", 2), percent(text, "6 percent", 6)])
    assert [r["value"] for r in rows] == [102]


def test_percentages_go_on_in_the_next_sentence() -> None:
    text = "The mines reached 103 percent of their goal. Timber stood at 98 percent."
    rows = results(text, quantities=[percent(text, "103 percent", 103), percent(text, "98 percent", 98)])
    assert [(r["value"], r["outcome"]) for r in rows] == [(103, "overfulfilled"), (98, "under_fulfilled")]
    alone = "Timber stood at 98 percent."
    assert results(alone, quantities=[percent(alone, "98 percent", 98)]) == []


def test_work_done_to_a_percentage_is_in_progress() -> None:
    text = "The houses have been built to about 90 percent."
    (row,) = results(text, quantities=[percent(text, "90 percent", 90)])
    assert (row["outcome"], row["value"], row["is_percent_of_plan"]) == ("in_progress", 90, False)


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("Ground was broken for mills in Anak. Unryul had its ceremony in May.", ["started", "started"]),
        ("Mills were opened in Anak. Unryul had its ceremony in May.", ["opened", "opened"]),
        ("Unryul had its ceremony in May.", []),
    ],
)
def test_a_ceremony_is_what_the_one_before_was(text: str, outcomes: list[str]) -> None:
    assert [r["outcome"] for r in results(text)] == outcomes


@pytest.mark.parametrize(
    "text",
    [
        "The agency did not say whether the plan had been met.",
        "The leader built a prosperous socialist power.",
        "Workers turned out in the campaign for more land.",
        "Units that have met their plan should help the others.",
        "The farms produced one more ton of grain per hectare.",
    ],
)
def test_words_of_doing_without_a_result(text: str) -> None:
    assert results(text) == []


def test_what_a_paper_introduces_and_what_is_described_in_passing_is_no_result() -> None:
    assert not results("A magazine introduced the life of a steel worker.")
    assert not results("Visitors saw the part of the already completed process.")
    assert not results("The league conducted information activities at the site of construction.")
    assert not results("Our workers have pushed back the frontiers of technology.")
    assert not results("They laid a solid groundwork for coal mines.")
    assert not results("A drive for building a thriving nation is under way at all plants.")
    assert not results("Officials visited the farmers who moved into new houses.")
    assert not results("He learned how the mills built last year are being used.")
    assert not results("He has always maintained the guidelines in party building.")
    assert not results("Japan has turned the island into a base for trucks.")


def test_so_did_takes_up_the_outcome_before() -> None:
    text = "Rail transport met its monthly plan. Coal miners exceeded theirs, and so did the loggers of Anak."
    assert [(r["outcome"], evidence(text, r)) for r in results(text)] == [
        ("fulfilled", "Rail transport met its monthly plan"),
        ("overfulfilled", "Coal miners exceeded theirs"),
        ("overfulfilled", "so did the loggers of Anak"),
    ]


def test_those_who_followed_opened_too() -> None:
    text = "A paper mill was opened in Anak on May 2. Unryul followed two days later."
    found = [mention(HOME + text, "Unryul", "place", "unryul_county")]
    (_, row) = results(text, entity_mentions=found)
    assert (row["outcome"], row["object"], row["place_ids"]) == ("opened", "paper mill", ["unryul_county"])
    assert not results("A paper mill was opened in Anak. A banquet followed.")[1:]


def test_what_turned_into_something_is_the_subject() -> None:
    (row,) = results("The barn has turned into a modern paper mill.")
    assert row["object"] == "barn"


def test_the_amount_of_what_it_joins_is_not_its_own() -> None:
    text = "Builders of Anak finished the paving of a road joining three villages."
    (row,) = results(text, quantities=[quantity(HOME + text, "three", 3, "count")])
    assert row.get("value") is None


def test_how_many_fulfilled_their_plans() -> None:
    text = "More than 100 workers of the mill carried out their yearly plans."
    (row,) = results(text, quantities=[quantity(HOME + text, "More than 100", 100, "count")])
    assert (row["outcome"], row["value"], row["is_percent_of_plan"]) == ("fulfilled", 100, False)
    text = "All the sectors, in charge of the 12 goals, carried out their plans."
    (row,) = results(text, quantities=[quantity(HOME + text, "12", 12, "count")])
    assert row.get("value") is None


def test_a_plan_reached_so_many_percent() -> None:
    text = "Local revenue plans reached 100.6 percent."
    (row,) = results(text, quantities=[percent(text, "100.6 percent", 100.6)])
    assert (row["outcome"], row["is_percent_of_plan"]) == ("overfulfilled", True)


def test_what_they_are_busy_with_is_the_object() -> None:
    text = "The Anak Mine is busy with the repair of pumps, while saving timber."
    (row,) = results(text, entity_mentions=[mention(HOME + text, "The Anak Mine", "organization", "anak_mine")])
    assert (row["outcome"], row["object"], row["actor_id"]) == ("in_progress", "repair of pumps", "anak_mine")
    assert not results("The bodies of the county are busy with their work.")


def test_the_province_is_no_whole_country() -> None:
    text = "The province has completed a dam in time."
    found = [mention(HOME + text, "DPRK", "place", "dprk")]
    (row,) = results(text, entity_mentions=found)
    assert row["place_ids"] is None


@pytest.mark.parametrize(
    "text",
    [
        "It is time to build a mill and put the looms on a modern basis.",
        "The new clinic helps put stockbreeding farms on a modern basis.",
        "After finishing the dam they will pave the road.",
        "The farm is increasing duck production.",
        "Ten poets won the prize.",
        "They kept pace with the completion of the dam.",
    ],
)
def test_what_is_only_to_be_done_or_shown_is_no_result(text: str) -> None:
    assert results(text) == []


def test_a_joined_clause_with_its_own_subject_is_a_result_of_its_own() -> None:
    text = "A greenhouse was built and a large control room for watching the pumps was installed."
    assert [evidence(text, r) for r in results(text)] == [
        "A greenhouse was built",
        "a large control room for watching the pumps was installed",
    ]


def test_a_verb_joined_to_another_begins_a_result_of_its_own() -> None:
    text = "The town created parks and flowerbeds along the river and planted millions of saplings."
    assert [evidence(text, r) for r in results(text)][1:] == ["planted millions of saplings"]


def test_where_things_are_carried_is_not_the_object() -> None:
    assert [r["object"] for r in results("The farmers are carrying compost to the fields.")] == ["compost"]


def outcomes_of(text: str) -> list[str]:
    """The outcomes read off the text."""
    return [r["outcome"] for r in results(text)]


def test_what_is_almost_done_goes_on() -> None:
    assert outcomes_of("The mill has almost attained its monthly plan.") == ["in_progress"]
    assert outcomes_of("The paving of the road was nearly completed.") == ["in_progress"]
    assert outcomes_of("The mill has nearly doubled the output of tiles.") == ["completed"]


@pytest.mark.parametrize(
    "text",
    [
        "The gate was built as a station in the middle of the sixth century.",
        "The canal was dug in the years of the Koryo dynasty.",
        "The villagers wove cloth already in the primitive ages.",
        "The decision paved the road of building a strong nation.",
        "They went round automated production processes.",
        "He praised the mill's increased production at the new shop.",
        "The office conducted information activities at the construction site.",
        "The projects launched by the ministry are a great undertaking.",
    ],
)
def test_what_is_long_past_or_only_named_is_no_result(text: str) -> None:
    assert results(text) == []


def test_a_number_with_the_article_counts_what_is_known() -> None:
    text = "Modern factories are taking shape in the 20 counties."
    (row,) = results(text, quantities=[quantity(HOME + text, "20", 20, "count")])
    assert row.get("value") is None


def test_what_came_to_an_end_is_the_subject() -> None:
    (row,) = results("The paving of the old road has come to an end.")
    assert (row["outcome"], row["object"]) == ("completed", "paving of the old road")
    assert not results("The work is over a year old.")


def test_what_they_are_busy_making_and_its_percentage_end_the_object() -> None:
    (row,) = results("The farms are busy making preparations for the sowing of rice.")
    assert row["object"] == "preparations for the sowing of rice"
    text = "The mill is carrying out its daily assignment 250 per cent."
    (row,) = results(text, quantities=[percent(text, "250 per cent", 250)])
    assert (row["object"], row["value"]) == ("daily assignment", 250)


def test_members_of_a_body_are_not_the_body() -> None:
    text = "Regiments of the Anak Union members completed the paving of the road."
    (row,) = results(text, entity_mentions=[mention(HOME + text, "the Anak Union", "organization", "anak_union")])
    assert row["actor_id"] is None


def test_what_there_appeared_stands_after_it() -> None:
    (row,) = results("There appeared processes for the production of soda.")
    assert (row["outcome"], row["object"]) == ("completed", "processes for the production of soda")
