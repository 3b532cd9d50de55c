"""What must be true: a suite per table, made from its declaration and enlarged by hand, and the gate that runs it."""
