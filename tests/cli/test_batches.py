"""One bad file never ends a batch: each command names it and reads the others."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from latentpalette.cli.app import app
from latentpalette.cli.unique_names import UniqueNames
from latentpalette.cli.writing import unique_stems, window_filenames
from latentpalette.errors import FileError, LatentPaletteError, TrainingError
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence, concatenate
from latentpalette.windows.excerpt import Excerpt
from tests.cli.runner import failure, file_names, run, run_ok
from tests.data.damaged_archives import SONGS, write_tar

LOOPS = [presets()[name] for name in ("Boom bap", "Trap", "Samba", "Bossa")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four songs, and what is found beside songs."""
    home = tmp_path / "band"
    home.mkdir()
    for number, loop in enumerate(LOOPS):
        loop.save(home / f"loop{number}.mid")
    (home / "empty.mid").write_bytes(b"")
    (home / "junk.mid").write_bytes(b"MThd and more")
    (home / "gone.mid").symlink_to("nowhere.mid")
    os.mkfifo(home / "pipe.mid")
    (home / "notes.txt").write_text("not music")
    (home / "info.csv").write_bytes(bytes(range(256)))
    Path(os.fsdecode(os.fsencode(home) + b"/\x1b[31m\xe9.mid")).write_bytes(b"")
    return home


BAD = ("empty.mid", "junk.mid", "gone.mid", "pipe.mid", r"\x1b[31mé.mid")


@pytest.fixture
def archive(folder: Path) -> Path:
    """The same songs in a zip archive, one of them damaged and one encrypted."""
    path = folder.parent / "songs.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for number, loop in enumerate(LOOPS):
            zipped.write(loop.save(folder.parent / "x.mid"), f"loop{number}.mid")
    data = bytearray(path.read_bytes())
    data[data.index(b"loop1.mid") + 40] ^= 1
    data[data.rindex(b"loop2.mid") - 38] |= 1
    path.write_bytes(data)
    return path


def lines_of(output: str) -> list[str]:
    """The lines about files that were not read."""
    return [line for line in output.splitlines() if line.startswith("not read: ")]


def test_corpus_reads_the_others(folder, archive, tmp_path):
    result = run("corpus", folder, archive, "--out", tmp_path / "c.npz", "--workers", 0)
    assert result.exit_code == 0, result.output
    lines = lines_of(result.output)
    for name in (*(f"band/{name}" for name in BAD), "band/info.csv", "songs/loop1.mid", "songs/loop2.mid"):
        assert sum(f"not read: {name}: " in line for line in lines) == 1
    assert len(lines) == len(BAD) + 3
    assert "6 songs" in result.output
    assert "\x1b[31m" not in result.output


def test_corpus_fails_if_nothing_can_be_read(tmp_path):
    (tmp_path / "band").mkdir()
    (tmp_path / "band" / "a.mid").write_bytes(b"")
    error = failure("corpus", tmp_path / "band", "--out", tmp_path / "c.npz", "--workers", 0)
    assert isinstance(error, TrainingError)
    assert "the file is empty (1 file)" in str(error)


def test_evaluate_reads_the_others(folder):
    few = ["--samples", 0, "--interpolation-pairs", 0, "--hole-grid", 0, "--workers", 0]
    result = run("evaluate", "--model", "drums-2bar", "--midi", folder, *few)
    assert result.exit_code == 0, result.output
    assert len(lines_of(result.output)) == len(BAD) + 1
    assert "4 songs" in result.output


def test_extract_reads_the_others_of_a_folder(folder, tmp_path):
    result = run("extract", folder, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert file_names(tmp_path / "out") == [f"loop{number}_bars-1-2.mid" for number in range(4)]
    assert all(f"not read: band/{name}: " in result.output for name in BAD)


def test_extract_says_what_is_packed_in_a_folder(folder, tmp_path):
    with zipfile.ZipFile(folder / "more.zip", "w"):
        pass
    os.mkfifo(folder / "pipe.zip")
    output = run_ok("extract", folder, "--out", tmp_path / "out")
    assert "not read: band/more.zip: an archive inside of another source" in output
    assert "not read: band/pipe.zip: a pipe, not a file" in output


def test_extract_reads_the_others_of_an_archive(archive, tmp_path):
    result = run("extract", archive, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert file_names(tmp_path / "out") == ["loop0_bars-1-2.mid", "loop3_bars-1-2.mid"]
    assert "not read: songs/loop1.mid: damaged in the archive." in result.output
    assert "not read: songs/loop2.mid: encrypted; unpack it with its password first." in result.output


def test_extract_ends_with_the_reason_where_the_folder_cannot_be_written_to(folder, tmp_path):
    (tmp_path / "file").write_text("old")
    error = failure("extract", folder, "--out", tmp_path / "file")
    assert isinstance(error, FileError)
    assert "loop0_bars-1-2.mid: cannot be written (a file is in the way" in str(error)
    assert (tmp_path / "file").read_text() == "old"


def test_extract_says_which_windows_are_written_when_the_disk_is_full(folder, tmp_path, monkeypatch):
    write = Path.write_bytes

    def fill(path, data):
        if "loop2" in path.name:
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", fill)
    result = run("extract", folder, "--out", tmp_path / "out")
    assert isinstance(result.exception, FileError)
    assert "No space left on device" in str(result.exception)
    assert file_names(tmp_path / "out") == ["loop0_bars-1-2.mid", "loop1_bars-1-2.mid"]
    assert all(name in result.output.replace("\n", "") for name in file_names(tmp_path / "out"))


def test_extract_of_files_that_are_named_fails_after_the_others_are_done(folder, tmp_path):
    files = sorted(folder.glob("*.mid"))
    error = failure("extract", *files, "--out", tmp_path / "out")
    assert isinstance(error, LatentPaletteError)
    assert len(str(error).splitlines()) == len(BAD)
    assert len(file_names(tmp_path / "out")) == 4


def test_extract_fails_if_no_file_of_a_folder_can_be_read(tmp_path):
    (tmp_path / "band").mkdir()
    (tmp_path / "band" / "a.mid").write_bytes(b"")
    assert "No window of 1 file" in str(failure("extract", tmp_path / "band", "--out", tmp_path / "out"))


def test_a_defect_of_the_reader_is_one_line_about_one_file(folder, tmp_path, monkeypatch):
    from latentpalette.models.musicvae import MusicVAE

    find = MusicVAE.excerpts

    def fail(self, source, **choice):
        if getattr(source, "name", "").endswith("loop1.mid"):
            raise ZeroDivisionError("division by zero")
        return find(self, source, **choice)

    monkeypatch.setattr(MusicVAE, "excerpts", fail)
    output = run_ok("extract", folder, "--out", tmp_path / "out")
    assert "band/loop1.mid: a defect of latentpalette (ZeroDivisionError: division by zero)" in output
    assert len(file_names(tmp_path / "out")) == 3


def test_palette_samples_the_corners_of_files_that_cannot_be_read(folder, tmp_path):
    files = [folder / "loop0.mid", folder / "junk.mid", folder / "loop1.mid"]
    output = run_ok("palette", *files, "--midi-out", tmp_path / "out", "--size", 3)
    assert "corner A: loop0.mid" in output
    assert "corner B: loop1.mid" in output
    assert "not read: junk.mid: " in output
    assert (tmp_path / "out" / "r01_c01.mid").exists()


def test_palette_takes_its_corners_from_a_folder(folder, tmp_path):
    LOOPS[0].save(folder / "z.mid")
    output = run_ok("palette", folder, "--midi-out", tmp_path / "out", "--size", 3)
    assert [f"corner {letter}: band/loop{number}.mid" in output for number, letter in enumerate("ABCD")] == [True] * 4
    assert "not used: band/" in output


def test_palette_fails_with_the_reason_if_no_file_can_be_read(folder, tmp_path):
    error = failure("palette", folder / "junk.mid", folder / "empty.mid", "--midi-out", tmp_path / "out")
    assert "junk.mid" in str(error)


def test_escape_sequences_of_names_do_not_reach_the_terminal(folder, capsys):
    with pytest.raises(SystemExit) as stopped:
        app(["extract", *(str(path) for path in folder.iterdir() if "[31m" in path.name)])
    assert stopped.value.code == 1
    output = capsys.readouterr()
    assert "\x1b[31m" not in output.out + output.err
    assert r"\x1b[31m" in output.err


def test_songs_of_one_name_are_written_side_by_side(tmp_path):
    for album in ("one", "two", "Three"):
        (tmp_path / "band" / album).mkdir(parents=True)
    LOOPS[0].save(tmp_path / "band" / "one" / "song.mid")
    LOOPS[1].save(tmp_path / "band" / "two" / "Song.mid")
    LOOPS[2].save(tmp_path / "band" / "Three" / "song-2.mid")
    run_ok("extract", tmp_path / "band", "--out", tmp_path / "out")
    names = file_names(tmp_path / "out")
    assert len({name.lower() for name in names}) == len(names) == 3


def test_long_and_unusual_names_become_names_that_every_file_system_takes(tmp_path):
    names = ["é" * 120 + ".mid", "🎵" * 60 + ".mid", 'a:b*c"d.mid', "x" * 251 + ".mid", "....mid"]
    for number, name in enumerate(names):
        LOOPS[number % 4].save(tmp_path / "x.mid").rename(tmp_path / name)
    long = concatenate([LOOPS[0], LOOPS[1]]).save(tmp_path / "y.mid").rename(tmp_path / ("y" * 251 + ".mid"))
    run_ok("extract", *(tmp_path / name for name in names), long, "--out", tmp_path / "out")
    written = file_names(tmp_path / "out")
    assert len({name.partition("_bars")[0] for name in written}) == len(names) + 1
    assert all(len(os.fsencode(name)) <= 200 and not set(name) & set(':*"') for name in written)


def test_the_names_of_very_many_windows_are_all_different():
    windows = [
        Excerpt(NoteSequence(steps=32), bar=1 + number // 50, source="a", track="Lead") for number in range(5000)
    ]
    names = window_filenames("song", windows)
    assert len(set(names)) == 5000
    assert names[:3] == ["song_bars-001-002_Lead", "song_bars-001-002_Lead_2", "song_bars-001-002_Lead_3"]


def test_the_stems_of_very_many_files_are_all_different():
    stems = unique_stems([Path(f"{number}/{'song' if number % 2 else 'Song'}.mid") for number in range(5000)])
    assert len({stem.lower() for stem in stems}) == 5000
    assert stems[:3] == ["Song", "song-2", "Song-3"]


def test_a_number_does_not_make_a_name_that_is_used():
    names = UniqueNames("-")
    assert [names.add(name) for name in ("a-2", "a", "a", "a", "A-2")] == ["a-2", "a", "a-3", "a-4", "A-2-2"]


def test_a_damaged_tar_archive_gives_its_other_songs(tmp_path):
    path = write_tar(tmp_path / "songs.tar")
    data = bytearray(path.read_bytes())
    data[data.index(b"song05.mid") + 130] ^= 0x40
    path.write_bytes(data)
    result = run("corpus", path, "--out", tmp_path / "c.npz", "--workers", 0)
    assert result.exit_code == 0, result.output
    assert lines_of(result.output) == ["not read: songs/song05.mid: its header in the archive is damaged"]
    assert f"of {len(SONGS)} songs" not in result.output
