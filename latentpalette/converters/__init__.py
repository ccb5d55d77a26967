"""NoteSequence to arrays and back: one file per representation."""

from latentpalette.converters.registry import make_converter as make_converter

__all__ = ["make_converter"]
