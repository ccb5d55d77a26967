"""What a model says, as labels: from a head's tokens to integers, part by part, in NumPy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.streams import MOST_DRUMS, Part, parts
from latentpalette.data.batches.base import Batch, batches
from latentpalette.errors import TrainingError
from latentpalette.models.config import ModelConfig
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.sampling import taken
from latentpalette.models.tokens import labels_of, side_by_side, tokens_of

_AT_ONCE = 512  # windows, where they are short
_CELLS = 512 * 32 * 512  # numbers in one batch of targets, where they are long


def parts_of(config: ModelConfig) -> tuple[Part, ...]:
    """The parts of a model's rows, in their order.

    Raises
    ------
    TrainingError
        If nothing is known of how to judge this representation.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> [part.name for part in parts_of(CONFIGS["hier-trio_16bar"])]
    ['melody', 'bass', 'drums']
    """
    found = parts(config.converter)
    if not found:
        spec = dict(config.converter)
        raise TrainingError(
            f"{config.name}: nothing is known of how to judge {spec.get('name') or 'arrays'!r} with the map "
            f"{spec.get('map', 'reduced')!r}; drums of at most {MOST_DRUMS} classes, melodies, trios and grooves can "
            "be judged."
        )
    return found


def in_batches(config: ModelConfig, rows: NDArray, *, device: torch.device) -> Iterator[Batch]:
    """The packed rows of a corpus as a model reads them, as many at once as memory likes."""
    windows = batches(rows, config.converter, device=device)
    at_once = max(1, min(_AT_ONCE, _CELLS // (config.steps * config.output_depth)))
    for packed in windows.rows.split(at_once):
        yield windows.batch(packed)


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
    return side_by_side(cores)


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


class MadeUp(NamedTuple):
    """Windows that a model made up.

    Parameters
    ----------
    labels : ndarray of int64 [shape=(n, t, parts)]
    again : float [0 to 1]
        The share of them that were silent or stuck at first, and were taken again.
    """

    labels: NDArray[np.int64]
    again: float


def made_up(
    model: MusicVAE,
    n: int,
    *,
    temperatures: Iterable[float | None],
    seed: int = 0,
    controls: Tensor | None = None,
    rehearsals: int | None = None,
) -> Iterator[MadeUp]:
    """Windows as `MusicVAE.sample` makes them up, at one temperature after the other.

    All are decoded from the same places, which are drawn, and rehearsed, once; but for those that are taken again.

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
    MadeUp

    Raises
    ------
    TrainingError
        If the model takes controls and there are none.
    """
    config = model.config
    if config.control_depth and controls is None:
        raise TrainingError(f"{config.name} takes controls; give some for each of the {n} windows to make up.")
    dice = torch.Generator(model.device).manual_seed(seed)
    z = torch.randn((n, config.z_size), generator=dice, device=model.device).cpu().numpy()
    noise = torch.rand((n, config.steps, model.head.draws), generator=dice, device=model.device).cpu().numpy()
    times = config.rehearsals if rehearsals is None else rehearsals
    told = None if controls is None else controls.cpu().numpy()
    z = model.rehearse(z, times, seed=seed, controls=told) if times else z
    how: dict[str, Any] = {"controls": told, "seed": seed, "rehearsals": times, "takes": config.takes}
    for temperature in temperatures:
        found = taken(model, model.converter, z, None if temperature is None else noise, temperature=temperature, **how)
        yield MadeUp(labels_of(config, side_by_side(found.tokens)), float(found.again.mean()))
