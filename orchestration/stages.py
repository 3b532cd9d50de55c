"""The stages that map documents to rows, put together from what `assets/` brings."""

from __future__ import annotations

import assets.cleaned.settle
import assets.cleaned.stage
import assets.extracted.stage
from assets.stage import Stage

CLEANED = Stage(
    name="cleaned",
    input_query=assets.cleaned.stage.INPUT_QUERY,
    outputs=("cleaned.documents", "cleaned.removed_spans", "cleaned.sentences"),
    map_batch=assets.cleaned.stage.map_batch,
    settle=assets.cleaned.settle.settle,
    settled=("cleaned.document_relations", "cleaned.revisions"),
)

EXTRACTED = Stage(
    name="extracted",
    input_query=assets.extracted.stage.INPUT_QUERY,
    outputs=assets.extracted.stage.OUTPUTS,
    map_batch=assets.extracted.stage.map_batch,
)

STAGES = (CLEANED, EXTRACTED)
