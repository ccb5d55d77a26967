"""One loudness for all music: -16 LUFS within 2 dB, and a true peak below -1 dB."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.audio import synth
from latentpalette.audio.leveling import CEILING, KNEE, MAX_TRUE_PEAK, TARGET_LOUDNESS, match_loudness, soft_limit
from latentpalette.audio.sound import Sound
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence

RATE = 44_100


def tune(program=0, velocity=100, pitches=(60, 64, 67, 72, 71, 67, 64, 62)):
    return NoteSequence([Note(pitch, 4 * at, 4, velocity, program=program) for at, pitch in enumerate(pitches)], 32)


def trio():
    drums = presets()["Rock steady"].notes
    bass = [Note(36 + at % 3, 4 * at, 4, 90, program=33) for at in range(8)]
    return NoteSequence([*drums, *bass, *tune().notes], 32)


def humanized(seed=0):
    """A groove with ghost notes and microtiming."""
    rng = np.random.default_rng(seed)
    notes = [
        Note(pitch, step, velocity=int(rng.integers(20, 127)), offset=float(rng.uniform(-0.3, 0.3)), is_drum=True)
        for pitch, steps in ((36, range(0, 32, 8)), (38, range(4, 32, 8)), (42, range(0, 32, 2)))
        for step in steps
    ]
    return NoteSequence(notes, 32)


PIECES = {
    **{name: presets()[name] for name in ("Four on the floor", "Boom bap", "Half-time", "Samba")},
    "melody": tune(),
    "soft melody": tune(velocity=30),
    "flute": tune(73),
    "violin": tune(40),
    "low bass": tune(33, pitches=(28, 28, 31, 33)),
    "one piano note": NoteSequence([Note(60, 0, 4)], 32),
    "one kick": NoteSequence([Note(36, 0, is_drum=True)], 32),
    "hats alone": NoteSequence([Note(42, 2 * at, is_drum=True) for at in range(16)], 32),
    "trio": trio(),
    "groove": humanized(),
}


@pytest.mark.parametrize("name", PIECES)
def test_everything_is_equally_loud_and_below_the_true_peak(name, engine, soundfont):
    for loop in (False, True):
        sound = synth.render(PIECES[name], engine=engine, soundfont=soundfont, loop=loop)
        assert sound.loudness == pytest.approx(TARGET_LOUDNESS, abs=1.0)
        assert sound.true_peak < -1


@pytest.mark.parametrize("name", ["Boom bap", "Samba", "melody", "trio", "groove"])
def test_every_file_and_the_player_of_a_notebook_have_that_loudness_too(name, tmp_path, soundfont):
    sound = synth.render(PIECES[name], soundfont=soundfont)
    files = {suffix: sound.save(tmp_path / f"a{suffix}").read_bytes() for suffix in (".wav", ".mp3", ".flac", ".ogg")}
    for data in (*files.values(), sound.to_audio_bytes()[0]):
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
        decoded = Sound(np.ascontiguousarray(samples.T), rate)
        assert decoded.loudness == pytest.approx(sound.loudness, abs=0.3)
        assert decoded.true_peak < -1


def test_velocities_keep_their_relations_within_a_piece(engine, soundfont):
    notes = [Note(69, 0, 4, 100, program=73), Note(69, 16, 4, 50, program=73)]
    sound = synth.render(NoteSequence(notes, 32), engine=engine, soundfont=soundfont).samples
    loud, soft = (
        np.sqrt(np.mean(sound[:, start : start + RATE // 4] ** 2)) for start in (RATE // 8, 2 * RATE + RATE // 8)
    )
    assert 20 * np.log10(loud / soft) == pytest.approx(40 * np.log10(2), abs=0.5)


def test_a_soft_piece_and_a_loud_one_are_equally_loud_but_not_at_the_engines_fixed_gain(engine, soundfont):
    pieces = tune(velocity=40), tune(velocity=110)
    soft, loud = (synth.render(piece, engine=engine, soundfont=soundfont).loudness for piece in pieces)
    assert soft == pytest.approx(loud, abs=0.2)
    soft, loud = (synth.render(piece, engine=engine, soundfont=soundfont, loudness=None).loudness for piece in pieces)
    assert loud - soft == pytest.approx(40 * np.log10(110 / 40), abs=0.5)


def test_another_loudness_can_be_named(engine, soundfont):
    assert synth.render(tune(), engine=engine, soundfont=soundfont, loudness=-23).loudness == pytest.approx(
        -23, abs=0.1
    )


def test_music_that_is_hardly_there_gets_forty_decibels_and_no_more(engine, soundfont):
    piece = tune(velocity=1)
    raw = synth.render(piece, engine=engine, soundfont=soundfont, loudness=None).samples
    leveled = synth.render(piece, engine=engine, soundfont=soundfont).samples
    assert np.abs(leveled).max() == pytest.approx(100 * np.abs(raw).max(), rel=1e-4)


def test_a_short_loop_is_as_loud_as_a_long_one(engine, soundfont):
    for steps, qpm in ((1, 240), (2, 240), (4, 120)):
        loop = NoteSequence([Note(60, 0, steps)], steps, qpm)
        sound = synth.render(loop, engine=engine, soundfont=soundfont, loop=True)
        repeated = np.tile(sound.samples, (1, 40))
        assert Sound(repeated, RATE).loudness == pytest.approx(TARGET_LOUDNESS, abs=2), (steps, qpm)
        assert sound.true_peak < -1


@pytest.mark.parametrize("hits", [(0,), (0, 16, 32, 48)])
@pytest.mark.parametrize("pitch", [37, 75, 76, 77])  # side stick, claves, wood blocks
def test_strokes_with_long_rests_are_as_loud_as_all_music(pitch, hits, engine, soundfont):
    clicks = NoteSequence([Note(pitch, step, is_drum=True) for step in hits], 64)
    sound = synth.render(clicks, engine=engine, soundfont=soundfont)
    assert sound.loudness == pytest.approx(TARGET_LOUDNESS, abs=2)
    assert sound.true_peak < -1


def test_what_no_true_peak_allows_stays_softer_but_uses_all_there_is(engine, soundfont):
    sound = synth.render(NoteSequence([Note(85, 0, is_drum=True)], 64), engine=engine, soundfont=soundfont)
    assert -24 < sound.loudness < -16
    assert sound.true_peak == pytest.approx(MAX_TRUE_PEAK, abs=0.1)


@pytest.mark.parametrize("milliseconds", [1, 3, 10, 40])
def test_a_click_is_as_loud_as_its_true_peak_allows(milliseconds):
    time = np.arange(4 * RATE) / RATE
    click = np.where(time < milliseconds / 1000, np.sin(2 * np.pi * 2000 * time), 0).astype(np.float32)
    sound = Sound(match_loudness(np.stack([click, click]) * 0.1, RATE), RATE)
    assert sound.true_peak < -1
    assert sound.loudness > TARGET_LOUDNESS - 2 or sound.true_peak > MAX_TRUE_PEAK - 0.5


def test_silence_stays_silence():
    for frames in (0, 1, 44_100):
        assert not match_loudness(np.zeros((2, frames), np.float32), RATE).any()


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=50))
def test_the_limiter_keeps_the_order_of_samples_and_never_passes_its_ceiling(levels):
    samples = np.sort(np.array(levels, np.float32))
    limited = soft_limit(samples)
    assert np.all(np.diff(limited) >= 0)
    assert np.all(np.abs(limited) <= np.float32(CEILING))
    assert np.array_equal(limited[np.abs(samples) <= KNEE], samples[np.abs(samples) <= KNEE])
    assert np.array_equal(soft_limit(-samples), -limited)
