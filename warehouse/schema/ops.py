"""ops.*: how the pipeline fared."""

from __future__ import annotations

from warehouse.schema.model import Column, Table

STAGES = ("reference", "raw", "cleaned", "extracted", "aggregated", "published")

_STAGE = Column("stage", "VARCHAR", "The stage.", nullable=False, enum=STAGES)
_RUN_ID = Column("run_id", "VARCHAR", "The run.", nullable=False, volatile=True)
_RECORDED = Column("recorded_at", "TIMESTAMP", "When, UTC.", nullable=False, volatile=True)

TABLES = (
    Table(
        "ops",
        "quarantine",
        "A document that could not be read, or a row that failed its gate.",
        ("quarantine_id",),
        (
            Column("quarantine_id", "VARCHAR", "Key, made from stage, pointer and reason.", nullable=False),
            _STAGE,
            Column("reason", "VARCHAR", "Reason code.", nullable=False),
            Column("detail", "VARCHAR", "What happened, for people.", nullable=False),
            Column("source_uri", "VARCHAR", "The file or record it concerns."),
            Column("batch_id", "VARCHAR", "The delivery it came in."),
            Column("document_id", "VARCHAR", "The document it concerns."),
            Column("table_name", "VARCHAR", "The table a failing row belongs to."),
            Column("row_key", "VARCHAR", "JSON array: the failing row's key."),
            _RUN_ID,
            _RECORDED,
        ),
    ),
    Table(
        "ops",
        "sources",
        "A source file that has been read.",
        ("batch_id", "source_uri"),
        (
            Column("batch_id", "VARCHAR", "The delivery.", nullable=False),
            Column("source_uri", "VARCHAR", "Path or address within the source.", nullable=False),
            Column("sha256", "VARCHAR", "SHA-256 of the file's bytes, hex; NULL if it could not be read."),
            Column("byte_size", "BIGINT", "Size of the file.", unit="byte", minimum=0),
            Column("document_count", "INTEGER", "Records read from it.", nullable=False, minimum=0),
            Column("quarantined_count", "INTEGER", "Records of it in quarantine.", nullable=False, minimum=0),
            Column("reader", "VARCHAR", "Fingerprint of the readers that read it.", nullable=False),
        ),
    ),
    Table(
        "ops",
        "processed",
        "A document that a stage has processed.",
        ("stage", "document_id"),
        (
            _STAGE,
            Column("document_id", "VARCHAR", "The document.", nullable=False),
            Column("fingerprint", "VARCHAR", "Fingerprint of the stage's code and reference data.", nullable=False),
        ),
    ),
    Table(
        "ops",
        "runs",
        "A run of the pipeline.",
        ("run_id",),
        (
            Column(
                "run_id",
                "VARCHAR",
                "In a release: made from its content, so that equal input gives equal ids.",
                nullable=False,
            ),
            Column("started", "TIMESTAMP", "When, UTC.", volatile=True),
            Column("ended", "TIMESTAMP", "When, UTC; NULL if it did not end well.", volatile=True),
            Column(
                "status", "VARCHAR", "How it ended.", nullable=False, enum=("running", "done", "failed", "interrupted")
            ),
            Column("code_version", "VARCHAR", "Version of the pipeline.", nullable=False),
            Column("counts", "VARCHAR", "JSON object: rows per table after the run.", nullable=False),
        ),
    ),
    Table(
        "ops",
        "gate_results",
        "One expectation of one gate.",
        ("gate_id",),
        (
            Column("gate_id", "VARCHAR", "Key.", nullable=False),
            Column("table_name", "VARCHAR", "The table checked.", nullable=False),
            Column("suite", "VARCHAR", "Name of the suite.", nullable=False),
            Column("expectation", "VARCHAR", "What must hold.", nullable=False),
            Column("column_name", "VARCHAR", "The column or columns it is about."),
            Column(
                "severity",
                "VARCHAR",
                "critical blocks; warning and info do not.",
                nullable=False,
                enum=("critical", "warning", "info"),
            ),
            Column("success", "BOOLEAN", "Did it hold?", nullable=False),
            Column("observed_value", "VARCHAR", "JSON of what was found."),
            Column("unexpected_count", "BIGINT", "Rows for which it did not hold.", minimum=0),
            Column("sample_keys", "VARCHAR[]", "Keys of such rows, JSON arrays, at most 20."),
            Column("row_count", "BIGINT", "Rows of the table when checked.", nullable=False, minimum=0),
            Column("data_version", "VARCHAR", "Digest of the data checked.", nullable=False),
            _RUN_ID,
            _RECORDED,
        ),
    ),
    Table(
        "ops",
        "extraction_scores",
        "Agreement of the extraction with gold annotations: a record type, or one of its rules.",
        ("gold_sha256", "record_type", "rule"),
        (
            Column("gold_sha256", "VARCHAR", "SHA-256 of the gold set.", nullable=False),
            Column("gold_set", "VARCHAR", "Name of the gold set.", nullable=False),
            Column("record_type", "VARCHAR", "The table scored; removed_spans counts characters.", nullable=False),
            Column("rule", "VARCHAR", "The rule, or * for all.", nullable=False),
            Column(
                "precision",
                "DOUBLE",
                "Share of predicted rows that are right in the core columns; NULL where gold is not exhaustive.",
                minimum=0,
                maximum=1,
            ),
            Column("recall", "DOUBLE", "Share of gold rows found.", minimum=0, maximum=1),
            Column("f1", "DOUBLE", "Harmonic mean of the two; NULL for a single rule.", minimum=0, maximum=1),
            Column("strict_precision", "DOUBLE", "The same, right in the further columns too.", minimum=0, maximum=1),
            Column("strict_recall", "DOUBLE", "The same, right in the further columns too.", minimum=0, maximum=1),
            Column("strict_f1", "DOUBLE", "The same, right in the further columns too.", minimum=0, maximum=1),
            Column("n", "INTEGER", "Gold rows.", nullable=False, minimum=0),
            Column("true_positives", "INTEGER", "Predicted rows that are right.", nullable=False, minimum=0),
            Column(
                "false_positives",
                "INTEGER",
                "Predicted rows that are wrong; NULL where gold is not exhaustive.",
                minimum=0,
            ),
            Column("forbidden", "INTEGER", "Predicted rows that gold says must not be made.", minimum=0),
            Column(
                "document_count",
                "INTEGER",
                "Documents of the gold set; of a rule, those in which it fires.",
                nullable=False,
                minimum=0,
            ),
            Column(
                "fingerprint", "VARCHAR", "Fingerprint of the code and reference data that were scored.", nullable=False
            ),
        ),
    ),
)
