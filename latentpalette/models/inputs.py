"""From what a musician hands over (sequences, files, lists of both) to the windows that a model reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.converters.base import Converter, Example, Rows
from latentpalette.errors import ConverterError, MidiError, ModelError
from latentpalette.music.midi import Source
from latentpalette.music.sequence import NoteSequence
from latentpalette.windows.common import Excerpt, Excerpts, material

Controls = ArrayLike | Sequence[str]  # numbers, or the names of chords


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


def inputs(examples: Sequence[Example]) -> tuple[Rows, NDArray[np.int64] | None]:
    """What an encoder reads of examples, controls aside: rows [n, t, depth], and how many count where not all do.

    Examples
    --------
    >>> rows, lengths = inputs([Example(np.zeros((32, 10)), np.zeros((32, 512)), np.zeros((32, 0)))])
    >>> rows.shape, lengths
    ((1, 32, 10), None)
    """
    lengths = [example.lengths for example in examples if example.lengths is not None]
    return np.stack([example.inputs for example in examples]), np.stack(lengths) if lengths else None


def judged(music: Iterable[NoteSequence], converter: Converter) -> dict[str, Any]:
    """Music as `latentpalette.models.network.Network.losses_arrays` takes it.

    Examples
    --------
    >>> from latentpalette.converters import converter
    >>> read = judged([NoteSequence(steps=32)], converter("drums"))
    >>> read["x_input"].shape, read["x_target"].shape, read["lengths"], read["controls"]
    ((1, 32, 10), (1, 32, 512), None, None)
    """
    examples = [converter.encode(each) for each in music]
    rows, lengths = inputs(examples)
    told = np.stack([example.controls for example in examples])
    return {
        "x_input": rows,
        "x_target": np.stack([example.outputs for example in examples]),
        "lengths": lengths,
        "controls": told if told.shape[-1] else None,
    }


def controls(told: Controls | None, converter: Converter, depth: int, name: str) -> ArrayLike | None:
    """Controls as numbers; the names of chords are looked up.

    Parameters
    ----------
    told : array-like, or list of str, optional
        See `latentpalette.models.musicvae.MusicVAE.decode`.
    converter : Converter
        Knows chords, or does not.
    depth : int
        How many numbers the model called `name` takes at each step; 0 for one that takes none.

    Raises
    ------
    ModelError
        If there are none where there should be chords, or chords where there should be none.
    """
    tell = getattr(converter, "chord_controls", None)
    if told is None and depth and tell is not None:
        raise ModelError(
            f"{name} plays over chords. Name one, or several evenly spaced: "
            'controls=["C", "Am", "F", "G"], on the command line --chords "C Am F G"; N.C. is no chord.'
        )
    if not isinstance(told, (list, tuple)) or not any(isinstance(each, str) for each in told):
        return told
    if not depth or tell is None:
        raise ModelError(f"{name} takes no chords; got {list(told)!r}.")
    return tell([str(symbol) for symbol in told])


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
