"""Files are replaced as a whole, or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

import latentpalette as lp
from latentpalette.audio.soundfont.file import read_soundfont
from latentpalette.data.corpus import Corpus
from latentpalette.errors import FileError
from latentpalette.files import (
    expand_path,
    is_file,
    is_folder,
    path_exists,
    readable_name,
    replacing,
    write_bytes,
    write_text,
)
from latentpalette.training.recipe import load_recipe


def run_out_of_space(path):
    with replacing(path) as new:
        new.write_bytes(b"ne")
        raise OSError(28, "No space left on device")


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "loop.mid"
    path.write_bytes(b"old")
    with pytest.raises(FileError, match=r"loop\.mid: cannot be written \(No space left on device\)"):
        run_out_of_space(path)
    assert [file.name for file in tmp_path.iterdir()] == ["loop.mid"]
    assert path.read_bytes() == b"old"


def test_any_other_error_passes_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "loop.mid"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), replacing(path):
        raise KeyboardInterrupt
    assert [file.name for file in tmp_path.iterdir()] == ["loop.mid"]
    assert path.read_bytes() == b"old"


def test_folders_are_made_and_the_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert write_text("~/a/b.txt", "♭") == tmp_path / "a" / "b.txt"
    assert (tmp_path / "a" / "b.txt").read_text(encoding="utf-8") == "♭"


def test_permissions_stay_and_new_files_have_the_usual_ones(tmp_path):
    usual, private = tmp_path / "usual", tmp_path / "private"
    (tmp_path / "plain").touch()
    private.touch()
    private.chmod(0o600)
    for path in (usual, private):
        write_bytes(path, b"new")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (usual, private)]
    assert modes == [stat.S_IMODE((tmp_path / "plain").stat().st_mode), 0o600]


def test_a_file_that_a_library_makes_anew_has_the_usual_permissions(tmp_path):
    (tmp_path / "plain").touch()
    with replacing(tmp_path / "weights") as new:
        new.unlink()
        new.touch(mode=0o600)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "weights")]
    assert modes[0] == modes[1]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to("file")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_device_is_written_to():
    assert write_bytes(os.devnull, b"gone").exists()


def test_a_file_whose_name_begins_with_a_tilde_is_that_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("~draft.mid").write_bytes(b"MThd")
    assert expand_path(Path("./~draft.mid")).read_bytes() == b"MThd"


@pytest.mark.parametrize("path", [3, None, b"loop.mid", "a\0b", "~nosuchuser/loop.mid"])
def test_what_is_no_path_is_refused_in_words(path):
    with pytest.raises(FileError):
        expand_path(path)


def test_a_folder_in_the_way_is_named(tmp_path):
    (tmp_path / "loop.mid").mkdir()
    with pytest.raises(FileError, match="a folder of that name is in the way"):
        write_bytes(tmp_path / "loop.mid", b"")


def test_a_name_as_long_as_names_can_be_is_written(tmp_path):
    path = tmp_path / ("🎵" * 62 + ".mid")
    assert write_bytes(path, b"MThd").read_bytes() == b"MThd"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_no_file_can_have_is_the_name_of_none(tmp_path):
    (tmp_path / "a.mid").touch()
    for name in ("x" * 5000, "x/" * 3000, "x" * 300 + ".mid", "a\0b", tmp_path / "a.mid" / "b", tmp_path / "b"):
        assert not path_exists(name)
        assert not is_file(name)
        assert not is_folder(name)
    assert is_file(tmp_path / "a.mid")
    assert is_folder(tmp_path)
    assert path_exists(tmp_path)


def test_what_may_not_be_looked_at_is_refused_in_words(monkeypatch):
    def refuse(self, **_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(FileError, match=r"^'x+ \.\.\.: cannot be opened \(Permission denied\). Check") as error:
        path_exists("x" * 5000)
    assert len(str(error.value)) < 600


@pytest.mark.parametrize("name", ["x" * 5000, "x/" * 3000, "x" * 300 + ".mid"])
def test_a_long_name_is_refused_with_its_beginning(name):
    for read in (lp.load, lp.NoteSequence.from_midi, load_recipe, Corpus.load, read_soundfont):
        with pytest.raises(lp.LatentPaletteError) as error:
            read(name)
        assert len(str(error.value)) < 1500, read


@pytest.mark.skipif(os.name == "nt", reason="file names are UTF-16 there")
def test_a_name_that_no_file_has_is_refused_in_words():
    with pytest.raises(FileError, match="A path is whole characters"):
        expand_path("\ud800.mid")


@pytest.mark.skipif(os.name == "nt", reason="file names are UTF-16 there")
def test_a_name_that_is_no_unicode_can_be_written_on_a_page():
    assert readable_name(os.fsdecode(b"models/mod\xe8le")) == "mod\ufffdle"
    assert readable_name(os.fsdecode("models/modèle".encode())) == "modèle"
