"""Validation at the boundary between the caller's arrays and a model's tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from latentpalette.errors import LatentError, ModelError
from latentpalette.models.encoders import segment_lengths
from latentpalette.models.memory import check_memory
from latentpalette.models.workers import torch_threads
from latentpalette.validation import check_number, check_numbers

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}

MIN_TEMPERATURE = 1e-6  # below this, float32 cannot tell sampling from arg-max
_TORCH_READY: tuple[Literal["C_CONTIGUOUS"], Literal["WRITEABLE"]] = (
    "C_CONTIGUOUS",
    "WRITEABLE",
)  # torch.from_numpy shares the memory of such an array without a warning


def check_frames(x: ArrayLike, depth: int, name: str) -> NDArray[np.float32]:
    """Return frames [n, t, depth] as float32, or raise `ModelError` with both shapes.

    Examples
    --------
    >>> check_frames([[[0, 1]]], 2, "x").shape
    (1, 1, 2)
    """
    with np.errstate(over="ignore"):
        frames = np.require(check_numbers(x, name, flags=True, error=ModelError), np.float32, _TORCH_READY)
    if frames.ndim != 3 or frames.shape[2] != depth or not frames.shape[1]:
        raise ModelError(f"{name} is an array of frames [n, t, {depth}]; got an array of shape {frames.shape}.")
    return frames


def check_z(z: ArrayLike, size: int) -> NDArray[np.float32]:
    """Return latent vectors [n, z] as float32, or raise `LatentError` with what is wrong with them.

    Examples
    --------
    >>> check_z([[0.0, 1.0]], 2).dtype
    dtype('float32')
    """
    numbers = check_numbers(z, "An array of latent vectors z", error=LatentError)
    check_memory(4 * numbers.size, f"{numbers.size:,} numbers of z", "Pass fewer vectors at a time.")
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and refused below
        checked = np.require(numbers, np.float32, _TORCH_READY)
    if checked.ndim != 2 or checked.shape[1] != size:
        hint = " Pass z[None] for a single one." if checked.shape == (size,) else ""
        raise LatentError(f"Latent vectors z are an array [n, {size}]; got an array of shape {checked.shape}.{hint}")
    if not np.isfinite(checked).all():
        raise LatentError("Latent vectors z are finite numbers; there are NaN or infinite ones.")
    return checked


def check_temperature(temperature: float | None) -> float | None:
    """Return a temperature above 0, or None for arg-max; raise `ModelError` otherwise.

    Examples
    --------
    >>> check_temperature(0.0)
    Traceback (most recent call last):
    latentpalette.errors.ModelError: A temperature is above 0, or None for arg-max; got 0.0.
    """
    if temperature is None:
        return None
    if check_number(temperature, "A temperature, where it is not None for arg-max,", error=ModelError) <= 0:
        raise ModelError(f"A temperature is above 0, or None for arg-max; got {temperature!r}.")
    return max(float(temperature), MIN_TEMPERATURE)


def torch_dtype(precision: str) -> torch.dtype:
    """Return the torch dtype of a precision's name; `ModelError` lists them."""
    if precision not in DTYPES:
        raise ModelError(f"A precision is one of {', '.join(DTYPES)}; got {precision!r}.")
    return DTYPES[precision]


def check_lengths(lengths: ArrayLike, n: int, device: torch.device) -> Tensor:
    """Return lengths [n] or [n, segments] as integers; `ModelError` if there are too few or they are negative."""
    given = check_numbers(lengths, "lengths", error=ModelError)
    if given.ndim not in (1, 2) or len(given) != n or (given != given.astype(np.int64)).any() or (given < 0).any():
        raise ModelError(f"lengths are whole numbers [{n}] or [{n}, segments], 0 or more; got {lengths!r}.")
    return torch.from_numpy(given.astype(np.int64)).to(device)


def check_controls(controls: ArrayLike | None, n: int, steps: int, depth: int, device: torch.device) -> Tensor | None:
    """Return controls [n, t, depth], a single sequence repeated n times; None for a model without controls."""
    given = None
    if controls is not None:
        given = check_numbers(controls, "An array of controls", flags=True, error=ModelError).astype(np.float32)
    if not depth and (given is None or given.shape[-1:] == (0,)):
        return None
    if given is None or given.shape[-2:] != (steps, depth) or (given.ndim != 2 and given.shape[:-2] != (n,)):
        got = "none" if given is None else f"an array of shape {given.shape}"
        expected = f"controls [{steps}, {depth}], or one such for each of {n}" if depth else "no controls"
        raise ModelError(f"This model takes {expected}; got {got}.")
    return torch.from_numpy(np.array(np.broadcast_to(given, (n, steps, depth)))).to(device)


def select_controls(controls: ArrayLike | None, indices: Sequence[int] | NDArray) -> NDArray | None:
    """Return the controls of the selected samples; controls [t, depth] that serve all samples stay as they are.

    Examples
    --------
    >>> select_controls(np.zeros((3, 32, 2)), [0, 2]).shape, select_controls(np.zeros((32, 2)), [0, 2]).shape
    ((2, 32, 2), (32, 2))
    """
    given = None if controls is None else np.asarray(controls)
    return given if given is None or given.ndim != 3 else given[np.asarray(indices)]


def step_mask(lengths: Tensor, steps: int, segments: int) -> Tensor:
    """Return which steps [n, t] lie within the lengths [n], or [n, segments] for a model with segments.

    Examples
    --------
    >>> step_mask(torch.tensor([[1, 2]]), 4, 2).int().tolist()
    [[1, 0, 1, 1]]
    """
    per_segment = segment_lengths(lengths, segments, steps) if segments > 1 else lengths[:, None]
    inside = torch.arange(steps // segments, device=lengths.device) < per_segment[..., None]  # [n, segments, t]
    return inside.flatten(1)


def iter_slices(size: int, *tensors: Tensor | None) -> Iterator[list[Any]]:
    """Yield slices of several tensors, the same of each, of at most `size` sequences; None stays None."""
    n = next(len(tensor) for tensor in tensors if tensor is not None)
    for start in range(0, max(n, 1), size):  # of nothing, one empty batch
        yield [None if tensor is None else tensor[start : start + size] for tensor in tensors]


@contextmanager
def eval_mode(model: nn.Module) -> Iterator[None]:
    """Run a block in evaluation mode, without gradients and in one thread; all is restored afterwards."""
    was_training = model.training
    if was_training:
        model.eval()
    try:
        with torch.inference_mode(), torch_threads(1):
            yield
    finally:
        if was_training:
            model.train()
