"""One row per real-world thing: one .sql file per table, each opening with a comment that says what one row is."""
