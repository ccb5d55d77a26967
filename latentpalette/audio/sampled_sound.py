"""A sound that a browser plays: mono samples with a pan, and what becomes of them while a note is held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

VELOCITY = 100  # of the rendered notes: loud enough to mask noise, soft enough to be typical
FULL_VELOCITY_GAIN = np.float32((127 / VELOCITY) ** 2)


@dataclass(frozen=True, eq=False)
class SampledSound:
    """The sound of a drum, or of a pitch and its neighbors.

    Parameters
    ----------
    name : str
    pitch : int
        With which it was rendered.
    samples : ndarray [shape=(n,), float32]
        Mono, at velocity 127. Panned with equal power: ``left = cos(a) * samples``, ``right = sin(a) * samples`` with
        ``a = (pan + 1) * pi / 4``. A note of velocity v is ``(v / 127) ** 2`` times that.
    pan : float [-1 to 1]
        Left to right.
    release : float [seconds], optional
        Of a held sound: how long it rings on after its note has ended, until it is 60 dB softer. A drum has none: it
        rings for as long as it does.
    loop_start : int [frames], optional
        From here on the samples repeat for as long as the note is held.
    decay : float [0 to 1]
        How much softer each repetition is than the one before.
    """

    name: str
    pitch: int
    samples: np.ndarray
    pan: float = 0.0
    release: float | None = None
    loop_start: int | None = None
    decay: float = 1.0


def mix_to_mono(samples: np.ndarray) -> tuple[np.ndarray, float]:
    """Mix two channels to one of the same power; return it with the pan between them.

    Examples
    --------
    >>> mono, pan = mix_to_mono(np.array([[0.0, 0.0], [0.5, -0.5]]))
    >>> mono.tolist(), round(pan, 6)
    ([0.5, -0.5], 1.0)
    """
    left, right = (float(np.sum(np.square(channel, dtype=np.float64))) for channel in samples)
    mono = samples.sum(axis=0, dtype=np.float64)
    power = float(np.sum(mono**2))
    if power == 0:
        return np.zeros(samples.shape[1], np.float32), 0.0
    pan = float(np.arctan2(np.sqrt(right), np.sqrt(left)) * 4 / np.pi - 1)
    return (mono * np.sqrt((left + right) / power)).astype(np.float32), pan


def fade_out(mono: np.ndarray, frames: int) -> np.ndarray:
    """Fade out the last frames along half a cosine."""
    gain = np.ones(len(mono), np.float32)
    gain[len(mono) - frames :] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, frames))
    return mono * gain
