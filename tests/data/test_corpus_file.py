"""The file of a corpus is not trusted: whatever is in it, it is a corpus or an error of ours, in bounded memory."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latentpalette.data.corpus import Corpus
from latentpalette.errors import FileError, TrainingError

DRUMS = {"name": "drums", "steps": 32, "drum_map": "reduced"}


def make_corpus(**changes) -> Corpus:
    windows = np.random.default_rng(0).integers(0, 512, (40, 32)).astype(np.uint16)
    arguments = {
        "windows": windows,
        "song_index": np.arange(40, dtype=np.int32) // 8,
        "split_index": (np.arange(40) // 32).astype(np.uint8),
        "songs": tuple(f"band/{n}.mid" for n in range(5)),
        "converter": DRUMS,
        "report": {"files": 5},
        "qpm": np.full(40, 97, np.float32),
    }
    return Corpus(**{**arguments, **changes})


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return make_corpus().save(tmp_path_factory.mktemp("corpus") / "drums.npz")


def npy(array: np.ndarray, **header) -> bytes:
    """Return an array as the bytes of an ``.npy``, with another header if one is given."""
    fields = {"descr": np.lib.format.dtype_to_descr(array.dtype), "fortran_order": False, "shape": array.shape}
    text = repr({**fields, **header}).encode().ljust(117) + b"\n"
    return np.lib.format.magic(1, 0) + len(text).to_bytes(2, "little") + text + array.tobytes()


def about(**changes) -> bytes:
    fields = {"format": 1, "songs": [f"{n}.mid" for n in range(5)], "converter": DRUMS, "report": {}}
    return npy(np.frombuffer(json.dumps({**fields, **changes}).encode(), np.uint8))


def with_member(file: Path, path: Path, name: str, content: bytes | None) -> Path:
    """Copy a corpus with one member replaced, or left out."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != f"{name}.npy":
                new.writestr(info.filename, old.read(info))
        if content is not None:
            new.writestr(f"{name}.npy", content)
    return path


def test_a_corpus_is_read_as_it_was_written(file):
    one, two = make_corpus(), Corpus.load(file)
    for name in ("windows", "song_index", "split_index", "qpm"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
        assert getattr(one, name).dtype == getattr(two, name).dtype
    assert (one.songs, dict(one.converter), dict(one.report)) == (two.songs, two.converter, two.report)


WINDOWS = make_corpus().windows
HOSTILE = {
    "a trillion rows": ("rows", npy(WINDOWS, shape=(10**12, 32))),
    "more rows than bytes": ("rows", npy(WINDOWS, shape=(41, 32))),
    "fewer rows than bytes": ("rows", npy(WINDOWS, shape=(39, 32))),
    "a negative shape": ("rows", npy(WINDOWS, shape=(-40, -32))),
    "a shape of half a row": ("rows", npy(WINDOWS, shape=(40, 32.0))),
    "many dimensions": ("rows", npy(WINDOWS, shape=(40, 32, 1, 1, 1, 1))),
    "a shape that is no tuple": ("rows", npy(WINDOWS, shape=1280)),
    "columns first": ("rows", npy(WINDOWS, fortran_order=True)),
    "floats": ("rows", npy(WINDOWS.astype(np.float32))),
    "objects": ("rows", npy(WINDOWS, descr="|O")),
    "text": ("rows", npy(WINDOWS, descr="<U1")),
    "tokens that no drums have": ("rows", npy(WINDOWS + np.uint16(600))),
    "windows of another length": ("rows", npy(WINDOWS[:, :16].copy())),
    "another type of integers": ("rows", npy(WINDOWS.astype(np.int64))),
    "no rows": ("rows", None),
    "not an array": ("rows", b"\x93NUMPY"),
    "songs that are not there": ("song", npy(np.full(40, 5, np.int32))),
    "negative songs": ("song", npy(np.full(40, -1, np.int32))),
    "songs in halves": ("song", npy(np.full(40, 0.5, np.float32))),
    "too few songs": ("song", npy(np.zeros(39, np.int32))),
    "songs in a table": ("song", npy(np.zeros((40, 1), np.int32))),
    "a fourth split": ("split", npy(np.full(40, 3, np.uint8))),
    "a tempo that is no number": ("qpm", npy(np.full(40, np.nan, np.float32))),
    "a tempo of 0": ("qpm", npy(np.zeros(40, np.float32))),
    "too few tempos": ("qpm", npy(np.full(3, 120, np.float32))),
    "no description": ("about", None),
    "no JSON": ("about", npy(np.frombuffer(b"{", np.uint8))),
    "JSON of NaN": ("about", npy(np.frombuffer(b'{"format": 1, "songs": [NaN]}', np.uint8))),
    "deep JSON": ("about", npy(np.frombuffer(b"[" * 100_000, np.uint8))),
    "a list": ("about", npy(np.frombuffer(b"[]", np.uint8))),
    "another format": ("about", about(format=2)),
    "numbers for songs": ("about", about(songs=[1, 2, 3, 4, 5])),
    "text for songs": ("about", about(songs="abcde")),
    "no converter": ("about", about(converter=None)),
    "a converter with nonsense": ("about", about(converter={**DRUMS, "steps": -1})),
    "a converter with an unknown setting": ("about", about(converter={**DRUMS, "horns": 3})),
    "a list for a report": ("about", about(report=[])),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_holds_something_else_is_refused_in_a_sentence(file, tmp_path, name):
    path = with_member(file, tmp_path / "hostile.npz", *HOSTILE[name])
    tracemalloc.start()
    try:
        with pytest.raises(TrainingError, match=r"hostile\.npz: .*corpus"):
            Corpus.load(path)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_unpacks_to_far_more_than_its_size_is_refused(file, tmp_path):
    rows = np.zeros((1_500_000, 32), np.uint16)
    path = with_member(file, tmp_path / "bomb.npz", "rows", npy(rows))
    with pytest.raises(TrainingError, match="unpacks to over 250 times its size"):
        Corpus.load(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 10**6), change=st.integers(1, 255))
def test_a_changed_byte_is_noticed_or_changes_nothing(file, tmp_path, position, change):
    data = bytearray(file.read_bytes())
    data[position % len(data)] ^= change
    path = tmp_path / "changed.npz"
    path.write_bytes(data)
    try:
        corpus = Corpus.load(path)
    except TrainingError:
        return
    assert np.array_equal(corpus.windows, WINDOWS)
    assert corpus.songs == make_corpus().songs


@pytest.mark.parametrize("kept", [0, 1, 30, 500, 0.5, 0.9, -1])
def test_a_file_that_is_cut_off_is_refused(file, tmp_path, kept):
    data = file.read_bytes()
    path = tmp_path / "cut.npz"
    path.write_bytes(data[: int(kept * len(data)) if isinstance(kept, float) else kept])
    with pytest.raises(TrainingError, match=r"cut\.npz: not a corpus, or damaged or cut off"):
        Corpus.load(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"windows": WINDOWS * 1.5}, "windows is an array of integers; got float64"),
        ({"windows": [[1]]}, "windows is an array of integers"),
        ({"song_index": np.full(40, 1.5)}, "song_index is an array of integers; got float64"),
        ({"song_index": np.full(40, 9)}, "song_index is from 0 to 4; got 9 to 9"),
        ({"split_index": np.zeros(3, np.uint8)}, "one number for each of 40 windows"),
        ({"split_index": np.full(40, 7)}, "split_index is from 0 to 2"),
        ({"qpm": np.full(40, np.nan)}, "A tempo is a number over 0"),
        ({"qpm": np.full(4, 120)}, "one number for each of 40 windows"),
        ({"songs": (1, 2, 3, 4, 5)}, "The name of song 0 is text; got 1"),
    ],
)
def test_a_corpus_in_memory_has_whole_numbers_in_their_ranges(changes, message):
    with pytest.raises(TrainingError, match=message):
        make_corpus(**changes)


def test_a_corpus_that_cannot_be_written_leaves_the_old_file(file, tmp_path, monkeypatch):
    path = tmp_path / "drums.npz"
    path.write_bytes(file.read_bytes())

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array_header_1_0", fail)
    with pytest.raises(FileError, match=r"drums\.npz: cannot be written \(No space left on device\)"):
        make_corpus().save(path)
    assert path.read_bytes() == file.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["drums.npz"]
