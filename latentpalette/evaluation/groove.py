"""Errors of a groove's timing and velocity, and those of simple baselines.

Frames [n, steps, 3 drums] hold hits, velocities (0 to 1) and offsets (1 is half a step early, -1 half a step late), one
column of each for every drum.
Source: Gillick et al. (2019), arXiv 1905.06118, whose baselines these are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from latentpalette.converters.groove import GrooveConverter
from latentpalette.errors import TrainingError
from latentpalette.evaluation.predict import iter_batches
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.sequence import STEPS_PER_QUARTER
from latentpalette.wording import counted

QPM = 120.0  # the default tempo: a step is 125 ms
CONTEXT_STEPS = 4  # steps before and after a hit that the ridge baseline sees
_BATCH_SIZE = 16_384  # hits

Frames = NDArray[np.floating]


@dataclass(frozen=True)
class ExpressionError:
    """Mean absolute errors of timing and velocity over every target hit, predicted or not.

    Parameters
    ----------
    timing_ms : float [milliseconds]
        At `qpm`.
    velocity : float [0 to 127]
    qpm : float
    """

    timing_ms: float
    velocity: float
    qpm: float


def evaluated_drums(converter: GrooveConverter) -> list[int]:
    """Return the drums whose expression is evaluated: those that the model adds, or else all.

    Examples
    --------
    >>> evaluated_drums(GrooveConverter(add_instruments=(2,)))
    [2]
    """
    return list(converter.add_instruments) or list(range(converter.output_depth // 3))


def sees_everything(converter: GrooveConverter) -> bool:
    """Return whether the encoder sees the whole performance, so that a baseline could simply copy it."""
    return not (converter.humanize or converter.tapify or converter.fixed_velocities or converter.add_instruments)


def expression_error(
    predictions: Frames, targets: Frames, *, qpm: float = QPM, drums: Sequence[int] | None = None
) -> ExpressionError:
    """Compare performances hit by hit.

    Parameters
    ----------
    predictions, targets : ndarray [shape=(n, steps, 3 drums)]
    qpm : float
        A step is ``15 / qpm`` seconds; an offset of 1 is half of that.
    drums : sequence of int, optional
        The drums to compare. Default: all.

    Raises
    ------
    TrainingError
        If the shapes differ, or the targets have no hit.

    Examples
    --------
    >>> targets = np.array([[[1.0, 0.5, 0.0]]])
    >>> expression_error(np.array([[[1.0, 0.6, 0.2]]]), targets)
    ExpressionError(timing_ms=12.5, velocity=12.7, qpm=120.0)
    """
    if predictions.shape != targets.shape:
        raise TrainingError(f"Performances to compare have one shape; got {predictions.shape} and {targets.shape}.")
    hits, velocities, offsets = np.split(np.asarray(targets, np.float64), 3, -1)
    _, predicted_velocities, predicted_offsets = np.split(np.asarray(predictions, np.float64), 3, -1)
    selected = hits > 0.5
    if drums is not None:
        selected[..., [drum for drum in range(hits.shape[-1]) if drum not in drums]] = False
    if not selected.any():
        raise TrainingError(
            f"There is no hit in {counted(len(targets), 'window')}, so no timing or velocity to compare."
        )
    half_step_ms = 60_000.0 / qpm / STEPS_PER_QUARTER / 2
    timing_ms = np.abs(predicted_offsets - offsets)[selected].mean() * half_step_ms
    velocity = np.abs(predicted_velocities - velocities)[selected].mean() * 127
    return ExpressionError(round(float(timing_ms), 6), round(float(velocity), 6), float(qpm))


def quantized(targets: Frames, *, velocity: float) -> Frames:
    """Return the same hits, each exactly on its step, all equally loud.

    Parameters
    ----------
    targets : ndarray [shape=(n, steps, 3 drums)]
    velocity : float [0 to 1]

    Examples
    --------
    >>> quantized(np.array([[[1.0, 0.5, -0.3]]]), velocity=0.6).tolist()
    [[[1.0, 0.6, 0.0]]]
    """
    hits, _, offsets = np.split(np.asarray(targets, np.float64), 3, -1)
    return np.concatenate([hits, np.full_like(hits, velocity), np.zeros_like(offsets)], -1)


def median_velocity(targets: Frames, *, drums: Sequence[int] | None = None) -> float:
    """Return the median velocity [0 to 1] of all hits: the constant with the smallest mean absolute error.

    Examples
    --------
    >>> median_velocity(np.array([[[1.0, 0.5, 0.0], [1.0, 0.9, 0.0], [1.0, 0.6, 0.0], [0.0, 0.0, 0.0]]]))
    0.6
    """
    hits, velocities, _ = np.split(np.asarray(targets, np.float64), 3, -1)
    selected = slice(None) if drums is None else list(drums)
    return float(np.median(velocities[..., selected][hits[..., selected] > 0.5]))


def groove_baselines(
    model: MusicVAE, held_out: NDArray, training: NDArray, *, qpm: float = QPM
) -> dict[str, ExpressionError]:
    """Return the errors of simple baselines on the hits that a groove model is evaluated on.

    ``"quantized"`` places each hit on its step, all equally loud (the median of the training songs); ``"ridge"``
    is `RidgeBaseline`, fitted to the training songs, where the encoder does not see the performance itself. Without
    training songs there is the first alone, with the median of the held-out songs, which flatters it.

    Parameters
    ----------
    model : MusicVAE
    held_out, training : ndarray [shape=(n, steps, ...)]
        Packed windows; no training windows where they are not available.
    qpm : float
        Tempo at which the timing error is given in milliseconds.
    """
    converter = model.converter
    assert isinstance(converter, GrooveConverter)
    drums = evaluated_drums(converter)
    inputs, targets = _inputs_and_targets(model, held_out)
    predictions: dict[str, Frames] = {}
    if not len(training):
        predictions["quantized"] = quantized(targets, velocity=median_velocity(targets, drums=drums))
    else:
        train_inputs, train_targets = _inputs_and_targets(model, training)
        predictions["quantized"] = quantized(targets, velocity=median_velocity(train_targets, drums=drums))
        if not sees_everything(converter):
            predictions["ridge"] = RidgeBaseline(train_inputs, train_targets).predict(inputs, targets)
    return {name: expression_error(frames, targets, qpm=qpm, drums=drums) for name, frames in predictions.items()}


def _inputs_and_targets(model: MusicVAE, windows: NDArray) -> tuple[NDArray, NDArray]:
    """Return what the encoder sees of packed windows (controls included), and the targets, both [n, t, columns]."""
    inputs, targets = [], []
    for batch in iter_batches(model.config, windows, device=torch.device("cpu")):
        columns = [batch.inputs] if batch.controls is None else [batch.inputs, batch.controls]
        inputs.append(torch.cat(columns, -1).numpy())
        targets.append(batch.targets.numpy())
    return np.concatenate(inputs), np.concatenate(targets)


class RidgeBaseline:
    """Ridge regression, drum by drum, of a hit's velocity and offset.

    Its features are what the model's encoder sees: all columns from `CONTEXT_STEPS` steps before the hit to as many
    after it (zeros beyond the ends of the window), and the hit's step as one-hot.

    Parameters
    ----------
    inputs : ndarray [shape=(n, steps, columns)]
        What the encoder sees of the training songs: a quantized groove, taps ...
    targets : ndarray [shape=(n, steps, 3 drums)]
        How they were played.
    ridge : float
        Weight of the squared weights.

    Examples
    --------
    >>> inputs = np.zeros((8, 16, 3)); inputs[:, ::4, 0] = 1
    >>> targets = inputs.copy(); targets[:, ::4, 1] = 0.5; targets[:, 4::8, 2] = -0.2  # late on two and four
    >>> baseline = RidgeBaseline(inputs, targets, ridge=1e-6)
    >>> baseline.predict(inputs[:1], targets[:1])[0, 4].round(2).tolist()
    [1.0, 0.5, -0.2]
    """

    def __init__(self, inputs: Frames, targets: Frames, *, ridge: float = 1.0) -> None:
        drums = targets.shape[-1] // 3
        self.weights = np.zeros((drums, targets.shape[1] + (2 * CONTEXT_STEPS + 1) * inputs.shape[-1], 2))
        for drum in range(drums):
            windows, steps = np.nonzero(targets[..., drum] > 0.5)
            n_features = self.weights.shape[1]
            gram, moment = ridge * np.eye(n_features), np.zeros((n_features, 2))
            for start in range(0, len(steps), _BATCH_SIZE):  # features of 100,000 hits at once would fill the memory
                batch = windows[start : start + _BATCH_SIZE], steps[start : start + _BATCH_SIZE]
                features = _hit_features(inputs, *batch)  # [hits, features]
                gram += features.T @ features
                moment += features.T @ targets[batch][:, [drums + drum, 2 * drums + drum]]
            self.weights[drum] = np.linalg.solve(gram, moment)

    def predict(self, inputs: Frames, targets: Frames) -> Frames:
        """Return the target hits with predicted velocities and offsets [n, steps, 3 drums]."""
        drums = targets.shape[-1] // 3
        frames = np.zeros(targets.shape)
        for drum in range(drums):
            windows, steps = np.nonzero(targets[..., drum] > 0.5)
            velocities, offsets = (_hit_features(inputs, windows, steps) @ self.weights[drum]).T
            frames[windows, steps, drum] = 1.0
            frames[windows, steps, drums + drum] = np.clip(velocities, 0, 1)
            frames[windows, steps, 2 * drums + drum] = np.clip(offsets, -1, 1)
        return frames


def _hit_features(inputs: Frames, windows: NDArray, steps: NDArray) -> NDArray[np.float64]:
    """Return the features of hits at these windows and steps [hits, features]."""
    _, length, columns = inputs.shape
    padded = np.pad(inputs, ((0, 0), (CONTEXT_STEPS, CONTEXT_STEPS), (0, 0)))
    context = padded[windows[:, None], steps[:, None] + np.arange(2 * CONTEXT_STEPS + 1)]  # [hits, context, columns]
    flat = context.reshape(len(steps), (2 * CONTEXT_STEPS + 1) * columns)
    return np.concatenate([np.eye(length)[steps], flat], 1)
