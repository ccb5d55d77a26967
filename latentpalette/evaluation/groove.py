"""How a groove is played: errors of timing and of velocity, and what simpler players would get.

A row is hits, velocities (0 to 1) and offsets (1 is half a step early, -1 half a step late), one of each a drum.
Source: Gillick et al. (2019), arXiv 1905.06118, whose baselines these are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.groove import GrooveConverter
from latentpalette.errors import TrainingError
from latentpalette.music.sequence import STEPS_PER_QUARTER

QPM = 120.0  # where nothing else is said: a step is 125 ms
REACH = 4  # steps that the linear player looks back and ahead
_AT_ONCE = 16_384  # hits

Rows = NDArray[np.floating]


@dataclass(frozen=True)
class Played:
    """How far the playing is off, over every true hit, whether it was said or not.

    Parameters
    ----------
    timing_ms : float [milliseconds]
        Mean absolute error of the timing, at `qpm`.
    velocity : float [0 to 127]
        Mean absolute error of the velocity.
    qpm : float
    """

    timing_ms: float
    velocity: float
    qpm: float


def asked(converter: GrooveConverter) -> list[int]:
    """The drums whose playing a groove model is judged by: those it has to add, or else all.

    Examples
    --------
    >>> asked(GrooveConverter(add_instruments=(2,)))
    [2]
    """
    return list(converter.add_instruments) or list(range(converter.output_depth // 3))


def told_all(converter: GrooveConverter) -> bool:
    """Whether the encoder sees the whole performance, so that a player who knows as much need only repeat it."""
    return not (converter.humanize or converter.tapify or converter.fixed_velocities or converter.add_instruments)


def played(said: Rows, true: Rows, *, qpm: float = QPM, drums: Sequence[int] | None = None) -> Played:
    """Compare performances hit by hit.

    Parameters
    ----------
    said, true : ndarray [shape=(n, steps, 3 drums)]
    drums : sequence of int, optional
        Look at these alone.
    qpm : float
        A step is ``15 / qpm`` seconds; an offset of 1 is half of that.

    Raises
    ------
    TrainingError
        If the shapes differ, or nothing is hit.

    Examples
    --------
    >>> true = np.array([[[1.0, 0.5, 0.0]]])
    >>> played(np.array([[[1.0, 0.6, 0.2]]]), true)
    Played(timing_ms=12.5, velocity=12.7, qpm=120.0)
    """
    if said.shape != true.shape:
        raise TrainingError(f"Performances to compare have one shape; got {said.shape} and {true.shape}.")
    hit, velocity, offset = np.split(np.asarray(true, np.float64), 3, -1)
    _, our_velocity, our_offset = np.split(np.asarray(said, np.float64), 3, -1)
    there = hit > 0.5
    if drums is not None:
        there[..., [drum for drum in range(hit.shape[-1]) if drum not in drums]] = False
    if not there.any():
        raise TrainingError(f"There is no hit in {len(true)} windows to judge the playing of.")
    half_a_step = 60_000.0 / qpm / STEPS_PER_QUARTER / 2
    timing = np.abs(our_offset - offset)[there].mean() * half_a_step
    return Played(
        round(float(timing), 6), round(float(np.abs(our_velocity - velocity)[there].mean() * 127), 6), float(qpm)
    )


def quantised(true: Rows, *, velocity: float) -> Rows:
    """The same hits, each on its step, all equally loud.

    Parameters
    ----------
    true : ndarray [shape=(n, steps, 3 drums)]
    velocity : float [0 to 1]

    Examples
    --------
    >>> quantised(np.array([[[1.0, 0.5, -0.3]]]), velocity=0.6).tolist()
    [[[1.0, 0.6, 0.0]]]
    """
    hit, _, offset = np.split(np.asarray(true, np.float64), 3, -1)
    return np.concatenate([hit, np.full_like(hit, velocity), np.zeros_like(offset)], -1)


def usual_velocity(true: Rows, *, drums: Sequence[int] | None = None) -> float:
    """The median velocity [0 to 1] of all hits: the one that is least off if all are equally loud.

    Examples
    --------
    >>> usual_velocity(np.array([[[1.0, 0.5, 0.0], [1.0, 0.9, 0.0], [1.0, 0.6, 0.0], [0.0, 0.0, 0.0]]]))
    0.6
    """
    hit, velocity, _ = np.split(np.asarray(true, np.float64), 3, -1)
    which = slice(None) if drums is None else list(drums)
    return float(np.median(velocity[..., which][hit[..., which] > 0.5]))


class Linear:
    """The best player that is a weighted sum: ridge regression, drum by drum, of a hit's velocity and offset.

    It looks at what the model's encoder looks at: all columns from four steps before the hit to four after it
    (nothing beyond the ends of the window), and at which step of the window it is.

    Parameters
    ----------
    inputs : ndarray [shape=(n, steps, columns)]
        What is known of the training songs: a quantised groove, taps ...
    true : ndarray [shape=(n, steps, 3 drums)]
        How they were played.
    ridge : float
        Weight of the squared weights.

    Examples
    --------
    >>> inputs = np.zeros((8, 16, 3)); inputs[:, ::4, 0] = 1
    >>> true = inputs.copy(); true[:, ::4, 1] = 0.5; true[:, 4::8, 2] = -0.2  # late on two and four
    >>> player = Linear(inputs, true, ridge=1e-6)
    >>> player.play(inputs[:1], true[:1])[0, 4].round(2).tolist()
    [1.0, 0.5, -0.2]
    """

    def __init__(self, inputs: Rows, true: Rows, *, ridge: float = 1.0) -> None:
        drums = true.shape[-1] // 3
        self.weights = np.zeros((drums, true.shape[1] + (2 * REACH + 1) * inputs.shape[-1], 2))
        for drum in range(drums):
            windows, steps = np.nonzero(true[..., drum] > 0.5)
            features = self.weights.shape[1]
            square, product = ridge * np.eye(features), np.zeros((features, 2))
            for start in range(0, len(steps), _AT_ONCE):  # a hundred thousand hits at once would fill the memory
                those = windows[start : start + _AT_ONCE], steps[start : start + _AT_ONCE]
                seen = _seen(inputs, *those)  # [hits, features]
                square += seen.T @ seen
                product += seen.T @ true[those][:, [drums + drum, 2 * drums + drum]]
            self.weights[drum] = np.linalg.solve(square, product)

    def play(self, inputs: Rows, true: Rows) -> Rows:
        """The true hits, played from what is known of them [n, steps, 3 drums]."""
        drums = true.shape[-1] // 3
        rows = np.zeros(true.shape)
        for drum in range(drums):
            windows, steps = np.nonzero(true[..., drum] > 0.5)
            velocity, offset = (_seen(inputs, windows, steps) @ self.weights[drum]).T
            rows[windows, steps, drum] = 1.0
            rows[windows, steps, drums + drum] = np.clip(velocity, 0, 1)
            rows[windows, steps, 2 * drums + drum] = np.clip(offset, -1, 1)
        return rows


def _seen(inputs: Rows, windows: NDArray, steps: NDArray) -> NDArray[np.float64]:
    """What the linear player knows of each hit [hits, features]."""
    _, length, columns = inputs.shape
    padded = np.pad(inputs, ((0, 0), (REACH, REACH), (0, 0)))
    around = padded[windows[:, None], steps[:, None] + np.arange(2 * REACH + 1)]  # [hits, 2 reach + 1, columns]
    return np.concatenate([np.eye(length)[steps], around.reshape(len(steps), (2 * REACH + 1) * columns)], 1)
