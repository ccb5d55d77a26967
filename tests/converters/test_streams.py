"""Semantics of a stream's labels, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np

from latentpalette.converters.streams import DrumStream, MelodyStream

DRUMS, MELODY = DrumStream.from_map("reduced"), MelodyStream("melody", 90)


def test_drum_features_are_counts():
    loop = np.zeros((1, 32), int)
    loop[0, [0, 8, 17]] = [1, 3, 1]
    features = DrumStream("drums", 4, ("kick", "snare")).features(loop)
    assert {name: values[0] for name, values in features.items()} == {
        "hits": 4,
        "sounding steps": 3,
        "hits between eighths": 1,
        "steps that differ between bars": 3,
        "16th-note syncopation": 1 / 3,
        "8th-note syncopation": 0,
        "kick": 3,
        "snare": 1,
    }


def test_a_silent_bar_and_a_bar_of_one_label_are_static():
    varied = [1, 0] * 8
    windows = np.array([varied + [0] * 16, [4] * 16 + varied, varied + varied])
    assert DRUMS.has_static_bar(windows).tolist() == [True, True, False]


def test_a_long_note_is_not_static_but_a_note_repeated_at_every_step_is():
    sustained, repeated, silence = [41] + [0] * 31, [41] * 16 + [0] * 16, [0] * 32
    assert MELODY.has_static_bar(np.array([sustained, repeated, silence])).tolist() == [False, True, False]


def test_a_note_is_counted_as_a_hit_at_its_onset_and_pitch():
    # Targets: 41 at 0, 45 at 3. Predictions: 41 at 0, 44 at 3, 50 at 2.
    targets, predictions = np.array([[41, 0, 1, 45]]), np.array([[41, 0, 50, 44]])
    assert MELODY.hit_counts(predictions, targets) == (1, 3, 2)


def test_melody_features_are_computed_note_by_note():
    melodies = np.zeros((2, 32), int)
    melodies[0, [0, 3, 8, 20]] = [41, 45, 41, 1]  # C4, E4, C4, note-off; the second melody is silence
    assert {name: values.tolist() for name, values in MELODY.features(melodies).items()} == {
        "notes": [3, 0],
        "different pitches": [2, 0],
        "mean pitch": [(60 + 64 + 60) / 3, 0],
        "steps that differ between bars": [4, 0],
        "note density": [3 / 32, 0],
        "C diatonic": [1, 0],
        "average interval": [4, 0],
        "16th-note syncopation": [1 / 3, 0],
        "8th-note syncopation": [0, 0],
        "range": [4, 0],
    }
