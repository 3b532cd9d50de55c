"""extracted.*: what the sentences say, each row with the characters it was read from."""

from __future__ import annotations

from warehouse.schema.model import ENTITY, Column, Table
from warehouse.schema.vocabulary import (
    ACTOR_ID,
    CURRENCY,
    EVIDENCE,
    OBJECT,
    PER,
    PERIOD_END,
    PERIOD_START,
    PLACE_ID,
    PLACE_IDS,
    POLICY_ID,
    SECTOR_ID,
    SPEAKER_ID,
    UNIT_ID,
    VALUE,
)

ENTITY_KINDS = ("place", "person", "organization", "outlet", "sector", "policy")
GRANULARITIES = ("day", "month", "quarter", "half", "year", "decade", "range")
ROLES = ("level", "change", "share", "count", "ratio", "ordinal_excluded")
DIRECTIONS = ("increase", "decrease", "none")
APPROXIMATIONS = ("exact", "about", "at_least", "at_most", "over", "under")
QUOTATION_KINDS = ("direct", "indirect")
SOURCE_KINDS = (
    "state_media",
    "official",
    "anonymous_source",
    "expert",
    "foreign_government",
    "outlet",
    "document",
)
EVENT_KINDS = (
    "assembly_session",
    "party_congress",
    "plenary_meeting",
    "politburo_meeting",
    "cabinet_meeting",
    "teleconference",
    "on_the_spot_guidance",
    "ceremony",
    "launch",
    "statistical_release",
    "speech",
    "law_passed",
    "personnel_change",
)
FORCES = ("ordered", "planned", "pledged", "proposed", "predicted")
OUTCOMES = (
    "fulfilled",
    "overfulfilled",
    "mainly_attained",
    "under_fulfilled",
    "failed",
    "in_progress",
    "started",
    "completed",
    "opened",
    "delayed",
)
BUDGET_MEASURES = ("growth", "index", "fulfilment", "share", "surplus", "multiple")
BUDGET_BASES = ("planned", "actual")
ASSESSMENT_KINDS = ("admission_of_failure", "criticism", "praise", "warning", "forecast", "doubt")
COMPARATORS = ("<", "<=", "=", ">=", ">")


def _extracted(name: str, id_prefix: str, key: str, description: str, *columns: Column) -> Table:
    """A table of extracted rows: its id, its own columns, then the evidence columns."""
    identity = Column(key, "VARCHAR", "Key, made from the document and the position.", nullable=False)
    return Table("extracted", name, description, (key,), (identity, *columns, *EVIDENCE), id_prefix, evidence=True)


TABLES = (
    _extracted(
        "entity_mentions",
        "em",
        "mention_id",
        "A mention of a place, person, organization or other entity.",
        Column("entity_kind", "VARCHAR", "What is mentioned.", nullable=False, enum=ENTITY_KINDS),
        Column("entity_id", "VARCHAR", "The entity; NULL where context does not settle which."),
        Column("surface", "VARCHAR", "The name as written.", nullable=False),
        Column("candidate_ids", "VARCHAR[]", "The entities it may be, where context does not settle which."),
    ),
    _extracted(
        "dates",
        "dt",
        "date_id",
        "A calendar expression.",
        Column("start_date", "DATE", "First day; NULL where the text gives no anchor."),
        Column("end_date", "DATE", "Last day."),
        Column("granularity", "VARCHAR", "Precision of the expression.", nullable=False, enum=GRANULARITIES),
        Column("is_relative", "BOOLEAN", "Needs the publication date to be resolved.", nullable=False),
        Column("anchor_date", "DATE", "The day it was resolved against."),
    ),
    _extracted(
        "quantities",
        "qt",
        "quantity_id",
        "A number with what it measures or counts.",
        VALUE,
        Column("value_high", "DOUBLE", "Upper end of a range."),
        UNIT_ID,
        CURRENCY,
        Column("is_percent", "BOOLEAN", "Printed as a percentage.", nullable=False),
        Column("role", "VARCHAR", "What kind of number.", nullable=False, enum=ROLES),
        Column("direction", "VARCHAR", "Which way a change goes.", nullable=False, enum=DIRECTIONS),
        Column("approximation", "VARCHAR", "How exact the text says it is.", nullable=False, enum=APPROXIMATIONS),
        Column("measure", "VARCHAR", "What is counted or measured, in words."),
        Column("counted", "VARCHAR", "The noun a count counts."),
        PER,
        SECTOR_ID,
        PLACE_ID,
        PERIOD_START,
        PERIOD_END,
    ),
    _extracted(
        "quotations",
        "qu",
        "quotation_id",
        "Words given as somebody's.",
        Column("quotation", "VARCHAR", "The words, without quotation marks.", nullable=False, third_party_text=True),
        Column("kind", "VARCHAR", "Direct or indirect.", nullable=False, enum=QUOTATION_KINDS),
        Column("speaker_surface", "VARCHAR", "The speaker as written."),
        SPEAKER_ID,
        Column("cue", "VARCHAR", "The verb of saying (said, vowed, lamented)."),
    ),
    _extracted(
        "attributions",
        "at",
        "attribution_id",
        "Who vouches for a sentence.",
        Column("source_kind", "VARCHAR", "What kind of source.", nullable=False, enum=SOURCE_KINDS),
        Column("source_entity_id", "VARCHAR", "The source; NULL if anonymous.", references=ENTITY),
        Column("chain", "VARCHAR[]", "Outlets and organizations from the origin to the page.", nullable=False),
        Column("traces_to_state_media", "BOOLEAN", "The origin speaks for the DPRK state.", nullable=False),
        Column("is_anonymous", "BOOLEAN", "The text does not name the source.", nullable=False),
    ),
    _extracted(
        "events",
        "ev",
        "event_id",
        "A meeting, visit, ceremony, launch, speech or release.",
        Column("event_kind", "VARCHAR", "What kind of event.", nullable=False, enum=EVENT_KINDS),
        Column("organizer_id", "VARCHAR", "The body that held it.", references=ENTITY),
        Column(
            "ordinal", "STRUCT(session INTEGER, term INTEGER)", "10th session of the 14th SPA: session 10, term 14."
        ),
        Column("start_date", "DATE", "First day."),
        Column("end_date", "DATE", "Last day."),
        PLACE_ID,
        Column("participants", "VARCHAR[]", "Who took part: ids, or words where there is none."),
        Column("decisions", "VARCHAR[]", "What was decided, in the text's words."),
    ),
    _extracted(
        "targets",
        "tg",
        "target_id",
        "What is to be done.",
        ACTOR_ID,
        Column("action", "VARCHAR", "build, produce, increase, open, repair, abolish, ...", nullable=False),
        OBJECT,
        VALUE,
        UNIT_ID,
        CURRENCY,
        PER,
        Column("deadline_start", "DATE", "First day of the time it is due in."),
        Column("deadline_end", "DATE", "Last day of the time it is due in."),
        PLACE_IDS,
        SECTOR_ID,
        POLICY_ID,
        Column("force", "VARCHAR", "How binding it is.", nullable=False, enum=FORCES),
        SPEAKER_ID,
    ),
    _extracted(
        "results",
        "rs",
        "result_id",
        "What is reported done.",
        Column("outcome", "VARCHAR", "What became of it.", nullable=False, enum=OUTCOMES),
        ACTOR_ID,
        OBJECT,
        VALUE,
        UNIT_ID,
        CURRENCY,
        Column("is_percent_of_plan", "BOOLEAN", "value is a percentage of the plan.", nullable=False),
        PLACE_IDS,
        SECTOR_ID,
        POLICY_ID,
        PERIOD_START,
        PERIOD_END,
    ),
    _extracted(
        "budget_lines",
        "bl",
        "budget_line_id",
        "A figure of the state budget report.",
        Column("fiscal_year", "INTEGER", "The year the figure is about.", minimum=1946, maximum=2100),
        Column("line", "VARCHAR", "revenue, expenditure, balance, defence, economy, ...", nullable=False),
        Column("measure", "VARCHAR", "What the percentage compares with.", nullable=False, enum=BUDGET_MEASURES),
        Column("value_percent", "DOUBLE", "As printed.", nullable=False, unit="percent"),
        Column(
            "growth_percent", "DOUBLE", "Growth on the year before; NULL where the measure allows none.", unit="percent"
        ),
        Column("basis", "VARCHAR", "Plan or outcome; NULL if an undated text does not tell.", enum=BUDGET_BASES),
    ),
    _extracted(
        "trade_flows",
        "tf",
        "trade_flow_id",
        "A figure of trade between two countries.",
        Column("reporter_id", "VARCHAR", "Whose statistics.", references=ENTITY),
        Column("exporter", "VARCHAR", "The exporting country.", references=ENTITY),
        Column("importer", "VARCHAR", "The importing country.", references=ENTITY),
        PERIOD_START,
        PERIOD_END,
        VALUE,
        CURRENCY,
        Column("change_percent", "DOUBLE", "Change, signed.", unit="percent"),
        Column("change_basis", "VARCHAR", "What the change compares with (previous year, previous month)."),
        Column("commodities", "VARCHAR[]", "What was traded."),
    ),
    _extracted(
        "assessments",
        "as",
        "assessment_id",
        "A judgement on how the economy or a plan fares.",
        Column("kind", "VARCHAR", "What kind of judgement.", nullable=False, enum=ASSESSMENT_KINDS),
        Column("assessor_id", "VARCHAR", "Who judges.", references=ENTITY),
        Column("subject", "VARCHAR", "What is judged, in words."),
        SECTOR_ID,
        Column("cause", "VARCHAR", "What is blamed, in words."),
    ),
    _extracted(
        "review_rules",
        "rr",
        "review_rule_id",
        "A threshold with a consequence.",
        Column("measure", "VARCHAR", "What is measured, in words."),
        Column(
            "comparator",
            "VARCHAR",
            "How value and threshold compare when the rule bites.",
            nullable=False,
            enum=COMPARATORS,
        ),
        Column("threshold", "DOUBLE", "The threshold.", nullable=False),
        UNIT_ID,
        Column("subject", "VARCHAR", "Whom it is for, in words."),
        Column("consequence", "VARCHAR", "What follows, in words."),
        Column("imposed_by_id", "VARCHAR", "Who imposes it.", references=ENTITY),
        PERIOD_START,
        PERIOD_END,
    ),
)
