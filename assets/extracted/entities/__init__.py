"""Finding and resolving names: the gazetteer, names known by how they are built, people, and context."""
