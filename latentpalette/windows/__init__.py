"""Windows: a score to the windows that a model can read, in order, and why the rest was left out."""
