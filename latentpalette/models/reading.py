"""From what a musician hands over (sequences, files, lists of both) to the windows that a model reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

import numpy as np

from latentpalette.converters.base import Converter
from latentpalette.errors import ConverterError, MidiError
from latentpalette.music.excerpts import Excerpt, Excerpts, material
from latentpalette.music.midi import Source
from latentpalette.music.sequence import NoteSequence


def windows(
    music: NoteSequence | Source | Iterable[NoteSequence | Source],
    excerpts: Callable[[Source], Excerpts],
    name: str,
) -> list[NoteSequence]:
    """Sequences as they are, files as their windows.

    Parameters
    ----------
    music : NoteSequence, MIDI file, or list of them
    excerpts : function
        Finds the windows of a file.
    name : str
        The model's, for messages.

    Raises
    ------
    ConverterError
        If there is nothing, or something that is no music.
    MidiError
        If a file has no window; the message says why.
    """
    alone = isinstance(music, (NoteSequence, str, bytes, os.PathLike))
    found: list[NoteSequence] = []
    for item in [music] if alone else music:  # type: ignore[union-attr]
        if isinstance(item, NoteSequence):
            found.append(item)
            continue
        if not isinstance(item, (str, bytes, os.PathLike)):
            raise ConverterError(f"Music is a NoteSequence or a MIDI file; got {type(item).__name__}.")
        read = excerpts(item)
        if not read:
            raise MidiError(nothing(read, name))
        found += read
    if not found:
        raise ConverterError("There is no music to encode: the list is empty.")
    return found


def nothing(found: Excerpts, name: str) -> str:
    """Why a piece has no window that the model called `name` can read.

    Examples
    --------
    >>> nothing(Excerpts([], [], "song.mid"), "drums-2bar")
    'song.mid: nothing that drums-2bar can read: it is empty.'
    """
    why = "; ".join(map(str, found.left_out)) or "it is empty"
    return f"{found.source}: nothing that {name} can read: {why}."


def whole(source: Source | NoteSequence, converter: Converter) -> Excerpts | None:
    """A piece as its only window, if it is as long as one and anything in it is heard; else None.

    So a loop whose first or last bar is silent, which no search for music in a longer piece would take, is read.
    """
    piece = material(source)
    music = piece.stretches[0].sequence if len(piece.stretches) == 1 and not piece.left_out else None
    if music is None or music.steps != converter.steps:
        return None
    low, high = getattr(converter, "programs", None) or (0, 127)
    music = music.replace(notes=[note for note in music.notes if note.is_drum or low <= note.program <= high])
    try:
        heard = converter.encode(music).outputs
        silence = converter.encode(NoteSequence(steps=music.steps)).outputs
    except ConverterError:
        return None
    if np.array_equal(heard, silence):
        return None
    return Excerpts([Excerpt(music, bar=piece.stretches[0].bar, source=piece.name)], (), piece.name)
