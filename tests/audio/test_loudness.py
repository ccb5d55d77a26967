"""Loudness and true peak against the signals of EBU Tech 3341 (2016), whose readings the document gives."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.audio.loudness import integrated_loudness, true_peak


def tone(*parts, rate=48_000, frequency=1000.0):
    """A stereo sine whose level changes: (seconds, level [dBFS]) for each part."""
    level = np.concatenate([np.full(round(seconds * rate), 10 ** (decibels / 20)) for seconds, decibels in parts])
    wave = level * np.sin(2 * np.pi * frequency * np.arange(len(level)) / rate)
    return np.stack([wave, wave])


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(20, -23)], -23),
        ([(20, -33)], -33),
        ([(10, -36), (60, -23), (10, -36)], -23),
        ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23),
        ([(20, -26), (20.1, -20), (20, -26)], -23),
    ],
)
def test_the_signals_of_the_ebu_measure_what_they_should(parts, expected, rate):
    assert integrated_loudness(tone(*parts, rate=rate), rate) == pytest.approx(expected, abs=0.1)


def test_a_channel_alone_is_three_decibels_softer_than_two():
    both = tone((3, -20))
    assert integrated_loudness(both[:1], 48_000) == pytest.approx(integrated_loudness(both, 48_000) - 3.01, abs=0.01)


def test_low_frequencies_count_less_and_high_ones_more():
    reference, low, high = (
        integrated_loudness(tone((2, -20), frequency=frequency), 48_000) for frequency in (1000, 25, 6000)
    )
    assert low < reference - 10
    assert reference + 2.5 < high < reference + 4.5


def test_noise_measures_what_pyloudnorm_measures():
    """pyloudnorm 0.2.0 with the filter class DeMan reads the same to a hundredth."""
    rng = np.random.default_rng(0)
    for seconds, expected in ((0.5, -10.810), (1.0, -9.167), (2.03, -9.266), (8, -10.744), (40, -10.721)):
        frames = int(seconds * 44_100)
        swell = 1 + np.sin(np.arange(frames) / 44_100 * 1.7)
        noise = rng.standard_normal((2, frames)) * 0.1 * swell
        assert integrated_loudness(noise, 44_100) == pytest.approx(expected, abs=0.01)


def test_silence_and_nothing_have_no_loudness():
    for frames in (0, 1, 100, 44_100):
        assert integrated_loudness(np.zeros((2, frames)), 44_100) == -np.inf
        assert true_peak(np.zeros((2, frames))) == -np.inf


def test_a_sound_shorter_than_a_block_is_measured_with_silence_after_it():
    short = tone((0.1, -20))
    padded = np.pad(short, ((0, 0), (0, 48_000 * 3 // 10)))
    assert integrated_loudness(short, 48_000) == pytest.approx(integrated_loudness(padded, 48_000), abs=0.01)


def test_where_the_pieces_of_the_filter_meet_makes_no_difference():
    """The same sound, a hop later each time, is as loud as ever."""
    sound = tone((3, -20), (0.5, -60), (2, -26))
    delayed = [np.pad(sound, ((0, 0), (hops * 4800, 48_000))) for hops in range(4, 16)]
    assert np.ptp([integrated_loudness(each, 48_000) for each in delayed]) < 0.02


@pytest.mark.parametrize(("divisor", "phase"), [(4, 0), (4, 45), (6, 60), (8, 67.5)])
def test_the_true_peak_of_a_sine_is_its_amplitude_wherever_its_samples_lie(divisor, phase):
    """EBU Tech 3341, signals 15 to 18: a sine at half of full scale reads -6.0 dBTP, +0.2 or -0.4."""
    frames = np.arange(48_000)
    sine = 0.5 * np.sin(2 * np.pi * frames / divisor + np.deg2rad(phase)) * np.hanning(48_000)
    assert -6.4 < true_peak(np.stack([sine, np.zeros(48_000)])) < -5.8
