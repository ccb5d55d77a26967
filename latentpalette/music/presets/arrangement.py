"""Accompaniment of a tune: chords become a bass line, and drum loops become sixteen bars with fills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from latentpalette.music.chord_symbols import KINDS, read_chord
from latentpalette.music.drums import REDUCED
from latentpalette.music.instruments import BASS_PROGRAM
from latentpalette.music.presets.drum_loops import DRUM_LOOPS, read_loop
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence, concatenate

LOWEST_ROOT = 33  # A1: no root is lower, and none is as high as the A above

# How a bass plays a bar of a chord: a degree of the triad (8 is the octave) or r for a rest, and a length in steps.
BASS_PATTERNS = {
    "whole": "1:16",
    "halves": "1:8 5:8",
    "quarters": "1:4 1:4 1:4 1:4",
    "eighths": "1:2 1:2 1:2 1:2 1:2 1:2 1:2 1:2",
    "walking": "1:4 3:4 5:4 3:4",
    "oompah": "1:4 5:4 1:4 5:4",
    "octaves": "1:4 8:4 1:4 8:4",
    "bossa": "1:6 5:2 5:6 1:2",
    "tresillo": "1:3 1:3 1:2 1:3 1:3 1:2",
    "dub": "1:4 r:2 1:2 5:4 r:4",
}

_THIRDS = {"": 4, "m": 3, "+": 4, "dim": 3}  # [semitones above the root]
_FIFTHS = {"": 7, "m": 7, "+": 8, "dim": 6}

_BARS_PER_PHRASE = 4
_FILL_START = 8  # [steps] into the last bar of a phrase
_Hits = dict[str | int, Sequence[int]]
_FILL: _Hits = {"snare": (8, 10, 11), "high tom": (12, 13), "low tom": (14, 15)}
_CYMBALS = ("closed hat", "open hat", "crash", "ride")


def bass_line(chords: Sequence[str], patterns: Sequence[str], *, transposition: int = 0) -> NoteSequence:
    """Return a bass line: one bar for each chord.

    Parameters
    ----------
    chords : list of str
        One for each bar.
    patterns : list of str
        Names in `BASS_PATTERNS`, one for each bar.
    transposition : int [semitones]
        Of the chords; the bass stays in its octave.

    Examples
    --------
    >>> [(note.pitch, note.step) for note in bass_line(["C", "Am"], ["halves", "whole"]).notes]
    [(36, 0), (43, 8), (33, 16)]
    """
    notes: list[Note] = []
    step = 0
    for chord, pattern in zip(chords, patterns, strict=True):
        kind, root = divmod(read_chord(chord).triad_class - 1, 12)
        pitch = LOWEST_ROOT + (root + transposition - LOWEST_ROOT) % 12
        triad = KINDS[kind]
        semitones = {"1": 0, "3": _THIRDS[triad], "5": _FIFTHS[triad], "8": 12}
        for item in BASS_PATTERNS[pattern].split():
            degree, _, length = item.partition(":")
            if degree in semitones:
                notes.append(Note(pitch + semitones[degree], step, int(length), program=BASS_PROGRAM))
            step += int(length)
    return NoteSequence(notes, step)


def drum_part(loops: Sequence[str]) -> NoteSequence:
    """Return drums for phrases of four bars: a crash begins every second one, a fill ends it.

    Parameters
    ----------
    loops : list of str
        Names of drum presets, one for each phrase.

    Examples
    --------
    >>> drum_part(["Rock steady"] * 4).steps
    256
    """
    phrases = []
    for number, name in enumerate(loops):
        loop = read_loop(DRUM_LOOPS[name])
        phrase = concatenate([loop] * (_BARS_PER_PHRASE * STEPS_PER_BAR // loop.steps))
        phrases.append(with_fill(phrase) if number % 2 else with_crash(phrase))
    return concatenate(phrases)


def with_crash(drums: NoteSequence) -> NoteSequence:
    """Return drums with a crash on the first step instead of the other cymbals there."""
    cymbals = {REDUCED.pitch_of(name) for name in _CYMBALS}
    kept = [note for note in drums.notes if note.step > 0 or note.pitch not in cymbals]
    return drums.replace(notes=[*kept, *NoteSequence.from_steps({"crash": [0]}, steps=1).notes])


def with_fill(drums: NoteSequence) -> NoteSequence:
    """Return drums whose last half bar is a fill: snare, then toms downwards."""
    start = drums.steps - STEPS_PER_BAR
    fill = NoteSequence.from_steps(_FILL, steps=STEPS_PER_BAR).notes
    kept = [note for note in drums.notes if note.step < start + _FILL_START]
    return drums.replace(notes=[*kept, *(replace(note, step=note.step + start) for note in fill)])
