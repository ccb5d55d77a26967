"""Models on disk: a folder with ``config.json``, ``model.safetensors`` and ``README.md`` (the model's card).

A model of one's own style is one small file, which names the model that it is based on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from latentpalette.errors import CheckpointError, FileError, ModelError, suggest
from latentpalette.files import expand_path, is_file, path_exists, readable_name, replacing, short_path
from latentpalette.models.config import ModelConfig
from latentpalette.models.flow import FlowPrior
from latentpalette.models.flow_file import PRIOR_FILE, load_prior, save_prior
from latentpalette.models.folder_files import find_file, read_text
from latentpalette.models.int8_weights import to_int8
from latentpalette.models.magenta.load import load_checkpoint, open_checkpoint
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.models.personal import PersonalModel
from latentpalette.models.song_file import SONGS_FILE, load_songs, save_songs
from latentpalette.models.song_prior import SongPrior
from latentpalette.models.state_dict import from_state_dict
from latentpalette.models.style_file import SUFFIX, fingerprint, read_style, save_style
from latentpalette.old_names import accept_old_arguments, rename_value
from latentpalette.validation import short_repr

PRETRAINED = Path(__file__).resolve().parent.parent / "pretrained"

_CONFIG, _WEIGHTS, _CARD = "config.json", "model.safetensors", "README.md"
_MAX_TEXT_BYTES = 1 << 20  # of a config.json or README.md


@dataclass(frozen=True)
class ModelInfo:
    """A model that comes with the package.

    Parameters
    ----------
    name : str
        Argument of `load`.
    summary : str
        First sentence of its card.
    folder : Path
    """

    name: str
    summary: str
    folder: Path


class ModelList(Sequence[ModelInfo]):
    """The models that come with the package; its repr has one per line."""

    def __init__(self, models: Sequence[ModelInfo]) -> None:
        self._models = tuple(models)

    @overload
    def __getitem__(self, index: int) -> ModelInfo: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ModelInfo, ...]: ...
    def __getitem__(self, index: int | slice) -> ModelInfo | tuple[ModelInfo, ...]:
        return self._models[index]

    def __len__(self) -> int:
        return len(self._models)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, arguments of `load`."""
        return tuple(model.name for model in self)

    def __contains__(self, model: object) -> bool:
        return model in self.names or model in self._models

    def __repr__(self) -> str:
        width = max((len(name) for name in self.names), default=0)
        return "\n".join(f"{model.name:<{width}}  {model.summary}" for model in self) or "no models"


def available() -> ModelList:
    """List the models that come with the package.

    Examples
    --------
    >>> [model.name for model in available()] == list(available().names)
    True
    """
    folders = sorted(folder for folder in PRETRAINED.glob("*") if (folder / _CONFIG).is_file())
    return ModelList([ModelInfo(folder.name, _summary(_read_card(folder)), folder) for folder in folders])


def load(source: str | os.PathLike[str], *, config: ModelConfig | str | None = None) -> MusicVAE:
    """Load a model.

    Parameters
    ----------
    source : str or path
        The name of a model that comes with the package (`available` lists them), a model's folder, the file of a
        `PersonalModel`, or a checkpoint of Magenta's: a TensorFlow checkpoint (its folder, its prefix, or the ``.tar``
        as published), or a folder of magenta-js.
    config : ModelConfig or str, optional
        For a Magenta checkpoint, where its tensors do not determine it: a whole configuration, or the name of one
        of Magenta's, whose sizes are then taken from the tensors.

    Returns
    -------
    MusicVAE
        In evaluation mode, float32.

    Raises
    ------
    ModelError
        If there is no such model; the message lists the available ones.
    CheckpointError
        If its files are damaged or do not belong together.

    Examples
    --------
    >>> import tempfile
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> tiny = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> folder = save(MusicVAE(tiny), tempfile.mkdtemp())
    >>> load(folder).config == tiny
    True
    """
    if not isinstance(source, (str, os.PathLike)):
        raise ModelError(f"A model is loaded by its name or its folder; got {short_repr(source)}.")
    path, name = expand_path(source), rename_value("model", os.fspath(source))
    shipped = PRETRAINED / name
    try:
        if re.fullmatch(r"[\w.-]+", name) and is_file(shipped / _CONFIG):
            return load_folder(shipped, config)
        if is_file(path / _CONFIG) and is_file(path / _WEIGHTS):
            return load_folder(path, config)
        if path.suffix == SUFFIX and is_file(path):
            return _load_personal(path, config)
        with open_checkpoint(path) as checkpoint:
            if checkpoint is not None:
                model = load_checkpoint(checkpoint, config=config)
                model.path = path
                return model
        raise ModelError(_not_found(name, path))
    except FileError as error:
        raise ModelError(str(error)) from error
    except OSError as error:  # a folder that may not be entered
        raise ModelError(f"{short_repr(name)}: cannot be opened ({error.strerror or error}).") from error


@accept_old_arguments(half="fp16")
def save(
    model: MusicVAE,
    folder: str | os.PathLike[str],
    *,
    card: str | None = None,
    fp16: bool = False,
    int8: bool = False,
) -> Path:
    """Write a model to a folder that `load` opens, a `PersonalModel` to a file; return the folder or the file.

    Parameters
    ----------
    model : MusicVAE
    folder : path
        Created if needed. The files of a model in it are replaced, all three or, if one cannot be written, none. For a
        `PersonalModel` a file that ends in ``.safetensors``.
    card : str, optional
        Markdown, for README.md; the model's own card by default.
    fp16 : bool
        Store the weights as float16: half the size, three significant digits instead of seven.
    int8 : bool
        Store the matrices of the model as int8 with a scale for each row: a quarter of the size. Learned priors, which
        are more sensitive, are stored as float16.

    Raises
    ------
    ModelError
        If a weight is out of the range of float16, or not finite for int8, or both are asked for, or there is a card,
        float16 or int8 for the file of a `PersonalModel`.
    FileError
        If the folder or the file cannot be written to.

    Notes
    -----
    A learned prior is written beside the weights, as ``prior.safetensors``, one over songs as ``songs.safetensors``.
    """
    check_model(model)
    folder = expand_path(folder)
    if isinstance(model, PersonalModel):
        if card is not None or fp16 or int8:
            raise ModelError("The file of a style holds no card, and float32 alone: leave card, fp16 and int8 out.")
        model.path = save_style(model, folder)
        return model.path
    if fp16 and int8:
        raise ModelError("Weights are stored as float16 or as int8: pass one of fp16 and int8.")
    dtype = torch.float16 if fp16 else torch.float32
    tensors = {name: value.detach().to("cpu", dtype).contiguous() for name, value in model.state_dict().items()}
    if (fp16 or int8) and (large := [name for name, value in tensors.items() if not torch.isfinite(value).all()]):
        raise ModelError(
            f"{model.name}: {', '.join(large[:8])} have numbers out of the range of {'float16' if fp16 else 'int8'}. "
            "Save it as float32."
        )
    tensors = to_int8(tensors) if int8 else tensors
    # A model loaded from this folder shares the memory of the old file, which is replaced, never overwritten.
    with replacing(folder / _WEIGHTS) as weights_file:
        try:
            save_file(tensors, weights_file)
        except SafetensorError as error:
            raise FileError(f"{folder / _WEIGHTS}: cannot be written ({error}). The folder is unchanged.") from error
        with replacing(folder / _CONFIG) as config_file:
            config_file.write_text(model.config.to_json(), encoding="utf-8")
            with replacing(folder / _CARD) as card_file:
                card_file.write_text(model.card if card is None else card, encoding="utf-8")
                save_prior(model.prior, folder, fp16=fp16 or int8)
                save_songs(model.songs, folder, fp16=fp16 or int8)
    model.path = folder
    return folder


def load_folder(folder: Path, config: ModelConfig | str | None = None, *, with_prior: bool = True) -> MusicVAE:
    """Load a model from its folder; see `load`.

    Parameters
    ----------
    folder : Path
    config : ModelConfig, optional
    with_prior : bool
        Whether to read its learned prior, too: not where a new one is fitted in the place of one that is damaged.
    """
    if isinstance(config, str):
        raise ModelError(
            f"{folder}: it has a configuration of its own; config={config!r} is for Magenta's checkpoints."
        )
    if config is None:
        config = _read_config(folder)
    if not isinstance(config, ModelConfig):
        raise ModelError(f"A configuration is a ModelConfig, or the name of one; got {short_repr(config)}.")
    try:
        state = load_file(_find(folder, _WEIGHTS))
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{folder / _WEIGHTS}: not readable as safetensors ({error}). Copy or download it again."
        ) from error
    model = from_state_dict(config, state, str(folder))
    model.prior = _read_prior(folder, config.z_size) if with_prior else None
    model.songs = _read_songs(folder, config.z_size) if with_prior else None
    model.name = readable_name(folder.absolute())
    model.card = _read_card(folder)
    model.path = folder
    return model


def _load_personal(path: Path, config: ModelConfig | str | None) -> PersonalModel:
    """Load the model of a style, with the model of the package that it is based on, or the one in a folder beside it.

    Raises
    ------
    CheckpointError
        If the file is damaged, or there is no such model, or one with other weights.
    """
    if config is not None:
        raise ModelError(f"{path}: its configuration is that of the model it is based on; leave config out.")
    file = read_style(path)
    is_name = re.fullmatch(r"[\w.-]+", file.base) is not None
    folders = [folder / file.base for folder in (PRETRAINED, path.parent) if is_name]
    base = next((load_folder(folder) for folder in folders if is_file(folder / _CONFIG)), None)
    if base is None:
        raise CheckpointError(
            f"{path}: based on a model called {short_repr(file.base)}, which does not come with the package. "
            "Put its folder beside the file, under that name."
        )
    if fingerprint(base) != file.fingerprint:
        raise CheckpointError(
            f"{path}: based on another model called {short_repr(file.base)} than the one that is here. "
            "Learn the style again: latentpalette personalize."
        )
    model = PersonalModel(base, file.style, name=readable_name(path.with_suffix("")), similarity=file.similarity)
    model.path = path
    return model


def _find(folder: Path, name: str) -> Path:
    # Package managers may install the package's own files as links to a cache of theirs.
    return folder / name if folder.parent == PRETRAINED else find_file(folder, name)


def _read_config(folder: Path) -> ModelConfig:
    text = read_text(_find(folder, _CONFIG), _MAX_TEXT_BYTES)
    try:
        return ModelConfig.from_json(text)
    except ModelError as error:
        words = str(error).rstrip(".?")
        raise ModelError(f"{folder / _CONFIG}: {words}. Copy or download the model again.") from error


def _read_card(folder: Path) -> str:
    """Return the text of a model's card; empty if there is none."""
    return read_text(_find(folder, _CARD), _MAX_TEXT_BYTES) if os.path.lexists(folder / _CARD) else ""


def _read_prior(folder: Path, z_size: int) -> FlowPrior | None:
    """Return the learned prior of a model; None if there is none."""
    return load_prior(_find(folder, PRIOR_FILE), z_size) if os.path.lexists(folder / PRIOR_FILE) else None


def _read_songs(folder: Path, z_size: int) -> SongPrior | None:
    """Return the learned prior over songs of a model; None if there is none."""
    return load_songs(_find(folder, SONGS_FILE), z_size) if os.path.lexists(folder / SONGS_FILE) else None


def _not_found(name: str, path: Path) -> str:
    listed = ", ".join(available().names) or "none"
    if path_exists(path):
        return (
            f"{short_path(name)}: not a model. "
            f"A model's folder holds {_CONFIG} and {_WEIGHTS}, or a Magenta checkpoint."
        )
    return (
        f"No model is called {short_repr(name)}, and there is no such file.{suggest(name, available().names)} "
        f"Models that come with the package: {listed}."
    )


def _summary(card: str) -> str:
    """Return the first sentence of a card's prose, after front matter and headings."""
    prose = re.sub(r"\A---\n.*?\n---\n", "", card, flags=re.DOTALL)
    lines = [line.strip() for line in _paragraphs(prose)]
    return re.split(r"(?<=[.!?])\s", lines[0], maxsplit=1)[0] if lines else ""


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip() and not paragraph.lstrip().startswith(("#", "|", "!", "<")):
            yield " ".join(paragraph.split())
