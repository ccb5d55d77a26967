"""Every file that the package writes is replaced as a whole: `latentpalette.files` is the only way to a disk."""

from __future__ import annotations

import ast
import errno
import re
import resource
import signal
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.audio.sound import Sound
from latentpalette.data.corpus import Corpus
from latentpalette.data.song_values import write_song_values
from latentpalette.errors import FileError
from latentpalette.music.sequence import NoteSequence
from latentpalette.plots.picture import Picture
from tests.import_graph import modules

WRITES = {"write_text", "write_bytes", "touch", "savefig", "save_file", "savez", "savez_compressed", "save_checkpoint"}
RENAMES = {"rename", "replace", "renames"}
OPENS = {"open", "ZipFile", "TarFile", "GzipFile"}

# What may write to a path of its own, and why.
ALLOWED = {
    "files": "it is the way",
    "data.staging": "a new database, made beside the damaged one, takes its place",
    "audio.sound": "wave.open writes to a buffer",
    "data.corpus_file": "inside `replacing`",
    "models.store": "inside `replacing`",
    "models.network_file": "inside `replacing`",
    "plots.canvas": "savefig writes to a buffer",
    "training.callbacks": "inside `replacing`",
}


def writes_a_file(node: ast.AST) -> bool:
    """Return whether a call writes, or could write, a file by its path."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in OPENS:
        values = [getattr(value, "value", None) for value in [*node.args, *(word.value for word in node.keywords)]]
        return any(isinstance(value, str) and re.fullmatch(r"[wax]\+?[bt]?\+?|r\+?[bt]?\+", value) for value in values)
    on_module = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    if name == "save" and on_module and node.func.value.id in ("np", "torch"):
        return True
    if name in RENAMES:  # of a path: one argument, no keyword
        return on_module and node.func.value.id in ("os", "shutil", "path", "temporary", "new")
    return (name in WRITES and not isinstance(node.func, ast.Name)) or name == "save_file"


def writers() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, tree in modules().items():
        own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if writes_a_file(node) and getattr(node.func, "id", "") not in own:
                found.setdefault(name, []).append(node.lineno)
    return found


def test_only_the_module_of_files_writes_files():
    assert {name: lines for name, lines in writers().items() if name not in ALLOWED} == {}


def test_every_exception_is_needed():
    assert set(ALLOWED) <= set(writers())


@pytest.mark.parametrize(
    "code",
    [
        "path.write_text('')",
        "np.save(path, x)",
        "open(path, 'w')",
        "path.open(mode='wb')",
        "save_file(x, path)",
        "os.replace(a, b)",
    ],
)
def test_a_write_is_found(code):
    assert writes_a_file(ast.parse(code, mode="eval").body)


LOOP = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=32)


def tiny_corpus() -> Corpus:
    rows = np.random.default_rng(0).integers(512, size=(200, 32)).astype(np.uint16)
    return Corpus(rows, np.zeros(200, np.int32), np.zeros(200, np.uint8), ("a",), {"name": "drums", "steps": 32})


WRITERS = {
    "a.wav": lambda path: Sound(np.zeros((2, 9000), np.float32), 44_100).save(path),
    "a.png": lambda path: Picture(bytes(9000), 10, "").save(path),
    "a.npz": lambda path: tiny_corpus().save(path),
    "a.csv": lambda path: write_song_values(path, {f"song {n}": {"danceability": 1.0} for n in range(500)}),
    "a.html": lambda path: lp.Palette(lp.load("drums-2bar"), size=3).to_html(path),
    "a.json": lambda path: lp.Palette(lp.load("drums-2bar"), size=3).save_state(path),
    "model.safetensors": lambda path: lp.save(lp.load("drums-2d"), path.parent),
}


@contextmanager
def small_files():
    """Let the disk be full after 2 kB of a file, as far as this process can tell."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file_and_is_reported(name, tmp_path):
    (tmp_path / name).write_bytes(b"old")
    with small_files(), pytest.raises(FileError, match=f"{name}: cannot be written"):
        WRITERS[name](tmp_path / name)
    assert (tmp_path / name).read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_model_is_replaced_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    folder = lp.save(lp.load("drums-2d"), tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write = Path.write_text

    def run_out_of_space(path, text, **settings):
        if "config.json" in path.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, text, **settings)

    monkeypatch.setattr(Path, "write_text", run_out_of_space)
    with pytest.raises(FileError, match=r"config\.json: cannot be written \(No space left on device\)"):
        lp.save(lp.load("drums-2d"), tmp_path, card="another")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
