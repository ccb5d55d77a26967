"""The file of a model of one's own style: its small networks, and the name of the model that it is based on."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import torch

from latentpalette.errors import CheckpointError, FileError, LatentPaletteError
from latentpalette.files import expand_path
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.network_file import read_tensors, write_tensors
from latentpalette.models.personal import PersonalModel
from latentpalette.models.style import MAX_SIZE, MAX_WIDTH, MIN_SIZE, StyleVAE
from latentpalette.validation import check_number, check_text

SUFFIX = ".safetensors"
MAX_FILE_BYTES = 16 << 20
_MAX_Z_SIZE = 4096
_MAX_NAME_LENGTH = 200
_METADATA = "latentpalette.style"  # the key of the description in the file's metadata


@dataclass(frozen=True)
class StyleFile:
    """The contents of the file of a style.

    Parameters
    ----------
    style : StyleVAE
    base : str
        Name of the model that it is based on.
    fingerprint : str
        Of that model's weights.
    similarity : float [0 to 1]
        See `PersonalModel`.
    """

    style: StyleVAE
    base: str
    fingerprint: str
    similarity: float


def save_style(model: PersonalModel, path: Path) -> Path:
    """Write the style of a model to a file; the model that it is based on is named there, not copied.

    Raises
    ------
    FileError
        If it does not end in ``.safetensors``, or cannot be written.
    """
    path = check_style_path(path)
    description = {"base": model.base.name, "fingerprint": fingerprint(model.base), "similarity": model.similarity}
    return write_tensors(path, model.style.state_dict(), {_METADATA: json.dumps(description)}, fp16=False)


def check_style_path(path: str | os.PathLike[str]) -> Path:
    """Return where a style is to be written.

    Raises
    ------
    FileError
        If it does not end in ``.safetensors``.

    Examples
    --------
    >>> check_style_path("mine.safetensors").name
    'mine.safetensors'
    """
    expanded = expand_path(path)
    if expanded.suffix != SUFFIX:
        raise FileError(f"{expanded}: the file of a style ends in {SUFFIX}.")
    return expanded


def read_style(path: Path) -> StyleFile:
    """Read the file of a style.

    Raises
    ------
    CheckpointError
        If it is damaged, or no such file.
    """
    not_a_style = f"{path}: not the file of a style, as lp.save writes one of what lp.personalize returns."
    state, metadata = read_tensors(path, max_bytes=MAX_FILE_BYTES)
    text = metadata.get(_METADATA)
    if text is None:
        raise CheckpointError(f"{not_a_style} A model's weights are loaded with their folder.")
    shape = {name: tuple(value.shape) for name, value in state.items()}
    width, z_size = shape.get("hidden.weight", (0, 0)) if len(shape.get("hidden.weight", ())) == 2 else (0, 0)
    size = shape.get("mu.bias", (0,))[0] if len(shape.get("mu.bias", ())) == 1 else 0
    if not (0 < width <= MAX_WIDTH and 0 < z_size <= _MAX_Z_SIZE and MIN_SIZE <= size <= MAX_SIZE):
        raise CheckpointError(not_a_style)
    with torch.device("meta"):  # shapes without memory
        style = StyleVAE(z_size, size, width=width)
    if shape != {name: tuple(value.shape) for name, value in style.state_dict().items()}:
        raise CheckpointError(not_a_style)
    if not all(value.is_floating_point() and bool(torch.isfinite(value).all()) for value in state.values()):
        raise CheckpointError(f"{path}: it holds numbers that are not finite. Copy it again.")
    style.load_state_dict({name: value.float() for name, value in state.items()}, assign=True)
    if not style.scale > 0:
        raise CheckpointError(f"{path}: its spread is not above 0. Copy it again.")
    return StyleFile(style.requires_grad_(False).eval(), *_read_description(path, text))


def fingerprint(model: MusicVAE) -> str:
    """Return a number that tells a model's latent space from others: a hash of its weights.

    Examples
    --------
    >>> import latentpalette as lp
    >>> len(fingerprint(lp.load("drums-2d")))
    16
    """
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().cpu().float().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def _read_description(path: Path, text: str) -> tuple[str, str, float]:
    try:
        values = json.loads(text)
        base, mark = (check_text(values[key], f"Its {key}", _MAX_NAME_LENGTH) for key in ("base", "fingerprint"))
        return base, mark, check_number(values["similarity"], "Its similarity", 0, 1)
    except (ValueError, KeyError, TypeError, RecursionError, LatentPaletteError) as error:
        raise CheckpointError(f"{path}: its description is damaged ({error}). Copy it again.") from error
