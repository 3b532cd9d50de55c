"""What must be true: a suite per table, generated from its declaration and enlarged by hand, and the gate that runs it."""
