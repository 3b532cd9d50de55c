"""Quotations: pairing marks, telling titles from speech, finding speakers, reported speech."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracted import quotations
from assets.extracted.document import Row
from assets.extracted.quotations.marks import marked
from assets.extracted.quotations.people import leader
from assets.extracted.quotations.phrases import cue, ending, subject_before
from assets.extracted.quotations.verbs import verbs, verbs_of_saying
from assets.extracted.rules import rules
from tests.extracted.made import document, mention
from warehouse.reference import Reference, load_reference

KINDS = ("cues", "cues_phrases", "quotations")


load_reference_once = cache(load_reference)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference_once()


def direct(text: str, reference: Reference, mentions: Sequence[Row] = (), outlet: str | None = None) -> list[Row]:
    rows = quotations.extract(document(text, outlet), reference, {"entity_mentions": mentions})
    return [r for r in rows if r["kind"] == "direct"]


@pytest.mark.parametrize("rule", [r for k in KINDS for r in rules(k)], ids=lambda r: r.name)
def test_rule_matches_its_example_and_not_its_counterexample(rule):
    assert rule.pattern.search(rule.example)
    assert not rule.pattern.search(rule.counterexample)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("He said “coal is short” today.", ["coal is short"]),
        ('He said "coal is short" today.', ["coal is short"]),
        ("Er sagte „coal is short“ heute.", ["coal is short"]),
        ("Il dit «coal is short» hier.", ["coal is short"]),
        ("He said ‘coal isn’t short’ today.", ["coal isn’t short"]),
        ("The miners' pay isn't late, the cooks' is.", []),
        ("He said 'the miners' pay is late' today.", ["the miners' pay is late"]),
        ("The '90s and rock 'n' roll.", []),
        ("“He told us ‘go home’ and left,” she said.", ["He told us ‘go home’ and left,"]),
        ("“The “grand” plan is late,” she said.", ["The “grand” plan is late,"]),
        ('"The plan is late,” she said.', ["The plan is late,"]),
        ('It is called "plan (2011) " by them.', ["plan (2011) "]),
        ("“We dig.\n\n“We haul.\n\n“We rest.”", ["We dig.\n\n“We haul.\n\n“We rest."]),
        ("He said, “We dig coal. The rest is known.", ["We dig coal."]),
    ],
)
def test_marks_of_every_style_are_paired(text, inner):
    assert [text[m.inner_start : m.inner_end] for m in marked(text)] == inner


@given(st.text(alphabet="ab. \n\"'“”‘’„«»,", max_size=80))
def test_passages_lie_in_the_text_in_order_and_apart(text):
    position = 0
    for passage in marked(text):
        assert position <= passage.start < passage.inner_start <= passage.inner_end <= passage.end <= len(text)
        position = passage.end


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["Ri said", "“we dig”", "that", "coal", ".", "\n", "he", "told Kim", '"', "’"]), max_size=20
    )
)
def test_rows_hold_their_own_words_whatever_the_text(pieces):
    text = " ".join(pieces)
    found = quotations.extract(document(text), load_reference_once(), {})
    assert found == quotations.extract(document(text), load_reference_once(), {})
    for row in found:
        assert 0 <= row["start_char"] < row["end_char"] <= len(text)
        assert row["quotation"] in text[row["start_char"] : row["end_char"]]


@pytest.mark.parametrize(
    ("text", "surface", "verb"),
    [
        ("“The kiln is cold,” Rim Su Gyong said.", "Rim Su Gyong", "said"),
        ("“The kiln is cold,” said Rim Su Gyong, an engineer.", "Rim Su Gyong", "said"),
        ("“The kiln is cold,” said she, laughing.", "she", "said"),
        ("“The kiln is cold,” Rim Su Gyong, an engineer at the plant, told us.", "Rim Su Gyong", "told"),
        ("Rim Su Gyong lamented that the kiln “will never be warm” again.", "Rim Su Gyong", "lamented"),
        ("According to Rim Su Gyong, the kiln “will never be warm” again.", "Rim Su Gyong", "According to"),
        ("“The kiln is very cold.” ― Rim Su Gyong", "Rim Su Gyong", None),
        ("The kiln “will never be warm” this year, Rim Su Gyong warned.", "Rim Su Gyong", "warned"),
        ("Rim Su Gyong’s remark that the kiln “will never be warm” was noted.", "Rim Su Gyong’s", "remark"),
        ("The police, who reported “twelve broken kilns”, went home.", "The police", "reported"),
    ],
)
def test_the_speaker_stands_where_the_verb_of_saying_has_it(reference, text, surface, verb):
    (row,) = direct(text, reference)
    assert (row["speaker_surface"], row["cue"]) == (surface, verb)


def test_a_pronoun_a_surname_and_a_title_mean_the_person(reference):
    text = (
        "North Korean leader Kim Jong Un visited the kiln. “It must be warm by May,” he said. "
        "“No excuses will do,” Kim added. The DPRK leader said “the kiln is a disgrace” to all."
    )
    names = [
        mention(text, "Kim Jong Un", "person", "kim_jong_un"),
        mention(text, "Kim", "person", "kim_jong_un", 1),
    ]
    rows = direct(text, reference, names)
    assert [r["speaker_surface"] for r in rows] == ["he", "Kim", "The DPRK leader"]
    assert {r["speaker_id"] for r in rows} == {"kim_jong_un"}


def test_words_that_stand_alone_go_on_with_the_last_speaker(reference):
    text = "“The kiln is cold,” Rim Su Gyong said.\n\n“It has been cold since May. We have no coal.”"
    rows = direct(text, reference, [mention(text, "Rim Su Gyong", "person", "rim_su_gyong")])
    assert [r["speaker_id"] for r in rows] == ["rim_su_gyong", "rim_su_gyong"]
    assert rows[1]["rule"] == "quotation_goes_on"


def test_words_announced_with_a_colon_belong_to_who_is_announced(reference):
    text = "Rim Su Gyong put it like this, then said:\n\n“The kiln is cold and we have no coal.”"
    (row,) = direct(text, reference)
    assert row["speaker_surface"] == "Rim Su Gyong"


def test_an_anonymous_speaker_is_not_narrowed(reference):
    text = "Kim Jong Un visited. “The kiln is cold,” a source in Ryanggang Province said."
    (row,) = direct(text, reference, [mention(text, "Kim Jong Un", "person", "kim_jong_un")])
    assert row["speaker_id"] is None
    assert row["speaker_surface"] == "a source in Ryanggang Province"


def test_somebody_of_a_person_is_not_that_person(reference):
    text = "“The kiln is cold,” an aide to Kim Jong Un said."
    (row,) = direct(text, reference, [mention(text, "Kim Jong Un", "person", "kim_jong_un")])
    assert row["speaker_id"] is None


@pytest.mark.parametrize(
    "text",
    [
        "They sang the song “Our Warm Kiln” at the rally.",
        "An article titled “How the kiln was warmed again” was posted.",
        "Deputies adopted the ordinance “On warming the kilns of the country”.",
        "“KILNS OF THE COUNTRY”\n\nThe kilns are cold.",
        "Workers marched with slogans such as “Let us warm all kilns!”",
        "The “warm” kiln was closed.",
        'The "Red Kiln" movement spread.',
        "They carried placards reading “Warm the kilns!”, “Dig more coal for us!” and “Let us rest!”",
        "They set up a body called “standing kiln committee” in May.",
    ],
)
def test_titles_headings_names_slogans_and_single_words_are_nobodys(reference, text):
    assert direct(text, reference) == []


def test_state_media_mark_what_they_doubt(reference):
    doubted = "The enemy steps up its “joint kiln drill” on the pretext of a “kiln threat”."
    assert direct(doubted, reference, outlet="kcna") == []
    said = "The manager said: “The kiln has been warm since May and will be warm in June.”"
    assert len(direct(said, reference, outlet="kcna")) == 1


def test_evidence_keeps_the_marks_and_the_quotation_does_not(reference):
    text = "“The kiln is cold,” Rim said."
    (row,) = direct(text, reference)
    assert text[row["start_char"] : row["end_char"]] == "“The kiln is cold,”"
    assert row["quotation"] == "The kiln is cold,"


def test_reported_speech_is_indirect(reference):
    text = (
        "Rim Su Gyong said on Monday that the kiln is cold, adding that coal is short. The kiln will close, she warned."
    )
    rows = quotations.extract(document(text), reference, {})
    assert [(r["quotation"], r["kind"], r["speaker_surface"], r["cue"]) for r in rows] == [
        ("the kiln is cold", "indirect", "Rim Su Gyong", "said"),
        ("coal is short", "indirect", "Rim Su Gyong", "adding"),
        ("The kiln will close", "indirect", "she", "warned"),
    ]


def test_reported_speech_with_quoted_words_is_one_direct_quotation(reference):
    rows = quotations.extract(document("Rim said that the kiln “is as cold as ice” now."), reference, {})
    assert [r["kind"] for r in rows] == ["direct"]


def test_a_passive_verb_has_no_speaker_before_it(reference):
    (row,) = direct("Rim was described as “the coldest of all engineers” in town.", reference)
    assert row["speaker_surface"] is None


def test_somebody_quoted_as_saying_is_the_speaker(reference):
    (row,) = direct("The daily quoted Rim Su Gyong as saying “the kiln is cold” now.", reference)
    assert (row["speaker_surface"], row["cue"]) == ("Rim Su Gyong", "saying")


def test_whom_a_speaker_quotes_is_the_speaker_of_the_words(reference):
    (row,) = direct("“Last winter we lit no kiln at all,” the source quoted one manager as saying.", reference)
    assert (row["speaker_surface"], row["cue"]) == ("one manager", "saying")


def test_what_is_said_has_a_subject_of_its_own(reference):
    text = "Kim Tok Hun toured the plant. Rim Su Gyong had lit the kiln, he said."
    names = [
        mention(text, "Kim Tok Hun", "person", "kim_tok_hun"),
        mention(text, "Rim Su Gyong", "person", "rim_su_gyong"),
    ]
    (row,) = quotations.extract(document(text), reference, {"entity_mentions": names})
    assert (row["speaker_surface"], row["speaker_id"]) == ("he", "kim_tok_hun")


def test_an_object_of_anger_in_marks_is_no_quotation_of_the_angry(reference):
    text = "The miners condemned the “motion calling for the closing of all the kilns” on Monday."
    assert direct(text, reference, outlet="kcna") == []


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("The miners demanded the abolition of the rule that closes kilns.", None),
        ("The miners told the manager that coal is short.", "coal is short"),
        ("The report disclosed the fact that coal is short.", "coal is short"),
    ],
)
def test_a_relative_clause_of_the_object_is_nobodys_words(text, clause):
    rows = quotations.extract(document(text), load_reference_once(), {})
    assert [r["quotation"] for r in rows] == ([clause] if clause else [])


def test_who_speaks_comes_before_who_passes_it_on(reference):
    (row,) = direct("“We light the kiln and keep it warm” for all, Rim Su Gyong said, according to KCNA.", reference)
    assert (row["speaker_surface"], row["cue"]) == ("Rim Su Gyong", "said")


def test_verbs_are_whole_words_and_no_nouns():
    text = "The report on storytellers said it, unsaid; his claims resaid it."
    assert [v.word for v in verbs_of_saying(text)] == ["said"]
    assert {"said", "lamented", "went on"} <= verbs()
    pattern = cue("speech_verb").pattern
    assert all(pattern.search(v) for v in verbs())


def test_a_verb_knows_whether_anybody_says_anything():
    text = "The rest was told yesterday; they did not say it, he will declare it, Ri added."
    told, say, declare, added = verbs_of_saying(text)
    assert (told.is_passive, say.is_negated, declare.is_hypothetical) == (True, True, True)
    assert [v.is_said for v in (told, say, declare, added)] == [False, False, False, True]


def test_who_is_near_words_that_nobody_says_is_still_meant_by_a_pronoun(reference):
    text = "“Warm Kiln” for all, Ri Chol Su sang. He added that coal is short now."
    ri = mention(text, "Ri Chol Su", "person", "ri_chol_su")
    rows = quotations.extract(document(text, "kcna"), reference, {"entity_mentions": [ri]})
    assert [(r["kind"], r["quotation"], r["speaker_id"]) for r in rows] == [
        ("indirect", "coal is short now", "ri_chol_su")
    ]


ENDING_WORDS = [
    "was",
    "been",
    "often",
    "really",
    "not",
    "never",
    "didn’t",
    "will",
    "cannot",
    "only",
    "now",
    "also",
    "has",
    "he’s",
    "on",
    "May",
    "3",
    "2011,",
    "2011",
    "Sunday",
    "in",
    "its",
    "new",
    "report",
    "commentary,",
    "Ri",
    "Rodong",
    "yesterday",
    "(was",
]


@given(st.lists(st.tuples(st.sampled_from(ENDING_WORDS), st.sampled_from((" ", "  ", "\n", "")))))
def test_no_end_of_words_is_missed_by_asking_the_last_word_first(pieces):
    words = "".join(word + space for word, space in pieces)
    for rule in rules("cues_phrases"):
        if "leads" in rule.options:
            assert (ending(rule.name, words) is None) == (rule.pattern.search(words) is None)


def test_a_subject_is_cut_before_its_own_verb():
    text = "The workers staged a rally in Haeju and "
    span = subject_before(text, 0, len(text))
    assert span is not None
    assert text[slice(*span)] == "The workers"


def test_the_leader_depends_on_the_day(reference):
    assert leader(reference, date(2011, 5, 1)) == "kim_jong_il"
    assert leader(reference, date(2024, 5, 1)) == "kim_jong_un"
    assert leader(reference, date(1950, 5, 1)) in (None, "kim_il_sung")


def test_no_sentences_no_rows(reference):
    assert quotations.extract(document(""), reference, {}) == []
