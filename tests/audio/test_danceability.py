"""Danceability: our estimate beside Essentia's, and what it makes of rhythms."""

from __future__ import annotations

import json

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.audio import danceability as module
from latentpalette.audio.danceability import danceability, danceability_of_envelope, envelope
from latentpalette.errors import MusicError, SoundError
from tests.vectors.danceability import FILE, SIGNALS, clicks, make, noise, seconds

ESSENTIA = json.loads(FILE.read_text(encoding="utf-8"))["danceability"]
FOUR_ON_THE_FLOOR = lp.NoteSequence.from_steps({"kick": [0, 4, 8, 12, 16, 20, 24, 28]}, steps=32)
SPARSE = lp.NoteSequence.from_steps({"crash": [0], "kick": [11, 29]}, steps=32)


@pytest.mark.parametrize("name", SIGNALS)
def test_it_is_what_essentia_says(name):
    rate, samples = make(name)
    assert danceability(samples, rate) == pytest.approx(ESSENTIA[name], rel=2e-4, abs=1e-6)


def test_the_vectors_are_of_all_signals():
    assert list(ESSENTIA) == list(SIGNALS)


def test_the_strength_is_the_standard_deviation_in_ten_milliseconds():
    samples = noise(1)
    assert envelope(samples, 44_100)[7] == pytest.approx(np.std(samples[7 * 441 : 8 * 441], ddof=1))
    assert len(envelope(samples[:-1], 44_100)) == 99


def test_a_long_envelope_is_measured_in_blocks_as_if_at_once(monkeypatch):
    strength = np.random.default_rng(0).random(20_000)
    at_once = danceability_of_envelope(strength)
    monkeypatch.setattr(module, "_BLOCK", 1000)
    assert danceability_of_envelope(strength) == pytest.approx(at_once, rel=1e-9)


def test_loudness_does_not_count():
    samples = clicks(20, 0.5) * (1 + seconds(20) % 3)
    assert danceability(samples / 1000, 44_100) == pytest.approx(danceability(samples, 44_100))


def test_channels_are_averaged():
    samples = clicks(20, 0.5)
    assert danceability(np.stack([samples, np.zeros_like(samples)]), 44_100) == pytest.approx(
        danceability(samples, 44_100)
    )


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(44_100), np.full(441_000, 0.3), noise(0.32), noise(0.01)])
def test_where_there_is_nothing_to_measure_it_is_zero(samples):
    assert danceability(samples, 44_100) == 0


def test_steady_beats_are_more_danceable_than_beats_that_come_and_go():
    assert ESSENTIA["clicks, 120 a minute"] > ESSENTIA["clicks off the beat"]
    steady, sparse = lp.danceability([FOUR_ON_THE_FLOOR, SPARSE])
    assert steady > 1.5 * sparse > 0


def test_a_loop_is_measured_as_it_is_played_again_and_again():
    twice = lp.concatenate([FOUR_ON_THE_FLOOR, FOUR_ON_THE_FLOOR])
    assert lp.danceability(FOUR_ON_THE_FLOOR) == pytest.approx(lp.danceability(twice), rel=1e-3)


def test_a_rendered_sound_is_measured_without_repetition():
    sound = FOUR_ON_THE_FLOOR.sound()
    assert lp.danceability(sound) == danceability(sound.samples, sound.rate)
    assert lp.danceability(sound) != lp.danceability(FOUR_ON_THE_FLOOR)


def test_music_without_steps_is_zero_and_of_no_music_there_is_none():
    assert lp.danceability(lp.NoteSequence()) == 0
    assert lp.danceability([]).shape == (0,)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((np.zeros(9),), "samples with their rate"),
        ((5,), "samples with their rate"),
        ((np.zeros(9), 0), "A sample rate .* is a number from 8000"),
        ((np.zeros(9), float("nan")), "A sample rate"),
        ((np.zeros(9), "CD"), "A sample rate"),
        ((np.zeros((2, 2, 9)), 44_100), r"\[channels, n\]; got an array of shape \(2, 2, 9\)"),
        ((5.0, 44_100), r"got an array of shape \(\)"),
        ((np.full(44_100, np.nan), 44_100), "there is NaN or infinity"),
        ((np.full(44_100, np.inf), 44_100), "there is NaN or infinity"),
        (("loud", 44_100), "Each sample is a number"),
        (([1j] * 9, 44_100), "Each sample is a number"),
        ((np.zeros(8_000 * 3_601, np.int8), 8_000), "more than an hour"),
    ],
)
def test_what_is_no_sound_is_refused(arguments, problem):
    with pytest.raises(SoundError, match=problem):
        danceability(*arguments)


@pytest.mark.parametrize("strength", ["loud", [np.nan], [[1.0]], 5, None, [np.inf] * 100, np.zeros(360_001)])
def test_what_is_no_envelope_is_refused(strength):
    with pytest.raises(SoundError):
        danceability_of_envelope(strength)


@pytest.mark.parametrize("samples", [noise(10) * 1e300, noise(10).astype(np.float32) * np.float32(1e38)])
def test_numbers_too_large_to_square_are_refused(samples):
    with pytest.raises(SoundError, match=r"up to 1e\+30"):
        danceability(samples, 44_100)


def test_what_is_no_music_is_refused():
    with pytest.raises(MusicError, match="Music to estimate the danceability of"):
        lp.danceability([5])
