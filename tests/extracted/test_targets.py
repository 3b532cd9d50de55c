"""Targets: action, force, amount and deadline; what is done, wished, supposed or only rhetoric is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.document import Row
from assets.extracted.targets import extract
from tests.extracted.test_frames import REFERENCE, day, document, mention, quantity

HOME = "The county committee of the DPRK met. "


def targets(text: str, **found: list[Row]) -> list[Row]:
    """The targets read in `text`, in order."""
    rows = extract(document(HOME + text), REFERENCE, found)
    return sorted(rows, key=lambda r: (r["start_char"], r["end_char"]))


def evidence(text: str, row: Row) -> str:
    """The characters of the row."""
    return (HOME + text)[row["start_char"] : row["end_char"]]


@pytest.mark.parametrize(
    ("text", "force", "action", "words"),
    [
        ("He called for building greenhouses there.", "ordered", "build", "building greenhouses there"),
        ("He called for the construction of mills.", "ordered", "build", "the construction of mills"),
        ("He stressed the need to raise coal output.", "ordered", "increase", "raise coal output"),
        ("The design sector should be developed first.", "ordered", "develop", None),
        ("It ordered that the reasons for failures be reported.", "ordered", "report", None),
        ("It is necessary to save raw materials.", "ordered", "reduce", "save raw materials"),
        ("It is of great importance to save timber.", "ordered", "reduce", "save timber"),
        ("They were entrusted with the task to repair the dam.", "ordered", "repair", "repair the dam"),
        ("An important task is to keep production going at a high rate.", "ordered", "normalize", None),
        ("He indicated the tasks and ways for raising coal output.", "ordered", "increase", "raising coal output"),
        ("He asked the farmers to plant more trees.", "ordered", "plant", "plant more trees"),
        ("He called for the renovation of the canals.", "ordered", "repair", "the renovation of the canals"),
        ("All farms should take an active part in producing compost.", "ordered", "produce", None),
        ("The meeting discussed the issues of dredging and repairing canals.", "planned", "repair", "repairing canals"),
        ("The farms were urged to plant more trees.", "ordered", "plant", "plant more trees"),
        ("The brigade vowed to complete the road.", "pledged", "complete", "complete the road"),
        ("Measures will be taken to increase fertilizer output.", "pledged", "increase", None),
        ("The bureau plans to open a paper mill.", "planned", "open", "open a paper mill"),
        ("A leisure complex is to be built beside the mill.", "planned", "build", None),
        ("The regiment will build the factories in every place.", "planned", "build", None),
        ("The deputies proposed repairing the dam.", "proposed", "repair", "repairing the dam"),
        ("He said that they would raise coal output.", "planned", "increase", None),
        ("It is necessary to concentrate efforts on finishing the harvest.", "ordered", "complete", None),
        ("He told them to pay special attention to ensuring the quality of cement.", "ordered", "ensure", None),
        ("The farms are faced with the important task to attain the goal of grain output.", "ordered", "attain", None),
        ("They were urged to take thorough medical measures.", "ordered", "take_measures", None),
        ("He called for taking steps to use local resources.", "ordered", "use", None),
        ("Special attention should be paid to raising coal output.", "ordered", "increase", None),
        ("Efforts must be directed to finishing the dam.", "ordered", "complete", "finishing the dam"),
        ("He advanced the tasks to be fulfilled by the mine to raise coal output.", "ordered", "increase", None),
        ("He set forth tasks to build houses.", "ordered", "build", "build houses"),
        ("The bureau regards it as a primary task to repair the dam.", "planned", "repair", "repair the dam"),
        ("It is very important to create local reserves.", "ordered", "create", "create local reserves"),
        ("The ministry entrusted the group with the task to build a port.", "ordered", "build", "build a port"),
        ("Discussed there were the measures for finishing the dam.", "planned", "complete", "finishing the dam"),
        ("The farms should turn out in weeding and harvesting.", "ordered", "plant", None),
        ("All farms should stock up on and supply raw materials.", "ordered", "supply", None),
        ("To mine coal and ore is very important.", "ordered", "produce", "mine coal and ore"),
        ("To raise coal output is of great importance.", "ordered", "increase", "raise coal output"),
        ("The farms should work hard with zeal to reach the goal of grain output.", "ordered", "attain", None),
        ("A new street will make its appearance there.", "planned", "rise", None),
        ("Tall apartment houses will appear there.", "planned", "rise", None),
        ("They should bring about a radical turn in farm production.", "ordered", "make", None),
        ("They visited the site of a fish farm to be built.", "planned", "build", "a fish farm to be built"),
        ("It is necessary to put production going at a high rate.", "ordered", "normalize", None),
        ("Anak secured saplings to be planted on hills.", "planned", "plant", "saplings to be planted on hills"),
    ],
)  # fmt: skip
def test_force_and_action(text: str, force: str, action: str, words: str | None) -> None:
    (row,) = targets(text)
    assert (row["force"], row["action"]) == (force, action)
    assert words is None or evidence(text, row) == words


@pytest.mark.parametrize(
    "text",
    [
        "The mill fulfilled its plan.",
        "The road should not be closed to trucks.",
        "This step would help solve the shortage of grain.",
        "The builders who are to lay the pipes sang.",
        "China will supply a million tons of grain.",
        "They will surely build a prosperous socialist power through farming.",
        "By spreading lies they seek to lay obstacles before coal miners.",
        "He was told that it was possible to export cement.",
        "He made sure that the road was completed.",
        "There is no need to build a second mill.",
        "It is likely to hold enough water for the mills.",
        "The order told the brigades at wartime strength to complete the supply of fuel.",
        "What they should value is the full and perfect supply of coal.",
        "The manager explained what should be observed in building a mill.",
        "Such progress in trade would promote production, they said.",
        "They should make a positive contribution to regional industry.",
        "We will build a strong economy, our rifles beside us.",
        "He hoped that they would increase production.",
        "If the bureau plans to open a mill, it is welcome.",
        "It is unclear when construction will start.",
        "The army must build up its missile bases.",
        "They should equip themselves with the great ideas of the party.",
        "Japan will build a factory.",
        "managers whose mines turned out less than 70 percent of the plan must step down.",
        "An exhibition will be opened in the hall.",
    ],
)
def test_no_target(text: str) -> None:
    assert targets(text) == []


def test_joined_verbs_are_targets_of_their_own() -> None:
    text = "He stressed the need to increase the output of goods and attain the goal of grain production."
    assert [evidence(text, r) for r in targets(text)] == [
        "increase the output of goods",
        "attain the goal of grain production",
    ]


def test_amount_rate_deadline_and_speaker() -> None:
    text = "Pak Thae Song vowed to build factories in 20 counties every year by the end of 2034."
    full = HOME + text
    (row,) = targets(
        text,
        entity_mentions=[mention(full, "Pak Thae Song", "person", "pak_thae_song")],
        quantities=[quantity(full, "20 counties", 20, "count", role="count")],
        dates=[day(full, "the end of 2034", "2034-12-01", "2034-12-31", "range")],
    )
    assert (row["value"], row["unit_id"], row["per"]) == (20.0, "count", "year")
    assert row["deadline_end"] == date(2034, 12, 31)
    assert row["speaker_id"] == "pak_thae_song"


def test_places_of_a_list() -> None:
    text = "The project will start with the city of Haeju and the counties of Anak and Unryul."
    names = {"Haeju": "haeju_city", "Anak": "anak_county", "Unryul": "unryul_county"}
    (row,) = targets(text, entity_mentions=[mention(HOME + text, n, "place", i) for n, i in names.items()])
    assert row["place_ids"] == list(names.values())


def test_a_quota_names_its_policy() -> None:
    text = "The Regional Development 20×10 Policy was declared. Factories are to rise in 20 cities and counties."
    policy = {**mention(HOME + text, "Regional Development 20×10 Policy", "policy", "regional_development_20x10")}
    found = {"entity_mentions": [policy], "quantities": [quantity(HOME + text, "20 cities and counties", 20, "count")]}
    (row,) = targets(text, **found)
    assert row["policy_id"] == "regional_development_20x10"


def test_a_past_day_is_no_deadline() -> None:
    text = "On May 1 he called for building houses."
    (row,) = targets(text, dates=[day(HOME + text, "May 1", "2026-05-01", "2026-05-01", "day")])
    assert row.get("deadline_end") is None


@given(st.text(alphabet="He caled for building wil houses should, be and to .\n", max_size=150))
def test_spans_lie_in_the_text(text: str) -> None:
    for row in extract(document(HOME + text), REFERENCE, {}):
        assert 0 <= row["start_char"] < row["end_char"] <= len(HOME + text)


def dated(text: str, words: str, first: str, last: str) -> dict[str, list[Row]]:
    """A month found in `text`."""
    return {"dates": [day(HOME + text, words, first, last, "month")]}


@pytest.mark.parametrize(
    ("text", "force", "action", "thing"),
    [
        ("The bureau wants the tile works completed by May 2031.", "ordered", "complete", "tile works"),
        ("The bureau means to put up new greenhouses.", "planned", "build", "new greenhouses"),
        ("The session had set the task of building flats for miners.", "planned", "build", "flats for miners"),
        ("Ten towns will get new paper mills.", "planned", "build", "new paper mills"),
        ("The drive calls for modern paper mills in 30 towns every year.", "planned", "build", "modern paper mills"),
        ("A rate was given: paper mills in 30 counties every year.", "planned", "build", "paper mills"),
        ("Officials must see to it that the mills are repaired.", "ordered", "repair", None),
        ("The mill should put production on a normal footing.", "ordered", "normalize", "production"),
        ("The mill must cut needless outlays.", "ordered", "reduce", "needless outlays"),
    ],
)
def test_plain_prose(text: str, force: str, action: str, thing: str | None) -> None:
    (row,) = targets(text, **(dated(text, "May 2031", "2031-05-01", "2031-05-31") if "May" in text else {}))
    assert (row["force"], row["action"], row["object"]) == (force, action, thing)


def test_an_old_plan_keeps_its_date() -> None:
    text = "The Anak Dam was to be finished in May 2020."
    (row,) = targets(text, **dated(text, "May 2020", "2020-05-01", "2020-05-31"))
    assert row["deadline_end"] == date(2020, 5, 31)


def test_within_the_plan_is_due_when_it_ends() -> None:
    rows = extract(document(HOME + "It will build mills within the five years.", date(2022, 3, 1)), REFERENCE, {})
    assert [(r["deadline_start"], r["deadline_end"]) for r in rows] == [(date(2021, 1, 1), date(2025, 12, 31))]


def test_a_rate_belongs_to_its_own_amount() -> None:
    text = "The city will build 900 houses, 300 of them every year."
    whole = HOME + text
    found = [quantity(whole, "900", 900.0, "housing_unit"), quantity(whole, "300", 300.0, "housing_unit")]
    (row,) = targets(text, quantities=found)
    assert (row["value"], row["per"]) == (900, None)


@pytest.mark.parametrize(
    "text",
    [
        "The county has not yet shown how it will supply the mills.",
        "He called for bringing about good fruition in construction.",
        "The aim in construction is to ensure quality.",
        "Their gift will encourage the farmers in producing rice.",
        "I will make sure that the mill stands.",
        "After the country's liberation he called for building mills.",
        "“We will boost exchanges in the economy,” the Bulgarian president said.",
        "He called for completing the work to put all farms under arms.",
        "We are sure that you will build more mills.",
        "The more they carry, the faster the new mills will be built.",
        "The ministry plans to build towers for psychological warfare.",
        "It calls on all to wage a struggle to glorify the mills.",
    ],
)
def test_nothing_is_planned(text: str) -> None:
    assert targets(text) == []


def test_a_deadline_stands_with_its_act() -> None:
    text = "He called for raising grain output next year on the basis of the experience gained in farming this year."
    found = [
        day(HOME + text, "next year", "2027-01-01", "2027-12-31", "year"),
        day(HOME + text, "this year", "2026-01-01", "2026-12-31", "year"),
    ]
    (row,) = targets(text, dates=found)
    assert row["deadline_end"] == date(2027, 12, 31)


def test_a_date_of_another_act_is_no_deadline() -> None:
    text = "The bureau must finish the harvest this year, and raise the output of coal."
    rows = targets(text, dates=[day(HOME + text, "this year", "2026-01-01", "2026-12-31", "year")])
    assert [r.get("deadline_end") for r in rows] == [date(2026, 12, 31), None]


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("He stressed the need to produce more steel by further raising the capacity of furnaces.", "more steel"),
        ("They should reinforce the coal mines and take some measures.", "coal mines"),
        ("The city plans to raise the capacity of ports, replace the old rails.", "capacity of ports"),
        ("The brigade vowed to make redoubled efforts to build houses at an early date.", "houses"),
        ("The brigade vowed to build houses to be a model of the region.", "houses"),
        ("The farms should carry out without fail the plan of each process.", "plan of each process"),
        ("They should conclude this year's farming.", "farming"),
        ("They vowed to step up the work for putting the Anak Mill on a modern basis.", "Anak Mill"),
        ("A mill using mud as raw material is to be built.", "mill using mud as raw material"),
        ("A shopping street will rise to face the river port.", "shopping street"),
        ("It is necessary to direct efforts to the dredging of the port.", "dredging of the port"),
        ("The province plans to turn the barn into a modern paper mill.", "barn"),
    ],
)
def test_object_ends_where_something_else_begins(text: str, thing: str) -> None:
    assert targets(text)[0]["object"] == thing


def test_them_are_several_things() -> None:
    text = "The Anak Paper Mill makes bags. The workers were called on to supply them to farms in Anak."
    found = [
        mention(HOME + text, "Anak Paper Mill", "organization", "anak_paper_mill"),
        mention(HOME + text, "Anak", "place", "anak_county", 1),
    ]
    (row,) = targets(text, entity_mentions=found)
    assert row["object"] is None


@pytest.mark.parametrize(
    ("text", "action", "thing"),
    [
        ("The miners vowed to wage a dynamic drive to increase coal output.", "increase", "coal output"),
        ("They should conduct brisk activities to mass-produce leather shoes.", "produce", "leather shoes"),
        ("What is basic in farming is to finish the harvest in time.", "complete", "harvest"),
        ("The farms are required to plant more fruit trees.", "plant", "more fruit trees"),
    ],
)
def test_what_a_drive_is_for(text: str, action: str, thing: str) -> None:
    (row,) = targets(text)
    assert (row["action"], row["object"]) == (action, thing)


def test_things_that_are_to_come() -> None:
    (row,) = targets("The drive calls for modern mills in thirty towns.")
    assert (row["force"], row["action"], row["object"]) == ("planned", "build", "modern mills")
    assert not targets("The drive calls for courage in thirty towns.")


def test_what_comes_before_a_plan_is_planned_with_its_own_day() -> None:
    text = "The bureau plans to build mills in every province, after finally opening the Anak Hospital this year."
    rows = targets(text, dates=[day(HOME + text, "this year", "2026-01-01", "2026-12-31", "year")])
    assert [(r["action"], r.get("deadline_end")) for r in rows] == [("build", None), ("open", date(2026, 12, 31))]


def test_each_thing_discussed_is_to_be_done() -> None:
    text = "The session discussed the ways of increasing coal output and of repairing dams."
    assert [r["action"] for r in targets(text)] == ["increase", "repair"]


def test_a_promise_to_keep_faith_is_no_target() -> None:
    assert targets("The builders should keep faith with the farms.") == []


def test_a_call_is_no_aside_that_hides_the_amount() -> None:
    text = "He called for planting 300 trees."
    row = targets(text, quantities=[quantity(HOME + text, "300 trees", 300, "count")])[0]
    assert (row["value"], row["unit_id"]) == (300, "count")


def test_a_passive_with_its_own_subject_is_a_target_without_a_second_should() -> None:
    text = "The sheds should be turned into workshops and more greenhouses be built."
    assert [evidence(text, r) for r in targets(text)][-1] == "more greenhouses be built"


def test_it_is_the_one_thing_named_before() -> None:
    text = "They visited the Anak Trout Farm. He stressed the need to repair it well."
    assert [r["object"] for r in targets(text)] == ["Anak Trout Farm"]


def test_what_is_joined_to_an_inner_gerund_is_no_target() -> None:
    text = "He called for building sheds of use in directing and managing the mills."
    assert not [r for r in targets(text) if r["action"] == "operate"]


def test_who_speaks_at_a_meeting_of_old_times_speaks_of_now() -> None:
    text = (
        "A mill was built in 1960. The reporter called for building more mills. The President told them to build dams."
    )
    dates = [day(HOME + text, "1960", "1960-01-01", "1960-12-31", "year")]
    assert [evidence(text, r) for r in targets(text, dates=dates)] == ["building more mills"]


def test_a_noun_like_a_verb_is_no_act() -> None:
    text = "The laying of rails will be hastened and transport capacity boosted."
    assert {r["action"] for r in targets(text)} <= {"push_ahead", "increase"}


def test_a_rate_begins_in_a_year() -> None:
    text = "Clinics: three of them now, 20 a year from 2031."
    amounts = [quantity(HOME + text, "three", 3, "count"), quantity(HOME + text, "20", 20, "count")]
    (r,) = targets(text, quantities=amounts, dates=[day(HOME + text, "2031", "2031-01-01", "2031-12-31", "year")])
    assert (r["action"], r["value"], r["per"]) == ("build", 20, "year")
