"""The file of a learned prior, ``prior.safetensors``, beside the weights of its model."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from torch import Tensor

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.conditions import Conditions, conditions_from_json, conditions_to_json, count_columns
from latentpalette.models.flow import AUTOGUIDANCE, MAX_AUTOGUIDANCE, MAX_BLOCKS, MAX_WIDTH, FlowPrior, VelocityField
from latentpalette.models.network_file import check_tensors, pop_spread, read_tensors, write_tensors
from latentpalette.validation import check_number

PRIOR_FILE = "prior.safetensors"
CONDITIONS = "conditions"  # the key of their description in the file's metadata
AUTOGUIDANCE_KEY = "autoguidance"  # of the weight of the field that a weaker one guides, where it is not the usual one
WEAKER = "weaker."  # begins the names of a second field's tensors
FIT = "fit-prior"  # the command


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
    tensors = {"mean": prior.mean, "std": prior.std, **prior.field.state_dict()}
    if prior.weaker is not None:
        tensors |= {WEAKER + name: value for name, value in prior.weaker.state_dict().items()}
    metadata = {CONDITIONS: conditions_to_json(prior.conditions)} if prior.conditions else {}
    if prior.autoguidance != AUTOGUIDANCE:
        metadata[AUTOGUIDANCE_KEY] = str(prior.autoguidance)
    return write_tensors(path, tensors, metadata, fp16=fp16)


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
