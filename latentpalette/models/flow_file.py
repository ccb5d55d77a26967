"""The file of a learned prior, ``prior.safetensors``, beside the weights of its model."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from latentpalette.errors import CheckpointError
from latentpalette.files import replacing
from latentpalette.models.flow import MAX_BLOCKS, MAX_WIDTH, FlowPrior, VelocityField

PRIOR_FILE = "prior.safetensors"
MAX_FILE_BYTES = 64 << 20


def save_prior(prior: FlowPrior, folder: Path, *, fp16: bool = True) -> Path:
    """Write a learned prior into its model's folder; return the file.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> save_prior(FlowPrior(VelocityField(2, width=8, blocks=1)), folder).name
    'prior.safetensors'
    >>> load_prior(folder, 2).z_size
    2
    """
    dtype = torch.float16 if fp16 else torch.float32
    tensors = {"mean": prior.mean, "std": prior.std, **prior.field.state_dict()}
    tensors = {name: value.detach().to(dtype).contiguous() for name, value in tensors.items()}
    with replacing(folder / PRIOR_FILE) as new:
        save_file(tensors, new)
    return folder / PRIOR_FILE


def load_prior(folder: Path, z_size: int) -> FlowPrior | None:
    """Return the learned prior in a model's folder; None if there is none.

    Parameters
    ----------
    folder : Path
    z_size : int
        Of the model.

    Raises
    ------
    CheckpointError
        If the file is damaged, or is the prior of another model.
    """
    path = folder / PRIOR_FILE
    if not path.exists():
        return None
    if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
        raise CheckpointError(f"{path}: not a file of at most {MAX_FILE_BYTES >> 20} MB, as the file of a prior is.")
    try:
        state = load_file(path)
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path}: not readable as safetensors ({error}).") from error
    first = state.get("input.weight", torch.empty(0))
    width = first.shape[0] if first.ndim == 2 else 0
    blocks = sum(re.fullmatch(r"layers\.\d+\.weight", name) is not None for name in state)
    if not (1 <= width <= MAX_WIDTH and blocks <= MAX_BLOCKS):
        raise CheckpointError(f"{path}: not a learned prior; fit it again with `latentpalette fit-prior`.")
    with torch.device("meta"):  # shapes without memory
        field = VelocityField(z_size, width=width, blocks=blocks)
    shapes = {"mean": (z_size,), "std": (z_size,)}
    shapes |= {name: tuple(value.shape) for name, value in field.state_dict().items()}
    if {name: tuple(value.shape) for name, value in state.items()} != shapes:
        raise CheckpointError(f"{path}: the prior of another model. Fit it again with `latentpalette fit-prior`.")
    if not all(value.is_floating_point() for value in state.values()):
        raise CheckpointError(f"{path}: its numbers are not floating-point numbers.")
    state = {name: value.float() for name, value in state.items()}
    mean, std = state.pop("mean"), state.pop("std")
    if not all(bool(torch.isfinite(value).all()) for value in (mean, std, *state.values())) or not bool(
        (std > 0).all()
    ):
        raise CheckpointError(f"{path}: it holds numbers that are not finite, or a spread of 0.")
    field.load_state_dict(state, assign=True)
    return FlowPrior(field, mean, std)
