"""From a score to the windows that a model reads: one file per representation."""
