import pytest

from latentpalette.errors import MusicError
from latentpalette.music import chords


def test_the_49_triads_are_numbered_by_kind_and_root():
    assert [chords.triad_class(symbol) for symbol in ("N.C.", "C", "B", "Cm", "C+", "Bdim")] == [0, 1, 12, 13, 25, 48]


def test_flats_and_sharps_are_the_same_key_on_the_keyboard():
    assert chords.triad_class("Db") == chords.triad_class("C#")
    assert chords.triad_class("Cb") == chords.triad_class("B")


def test_the_chords_of_a_cadence_are_inferred():
    chord_pitches = {"C": (60, 64, 67), "F": (60, 65, 69), "G": (59, 62, 67), "Am": (57, 60, 64)}
    cadence = ["C", "Am", "F", "G", "C"]
    notes = [(pitch, 8 * index, 8 * index + 8) for index, name in enumerate(cadence) for pitch in chord_pitches[name]]
    assert chords.infer_chords(*zip(*notes, strict=True), chord_length=8.0) == cadence


def test_silence_has_no_chords():
    assert chords.infer_chords([], [], [], chord_length=8.0) == []


def test_a_piece_of_too_many_chords_is_refused():
    with pytest.raises(MusicError, match="1001"):
        chords.infer_chords([60], [0.0], [8008.0], chord_length=8.0)
