"""A model's predictions over a corpus, as labels in NumPy: targets, arg-max decodes and samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.stream_registry import streams_of
from latentpalette.converters.streams import MAX_DRUMS, Stream
from latentpalette.data.batches.base import AnyBatch
from latentpalette.data.batches.registry import make_batches
from latentpalette.errors import TrainingError
from latentpalette.evaluation.arrays import check_windows
from latentpalette.models.config import ModelConfig
from latentpalette.models.flow import GUIDANCE
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.models.sampling import noise_to_z, rejection_sample
from latentpalette.models.tokens import concat_tokens, targets_to_tokens, tokens_to_labels
from latentpalette.models.workers import run_in_chunks, torch_threads
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_type

_MAX_BATCH_SIZE = 512  # windows
_MAX_BATCH_VALUES = 512 * 32 * 512  # numbers in the targets of a batch; long windows make it smaller


def require_streams(config: ModelConfig) -> tuple[Stream, ...]:
    """Return a model's output streams, in their order.

    Raises
    ------
    TrainingError
        If the model's representation cannot be evaluated.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> [stream.name for stream in require_streams(MAGENTA_CONFIGS["hier-trio_16bar"])]
    ['melody', 'bass', 'drums']
    """
    streams = streams_of(config.converter)
    if not streams:
        spec = dict(config.converter)
        raise TrainingError(
            f"{config.name}: {spec.get('name') or 'arrays'!r} with the drum map {spec.get('drum_map', 'reduced')!r} "
            f"cannot be evaluated; drums of at most {MAX_DRUMS} classes, melodies, trios, grooves and performances can."
        )
    return streams


def iter_batches(config: ModelConfig, windows: NDArray, *, device: torch.device) -> Iterator[AnyBatch]:
    """Yield a corpus's packed windows in order, as batches of a size that bounds memory.

    Parameters
    ----------
    config : ModelConfig
    windows : ndarray [shape=(n, t, ...)]
        Packed windows, as a corpus holds them.
    device : torch.device
    """
    source = make_batches(windows, config.converter, device=device)
    batch_size = max(1, min(_MAX_BATCH_SIZE, _MAX_BATCH_VALUES // (config.steps * config.output_depth)))
    for packed in source.windows.split(batch_size):
        yield source.unpack(packed)


def argmax_tokens(model: MusicVAE, params: Tensor) -> Tensor:
    """Return the most likely tokens [n, t, k] under a head's parameters [n, t, num_params]."""
    n, steps, num_params = params.shape
    tokens = model.head.sample(params.reshape(n * steps, num_params), None, None)
    return tokens.reshape(n, steps, -1)


def decode_latents(
    model: MusicVAE, z: NDArray, *, temperature: float | None = None, noise: NDArray | None = None
) -> NDArray:
    """Decode z [n, z] free-running; return tokens [n, t, k].

    Parameters
    ----------
    model : MusicVAE
        Without controls.
    z : ndarray [shape=(n, z)]
    temperature : float or None
        None decodes arg-max.
    noise : ndarray [shape=(n, t, num_uniforms)], optional
        Uniform, needed with a temperature.
    """
    cores = model.decode_tokens(z.astype(np.float32), temperature=temperature, noise=noise)
    return concat_tokens(cores).cpu().numpy()


def decode_tokens(
    model: MusicVAE,
    z: Tensor,
    controls: Tensor | None = None,
    *,
    temperature: float | None = None,
    noise: Tensor | None = None,
) -> Tensor:
    """Decode z [n, z] free-running; return tokens [n, t, k]."""
    cores = model.decoder.decode(z, temperature=temperature, controls=controls, noise=noise)
    return concat_tokens(cores)


def target_tokens(config: ModelConfig, windows: NDArray) -> NDArray:
    """Return a corpus's packed windows as tokens [n, t, k]."""
    windows = check_windows(windows, config.converter, config.name)
    tokens = (
        (targets_to_tokens(config, batch.targets).numpy(),)
        for batch in iter_batches(config, windows, device=torch.device("cpu"))
    )
    return concat_preallocated(len(windows), tokens)[0]


def target_labels(config: ModelConfig, windows: NDArray) -> NDArray[np.int64]:
    """Return a corpus's packed windows as labels [n, t, streams].

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> target_labels(MAGENTA_CONFIGS["cat-drums_2bar_small"], np.array([[1, 0, 4]], np.uint16))[0, :, 0].tolist()
    [1, 0, 4]
    """
    check_type(config, ModelConfig, "A configuration", "A model has one: model.config.", error=TrainingError)
    windows = check_windows(windows, config.converter, config.name)
    labels = (
        (tokens_to_labels(config, targets_to_tokens(config, batch.targets)),)
        for batch in iter_batches(config, windows, device=torch.device("cpu"))
    )
    return concat_preallocated(len(windows), labels)[0]


def concat_preallocated(n: int, batches: Iterable[tuple[NDArray, ...]]) -> tuple[NDArray, ...]:
    """Concatenate batches of arrays, each written to its place in the result as it arrives.

    Collecting small results of large batches and joining them at the end would fragment the allocator's memory: 20 GB
    for the trios of 600 songs.

    Parameters
    ----------
    n : int
        Rows in all.
    batches : iterable of tuple of ndarray
        Arrays of one batch, equally long; the same number of arrays for every batch.

    Examples
    --------
    >>> concat_preallocated(3, [(np.array([1, 2]), np.zeros(2)), (np.array([3]), np.ones(1))])
    (array([1, 2, 3]), array([0., 0., 1.]))
    """
    results: tuple[NDArray, ...] = ()
    start = 0
    for batch in batches:
        results = results or tuple(np.empty((n, *array.shape[1:]), array.dtype) for array in batch)
        for result, array in zip(results, batch, strict=True):
            result[start : start + len(array)] = array
        start += len(batch[0])
    return results


def encode_windows(model: MusicVAE, windows: NDArray) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Encode a corpus's packed windows; return posterior means [n, z] and target labels [n, t, streams]."""
    config = check_model(model).config
    windows = check_windows(windows, config.converter, config.name)

    def encode_batches() -> Iterator[tuple[NDArray, NDArray]]:
        for batch in iter_batches(config, windows, device=model.device):
            mu = run_in_chunks(model.posterior_torch, batch.inputs, batch.lengths, batch.controls)[0]
            yield mu.float().cpu().numpy(), tokens_to_labels(config, targets_to_tokens(config, batch.targets))

    with torch.inference_mode(), torch_threads(1), show_progress("Encoding", len(windows), counts_chunks=True):
        mu, labels = concat_preallocated(len(windows), encode_batches())
    return mu, labels


class Samples(NamedTuple):
    """Windows sampled from a model.

    Parameters
    ----------
    tokens : ndarray [shape=(n, t, k)]
    labels : ndarray of int64 [shape=(n, t, streams)]
    rejected : float [0 to 1]
        The share whose first attempt was silent or had a static bar, and was resampled.
    """

    tokens: NDArray
    labels: NDArray[np.int64]
    rejected: float


def sample_labels(
    model: MusicVAE,
    n: int,
    *,
    temperatures: Iterable[float | None],
    seed: int = 0,
    controls: Tensor | None = None,
    gibbs_steps: int | None = None,
    conditions: Mapping[str, Any] | None = None,
    guidance: float = GUIDANCE,
) -> Iterator[Samples]:
    """Yield windows sampled as `MusicVAE.sample` does, at one temperature after the other.

    z is sampled and refined once for all temperatures; only rejected samples are drawn again.

    Parameters
    ----------
    model : MusicVAE
    n : int
        Windows at each temperature.
    temperatures : iterable of float or None
        None decodes arg-max.
    seed : int
    controls : tensor [n, t, control depth], optional
        For a model with controls.
    gibbs_steps : int, optional
        Default: the model's own; see `MusicVAE.sample_z`.
    conditions, guidance
        For a model whose learned prior takes conditions; see `latentpalette.models.flow.FlowPrior.sample`.

    Yields
    ------
    Samples

    Raises
    ------
    TrainingError
        If the model needs controls and there are none.
    """
    config = model.config
    if config.control_depth and controls is None:
        raise TrainingError(f"{config.name} takes controls; give some for each of the {n} windows to sample.")
    generator = torch.Generator(model.device).manual_seed(seed)
    z = torch.randn((n, config.z_size), generator=generator, device=model.device).cpu().numpy()
    noise = torch.rand((n, config.steps, model.head.num_uniforms), generator=generator, device=model.device)
    z = noise_to_z(model, z, conditions, guidance=guidance)
    gibbs_steps = model.default_gibbs_steps if gibbs_steps is None else gibbs_steps
    control_array = None if controls is None else controls.cpu().numpy()
    z = model.refine(z, gibbs_steps, seed=seed, controls=control_array) if gibbs_steps else z
    for temperature in temperatures:
        accepted = rejection_sample(
            model,
            model.converter,
            z,
            None if temperature is None else noise.cpu().numpy(),
            temperature=temperature,
            controls=control_array,
            seed=seed,
            gibbs_steps=gibbs_steps,
            max_attempts=config.max_attempts,
            conditions=conditions,
            guidance=guidance,
        )
        tokens = concat_tokens(accepted.tokens).cpu().numpy()
        yield Samples(tokens, tokens_to_labels(config, tokens), float(accepted.rejected_first.mean()))
