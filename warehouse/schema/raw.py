"""raw.*: documents exactly as received."""

from __future__ import annotations

from warehouse.schema.model import Column, Table
from warehouse.schema.vocabulary import DOCUMENT_ID

MEDIA_TYPES = ("text/plain", "text/markdown", "text/html")

TABLES = (
    Table(
        "raw",
        "documents",
        "A distinct source document, exactly as received.",
        ("document_id",),
        (
            Column("document_id", "VARCHAR", DOCUMENT_ID.description, nullable=False),
            Column(
                "source_uri",
                "VARCHAR",
                "Path or address within the source, with #record for a record of a table or JSON lines file.",
                nullable=False,
            ),
            Column(
                "batch_id", "VARCHAR", "The delivery: name of the folder or container file it came in.", nullable=False
            ),
            Column("media_type", "VARCHAR", "What content is.", nullable=False, enum=MEDIA_TYPES),
            Column("encoding", "VARCHAR", "Character encoding the bytes were decoded from."),
            Column("byte_size", "BIGINT", "Size of the content as received.", nullable=False, unit="byte", minimum=0),
            Column("sha256", "VARCHAR", "SHA-256 of content in UTF-8, hex.", nullable=False),
            Column(
                "content",
                "VARCHAR",
                "Decoded (and mojibake repaired where encoding says +ftfy), otherwise untouched.",
                nullable=False,
                third_party_text=True,
            ),
            Column("source_url", "VARCHAR", "Address the source states."),
            Column("source_title", "VARCHAR", "Title the source states."),
            Column("source_authors", "VARCHAR[]", "Authors the source states."),
            Column("source_outlet", "VARCHAR", "Outlet the source states."),
            Column("source_published_at", "VARCHAR", "Publication time, in the source's own notation."),
            Column("source_language", "VARCHAR", "Language label the source states; not trusted."),
            Column(
                "source_extra",
                "VARCHAR",
                "JSON object of every other field of the source's record.",
                third_party_text=True,
            ),
            Column("retrieved_at", "TIMESTAMP", "When it was fetched, UTC, as the source or its sidecar states."),
        ),
    ),
)
