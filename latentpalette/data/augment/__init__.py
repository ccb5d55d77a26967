"""Augmentation of training windows: one file per representation."""
