"""Representations: NoteSequence to arrays and back, one file per representation."""

from latentpalette.converters.registry import find_windows as find_windows
from latentpalette.converters.registry import make_converter as make_converter
from latentpalette.converters.registry import make_window_finder as make_window_finder

__all__ = ["find_windows", "make_converter", "make_window_finder"]
