"""Accuracies, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.converters.streams import DrumStream, MelodyStream
from latentpalette.evaluation.metrics import PrecisionRecallF1, onset_accuracy, step_accuracy

TARGETS = np.array([[1, 0, 2, 0], [3, 0, 0, 0]])
PREDICTIONS = np.array([[1, 0, 3, 0], [1, 4, 0, 0]])
DRUMS, MELODY = DrumStream.from_map("reduced"), MelodyStream("melody", 90)


def test_a_step_counts_only_if_every_drum_is_right():
    assert step_accuracy(PREDICTIONS, TARGETS) == 5 / 8


def test_onset_accuracy_leaves_silent_steps_out():
    assert onset_accuracy(PREDICTIONS, TARGETS) == 1 / 3
    assert onset_accuracy(np.zeros((1, 4), int), np.zeros((1, 4), int)) == 1.0


def test_hits_are_counted_one_by_one():
    # Targets: kick, snare, kick + snare. Predictions: kick, kick + snare, kick, hat.
    scores = PrecisionRecallF1.from_counts(*DRUMS.hit_counts(PREDICTIONS, TARGETS))
    assert (scores.precision, scores.recall) == (3 / 5, 3 / 4)
    assert scores.f1 == pytest.approx(2 / 3)


def test_silence_predicted_for_silence_is_perfect_and_for_music_worthless():
    silence = np.zeros((1, 4), int)
    assert PrecisionRecallF1.from_counts(*DRUMS.hit_counts(silence, silence)).f1 == 1.0
    assert PrecisionRecallF1.from_counts(*DRUMS.hit_counts(silence, TARGETS[:1])).f1 == 0.0


def test_a_melodys_onsets_are_the_steps_on_which_a_note_begins():
    targets, predictions = np.array([[41, 0, 1, 45]]), np.array([[41, 0, 0, 44]])
    assert onset_accuracy(predictions, targets, MELODY.onsets(targets)) == 1 / 2
    assert step_accuracy(predictions, targets) == 2 / 4


def test_one_true_positive_of_three_predicted_and_two_actual_hits():
    assert PrecisionRecallF1.from_counts(1, 3, 2).f1 == pytest.approx(0.4)
