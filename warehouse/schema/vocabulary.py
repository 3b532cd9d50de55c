"""Columns that several tables share, declared once by name."""

from __future__ import annotations

from warehouse.schema.model import ENTITY, Column

DOCUMENT_ID = Column(
    "document_id",
    "VARCHAR",
    "The document: first 32 hex digits of SHA-256 over source URL (empty if none) and content.",
    nullable=False,
    references="cleaned.documents.document_id",
)
SENTENCE_ID = Column(
    "sentence_id",
    "VARCHAR",
    "The sentence in which the evidence begins.",
    nullable=False,
    references="cleaned.sentences.sentence_id",
)
START_CHAR = Column(
    "start_char",
    "INTEGER",
    "First character, counted in Unicode code points from 0.",
    nullable=False,
    unit="code point",
    minimum=0,
)
END_CHAR = Column(
    "end_char",
    "INTEGER",
    "Character after the last one.",
    nullable=False,
    unit="code point",
    minimum=0,
)

EVIDENCE = (
    DOCUMENT_ID,
    SENTENCE_ID,
    START_CHAR.but("First character of the evidence in cleaned.documents.text, code points from 0."),
    END_CHAR.but("Character after the evidence's last one in cleaned.documents.text."),
    Column("evidence", "VARCHAR", "The characters the row was read from: text[start_char:end_char].", nullable=False),
    Column("rule", "VARCHAR", "The rule (and so the code) that made the row.", nullable=False),
)

VALUE = Column("value", "DOUBLE", "The number, in the unit of unit_id or in currency.")
UNIT_ID = Column("unit_id", "VARCHAR", "Unit of value; NULL for money.", references="reference.units.unit_id")
CURRENCY = Column("currency", "VARCHAR", "ISO 4217 code if value is money.", references="reference.currencies.currency")
PLACE_ID = Column("place_id", "VARCHAR", "The place.", references=ENTITY)
PLACE_IDS = Column("place_ids", "VARCHAR[]", "The places named, in order.", references=ENTITY)
SECTOR_ID = Column("sector_id", "VARCHAR", "Sector of the economy.", references="reference.sectors.sector_id")
POLICY_ID = Column("policy_id", "VARCHAR", "Named plan or campaign.", references="reference.policies.policy_id")
PER = Column("per", "VARCHAR", "The rate's denominator (year, month, household, ...); NULL if value is no rate.")
OBJECT = Column("object", "VARCHAR", "What it is about, in the text's words.")
PERIOD_START = Column("period_start", "DATE", "First day of the period the figure is about.")
PERIOD_END = Column("period_end", "DATE", "Last day of the period the figure is about.")
SPEAKER_ID = Column("speaker_id", "VARCHAR", "Who said it: a person or organization.", references=ENTITY)
ACTOR_ID = Column(
    "actor_id", "VARCHAR", "Who is to act or has acted: a person, organization or place.", references=ENTITY
)
EVIDENCE_IDS = Column("evidence_ids", "VARCHAR[]", "Ids of the extracted rows behind this one.", nullable=False)
DOCUMENT_COUNT = Column("document_count", "INTEGER", "Documents that hold it.", nullable=False, minimum=1)
ORIGIN_COUNT = Column(
    "independent_origin_count",
    "INTEGER",
    "Distinct origins after collapsing syndication: every retelling of state media is one origin. "
    "0 where no origin is known.",
    nullable=False,
    minimum=0,
)
HAS_CONFLICT = Column(
    "has_conflict", "BOOLEAN", "Another row gives a different value for the same thing.", nullable=False
)
ALIASES = Column("aliases", "VARCHAR[]", "Other names and spellings.")
SOURCE = Column("source", "VARCHAR", "Where the row's facts come from: an address or a data set.", nullable=False)
