"""What the data is: one folder per stage, in the order the data flows.

`raw/` reads sources, `cleaned/` frees them of page residue, `extracted/` reads what the sentences say,
`aggregated/` makes one row per real-world thing, `published/` makes the release. A stage is a pure function on
Arrow batches; it knows no Dagster, no database and no paths, and reads another stage's tables, never its Python.
"""
