"""Copies are found note for note, in any key, and with two notes changed; nothing else is a copy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters.melody import FIRST_NOTE_ON, NOTE_OFF, NUM_CLASSES
from latentpalette.converters.streams import DrumStream, MelodyStream
from latentpalette.evaluation.copies import CopyFinder, count_changed_notes, note_columns

DRUMS, MELODY = DrumStream.from_map("reduced"), MelodyStream("melody", NUM_CLASSES)


def loops(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 512, (n, 32, 1))


def tune(*pitches: int) -> np.ndarray:
    labels = np.zeros((1, 32, 1), np.int64)
    labels[0, : 3 * len(pitches) : 3, 0] = FIRST_NOTE_ON + np.array(pitches)
    return labels


@given(st.lists(st.tuples(st.integers(0, 31), st.integers(0, 8)), unique=True, max_size=5), st.integers(0, 19))
def test_a_loop_is_as_far_from_the_nearest_as_hits_were_changed(changes, index):
    training = loops(20)
    changed = training[index : index + 1].copy()
    for step, drum in changes:
        changed[0, step, 0] ^= 1 << drum
    assert CopyFinder(training, (DRUMS,)).distances(changed)[0] == min(len(changes), 3)


def test_the_shares_of_copies_are_those_of_all_windows():
    training = loops(20)
    windows = np.concatenate([training[:2], training[2:4] ^ 1, loops(4, 1)])
    windows[2:4, 2:] = training[2:4, 2:]  # two hits differ
    copies = CopyFinder(training, (DRUMS,)).find(windows)
    assert (copies.identical, copies.near) == (2 / 8, 4 / 8)


def test_a_melody_in_another_key_is_a_copy():
    finder = CopyFinder(tune(40, 42, 44, 45, 47, 45, 44), (MELODY,))
    distances = [finder.distances(other)[0] for other in (
        tune(45, 47, 49, 50, 52, 50, 49),
        tune(40, 42, 44, 45, 47, 45, 48),
        tune(40, 42, 44, 41, 43, 46, 45),
    )]  # fmt: skip
    assert distances == [0, 1, 3]


def test_where_a_note_ends_makes_no_difference():
    held, short = tune(40, 45, 47), tune(40, 45, 47)
    short[0, 2, 0] = NOTE_OFF
    assert CopyFinder(held, (MELODY,)).distances(short).tolist() == [0]


def test_silence_is_a_copy_of_silence_alone():
    finder = CopyFinder(np.zeros((1, 32, 1), np.int64), (MELODY,))
    assert finder.distances(np.concatenate([np.zeros((1, 32, 1), np.int64), tune(40, 42, 44)])).tolist() == [0, 3]


def test_notes_of_all_streams_count():
    window = np.concatenate([tune(40, 42), loops(1)], -1)
    other = window.copy()
    other[0, 0, 0] += 0
    other[0, 3, 0] += 1
    other[0, 5, 1] ^= 3
    finder = CopyFinder(window, (MELODY, DRUMS))
    assert note_columns(window, (MELODY, DRUMS)).shape == (1, 32, 10)
    assert finder.distances(other).tolist() == [3]


def test_changes_along_a_path_are_counted_at_their_own_pitch():
    path = np.stack([tune(40, 42), tune(41, 43), tune(41)], 1)  # [1, 3, 32, 1]
    assert count_changed_notes(path, (MELODY,)).tolist() == [[2, 1]]


@pytest.mark.parametrize("steps", [16, 32, 256])
def test_windows_of_any_length_have_copies(steps):
    windows = np.random.default_rng(0).integers(0, 512, (3, steps, 1))
    assert CopyFinder(windows, (DRUMS,)).find(windows).identical == 1.0
