"""Corpora: files with damage, and builds that were interrupted and whose staging was changed."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import numpy as np

import latentpalette as lp
from latentpalette.data import build
from latentpalette.data.corpus import Corpus
from latentpalette.data.packing import find_packing
from latentpalette.errors import LatentPaletteError
from tests.fuzz.harness import Folders, Outcome
from tests.fuzz.mutations import ODD_VALUES, Random, chance, damage, damage_json, json_text, pick

_MARKS = (b"PK\x03\x04", b"PK\x01\x02", b"NUMPY", b"descr", b"shape", b"SQLite", b"CREATE")
_DTYPES = ("<u2", "<i4", "|u1", "<f4", "<f8", "<c8", "<M8[s]", "|b1", "<U3", "|S2", "<i8", ">u2", "|O")


def fuzz_file(rng: Random, folders: Folders) -> Outcome:
    """A corpus whose arrays have other types, shapes and values, or whose bytes are damaged."""
    arrays = dict(_arrays())
    if chance(rng, 0.75):
        name = pick(rng, sorted(arrays))
        arrays[name] = _damage_about(rng, arrays[name]) if name == "about" else _damage_array(rng, arrays[name])
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    data = file.getvalue()
    if chance(rng, 0.3):
        data = damage(rng, data, marks=_MARKS)
    elif chance(rng, 0.1):
        data = _with_odd_header(rng)
    path = folders.inside / "corpus.npz"
    path.write_bytes(data)
    corpus = Corpus.load(path)
    check_corpus(corpus)
    return "read"


def fuzz_staging(rng: Random, folders: Folders) -> Outcome:
    """A build that was interrupted, whose staging was damaged before it goes on: no window that the songs lack."""
    sources = folders.inside / "songs"
    sources.mkdir()
    for number, loop in enumerate(list(lp.presets().values())[:4]):
        loop.save(sources / f"{number}.mid")
    path = folders.inside / "corpus.npz"
    _interrupt(path, sources, after=int(rng.integers(1, 4)))
    staging = folders.inside / "corpus.npz.part"
    files = sorted(file for file in staging.rglob("*") if file.is_file())
    assert files, "nothing is staged"
    file = pick(rng, files)
    content = file.read_bytes()
    action = rng.random()
    if action < 0.6:
        file.write_bytes(damage(rng, content, marks=_MARKS))
    elif action < 0.8:
        file.write_bytes(content[: int(rng.integers(len(content) + 1))])
    elif action < 0.9:
        file.unlink()
    else:
        file.write_bytes(bytes(len(content)))
    build.build_corpus_file(path, [sources], {"name": "drums"}, workers=1)
    corpus = Corpus.load(path)
    check_corpus(corpus)
    real = {window.tobytes() for window in _expected(sources).windows}
    assert {window.tobytes() for window in corpus.windows} <= real, "windows that are in no song"
    return "read"


def check_corpus(corpus: Corpus) -> None:
    """Check that the windows of a corpus can be used."""
    assert len(corpus.qpm) == len(corpus) == len(corpus.song_index) == len(corpus.split_index)
    assert np.isfinite(np.asarray(corpus.qpm, float)).all()
    assert repr(corpus)
    assert sum(len(corpus.split(name)) for name in ("train", "validation", "test")) == len(corpus)
    try:
        reader, packing = find_packing(corpus.converter)
    except LatentPaletteError:
        return  # a converter of some other kind
    assert corpus.windows.shape[1:] == packing.shape(reader.steps)
    assert corpus.windows.dtype == np.dtype(packing.dtype)


class _Interruption(Exception):  # noqa: N818 # no error: a person who ends the process
    """The end of a build before its end."""


def _interrupt(path: Path, sources: Path, *, after: int) -> None:
    def stop(count: int, _total: int) -> None:
        if count >= after:
            raise _Interruption

    try:
        build.build_corpus_file(path, [sources], {"name": "drums"}, workers=1, progress=stop)
    except _Interruption:
        return
    raise AssertionError("the build was not interrupted")


def _expected(sources: Path) -> Corpus:
    return build.build_corpus([sources], {"name": "drums"}, workers=1)


def _damage_array(rng: Random, values: np.ndarray) -> np.ndarray:
    action = int(rng.integers(6))
    if action == 0:
        return values[: int(rng.integers(len(values) + 1))]
    if action == 1:
        dtype = pick(rng, _DTYPES[:-1])
        return values.astype("<i8").astype(dtype) if "S" not in dtype and "U" not in dtype else values.astype(dtype)
    if action == 2:
        return values.reshape(pick(rng, ((-1,), (1, -1), (*values.shape, 1))))
    changed = values.copy()
    if action == 3 and changed.size:
        changed.flat[int(rng.integers(changed.size))] = (
            np.iinfo(changed.dtype).max if changed.dtype.kind in "iu" else np.nan
        )
        return changed
    if action == 4:
        return np.asarray(0, values.dtype)
    return np.concatenate([values, values])


def _damage_about(rng: Random, values: np.ndarray) -> np.ndarray:
    return np.frombuffer(json_text(rng, damage_json(rng, json.loads(values.tobytes()))), np.uint8)


def _with_odd_header(rng: Random) -> bytes:
    """Return an archive whose first array has a header that no array has."""
    shape = pick(
        rng, ("(1,)", "(2**40,)", "(-1, 32)", f"({10**12}, 32)", "(1e3,)", "32", "()", "(" * 2000 + ")" * 2000)
    )
    header = f"{{'descr': {pick(rng, _DTYPES)!r}, 'fortran_order': {pick(rng, ODD_VALUES[:6])!r}, 'shape': {shape}, }}"
    text = header.encode() + b"\n"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in _arrays().items():
            content = io.BytesIO()
            np.lib.format.write_array(content, values, allow_pickle=False)
            damaged = b"\x93NUMPY\x01\0" + (len(text) & 0xFFFF).to_bytes(2, "little") + text + bytes(100)
            archive.writestr(f"{name}.npy", damaged if name == "rows" else content.getvalue())
    return file.getvalue()


@cache
def _arrays() -> dict[str, np.ndarray]:
    loops = {name: [loop] for name, loop in list(lp.presets().items())[:4]}
    corpus = Corpus.from_sequences(loops, {"name": "drums", "steps": 32})
    with tempfile.TemporaryDirectory() as folder, np.load(corpus.save(Path(folder) / "corpus.npz")) as arrays:
        return {name: arrays[name] for name in arrays.files}
