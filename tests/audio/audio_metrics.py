"""Measurements of a sound: level, onsets, pitch, continuity."""

from __future__ import annotations

import numpy as np

from latentpalette.audio.sound import Sound


def rms(sound: Sound, start: float = 0, stop: float | None = None) -> float:
    """Root mean square of both channels between two times [seconds]."""
    excerpt = sound.samples[:, round(start * sound.rate) : None if stop is None else round(stop * sound.rate)]
    return float(np.sqrt(np.mean(excerpt.astype(np.float64) ** 2)))


def onsets(sound: Sound, *, threshold: float = 1e-3, min_gap: float = 0.03) -> list[float]:
    """Times [seconds] at which sound starts after at least `min_gap` seconds below the threshold."""
    loud = np.flatnonzero(np.abs(sound.samples).max(axis=0) > threshold)
    gaps = np.diff(loud, prepend=-sound.rate)
    return [float(frame) / sound.rate for frame in loud[gaps > min_gap * sound.rate]]


def decibels(level: float, reference: float) -> float:
    return 20 * np.log10(level / reference)


def pitch(sound: Sound, start: float, stop: float) -> float:
    """Strongest frequency [Hz] between two times [seconds]."""
    excerpt = sound.mono[round(start * sound.rate) : round(stop * sound.rate)]
    spectrum = np.abs(np.fft.rfft(excerpt * np.hanning(len(excerpt)), 1 << 18))
    return float(np.argmax(spectrum) * sound.rate / (1 << 18))


def seam_curvature(sound: Sound) -> float:
    """Curvature where the loop closes, relative to the largest just before: 1 is continuous."""
    repeated = np.concatenate([sound.samples, sound.samples], axis=1).astype(np.float64)
    curvature = np.abs(np.diff(repeated, 2, axis=1)).max(axis=0)
    end = sound.samples.shape[1]
    return float(curvature[end - 3 : end + 2].max() / (curvature[end - 400 : end - 3].max() + 1e-5))
