"""NoteSequence to arrays and back: one file per representation."""

from latentpalette.converters.registry import converter as converter

__all__ = ["converter"]
