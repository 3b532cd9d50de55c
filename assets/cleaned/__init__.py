"""Page residue, metadata, language, duplicates, revisions, sentences: `raw.documents` into `cleaned.*`."""
