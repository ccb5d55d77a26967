"""The boundary between the caller's numbers and a model's tensors: checked here, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from latentpalette.errors import LatentError, ModelError
from latentpalette.latent.paths import Latents, lerp, slerp
from latentpalette.models.encoders import segment_lengths

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}

_STREAMS = ("z", "rows", "rehearsals")  # independent random numbers from one seed
_COLDEST = 1e-6  # colder than this, a float32 cannot tell from arg-max
_OURS: tuple[Literal["C_CONTIGUOUS"], Literal["WRITEABLE"]] = (
    "C_CONTIGUOUS",
    "WRITEABLE",
)  # torch takes an array over as it is only then


def as_rows(x: ArrayLike, depth: int, name: str) -> NDArray[np.float32]:
    """Rows [n, t, depth] as float32, or `ModelError` with both shapes.

    Examples
    --------
    >>> as_rows([[[0, 1]]], 2, "x").shape
    (1, 1, 2)
    """
    rows = np.require(x, np.float32, _OURS)
    if rows.ndim != 3 or rows.shape[2] != depth or not rows.shape[1]:
        raise ModelError(f"{name} is rows [n, t, {depth}]; got an array of shape {rows.shape}.")
    return rows


def as_z(z: ArrayLike, size: int) -> NDArray[np.float32]:
    """Places in latent space [n, z] as float32, or `LatentError` that says what is wrong with them.

    Examples
    --------
    >>> as_z([[0.0, 1.0]], 2).dtype
    dtype('float32')
    """
    places = np.require(z, np.float32, _OURS)
    if places.ndim != 2 or places.shape[1] != size:
        hint = " Pass z[None] for a single one." if places.shape == (size,) else ""
        raise LatentError(f"Places in latent space are [n, {size}]; got an array of shape {places.shape}.{hint}")
    if not np.isfinite(places).all():
        raise LatentError("A place in latent space is made of finite numbers; there are NaN or infinite ones.")
    return places


def as_temperature(temperature: float | None) -> float | None:
    """A temperature above 0, or None for arg-max; `ModelError` otherwise.

    Examples
    --------
    >>> as_temperature(0.0)
    Traceback (most recent call last):
    latentpalette.errors.ModelError: A temperature is above 0, or None for the likeliest row; got 0.0.
    """
    if temperature is None:
        return None
    if isinstance(temperature, bool) or not isfinite(temperature) or temperature <= 0:
        raise ModelError(f"A temperature is above 0, or None for the likeliest row; got {temperature!r}.")
    return max(float(temperature), _COLDEST)


def as_dtype(precision: str) -> torch.dtype:
    """The torch type of a precision's name; `ModelError` lists them."""
    if precision not in PRECISIONS:
        raise ModelError(f"A precision is one of {', '.join(PRECISIONS)}; got {precision!r}.")
    return PRECISIONS[precision]


def as_lengths(lengths: ArrayLike, n: int, device: torch.device) -> Tensor:
    """Lengths [n] or [n, segments] as integers; `ModelError` if there are too few or they are negative."""
    given = np.asarray(lengths)
    if given.ndim not in (1, 2) or len(given) != n or (given != given.astype(np.int64)).any() or (given < 0).any():
        raise ModelError(f"lengths are whole numbers [{n}] or [{n}, segments], 0 or more; got {lengths!r}.")
    return torch.from_numpy(given.astype(np.int64)).to(device)


def as_controls(controls: ArrayLike | None, n: int, steps: int, depth: int, device: torch.device) -> Tensor | None:
    """Controls [n, t, depth], one sequence of them repeated for all; None for a model without."""
    given = None if controls is None else np.asarray(controls, np.float32)
    if not depth and (given is None or given.shape[-1:] == (0,)):
        return None
    if given is None or given.shape[-2:] != (steps, depth) or (given.ndim != 2 and given.shape[:-2] != (n,)):
        got = "none" if given is None else f"an array of shape {given.shape}"
        wants = f"controls [{steps}, {depth}], or one such for each of {n}" if depth else "no controls"
        raise ModelError(f"This model takes {wants}; got {got}.")
    return torch.from_numpy(np.array(np.broadcast_to(given, (n, steps, depth)))).to(device)


def controls_of(told: ArrayLike | None, chosen: Sequence[int] | NDArray) -> NDArray | None:
    """The controls of the chosen pieces: those of each [n, t, depth], or the ones [t, depth] that serve all.

    Examples
    --------
    >>> controls_of(np.zeros((3, 32, 2)), [0, 2]).shape, controls_of(np.zeros((32, 2)), [0, 2]).shape
    ((2, 32, 2), (32, 2))
    """
    given = None if told is None else np.asarray(told)
    return given if given is None or given.ndim != 3 else given[np.asarray(chosen)]


def generator(seed: int | None, stream: str, take: int = 0) -> np.random.Generator:
    """Random numbers of one's own for a seed, a purpose and a take; fresh ones without a seed.

    Examples
    --------
    >>> generator(7, "z").random() == generator(7, "z").random()
    True
    """
    if seed is None:
        return np.random.default_rng()
    if isinstance(seed, bool) or int(seed) != seed or seed < 0:
        raise ModelError(f"A seed is a whole number, 0 or more; got {seed!r}.")
    return np.random.default_rng([int(seed), _STREAMS.index(stream), take])


def normal(seed: int | None, stream: str, shape: tuple[int, ...], take: int = 0) -> NDArray[np.float32]:
    """Numbers drawn from the standard normal; the first axis counts pieces, so that the first of more are the same.

    Examples
    --------
    >>> bool((normal(7, "z", (2, 3)) == normal(7, "z", (5, 3))[:2]).all())
    True
    """
    return generator(seed, stream, take).standard_normal(shape, dtype=np.float32)


def valid_steps(lengths: Tensor, steps: int, segments: int) -> Tensor:
    """Which steps [n, t] count, for lengths [n], or [n, segments] where a model has segments.

    Examples
    --------
    >>> valid_steps(torch.tensor([[1, 2]]), 4, 2).int().tolist()
    [[1, 0, 1, 1]]
    """
    spread = segment_lengths(lengths, segments, steps) if segments > 1 else lengths[:, None]
    inside = torch.arange(steps // segments, device=lengths.device) < spread[..., None]  # [n, segments, t]
    return inside.flatten(1)


def batches(size: int, *tensors: Tensor | None) -> Iterator[list[Any]]:
    """Tensors that belong together, `size` sequences at a time; None stays None."""
    n = next(len(each) for each in tensors if each is not None)
    for start in range(0, max(n, 1), size):  # of nothing, one empty batch
        yield [None if each is None else each[start : start + size] for each in tensors]


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Without gradients and dropout; training goes on as it was."""
    was = model.training
    if was:
        model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        if was:
            model.train()


def way(walk: str, a: ArrayLike, b: ArrayLike, t: ArrayLike) -> Latents:
    """Places [n, z] on the way from one to another, on a walk by its name; `ModelError` lists the names.

    Examples
    --------
    >>> way("lerp", [1.0, 0.0], [0.0, 1.0], [0.5]).tolist()
    [[0.5, 0.5]]
    """
    walks = {"slerp": round_about, "lerp": lerp}
    if walk not in walks:
        raise ModelError(f"A walk is one of {', '.join(walks)}; got {walk!r}.")
    return walks[walk](a, b, t)


def round_about(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> Latents:
    """`slerp`, but between opposite ends, too: then by way of the coordinate that the ends use least.

    Examples
    --------
    >>> round_about([1.0, 0.0], [-1.0, 0.0], [0.0, 0.5, 1.0]).round(6).tolist()
    [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]
    """
    a, b, t = (np.asarray(each, np.float64) for each in (a, b, t))
    try:
        return slerp(a, b, t)
    except LatentError:
        if len(a) < 2:
            return lerp(a, b, t)  # on a line there is no way around
    direction = a / np.linalg.norm(a)
    least = np.eye(len(a))[np.abs(a).argmin()]
    across = least - (least @ direction) * direction
    middle = across / np.linalg.norm(across) * (np.linalg.norm(a) + np.linalg.norm(b)) / 2
    halves = [slerp(a, middle, 2 * t), slerp(middle, b, 2 * t - 1)]
    return np.where((t < 0.5)[:, None], *halves)
