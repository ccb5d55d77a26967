"""Arranging: music in another key, on another instrument, at the same time as other music, and taken apart."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Iterable

from latentpalette.errors import MusicError
from latentpalette.music.instruments import Track, find_program, track_name, track_of
from latentpalette.music.note import Note
from latentpalette.music.sequence import NoteSequence, as_sequence, concatenate, is_midi_source
from latentpalette.validation import check_integer, short_repr

MAX_PITCH = 127


def transpose(music: NoteSequence | str | os.PathLike[str] | bytes, semitones: int) -> NoteSequence:
    """Return music in another key; drums stay as they are.

    Parameters
    ----------
    music : NoteSequence, name of a preset, or MIDI file
    semitones : int [-127 to 127]
        Up, or down where it is negative: 12 is an octave, 7 a fifth.

    Raises
    ------
    MusicError
        If it is no music or no number of semitones, or a note would lie beyond the pitches 0 to 127.

    Examples
    --------
    >>> transpose(NoteSequence([Note(60, 0), Note(36, 0, is_drum=True)], steps=16), 2).notes
    (Note(pitch=36, ..., is_drum=True, program=0), Note(pitch=62, ..., is_drum=False, program=0))
    """
    music = as_sequence(music, "Music to transpose")
    semitones = check_integer(semitones, "semitones", -MAX_PITCH, MAX_PITCH, error=MusicError)
    pitches = [note.pitch for note in music.notes if not note.is_drum]
    if pitches and not 0 <= min(pitches) + semitones <= max(pitches) + semitones <= MAX_PITCH:
        raise MusicError(
            f"The pitches {min(pitches)} to {max(pitches)} cannot be moved by {semitones} semitones: pitches are 0 to "
            f"{MAX_PITCH}. Move by {-min(pitches)} to {MAX_PITCH - max(pitches)}."
        )
    moved = [note if note.is_drum else dataclasses.replace(note, pitch=note.pitch + semitones) for note in music.notes]
    return music.replace(notes=moved)


def change_instrument(music: NoteSequence | str | os.PathLike[str] | bytes, instrument: str | int) -> NoteSequence:
    """Return music with all but its drums played by another instrument.

    Parameters
    ----------
    music : NoteSequence, name of a preset, or MIDI file
    instrument : str or int [0 to 127]
        An instrument of General MIDI, ``"Flute"``, or its program, counted from 0.

    Raises
    ------
    MusicError
        If it is no music, or there is no such instrument; the message has the nearest name.

    Examples
    --------
    >>> change_instrument(NoteSequence([Note(60, 0)], steps=16), "Flute").notes[0].program
    73
    """
    music = as_sequence(music, "Music to be played by another instrument")
    program = find_program(instrument)
    return music.replace(
        notes=[note if note.is_drum else dataclasses.replace(note, program=program) for note in music.notes]
    )


def overlay(
    sequences: Iterable[NoteSequence | str | os.PathLike[str] | bytes], *, steps: int | None = None
) -> NoteSequence:
    """Play sequences at the same time, at the tempo of the first; shorter ones are repeated.

    Parameters
    ----------
    sequences : list of NoteSequence, names of presets or MIDI files
        Drums, a bass, a melody ... An empty list gives an empty sequence.
    steps : int >= 0, optional
        Length; by default that of the longest.

    Raises
    ------
    MusicError
        If it is no list, something in it is no music, or the length is out of range.
    MidiError
        If it is a file that cannot be read.

    Examples
    --------
    >>> kick = NoteSequence.from_steps({"kick": [0]}, steps=16)
    >>> tune = NoteSequence([Note(60, 0, 4), Note(64, 16, 4)], steps=32)
    >>> [(note.step, note.pitch) for note in overlay([kick, tune]).notes]
    [(0, 36), (0, 60), (16, 36), (16, 64)]
    """
    if isinstance(sequences, NoteSequence) or is_midi_source(sequences) or not isinstance(sequences, Iterable):
        raise MusicError(f"A list of sequences is played at the same time; got {short_repr(sequences)} alone.")
    layers = [as_sequence(sequence, "Music to overlay") for sequence in sequences]
    whole = NoteSequence(
        steps=max((layer.steps for layer in layers), default=0) if steps is None else steps,
        qpm=layers[0].qpm if layers else 120.0,
    )
    notes: list[Note] = []
    for layer in layers:
        if layer.notes:
            repeats = max(math.ceil(whole.steps / layer.steps), 1)
            notes += concatenate([layer] * repeats).slice(0, whole.steps).notes
    return whole.replace(notes=notes)


def split_instruments(music: NoteSequence | str | os.PathLike[str] | bytes) -> dict[str, NoteSequence]:
    """Return what each instrument plays, by the name of the instrument; all drums are one.

    Parameters
    ----------
    music : NoteSequence, name of a preset, or MIDI file

    Returns
    -------
    dict of str to NoteSequence
        Each as long as the whole; those of the highest notes first, drums last.

    Raises
    ------
    MusicError
        If it is no music.
    MidiError
        If it is a file that cannot be read.

    Examples
    --------
    >>> list(split_instruments("Rock band"))
    ['Acoustic Grand Piano', 'Electric Bass (finger)', 'drums']
    """
    music = as_sequence(music, "Music to split")
    by_track: dict[Track, list[Note]] = {}
    for note in music.notes:
        by_track.setdefault(track_of(note), []).append(note)

    def order(track: Track) -> tuple[bool, float]:
        is_drum, _ = track
        return is_drum, -sum(note.pitch for note in by_track[track]) / len(by_track[track])

    return {track_name(track): music.replace(notes=by_track[track]) for track in sorted(by_track, key=order)}
