"""Leveling: one gain for a whole piece, so that all music is equally loud, and a limiter for its peaks.

The browser does the same (`widgets/static/audio/loudness.js` and `limiter.js`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from latentpalette.audio.loudness import integrated_loudness, true_peak

TARGET_LOUDNESS = -16.0  # [LUFS] what streaming services and podcasts play at
MAX_TRUE_PEAK = -2.0  # [dBTP] an encoder of MP3 may raise it by a decibel
MAX_GAIN_DB = 40.0  # music that needs more is meant to be soft: a velocity of 10 throughout

KNEE = 0.4  # samples up to here pass the limiter unchanged
CEILING = 10 ** (-4.5 / 20)  # -4.5 dB: between samples a signal rises up to 3.5 dB above them
_MAKEUP_DB = (0.5, 2.0)  # what the limiter takes off the loudness beyond the first is added, up to the second
_CHUNK_FRAMES = 1 << 20  # processed at once, so that half an hour needs no second copy


def match_loudness(samples: np.ndarray, rate: int, target: float = TARGET_LOUDNESS) -> np.ndarray:
    """Bring a piece to a loudness by one gain, and limit its peaks.

    Parameters
    ----------
    samples : ndarray [shape=(2, n), float32]
        They are overwritten.
    rate : int [frames per second]
    target : float [LUFS]

    Returns
    -------
    ndarray [shape=(2, n), float32]
        Velocities keep their relations: only samples above -8 dB are bent. Silence stays silence, music
        that would need more than 40 dB gets these. Clicks of a few milliseconds with long rests between them stay
        softer: at full scale, undistorted, castanets have -28 LUFS, and -21 with all that the limiter gains.

    Examples
    --------
    >>> sine = np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100).astype(np.float32)
    >>> soft, softer = (match_loudness(np.stack([sine, sine]) * gain, 44_100) for gain in (0.1, 0.01))
    >>> np.allclose(soft, softer), round(integrated_loudness(soft, 44_100), 1)
    (True, -16.0)
    """
    levels = find_levels(samples, rate, target)
    return apply_levels(samples, levels)


@dataclass(frozen=True)
class Levels:
    """Gains that bring a piece to its loudness, before a limiter and after it.

    Parameters
    ----------
    gain, makeup : float [dB]
        Before and after the limiter.
    """

    gain: float
    makeup: float = 0.0


def find_levels(samples: np.ndarray, rate: int, target: float = TARGET_LOUDNESS) -> Levels:
    """Return the levels with which a piece [shape=(2, n), float32] has a loudness [LUFS]; the piece stays as it is."""
    gain = loudness_gain(samples, rate, target)
    if _peak(samples) * 10 ** (gain / 20) <= KNEE:
        return Levels(gain)
    limited = _limit(_amplify(samples.copy(), gain))
    threshold, most = _MAKEUP_DB
    lost = target - integrated_loudness(limited, rate) - threshold
    if lost > 0 and gain < MAX_GAIN_DB:
        gain += min(lost, most)
        limited = _limit(_amplify(samples.copy(), gain))
        lost = target - integrated_loudness(limited, rate) - threshold  # added as far as the true peak allows
    else:
        lost = 0.0
    return Levels(gain, min(MAX_TRUE_PEAK - true_peak(limited), max(lost, 0.0)))


def apply_levels(samples: np.ndarray, levels: Levels) -> np.ndarray:
    """Bring samples [shape=(2, n), float32], which are overwritten, to levels."""
    return _amplify(_limit(_amplify(samples, levels.gain)), levels.makeup)


def loudness_gain(samples: np.ndarray, rate: int, target: float = TARGET_LOUDNESS) -> float:
    """Return the gain [dB] that brings a piece to a loudness, at most 40; 0 for silence."""
    # Measured at the highest gain: the absolute gate leaves out what stays inaudible then.
    loudness = integrated_loudness(samples, rate, gain=10 ** (MAX_GAIN_DB / 20)) - MAX_GAIN_DB
    return min(target - loudness, MAX_GAIN_DB) if np.isfinite(loudness) else 0.0


def soft_limit(samples: np.ndarray) -> np.ndarray:
    """Limit samples: up to the knee they stay as they are, above it they bend towards -4.5 dB full scale.

    A sample depends on nothing but itself, so that a loop and every piece of it are limited alike.

    Examples
    --------
    >>> soft_limit(np.array([0.1, -0.4, 0.5, 4.0])).round(3)
    array([ 0.1  , -0.4  ,  0.492,  0.596])
    """
    size = np.abs(samples)
    bent = KNEE + (CEILING - KNEE) * np.tanh((size - KNEE) / (CEILING - KNEE))
    return np.where(size > KNEE, np.copysign(bent, samples), samples).astype(samples.dtype)


def _amplify(samples: np.ndarray, decibels: float) -> np.ndarray:
    samples *= np.float32(10 ** (decibels / 20))
    return samples


def _limit(samples: np.ndarray) -> np.ndarray:
    for chunk in _chunks(samples):
        chunk[:] = soft_limit(chunk)
    return samples


def _peak(samples: np.ndarray) -> float:
    return max((float(np.abs(chunk).max()) for chunk in _chunks(samples)), default=0.0)


def _chunks(samples: np.ndarray) -> Iterator[np.ndarray]:
    return (samples[:, start : start + _CHUNK_FRAMES] for start in range(0, samples.shape[1], _CHUNK_FRAMES))
