"""The cross-fade of two pieces of music: the notes of both at once."""

import dataclasses
import json

import pytest

from latentpalette.errors import MusicError
from latentpalette.music.crossfade import crossfade
from latentpalette.music.sequence import Note, NoteSequence
from tests.conftest import REPOSITORY

VECTORS = json.loads((REPOSITORY / "tests" / "vectors" / "crossfade.json").read_text(encoding="utf-8"))
A = NoteSequence([Note(60, 0, 4, 100), Note(62, 4, 2, 80, 0.25)], steps=16, qpm=96)
B = NoteSequence([Note(60, 0, 8, 50), Note(67, 8, 8, 120, -0.5)], steps=16, qpm=140)


def sequence_of(rows) -> NoteSequence:
    notes = [Note(pitch, step, length, velocity, offset, bool(s)) for step, pitch, length, velocity, offset, s in rows]
    return NoteSequence(notes, steps=16)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["t"]))
def test_notes_are_mixed_as_the_browser_mixes_them(case):
    a, b = (sequence_of(VECTORS[name]["notes"]) for name in "ab")
    expected = sequence_of(case["notes"])
    for note, other in zip(crossfade(a, b, case["t"]).notes, expected.notes, strict=True):
        assert dataclasses.replace(note, offset=0.0) == dataclasses.replace(other, offset=0.0)
        assert note.offset == pytest.approx(other.offset, abs=0.003)  # clips have 254 places in a step


def test_its_ends_are_the_two_pieces():
    assert crossfade(A, B, 0) == A
    assert crossfade(A, B, 1).notes == B.notes


def test_halfway_all_notes_of_both_sound_half_as_hard():
    assert [(note.pitch, note.velocity) for note in crossfade(A, B, 0.5).notes] == [(60, 75), (62, 40), (67, 60)]


def test_a_note_that_both_have_lies_between_the_two():
    note = crossfade(A, B, 0.25).notes[0]
    assert (note.velocity, note.length) == (88, 5)


def test_a_note_without_velocity_is_left_out():
    assert [note.pitch for note in crossfade(A, B, 0.003).notes] == [60, 62]


def test_the_same_note_of_another_instrument_is_another_note():
    bass = NoteSequence([Note(60, 0, 4, 100, program=32)], steps=16)
    assert len(crossfade(A, bass, 0.5).notes) == 3


def test_a_doubled_note_stays_two():
    doubled = NoteSequence([Note(60, 0, 4, 100)] * 2, steps=16)
    assert len(crossfade(doubled, A, 0.5).notes) == 3


def test_the_longer_piece_gives_the_length_and_the_first_the_tempo():
    mixed = crossfade(A, B.replace(steps=32), 0.5)
    assert (mixed.steps, mixed.qpm) == (32, 96)


@pytest.mark.parametrize("t", [-0.1, 1.1, float("nan"), "half", None, True])
def test_a_place_that_is_not_between_them_is_refused(t):
    with pytest.raises(MusicError, match="t, the place between the two pieces, is a number from 0 to 1"):
        crossfade(A, B, t)
