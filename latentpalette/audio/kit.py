"""A sampled drum kit: each drum rendered once, trimmed and packed, so that a browser plays without a kernel."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import numpy as np

from latentpalette.audio import synth
from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.audio.soundfont.find import find_soundfont
from latentpalette.errors import SoundError
from latentpalette.music.drums import REDUCED, DrumMap
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.old_names import accept_old_arguments

VELOCITY = 100  # of the rendered hits: loud enough to mask noise, soft enough to be typical
BYTES_PER_DRUM = 48_000  # on average: nine drums have at most 432 kB
_DECAY_LEVELS_DB = range(60, 20, -1)  # [below the peak] a drum is trimmed at the lowest level for which there is room
_ONSET_LEVEL = 10 ** (-50 / 20)  # a fraction of the peak; a drum starts where it exceeds this
_RENDER_SECONDS = 4.0
_FADE_FRACTION = 0.25  # of a drum, at its end, that is faded out: a cut cymbal must not click


class SampleRegion(TypedDict):
    """Position of a drum in the bytes of `Kit.packed`, its pan and its gain."""

    name: str
    pitch: int
    start: int
    length: int
    pan: float
    gain: float


@dataclass(frozen=True, eq=False)
class Kit:
    """A sampled sound for each drum of a map.

    Parameters
    ----------
    names : tuple of str
    pitches : tuple of int
        Pitch with which each drum was rendered.
    samples : tuple of ndarray [shape=(n,), float32]
        Mono, at velocity 127. Panned with equal power: ``left = cos(a) * samples``, ``right = sin(a) * samples`` with
        ``a = (pan + 1) * pi / 4``. A hit of velocity v is ``(v / 127) ** 2`` times that.
    pans : tuple of float [-1 to 1]
        Left to right.
    rate : int [frames per second]
    engine, soundfont : str
        Names of the engine and the SoundFont that rendered it.
    """

    names: tuple[str, ...]
    pitches: tuple[int, ...]
    samples: tuple[np.ndarray, ...]
    pans: tuple[float, ...]
    rate: int
    engine: str
    soundfont: str

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        size = sum(2 * len(samples) for samples in self.samples) / 1000
        return f"Kit({len(self)} drums, {size:.0f} kB, {self.rate} Hz, {self.engine}, {self.soundfont})"

    def packed(self) -> tuple[bytes, list[SampleRegion]]:
        """Encode the kit for the browser: 16-bit samples one drum after the other, and an index.

        Returns
        -------
        data : bytes
            int16, little endian, mono. Each drum is scaled to full scale, so that soft ones keep their detail.
        index : list of dict
            ``{name, pitch, start, length, pan, gain}``, `start` and `length` in samples. `gain` restores the loudness
            relative to the other drums, at velocity 127.

        Examples
        --------
        >>> data, index = drum_kit().packed()
        >>> index[0]["name"], index[0]["start"], len(data) == 2 * (index[-1]["start"] + index[-1]["length"])
        ('kick', 0, True)
        """
        chunks, index, start = [], [], 0
        for name, pitch, samples, pan in zip(self.names, self.pitches, self.samples, self.pans, strict=True):
            peak = float(np.max(np.abs(samples), initial=0.0))
            pcm = np.round(samples / (peak or 1.0) * 32_767).astype("<i2")
            region = SampleRegion(
                name=name, pitch=pitch, start=start, length=len(pcm), pan=round(pan, 4), gain=float(f"{peak:.5g}")
            )
            chunks.append(pcm.tobytes())
            index.append(region)
            start += len(pcm)
        return b"".join(chunks), index


@accept_old_arguments(map="drum_map", font="soundfont")
def drum_kit(
    drum_map: DrumMap = REDUCED,
    *,
    soundfont: str | os.PathLike[str] | None = None,
    engine: str | None = None,
) -> Kit:
    """Render each drum of a map once.

    Parameters
    ----------
    drum_map : DrumMap
    soundfont, engine : optional
        As for `latentpalette.audio.synth.render`.

    Returns
    -------
    Kit
        Every drum is trimmed and faded out where it has decayed to the same level below its peak: the lowest at which
        the kit has at most 48 kB a drum. Relative loudness is kept.

    Raises
    ------
    SoundError
        As `render` does; and if the SoundFont plays none of the drums.

    Examples
    --------
    >>> kit = drum_kit()
    >>> kit.names[:3], len(kit), kit.rate
    (('kick', 'snare', 'closed hat'), 9, 44100)
    """
    font = find_soundfont(soundfont)
    hits = NoteSequence([_hit(pitch) for pitch in drum_map.exemplars], steps=1)
    return _drum_kit(drum_map, font, synth.engine_for(hits, font, engine))


@lru_cache(maxsize=8)
def _drum_kit(drum_map: DrumMap, soundfont: SoundFont, engine: str) -> Kit:
    hits = [_trim_start(_render_hit(pitch, soundfont, engine)) for pitch in drum_map.exemplars]
    if not any(hit.shape[1] for hit in hits):
        name = soundfont.path.name
        raise SoundError(f"{name} plays none of the drums. Name a General MIDI SoundFont with soundfont=...")
    lengths = _trimmed_lengths(hits, BYTES_PER_DRUM // 2 * len(drum_map))
    mono_and_pan = [_mix_to_mono(hit[:, :length]) for hit, length in zip(hits, lengths, strict=True)]
    full_velocity_gain = np.float32((127 / VELOCITY) ** 2)
    return Kit(
        drum_map.names,
        drum_map.exemplars,
        tuple(_fade_out(mono) * full_velocity_gain for mono, _ in mono_and_pan),
        tuple(pan for _, pan in mono_and_pan),
        SAMPLE_RATE,
        engine,
        soundfont.path.name,
    )


def _hit(pitch: int) -> Note:
    return Note(pitch, 0, velocity=VELOCITY, is_drum=True)


def _render_hit(pitch: int, soundfont: SoundFont, engine: str) -> np.ndarray:
    hit = NoteSequence([_hit(pitch)], steps=1)
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


def _mix_to_mono(samples: np.ndarray) -> tuple[np.ndarray, float]:
    """Mix two channels to one of the same power; return it with the pan between them."""
    left, right = (float(np.sum(np.square(channel, dtype=np.float64))) for channel in samples)
    mono = samples.sum(axis=0, dtype=np.float64)
    power = float(np.sum(mono**2))
    if power == 0:
        return np.zeros(samples.shape[1], np.float32), 0.0
    pan = float(np.arctan2(np.sqrt(right), np.sqrt(left)) * 4 / np.pi - 1)
    return (mono * np.sqrt((left + right) / power)).astype(np.float32), pan


def _fade_out(mono: np.ndarray) -> np.ndarray:
    """Fade out the end along half a cosine."""
    frames = int(len(mono) * _FADE_FRACTION)
    gain = np.ones(len(mono), np.float32)
    gain[len(mono) - frames :] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, frames))
    return mono * gain
