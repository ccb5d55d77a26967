"""Reconstruction of held-out windows: accuracy, KL and, for grooves, errors of timing and velocity."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.streams import Labels, Stream
from latentpalette.data.batches.base import AnyBatch
from latentpalette.errors import TrainingError
from latentpalette.evaluation.arrays import check_windows
from latentpalette.evaluation.groove import QPM, ExpressionError, evaluated_drums, expression_error
from latentpalette.evaluation.metrics import PrecisionRecallF1, onset_accuracy, step_accuracy
from latentpalette.evaluation.predict import (
    argmax_tokens,
    concat_preallocated,
    decode_tokens,
    iter_batches,
    require_streams,
)
from latentpalette.models.groove_decoding import NUM_DRUMS, apply_tap_timing, decode_given
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.models.network import kl_to_standard_normal
from latentpalette.models.tokens import targets_to_tokens, tokens_to_labels
from latentpalette.models.workers import run_in_chunks, torch_threads
from latentpalette.progress.board import show_progress
from latentpalette.progress.task import Task
from latentpalette.validation import check_integer, check_number

MIN_ACTIVE_VARIANCE = 0.01  # Burda et al. (2016), arXiv 1509.00519: of an active unit's mean, over the data


@dataclass(frozen=True)
class StreamScores:
    """Reconstruction of one stream; each number as in `Reconstruction`.

    Parameters
    ----------
    teacher_forced, free_running, posterior_sample, onset_accuracy : float [0 to 1]
    hits : PrecisionRecallF1
    """

    teacher_forced: float
    free_running: float
    posterior_sample: float
    onset_accuracy: float
    hits: PrecisionRecallF1


@dataclass(frozen=True)
class Reconstruction:
    """Reconstruction of held-out windows.

    With several streams, every number but `exact_match` counts each stream for itself.

    Parameters
    ----------
    num_windows : int
    teacher_forced : float [0 to 1]
        Step accuracy (every drum right; of a melody: its class), each step given the target before it; z is the
        posterior mean.
    free_running : float [0 to 1]
        The same, each step given the decoder's own arg-max before it.
    posterior_sample : float [0 to 1]
        As `free_running`, with z sampled from the posterior.
    onset_accuracy : float [0 to 1]
        `free_running` over the target's onsets alone.
    hits : PrecisionRecallF1
        Of single hits or notes, free-running.
    exact_match : float [0 to 1]
        The share of windows reconstructed without an error.
    kl_bits : float [bits]
        Mean over the windows.
    active_units : int
        Dimensions of z whose mean varies over the data.
    loss_nats : float [nats per window]
        Reconstruction loss, teacher-forced, z the posterior mean.
    streams : mapping of name to StreamScores
        For each stream, where there are several.
    expression : ExpressionError or None
        Of a groove model: timing and velocity, free-running.
    expression_given_hits : ExpressionError or None
        Of a groove model: timing and velocity with the target's hits given, and all that the encoder sees of the
        performance: as `latentpalette.models.groove_decoding` decodes, and as the baselines predict. With taps the
        timing is that of the taps.
    """

    num_windows: int
    teacher_forced: float
    free_running: float
    posterior_sample: float
    onset_accuracy: float
    hits: PrecisionRecallF1
    exact_match: float
    kl_bits: float
    active_units: int
    loss_nats: float
    streams: Mapping[str, StreamScores] = field(default_factory=dict)
    expression: ExpressionError | None = None
    expression_given_hits: ExpressionError | None = None


def evaluate_reconstruction(model: MusicVAE, windows: NDArray, *, seed: int = 0, qpm: float = QPM) -> Reconstruction:
    """Encode windows, decode them again, and compare.

    Parameters
    ----------
    model : MusicVAE
        In evaluation mode.
    windows : ndarray of int [shape=(n, steps, ...)]
        Packed windows, as a corpus holds them.
    seed : int
        For `Reconstruction.posterior_sample`.
    qpm : float
        Tempo at which a groove's timing error is given in milliseconds.

    Raises
    ------
    TrainingError
        If the model's representation cannot be evaluated, or windows are not as a corpus holds them.
    """
    config = check_model(model).config
    windows = check_windows(windows, config.converter, config.name)
    check_integer(seed, "seed", 0, error=TrainingError)
    qpm = check_number(qpm, "qpm", 1, 1000, error=TrainingError)
    streams = require_streams(config)
    converter = model.converter if config.head == "groove" else None
    groove_converter = converter if isinstance(converter, GrooveConverter) else None
    generator = torch.Generator(model.device).manual_seed(seed)
    with torch.inference_mode(), torch_threads(1), show_progress("Reconstructing", len(windows)) as task:
        batches = (
            _predict_batch(model, batch, groove_converter, generator, task)
            for batch in iter_batches(config, windows, device=model.device)
        )
        tokens = _Predictions(*concat_preallocated(len(windows), batches))
    targets = tokens_to_labels(config, tokens.targets)  # [n, t, streams], as the next three
    teacher_forced = tokens_to_labels(config, tokens.teacher_forced, as_played=False)
    free_running = tokens_to_labels(config, tokens.free_running)
    posterior_sample = tokens_to_labels(config, tokens.posterior_sample)
    scores = {
        stream.name: _score_stream(
            stream, targets[..., k], teacher_forced[..., k], free_running[..., k], posterior_sample[..., k]
        )
        for k, stream in enumerate(streams)
    }
    expression = given_hits = None
    if groove_converter is not None:
        drums = evaluated_drums(groove_converter)
        expression = expression_error(tokens.free_running, tokens.targets, qpm=qpm, drums=drums)
        given_hits = expression_error(tokens.given_hits, tokens.targets, qpm=qpm, drums=drums)
    counted = np.stack([stream.counted(targets[..., k]) for k, stream in enumerate(streams)], -1)
    return Reconstruction(
        num_windows=len(windows),
        teacher_forced=onset_accuracy(teacher_forced, targets, counted),
        free_running=onset_accuracy(free_running, targets, counted),
        posterior_sample=onset_accuracy(posterior_sample, targets, counted),
        onset_accuracy=_onset_accuracy(streams, free_running, targets),
        hits=_score_hits(streams, free_running, targets),
        exact_match=float((free_running == targets).all((1, 2)).mean()),
        kl_bits=float(tokens.kl_bits.mean()),
        active_units=int((tokens.mu.var(0, ddof=1) > MIN_ACTIVE_VARIANCE).sum()),
        loss_nats=float(tokens.loss_nats.mean()),
        streams=scores if len(streams) > 1 else {},
        expression=expression,
        expression_given_hits=given_hits,
    )


def _score_stream(
    stream: Stream, targets: Labels, teacher_forced: Labels, free_running: Labels, posterior_sample: Labels
) -> StreamScores:
    """Score one stream's labels [n, t]."""
    return StreamScores(
        teacher_forced=step_accuracy(teacher_forced, targets),
        free_running=step_accuracy(free_running, targets),
        posterior_sample=step_accuracy(posterior_sample, targets),
        onset_accuracy=onset_accuracy(free_running, targets, stream.onsets(targets)),
        hits=PrecisionRecallF1.from_counts(*stream.hit_counts(free_running, targets)),
    )


def _onset_accuracy(streams: tuple[Stream, ...], predictions: Labels, targets: Labels) -> float:
    onsets = np.stack([stream.onsets(targets[..., k]) for k, stream in enumerate(streams)], -1)  # [n, t, streams]
    return onset_accuracy(predictions, targets, onsets)


def _score_hits(streams: tuple[Stream, ...], predictions: Labels, targets: Labels) -> PrecisionRecallF1:
    counts = [stream.hit_counts(predictions[..., k], targets[..., k]) for k, stream in enumerate(streams)]
    true_positives, predicted, actual = (sum(column) for column in zip(*counts, strict=True))
    return PrecisionRecallF1.from_counts(true_positives, predicted, actual)


class _Predictions(NamedTuple):
    """Predictions for windows: tokens [n, t, k], means [n, z], KL [n], reconstruction loss [n].

    `given_hits` are a groove's frames [n, t, 27] decoded with the target's hits given; zeros [n] otherwise.
    """

    targets: NDArray
    teacher_forced: NDArray
    free_running: NDArray
    posterior_sample: NDArray
    mu: NDArray
    kl_bits: NDArray
    loss_nats: NDArray
    given_hits: NDArray


def _predict_batch(
    model: MusicVAE, batch: AnyBatch, converter: GrooveConverter | None, generator: torch.Generator, task: Task
) -> _Predictions:
    moments = run_in_chunks(model.posterior_torch, batch.inputs, batch.lengths, batch.controls)
    mu, sigma = (moment.float() for moment in moments)
    z = mu + sigma * torch.randn(mu.shape, generator=generator, device=mu.device)
    params = run_in_chunks(model.teacher_forced, mu, batch.previous, batch.controls).float()
    predictions = _Predictions(
        targets=targets_to_tokens(model.config, batch.targets).cpu().numpy(),
        teacher_forced=argmax_tokens(model, params).cpu().numpy(),
        free_running=decode_tokens(model, mu, batch.controls).cpu().numpy(),
        posterior_sample=decode_tokens(model, z, batch.controls).cpu().numpy(),
        mu=mu.cpu().numpy(),
        kl_bits=(kl_to_standard_normal(mu, sigma) / math.log(2)).cpu().numpy(),
        loss_nats=model.head.loss(params, batch.targets).sum(-1).cpu().numpy(),
        given_hits=np.zeros(len(mu)) if converter is None else _decode_given_hits(model, converter, mu, batch),
    )
    task.advance(len(mu))
    return predictions


def _decode_given_hits(model: MusicVAE, converter: GrooveConverter, mu: Tensor, batch: AnyBatch) -> NDArray:
    """Decode the evaluated drums' velocities and offsets with everything else given [n, t, 27]."""
    given = batch.targets.cpu().numpy().copy()
    controls = None if batch.controls is None else batch.controls.cpu().numpy()
    for drum in evaluated_drums(converter):
        given[..., [NUM_DRUMS + drum, 2 * NUM_DRUMS + drum]] = np.nan
    frames = decode_given(model, mu.cpu().numpy(), given, controls=controls)
    return apply_tap_timing(frames, batch.inputs.cpu().numpy()) if converter.tapify else frames
