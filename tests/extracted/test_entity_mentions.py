"""extracted.entity_mentions: what is found, what it is read as, and what is left open."""

from __future__ import annotations

import warnings
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted.document import Document, Row
from assets.extracted.entities.span import flatten, slug, unhyphenated
from assets.extracted.entities.words import heads, key_of, plural_of
from assets.extracted.entity_mentions import extract
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference, load_reference


@cache
def reference() -> Reference:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_reference()


def mentions(text: str, title: str | None = None) -> list[Row]:
    return extract(Document("d", text, title, None, None, None, None, "en"), reference(), {})


def found(text: str, title: str | None = None) -> list[tuple[str, str | None]]:
    """Surface and id of every mention that is no policy."""
    return [(r["surface"], r["entity_id"]) for r in mentions(text, title) if r["entity_kind"] != "policy"]


NK = ("North Korea", "dprk")


@pytest.mark.parametrize("rule", rules("entity_patterns"), ids=lambda r: r.name)
def test_each_pattern_matches_its_example_only(rule: Rule) -> None:
    assert rule.pattern.search(rule.example)
    assert not rule.pattern.search(rule.counterexample)


@pytest.mark.parametrize(
    ("rule", "text", "surface", "entity_id", "counterexample"),
    [
        ("reference_name", "It rained in Hamju County.", "Hamju County", "hamju_county", "It rained in Hamjuland."),
        ("short_name", "The Party of North Korea decided.", "Party", "workers_party_of_korea", "The party went on."),
        (
            "enterprise_name",
            "The Ryulgok Bag Factory opened.",
            "Ryulgok Bag Factory",
            "ryulgok_bag_factory",
            "The Bag Factory opened.",
        ),
        (
            "institution_name",
            "The Korean Otter Association met.",
            "Korean Otter Association",
            "korean_otter_association",
            "The Executive Committee met.",
        ),
        (
            "unit_name",
            "The May 9 Shock Brigade came.",
            "May 9 Shock Brigade",
            "may_9_shock_brigade",
            "The Shock Brigade came.",
        ),
        ("outlet_name", "The Osan Ilbo wrote so.", "Osan Ilbo", "osan_ilbo", "The Daily wrote so."),
        ("place_name", "They dammed Kumo Reservoir.", "Kumo Reservoir", "kumo_reservoir", "They dammed a reservoir."),
        ("prefixed_place", "They climbed Mt. Songak.", "Mt. Songak", "mount_songak", "They climbed a mount of sand."),
        ("village", "A pump was set up in Undok-ri.", "Undok-ri", "undok_ri", "A set-up in town."),
        ("korean_name", "A foreman, Pak Yong Dok, spoke.", "Pak Yong Dok", "pak_yong_dok", "Kim The Great spoke."),
        ("chinese_name", "Guests met Wang Xiaoming.", "Wang Xiaoming", "wang_xiaoming", "Guests met Wang Airlines."),
        ("titled_name", "Mr. Fennimore agreed.", "Fennimore", "fennimore", "Mr. President agreed."),
        (
            "explained_name",
            "Flora Quint, an analyst at a bank, agreed.",
            "Flora Quint",
            "flora_quint",
            "Trade Fair, an event, opened.",
        ),
    ],
)
def test_each_rule_finds_its_example_only(
    rule: str, text: str, surface: str, entity_id: str, counterexample: str
) -> None:
    assert (rule, surface, entity_id) in [(r["rule"], r["surface"], r["entity_id"]) for r in mentions(text)]
    assert rule not in [r["rule"] for r in mentions(counterexample)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim Jong-un met Kim Dok-hun.", ["kim_jong_un", "kim_tok_hun"]),
        (
            "floods in North Pyongan, Yanggang and Chagang-do",
            ["north_phyongan_province", "ryanggang_province", "jagang_province"],
        ),
        ("mills of Chaeryŏng and Jaeryong", ["jaeryong_county", "jaeryong_county"]),
        ("South\u00a0Korea’s army", ["republic_of_korea"]),
        ("The rubber-stamp parliament sat.", ["supreme_peoples_assembly"]),
        ("Icheon is not Ichon.", ["icheon_city", "ichon_county"]),
        ("exports of the Republic of Cuba and Mozambique", ["cuba", "mozambique"]),
        (
            "Unchon is not Onchon; Sonchon, Sunchon and Songchon differ.",
            ["unchon_county", "onchon_county", "sonchon_county", "sunchon_city", "songchon_county"],
        ),
    ],
)
def test_spellings_lead_to_one_id(text: str, expected: list[str]) -> None:
    assert [i for _, i in found(text)] == expected


def test_possessive_is_left_out_and_owner_is_a_mention_of_its_own() -> None:
    assert found("China’s General Administration of Customs counted North Korea's coal.") == [
        ("China", "china"),
        ("General Administration of Customs", "general_administration_of_customs_china"),
        NK,
    ]


def test_counties_in_a_list_take_the_shared_word_with_the_last() -> None:
    assert found("factories in Usi, Kosan and Orang counties") == [
        ("Usi", "usi_county"),
        ("Kosan", "kosan_county"),
        ("Orang counties", "orang_county"),
    ]


def test_county_named_after_a_person() -> None:
    assert found("a mill in Kim Hyong Jik County, praised by Kim Jong Un") == [
        ("Kim Hyong Jik County", "kim_hyong_jik_county"),
        ("Kim Jong Un", "kim_jong_un"),
    ]
    assert ("Kim Jong Suk counties", "kim_jong_suk_county") in found(
        "ground broken in Puryong and Kim Jong Suk counties"
    )


def test_enterprises_in_a_list_overlap_up_to_the_shared_end() -> None:
    assert found("The Songyo and Sinuiju knitting mills, the Pukchang and Pyongyang thermal-power complexes") == [
        ("Songyo and Sinuiju knitting mills", "songyo_knitting_mill"),
        ("Sinuiju knitting mills", "sinuiju_knitting_mill"),
        ("Pukchang and Pyongyang thermal-power complexes", "pukchang_thermal_power_complex"),
        ("Pyongyang thermal-power complexes", "pyongyang_thermal_power_complex"),
    ]


def test_mines_and_rivers_in_a_list_need_names_that_could_be_korean() -> None:
    assert found("pits of the Sangsil Youth and Musol Coal Mines") == [
        ("Sangsil Youth and Musol Coal Mines", "sangsil_youth_coal_mine"),
        ("Musol Coal Mines", "musol_coal_mine"),
    ]
    assert found("weirs on the Kurim, Hamju and Tumun rivers") == [
        ("Kurim, Hamju and Tumun rivers", "kurim_river"),
        ("Hamju and Tumun rivers", "hamju_river"),
        ("Tumun rivers", "tumun_river"),
    ]
    assert [i for _, i in found("the Hwabo and Namsil cooperative farms")] == [
        "hwabo_cooperative_farm",
        "namsil_cooperative_farm",
    ]
    assert found("the Korean and Japanese Coal Mines, the Large and Small Rivers, and many rivers") == []


def test_a_person_after_a_comma_ends_a_body() -> None:
    assert found("a chemist of the Osong Institute of Botany, and Pak Yong Dok agreed") == [
        ("Osong Institute of Botany", "osong_institute_of_botany"),
        ("Pak Yong Dok", "pak_yong_dok"),
    ]
    assert found("the Osong Institute of Botany and Pak Yong Dok")[1:] == [("Pak Yong Dok", "pak_yong_dok")]
    assert found("the Osong Academy of Botany, Dance, and Music")[0][0] == "Osong Academy of Botany, Dance, and Music"


def test_units_of_the_army_by_their_numbers() -> None:
    assert found("the club of KPA Navy Unit 4711 and Unit 4712 of the KPA") == [
        ("KPA Navy Unit 4711", "kpa_navy_unit_4711"),
        ("Unit 4712", "kpa_unit_4712"),
        ("KPA", "korean_peoples_army"),
    ]
    assert found("Unit 731 of the enemy") == []


def test_local_committees_of_the_party_are_one_name() -> None:
    for party in ("WPK", "Workers' Party of Korea"):
        name = f"Sariwon City Committee of the {party}"
        assert found(f"officials of the {name}") == [(name, "sariwon_city_committee_of_the_wpk")]


def test_homes_grounds_and_plazas() -> None:
    assert [i for _, i in found("the Wonsan Baby Home, the Osil Recreation Ground and Musol Plaza")] == [
        "wonsan_baby_home",
        "osil_recreation_ground",
        "musol_plaza",
    ]
    assert found("a new baby home beside the Recreation Ground") == []


def test_foreigners_beside_their_offices() -> None:
    text = "Governor of Tomsk Region Ivan Petrushin, Flora Quint, presidential envoy, and Ts. Baldan, mayor, met."
    people = [i for s, i in found(text) if "Region" not in s]
    assert people == ["ivan_petrushin", "flora_quint", "ts_baldan"]
    assert ("V. Putin", "vladimir_putin") in found("They met V. Putin, president of Russia.")
    assert found("He saw Plan B. Nobody, mayor or not, left.") == []


def test_a_head_stuck_to_the_name_before_it() -> None:
    assert found("students of Kim Il SungUniversity") == [("Kim Il SungUniversity", "kim_il_sung_university")]


def test_two_provinces_in_one_phrase() -> None:
    assert found("rice of South and North Hwanghae Provinces") == [
        ("South and North Hwanghae Provinces", "south_hwanghae_province"),
        ("North Hwanghae Provinces", "north_hwanghae_province"),
    ]


def test_the_province_beside_it_settles_an_ambiguous_county() -> None:
    assert ("Unsan County", "unsan_county_south_phyongan") in found("in Unsan County, South Phyongan Province")
    assert ("Unsan", "unsan_county_north_phyongan") in found(
        "Sources in North Phyongan Province say so. Unsan is idle."
    )


def test_ambiguous_county_without_context_stays_open() -> None:
    (row,) = mentions("A paper mill opened in Unsan.")
    assert row["entity_id"] is None
    assert row["candidate_ids"] == ["unsan_county_north_phyongan", "unsan_county_south_phyongan"]


def test_bare_surname_is_the_person_last_named() -> None:
    text = "Kim Jong Un spoke. Kim blamed others. Premier Kim Tok Hun wept. Kim promised more."
    assert [i for _, i in found(text)] == ["kim_jong_un", "kim_jong_un", "kim_tok_hun", "kim_tok_hun"]


def test_bare_surname_with_an_office_and_between_namesakes() -> None:
    text = "Kim Jong Un scolded Kim Tok Hun. Premier Kim had failed, he said. Kim left."
    rows = [r for r in mentions(text) if r["surface"] == "Kim"]
    assert [r["entity_id"] for r in rows] == ["kim_tok_hun", None]
    assert rows[1]["candidate_ids"] == ["kim_jong_un", "kim_tok_hun"]
    assert found("Yoon Suk Yeol spoke. President Yoon left.")[-1] == ("Yoon", "yoon_suk_yeol")


def test_bare_surname_is_not_a_dead_leader() -> None:
    text = "Kim Jong Un praised his predecessors Kim Il Sung and Kim Jong Il. Kim then left."
    assert found(text)[-1] == ("Kim", "kim_jong_un")


def test_bare_surname_of_a_foreigner_and_from_the_title() -> None:
    assert found("Flora Quint, an analyst, agreed. But Quint has doubts.")[-1] == ("Quint", "flora_quint")
    assert found("Kim left early.", title="Kim Jong Un leaves") == [("Kim", "kim_jong_un")]


def test_names_glued_by_stripped_markup() -> None:
    assert found("The respected ComradeKim Jong Unin his speech of August 4Kim Il Sung") == [
        ("Kim Jong Un", "kim_jong_un"),
        ("Kim Il Sung", "kim_il_sung"),
    ]
    assert found("Kim Jong Ung is another man.") == [("Kim Jong Ung", "kim_jong_ung")]


def test_names_inside_longer_names_are_not_mentions() -> None:
    assert found("the Kim Chaek Iron and Steel Complex and the Pyongyang Bag Mill") == [
        ("Kim Chaek Iron and Steel Complex", "kim_chaek_iron_and_steel_complex"),
        ("Pyongyang Bag Mill", "pyongyang_bag_mill"),
    ]
    assert found("worth 40 million U.S. dollars") == []
    assert found("winners of the Mangyongdae Prize") == []


def test_bodies_of_other_states_are_not_the_dprks() -> None:
    ids = [
        i for _, i in found("The DPRK Cabinet met; the Japanese Cabinet and the Ministry of Finance of Cuba did not.")
    ]
    assert ids[:2] == ["dprk", "cabinet"]
    assert "ministry_of_finance" not in ids and ids.count("cabinet") == 1


def test_shared_name_without_any_dprk_context_is_open() -> None:
    (row,) = [r for r in mentions("Its debt grew, the Finance Ministry said.") if r["entity_kind"] == "organization"]
    assert row["entity_id"] is None and row["candidate_ids"] == ["ministry_of_finance"]


def test_name_of_an_area_named_before() -> None:
    text = "Flats in the Songhwa area of Pyongyang are ready. Songhwa is lively."
    assert [i for s, i in found(text) if s.startswith("Songhwa")] == ["songhwa_street", "songhwa_street"]
    assert found("Songhwa is lively.") == [("Songhwa", "songhwa_county")]


def test_farms_in_a_list_need_no_known_place() -> None:
    assert [i for _, i in found("homes at Hwabo and Namsil farms")] == ["hwabo_farm", "namsil_farm"]


def test_headlines_do_not_run_together() -> None:
    assert found("North Korea Promises Mills To Its Counties") == [NK]


def test_a_given_name_that_is_a_head_word_too() -> None:
    assert found("Guests met Ri Chol Dam and listened to Voice of Mongolia.") == [
        ("Ri Chol Dam", "ri_chol_dam"),
        ("Voice of Mongolia", "voice_of_mongolia"),
    ]


def test_committee_of_another_party() -> None:
    text = "the Central Committee of the Communist Party of China and the Central Committee of the WPK"
    assert [i for _, i in found(text)] == ["central_committee_of_communist_party_of_china", "wpk_central_committee"]


def test_the_party_after_another_party_is_open() -> None:
    text = "The Communist Party of China met in Beijing. The Party decided."
    (row,) = [r for r in mentions(text) if r["surface"] == "Party"]
    assert row["entity_id"] is None
    assert row["candidate_ids"] == ["workers_party_of_korea", "communist_party_of_china"]


def test_organ_and_its_owner_are_two_mentions() -> None:
    assert found("the Political Bureau of the WPK Central Committee and the Cabinet of the DPRK") == [
        ("Political Bureau", "wpk_political_bureau"),
        ("WPK Central Committee", "wpk_central_committee"),
        ("Cabinet", "cabinet"),
        ("DPRK", "dprk"),
    ]


def test_short_form_repeats_the_longer_name() -> None:
    assert found("The Tangun Mining Group invested. An aide of the Mining Group agreed.") == [
        ("Tangun Mining Group", "tangun_mining_group"),
        ("Mining Group", "tangun_mining_group"),
    ]


def test_policy_stands_beside_the_names_in_it() -> None:
    kinds = {(r["entity_kind"], r["entity_id"]) for r in mentions("the Regional Development 20×10 Policy of the WPK")}
    assert kinds == {("policy", "regional_development_20x10"), ("organization", "workers_party_of_korea")}


def test_every_name_of_the_reference_is_found() -> None:
    missed = []
    for table, key in (("people", "person_id"), ("places", "place_id"), ("organizations", "organization_id")):
        for row in reference().rows(table)[::7]:
            rows = mentions(f"They spoke of {row['name']} again.")
            ids = {i for r in rows for i in (r["entity_id"], *(r["candidate_ids"] or ()))}
            if row[key] not in ids:
                missed.append(row["name"])
    assert len(missed) <= 6, missed


TEXTS = st.text(
    st.sampled_from("Kim JongUnsa'’-.,\n\u00a0 ŏ×Party Hamju County and Mill of the Cabinet 20"), max_size=300
)


@given(TEXTS)
def test_offsets_and_surface_agree(text: str) -> None:
    for row in mentions(text):
        assert 0 <= row["start_char"] < row["end_char"] <= len(text)
        assert text[row["start_char"] : row["end_char"]] == row["surface"]
        assert (row["entity_id"] is None) == bool(row["candidate_ids"])


PIECES = ["Kim Jong Un", "Kim", "Hamju County", "and", ",", "Unsan", "counties", "the", "Cabinet", "of", "Pyongyang"]
PIECES += ["Bag", "Factory", "mills", "Party", "’s", ".", "China", "President", "said"]


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_mentions_overlap_only_within_lists(pieces: list[str]) -> None:
    rows = [r for r in mentions(" ".join(pieces)) if r["entity_kind"] != "policy"]
    for one, two in pairwise(rows):
        listed = {one["rule"], two["rule"]} <= {"listed_name", "listed_provinces"}
        assert listed or one["end_char"] <= two["start_char"]


@given(st.text(max_size=200))
def test_flattening_keeps_offsets(text: str) -> None:
    assert len(flatten(text)) == len(unhyphenated(flatten(text))) == len(text)


def test_ids_and_keys() -> None:
    assert slug("Kim Il SungUniversity") == "kim_il_sung_university"
    assert key_of("the Hungnam Fertiliser Complex") == key_of("Hungnam fertilizer complex")
    assert key_of("DPRK Ministry of Railway") == key_of("Ministry of Railways of the DPRK")
    assert [plural_of(w) for w in ("Factory", "Complex", "Works", "Mill", "Railway Station")] == [
        "Factories",
        "Complexes",
        "Works",
        "Mills",
        "Railway Stations",
    ]
    assert heads()["mills"].singular == "Mill" and heads()["mills"].lower


def test_states_come_from_the_reference_places() -> None:
    assert found("Guests came from Kenya, Uruguay and Saudi Arabia.") == [
        ("Kenya", "kenya"),
        ("Uruguay", "uruguay"),
        ("Saudi Arabia", "saudi_arabia"),
    ]


def test_a_product_named_after_a_place_is_no_place() -> None:
    assert found("Flats rose in Hwasong.") == [("Hwasong", "hwasong_area")]
    assert found("The Hwasong-18 and a Hwasong missile were shown.") == []


def test_body_of_another_state_in_a_list_of_its_bodies_is_open() -> None:
    text = "The DPRK thanked the Lao Union of Miners and the Ministry of Railways, the Ministry of Finance and others."
    rows = {r["surface"]: r["entity_id"] for r in mentions(text) if r["entity_kind"] == "organization"}
    assert rows["Ministry of Finance"] is None and rows["Lao Union of Miners"] == "lao_union_of_miners"
    guests = "Guests of the Cuban Embassy, the Ministry of Finance and the DPRK Cabinet came."
    assert ("Ministry of Finance", "ministry_of_finance") in found(guests)


def test_namesake_in_the_south() -> None:
    assert found("fires in Kangwon Province of south Korea")[0] == ("Kangwon Province", "kangwon_province_south_korea")
    assert found("fires in Kangwon Province")[0] == ("Kangwon Province", "kangwon_province")
    assert found("drills against the DPRK in south Korea")[0] == ("DPRK", "dprk")


def test_counties_named_after_people_in_a_list() -> None:
    assert found("homes in Kim Jong Suk and Songchon counties") == [
        ("Kim Jong Suk", "kim_jong_suk_county"),
        ("Songchon counties", "songchon_county"),
    ]


@pytest.mark.parametrize("name", ["C.C., the WPK", "C. C. the WPK", "C.C. the Workers' Party of Korea"])
def test_ways_to_write_the_central_committee(name: str) -> None:
    assert found(f"a secretary of the {name} spoke") == [(name, "wpk_central_committee")]


@pytest.mark.parametrize(
    ("text", "name", "entity_id"),
    [
        ("miners of the Musan mine", "Musan mine", "musan_mining_complex"),
        (
            "the Haeju Bean Paste and Sauce Factory",
            "Haeju Bean Paste and Sauce Factory",
            "haeju_bean_paste_and_sauce_factory",
        ),
        ("the Haeju Circus toured", "Haeju Circus", "haeju_circus"),
        ("the Haeju City Regiment of Party Members left", "Haeju City Regiment of Party Members", None),
    ],
)
def test_names_with_what_a_body_makes_or_is_made_of(text: str, name: str, entity_id: str | None) -> None:
    (row,) = mentions(text)
    assert row["surface"] == name and entity_id in (None, row["entity_id"])


def test_members_of_a_list_that_ends_with_others() -> None:
    assert found("Sunchon, Pukchang and other thermal power plants run") == [
        ("Sunchon, Pukchang and other thermal power plants", "sunchon_thermal_power_plant"),
        ("Pukchang and other thermal power plants", "pukchang_thermal_power_complex"),
    ]
    assert [s for s, _ in found("China, Cuba and other countries with mines")] == ["China", "Cuba"]


def test_papers_and_police_are_nobody() -> None:
    assert not [s for s, _ in found("Evening Newspaper, a paper of the city, wrote; Border Patrol said it.") if s]


def test_company_with_a_point() -> None:
    assert found("workers of Haeju Electric Power Co. of the province")[0] == (
        "Haeju Electric Power Co.",
        "haeju_electric_power_co",
    )


def test_a_known_person_after_a_title_is_not_made_longer() -> None:
    assert found("The friendship house of leader Kim Jong Il Laotian Visitors opened.") == [
        ("Kim Jong Il", "kim_jong_il")
    ]


@pytest.mark.parametrize("before", ["", "(", '"', "'", "“", "[", "/", "—", "-", "\n"])
def test_names_that_begin_small_stand_behind_any_mark(before: str) -> None:
    text = f"Traders of Nampo{before or ' '}south Korea met."
    assert ("south Korea", "republic_of_korea") in found(text)
    assert ("south Korea", "republic_of_korea") in found(f"{before}south Korea met.")
    assert found(f"The{before or ' '}unsouth Korea met.") == []


def test_a_known_name_is_read_up_to_the_word_before_it() -> None:
    assert ("Jilin Province", "jilin_province") in found("The DPRK-Jilin Province fair closed.")
    assert found("A fund, the United Nations Children's Fund, paid.") == [("United Nations Children's Fund", "unicef")]


def test_a_surname_in_a_longer_name_does_not_stand_alone() -> None:
    text = "Pak Yong Dok spoke at Pak Yong Dok Hall. Pak agreed."
    assert [s for s, i in found(text) if i == "pak_yong_dok"] == ["Pak Yong Dok", "Pak"]
