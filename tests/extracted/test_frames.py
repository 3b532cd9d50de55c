"""Clauses, verbs, topic and the columns that frames share."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.cleaned.sentences import split
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.frames import Reading, reading_of
from assets.extracted.frames_fields import Fields
from assets.extracted.frames_object import meant, noun_phrase, things_named
from assets.extracted.frames_patterns import lowered
from assets.extracted.frames_scan import bits_of, fired, named
from assets.extracted.frames_verbs import inflections, lexicon, verb_uses
from assets.extracted.rules import Rule, rules
from warehouse.reference import load_reference

KINDS = ("frames", "targets", "results", "assessments", "review_rules")
RULES = [(kind, rule) for kind in KINDS for rule in rules(kind)]
REFERENCE = load_reference()


def document(text: str, on: date | None = date(2026, 5, 4), outlet: str | None = "kcna") -> Document:
    """A document of `text`, cut into sentences."""
    sentences = [Sentence(f"s{i}", i, s.paragraph, s.start, s.end, s.in_quotation) for i, s in enumerate(split(text))]
    return Document("d", text, None, on, None, outlet, None, "en", sentences)


def mention(text: str, name: str, kind: str, entity_id: str, nth: int = 0) -> Row:
    """A found entity mention of the nth `name` in `text`."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(name, start + 1)
    return {"start_char": start, "end_char": start + len(name), "entity_kind": kind, "entity_id": entity_id}


def day(text: str, words: str, first: str, last: str, granularity: str) -> Row:
    """A found date on `words` in `text`."""
    start = text.index(words)
    return {
        "start_char": start, "end_char": start + len(words), "granularity": granularity,
        "start_date": date.fromisoformat(first), "end_date": date.fromisoformat(last),
    }  # fmt: skip


def quantity(text: str, words: str, value: float, unit: str | None, **more: object) -> Row:
    """A found quantity on `words` in `text`."""
    start = text.index(words)
    return {
        "start_char": start, "end_char": start + len(words), "value": value, "unit_id": unit, "currency": None,
        "is_percent": unit == "percent", "role": "level", **more,
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "rule"), RULES, ids=[f"{k}-{r.name}" for k, r in RULES])
def test_rule_matches_its_example_only(kind: str, rule: Rule) -> None:
    assert rule.pattern.search(rule.example)
    assert not rule.pattern.search(rule.counterexample)


@pytest.mark.parametrize(("kind", "rule"), RULES, ids=[f"{k}-{r.name}" for k, r in RULES])
def test_a_cue_word_of_the_rule_stands_in_its_example(kind: str, rule: Rule) -> None:
    words = rule.options.get("words")
    if kind in ("frames", "assessments") or rule.options.get("on") == "object":
        assert words is None
        return
    mask = fired(document(rule.example + ".")).get(0, 0)
    assert rule.name in named(mask & bits_of(kind))


@pytest.mark.parametrize(
    ("verb", "past", "ing"),
    [("build", "built", "building"), ("carry", "carried", "carrying"), ("set", "set", "setting"),
     ("finish", "finished", "finishing"), ("fulfil", "fulfilled", "fulfilling"), ("produce", "produced", "producing"),
     ("open", "opened", "opening"), ("plan", "planned", "planning")],
)  # fmt: skip
def test_inflections(verb: str, past: str, ing: str) -> None:
    irregular = {"build": ["built", "built"], "set": ["set", "set"]}
    forms = {surface for _, surface in inflections(verb, irregular)}
    assert {past, ing} <= forms


def test_lexicon_tries_phrasal_verbs_first() -> None:
    assert [len(m.particle) for m in lexicon()["push"]] == sorted(
        (len(m.particle) for m in lexicon()["push"]), reverse=True
    )


@pytest.mark.parametrize(
    ("text", "action", "mood"),
    [
        ("The mill has newly built houses.", "build", "perfect"),
        ("Houses have been built there.", "build", "perfect_passive"),
        ("Houses were built there.", "build", "past_passive"),
        ("The bureau will build houses.", "build", "modal"),
        ("Houses are to be built.", "build", "infinitive_passive"),
        ("Houses should be built.", "build", "modal_passive"),
        ("They are building houses.", "build", "progressive"),
        ("A road is being paved.", "build", "progressive_passive"),
        ("They successfully carried out the plan.", "fulfil", "past"),
        ("They are energetically pushing forward the work.", "push_ahead", "progressive"),
        ("The kilns destroyed and rebuilt by hand.", "repair", "adjective"),
        ("They removed at least 30 tons of earth.", "reclaim", "past"),
        ("He praised the mill’s increased output of tiles.", "increase", "adjective"),
    ],
)
def test_mood(text: str, action: str, mood: str) -> None:
    assert (action, mood) in {(u.action, u.mood) for u in verb_uses(text)}


@pytest.mark.parametrize(
    "text", ["The mill has not yet met its quota.", "The mill did not build it.", "It wasn't built."]
)
def test_negation(text: str) -> None:
    assert all(u.negated for u in verb_uses(text) if u.kind in ("fulfil", "build"))


def test_not_only_is_no_negation() -> None:
    assert not any(u.negated for u in verb_uses("It has not only overfulfilled its plan but built a hall."))


def test_a_name_is_no_verb() -> None:
    assert not [u for u in verb_uses("He met the Planning Commission of the county.") if u.action == "open"]


def readable(text: str, kind: str = "results", outlet: str | None = "kcna") -> list[str]:
    """The sentences of `text` that may hold a frame of `kind`."""
    reading = Reading(document(text, outlet=outlet), REFERENCE, {})
    return [clause.text for clause, _ in reading.clauses(kind)]


@pytest.mark.parametrize(
    "text",
    [
        "A mill was built in Norway, the Swedish daily said.",
        "If the mill was built in time, all would be well.",
        "Was the mill of the county built in time?",
        "New mill built in Anak",
        "The sea was calm on that day.",
    ],
)
def test_not_worth_reading(text: str) -> None:
    assert readable(text) == []


def test_topic_goes_on_within_its_paragraph() -> None:
    text = "Japan's economy grew. A large mill was built there.\n\nA mill was built in the DPRK. A farm was built, too."
    assert readable(text) == ["A mill was built in the DPRK.", "A farm was built, too."]


def test_an_outside_report_on_the_dprk_may_name_others() -> None:
    text = "North Korea says Pyongyang has a plan. Seoul says that a mill was built in the North."
    assert readable(text, outlet="yonhap") == ["Seoul says that a mill was built in the North."]
    assert readable(text, outlet="kcna") == []


def test_reading_is_shared_only_for_the_same_rows() -> None:
    doc = document("The mill was built in Anak County.")
    found: dict[str, list[Row]] = {"dates": []}
    first = reading_of(doc, REFERENCE, found)
    assert reading_of(doc, REFERENCE, found) is first
    assert reading_of(doc, REFERENCE, {"dates": []}) is not first
    assert reading_of(document(doc.text), REFERENCE, found) is not first


@given(st.text(max_size=80))
def test_lowered_keeps_places(text: str) -> None:
    assert len(lowered(text)) == len(text)


@given(st.text(alphabet="abc ,.;:“”—\n", max_size=60))
def test_noun_phrase_is_in_the_text(text: str) -> None:
    assert noun_phrase(text) in " " + text.replace("“", "").replace("”", "")


@given(st.text(alphabet="The mil built hosepandwrkwillbe ,.;\n", max_size=120))
def test_clause_bounds_lie_in_the_sentence(text: str) -> None:
    for clause, _ in Reading(document(text), REFERENCE, {}).clauses("results"):
        for use in clause.verbs:
            assert 0 <= clause.subject_start(use.clause_start) <= use.clause_start
            assert use.end <= clause.phrase_end(use) <= len(clause.text)


def test_noun_phrase_drops_amount_and_time() -> None:
    assert noun_phrase(" more than 300 modern flats within this year") == "modern flats"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("In 2031 the plan for state revenue", "state revenue"),
        ("a tile works, too,", "tile works"),
        ("its yearly plans is growing", "yearly plans"),
        ("rise of 4 percent", ""),
        ("more than 85 percent of its plan for securing timber", "timber"),
        ("the third", ""),
        ("houses in ten towns within the five years of the plan", "houses in ten towns"),
        ("in a responsible manner the spring work", "spring work"),
    ],
)
def test_noun_phrase_is_whole_or_none(text: str, phrase: str) -> None:
    assert noun_phrase(text) == phrase


NAMED = things_named(
    "The Anak Dam is late. Paper mills and shoe factories rose. A paper mill burnt.",
    [{"start_char": 4, "end_char": 12, "entity_kind": "place", "entity_id": "anak_dam"}],
)


@pytest.mark.parametrize(
    ("phrase", "raw", "meaning"),
    [
        ("dam", "the dam", "Anak Dam"),
        ("factories", "factories", "shoe factories"),
        ("factories", "20 factories", "factories"),
        ("bridge", "the bridge", None),
        ("bridge", "a bridge", "bridge"),
        ("stone bridge", "the stone bridge", "stone bridge"),
        ("construction", "construction", None),
    ],
)
def test_a_bare_noun_stands_for_the_one_thing_named(phrase: str, raw: str, meaning: str | None) -> None:
    assert meant(phrase, raw, NAMED, 100) == meaning


def test_a_pronoun_stands_for_the_only_thing_named() -> None:
    assert meant("", "it", NAMED[:1], 100) == "Anak Dam"


def test_a_headline_names_nothing() -> None:
    assert not things_named("Work starts on paper mills\nIt rained.", [])


def test_places_of_a_list() -> None:
    text = "in the city of Haeju and the counties of Anak and Unryul"
    found = {"entity_mentions": [mention(text, n, "place", n.lower()) for n in ("Haeju", "Anak", "Unryul")]}
    assert Fields(document(text), REFERENCE, found).place_ids(0, len(text)) == ["haeju", "anak", "unryul"]


def test_deadline_is_not_past() -> None:
    text = "as said on March 1, 2026 it is to be ready by the end of 2027"
    dates = [
        day(text, "March 1, 2026", "2026-03-01", "2026-03-01", "day"),
        day(text, "the end of 2027", "2027-12-01", "2027-12-31", "range"),
    ]
    fields = Fields(document(text), REFERENCE, {"dates": dates})
    assert fields.deadline((0, len(text))) == {"deadline_start": date(2027, 12, 1), "deadline_end": date(2027, 12, 31)}
    assert fields.deadline((0, 25)) == {}


def test_the_day_of_saying_is_no_period() -> None:
    text = "The mill was opened on April 2, 2026, the agency said on May 3, 2026."
    dates = [
        day(text, "April 2, 2026", "2026-04-02", "2026-04-02", "day"),
        day(text, "May 3, 2026", "2026-05-03", "2026-05-03", "day"),
    ]
    fields = Fields(document(text), REFERENCE, {"dates": dates})
    assert fields.period(0, len(text))["period_start"] == date(2026, 4, 2)
    assert fields.period(40, len(text)) == {}


def test_monthly_plan_takes_the_last_month_named() -> None:
    text = "Plans for April were met. The mine met its monthly plan."
    found = {"dates": [day(text, "April", "2026-04-01", "2026-04-30", "month")]}
    fields = Fields(document(text), REFERENCE, found)
    assert fields.period(26, len(text), of_plan=True)["period_end"] == date(2026, 4, 30)


def test_amount_leaves_out_percent_time_and_vague_words() -> None:
    text = "dozens of houses in 3 years at 20 percent with 40 tons"
    rows = [
        quantity(text, "dozens", 24.0, "count"),
        quantity(text, "3 years", 3.0, "year"),
        quantity(text, "20 percent", 20.0, "percent"),
        quantity(text, "40 tons", 40.0, "tonne"),
    ]
    fields = Fields(document(text), REFERENCE, {"quantities": rows})
    assert fields.amount(0, len(text)) == {"value": 40.0, "unit_id": "tonne", "currency": None}
    assert fields.amount(0, 30) == {}


def test_sector_prefers_the_narrower() -> None:
    fields = Fields(document("x"), REFERENCE, {})
    assert (
        fields.sector("freight transport plan", "the railway sector carried out its freight transport plan")
        == "railway"
    )
    assert fields.sector("its plan", "In the coal industry, ") == "coal"
    assert fields.sector("its plan") is None


def test_he_is_the_last_subject() -> None:
    text = "Kim Tok Hun visited a mine. With him was Pak Jong Gun. He said that output should rise."
    found = {
        "entity_mentions": [
            mention(text, "Kim Tok Hun", "person", "kim_tok_hun"),
            mention(text, "Pak Jong Gun", "person", "pak_jong_gun"),
        ]
    }
    fields = Fields(document(text), REFERENCE, found)
    assert fields.speaker(text.index("output"), text.index("He"), len(text)) == "kim_tok_hun"


def test_a_subject_of_two_bodies_has_no_single_actor() -> None:
    text = "The Anak Mill and other mills"
    found = {"entity_mentions": [mention(text, "Anak Mill", "organization", "anak_mill")]}
    fields = Fields(document(text), REFERENCE, found)
    assert fields.actor(0, len(text)) is None
    assert fields.actor(0, 13) == "anak_mill"
