"""A build that was interrupted and damaged goes on from what is whole, and says so; the corpus is the same."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from latentpalette.data import staging
from latentpalette.data.build import build_corpus_file
from latentpalette.errors import FileError, TrainingError
from tests.data.damaged_archives import SONGS, write_tar

DRUMS = {"name": "drums", "steps": 32, "drum_map": "reduced"}


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return write_tar(tmp_path_factory.mktemp("source") / "songs.tar")


@pytest.fixture(scope="module")
def whole(source, tmp_path_factory) -> bytes:
    """The corpus of a build that was not interrupted."""
    path = tmp_path_factory.mktemp("whole") / "corpus.npz"
    return build_corpus_file(path, [source], DRUMS, workers=0).path.read_bytes()


class Killed(BaseException):
    """Ends a build as abruptly as a signal."""


def interrupt(path: Path, source: Path, files: int = 12) -> Path:
    """Build a corpus up to a number of files; return the database."""

    def progress(done: int, total: int) -> None:
        assert total == len(SONGS)
        if done == files:
            raise Killed

    with pytest.raises(Killed):
        build_corpus_file(path, [source], DRUMS, workers=0, progress=progress)
    return path.with_name(path.name + ".part") / "windows.sqlite"


def resume(path: Path, source: Path):
    """Go on with a build; return its result, and the first file that was read."""
    done: list[int] = []
    built = build_corpus_file(path, [source], DRUMS, workers=0, progress=lambda files, _: done.append(files))
    return built, done[0] - 1


def test_a_whole_database_is_resumed_without_a_word(source, whole, tmp_path):
    interrupt(tmp_path / "corpus.npz", source)
    built, files = resume(tmp_path / "corpus.npz", source)
    assert (built.recovery, files) == ("", 12)
    assert built.path.read_bytes() == whole


@pytest.mark.parametrize(
    ("statement", "files"),
    [
        ("UPDATE song SET rows = zeroblob(length(rows)) WHERE rowid = 5", 4),
        ("UPDATE song SET rows = substr(rows, 1, 32) WHERE rowid = 5", 4),
        ("UPDATE song SET qpm = zeroblob(4) WHERE rowid = 1", 0),
        ("UPDATE song SET entry = replace(entry, '.mid', '.mod') WHERE rowid = 8", 7),
        ("UPDATE song SET entry = '[]' WHERE rowid = 8", 7),
        ("UPDATE song SET entry = NULL, rows = NULL, qpm = NULL WHERE rowid = 8", 7),
        ("DELETE FROM song WHERE rowid = 6", 5),
        ("DELETE FROM checksum WHERE song = 6", 5),
        ("UPDATE song SET rowid = 100 WHERE rowid = 6", 5),
        ("DELETE FROM checksum", 0),
    ],
)
def test_a_damaged_row_and_what_follows_is_read_again(source, whole, tmp_path, statement, files):
    database_path = interrupt(tmp_path / "corpus.npz", source)
    with closing(sqlite3.connect(database_path)) as database, database:
        database.execute(statement)
    built, resumed_from = resume(tmp_path / "corpus.npz", source)
    assert resumed_from == files
    assert f"was damaged after {files} files; it goes on from there" in built.recovery
    assert built.path.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["corpus.npz"]


@pytest.mark.parametrize("change", ["cut", "zeros", "noise"])
@pytest.mark.parametrize("page", range(12))
def test_a_damaged_page_gives_the_same_corpus_or_an_error_of_ours(source, whole, tmp_path, page, change):
    database_path = interrupt(tmp_path / "corpus.npz", source)
    data = bytearray(database_path.read_bytes())
    start = page * len(data) // 12 + 50
    if change == "cut":
        del data[start:]
    else:
        data[start : start + 3000] = bytes(3000) if change == "zeros" else bytes(range(1, 251)) * 12
    database_path.write_bytes(data)
    problem = ""
    try:
        resume(tmp_path / "corpus.npz", source)
    except TrainingError as error:
        problem = str(error)
    if problem:
        assert "corpus.npz.part: " in problem
        assert "delete it to start again" in problem.lower()
    else:
        assert (tmp_path / "corpus.npz").read_bytes() == whole


def test_an_interrupted_build_of_another_version_is_not_resumed(source, tmp_path, monkeypatch):
    interrupt(tmp_path / "corpus.npz", source)
    monkeypatch.setattr("latentpalette.data.build.STAGING_FORMAT", staging.STAGING_FORMAT + 1)
    with pytest.raises(TrainingError, match="or of another version of latentpalette"):
        resume(tmp_path / "corpus.npz", source)


def test_a_full_disk_is_an_error_and_the_build_goes_on_later(source, whole, tmp_path, monkeypatch):
    insert = staging._insert

    def fail(database, number, *values):
        if number == 7:
            raise sqlite3.OperationalError("database or disk is full")
        insert(database, number, *values)

    path = tmp_path / "corpus.npz"
    with monkeypatch.context() as patch:
        patch.setattr(staging, "_insert", fail)
        with pytest.raises(TrainingError, match=r"disk is full.*what was read \(6 files\) is safe"):
            build_corpus_file(path, [source], DRUMS, workers=0)
    built, files = resume(path, source)
    assert files == 6
    assert built.path.read_bytes() == whole


def test_a_corpus_whose_file_cannot_be_written_is_kept_for_later(source, whole, tmp_path, monkeypatch):
    path = tmp_path / "corpus.npz"

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("numpy.lib.format.write_array_header_1_0", fail)
        with pytest.raises(FileError, match="No space left on device"):
            build_corpus_file(path, [source], DRUMS, workers=0)
    progress: list[int] = []
    build_corpus_file(path, [source], DRUMS, workers=0, progress=lambda done, _: progress.append(done))
    assert progress == []
    assert path.read_bytes() == whole


def test_a_place_that_cannot_be_written_is_an_error_before_anything_is_read(source, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match=r"a file is in the way.*Choose another name"):
        build_corpus_file(tmp_path / "file" / "corpus.npz", [source], DRUMS, workers=0)
    with pytest.raises(TrainingError, match="a folder of that name is in the way"):
        build_corpus_file(tmp_path, [source], DRUMS, workers=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"validation": float("nan")}, r"validation, .* is a number from 0 to 1; got nan"),
        ({"validation": 1.5}, "from 0 to 1; got 1.5"),
        ({"validation": True}, "got True"),
        ({"workers": 1.5}, "workers is a whole number from 0 to 1024; got 1.5"),
        ({"workers": -1}, "workers is a whole number from 0 to 1024; got -1"),
        ({"workers": 10**40}, "workers is a whole number from 0 to 1024; got 1"),
    ],
)
def test_numbers_that_are_none_are_refused(source, tmp_path, arguments, message):
    with pytest.raises(TrainingError, match=message):
        build_corpus_file(tmp_path / "corpus.npz", [source], DRUMS, **{"workers": 0, **arguments})
    assert not (tmp_path / "corpus.npz").exists()
