"""Attributions: who vouches for a sentence, and by which media the words came."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracted import attributions, quotations
from assets.extracted.document import Document, Row
from assets.extracted.rules import rules
from tests.extracted.made import document, mention
from warehouse.reference import Reference, load_reference

load_reference_once = cache(load_reference)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference_once()


def rows_of(page: Document, mentions: Sequence[Row] = ()) -> list[Row]:
    reference = load_reference_once()
    found: dict[str, list[Row]] = {"entity_mentions": sorted(mentions, key=lambda m: m["start_char"])}
    found["quotations"] = quotations.extract(page, reference, found)
    return attributions.extract(page, reference, found)


@pytest.mark.parametrize("rule", rules("attributions"), ids=lambda r: r.name)
def test_rule_matches_its_example_and_not_its_counterexample(rule):
    assert rule.pattern.search(rule.example)
    assert not rule.pattern.search(rule.counterexample)


@pytest.mark.parametrize("rule", [r for r in rules("attributions") if "words" in r.options], ids=lambda r: r.name)
def test_the_words_a_rule_waits_for_are_in_its_example(rule):
    assert set(rule.options["words"]) & set(rule.example.lower().replace(",", "").split())


def test_state_media_speak_for_themselves(reference):
    (row,) = rows_of(document("The kiln in Haeju was warmed again in May.", "kcna"))
    assert row["source_kind"] == "state_media"
    assert row["source_entity_id"] == "kcna"
    assert row["chain"] == ["kcna"]
    assert row["traces_to_state_media"] is True
    assert row["rule"] == "attribution_own_voice"


def test_an_outlet_speaks_for_itself(reference):
    (row,) = rows_of(document("The kiln in Haeju was warmed again in May.", "daily_nk"))
    assert (row["source_kind"], row["chain"], row["traces_to_state_media"]) == ("outlet", ["daily_nk"], False)


def test_nobody_known_is_no_outlet(reference):
    (row,) = rows_of(document("The kiln in Haeju was warmed again in May."))
    assert (row["source_kind"], row["source_entity_id"], row["chain"]) == ("document", None, [])


def test_what_state_media_reported_comes_from_them_through_the_page(reference):
    text = "KCNA reported on Monday that the kiln is warm. It will stay warm all winter long."
    first, second = rows_of(document(text, "nk_news"), [mention(text, "KCNA", "outlet", "kcna")])
    assert text[first["start_char"] : first["end_char"]] == "KCNA reported"
    for row in (first, second):
        assert row["source_kind"] == "state_media"
        assert row["chain"] == ["kcna", "nk_news"]
        assert row["traces_to_state_media"] is True
    assert second["rule"] == "attribution_inherited"


def test_state_media_without_a_name_stay_without_one(reference):
    (row,) = rows_of(document("The kiln is warm again, according to North Korean state media.", "nk_news"))
    assert (row["source_kind"], row["source_entity_id"], row["chain"]) == ("state_media", None, ["nk_news"])
    assert row["traces_to_state_media"] is True


def test_a_blog_that_takes_over_an_article_stands_last(reference):
    text = "Via NK News, a report on kilns:\n\nThe kiln is warm again this winter."
    rows = rows_of(document(text, "wildcats_and_black_sheep"), [mention(text, "NK News", "outlet", "nk_news")])
    assert rows[0]["rule"] == "attribution_via"
    assert all(r["chain"] == ["nk_news", "wildcats_and_black_sheep"] for r in rows)


def test_a_reposted_article_names_its_first_outlet_first(reference):
    page = document("The kiln is warm again this winter.", "wildcats_and_black_sheep")
    page.reposted_from_outlet_id = "nk_news"
    (row,) = rows_of(page)
    assert (row["source_entity_id"], row["chain"]) == ("nk_news", ["nk_news", "wildcats_and_black_sheep"])


def test_the_agency_of_a_dateline_is_the_origin_of_a_mirrored_text(reference):
    text = "Haeju, May 3 (KCNA) -- The kiln was warmed again in May."
    names = [mention(text, "KCNA", "outlet", "kcna")]
    assert [r["chain"] for r in rows_of(document(text, "kcna_watch"), names)] == [["kcna", "kcna_watch"]]
    (own,) = rows_of(document(text, "kcna"), names)
    assert (own["rule"], own["chain"]) == ("attribution_own_voice", ["kcna"])


def test_an_officials_words_come_by_the_media_of_the_same_sentence(reference):
    text = "Premier Kim Tok Hun said kilns are warm, KCNA reported on Monday."
    names = [mention(text, "Kim Tok Hun", "person", "kim_tok_hun"), mention(text, "KCNA", "outlet", "kcna")]
    rows = rows_of(document(text, "nk_news"), names)
    assert [(r["source_kind"], r["chain"]) for r in rows] == [
        ("official", ["kcna", "nk_news"]),
        ("state_media", ["kcna", "nk_news"]),
    ]


def test_statistics_of_others_do_not_come_by_state_media(reference):
    text = "KCNA said kilns are warm. South Korea's central bank puts them at a tenth of the figure."
    _, other = rows_of(document(text, "nk_news"), [mention(text, "KCNA", "outlet", "kcna")])
    assert (other["source_kind"], other["chain"]) == ("foreign_government", ["nk_news"])
    assert other["traces_to_state_media"] is False


def test_what_was_not_said_is_nobodys(reference):
    text = "KCNA did not say that the kiln was warm."
    names = [mention(text, "KCNA", "outlet", "kcna")]
    assert [r["source_kind"] for r in rows_of(document(text, "nk_news"), names)] == ["outlet"]
    found = quotations.extract(document(text, "nk_news"), reference, {"entity_mentions": names})
    assert found == []


def test_an_anonymous_source_of_an_outlet_comes_by_it(reference):
    text = "A Daily NK source in Ryanggang Province says the kiln is cold."
    (row,) = rows_of(document(text, "europesays"), [mention(text, "Daily NK", "outlet", "daily_nk")])
    assert (row["source_kind"], row["chain"]) == ("anonymous_source", ["daily_nk", "europesays"])


def test_an_anonymous_source_stays_anonymous_and_goes_on_speaking(reference):
    text = (
        "Speaking on condition of anonymity, a reporting partner in Ryanggang Province told Daily NK that kilns are "
        "cold.\n\nThe workers burn wood instead of coal."
    )
    rows = rows_of(document(text, "daily_nk"), [mention(text, "Daily NK", "outlet", "daily_nk")])
    assert {r["source_kind"] for r in rows} == {"anonymous_source"}
    assert all(r["is_anonymous"] and r["source_entity_id"] is None for r in rows)
    assert all(r["chain"] == ["daily_nk"] for r in rows)


def test_an_expert_told_an_outlet_and_only_his_sentence_is_his(reference):
    text = "The economist Rim Su Gyong told NK News that kilns are cold. He said coal is short. Winter begins in May."
    rows = rows_of(document(text, "nk_news"), [mention(text, "NK News", "outlet", "nk_news")])
    assert [r["source_kind"] for r in rows] == ["expert", "expert", "outlet"]
    assert rows[0]["chain"] == ["nk_news"]


def test_officials_of_the_state_trace_to_it(reference):
    text = "The Cabinet announced that kilns will be warmed."
    (row,) = rows_of(document(text, "nk_news"), [mention(text, "Cabinet", "organization", "cabinet")])
    assert (row["source_kind"], row["source_entity_id"]) == ("official", "cabinet")
    assert row["traces_to_state_media"] is True


def test_a_foreign_government_is_told_from_the_states_own(reference):
    text = "South Korea's unification ministry said that kilns are cold."
    (row,) = rows_of(document(text, "yonhap"))
    assert row["source_kind"] == "foreign_government"
    assert row["traces_to_state_media"] is False


def test_a_foreign_official_is_of_a_foreign_government(reference):
    (row,) = rows_of(document("The Norwegian foreign minister said that kilns are cold.", "yonhap"))
    assert row["source_kind"] == "foreign_government"


def test_figures_are_a_document(reference):
    (row,) = rows_of(document("According to figures released on Monday, fewer kilns were sold.", "nk_news"))
    assert row["source_kind"] == "document"


def test_the_author_takes_the_word_back(reference):
    text = "KCNA said the kiln is warm, though it is still unclear how warm it is."
    rows = rows_of(document(text, "nk_news"), [mention(text, "KCNA", "outlet", "kcna")])
    assert [r["source_kind"] for r in rows] == ["state_media", "outlet"]


def test_customs_data_come_from_the_customs_through_the_outlet_that_quotes_them(reference):
    text = "According to figures of the General Administration of Customs quoted by TASS, fewer kilns were sold."
    customs = "general_administration_of_customs_china"
    names = [
        mention(text, "General Administration of Customs", "organization", customs),
        mention(text, "TASS", "outlet", "tass"),
    ]
    figures, outlet = rows_of(document(text, "nk_news"), names)
    assert (figures["source_kind"], figures["source_entity_id"]) == ("foreign_government", customs)
    assert figures["chain"] == [customs, "tass", "nk_news"]
    assert (outlet["source_kind"], outlet["chain"]) == ("outlet", ["tass", "nk_news"])


def test_all_of_a_records_subject_says_whose_it_is(reference):
    text = "Figures released on Monday by the Bank of Korea show that fewer kilns were sold. Only 12 were lit."
    names = [mention(text, "Bank of Korea", "organization", "bank_of_korea")]
    first, second = rows_of(document(text, "nk_news"), names)
    assert first["source_entity_id"] == "bank_of_korea"
    assert second["rule"] == "attribution_inherited"
    assert second["chain"] == ["bank_of_korea", "nk_news"]


@pytest.mark.parametrize(
    ("text", "place", "place_id", "kind", "traces"),
    [
        ("North Korea says that all kilns are warm.", "North Korea", "dprk", "official", True),
        ("All kilns are warm, Pyongyang claims.", "Pyongyang", "pyongyang", "official", True),
        ("Beijing said on Monday that kilns are cold.", "Beijing", "beijing", "foreign_government", False),
    ],
)
def test_a_country_or_capital_speaks_for_its_government(reference, text, place, place_id, kind, traces):
    (row,) = rows_of(document(text, "nk_news"), [mention(text, place, "place", place_id)])
    assert (row["source_kind"], row["traces_to_state_media"]) == (kind, traces)
    assert row["chain"][0] == row["source_entity_id"] == ("china" if kind == "foreign_government" else "dprk")


def test_the_agency_is_the_one_named_before(reference):
    text = "KCNA reported that the kiln is warm.\n\nIt was lit in May, the news agency said."
    first, second = rows_of(document(text, "yonhap"), [mention(text, "KCNA", "outlet", "kcna")])
    assert first["chain"] == second["chain"] == ["kcna", "yonhap"]
    assert second["rule"] == "attribution_said"


def test_daily_is_part_of_a_name(reference):
    text = "The kiln has been cold since May, Daily NK reports, citing a source in the province."
    outlet, source = rows_of(document(text, "nk_news"), [mention(text, "Daily NK", "outlet", "daily_nk")])
    assert (outlet["source_kind"], outlet["chain"]) == ("outlet", ["daily_nk", "nk_news"])
    assert (source["source_kind"], source["chain"]) == ("anonymous_source", ["daily_nk", "nk_news"])


def test_who_cites_state_media_stands_between_them_and_the_page(reference):
    text = "Yonhap reported, citing KCNA, that the kiln is warm."
    names = [mention(text, "Yonhap", "outlet", "yonhap"), mention(text, "KCNA", "outlet", "kcna")]
    chains = [r["chain"] for r in rows_of(document(text, "nk_news"), names)]
    assert chains == [["yonhap", "nk_news"], ["kcna", "yonhap", "nk_news"]]


@pytest.mark.parametrize(("outlet", "voice"), [("yonhap", "state_media"), ("nk_news", "outlet")])
def test_news_go_on_with_what_state_media_said_and_analysis_speaks_for_itself(reference, outlet, voice):
    text = "KCNA said the kiln is warm.\n\nThe kiln of Haeju was lit before the feast."
    _, later = rows_of(document(text, outlet), [mention(text, "KCNA", "outlet", "kcna")])
    assert later["source_kind"] == voice


def test_a_heading_gives_the_word_back(reference):
    text = "KCNA said the kiln is warm.\n\nKilns in other years\n\nThe kiln of Haeju was lit before the feast."
    _, later = rows_of(document(text, "yonhap"), [mention(text, "KCNA", "outlet", "kcna")])
    assert later["source_kind"] == "outlet"


def test_an_author_goes_on_after_a_conclusion(reference):
    text = "KCNA said the kiln is warm. That makes it the third this year. Kilns are rare up there."
    names = [mention(text, "KCNA", "outlet", "kcna")]
    kinds = [r["source_kind"] for r in rows_of(document(text, "nk_news"), names)]
    assert kinds == ["state_media", "outlet", "outlet"]


def test_what_media_call_something_is_theirs(reference):
    text = "State media call the work on the kilns finished."
    (row,) = rows_of(document(text, "nk_news"))
    assert (row["source_kind"], row["rule"]) == ("state_media", "attribution_medium_tells")


def test_a_scholar_at_a_foreign_university_is_an_expert_and_no_government(reference):
    text = "Seung-ho Jung of Incheon National University argued that kilns are cold."
    names = [
        mention(text, "Seung-ho Jung", "person", "seung_ho_jung"),
        mention(text, "Incheon National University", "organization", "incheon_national_university"),
    ]
    (row,) = rows_of(document(text, "nk_news"), names)
    assert row["source_kind"] == "expert"


def test_a_party_abroad_is_no_government(reference):
    text = "The chairman of the Socialist Party of Romania said that kilns are warm."
    (row,) = rows_of(document(text, "yonhap"), [mention(text, "Romania", "place", "romania")])
    assert row["source_kind"] == "official"


def test_sentences_inside_a_quotation_are_the_speakers(reference):
    text = "“The kiln is cold. Nobody has lit it since the winter,” the source in the province said."
    rows = rows_of(document(text, "daily_nk"))
    assert [r["source_kind"] for r in rows] == ["anonymous_source", "anonymous_source"]


@pytest.mark.parametrize(
    "text",
    ["If KCNA said that the kiln is warm, it is.", "KCNA may say that the kiln is warm.", "KCNA added new kilns here."],
)
def test_what_may_be_said_and_other_doings_name_no_source(reference, text):
    rows = rows_of(document(text, "nk_news"), [mention(text, "KCNA", "outlet", "kcna")])
    assert [r["source_kind"] for r in rows] == ["outlet"]


def test_a_section_headed_by_an_outlet_sums_up_its_pieces(reference):
    text = "Rodong Sinmun\n- An article says that kilns are warm.\n- A kiln was lit in the port of Haeju."
    names = [mention(text, "Rodong Sinmun", "outlet", "rodong_sinmun")]
    rows = rows_of(document(text, "kcna"), names)
    assert [r["chain"] for r in rows] == [["rodong_sinmun", "kcna"]] * 2


def test_a_statement_is_that_of_the_body_that_issued_it(reference):
    text = "The Bank of Korea issued a statement on kilns. The statement said that kilns are cold."
    names = [mention(text, "Bank of Korea", "organization", "bank_of_korea")]
    body, statement = rows_of(document(text, "nk_news"), names)
    assert body["source_kind"] == "foreign_government"
    assert (statement["source_kind"], statement["source_entity_id"]) == ("document", "bank_of_korea")


def test_the_agency_is_the_body_named_last_if_that_is_one(reference):
    text = "KCNA said kilns are warm. South Korea's statistics agency said they are few. Many closed, the agency said."
    names = [mention(text, "KCNA", "outlet", "kcna"), mention(text, "South Korea", "place", "republic_of_korea")]
    kinds = [r["source_kind"] for r in rows_of(document(text, "yonhap"), names)]
    assert kinds == ["state_media", "foreign_government", "foreign_government"]


def test_a_person_of_whom_nothing_is_known_does_not_speak_with_anothers_voice(reference):
    text = "A source in the province told Daily NK that kilns are cold. Min Ho Cheol said that they are warm."
    names = [mention(text, "Daily NK", "outlet", "daily_nk")]
    kinds = [r["source_kind"] for r in rows_of(document(text, "daily_nk"), names)]
    assert kinds == ["anonymous_source", "outlet"]


def test_an_outlet_with_a_colon_introduces_its_words(reference):
    text = "Consider this story by Daily NK:\n\nThe kiln of the port is cold again."
    _, words = rows_of(document(text, "nk_news"), [mention(text, "Daily NK", "outlet", "daily_nk")])
    assert words["chain"] == ["daily_nk", "nk_news"]


def test_a_report_that_rests_on_a_source_goes_on_after_a_heading(reference):
    text = "A source in the province told Daily NK that kilns are cold.\n\nNo coal left\n\nWorkers burn wood instead."
    names = [mention(text, "Daily NK", "outlet", "daily_nk")]
    kinds = [r["source_kind"] for r in rows_of(document(text, "daily_nk"), names)]
    assert kinds == ["anonymous_source", "anonymous_source"]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Kilns are warm, said Ri Hye Jong, manager of the port.", "said Ri Hye Jong"),
        ("Ri Hye Jong, manager of the port, said the kiln has been lit.", "Ri Hye Jong, manager of the port, said"),
        ("Ri Hye Jong on May 3 in a report said that kilns are warm.", "Ri Hye Jong on May 3 in a report said"),
    ],
)
def test_a_speaker_stands_before_or_behind_the_verb(reference, text, evidence):
    (row,) = rows_of(document(text, "kcna"), [mention(text, "Ri Hye Jong", "person", None)])
    assert text[row["start_char"] : row["end_char"]] == evidence
    assert row["source_kind"] == "official"


def test_they_are_the_speakers_of_before_and_the_reporter_made_the_report(reference):
    text = (
        "The speakers said that kilns are warm. They stressed that coal is short. The reporter said that all will do."
    )
    assert {r["source_kind"] for r in rows_of(document(text, "kcna"))} == {"official"}


def test_names_that_lost_the_space_behind_them_still_speak(reference):
    text = "ComradeKim Jong Unsaid that kilns are warm. Coal is short, he added."
    names = [mention(text, "Kim Jong Un", "person", "kim_jong_un")]
    assert {r["source_entity_id"] for r in rows_of(document(text, "kcna"), names)} == {"kim_jong_un"}


@pytest.mark.parametrize(
    "text",
    [
        "ComradeKim Jong Unwarmly acknowledged the cheers of the builders.",
        "ComradeKim Jong Uncalled the builders to the site.",
        "It is known that the builders' MarshalKim Jong Unsaid so.",
    ],
)
def test_names_that_lost_the_space_behind_them_do_not_always_speak(text, reference):
    names = [mention(text, "Kim Jong Un", "person", "kim_jong_un")]
    assert [r["rule"] for r in rows_of(document(text, "kcna"), names)] == ["attribution_own_voice"]


def test_what_is_said_has_a_subject_of_its_own(reference):
    text = "Kim Tok Hun said kilns are warm. Kim Jong Un lit the first of them, he added."
    names = [
        mention(text, "Kim Tok Hun", "person", "kim_tok_hun"),
        mention(text, "Kim Jong Un", "person", "kim_jong_un"),
    ]
    assert [r["source_entity_id"] for r in rows_of(document(text, "kcna"), names)] == ["kim_tok_hun", "kim_tok_hun"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Kilns cool, with sources inside the country telling Coal Weekly that none is lit.", ["anonymous_source"]),
        ("Kilns are rarely lit when reporting on them is allowed.", ["outlet"]),
        ("The country is responding to the lack of coal by closing kilns.", ["outlet"]),
        ("Kilns are cold by now, say analysts at a centre in Seoul.", ["expert"]),
        ("Kilns are cold by now, said Min Ho Cheol, another kiln researcher.", ["expert"]),
    ],
)
def test_ways_of_naming_a_source(reference, text, kinds):
    assert [r["source_kind"] for r in rows_of(document(text, "nk_news"))] == kinds


def test_a_source_described_anew_stays_the_source(reference):
    text = (
        "A resident in charge of planning told RFA that kilns are cold. The economic planner said that coal is short."
    )
    names = [mention(text, "RFA", "outlet", "radio_free_asia")]
    kinds = [r["source_kind"] for r in rows_of(document(text, "radio_free_asia"), names)]
    assert kinds == ["anonymous_source", "anonymous_source"]


def test_the_country_of_a_news_agency_is_not_its_name(reference):
    text = "The kiln is cold again, South Korea’s Yonhap news agency reported."
    names = [mention(text, "Yonhap", "outlet", "yonhap"), mention(text, "South Korea", "place", "republic_of_korea")]
    (row,) = rows_of(document(text, "nk_news"), names)
    assert row["chain"] == ["yonhap", "nk_news"]


@pytest.mark.parametrize(("outlet", "kinds"), [("yonhap", 3), ("nk_news", 1)])
def test_in_news_the_figures_of_an_estimate_go_on_over_paragraphs(reference, outlet, kinds):
    text = (
        "The Bank of Korea estimated that 40 percent fewer kilns were lit.\n\nCoal use fell by 12 percent.\n\n"
        "Wood rose by 3 million won.\n\nThe kilns of the port were closed before."
    )
    names = [mention(text, "Bank of Korea", "organization", "bank_of_korea")]
    rows = rows_of(document(text, outlet), names)
    assert [r["source_kind"] for r in rows] == ["foreign_government"] * kinds + ["outlet"] * (4 - kinds)


def test_questions_and_headings_assert_nothing(reference):
    assert rows_of(document("KILNS OF THE COUNTRY\n\nWho will warm the cold kiln now?", "nk_news")) == []


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["KCNA reported", "he said that", "“the kiln is cold”", "a source told", "it is unclear", "."]),
        max_size=15,
    )
)
def test_rows_lie_in_the_text_and_are_the_same_twice(pieces):
    text = " ".join(pieces)
    page = document(text, "nk_news")
    rows = rows_of(page)
    assert rows == rows_of(page)
    for row in rows:
        assert 0 <= row["start_char"] < row["end_char"] <= len(text)
        assert row["chain"][-1] == "nk_news"


def test_no_sentences_no_rows(reference):
    assert rows_of(document("", "kcna")) == []
