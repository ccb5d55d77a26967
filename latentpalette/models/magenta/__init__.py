"""Readers of Magenta's checkpoints: TensorFlow bundles, archives and magenta-js folders."""
