"""The sounds of a pitched instrument: every third semitone rendered once, with a loop, a decay and a release.

A browser makes the pitches between from the nearest, a semitone away, and holds a note for as long as it lasts. How its
level falls while it is held (the string of a piano) and after its end is measured on longer notes than are recorded.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from latentpalette.audio import synth
from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.audio.loops import MIN_SECONDS, Loop, find_loop, join_loop
from latentpalette.audio.sampled_sound import FULL_VELOCITY_GAIN, VELOCITY, SampledSound, fade_out, mix_to_mono
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream

SEMITONES = 3  # from one sampled pitch to the next
_LONG_SECONDS = 3.0  # of a note that shows how it decays
_PROBED_PARTS = (0.25, 0.5, 0.75)  # of the range: pitches that show whether an instrument's notes decay at all
_NUM_RELEASES = 6  # pitches at which the release is measured
_SHORT_SECONDS = 0.6  # of a note that shows it
_TAIL_SECONDS = 0.8  # after it
_LEVEL_SECONDS = 0.1  # window of a level; longer than a period of the lowest note
_TAIL_LEVEL_SECONDS = 0.02  # window of a level after the end of a note
_COMPARED_LEVELS = 4  # at the beginning of a loop and at the end of a note
_SILENCE_DB = -60.0  # below the peak
_RELEASE_SECONDS = (0.03, 2.0)
_NUM_THREADS = 2  # for the SoundFont player, whose arrays let go of Python's lock; FluidSynth renders one at a time
_FADE_FRACTION = 0.1  # at the end of a sound that falls silent by itself


def sampled_pitches(low: int, high: int) -> list[int]:
    """Return the pitches to render for those from `low` to `high`: none of these is more than a semitone away.

    Examples
    --------
    >>> sampled_pitches(60, 65), sampled_pitches(60, 66), sampled_pitches(60, 60)
    ([61, 64], [61, 64, 66], [60])
    """
    pitches = list(range(min(low + 1, high), high + 1, SEMITONES))
    return pitches if pitches[-1] >= high - 1 else [*pitches, high]


def held_sounds(stream: Stream, soundfont: SoundFont, engine: str) -> tuple[SampledSound, ...]:
    """Render the sampled pitches of a stream once each."""

    def render(pitch: int, seconds: float, tail: float = 0.0) -> np.ndarray:
        steps = 32
        note = Note(pitch, 0, steps, VELOCITY, program=stream.program)
        sequence = NoteSequence([note], steps, qpm=15 * steps / seconds)
        return synth.render_unleveled(sequence, soundfont, engine, tail=tail)[0]

    pitches = sampled_pitches(stream.low, stream.recorded_high)
    probes = sorted({pitches[round(at)] for at in np.linspace(0, len(pitches) - 1, _NUM_RELEASES)})
    middle = [pitches[int(part * (len(pitches) - 1))] for part in _PROBED_PARTS]
    with ThreadPoolExecutor(_NUM_THREADS) as pool:
        tails = list(pool.map(lambda pitch: render(pitch, _SHORT_SECONDS, _TAIL_SECONDS), probes))
        probed = list(pool.map(lambda pitch: render(pitch, _LONG_SECONDS), middle))
        decays = sum(_slope(mix_to_mono(note)[0]) < 0 for note in probed) > len(middle) / 2
        seconds = _LONG_SECONDS if decays else MIN_SECONDS
        notes = list(pool.map(lambda pitch: render(pitch, seconds), pitches))
    releases = [_measure_release(tail) for tail in tails]
    sounds = []
    for pitch, note in zip(pitches, notes, strict=True):
        mono, pan = mix_to_mono(note)
        samples, loop_start, decay = _looped(mono, pitch, decays=decays)
        samples *= FULL_VELOCITY_GAIN
        release = round(float(np.interp(pitch, probes, releases)), 3)
        sounds.append(SampledSound(f"pitch {pitch}", pitch, samples, pan, release, loop_start, decay))
    return tuple(sounds)


def _levels(mono: np.ndarray, seconds: float) -> np.ndarray:
    """Return the level in windows of so many seconds [dB]."""
    window = round(seconds * SAMPLE_RATE)
    power = np.mean(np.square(mono[: len(mono) // window * window].reshape(-1, window)), axis=1)
    return 10 * np.log10(np.maximum(power, 1e-18))


def _measure_release(samples: np.ndarray) -> float:
    """Return the time in which a note falls by 60 dB after its end [seconds]; a SoundFont lets it fall in a line."""
    end = round(_SHORT_SECONDS * SAMPLE_RATE)
    mono, _ = mix_to_mono(samples)
    before = _levels(mono[:end], _TAIL_LEVEL_SECONDS)
    after = _levels(mono[end:], _TAIL_LEVEL_SECONDS)
    audible = np.flatnonzero(after < max(before[-1] - 45, before.max() - 80))
    count = int(audible[0]) if len(audible) else len(after)
    shortest, longest = _RELEASE_SECONDS
    if count < 2:
        return shortest
    slope = float(np.polyfit(np.arange(count) * _TAIL_LEVEL_SECONDS, after[:count], 1)[0])
    return float(np.clip(_SILENCE_DB / min(slope, -1.0), shortest, longest))


def _looped(mono: np.ndarray, pitch: int, *, decays: bool) -> tuple[np.ndarray, int | None, float]:
    """Return samples with a loop, its start and its decay; or those of a sound that falls silent by itself."""
    peak = float(np.abs(mono).max(initial=0.0))
    audible = np.flatnonzero(np.abs(mono) > peak * 10 ** (_SILENCE_DB / 20))
    end = int(audible[-1]) + 1 if peak > 0 else 0
    if end < 0.99 * MIN_SECONDS * SAMPLE_RATE:
        return fade_out(mono[:end], int(end * _FADE_FRACTION)), None, 1.0
    loop = find_loop(mono, 440 * 2 ** ((pitch - 69) / 12))
    slope = _slope(mono[:end], loop.start) if decays else 0.0
    if slope < 0:
        mono = _reshape(mono, loop, slope)
    decay = 10 ** (slope * (loop.stop - loop.start) / SAMPLE_RATE / 20)
    return join_loop(mono, loop, decay).astype(np.float32), loop.start, round(decay, 6)


def _slope(mono: np.ndarray, start: int = SAMPLE_RATE // 2) -> float:
    """Return how fast a held note falls in the long run from a frame on [dB per second]; 0 where it does not.

    It does if in the end it is softer than it has ever been at the beginning: tones that beat come back.
    """
    levels = _levels(mono[start:], _LEVEL_SECONDS)
    if len(levels) <= 2 * _COMPARED_LEVELS:
        return 0.0
    begin, end = levels[:_COMPARED_LEVELS], levels[-_COMPARED_LEVELS:]
    if end.max() > begin.min():
        return 0.0
    return float(end.mean() - begin[0]) / ((len(levels) - (_COMPARED_LEVELS + 1) / 2) * _LEVEL_SECONDS)


def _reshape(mono: np.ndarray, loop: Loop, slope: float) -> np.ndarray:
    """Let a sound fall within its loop as fast as it does in the long run."""
    ends = (loop.start, loop.stop)
    before = [10 * np.log10(max(float(np.mean(mono[at - loop.fade : at] ** 2)), 1e-18)) for at in ends]
    wanted = slope * (loop.stop - loop.start) / SAMPLE_RATE
    change = np.interp(np.arange(len(mono)), ends, [0, wanted - (before[1] - before[0])])
    return mono * 10 ** (change / 20)
