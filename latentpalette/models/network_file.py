"""The file of a small network, beside a model's weights or of a style: names, shapes and numbers are checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from latentpalette.errors import CheckpointError, FileError
from latentpalette.files import replacing

MAX_FILE_BYTES = 64 << 20


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None, *, fp16: bool = True
) -> Path:
    """Write tensors, as float16 or float32, and return the file's path.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    dtype = torch.float16 if fp16 else torch.float32
    stored = {name: value.detach().to(dtype).contiguous() for name, value in tensors.items()}
    with replacing(path) as new:
        try:
            save_file(stored, new, dict(metadata) if metadata else None)
        except SafetensorError as error:
            raise FileError(f"{path}: cannot be written ({error}).") from error
    return path


def read_tensors(
    path: Path, purpose: str | None = None, *, max_bytes: int = MAX_FILE_BYTES
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors and the metadata of the file of a small network.

    Parameters
    ----------
    path : Path
        A regular file.
    purpose : str, optional
        What the file is for, for a message: the model works without.
    max_bytes : int

    Raises
    ------
    CheckpointError
        If it is damaged, or too long.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise CheckpointError(f"{path}: longer than {max_bytes >> 20} MB, which no such file is.")
        state = load_file(path)
        with safe_open(path, "pt") as file:
            return state, file.metadata() or {}
    except (SafetensorError, OSError) as error:
        advice = f"Copy it again, or remove it: {purpose}." if purpose else "Copy it again."
        raise CheckpointError(f"{path}: not readable as safetensors ({error}). {advice}") from error


def pop_spread(path: Path, state: dict[str, Tensor], z_size: int, fit: str) -> tuple[Tensor, Tensor]:
    """Take the mean and the standard deviation [z] of latent vectors out of the tensors of a file.

    Raises
    ------
    CheckpointError
        If they are missing, or not of this size, or a deviation is not above 0; see `check_tensors`.
    """
    spread = {name: state.pop(name) for name in list(state) if name in ("mean", "std")}
    spread = check_tensors(path, spread, {"mean": (z_size,), "std": (z_size,)}, fit)
    if not bool((spread["std"] > 0).all()):
        raise CheckpointError(f"{path}: it holds a spread of 0.")
    return spread["mean"], spread["std"]


def check_tensors(
    path: Path, state: Mapping[str, Tensor], shapes: Mapping[str, tuple[int, ...]], fit: str
) -> dict[str, Tensor]:
    """Return tensors as float32 if they have these names and shapes, and are finite.

    Raises
    ------
    CheckpointError
        If they do not; it names the command that fits such a network, `fit`.
    """
    if {name: tuple(value.shape) for name, value in state.items()} != shapes:
        raise CheckpointError(f"{path}: the prior of another model. Fit it again with `latentpalette {fit}`.")
    if not all(value.is_floating_point() for value in state.values()):
        raise CheckpointError(f"{path}: its numbers are not floating-point numbers.")
    if not all(bool(torch.isfinite(value).all()) for value in state.values()):
        raise CheckpointError(f"{path}: it holds numbers that are not finite.")
    return {name: value.float() for name, value in state.items()}
