"""Held sounds against what the engine plays when it holds the same note."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.audio import synth
from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.audio.held_sounds import sampled_pitches
from latentpalette.audio.kit import kit_of
from latentpalette.audio.loops import find_loop, join_loop
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream

# Piano, electric piano, xylophone, organ, guitar, bass, strings, trumpet, flute, a synthesizer's lead.
PROGRAMS = [0, 4, 13, 16, 24, 33, 48, 56, 73, 80]
SUSTAINED = {16, 48, 56, 73, 80}


def held(sound, seconds):
    """What a browser plays of a held sound: its loop repeats, each time softer."""
    frames = round(seconds * SAMPLE_RATE)
    parts = [sound.samples]
    if sound.loop_start is not None:
        loop = sound.samples[sound.loop_start :]
        parts += [loop * sound.decay**lap for lap in range(1, 2 + frames // len(loop))]
    return np.pad(np.concatenate(parts), (0, frames))[:frames]


def rendered(pitch, program, seconds, soundfont):
    sequence = NoteSequence([Note(pitch, 0, 32, 127, program=program)], 32, qpm=480 / seconds)
    return synth.render(sequence, soundfont=soundfont, loudness=None).samples[:, : round(seconds * SAMPLE_RATE)]


def level(samples):
    return 10 * np.log10(np.mean(np.sum(np.atleast_2d(samples) ** 2, axis=0)) + 1e-12)


def frequency_of(signal):
    """By the lag at which a signal is most like itself."""
    spectrum = np.abs(np.fft.rfft(signal, 2 * len(signal))) ** 2
    likeness = np.fft.irfft(spectrum)[: len(signal)]
    first = SAMPLE_RATE // 2000
    lag = first + int(np.argmax(likeness[first : SAMPLE_RATE // 40]))
    before, at, after = likeness[lag - 1 : lag + 2]
    return SAMPLE_RATE / (lag + (before - after) / (2 * (before - 2 * at + after)))


def sounds_of(program, soundfont, low=48, high=72):
    (stream,) = kit_of([Stream("melody", program=program, low=low, high=high)], soundfont=soundfont).streams
    return stream.sounds


@pytest.mark.parametrize("low", range(21, 30))
@pytest.mark.parametrize("high", [30, 59, 60, 61, 108])
def test_every_pitch_is_a_semitone_from_a_sampled_one_which_is_in_the_range(low, high):
    pitches = sampled_pitches(low, high)
    assert low <= min(pitches)
    assert max(pitches) <= high
    assert all(min(abs(pitch - sampled) for sampled in pitches) <= 1 for pitch in range(low, high + 1))
    assert len(pitches) <= (high - low) / 3 + 2


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_note_of_two_seconds_has_the_level_of_the_engine(soundfont, program):
    for sound in sounds_of(program, soundfont):
        ours, theirs = held(sound, 2.0), rendered(sound.pitch, program, 2.0, soundfont)
        beats = program in (48, 80)  # voices that beat for seconds: a loop has a part of that
        assert level(ours[:22_050]) == pytest.approx(level(theirs[:, :22_050]), abs=1.5 if beats else 0.5), sound.pitch
        assert level(ours) == pytest.approx(level(theirs), abs=2.5 if beats else 1.5), sound.pitch


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_sustained_note_stays_and_a_plucked_one_fades(soundfont, program):
    for sound in sounds_of(program, soundfont):
        notes = held(sound, 6.0)
        change = level(notes[-SAMPLE_RATE:]) - level(notes[SAMPLE_RATE // 2 : SAMPLE_RATE * 3 // 2])
        assert (abs(change) < 3) if program in SUSTAINED else (change < -6), (sound.pitch, change)


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_clicks_where_a_loop_repeats(soundfont, program):
    for sound in sounds_of(program, soundfont):
        if sound.loop_start is None:
            continue
        notes, end, length = held(sound, 6.0), len(sound.samples), len(sound.samples) - sound.loop_start
        curvature = np.abs(np.diff(notes, 2))
        assert curvature[end - 5 : end + 5].max() <= 1.1 * curvature[end - length : end + length].max()
        assert curvature[end - 5 : end + 5].max() <= 1.5 * curvature[sound.loop_start : end - 100].max()


@pytest.mark.parametrize("program", [0, 16, 33, 56, 73])
def test_the_pitch_stays_while_the_loop_repeats(soundfont, program):
    for sound in sounds_of(program, soundfont, low=55, high=67):
        notes = held(sound, 4.0)
        played = rendered(sound.pitch, program, 4.0, soundfont).mean(axis=0)[SAMPLE_RATE // 2 : SAMPLE_RATE]
        late = notes[2 * SAMPLE_RATE : 5 * SAMPLE_RATE // 2]
        assert 1200 * np.log2(frequency_of(late) / frequency_of(played)) == pytest.approx(0, abs=10), sound.pitch


def test_a_release_is_that_of_the_instrument(soundfont):
    releases = {program: sounds_of(program, soundfont)[4].release for program in (33, 16, 73, 0, 48)}
    assert list(releases) == sorted(releases, key=releases.get)  # bass, organ, flute, piano, strings
    assert 0.05 < releases[33] < 0.2 < releases[73] < 0.5 < releases[48]


def test_a_sound_that_falls_silent_by_itself_needs_no_loop(soundfont):
    for sound in sounds_of(13, soundfont):  # a xylophone
        assert sound.loop_start is None
        assert abs(sound.samples[-1]) < 1e-3 * np.abs(sound.samples).max()


def test_a_loop_of_a_sound_that_moves_is_joined_at_its_own_level():
    random = np.random.default_rng(0)
    noise = random.standard_normal(2 * SAMPLE_RATE)
    loop = find_loop(noise, 100)
    joined = join_loop(noise, loop, 1.0)
    seam = joined[loop.stop - loop.fade : loop.stop]
    assert np.mean(seam**2) == pytest.approx(1, abs=0.25)
    assert joined[-1] == pytest.approx(noise[loop.start - 1], abs=0.05)
