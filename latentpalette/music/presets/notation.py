"""The notation of the presets: notes as names with lengths, bars, and forms that name their bars."""

from __future__ import annotations

import re
from collections.abc import Mapping

from latentpalette.errors import MusicError
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence

BAR_LINE, REST, HOLD = "|", "r", "-"

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"#": 1, "b": -1, None: 0}
_NAME = re.compile(r"([A-G])(#|b)?(\d)")


def pitch_of(name: str) -> int:
    """Return the MIDI pitch of a note's name; C4 is middle C.

    Raises
    ------
    MusicError
        If it is no name of a note.

    Examples
    --------
    >>> pitch_of("C4"), pitch_of("Bb3"), pitch_of("F#5")
    (60, 58, 78)
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise MusicError(f"A note is a letter, an accidental and an octave, as in C4 or Bb3; got {name!r}.")
    letter, accidental, octave = match.groups()
    return 12 * (int(octave) + 1) + _SEMITONES[letter] + _ACCIDENTALS[accidental]


def read_notes(text: str) -> NoteSequence:
    """Return a line of notes.

    Parameters
    ----------
    text : str
        Notes separated by spaces: a name, a colon and a length in steps. ``r:4`` is a rest, ``-:4`` holds the note
        before. Bars are separated by ``|``.

    Raises
    ------
    MusicError
        If a bar is longer or shorter than one, or a note has no such name.

    Examples
    --------
    >>> tune = read_notes("C4:4 E4:4 G4:8 | -:4 r:4 C4:8")
    >>> [(note.pitch, note.step, note.length) for note in tune.notes]
    [(60, 0, 4), (64, 4, 4), (67, 8, 12), (60, 24, 8)]
    """
    notes: list[tuple[int, int, int]] = []  # pitch, step, length
    step = 0
    for number, bar in enumerate(text.split(BAR_LINE)):
        for item in bar.split():
            name, _, length = item.partition(":")
            if name == HOLD:
                pitch, onset, held = notes.pop()
                notes.append((pitch, onset, held + int(length)))
            elif name != REST:
                notes.append((pitch_of(name), step, int(length)))
            step += int(length)
        if step != (number + 1) * STEPS_PER_BAR:
            raise MusicError(f"A bar has {STEPS_PER_BAR} steps; {bar.strip()!r} has another length.")
    return NoteSequence([Note(pitch, onset, length) for pitch, onset, length in notes], step)


def read_form(form: str, bars: Mapping[str, str]) -> NoteSequence:
    """Return a line of notes whose bars have names.

    Parameters
    ----------
    form : str
        The names of the bars in their order, separated by spaces.
    bars : mapping of str to str
        The notes of each, as for `read_notes`.

    Examples
    --------
    >>> read_form("a b a", {"a": "C4:8 D4:8", "b": "E4:16"}).steps
    48
    """
    return read_notes(BAR_LINE.join(bars[name] for name in form.split()))
