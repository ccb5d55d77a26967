import numpy as np

from latentpalette.music import midi
from latentpalette.music.score import Score
from latentpalette.music.section import Section
from latentpalette.music.sequence import Note, NoteSequence

PIECE = NoteSequence(
    [
        Note(60, 0, 4, velocity=70, offset=0.25),
        Note(64, 8, 8, program=33),
        Note(36, 4, is_drum=True, offset=-0.25),
        Note(67, 40, 8),
    ],
    steps=64,
    qpm=96,
)


def test_the_score_of_a_sequence_is_that_of_its_file():
    score, expected = Score.from_sequence(PIECE), midi.read_score(midi.to_bytes(PIECE))
    order, expected_order = (np.lexsort((piece.pitch, piece.start)) for piece in (score, expected))
    for column in ("pitch", "velocity", "program", "track", "is_drum"):
        np.testing.assert_array_equal(getattr(score, column)[order], getattr(expected, column)[expected_order])
    for column in ("start", "end", "start_seconds", "end_seconds"):
        np.testing.assert_allclose(getattr(score, column)[order], getattr(expected, column)[expected_order], rtol=1e-5)
    assert (score.length, score.time_signatures) == (expected.length, expected.time_signatures)


def test_quantizing_the_score_of_a_sequence_returns_the_sequence():
    assert Score.from_sequence(PIECE).quantize() == PIECE


def test_a_silent_sequence_has_a_score():
    assert Score.from_sequence(NoteSequence(steps=32)).quantize() == NoteSequence(steps=32)


def test_a_section_has_its_notes_once_and_shows_them_as_sequence_and_tracks():
    (section,) = Score.from_sequence(PIECE).split_on_meter_changes()
    assert section.sequence == PIECE
    tracks = [sequence for _, sequence in section.tracks]
    assert [{(note.is_drum, note.program) for note in track.notes} for track in tracks] == [
        {(False, 0)},
        {(False, 33)},
        {(True, 0)},
    ]
    assert sorted(len(track.notes) for track in tracks) == [1, 1, 2]


def test_the_section_of_a_sequence_is_that_of_its_score():
    section, (expected,) = Section.from_sequence(PIECE), Score.from_sequence(PIECE).split_on_meter_changes()
    assert (section.notes, section.track_numbers, section.steps) == (
        expected.notes,
        expected.track_numbers,
        expected.steps,
    )
    np.testing.assert_array_equal(section.onsets_and_offsets, expected.onsets_and_offsets)
