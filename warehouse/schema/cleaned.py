"""cleaned.*: documents freed of page residue, dated, de-duplicated and split into sentences."""

from __future__ import annotations

from dataclasses import replace

from warehouse.schema.model import Column, Table
from warehouse.schema.vocabulary import DOCUMENT_ID, END_CHAR, START_CHAR

PUBLISHED_ON_BASES = ("metadata", "byline", "dateline", "footer", "archive_line", "url")
RESIDUE_KINDS = (
    "navigation",
    "related_headlines",
    "caption",
    "byline",
    "comment_notice",
    "filing_notice",
    "subscription",
    "about_blurb",
    "contact",
    "copyright",
    "read_in_language",
    "footnote_marker",
    "repeated_line",
    "markup",
)
RELATION_KINDS = ("duplicate", "contains", "repost", "rewrite", "translation")

_RAW_DOCUMENT_ID = replace(DOCUMENT_ID, references="raw.documents.document_id")
_OUTLET = Column("outlet_id", "VARCHAR", "Who published it.", references="reference.outlets.outlet_id")

TABLES = (
    Table(
        "cleaned",
        "documents",
        "A document of raw.documents after cleaning; empty text if all of it was residue.",
        ("document_id",),
        (
            _RAW_DOCUMENT_ID,
            _OUTLET,
            Column("url", "VARCHAR", "Address of the page."),
            Column("title", "VARCHAR", "Title."),
            Column("authors", "VARCHAR[]", "Authors."),
            Column("published_on", "DATE", "Day it appeared, as the page dates it; NULL if it does not tell."),
            Column("published_on_basis", "VARCHAR", "What the day was read from.", enum=PUBLISHED_ON_BASES),
            Column("dateline_place_id", "VARCHAR", "Place of the dateline.", references="reference.places.place_id"),
            Column("language", "VARCHAR", "ISO 639-1 code; NULL if undecidable."),
            Column("text", "VARCHAR", "The article.", nullable=False, third_party_text=True),
            Column("word_count", "INTEGER", "Words of text.", nullable=False, unit="word", minimum=0),
            Column(
                "residue_share",
                "DOUBLE",
                "Share of the visible characters removed as residue.",
                nullable=False,
                minimum=0,
                maximum=1,
            ),
            Column(
                "reposted_from_outlet_id",
                "VARCHAR",
                "The outlet whose article this page wraps.",
                references="reference.outlets.outlet_id",
            ),
            Column(
                "duplicate_of",
                "VARCHAR",
                "The kept document this one duplicates; NULL if kept.",
                references="cleaned.documents.document_id",
            ),
            Column(
                "story_id", "VARCHAR", "Documents that tell the same report share it: the smallest document_id of them."
            ),
        ),
    ),
    Table(
        "cleaned",
        "removed_spans",
        "A piece of a raw document that cleaning took out.",
        ("document_id", "start_char", "end_char"),
        (
            _RAW_DOCUMENT_ID,
            START_CHAR.but("First character in raw.documents.content, code points from 0."),
            END_CHAR.but("Character after the last one in raw.documents.content."),
            Column("kind", "VARCHAR", "Why it went.", nullable=False, enum=RESIDUE_KINDS),
            Column(
                "text",
                "VARCHAR",
                "What was removed: content[start_char:end_char].",
                nullable=False,
                third_party_text=True,
            ),
        ),
    ),
    Table(
        "cleaned",
        "sentences",
        "A sentence of an article.",
        ("sentence_id",),
        (
            Column("sentence_id", "VARCHAR", "document_id, 's' and the sentence's number.", nullable=False),
            DOCUMENT_ID,
            Column("ordinal", "INTEGER", "Number within the document, from 0.", nullable=False, minimum=0),
            Column("paragraph", "INTEGER", "Number of its paragraph, from 0.", nullable=False, minimum=0),
            START_CHAR.but("First character in cleaned.documents.text, code points from 0."),
            END_CHAR.but("Character after the last one in cleaned.documents.text."),
            Column("text", "VARCHAR", "The sentence.", nullable=False, third_party_text=True),
            Column(
                "in_quotation",
                "BOOLEAN",
                "Begins inside quotation marks opened in an earlier sentence.",
                nullable=False,
            ),
        ),
    ),
    Table(
        "cleaned",
        "revisions",
        "Two texts seen under one URL: the source rewrote its page.",
        ("source_url", "earlier_document_id", "later_document_id"),
        (
            Column("source_url", "VARCHAR", "The address.", nullable=False),
            Column(
                "earlier_document_id",
                "VARCHAR",
                "The text seen first.",
                nullable=False,
                references="cleaned.documents.document_id",
            ),
            Column(
                "later_document_id",
                "VARCHAR",
                "The text seen next.",
                nullable=False,
                references="cleaned.documents.document_id",
            ),
            Column("first_seen", "TIMESTAMP", "When the later text was first seen, UTC."),
            Column(
                "changed_spans",
                "STRUCT(earlier_start INTEGER, earlier_end INTEGER, later_start INTEGER, later_end INTEGER)[]",
                "Code point spans that differ, in the two cleaned texts.",
                nullable=False,
            ),
            Column("changed_values", "VARCHAR[]", "Extracted values that changed, as table.column: earlier -> later."),
        ),
    ),
    Table(
        "cleaned",
        "document_relations",
        "Two documents that share text.",
        ("document_id", "related_document_id", "kind"),
        (
            DOCUMENT_ID,
            Column(
                "related_document_id",
                "VARCHAR",
                "The other document.",
                nullable=False,
                references="cleaned.documents.document_id",
            ),
            Column(
                "kind",
                "VARCHAR",
                "How document_id relates to the other: duplicate of it, contains it, ...",
                nullable=False,
                enum=RELATION_KINDS,
            ),
            Column(
                "containment",
                "DOUBLE",
                "Share of the smaller text's word 5-grams found in the larger.",
                minimum=0,
                maximum=1,
            ),
            Column("similarity", "DOUBLE", "Jaccard similarity of their word 5-grams.", minimum=0, maximum=1),
        ),
    ),
)
