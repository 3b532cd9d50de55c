"""The extractors, in the order they run: each sees the rows of those before it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assets.extracted import (
    attributions, dates, entity_mentions, quotations,
)
from assets.extracted.document import Extractor

EXTRACTORS: Mapping[str, Extractor] = MappingProxyType(
    {
        "entity_mentions": entity_mentions.extract,
        "dates": dates.extract,
        "quotations": quotations.extract,
        "attributions": attributions.extract,
    }
)
