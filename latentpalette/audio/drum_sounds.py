"""The sounds of drums: each rendered once, trimmed and faded out."""

from __future__ import annotations

import numpy as np

from latentpalette.audio import synth
from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.audio.sampled_sound import FULL_VELOCITY_GAIN, VELOCITY, SampledSound, fade_out, mix_to_mono
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream

BYTES_PER_DRUM = 48_000  # on average, of 16-bit samples: nine drums have at most 432 kB
_DECAY_LEVELS_DB = range(60, 20, -1)  # [below the peak] a drum is trimmed at the lowest level for which there is room
_ONSET_LEVEL = 10 ** (-50 / 20)  # a fraction of the peak; a drum starts where it exceeds this
_RENDER_SECONDS = 4.0
_FADE_FRACTION = 0.25  # of a drum, at its end, that is faded out: a cut cymbal must not click


def drum_sounds(stream: Stream, soundfont: SoundFont, engine: str) -> tuple[SampledSound, ...]:
    """Render each drum of a stream once.

    Every drum is trimmed and faded out where it has decayed to the same level below its peak: the lowest at which there
    are at most 48 kB a drum. Relative loudness is kept. A drum that the SoundFont lacks has no samples.
    """
    assert stream.drum_map is not None
    pitches = stream.drum_map.exemplars
    hits = [_trim_start(_render_hit(pitch, stream.program, soundfont, engine)) for pitch in pitches]
    lengths = _trimmed_lengths(hits, BYTES_PER_DRUM // 2 * len(hits))
    sounds = []
    for name, pitch, hit, length in zip(stream.drum_map.names, pitches, hits, lengths, strict=True):
        mono, pan = mix_to_mono(hit[:, :length])
        samples = fade_out(mono, int(length * _FADE_FRACTION)) * FULL_VELOCITY_GAIN
        sounds.append(SampledSound(name, pitch, samples, pan))
    return tuple(sounds)


def _render_hit(pitch: int, program: int, soundfont: SoundFont, engine: str) -> np.ndarray:
    hit = NoteSequence([Note(pitch, 0, velocity=VELOCITY, is_drum=True, program=program)], steps=1)
    return synth.render_unleveled(hit, soundfont, engine, tail=_RENDER_SECONDS)[0]


def _trim_start(samples: np.ndarray) -> np.ndarray:
    """Cut the silence before the onset, except for a millisecond, which belongs to the attack."""
    level = np.abs(samples).max(axis=0)
    if level.max(initial=0.0) < 1e-6:
        return samples[:, :0]
    onset = int(np.argmax(level > level.max() * _ONSET_LEVEL))
    return samples[:, max(0, onset - SAMPLE_RATE // 1000) :]


def _trimmed_lengths(hits: list[np.ndarray], max_frames: int) -> list[int]:
    """Return lengths [frames] at which all have decayed to the same level below their peaks: cymbals are longest."""
    levels = [np.abs(hit).max(axis=0) for hit in hits]
    lengths = [0] * len(hits)
    for decibels in _DECAY_LEVELS_DB:
        lengths = [
            int(np.flatnonzero(level > level.max() * 10 ** (-decibels / 20))[-1]) + 1 if len(level) else 0
            for level in levels
        ]
        if sum(lengths) <= max_frames:
            break
    max_length = max(lengths) if sum(lengths) <= max_frames else max_frames // len(lengths)
    return [min(length, max_length) for length in lengths]
