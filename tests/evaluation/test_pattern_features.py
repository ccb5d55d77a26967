"""Patterns of drums and melodies are counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters.melody import FIRST_NOTE_ON, NUM_CLASSES
from latentpalette.converters.streams import DrumStream, MelodyStream
from latentpalette.evaluation.pattern_features import LAGS, drum_patterns, melody_patterns
from latentpalette.evaluation.window_features import feature_groups

DRUMS, MELODY = DrumStream.from_map("reduced"), MelodyStream("melody", NUM_CLASSES)


def melody(pitches: list[int], distance: int = 4, steps: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Return labels of notes that sound until the next, and what sounds at each step."""
    labels = np.zeros((1, steps), np.int64)
    labels[0, : distance * len(pitches) : distance] = FIRST_NOTE_ON + np.array(pitches)
    return labels, np.repeat(FIRST_NOTE_ON + np.array(pitches), steps // len(pitches))[None]


def test_drums_at_once_and_one_after_the_other_are_counted():
    hits = np.zeros((1, 32, 9), int)
    hits[0, ::8, 0] = hits[0, ::8, 2] = hits[0, 1::8, 1] = 1
    groups = drum_patterns(hits)
    together, next_step = groups["together"][0, :81].reshape(9, 9), groups["followers"][0, :81].reshape(9, 9)
    assert (together[0, 2], together[0, 1], together[0, 0]) == (4, 0, 4)
    assert (next_step[0, 1], next_step[2, 1], next_step[1, 0]) == (4, 4, 0)
    assert groups["positions"][0, : 16 * 9].reshape(16, 9)[[0, 1, 8], [0, 1, 0]].tolist() == [2, 2, 2]


def test_repetition_is_the_share_of_steps_that_come_again():
    labels, sounding = melody([40, 42] * 4)
    repetition = melody_patterns(labels, sounding)["repetition"][0].reshape(3, -1)
    lags = [lag for lag in LAGS if lag < 32]
    assert repetition[0, lags.index(8)] == 1.0
    assert repetition[0, lags.index(4)] == pytest.approx(21 / 28)  # the rests between
    assert repetition[2, lags.index(4)] == 0.0


def test_a_scale_begins_at_its_tonic_wherever_the_melody_begins():
    labels, sounding = melody([47, 45, 43, 41, 40, 42, 43, 43])  # two notes that are not in one scale with the rest
    major, sounding_major = melody([40, 42, 44, 45, 47, 49, 51, 52])
    groups = melody_patterns(major, sounding_major)
    assert groups["scale"][0].tolist() == [8, 0, 4, 0, 4, 4, 0, 4, 0, 4, 0, 4]
    assert groups["line"][0, :4].tolist() == [1.0, 0, 0, 12]
    assert melody_patterns(labels, sounding)["line"][0, 0] < 1.0


@given(st.lists(st.integers(20, 60), min_size=1, max_size=8), st.integers(-15, 15))
def test_patterns_are_the_same_in_any_key(pitches, interval):
    one, other = melody(pitches, steps=32 if len(pitches) in (1, 2, 4, 8) else len(pitches) * 4), None
    other = melody([pitch + interval for pitch in pitches], steps=one[0].shape[1])
    for a, b in zip(melody_patterns(*one).values(), melody_patterns(*other).values(), strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize("steps", [16, 32, 64, 256])
def test_groups_of_features_are_finite_whatever_the_window(steps):
    rng = np.random.default_rng(0)
    labels = np.stack([rng.integers(0, NUM_CLASSES, (5, steps)), rng.integers(0, 512, (5, steps))], -1)
    labels[0] = 0
    groups = feature_groups(labels, (MELODY, DRUMS))
    assert all(len(values) == 5 and np.isfinite(values).all() for values in groups.values())
    assert sum(values.shape[1] for values in groups.values()) < 3000
