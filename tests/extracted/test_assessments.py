"""Assessments: kind, assessor and cause; praise of leaders, mourning and foreign affairs are none."""

from __future__ import annotations

import pytest

from assets.extracted.assessments import extract
from assets.extracted.document import Row
from tests.extracted.test_frames import REFERENCE, document, mention

HOME = "The county committee of the DPRK met on the economy. "


def assessments(text: str, outlet: str = "kcna", **found: list[Row]) -> list[Row]:
    """The assessments read in `text`, in order."""
    return sorted(extract(document(HOME + text, outlet=outlet), REFERENCE, found), key=lambda r: r["start_char"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("He admitted that the plan for housing has failed.", "admission_of_failure"),
        ("Not a single factory is up to standard.", "admission_of_failure"),
        ("He lamented a lack of coal.", "admission_of_failure"),
        ("Some of the output had existed on paper only.", "admission_of_failure"),
        ("No real progress was made in housing.", "admission_of_failure"),
        ("The premier sharply criticized the managers of the mine.", "criticism"),
        ("He pointed to the passive attitude of officials at the mill.", "criticism"),
        ("The session discussed flaws in carrying out the plan.", "criticism"),
        ("He highly praised the builders of the dam.", "praise"),
        ("The ministry warned the managers of late farms.", "warning"),
        ("Grain output is expected to grow next year.", "forecast"),
        ("There is a good prospect for increasing potato output.", "forecast"),
        ("It is unlikely that the mill pays.", "doubt"),
        ("Serious shortcomings in the work of the mine were pointed out.", "criticism"),
        ("He said that speed without quality harms the construction.", "warning"),
        ("The visitors were struck with admiration at the new greenhouses.", "praise"),
        ("The canal would help reduce the cost of transport.", "forecast"),
        ("It is another miracle to be remembered that the project has been wound up in a year.", "praise"),
        ("He said that the way of growing saplings at the farm is a great innovation.", "praise"),
        ("He said that the dairy is an ultra-modern factory true to the needs of the people.", "praise"),
        ("He highly appreciated the feats performed by them.", "praise"),
        ("He was pleased to hear that the servicepersons completed the power station.", "praise"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert [r["kind"] for r in assessments(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "He admitted two guests to the mill.",
        "This is not just empty words, he said.",
        "The envoy praised the great leadership of Kim Jong Il.",
        "All servicepersons lamented his death.",
        "State budgetary revenue is expected to grow 4 percent.",
        "The Japanese premier criticized the plan of his ministry for roads.",
        "Will the mill pay, or is it doubtful?",
        "He warned that the puppet regime will pay a harsh price for its plan.",
        "Appreciating it were builders of the farm.",
        "He was pleased to hear that the servicepersons completed their drill at the plant.",
        "He said that an ultra-modern factory would be built in the county.",
        "He highly appreciated the feats performed by the veterans of the war.",
        "Kim Jong Unexpressed great satisfaction over the test-fire of an ICBM made by the factory.",
        "He acknowledged the cheers of the builders, whom he did not forget.",
        "On display are gifts to the farmers, presented by many countries, highly appreciating their feats.",
        "The choir sang of the mill, and the weavers enjoyed the concert, highly praising it.",
        "The managers must resign if they fail and the farm lags behind.",
    ],
)
def test_no_assessment(text: str) -> None:
    assert assessments(text) == []


def test_the_subject_of_the_verb_judges() -> None:
    text = "Pak Thae Song criticized the managers of the mine because of late deliveries."
    people = [mention(HOME + text, "Pak Thae Song", "person", "pak_thae_song")]
    (row,) = assessments(text, entity_mentions=people)
    assert row["assessor_id"] == "pak_thae_song"
    assert row["cause"] == "late deliveries"
    assert row["subject"] == "managers of the mine"


def test_a_doubt_in_the_outlets_own_voice_is_the_outlets() -> None:
    (row,) = assessments("It is unclear how much the mill makes.", outlet="38_north")
    assert row["assessor_id"] == "38_north"


def test_a_criticism_that_nobody_is_said_to_have_has_no_assessor() -> None:
    (row,) = assessments("It is a poor way to spend steel.", outlet="38_north")
    assert row["assessor_id"] is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The output of the mill cannot be verified.", "doubt"),
        ("The paper could not confirm which of the two mills is meant.", "doubt"),
        ("Whether the looms will run is another question.", "doubt"),
        ("Satellite pictures show no sign of work on the dam.", "doubt"),
        ("Villagers have little to show for the new kiln.", "criticism"),
        ("The kilns of the county stand idle for want of coal.", "criticism"),
        ("No one in the ministry has explained the delay of the dam.", "criticism"),
        ("Weavers called the new looms useless.", "criticism"),
        ("The growth is impressive.", "praise"),
    ],
)
def test_kind_outside_the_states_media(text: str, kind: str) -> None:
    assert [r["kind"] for r in assessments(text, outlet="38_north")] == [kind]


@pytest.mark.parametrize(
    ("outlet", "kind"), [("kcna", "admission_of_failure"), ("38_north", "criticism")]
)  # fmt: skip
def test_what_the_state_admits_others_criticize(outlet: str, kind: str) -> None:
    (row,) = assessments("No real progress was made in housing.", outlet=outlet)
    assert row["kind"] == kind


def test_a_leader_quoted_by_others_admits() -> None:
    text = "Kim Jong Un said that no progress was made in housing."
    people = [mention(HOME + text, "Kim Jong Un", "person", "kim_jong_un")]
    (row,) = assessments(text, outlet="38_north", entity_mentions=people)
    assert (row["kind"], row["assessor_id"]) == ("admission_of_failure", "kim_jong_un")


def test_the_meeting_told_of_judges() -> None:
    text = "Some defects of the year's farming were reviewed."
    meeting = {
        "start_char": 0, "end_char": 20, "event_kind": "cabinet_meeting", "organizer_id": "cabinet", "rule": "test",
    }  # fmt: skip
    (row,) = assessments(text, events=[meeting])
    assert (row["kind"], row["assessor_id"]) == ("criticism", "cabinet")


def test_a_verb_joined_to_another_has_the_sentences_subject() -> None:
    text = "Pak Thae Song toured the mine on Monday, state media said, and blamed its managers for waste."
    people = [mention(HOME + text, "Pak Thae Song", "person", "pak_thae_song")]
    (row,) = assessments(text, entity_mentions=people)
    assert (row["assessor_id"], row["subject"]) == ("pak_thae_song", "managers for waste")


def test_a_subject_that_is_no_known_body_leaves_the_assessor_unknown() -> None:
    (row,) = assessments("Weavers called the new looms useless.", outlet="38_north")
    assert (row["assessor_id"], row["subject"]) == (None, "new looms")


def test_the_words_before_a_colon_name_the_judge() -> None:
    text = "Pak Thae Song was blunt about it: the supply of coal is not enough for the mill."
    people = [mention(HOME + text, "Pak Thae Song", "person", "pak_thae_song")]
    (row,) = assessments(text, entity_mentions=people)
    assert (row["kind"], row["assessor_id"]) == ("criticism", "pak_thae_song")


def test_an_outlet_that_reports_it_judges() -> None:
    text = "The kilns of the county stand idle, Daily NK reported."
    names = [mention(HOME + text, "Daily NK", "outlet", "daily_nk")]
    (row,) = assessments(text, outlet="38_north", entity_mentions=names)
    assert (row["assessor_id"], row["subject"]) == ("daily_nk", "kilns of the county")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It is too early to say whether the kilns will pay.", "doubt"),
        ("Experts question the use of the new canal.", "doubt"),
        ("Few believe that the kilns will be fired this year.", "doubt"),
        ("The kilns of the county are plagued by power cuts.", "criticism"),
        ("The kiln has not delivered a brick for months, a source said.", "criticism"),
        ("Villagers say the bricks of the kiln are of poor quality.", "criticism"),
        ("The brick policy has been a failure.", "criticism"),
        ("Half of the new kilns will sit idle within a year.", "forecast"),
        ("Economists predict that trade in bricks will rise.", "forecast"),
        ("Traders fear that the new kilns raise the price of coal.", "warning"),
    ],
)
def test_the_language_of_reports_from_outside(text: str, kind: str) -> None:
    assert [r["kind"] for r in assessments(text, outlet="38_north")] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The kiln is said to employ 300 workers.",
        "Workers of the county were mobilized to carry bricks to the site.",
        "The kilns will be rebuilt by October.",
        "The software is for forecasting crop growth.",
        "The plan for the second year lists 20 counties.",
    ],
)
def test_facts_and_plans_told_from_outside_are_no_judgement(text: str) -> None:
    assert assessments(text, outlet="38_north") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("He said the looms of the mill are second to none.", "praise"),
        ("He was very glad to see the farm full of fruits.", "praise"),
        ("It is praiseworthy that the plant built its own tractors.", "praise"),
        ("Officials of the mine are still working in a slapdash way.", "criticism"),
        ("The shortage of scrap iron remains a stumbling block to steel production.", "admission_of_failure"),
        ("He said with deep regret that the housing had been left to decay.", "admission_of_failure"),
        ("The committee voiced concern over the supply of seeds.", "warning"),
        ("Kim Jong Unsaid that the looms of the mill are second to none.", "praise"),
        ("Kim Jong Unexpressed great satisfaction over the new looms of the mill.", "praise"),
        ("Very pleased to see the barns full of maize, he asked about the farm.", "praise"),
        ("The weavers rebuilt the mill within a month, he said, highly praising their efforts.", "praise"),
        ("He highly appreciated the zeal of the soldier-builders.", "praise"),
        ("He called it an ignorant attitude to leave the fields under water.", "criticism"),
    ],
)
def test_praise_and_blame_in_the_words_of_visits_and_meetings(text: str, kind: str) -> None:
    assert kind in {r["kind"] for r in assessments(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The looms are not running properly for want of parts.", "criticism"),
        ("The fees for the kiln have sparked widespread complaints.", "criticism"),
        ("The houses were shoddily built.", "criticism"),
        ("The policy risks repeating the mistakes of the mills.", "warning"),
        ("The mill is likely to run into trouble.", "forecast"),
        ("The output of grain is seen falling this year.", "forecast"),
        ("The success of the mill hinges on whether power comes.", "doubt"),
        ("The goals of the plan appear ambitious.", "doubt"),
    ],
)
def test_further_words_of_reports_from_outside(text: str, kind: str) -> None:
    assert kind in {r["kind"] for r in assessments(text, outlet="nk_news")}


def test_experts_at_large_are_nobody_known() -> None:
    (row,) = assessments("Economists doubt that the mill pays.", outlet="nk_news")
    assert (row["kind"], row["assessor_id"]) == ("doubt", None)


def test_the_judged_does_not_hold_what_it_is_blamed_for() -> None:
    (row,) = assessments("He rebuked the managers of the salt works for neglecting the pans.")
    assert row["subject"] == "managers of the salt works"


@pytest.mark.parametrize(
    "text", ["The managers of the mill were criticized for their harvest.", "Farmers are worried about the harvest."]
)
def test_an_outlet_that_tells_of_blame_or_worry_is_not_the_judge(text: str) -> None:
    (row,) = assessments(text, outlet="nk_news")
    assert row["assessor_id"] is None


def test_who_begins_a_sentence_as_he_judges_at_its_end_too() -> None:
    text = "Pak Thae Song came. He met Ri Ho and other technicians of the mill and highly appreciated their looms."
    people = [mention(HOME + text, "Pak Thae Song", "person", "pak_thae_song")]
    people += [mention(HOME + text, "Ri Ho", "person", "ri_ho")]
    (row,) = assessments(text, entity_mentions=people)
    assert row["assessor_id"] == "pak_thae_song"


def test_a_judgement_around_another_is_the_same_one() -> None:
    (row,) = assessments("He lamented that the managers showed a passive attitude in building the mill.")
    assert row["kind"] == "criticism"


def test_he_behind_a_visit_is_the_visitor() -> None:
    visit = "Recalling what Kim Il Sung had begun, the bulletin said: In March Kim Jong Il visited the mill."
    text = visit + " He said it is a great success that the kiln burns local coal."
    people = [mention(HOME + text, n, "person", n.lower().replace(" ", "_")) for n in ("Kim Il Sung", "Kim Jong Il")]
    start = (HOME + text).index("In March")
    told = {
        "start_char": start, "end_char": start + 40, "event_kind": "on_the_spot_guidance", "rule": "test",
        "organizer_id": None, "participants": ["kim_jong_il"],
    }  # fmt: skip
    (row,) = assessments(text, entity_mentions=people, events=[told])
    assert row["assessor_id"] == "kim_jong_il"
