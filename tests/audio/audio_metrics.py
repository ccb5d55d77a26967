"""Ears for tests: numbers of what is in a sound."""

from __future__ import annotations

import numpy as np

from latentpalette.audio.sound import Sound


def level(sound: Sound, start: float = 0, stop: float | None = None) -> float:
    """Root mean square of a stretch [seconds] of both channels."""
    part = sound.samples[:, round(start * sound.rate) : None if stop is None else round(stop * sound.rate)]
    return float(np.sqrt(np.mean(part.astype(np.float64) ** 2)))


def onsets(sound: Sound, *, threshold: float = 1e-3, quiet: float = 0.03) -> list[float]:
    """Where sound begins after `quiet` seconds of near silence [seconds]."""
    loud = np.flatnonzero(np.abs(sound.samples).max(axis=0) > threshold)
    gaps = np.diff(loud, prepend=-sound.rate)
    return [float(frame) / sound.rate for frame in loud[gaps > quiet * sound.rate]]


def decibels(one: float, other: float) -> float:
    return 20 * np.log10(one / other)


def pitch(sound: Sound, start: float, stop: float) -> float:
    """The strongest frequency of a stretch [hertz]."""
    part = sound.mono[round(start * sound.rate) : round(stop * sound.rate)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 18))
    return float(np.argmax(spectrum) * sound.rate / (1 << 18))


def seam(sound: Sound) -> float:
    """How much more the curve bends where the loop closes than it ever does around there: 1 is not at all."""
    twice = np.concatenate([sound.samples, sound.samples], axis=1).astype(np.float64)
    bends = np.abs(np.diff(twice, 2, axis=1)).max(axis=0)
    at = sound.samples.shape[1]
    return float(bends[at - 3 : at + 2].max() / (bends[at - 400 : at - 3].max() + 1e-5))
