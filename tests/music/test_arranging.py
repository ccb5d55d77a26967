"""Music in another key, at the same time as other music, and apart by instrument."""

from __future__ import annotations

import pytest

from latentpalette.errors import MusicError
from latentpalette.music.arranging import change_instrument, overlay, split_instruments, transpose
from latentpalette.music.presets.catalog import presets
from latentpalette.music.sequence import Note, NoteSequence

KICK = NoteSequence.from_steps({"kick": [0]}, steps=16)
TUNE = NoteSequence([Note(60, 0, 4), Note(64, 16, 4, program=73)], steps=32, qpm=90)


def test_a_tune_is_moved_and_its_rhythm_and_tempo_stay():
    higher = transpose(TUNE, 7)
    assert [note.pitch for note in higher.notes] == [67, 71]
    assert transpose(higher, -7) == TUNE


def test_drums_stay_where_the_other_instruments_are_moved():
    band = presets("trio")["Rock band"]
    parts, lower = split_instruments(band), split_instruments(transpose(band, -3))
    assert lower["drums"] == parts["drums"]
    bass = "Electric Bass (finger)"
    moved = [after.pitch - before.pitch for before, after in zip(parts[bass].notes, lower[bass].notes, strict=True)]
    assert set(moved) == {-3}


def test_a_pitch_out_of_range_is_refused_with_what_is_possible():
    with pytest.raises(MusicError, match=r"60 to 64 cannot be moved by 64 semitones.*Move by -60 to 63\."):
        transpose(TUNE, 64)
    assert transpose(TUNE, 63).notes[1].pitch == 127


@pytest.mark.parametrize("semitones", [1.5, "2", None, 128])
def test_semitones_are_a_whole_number(semitones):
    with pytest.raises(MusicError, match="semitones"):
        transpose(TUNE, semitones)


def test_another_instrument_plays_all_but_the_drums():
    band = change_instrument("Rock band", "flute")
    assert list(split_instruments(band)) == ["Flute", "drums"]
    assert change_instrument("Rock band", 73) == band


@pytest.mark.parametrize(
    ("instrument", "message"),
    [
        ("Acoustic Bas", "Did you mean 'Acoustic Bass'"),
        ("theremin of the moon", "No instrument of General MIDI is called 'theremin of the moon'"),
        (128, "128"),
        (1.5, "1.5"),
        (None, "None"),
    ],
)
def test_an_instrument_that_is_none_is_refused_with_the_nearest(instrument, message):
    with pytest.raises(MusicError, match=message):
        change_instrument(TUNE, instrument)


def test_layers_sound_at_the_same_time_and_the_shorter_is_repeated():
    both = overlay([KICK, TUNE])
    assert [(note.step, note.pitch) for note in both.notes] == [(0, 36), (0, 60), (16, 36), (16, 64)]
    assert (both.steps, both.qpm) == (32, 120)  # as long as the longest, at the tempo of the first


def test_an_overlay_of_a_given_length_cuts_what_is_longer():
    assert overlay([KICK, TUNE], steps=16).notes == overlay([KICK, TUNE.slice(0, 16)]).notes
    assert [note.step for note in overlay([KICK], steps=40).notes] == [0, 16, 32]


def test_an_overlay_of_nothing_is_empty():
    assert overlay([]) == NoteSequence()
    assert overlay([NoteSequence(), KICK], steps=16).notes == KICK.notes


def test_one_sequence_alone_is_no_list_of_layers():
    with pytest.raises(MusicError, match="A list of sequences"):
        overlay(KICK)


def test_instruments_are_split_from_the_highest_to_the_drums_and_nothing_is_lost():
    parts = split_instruments("Rock band")
    assert list(parts) == ["Acoustic Grand Piano", "Electric Bass (finger)", "drums"]
    assert overlay(parts.values()) == presets("trio")["Rock band"]


def test_silence_has_no_instrument():
    assert split_instruments(NoteSequence(steps=32)) == {}
