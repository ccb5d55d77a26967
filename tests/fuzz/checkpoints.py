"""Models on disk: our own folders, TensorFlow's checkpoints and their archives, magenta-js' folders."""

from __future__ import annotations

import json
import os
import tarfile
import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np

from latentpalette.models import store
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from tests.fuzz.harness import Folders, Outcome
from tests.fuzz.mutations import Random, chance, damage, damage_json, json_text, pick
from tests.models.magenta import checkpoint_files, tfjs_files
from tests.models.magenta.test_mapping import tensors_of
from tests.models.tiny_models import SIZES, WIRINGS, model_of

Contents = dict[str, bytes]
"""The files of a folder by their names."""

_MARKS = (b"shape", b"dtype", b"data_offsets", b"ustar", b"model.ckpt", b"\x08", b"\x12", b"F32")


def fuzz_folder(rng: Random, folders: Folders) -> Outcome:
    """A model's folder with damage in its configuration, its weights or its card."""
    contents = dict(pick(rng, _own_folders()))
    target = pick(rng, ("config.json", "config.json", "config.json", "model.safetensors", "header", "README.md"))
    if target == "config.json":
        config = json.loads(contents[target])
        contents[target] = json_text(rng, damage_json(rng, config))
    elif target == "header":
        contents["model.safetensors"] = _damage_header(rng, contents["model.safetensors"])
    else:
        contents[target] = damage(rng, contents[target], marks=_MARKS)
    _write(folders.inside / "model", contents)
    return _load(rng, folders.inside / "model")


def fuzz_side_files(rng: Random, folders: Folders) -> Outcome:
    """A model's folder in which a file is none: a pipe, a folder, a link to elsewhere, in a circle or to a device."""
    is_ours = chance(rng, 0.6)
    contents = dict(pick(rng, _own_folders() if is_ours else (*_bundles(), *_tfjs_folders())))
    folder = folders.inside / "model"
    _write(folder, contents)
    path = folder / pick(rng, sorted(contents))
    content = path.read_bytes()
    action = pick(rng, ("pipe", "folder", "outside", "circle", "device", "missing", "empty", "link inside"))
    if action in ("pipe", "folder", "outside", "circle", "device", "missing", "link inside"):
        path.unlink()
    if action == "pipe":
        os.mkfifo(path)
    elif action == "folder":
        path.mkdir()
    elif action == "outside":
        path.symlink_to(folders.outside / "secret.txt")
    elif action == "circle":
        path.symlink_to(path)
    elif action == "device":
        path.symlink_to(pick(rng, ("/dev/zero", "/dev/null", "/dev/full")))
    elif action == "empty":
        path.write_bytes(b"")
    elif action == "link inside":
        (folder / "other").write_bytes(content)
        path.symlink_to("other")
    return _load(rng, folder)


def fuzz_bundle(rng: Random, folders: Folders) -> Outcome:
    """A TensorFlow checkpoint, in a folder or an archive, with damage anywhere."""
    contents = dict(pick(rng, _bundles()))
    if chance(rng, 0.5):
        name = pick(rng, sorted(contents))
        contents[name] = damage(rng, contents[name], marks=_MARKS)
    if chance(rng, 0.5):
        _write(folders.inside / "model", contents)
        return _load(rng, folders.inside / "model")
    archive = _archive(rng, contents)
    path = folders.inside / pick(rng, ("model.tar", "model.tar.gz", "model.tgz"))
    path.write_bytes(damage(rng, archive, marks=_MARKS, donor=archive) if chance(rng, 0.7) else archive)
    return _load(rng, path)


def fuzz_tfjs(rng: Random, folders: Folders) -> Outcome:
    """A magenta-js folder with damage in its manifest, its configuration or its shards."""
    contents = dict(pick(rng, _tfjs_folders()))
    texts = [name for name in contents if name.endswith(".json")]
    name = pick(rng, texts if chance(rng, 0.8) else sorted(contents))
    if name in texts and chance(rng, 0.8):
        contents[name] = json_text(rng, damage_json(rng, json.loads(contents[name])))
    else:
        contents[name] = damage(rng, contents[name], marks=(b"name", b"shape", b"quantization"))
    _write(folders.inside / "model", contents)
    return _load(rng, folders.inside / "model")


def _load(rng: Random, path: Path) -> Outcome:
    """Load a model; what comes must be able to decode."""
    model = store.load(path)
    assert isinstance(model, MusicVAE)
    assert all(np.isfinite(value.numpy()).all() for value in model.state_dict().values())
    if chance(rng, 0.3) and model.converter is not None and not model.config.control_depth:
        z = rng.standard_normal((2, model.config.z_size)).astype(np.float32)
        assert len(model.decode(z)) == 2
    return "read"


def _damage_header(rng: Random, weights: bytes) -> bytes:
    """Change the JSON at the beginning of safetensors, and at times not its length."""
    size = int.from_bytes(weights[:8], "little")
    header = json_text(rng, damage_json(rng, json.loads(weights[8 : 8 + size])))
    if chance(rng, 0.2):
        size = pick(rng, (0, 1, size + 1, len(weights), 1 << 31, 1 << 62, (1 << 64) - 1))
        return size.to_bytes(8, "little") + header + weights[8 + size :][:100_000]
    return len(header).to_bytes(8, "little") + header + weights[8 + size :]


def _archive(rng: Random, contents: Contents) -> bytes:
    """Pack files as a tar archive, with members that no checkpoint has."""
    file = BytesIO()
    with tarfile.open(fileobj=file, mode=pick(rng, ("w", "w:gz")), format=pick(rng, (0, 1, 2))) as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(pick(rng, (name, f"model/{name}", f"../{name}", f"/{name}", "a/" * 90 + name)))
            member.size = len(content)
            if chance(rng, 0.1):
                member.type = pick(rng, (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE))
                member.linkname, member.size = "/etc/hostname", 0
            archive.addfile(member, BytesIO(content))
    return file.getvalue()


def _write(folder: Path, contents: Contents) -> None:
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def _files_of(folder: Path) -> Contents:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@cache
def _own_folders() -> tuple[Contents, ...]:
    folders = []
    for name in ("flat", "groove", "conductor and streams", "nade"):
        with tempfile.TemporaryDirectory() as folder:
            store.save(model_of(WIRINGS[name]), folder, fp16=name == "nade", int8=name == "groove")
            folders.append(_files_of(Path(folder)))
    return tuple(folders)


@cache
def _tensors() -> tuple[dict[str, np.ndarray], ...]:
    melody = MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SIZES)
    return tensors_of(WIRINGS["groove"]), tensors_of(melody)


@cache
def _bundles() -> tuple[Contents, ...]:
    bundles = []
    for tensors in _tensors():
        with tempfile.TemporaryDirectory() as folder:
            checkpoint_files.write(Path(folder) / "model.ckpt", tensors)
            bundles.append(_files_of(Path(folder)))
    return tuple(bundles)


@cache
def _tfjs_folders() -> tuple[Contents, ...]:
    spec = {"type": "MelodyConverter", "args": {"minPitch": 21, "maxPitch": 108, "numSteps": 32}}
    folders = []
    for write, width in ((tfjs_files.write_shards, None), (tfjs_files.write_shards, 1), (tfjs_files.write_files, 2)):
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), _tensors()[1], spec=spec, width=width)
            folders.append(_files_of(Path(folder)))
    return tuple(folders)
