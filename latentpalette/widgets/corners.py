"""Corners of a palette: sequences, presets, MIDI files or latent vectors, read as clips of the model's length."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import LatentPaletteError, PaletteError
from latentpalette.files import expand_path, is_file
from latentpalette.latent.grids import CORNERS
from latentpalette.models.inputs import preset_or_source
from latentpalette.models.model_presets import default_corners_of, presets_of
from latentpalette.music import midi
from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence, concatenate
from latentpalette.music.track_choice import NO_CHOICE, TrackChoice, select_tracks
from latentpalette.music.track_list import TrackInfo
from latentpalette.validation import short_repr
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.corner_reasons import choice_among, notes_left_out, piece_left_out
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.place_settings import MAX_LABEL_LENGTH
from latentpalette.windows.excerpt import Excerpt
from latentpalette.windows.track_selection import choose_tracks
from latentpalette.wording import counted

MAX_LOOPS = 500  # of one file


@dataclass(frozen=True)
class Corner:
    """A clip with its label.

    Parameters
    ----------
    clip : Clip
    label : str
    qpm : float [quarter notes per minute], optional
        The tempo of the music that it was read from; None for presets and latent vectors, which have none.
    left_out : tuple of str
        What of the music is not in the clip, and other loops of the same file, in words.
    """

    clip: Clip
    label: str
    qpm: float | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class CornerLoop(NoteSequence):
    """The loop in a corner of a palette: a `NoteSequence` with its label and what it could not take.

    Parameters
    ----------
    sequence : NoteSequence
        Its music.
    label : str
    left_out : tuple of str
        See `Corner`.

    Examples
    --------
    >>> CornerLoop(NoteSequence(steps=32), label="song.mid, bars 1 and 2", left_out=["3 notes are not drums"]).left_out
    ('3 notes are not drums',)
    """

    label: str = ""
    left_out: tuple[str, ...] = ()

    def __init__(self, sequence: NoteSequence, *, label: str, left_out: Iterable[str] = ()) -> None:
        super().__init__(sequence.notes, sequence.steps, sequence.qpm)
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "left_out", tuple(left_out))

    def __repr__(self) -> str:
        inner = super().__repr__().partition("(")[2].removesuffix(")")
        return f"CornerLoop({self.label}, {inner}{f', left out: {len(self.left_out)}' if self.left_out else ''})"


class FileLoops(NamedTuple):
    """The loops of a MIDI file.

    Parameters
    ----------
    loops : list of Corner
        In order, up to `MAX_LOOPS`.
    left_out : tuple of str
        What is in none of them, in words.
    melody : TrackInfo or None
        See `Excerpts`.
    """

    loops: list[Corner]
    left_out: tuple[str, ...]
    melody: TrackInfo | None = None


class UnreadableFileError(PaletteError):
    """A MIDI file that is there, but cannot be read, or has no loop."""


class NoLoopError(UnreadableFileError):
    """A MIDI file without a loop for a corner; `reasons` are those of `Excerpts.left_out`."""

    def __init__(self, name: str, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__(f"no window of {name} fits a corner: {'; '.join(reasons) or 'it is empty'}.")


def read_corners(
    music: ModelClips, corners: Any, choice: TrackChoice = NO_CHOICE, *, present: Sequence[Corner]
) -> list[Corner]:
    """Read four corners, A to D; see `read_corner`.

    Parameters
    ----------
    music : ModelClips
    corners : list of 4
    choice : TrackChoice
    present : list of 4 Corner
        The corners so far. A file that is there but has no loop changes nothing; `left_out` of its corner has the
        reason.

    Raises
    ------
    PaletteError
        If there are not four; if a corner is no music, with a line for each; if no file has a loop.
    """
    sources = _require_four(corners)
    read: list[Corner] = []
    problems: list[str] = []
    unreadable: list[str] = []
    for letter, source, old in zip(CORNERS, sources, present, strict=True):
        try:
            read.append(read_corner(music, source, letter, choice))
        except UnreadableFileError as error:
            unreadable.append(str(error))
            read.append(Corner(old.clip, old.label, left_out=(f"{error} It plays {old.label} instead.",)))
        except LatentPaletteError as error:
            problems.append(str(error))
    if problems or len(unreadable) == len(CORNERS):
        raise PaletteError("\n".join(problems + unreadable))
    return read


def _require_four(corners: Any) -> list[Any]:
    if isinstance(corners, (str, bytes, bytearray, os.PathLike, NoteSequence)):
        raise PaletteError(
            f"A palette has four corners, given as a list; got {short_repr(corners)}. "
            "For the same loop at all of them, pass corners=[loop] * 4."
        )
    if not isinstance(corners, Iterable) or isinstance(corners, (dict, set, frozenset)):
        raise PaletteError(f"A palette has four corners, given as a list: A, B, C, D; got {short_repr(corners)}.")
    sources = [source for _, source in zip(range(len(CORNERS) + 1), corners, strict=False)]
    if len(sources) != len(CORNERS):
        count = len(corners) if isinstance(corners, (Sequence, np.ndarray)) else len(sources)
        raise PaletteError(f"A palette has four corners: A, B, C, D; got {count}.")
    return sources


def default_corners(music: ModelClips) -> list[Corner]:
    """Return the presets at the corners of a new palette."""
    names = default_corners_of(music.converter)
    return [read_corner(music, name, letter) for letter, name in zip(CORNERS, names, strict=True)]


def read_corner(
    music: ModelClips, source: Any, letter: str, choice: TrackChoice = NO_CHOICE, *, place: str = "Corner"
) -> Corner:
    """Read one corner, or another place that takes music.

    Parameters
    ----------
    music : ModelClips
    source : NoteSequence, str, path, bytes, array-like [shape=(z,)], Clip, or what an instrument has selected
        Music, the name of a preset, a MIDI file (its first loop), a latent vector, a clip of the model, or a cell, a
        tile or a place of an instrument.
    letter : str
        Letter of the corner, for its label and for messages.
    choice : TrackChoice
        The tracks that are read of a file, and of a sequence without drums.
    place : str
        What the letter stands for, for messages: ``"End"`` for end A.

    Raises
    ------
    PaletteError
        If it is none of these, or fits no corner.
    """
    name = f"{place} {letter}"
    try:
        if isinstance(source, NoteSequence):
            return _read_sequence(music, source, letter, choice)
        if isinstance(source, Clip):
            music.check_clip(source, "the clip")
            return Corner(source, f"Loop {letter}")
        if isinstance(notes := getattr(source, "notes", None), NoteSequence):  # a cell, a tile or a place, as selected
            return _read_sequence(music, notes, letter, choice)
        preset = preset_or_source(source, music.converter, display_name(music.model))
        if preset is not source:
            return Corner(loop_clip(music, preset), str(source))
        if isinstance(source, (str, os.PathLike)):
            return _read_path(music, source, choice)
        if isinstance(source, (bytes, bytearray, memoryview)):
            return read_loops(music, bytes(source), choice).loops[0]
        if isinstance(source, (list, tuple)) or hasattr(source, "__array__"):
            return Corner(music.decode(_check_z(music, source)[None])[0], f"z {letter}")
    except UnreadableFileError as error:
        raise UnreadableFileError(f"{name}: {error}") from error
    except LatentPaletteError as error:
        raise PaletteError(f"{name}: {error}") from error
    raise PaletteError(
        f"{name} is a NoteSequence, the name of a preset, the path of a MIDI file, or a z (an array of one dimension); "
        f"got {short_repr(source)}."
    )


def read_loops(music: ModelClips, source: Path | bytes | Score, choice: TrackChoice = NO_CHOICE) -> FileLoops:
    """Read every loop of a MIDI file.

    Parameters
    ----------
    music : ModelClips
    source : path, bytes or Score
    choice : TrackChoice
        The tracks that are read.

    Raises
    ------
    UnreadableFileError
        If the file is damaged or has no such track; `NoLoopError` if it has no loop.
    """
    try:
        score = source if isinstance(source, Score) else midi.read_score(source)
        selected = select_tracks(score, choice)
        excerpts = music.model.excerpts(score, track=choice.track, drums=choice.drums)
    except LatentPaletteError as error:
        raise UnreadableFileError(str(error)) from error
    if not excerpts:
        raise NoLoopError(score.name, [str(reason) for reason in excerpts.left_out])
    left_out = piece_left_out(score, excerpts, selected)
    loops = excerpts[:MAX_LOOPS]
    if len(excerpts) > len(loops):
        left_out += (f"{len(excerpts) - len(loops):,} later loops are not listed",)
    corners = [
        Corner(
            loop_clip(music, loop),
            _label(f"{score.name}, {loop.bar_range}"),
            loop.qpm,
            (*choice_among(excerpts, index), *left_out),
        )
        for index, loop in enumerate(loops)
    ]
    return FileLoops(corners, left_out, excerpts.melody)


def loop_clip(music: ModelClips, sequence: NoteSequence) -> Clip:
    """Return the clip of a loop; a shorter one of whole bars is repeated, if it fits.

    Raises
    ------
    PaletteError
        If it has another length, or notes but none that the model represents.
    """
    steps = music.steps
    if sequence.steps != steps and (sequence.steps % STEPS_PER_BAR or steps % max(sequence.steps, 1)):
        advice = (
            f"Choose one of model.excerpts(sequence), or cut it: sequence.slice(0, {steps})."
            if sequence.steps > steps
            else f"Add silence to its end: sequence.replace(steps={steps})."
        )
        raise PaletteError(
            f"It is a loop of {steps} steps ({counted(steps // STEPS_PER_BAR, 'bar')}), or a shorter one that "
            f"fits in it, which is repeated; this one has {sequence.steps}. {advice}"
        )
    whole = concatenate([sequence] * (steps // sequence.steps)) if sequence.steps < steps else sequence
    read = music.canonical(whole)
    if sequence.notes and not read.notes:
        names = " or ".join(stream.name for stream in music.streams)
        raise PaletteError(f"It is {names}; the model knows none of its notes ({len(sequence.notes)}).")
    return music.clip(read)


def _read_sequence(music: ModelClips, sequence: NoteSequence, letter: str, choice: TrackChoice) -> Corner:
    wants_drums = all(stream.is_drum for stream in music.streams)
    lacks_drums = bool(sequence.notes) and not any(note.is_drum for note in sequence.notes)
    if lacks_drums if wants_drums else choice != NO_CHOICE:
        sequence = choose_tracks(sequence, choice)
    clip = loop_clip(music, sequence)
    left_out = notes_left_out(sequence, music)
    if isinstance(sequence, CornerLoop):  # of this palette or another
        return Corner(clip, sequence.label, sequence.qpm, (*sequence.left_out, *left_out))
    preset = next((name for name, loop in presets_of(music.converter).items() if loop == sequence), None)
    if preset is not None:
        return Corner(clip, preset)
    label = f"{sequence.source}, {sequence.bar_range}" if isinstance(sequence, Excerpt) else f"Loop {letter}"
    return Corner(clip, _label(label), sequence.qpm, left_out)


def _read_path(music: ModelClips, source: str | os.PathLike[str], choice: TrackChoice) -> Corner:
    path = expand_path(source)
    if not is_file(path):
        midi.read_score(path)  # raises an error that says what is there instead
    return read_loops(music, path, choice).loops[0]


def _check_z(music: ModelClips, source: Any) -> NDArray[np.float32]:
    """Return a latent vector [z] of a model."""
    try:
        z = np.asarray(source)
    except (ValueError, TypeError, RuntimeError) as error:
        raise PaletteError(f"a z is an array of numbers; got {short_repr(source)}.") from error
    z_size = getattr(getattr(music.model, "config", None), "z_size", None)
    if z.ndim != 1 or z.dtype.kind not in "fiu" or (z_size is not None and len(z) != z_size):
        numbers = "numbers" if z_size is None else f"{z_size} numbers"
        raise PaletteError(f"a z is an array of {numbers}, [z]; got {z.dtype} of shape {z.shape}.")
    if not np.isfinite(z).all():
        raise PaletteError("a z is an array of finite numbers; there is NaN or infinity in this one.")
    return z.astype(np.float32)


def _label(text: str) -> str:
    return text if len(text) <= MAX_LABEL_LENGTH else f"{text[: MAX_LABEL_LENGTH - 1]}…"
