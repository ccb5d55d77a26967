"""Load Magenta's checkpoints as models: TensorFlow checkpoints, archives of them, and magenta-js folders."""

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
from latentpalette.files import is_file, is_folder, readable_name
from latentpalette.models.config import ModelConfig
from latentpalette.models.folder_files import find_file, read_text
from latentpalette.models.magenta import mapping, tfjs_config
from latentpalette.models.magenta.archive import TarArchive, is_tar
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
from latentpalette.progress.board import show_progress

Progress = Callable[[int, int], None]

# Magenta changed its drum classes on 2019-04-24; its published drum models are older than that.
_DRUM_MAP_BEFORE_2019 = {"reduced": "reduced-2018"}
_MAX_STATE_FILE_BYTES = 1 << 16
_CONVERTERS_WITH_DRUM_MAP = ("drums", "drum-pianoroll", "trio")


@dataclass(frozen=True)
class OpenCheckpoint:
    """A checkpoint that is open.

    Parameters
    ----------
    path : Path
        As it was given.
    kind : str
        Description for people.
    name : str
        Name of the model.
    tensors : mapping of name to array
        Lazy: each is read when it is accessed.
    shapes : mapping of name to shape
    metadata : CheckpointMetadata or None
        What the file states beside its tensors.
    """

    path: Path
    kind: str
    name: str
    tensors: Mapping[str, NDArray]
    shapes: mapping.Shapes
    metadata: CheckpointMetadata | None = None


@contextmanager
def open_checkpoint(path: Path) -> Iterator[OpenCheckpoint | None]:
    """Open the Magenta checkpoint at a path; yield None if there is none.

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
    manifest = path if path.name in MANIFESTS and is_file(path) else None
    folder = manifest.parent if manifest else path
    prefix = _prefix(path)
    if any(is_file(folder / name) for name in MANIFESTS):
        yield _open_tfjs(path, folder)
    elif prefix is not None:
        bundle = TensorBundle(prefix)
        name = readable_name(prefix if prefix.name != "model.ckpt" else prefix.absolute().parent)
        yield OpenCheckpoint(path, "TensorFlow checkpoint", name, bundle, bundle.shapes)
    elif is_file(path) and is_tar(path):
        with TarArchive(path) as tar:
            bundle = TensorBundle(_only_prefix(tar, path.name), files=tar)
            name = re.sub(r"\.(tar|tar\.gz|tgz)$", "", readable_name(path))
            yield OpenCheckpoint(path, "TensorFlow checkpoint in an archive", name, bundle, bundle.shapes)
    else:
        yield None


def load_checkpoint(
    checkpoint: OpenCheckpoint,
    *,
    config: ModelConfig | str | None = None,
    drum_map: str | None = None,
    progress: Progress | None = None,
) -> MusicVAE:
    """Load the model of a checkpoint; its card states what was assumed.

    Parameters
    ----------
    checkpoint : OpenCheckpoint
    config : ModelConfig or str, optional
        Where the tensors do not determine it: a whole configuration, or the name of one of Magenta's, whose sizes are
        then taken from the tensors.
    drum_map : str, optional
        Drum map of a drum model, unless a whole configuration is given; that of 2018 by default.
    progress : function of (done, all), optional

    Raises
    ------
    CheckpointError
        If it is damaged, or does not fit `config`.
    """
    source = str(checkpoint.path)
    tensors, notes = _patch_missing(checkpoint, config)
    chosen, alternatives = _choose_config(checkpoint, config)
    if checkpoint.metadata is not None and not isinstance(config, ModelConfig):
        notes += checkpoint.metadata.notes
    if not isinstance(config, ModelConfig):
        chosen, map_notes = _with_drum_map(chosen, drum_map)
        notes += map_notes
    if alternatives:
        names = ", ".join(alternatives)
        notes.append(f"Its tensors would fit {names} as well; pass `config=` (or `--config`) if it is one of them.")
    with show_progress("Reading weights"):
        state = mapping.convert_state_dict(chosen, tensors, source, progress=progress)
    model = from_state_dict(chosen, state, source)
    model.name = checkpoint.name
    model.card = _make_card(checkpoint, chosen, notes)
    return model


def _open_tfjs(path: Path, folder: Path) -> OpenCheckpoint:
    tensors = TfjsCheckpoint(Folder(folder), str(path))
    metadata = None
    if tensors.spec:
        facts = tensor_facts(tensors.shapes, str(path))
        metadata = tfjs_config.parse_config(tensors.spec, facts["control_depth"], facts["output_depth"], str(path))
    return OpenCheckpoint(
        path, "magenta-js checkpoint", readable_name(folder.absolute()), tensors, tensors.shapes, metadata
    )


def _choose_config(checkpoint: OpenCheckpoint, config: ModelConfig | str | None) -> tuple[ModelConfig, list[str]]:
    """Return the configuration of a checkpoint, and the names of others that would fit."""
    if isinstance(config, ModelConfig):
        return config, []
    source = str(checkpoint.path)
    if config is not None:
        return fit_sizes(magenta_config(config), checkpoint.shapes, name=source), []
    first, *others = infer_configs(checkpoint.shapes, name=source, metadata=checkpoint.metadata)
    return first, [other.name for other in others]


def _with_drum_map(config: ModelConfig, drum_map: str | None) -> tuple[ModelConfig, list[str]]:
    """Return the configuration with the drum map that its model was trained with, and a note about it."""
    converter = dict(config.converter)
    if drum_map is not None:
        require_nine_classes(drum_map, error=ModelError)
    if converter.get("name") not in _CONVERTERS_WITH_DRUM_MAP or converter.get("drum_map", "reduced") == "full":
        if drum_map is not None:
            raise ModelError(f"{config.name}: there is no drum map to choose; leave {drum_map!r} out.")
        return config, []
    before = converter.get("drum_map", "reduced")
    converter["drum_map"] = drum_map or _DRUM_MAP_BEFORE_2019.get(before, before)
    reason = "as requested" if drum_map else "the one that Magenta's published drum models were trained with"
    note = f"Drum map: {converter['drum_map']}, {reason}."
    return config.replace(converter=converter), [note]


def _patch_missing(
    checkpoint: OpenCheckpoint, config: ModelConfig | str | None
) -> tuple[Mapping[str, NDArray], list[str]]:
    """Return the tensors without a useless encoder, and with a missing sigma filled in; and notes about either."""
    tensors, shapes = checkpoint.tensors, checkpoint.shapes
    encoder_names = [name for name in shapes if name.startswith("encoder/")]
    wants_encoder = not isinstance(config, ModelConfig) or config.has_encoder
    if not wants_encoder or not has_encoder(shapes):
        if isinstance(config, ModelConfig) and config.has_encoder:
            return tensors, []  # the missing tensors will be named
        note = "It has no encoder: it samples, decodes and interpolates between z, but cannot encode music."
        if encoder_names:
            note += f" Tensors left out: {', '.join(sorted(encoder_names))}."
        return _PatchedTensors(tensors, set(encoder_names), {}), [note]
    if "encoder/mu/kernel" in shapes and not any(name.startswith("encoder/sigma/") for name in shapes):
        shape = shapes["encoder/mu/kernel"]
        added: dict[str, Callable[[], NDArray]] = {
            "encoder/sigma/kernel": lambda: np.zeros(shape, np.float32),
            "encoder/sigma/bias": lambda: np.full(shape[-1:], inverse_softplus(torch.ones(())).item(), np.float32),
        }
        note = "It has no encoder/sigma: `encode` is exact, but the posterior's sigma is not known and is set to 1."
        return _PatchedTensors(tensors, set(), added), [note]
    return tensors, []


class _PatchedTensors(Mapping[str, NDArray]):
    """A checkpoint's tensors with some left out and some added; still lazy."""

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


def _make_card(checkpoint: OpenCheckpoint, config: ModelConfig, notes: list[str]) -> str:
    """Return the model card of a model that was loaded from a checkpoint."""
    converter = dict(config.converter)
    representation = (
        f"its representation is {converter.pop('name')} {converter}" if converter else "it handles arrays only"
    )
    first = f"Read from Magenta's checkpoint {checkpoint.path.name}, as {config.name}."
    facts = (
        f"It was a {checkpoint.kind}. {config.steps} steps, z {config.z_size}, encoder {list(config.enc_rnn_size)}, "
        f"decoder {list(config.dec_rnn_size)}; {representation}. How it was trained is not in the checkpoint: the "
        "objective in config.json is that of the published configuration."
    )
    return "\n\n".join([f"# {checkpoint.name}", first, facts, *notes]) + "\n"


def _prefix(path: Path) -> Path | None:
    """Return the prefix of the TensorFlow checkpoint at a path; None if there is none."""
    if is_folder(path):
        found = sorted(index for index in path.glob("*.index") if not index.name.startswith("._"))
        if len(found) > 1:
            latest = _latest(path)
            if latest in found:
                return latest.with_suffix("")
            names = ", ".join(index.stem for index in found[:8])
            raise ModelError(f"{path}: there are {len(found)} checkpoints in this folder ({names}); name one of them.")
        return found[0].with_suffix("") if found else None
    if path.name.endswith(".index") or re.search(r"\.data-\d{5}-of-\d{5}$", path.name):
        path = path.with_suffix("")
    return path if path.name and is_file(path.with_name(path.name + ".index")) else None


def _latest(folder: Path) -> Path:
    """Return the index of the last checkpoint, named in the file ``checkpoint`` that TensorFlow writes beside it."""
    try:
        state = read_text(find_file(folder, "checkpoint"), _MAX_STATE_FILE_BYTES)
    except CheckpointError:
        state = ""
    match = re.search(r'^model_checkpoint_path: "(?:[^"]*[/\\])?([^"/\\]+)"', state, re.MULTILINE)
    return folder / (f"{match[1]}.index" if match else "")


def _only_prefix(files: Files, archive: str) -> str:
    """Return the prefix of the only checkpoint in an archive."""
    names = files.names()
    found = [name for name in names if name.endswith(".index") and not name.rpartition("/")[2].startswith("._")]
    if len(found) != 1:
        listed = ", ".join((found or names)[:8]) or "nothing"
        what = f"{len(found)} checkpoints" if found else "no TensorFlow checkpoint"
        raise CheckpointError(f"{archive}: {what} in it ({listed}). Unpack it, and name the one you mean.")
    return found[0].removesuffix(".index")
