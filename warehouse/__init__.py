"""Where the data lives: the one declaration of every table, the connection, writing, locking, the serving file.

`schema/` declares tables and columns; the other modules open, lock, fill and copy DuckDB databases. Nothing
here knows what a document says (that is `assets/`), what must hold of the data (`expectations/`) or when
anything runs (`orchestration/`).
"""

__version__ = "0.1.0"
