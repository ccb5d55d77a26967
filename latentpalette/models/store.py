"""Models on disk: a folder with ``config.json``, ``model.safetensors`` and ``README.md`` (the model's card)."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import overload

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models import magenta
from latentpalette.models.config import ModelConfig
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.tensorflow import Checkpoint

SHIPPED = Path(__file__).resolve().parent.parent / "pretrained"

_CONFIG, _WEIGHTS, _CARD = "config.json", "model.safetensors", "README.md"
_LONGEST_TEXT = 1 << 20  # bytes of a config.json or README.md


@dataclass(frozen=True)
class Listed:
    """A model that comes with the package.

    Parameters
    ----------
    name : str
        What `load` takes.
    summary : str
        The first sentence of its card.
    folder : Path
    """

    name: str
    summary: str
    folder: Path


class Available(Sequence[Listed]):
    """The models that come with the package, one a line when shown."""

    def __init__(self, models: Sequence[Listed]) -> None:
        self._models = tuple(models)

    @overload
    def __getitem__(self, index: int) -> Listed: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Listed, ...]: ...
    def __getitem__(self, index: int | slice) -> Listed | tuple[Listed, ...]:
        return self._models[index]

    def __len__(self) -> int:
        return len(self._models)

    @property
    def names(self) -> tuple[str, ...]:
        """What `load` takes."""
        return tuple(model.name for model in self)

    def __contains__(self, model: object) -> bool:
        return model in self.names or model in self._models

    def __repr__(self) -> str:
        width = max((len(name) for name in self.names), default=0)
        return "\n".join(f"{model.name:<{width}}  {model.summary}" for model in self) or "no models"


def available() -> Available:
    """The models that come with the package.

    Examples
    --------
    >>> [model.name for model in available()] == list(available().names)
    True
    """
    folders = sorted(folder for folder in SHIPPED.glob("*") if (folder / _CONFIG).is_file())
    return Available([Listed(folder.name, _summary(_text(folder / _CARD)), folder) for folder in folders])


def load(source: str | os.PathLike[str], *, config: ModelConfig | None = None) -> MusicVAE:
    """Open a model.

    Parameters
    ----------
    source : str or path
        The name of a model that comes with the package (`available` lists them), a model's folder, or a TensorFlow
        checkpoint of Magenta's: its folder, or its prefix (the path without ``.index``).
    config : ModelConfig, optional
        For a checkpoint: what it is, where its tensors do not tell.

    Returns
    -------
    MusicVAE
        Ready to play: in evaluation mode, float32.

    Raises
    ------
    ModelError
        If there is no such model; the message lists those there are.
    CheckpointError
        If its files are damaged or do not belong together.

    Examples
    --------
    >>> import tempfile
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> folder = save(MusicVAE(tiny), tempfile.mkdtemp())
    >>> load(folder).config == tiny
    True
    """
    name = os.fspath(source)
    shipped = SHIPPED / name
    if re.fullmatch(r"[\w.-]+", name) and (shipped / _CONFIG).is_file():
        return _load_folder(shipped, config)
    path = Path(name).expanduser()
    if (path / _CONFIG).is_file() and (path / _WEIGHTS).is_file():
        return _load_folder(path, config)
    prefix = _checkpoint_prefix(path)
    if prefix is not None:
        return _load_checkpoint(prefix, config)
    raise ModelError(_not_found(name, path))


def save(model: MusicVAE, folder: str | os.PathLike[str], *, card: str | None = None, half: bool = False) -> Path:
    """Write a model to a folder that `load` opens. Answers with the folder.

    Parameters
    ----------
    model : MusicVAE
    folder : path
        Made if it is not there; what it holds of a model is replaced.
    card : str, optional
        Markdown, for README.md; the model's own card by default.
    half : bool
        Keep the weights as float16: half the size, and three digits instead of seven.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    dtype = torch.float16 if half else torch.float32
    tensors = {name: value.detach().to("cpu", dtype).contiguous() for name, value in model.state_dict().items()}
    save_file(tensors, folder / _WEIGHTS)
    (folder / _CONFIG).write_text(model.config.to_json(), encoding="utf-8")
    (folder / _CARD).write_text(model.card if card is None else card, encoding="utf-8")
    return folder


def assemble(config: ModelConfig, state: dict[str, Tensor], source: str) -> MusicVAE:
    """A model with these weights, without drawing any first.

    Raises
    ------
    CheckpointError
        If tensors are missing, left over, of another shape or not finite; all of them are named.
    """
    wants = sum(prod(shape) for brick in magenta.bricks(config) for shape in brick.shapes.values())
    has = sum(value.numel() for value in state.values())
    if wants > 4 * has:  # nothing is allocated for a configuration that is absurd
        raise CheckpointError(f"{source}: the configuration takes {wants} weights; there are {has}.")
    model = MusicVAE(config, empty=True)
    wanted = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    problems = [f"missing: {name}" for name in wanted if name not in state]
    problems += [f"unexpected: {name}" for name in state if name not in wanted]
    problems += [
        f"{name} is {list(state[name].shape)}, not {list(shape)}"
        for name, shape in wanted.items()
        if name in state and tuple(state[name].shape) != shape
    ]
    if not problems:
        state = {name: value.float() for name, value in state.items()}
        problems = [f"{name} holds numbers that are not finite" for name in state if not _finite(state[name])]
    if problems:
        raise CheckpointError(f"{source}: the weights do not fit the configuration.\n  " + "\n  ".join(problems[:20]))
    model.load_state_dict(state, assign=True)
    return model.eval()


def _load_folder(folder: Path, config: ModelConfig | None) -> MusicVAE:
    config = config or ModelConfig.from_json(_text(folder / _CONFIG))
    try:
        state = load_file(folder / _WEIGHTS)
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{folder / _WEIGHTS}: not readable as safetensors ({error}).") from error
    model = assemble(config, state, str(folder))
    model.name = folder.name
    model.card = _text(folder / _CARD)
    return model


def _load_checkpoint(prefix: Path, config: ModelConfig | None) -> MusicVAE:
    checkpoint = Checkpoint(prefix)
    name = prefix.name if prefix.name != "model.ckpt" else prefix.parent.name
    candidates = (
        [config]
        if config
        else magenta.infer({each: entry.shape for each, entry in checkpoint.entries.items()}, name=str(prefix))
    )
    model = assemble(candidates[0], magenta.state_of(candidates[0], checkpoint, str(prefix)), str(prefix))
    model.name = name
    model.card = f"Read from Magenta's checkpoint {prefix}, as {candidates[0].name}.\n"
    if len(candidates) > 1:
        others = ", ".join(each.name for each in candidates[1:])
        model.card += f"\nIts tensors would fit {others} as well; pass `config=` if it is one of them.\n"
    return model


def _checkpoint_prefix(path: Path) -> Path | None:
    """The prefix of the checkpoint that a path means; None if it means none."""
    if path.is_dir():
        found = sorted(path.glob("*.index"))
        if len(found) > 1:
            names = ", ".join(each.stem for each in found[:8])
            raise ModelError(f"{path}: there are {len(found)} checkpoints in this folder ({names}); name one of them.")
        return found[0].with_suffix("") if found else None
    if path.name.endswith(".index") or re.search(r"\.data-\d{5}-of-\d{5}$", path.name):
        path = path.with_suffix("")
    return path if path.with_name(path.name + ".index").is_file() else None


def _not_found(name: str, path: Path) -> str:
    listed = ", ".join(available().names) or "none"
    if path.exists():
        return f"{name}: no model. A model's folder holds {_CONFIG} and {_WEIGHTS}, or a TensorFlow checkpoint."
    near = difflib.get_close_matches(name, available().names, 1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"No model is called {name!r}, and there is no such file.{hint} Models that come with the package: {listed}."


def _text(path: Path) -> str:
    """A text file that may be missing; too long to be one of ours is an error."""
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_TEXT + 1)
    except FileNotFoundError:
        return ""
    if len(content) > _LONGEST_TEXT:
        raise CheckpointError(f"{path}: longer than {_LONGEST_TEXT} bytes, which no {path.name} is.")
    return content.decode("utf-8", "replace")


def _summary(card: str) -> str:
    """The first sentence of a card that is prose: no front matter, no heading."""
    prose = re.sub(r"\A---\n.*?\n---\n", "", card, flags=re.DOTALL)
    lines = [line.strip() for line in _paragraphs(prose)]
    return re.split(r"(?<=[.!?])\s", lines[0], maxsplit=1)[0] if lines else ""


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip() and not paragraph.lstrip().startswith(("#", "|", "!", "<")):
            yield " ".join(paragraph.split())


def _finite(values: Tensor) -> bool:
    return bool(torch.isfinite(values).all())
