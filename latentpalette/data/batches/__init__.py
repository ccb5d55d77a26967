"""Batches of training examples: one file per representation."""
