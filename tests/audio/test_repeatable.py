from __future__ import annotations

import numpy as np
import pytest

from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.audio.leveling import TARGET_LOUDNESS
from latentpalette.audio.repeatable import RepeatableSound, render_repeatable
from latentpalette.audio.sound import Sound
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence
from tests.audio import audio_metrics


def drums(*hits, steps=16, qpm=120.0):
    """Make a sequence of drum hits (pitch, step[, offset])."""
    return NoteSequence([Note(pitch, step, 1, 100, *offset, is_drum=True) for pitch, step, *offset in hits], steps, qpm)


def played(sequence: NoteSequence, repeatable: RepeatableSound, passes: int) -> Sound:
    """Play a sequence several times, as a browser does; frame 0 is the first step."""
    music = round(sequence.seconds * SAMPLE_RATE)
    out = np.zeros((2, (passes + 3) * music + repeatable.sound.samples.shape[1]), np.float32)
    for number in range(passes):
        start = (number + 1) * music - repeatable.lead
        out[:, start : start + repeatable.sound.samples.shape[1]] += repeatable.sound.samples
    return Sound(out[:, music:], SAMPLE_RATE)


def envelope(samples: np.ndarray) -> np.ndarray:
    """The level of each five milliseconds: attacks of FluidSynth vary by up to ten frames."""
    frames = samples.shape[1] // 220 * 220
    return np.sqrt((samples[:, :frames].reshape(2, -1, 220) ** 2).mean(axis=(0, 2)))


@pytest.mark.parametrize(
    "loop",
    [
        drums((36, 0), (38, 4), (45, 10), (38, 12)),
        drums((46, 14), (42, 0)),
        drums((49, 8), (42, 0, -0.4), (38, 4, 0.3)),
        NoteSequence([Note(60, 0, 4), Note(64, 12, 4), Note(67, 14, 6)], 16),
    ],
    ids=["tails", "an open hat that is choked", "an early first hit", "a tune whose last note is held over"],
)
def test_started_again_and_again_it_is_the_loop_that_is_saved_to_a_file(loop):
    saved = loop.sound(loop=True)
    frames = saved.samples.shape[1]
    again = played(loop, render_repeatable(loop), 6).samples[:, 4 * frames :][:, :frames]
    assert np.corrcoef(envelope(again), envelope(saved.samples))[0, 1] > 0.995


def test_an_early_first_hit_comes_before_the_first_step_each_time():
    loop = drums((42, 0, -0.4))
    repeatable = render_repeatable(loop)
    assert repeatable.lead == pytest.approx(0.4 / 8 * SAMPLE_RATE, abs=1)
    starts = audio_metrics.onsets(played(loop, repeatable, 4))
    assert starts[-3:] == pytest.approx([2 - 0.05, 4 - 0.05, 6 - 0.05], abs=0.003)


def test_the_tail_is_there_for_as_long_as_it_is_audible():
    hats, crash = drums((42, 0), (42, 8)), drums((42, 0), (49, 12))
    seconds = [render_repeatable(loop).sound.seconds for loop in (hats, crash)]
    assert 2 < seconds[0] < 2.2
    assert 3 < seconds[1] < 8


def test_at_the_end_of_a_piece_an_open_hat_rings_on():
    piece = drums((46, 14), (42, 0), steps=16)
    ends = [render_repeatable(piece, repeats=repeats).sound for repeats in (True, False)]
    levels = [audio_metrics.rms(sound, 2.08, 2.12) for sound in ends]
    assert levels[0] < 0.5 * levels[1]


def test_a_loop_that_repeats_is_as_loud_as_all_music_and_its_peaks_leave_room():
    for loop in list(presets().values())[:6]:
        frames = round(loop.seconds * SAMPLE_RATE)
        sound = Sound(played(loop, render_repeatable(loop), 4).samples[:, frames : 4 * frames], SAMPLE_RATE)
        assert sound.loudness == pytest.approx(TARGET_LOUDNESS, abs=1)
        assert sound.true_peak < -1


@pytest.mark.parametrize("steps", [0, 16])
def test_silence_is_silent_and_lasts(steps):
    repeatable = render_repeatable(NoteSequence(steps=steps))
    assert repeatable.lead == 0
    assert repeatable.sound.seconds >= NoteSequence(steps=steps).seconds
    assert not repeatable.sound.samples.any()
