"""A file that cannot be read is named with its reason, and all others are read."""

from __future__ import annotations

import io
import os
import signal
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from latentpalette.data import extract
from latentpalette.data.build import build_corpus
from latentpalette.data.parallel import parallel_map
from latentpalette.data.sources import Song, iter_songs, scan
from latentpalette.errors import TrainingError
from latentpalette.music import midi
from tests.data.damaged_archives import SONGS, read_source, song_of, write_tar, write_zip
from tests.music.midi_files import drum_hits, midi_file

DRUMS = {"name": "drums", "steps": 32, "drum_map": "reduced"}
GOOD = {"a.mid": song_of(1), "z.mid": song_of(2)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "band"
    home.mkdir()
    for name, data in GOOD.items():
        (home / name).write_bytes(data)
    return home


def reasons(corpus):
    return {item["name"]: item["reason"] for item in corpus.report["not_read"]}


def test_what_is_no_file_has_the_reason(folder):
    (folder / "b.mid").symlink_to("nowhere.mid")
    (folder / "c.mid").symlink_to("c.mid")
    os.mkfifo(folder / "d.mid")
    (folder / "e.mid").symlink_to("/dev/zero")
    (folder / "f").symlink_to(folder)
    (folder / "g.mid").mkdir()
    os.mkfifo(folder / "h.zip")
    songs, problems = read_source(folder)
    assert songs == GOOD
    assert {song.name: song.problem for song in problems} == {
        "band/b.mid": "a link to a file that is not there",
        "band/c.mid": "cannot be opened (too many levels of symbolic links)",
        "band/d.mid": "a pipe, not a file",
        "band/e.mid": "a device, not a file",
        "band/f": "a link to a folder, which is not followed; name that folder, too",
        "band/h.zip": "a pipe, not a file",
    }


def test_a_file_that_vanishes_after_the_scan_is_named(folder):
    songs = iter_songs(folder)
    assert next(songs).name == "band/a.mid"
    (folder / "z.mid").unlink()
    assert [(song.name, song.problem) for song in songs] == [("band/z.mid", "no longer there")]


def test_files_and_folders_without_permission_are_named(folder, monkeypatch):
    (folder / "b.mid").write_bytes(SONGS["song00.mid"])
    (folder / "closed").mkdir()

    def refuse(function, path, *arguments):
        if os.fsdecode(path).endswith(("b.mid", "closed/")):
            raise PermissionError(13, "Permission denied")
        return function(path, *arguments)

    monkeypatch.setattr(os, "open", partial(refuse, os.open))
    monkeypatch.setattr(os, "scandir", partial(refuse, os.scandir))
    songs, problems = read_source(folder)
    assert songs == GOOD
    assert {song.name: song.problem for song in problems} == {
        "band/b.mid": "cannot be opened (permission denied)",
        "band/closed": "a folder that cannot be read (permission denied)",
    }


def test_names_that_are_not_unicode_are_read_and_printable(folder):
    for name in (b"caf\xe9.mid", "café.mid".encode(), b"\x1b[31mred.mid", b"two\nlines.MID"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(song_of(len(name)))
    songs, problems = read_source(folder)
    assert not problems
    assert set(songs) == {*GOOD, "café.mid", "\\x1b[31mred.mid", "two\\nlines.MID"}
    corpus = build_corpus([folder], DRUMS, workers=0)
    assert len(corpus.songs) == 6


@pytest.fixture
def deep_folder(folder: Path) -> Iterator[Path]:
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)  # shutil.rmtree is recursive


@pytest.mark.parametrize("name", ["d", "a long name"])
def test_a_deep_folder_is_read_as_deep_as_paths_go(deep_folder, name):
    folder = deep_folder
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    with os.fdopen(os.open("deep.mid", os.O_WRONLY | os.O_CREAT, dir_fd=here), "wb") as file:
        file.write(song_of(3))
    songs, problems = read_source(folder)
    os.close(here)
    if name == "d":
        assert songs == {**GOOD, "deep.mid": song_of(3)}
    else:
        assert songs == GOOD
        assert [song.problem for song in problems] == ["a folder that cannot be read (file name too long)"]


def test_empty_and_large_files_are_named(folder):
    (folder / "b.mid").write_bytes(b"")
    (folder / "c.mid").write_bytes(b"MThd" + bytes(midi.MAX_FILE_BYTES))
    corpus = build_corpus([folder], DRUMS, workers=0)
    assert len(corpus.songs) == 2
    assert reasons(corpus) == {
        "band/b.mid": "the file is empty",
        "band/c.mid": f"larger than the {midi.MAX_FILE_BYTES // 1000} kB that are read of a MIDI file",
    }


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), RecursionError(), MemoryError(), KeyError(3), SystemError()])
def test_any_exception_of_the_reader_is_a_reason(folder, monkeypatch, error):
    read_score = midi.read_score

    def fail(data):
        if data == GOOD["a.mid"]:
            raise error
        return read_score(data)

    monkeypatch.setattr(extract.midi, "read_score", fail)
    corpus = build_corpus([folder], DRUMS, workers=0)
    assert corpus.songs == ("band/z.mid",)
    assert type(error).__name__ in reasons(corpus)["band/a.mid"]


def end_process(song: Song) -> object:
    """Read a song, or end the process as the system does where memory is short."""
    if song.name == "a.mid" and song.data:
        os.kill(os.getpid(), signal.SIGKILL)
    return extract.extract_song(song, DRUMS)


def test_a_file_that_ends_its_process_is_named_and_the_others_are_read():
    songs = [Song(name, data) for name, data in {**SONGS, **GOOD}.items()]
    results = list(parallel_map(songs, end_process, workers=2))
    assert [result.song for result in results] == [song.name for song in songs]
    assert {result.song: result.unreadable for result in results if result.unreadable} == {
        "a.mid": "the process that read it ended; memory may be short"
    }


def test_encrypted_and_damaged_zip_members_are_named(folder):
    path = write_zip(folder.parent / "songs.zip")
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"song03.mid") - 46
    data[entry + 8] |= 1
    entry = data.rindex(b"song07.mid") - 46
    data[entry + 16] ^= 1
    entry = data.rindex(b"song09.mid") - 46
    data[entry + 10] = 97
    path.write_bytes(data)
    songs, problems = read_source(path)
    assert set(SONGS) - set(songs) == {"song03.mid", "song07.mid", "song09.mid"}
    assert [song.problem for song in problems] == [
        "encrypted; unpack it with its password first",
        "damaged in the archive",
        "packed by method 97, which is not read here; pack the archive again",
    ]


def test_a_zip_bomb_is_unpacked_no_further_than_a_midi_file(tmp_path):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    name = b"bomb.mid"
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), 100, len(name), 0) + name
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(packed), 100, len(name), 0, 0, 0, 0, 0, 0
    )
    directory = (entry + name) * 3000
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 3000, 3000, len(directory), len(local) + len(packed), 0)
    path = tmp_path / "bomb.zip"
    path.write_bytes(local + packed + directory + end)
    songs, problems = read_source(path)
    assert not songs
    assert len(problems) == 3000
    assert {song.problem for song in problems} == {
        f"larger than the {midi.MAX_FILE_BYTES // 1000} kB that are read of a MIDI file",
        "its bytes in the archive are those of other files, too",
    }


def test_a_tar_bomb_ends_and_the_songs_before_it_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr("latentpalette.data.unpacking._ALWAYS_ALLOWED", 1 << 20)
    path = write_tar(tmp_path / "songs.tar.gz", {**GOOD, "bomb.bin": bytes(30_000_000), "later.mid": song_of(3)})
    songs, problems = read_source(path)
    assert songs == GOOD
    assert [song.problem for song in problems] == ["the archive is not unpacked beyond 200 times its size here"]


def test_digits_in_a_pax_header_take_no_time(tmp_path):
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 256_000
    path = tmp_path / "songs.tar"
    path.write_bytes(header.tobuf() + b"1" * 256_000 + write_tar(tmp_path / "good.tar", GOOD).read_bytes())
    assert read_source(path)[0] == GOOD


def test_a_name_of_64_kilobytes_is_shortened(tmp_path):
    files = {"x" * 65_000 + ".mid": song_of(1), "x" * 65_000 + "y.mid": song_of(2)}
    songs, problems = read_source(write_tar(tmp_path / "songs.tar", files, form=tarfile.GNU_FORMAT))
    assert not problems
    assert len(songs) == 2
    assert all(len(name) < 200 and name.endswith(".mid") for name in songs)


def test_names_that_lead_out_of_an_archive_lead_into_it(tmp_path):
    files = {"/etc/a.mid": song_of(1), "../../b.mid": song_of(2), "x/../../c.mid": song_of(3)}
    for path in (write_tar(tmp_path / "set.tar", files), write_zip(tmp_path / "set.zip", files)):
        assert [song.name for song in iter_songs(path)] == ["set/etc/a.mid", "set/b.mid", "set/x/c.mid"]


def test_each_of_two_files_of_one_name_is_read(tmp_path):
    for suffix in ("tar", "zip"):
        path = tmp_path / f"set.{suffix}"
        if suffix == "tar":
            write_tar(path, {"a.mid": song_of(1)})
            with tarfile.open(path, "a") as archive:
                member = tarfile.TarInfo("a.mid")
                member.size = len(song_of(2))
                archive.addfile(member, io.BytesIO(song_of(2)))
        else:
            with zipfile.ZipFile(path, "w") as zipped:
                zipped.writestr("a.mid", song_of(1))
                with pytest.warns(UserWarning, match="Duplicate name"):
                    zipped.writestr("a.mid", song_of(2))
        assert [song.data for song in iter_songs(path)] == [song_of(1), song_of(2)]


def test_a_zip_archive_after_something_else_is_read(tmp_path):
    path = write_zip(tmp_path / "songs.zip")
    path.write_bytes(b"#!/bin/sh\n" * 100 + path.read_bytes())
    assert read_source(path) == (SONGS, [])


def test_a_source_that_cannot_be_read_is_named_if_there_is_another(folder, tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"no archive")
    (tmp_path / "cover.jpg").write_bytes(b"")
    (tmp_path / "gone.mid").symlink_to("nowhere")
    corpus = build_corpus(
        [tmp_path / name for name in ("broken.zip", "cover.jpg", "gone.mid", "band")], DRUMS, workers=0
    )
    assert corpus.songs == ("band/a.mid", "band/z.mid")
    assert reasons(corpus)["broken.zip"] == "not a readable archive (no zip archive). Pack it again"
    assert "not a folder, a MIDI file" in reasons(corpus)["cover.jpg"]
    assert "a link to nothing" in reasons(corpus)["gone.mid"]


def test_a_source_that_is_not_there_is_an_error_before_anything_is_read(folder, tmp_path):
    with pytest.raises(TrainingError, match="lakh: no such folder or archive"):
        build_corpus([folder, tmp_path / "lakh"], DRUMS, workers=0)


def test_an_archive_in_a_folder_is_named(folder):
    write_zip(folder / "more.zip")
    assert scan(folder).problems == (
        ("band/more.zip", "an archive inside of another source, which is not opened; name it as a source"),
    )


BY_HASH = "songs without a split are split by a hash of their names"


@pytest.mark.parametrize(
    ("table", "splits", "reason"),
    [
        (b"\xef\xbb\xbfmidi_filename,split\na.mid,test\n", {"a.mid": "test"}, None),
        ("\ufeffmidi_filename,split\na.mid,test\n".encode("utf-16"), {}, "no table of splits"),
        (b"Split , midi_filename\n Test,a.mid\n", {"a.mid": "test"}, None),
        (b"file,set\na.mid,test\n", {}, "no table of splits"),
        (b"", {}, "no table of splits"),
        (os.urandom(3000), {}, ""),
        (b"midi_filename,split\na.mid,test\nz.mid\n", {"a.mid": "test"}, "no split is called ''"),
        (b"midi_filename,split\na.mid,test,and,more\n", {"a.mid": "test"}, None),
        (b"midi_filename,split\na.mid,test\nz.mid,held out\n", {"a.mid": "test"}, "no split is called 'held out'"),
        (b"midi_filename,split\na.mid,test\n" + b"x" * 200_000, {"a.mid": "test"}, "damaged after line 2"),
        (b"midi_filename,split\n" + b"\0" * 5_000_000, {}, "larger than 4 MB"),
        (b"midi_filename,split\n../band/a.mid,test\n", {"band/a.mid": "test"}, None),
        ("midi_filename,split\ncafé.mid,test\n".encode("latin-1"), {"café.mid": "test"}, None),
    ],
)
def test_a_table_of_splits_is_read_as_far_as_it_can_be(folder, table, splits, reason):
    (folder / "info.csv").write_bytes(table)
    info = scan(folder)
    assert info.splits == {f"band/{name}": split for name, split in splits.items()}
    if reason is None:
        assert info.problems == ()
    else:
        ((name, words),) = info.problems
        assert name == "band/info.csv"
        assert words.startswith(reason)
        assert words.endswith(BY_HASH)
    assert reasons(build_corpus([folder], DRUMS, workers=0)) == dict(info.problems)


def test_a_file_that_is_cut_off_is_read_up_to_there_and_counted_among_what_was_left_out(folder):
    kicks = midi_file(drum_hits([step * 480 for step in range(64)]))
    (folder / "cut.mid").write_bytes(kicks[:-100])
    (folder / "nothing.mid").write_bytes(kicks[:20])
    corpus = build_corpus([folder], DRUMS, workers=0)
    assert "band/cut.mid" in corpus.songs
    assert reasons(corpus) == {"band/nothing.mid": "not a readable MIDI file"}
    assert {"reason": "the file is cut off", "files": 1, "bars": 0} in corpus.report["left_out"]
