"""A style is learned from files, and sampled from by the commands."""

from __future__ import annotations

import pytest

import latentpalette as lp
from latentpalette.errors import FileError, MidiError, TrainingError
from tests.cli.runner import failure, file_names, run_ok


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a song of 25 loops, and a tune without drums."""
    folder = tmp_path_factory.mktemp("music")
    lp.concatenate(lp.style_loops()["Bossa nova"]).save(folder / "bossa.mid")
    lp.presets("melody")["Lullaby"].save(folder / "lullaby.mid")
    return folder


@pytest.fixture(scope="module")
def learned(folder, tmp_path_factory):
    """Return the file of a style, and what the command that wrote it printed."""
    file = tmp_path_factory.mktemp("styles") / "bossa.safetensors"
    return file, run_ok("personalize", folder, "--size", 2, "--out", file)


def test_the_command_says_what_it_learned_from_and_what_it_left_out(learned):
    file, printed = learned
    assert f"wrote {file}" in printed
    assert "windows of 1 file; based on drums-2bar" in printed
    assert "lullaby.mid: nothing that drums-2bar can read" in printed


def test_the_file_is_a_model_for_the_commands(learned, tmp_path):
    run_ok("sample", "--model", learned[0], "-n", 2, "--seed", 3, "--temperature", 0.5, "--out", tmp_path)
    mine = lp.load(learned[0])
    assert (mine.name, mine.config.z_size) == ("bossa", 2)
    written = [lp.NoteSequence.from_midi(tmp_path / name) for name in file_names(tmp_path)]
    assert written == mine.sample(2, seed=3, temperature=0.5)


def test_files_that_no_model_can_read_are_an_error_with_their_reasons(folder, tmp_path):
    error = failure("personalize", folder / "lullaby.mid", "--out", tmp_path / "mine.safetensors")
    assert isinstance(error, MidiError)
    assert "lullaby.mid: nothing that drums-2bar can read" in str(error)
    assert file_names(tmp_path) == []


def test_too_little_music_is_an_error(tmp_path):
    loop = lp.presets()["Bossa"].save(tmp_path / "bossa.mid")
    error = failure("personalize", loop, "--out", tmp_path / "mine.safetensors")
    assert isinstance(error, TrainingError)
    assert "at least 16 windows" in str(error)


def test_a_file_of_another_kind_is_refused_before_anything_is_read(folder):
    error = failure("personalize", folder, "--out", folder / "mine.bin")
    assert isinstance(error, FileError)
    assert "ends in .safetensors" in str(error)
