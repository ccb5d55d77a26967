"""The file of a learned prior, ``prior.safetensors``, beside the weights of its model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from latentpalette.errors import CheckpointError, FileError, ModelError
from latentpalette.files import replacing
from latentpalette.models.conditions import Conditions, conditions_from_json, conditions_to_json, count_columns
from latentpalette.models.flow import AUTOGUIDANCE, MAX_AUTOGUIDANCE, MAX_BLOCKS, MAX_WIDTH, FlowPrior, VelocityField
from latentpalette.validation import check_number

PRIOR_FILE = "prior.safetensors"
CONDITIONS = "conditions"  # the key of their description in the file's metadata
AUTOGUIDANCE_KEY = "autoguidance"  # of the weight of the field that a weaker one guides, where it is not the usual one
WEAKER = "weaker."  # begins the names of a second field's tensors
FIT = "fit-prior"  # the command
MAX_FILE_BYTES = 64 << 20


def save_prior(prior: FlowPrior | None, folder: Path, *, fp16: bool = True) -> Path:
    """Write a learned prior into its model's folder, or remove the old one if it is None; return the file's path.

    Raises
    ------
    FileError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> file = save_prior(FlowPrior(VelocityField(2, width=8, blocks=1)), Path(tempfile.mkdtemp()))
    >>> file.name, load_prior(file, 2).z_size
    ('prior.safetensors', 2)
    """
    path = folder / PRIOR_FILE
    if prior is None:
        path.unlink(missing_ok=True)
        return path
    dtype = torch.float16 if fp16 else torch.float32
    tensors = {"mean": prior.mean, "std": prior.std, **prior.field.state_dict()}
    if prior.weaker is not None:
        tensors |= {WEAKER + name: value for name, value in prior.weaker.state_dict().items()}
    tensors = {name: value.detach().to(dtype).contiguous() for name, value in tensors.items()}
    metadata = {CONDITIONS: conditions_to_json(prior.conditions)} if prior.conditions else {}
    if prior.autoguidance != AUTOGUIDANCE:
        metadata[AUTOGUIDANCE_KEY] = str(prior.autoguidance)
    with replacing(path) as new:
        try:
            save_file(tensors, new, metadata or None)
        except SafetensorError as error:
            raise FileError(f"{path}: cannot be written ({error}).") from error
    return path


def load_prior(path: Path, z_size: int) -> FlowPrior:
    """Read the learned prior of a model.

    Parameters
    ----------
    path : Path
        A regular file.
    z_size : int
        Of the model.

    Raises
    ------
    CheckpointError
        If the file is damaged, or is the prior of another model.
    """
    state, metadata = read_tensors(path, "it is only for sampling and interpolation")
    conditions = _read_conditions(path, metadata.get(CONDITIONS, "[]"))
    of_weaker = {name.removeprefix(WEAKER): state.pop(name) for name in list(state) if name.startswith(WEAKER)}
    mean, std = pop_spread(path, state, z_size, FIT)
    field = _read_field(path, state, z_size, count_columns(conditions))
    weaker = _read_field(path, of_weaker, z_size, 0) if of_weaker else None
    autoguidance = _read_autoguidance(path, metadata.get(AUTOGUIDANCE_KEY, str(AUTOGUIDANCE)))
    return FlowPrior(field, mean, std, conditions, weaker, autoguidance)


def read_tensors(path: Path, purpose: str) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors and the metadata of the file of a small network.

    Parameters
    ----------
    path : Path
        A regular file.
    purpose : str
        What the file is for, for a message: the model works without.

    Raises
    ------
    CheckpointError
        If it is damaged, or too long.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise CheckpointError(f"{path}: longer than {MAX_FILE_BYTES >> 20} MB, which no {path.name} is.")
    try:
        state = load_file(path)
        with safe_open(path, "pt") as file:
            return state, file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path}: not readable as safetensors ({error}). Copy it again, or remove it: {purpose}."
        ) from error


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


def _read_field(path: Path, state: dict[str, Tensor], z_size: int, num_conditions: int) -> VelocityField:
    first = state.get("input.weight", torch.empty(0))
    width = first.shape[0] if first.ndim == 2 else 0
    blocks = sum(re.fullmatch(r"layers\.\d+\.weight", name) is not None for name in state)
    if not (1 <= width <= MAX_WIDTH and blocks <= MAX_BLOCKS):
        raise CheckpointError(f"{path}: not a learned prior; fit it again with `latentpalette {FIT}`.")
    with torch.device("meta"):  # shapes without memory
        field = VelocityField(z_size, width=width, blocks=blocks, num_conditions=num_conditions)
    shapes = {name: tuple(value.shape) for name, value in field.state_dict().items()}
    field.load_state_dict(check_tensors(path, state, shapes, FIT), assign=True)
    return field


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


def _read_conditions(path: Path, text: str) -> Conditions:
    try:
        return conditions_from_json(text)
    except ModelError as error:
        raise CheckpointError(f"{path}: its conditions are damaged. {error}") from error


def _read_autoguidance(path: Path, text: str) -> float:
    try:
        return check_number(float(text), AUTOGUIDANCE_KEY, 1, MAX_AUTOGUIDANCE, error=ModelError)
    except (ValueError, ModelError) as error:
        raise CheckpointError(f"{path}: the weight of its field is damaged. {error}") from error
