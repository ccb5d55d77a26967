"""What a model says, as labels: from a head's tokens to integers, part by part, in NumPy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.errors import TrainingError
from latentpalette.models.config import ModelConfig
from latentpalette.models.musicvae import MusicVAE
from latentpalette.training.batches import Batch, batches

_AT_ONCE = 512  # windows, where they are short
_CELLS = 512 * 32 * 512  # numbers in one batch of targets, where they are long


def in_batches(config: ModelConfig, rows: NDArray, *, device: torch.device) -> Iterator[Batch]:
    """The packed rows of a corpus as a model reads them, as many at once as memory likes."""
    windows = batches(rows, config.converter, device=device)
    at_once = max(1, min(_AT_ONCE, _CELLS // (config.steps * config.output_depth)))
    for packed in windows.rows.split(at_once):
        yield windows.batch(packed)


def tokens_of(config: ModelConfig, targets: Tensor) -> Tensor:
    """Target rows [n, t, depth] as tokens [n, t, k]: a class for each part, or the row where it is no class.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> rows = torch.zeros(1, 2, 90)
    >>> rows[0, :, 5] = 1
    >>> tokens_of(CONFIGS["cat-mel_2bar_small"], rows).tolist()
    [[[5], [5]]]
    """
    if config.head == "categorical":
        return targets.argmax(-1, keepdim=True)
    if config.head == "multi-out":
        return torch.stack([part.argmax(-1) for part in targets.split(list(config.parts), -1)], -1)
    return targets


def likeliest(model: MusicVAE, params: Tensor) -> Tensor:
    """The likeliest tokens [n, t, k] under a head's parameters [n, t, width]."""
    n, steps, width = params.shape
    tokens = model.head.choose(params.reshape(n * steps, width), None, None)
    return tokens.reshape(n, steps, -1)


def decoded(
    model: MusicVAE,
    z: Tensor,
    controls: Tensor | None = None,
    *,
    temperature: float | None = None,
    noise: Tensor | None = None,
) -> Tensor:
    """What the decoder says on its own at places z [n, z]: tokens [n, t, k]."""
    cores = model.decoder.tokens(z, temperature=temperature, controls=controls, noise=noise)
    return torch.cat([each if each.ndim == 3 else each[..., None] for each in cores], -1)


def labels_of(config: ModelConfig, tokens: Tensor | NDArray) -> NDArray[np.int64]:
    """Tokens [n, t, k] as labels [n, t, parts]; hits of drums become bits."""
    said = tokens.cpu().numpy() if isinstance(tokens, Tensor) else tokens
    if config.head in ("categorical", "multi-out"):
        return said.astype(np.int64)
    drums = config.output_depth // 3 if config.head == "groove" else config.output_depth
    return ((said[..., :drums] > 0.5) @ (1 << np.arange(drums)))[..., None]


def truth(config: ModelConfig, rows: NDArray) -> NDArray[np.int64]:
    """The packed rows of a corpus as labels [n, t, parts].

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> truth(CONFIGS["cat-drums_2bar_small"], np.array([[1, 0, 4]], np.uint16))[0, :, 0].tolist()
    [1, 0, 4]
    """
    each = in_batches(config, rows, device=torch.device("cpu"))
    return together(len(rows), ((labels_of(config, tokens_of(config, batch.targets)),) for batch in each))[0]


def together(n: int, parts: Iterable[tuple[NDArray, ...]]) -> tuple[NDArray, ...]:
    """What is said of n rows, part by part of them, put in its place as it comes.

    To keep something small of every large batch, and to join it at the end, would have the allocator leave holes as
    large as the batches in between: 20 GB for the trios of 600 songs.

    Examples
    --------
    >>> together(3, [(np.array([1, 2]), np.zeros(2)), (np.array([3]), np.ones(1))])
    (array([1, 2, 3]), array([0., 0., 1.]))
    """
    wholes: tuple[NDArray, ...] = ()
    done = 0
    for each in parts:
        wholes = wholes or tuple(np.empty((n, *part.shape[1:]), part.dtype) for part in each)
        for whole, part in zip(wholes, each, strict=True):
            whole[done : done + len(part)] = part
        done += len(each[0])
    return wholes


def encoded(model: MusicVAE, rows: NDArray) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Where the packed rows of a corpus lie and what they say: means [n, z] and labels [n, t, parts]."""
    config = model.config

    def each() -> Iterator[tuple[NDArray, NDArray]]:
        for batch in in_batches(config, rows, device=model.device):
            mu = model.posterior_torch(batch.inputs, None, batch.controls)[0]
            yield mu.float().cpu().numpy(), labels_of(config, tokens_of(config, batch.targets))

    with torch.inference_mode():
        means, labels = together(len(rows), each())
    return means, labels


def made_up(
    model: MusicVAE,
    n: int,
    *,
    temperatures: Iterable[float | None],
    seed: int = 0,
    controls: Tensor | None = None,
    rehearsals: int | None = None,
) -> Iterator[NDArray[np.int64]]:
    """Labels of windows decoded from z drawn from the prior, at one temperature after the other.

    All are decoded from the same places: these are drawn, and rehearsed, once.

    Parameters
    ----------
    model : MusicVAE
    n : int
    temperatures : iterable of float or None
        None takes the likeliest at each step.
    seed : int
    controls : tensor [n, t, control depth], optional
        For a model that takes them.
    rehearsals : int, optional
        As many as the model's own by default; see `MusicVAE.draw`.

    Yields
    ------
    ndarray of int64 [shape=(n, t, parts)]

    Raises
    ------
    TrainingError
        If the model takes controls and there are none.
    """
    config = model.config
    if config.control_depth and controls is None:
        raise TrainingError(f"{config.name} takes controls; give some for each of the {n} windows to make up.")
    device = next(model.parameters()).device
    dice = torch.Generator(device).manual_seed(seed)
    z = torch.randn((n, config.z_size), generator=dice, device=device)
    noise = torch.rand((n, config.steps, model.head.draws), generator=dice, device=device)
    times = config.rehearsals if rehearsals is None else rehearsals
    if times:
        steered = None if controls is None else controls.cpu().numpy()
        z = torch.from_numpy(model.rehearse(z.cpu().numpy(), times, seed=seed, controls=steered)).to(device)
    for temperature in temperatures:
        random = None if temperature is None else noise
        with torch.inference_mode():
            parts = [
                labels_of(config, decoded(model, each, steer, temperature=temperature, noise=draw))
                for each, steer, draw in _together(z, controls, random)
            ]
        yield np.concatenate(parts)


def _together(z: Tensor, *others: Tensor | None) -> Iterator[tuple[Tensor, Tensor | None, Tensor | None]]:
    for start in range(0, len(z), 2 * _AT_ONCE):
        span = slice(start, start + 2 * _AT_ONCE)
        steer, draw = (None if each is None else each[span] for each in others)
        yield z[span], steer, draw
