"""The file of a learned prior over songs, ``songs.safetensors``, beside the weights of its model."""

from __future__ import annotations

import re
from pathlib import Path

import torch

from latentpalette.errors import CheckpointError
from latentpalette.models.flow import MAX_BLOCKS, MAX_WIDTH
from latentpalette.models.network_file import check_tensors, pop_spread, read_tensors, write_tensors
from latentpalette.models.song_field import HEADS, SongField
from latentpalette.models.song_prior import SongPrior

SONGS_FILE = "songs.safetensors"
FIT = "fit-songs"  # the command


def save_songs(prior: SongPrior | None, folder: Path, *, fp16: bool = True) -> Path:
    """Write a prior over songs into its model's folder, or remove the old one if it is None; return the file's path.

    Raises
    ------
    FileError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> file = save_songs(SongPrior(SongField(2, width=8, blocks=1)), Path(tempfile.mkdtemp()))
    >>> file.name, load_songs(file, 2).z_size
    ('songs.safetensors', 2)
    """
    path = folder / SONGS_FILE
    if prior is None:
        path.unlink(missing_ok=True)
        return path
    return write_tensors(path, {"mean": prior.mean, "std": prior.std, **prior.field.state_dict()}, fp16=fp16)


def load_songs(path: Path, z_size: int) -> SongPrior:
    """Read the prior over songs of a model.

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
    state, _ = read_tensors(path, "it is only for composing")
    mean, std = pop_spread(path, state, z_size, FIT)
    first = state.get("input.weight", torch.empty(0))
    width = first.shape[0] if first.ndim == 2 else 0
    blocks = sum(re.fullmatch(r"blocks\.\d+\.norm\.weight", name) is not None for name in state)
    if not (HEADS <= width <= MAX_WIDTH and width % HEADS == 0 and blocks <= MAX_BLOCKS):
        raise CheckpointError(f"{path}: not a prior over songs; fit it again with `latentpalette {FIT}`.")
    with torch.device("meta"):  # shapes without memory
        field = SongField(z_size, width=width, blocks=blocks)
    shapes = {name: tuple(value.shape) for name, value in field.state_dict().items()}
    field.load_state_dict(check_tensors(path, state, shapes, FIT), assign=True)
    return SongPrior(field, mean, std)
