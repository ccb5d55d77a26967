"""Magenta's checkpoints, whatever they come in, as models: TensorFlow's files and archives, and magenta-js' folders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.config import ModelConfig
from latentpalette.models.magenta import mapping, tfjs_config
from latentpalette.models.magenta.archive import Tar, is_tar
from latentpalette.models.magenta.infer_config import (
    CheckpointMetadata,
    fit_sizes,
    has_encoder,
    infer_configs,
    tensor_facts,
)
from latentpalette.models.magenta.storage import Files, Folder
from latentpalette.models.magenta.tf_bundle import TensorBundle
from latentpalette.models.magenta.tfjs import MANIFESTS, TfjsCheckpoint
from latentpalette.models.magenta_configs import magenta_config
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.rnn import inverse_softplus
from latentpalette.models.state_dict import from_state_dict
from latentpalette.music.drums import require_nine_classes

Progress = Callable[[int, int], None]

# Drums were sorted into classes otherwise until 2019-04-24; what Magenta published as drum models is older than that.
_MAP_OF_THE_TIME = {"reduced": "reduced-2018"}
_LONGEST_NOTE = 1 << 16
_PART_OF_DRUMS = ("drums", "drum-pianoroll", "trio")


@dataclass(frozen=True)
class OpenCheckpoint:
    """A checkpoint that is open.

    Parameters
    ----------
    path : Path
        As it was given.
    kind : str
        What it is, for people.
    name : str
        What the model will be called.
    tensors : mapping of name to array
        Each read when it is asked for.
    shapes : mapping of name to shape
    told : Told or None
        What it says of itself beside its tensors.
    """

    path: Path
    kind: str
    name: str
    tensors: Mapping[str, NDArray]
    shapes: mapping.Shapes
    metadata: CheckpointMetadata | None = None


@contextmanager
def open_checkpoint(path: Path) -> Iterator[OpenCheckpoint | None]:
    """The checkpoint that a path means, or None if it means none of Magenta's.

    Parameters
    ----------
    path : Path
        A folder, a prefix (the path without ``.index``), any file of a checkpoint, or an archive.

    Raises
    ------
    CheckpointError
        If it is damaged.
    ModelError
        If there are several in a folder.
    """
    manifest = path if path.name in MANIFESTS and path.is_file() else None
    folder = manifest.parent if manifest else path
    prefix = _prefix(path)
    if any((folder / each).is_file() for each in MANIFESTS):
        yield _from_js(path, folder)
    elif prefix is not None:
        checkpoint = TensorBundle(prefix)
        name = prefix.name if prefix.name != "model.ckpt" else prefix.absolute().parent.name
        yield OpenCheckpoint(path, "TensorFlow checkpoint", name, checkpoint, checkpoint.shapes)
    elif path.is_file() and is_tar(path):
        with Tar(path) as tar:
            checkpoint = TensorBundle(_only_prefix(tar, path.name), files=tar)
            name = re.sub(r"\.(tar|tar\.gz|tgz)$", "", path.name)
            yield OpenCheckpoint(path, "TensorFlow checkpoint in an archive", name, checkpoint, checkpoint.shapes)
    else:
        yield None


def load_checkpoint(
    source: OpenCheckpoint,
    *,
    config: ModelConfig | str | None = None,
    drum_map: str | None = None,
    progress: Progress | None = None,
) -> MusicVAE:
    """The model that a checkpoint holds; its card says what was assumed.

    Parameters
    ----------
    source : Source
    config : ModelConfig or str, optional
        What it is, where its tensors do not tell: all of it, or the name of a published configuration, whose sizes
        then are those of the tensors.
    drum_map : str, optional
        The drum map of a drum model, where no whole configuration says it; that of 2018 by default.
    progress : function of (done, all), optional

    Raises
    ------
    CheckpointError
        If it is damaged, or not what `config` says.
    """
    where = str(source.path)
    tensors, notes = _mended(source, config)
    found, others = _configuration(source, config)
    if source.metadata is not None and not isinstance(config, ModelConfig):
        notes += source.metadata.notes
    if not isinstance(config, ModelConfig):
        found, assumed = _with_map(found, drum_map)
        notes += assumed
    if others:
        names = ", ".join(others)
        notes.append(f"Its tensors would fit {names} as well; say so (`config=`, or `--config`) if it is one of them.")
    model = from_state_dict(found, mapping.convert_state_dict(found, tensors, where, progress=progress), where)
    model.name = source.name
    model.card = _card(source, found, notes)
    return model


def _from_js(path: Path, folder: Path) -> OpenCheckpoint:
    checkpoint = TfjsCheckpoint(Folder(folder), str(path))
    name = folder.absolute().name
    told = None
    if checkpoint.spec:
        facts = tensor_facts(checkpoint.shapes, str(path))
        told = tfjs_config.parse_config(checkpoint.spec, facts["control_depth"], facts["output_depth"], str(path))
    return OpenCheckpoint(path, "checkpoint of magenta-js", name, checkpoint, checkpoint.shapes, told)


def _configuration(source: OpenCheckpoint, config: ModelConfig | str | None) -> tuple[ModelConfig, list[str]]:
    """What the checkpoint is, and the names of what else it may be."""
    if isinstance(config, ModelConfig):
        return config, []
    where = str(source.path)
    if config is not None:
        return fit_sizes(magenta_config(config), source.shapes, name=where), []
    first, *others = infer_configs(source.shapes, name=where, metadata=source.metadata)
    return first, [each.name for each in others]


def _with_map(config: ModelConfig, drum_map: str | None) -> tuple[ModelConfig, list[str]]:
    """The configuration with the drum map of its time, and what to say of it."""
    converter = dict(config.converter)
    if drum_map is not None:
        require_nine_classes(drum_map, error=ModelError)
    if converter.get("name") not in _PART_OF_DRUMS or converter.get("drum_map", "reduced") == "full":
        if drum_map is not None:
            raise ModelError(f"{config.name}: there is no drum map to choose; leave {drum_map!r} out.")
        return config, []
    before = converter.get("drum_map", "reduced")
    converter["drum_map"] = drum_map or _MAP_OF_THE_TIME.get(before, before)
    why = "as asked for" if drum_map else "the one that Magenta's published drum models were trained with"
    note = f"Drum map: {converter['drum_map']}, {why}."
    return config.replace(converter=converter), [note]


def _mended(source: OpenCheckpoint, config: ModelConfig | str | None) -> tuple[Mapping[str, NDArray], list[str]]:
    """The tensors without what is of no use, and with what can be done without; and what to say of it."""
    tensors, shapes = source.tensors, source.shapes
    of_encoder = [name for name in shapes if name.startswith("encoder/")]
    wants_encoder = not isinstance(config, ModelConfig) or config.has_encoder
    if not wants_encoder or not has_encoder(shapes):
        if isinstance(config, ModelConfig) and config.has_encoder:
            return tensors, []  # what is missing will be named
        note = "It has no encoder: it samples, decodes and interpolates between z, but cannot encode music."
        if of_encoder:
            note += f" Set aside: {', '.join(sorted(of_encoder))}."
        return _Mended(tensors, set(of_encoder), {}), [note]
    if "encoder/mu/kernel" in shapes and not any(name.startswith("encoder/sigma/") for name in shapes):
        shape = shapes["encoder/mu/kernel"]
        added: dict[str, Callable[[], NDArray]] = {
            "encoder/sigma/kernel": lambda: np.zeros(shape, np.float32),
            "encoder/sigma/bias": lambda: np.full(shape[-1:], inverse_softplus(torch.ones(())).item(), np.float32),
        }
        note = "It has no encoder/sigma: `encode` is as it was, but the posterior's sigma is not known and stands at 1."
        return _Mended(tensors, set(), added), [note]
    return tensors, []


class _Mended(Mapping[str, NDArray]):
    """A checkpoint's tensors, some left out, some put in; each still read when it is asked for."""

    def __init__(
        self, tensors: Mapping[str, NDArray], without: set[str], added: Mapping[str, Callable[[], NDArray]]
    ) -> None:
        self._tensors, self._added = tensors, added
        self._names = [name for name in tensors if name not in without] + list(added)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, name: str) -> NDArray:
        return self._added[name]() if name in self._added else self._tensors[name]


def _card(source: OpenCheckpoint, config: ModelConfig, notes: list[str]) -> str:
    """The card of a model that was read from a checkpoint."""
    converter = dict(config.converter)
    speaks = f"its representation is {converter.pop('name')} {converter}" if converter else "it speaks arrays only"
    first = f"Read from Magenta's checkpoint {source.path.name}, as {config.name}."
    facts = (
        f"It was a {source.kind}. {config.steps} steps, z {config.z_size}, encoder {list(config.enc_rnn_size)}, "
        f"decoder {list(config.dec_rnn_size)}; {speaks}. How it was trained is not in the checkpoint: the objective in "
        "config.json is that of the published configuration."
    )
    return "\n\n".join([f"# {source.name}", first, facts, *notes]) + "\n"


def _prefix(path: Path) -> Path | None:
    """The prefix of the TensorFlow checkpoint that a path means; None if it means none."""
    if path.is_dir():
        found = sorted(each for each in path.glob("*.index") if not each.name.startswith("._"))
        if len(found) > 1:
            latest = _latest(path)
            if latest in found:
                return latest.with_suffix("")
            names = ", ".join(each.stem for each in found[:8])
            raise ModelError(f"{path}: there are {len(found)} checkpoints in this folder ({names}); name one of them.")
        return found[0].with_suffix("") if found else None
    if path.name.endswith(".index") or re.search(r"\.data-\d{5}-of-\d{5}$", path.name):
        path = path.with_suffix("")
    return path if path.name and path.with_name(path.name + ".index").is_file() else None


def _latest(folder: Path) -> Path:
    """The index that TensorFlow's own note in a training folder names: that of the last checkpoint."""
    try:
        with (folder / "checkpoint").open("rb") as file:
            note = file.read(_LONGEST_NOTE).decode("utf-8", "replace")
    except OSError:
        note = ""
    found = re.search(r'^model_checkpoint_path: "(?:[^"]*[/\\])?([^"/\\]+)"', note, re.MULTILINE)
    return folder / (f"{found[1]}.index" if found else "")


def _only_prefix(files: Files, name: str) -> str:
    """The prefix of the one checkpoint in an archive."""
    there = files.names()
    found = [each for each in there if each.endswith(".index") and not each.rpartition("/")[2].startswith("._")]
    if len(found) != 1:
        listed = ", ".join((found or there)[:8]) or "nothing"
        what = f"{len(found)} checkpoints" if found else "no TensorFlow checkpoint"
        raise CheckpointError(f"{name}: {what} in it ({listed}). Unpack it, and name the one you mean.")
    return found[0].removesuffix(".index")
