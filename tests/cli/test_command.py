"""What all commands have in common: ~, printable names, and one line for an error."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import typer.main

from latentpalette.cli import command, sample
from latentpalette.cli.app import app
from latentpalette.cli.command import Command, path_parameters
from latentpalette.cli.console import printable
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from tests.cli.runner import file_names, run_ok

COMMANDS = typer.main.get_command(app).commands
ROOT = Path(__file__).parents[2]
HOSTILE = "a\x1b[31m\x1b]0;title\x07[red]b[/red]:x:\u202egnp.mid"
LOOP = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_expands_its_paths(name):
    assert isinstance(COMMANDS[name], Command)


def test_the_parameters_that_are_paths_are_known_by_their_type():
    assert path_parameters(COMMANDS["palette"].callback) == ["midi", "html", "midi_out"]
    assert path_parameters(COMMANDS["sample"].callback) == ["out", "html"]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    midi.write(LOOP, tmp_path / "home" / "loop.mid")
    return tmp_path / "home"


def test_a_tilde_is_the_home_folder_for_files_that_are_read_and_written(home):
    run_ok("extract", "~/loop.mid", "--out=~/windows", "--plot")
    run_ok("sample", "-n", 1, "-o", "~/samples", "--name", "a", "--seed", 1)
    run_ok("interpolate", "~/loop.mid", "~/loop.mid", "-n", 2, "--out", "~/walk")
    run_ok("palette", "~/loop.mid", "--html=~/page.html", "--midi-out", "~/cells", "--size", 3)
    run_ok("corpus", "~/loop.mid", "--out=~/corpus.npz", "--workers", 0, "--validation", 1)
    assert file_names(Path.cwd()) == []
    assert set(file_names(home)) >= {"cells", "corpus.npz", "loop.mid", "page.html", "samples", "walk", "windows"}


def printed(capsys, *arguments) -> str:
    """Run a command as from a shell; return all that it printed."""
    try:
        app([str(argument) for argument in arguments])
    except SystemExit as end:
        code = end.code
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return f"{code} {captured.out}{captured.err}"


@pytest.fixture
def hostile(tmp_path):
    return midi.write(LOOP, tmp_path / HOSTILE)


ON_A_FILE = {
    "extract": lambda file, folder: ["extract", file, "--out", folder / "out"],
    "humanize": lambda file, folder: ["humanize", file],
    "interpolate": lambda file, folder: [
        "interpolate",
        file,
        file,
        "--out",
        folder,
        "--name",
        HOSTILE.removesuffix(".mid"),
    ],
    "palette": lambda file, folder: ["palette", file, "--html", folder / HOSTILE.replace(".mid", ".html"), "--size", 3],
    "sample": lambda file, folder: ["sample", "-n", 1, "--out", folder / HOSTILE],
    "import": lambda file, folder: ["import", file, "--out", folder / "model"],
    "corpus": lambda file, folder: ["corpus", file, "--out", folder / "c.npz", "--workers", 0],
    "train": lambda file, folder: ["train", "--corpus", file, "--out", folder / "run"],
    "whiten": lambda file, folder: ["whiten", "--model", file, "--corpus", file, "--out", folder / "model"],
    "evaluate": lambda file, folder: ["evaluate", "--model", file, "--midi", file],
    "an unknown command": lambda file, folder: [file.name],
    "an unknown option": lambda file, folder: ["sample", f"--{file.name}"],
    "a wrong value": lambda file, folder: ["sample", "-n", file.name],
}


@pytest.mark.parametrize("name", ON_A_FILE)
def test_names_cannot_move_the_cursor_or_color_the_terminal(name, hostile, tmp_path, capsys):
    text = printed(capsys, *ON_A_FILE[name](hostile, tmp_path))
    assert not any(character in text for character in "\x1b\x07\u202e\r")


def test_markup_and_emoji_codes_in_names_stay_as_they_are(hostile, tmp_path, capsys):
    text = printed(capsys, "extract", tmp_path / f"missing {HOSTILE}", "--out", tmp_path)
    assert "missing a\\x1b[31m\\x1b]0;title\\x07[red]b[/red]:x:\\u202egnp.mid" in text.replace("\n", "")


@pytest.mark.parametrize("text", ["Übung – ♭.mid", "two\nlines\tand a tab", "עברית.mid", "日本.mid", ""])
def test_text_of_any_language_stays_as_it_is(text):
    assert printable(text) == text


def test_a_name_that_is_no_unicode_is_printable():
    assert printable(os.fsdecode(b"caf\xe9.mid")) == "caf\\udce9.mid"


def fail_with(error, monkeypatch):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(sample, "default_basename", fail)
    return ["sample", "-n", 1, "--seed", 1]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyError("x"), "KeyError: 'x'. This is a defect of latentpalette; please report it"),
        (RuntimeError(""), "RuntimeError. This is a defect"),
        (MemoryError(), "There is not enough memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "There is not enough memory"),
        (ImportError("libtorch_cpu.so: failed to map segment from shared object"), "There is not enough memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: 8 bytes"), "There is not enough memory"),
        (SystemError("error return without exception set"), "SystemError: error return without exception set. This is"),
        (PermissionError(13, "Permission denied", "a.mid"), "a.mid: Permission denied."),
    ],
)
def test_any_error_is_one_line(error, message, monkeypatch, capsys):
    text = printed(capsys, *fail_with(error, monkeypatch))
    assert text.startswith("1 ")
    assert f"error: {message}" in text


def test_a_traceback_is_there_for_those_who_ask(monkeypatch, capsys):
    monkeypatch.setenv("LATENTPALETTE_TRACEBACK", "1")
    with pytest.raises(SystemExit):
        app([str(argument) for argument in fail_with(KeyError("x"), monkeypatch)])
    assert "Traceback" in capsys.readouterr().err


def test_a_warning_is_a_note(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with command.errors_in_one_line():
            warnings.warn("the KL has collapsed", stacklevel=1)
    assert capsys.readouterr().err == "warning: the KL has collapsed\n"


def test_an_interrupt_while_the_libraries_load_is_no_traceback(tmp_path):
    # A module of another library, found first, that is interrupted as it loads.
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    ended = subprocess.run(
        [sys.executable, "-m", "latentpalette", "models"], check=False, env=environment, capture_output=True
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
def test_a_limit_that_pytorch_does_not_fit_is_named():
    limited = "import resource, runpy; resource.setrlimit(resource.RLIMIT_AS, (350_000_000,) * 2); "
    run = "import sys; sys.argv[1:] = ['sample']; runpy.run_module('latentpalette', run_name='__main__')"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", limited + run], check=False, env=environment, capture_output=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        b"error: There is not enough memory for this. The process may use 350 MB (ulimit -v)"
    )


def test_names_are_written_in_a_locale_of_ascii(tmp_path):
    song = midi.write(LOOP, tmp_path / "ü" / "日本.mid")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    extract = [sys.executable, "-m", "latentpalette", "extract", "--out", tmp_path / "Übung"]
    for source in (song, song.parent):  # named, and found in a folder
        ended = subprocess.run([*extract, source], check=False, env=environment, capture_output=True)
        assert (ended.returncode, ended.stderr) == (0, b"")
    assert [path.name for path in (tmp_path / "Übung").iterdir()] == ["日本_bars-1-2.mid"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_what_the_terminal_cannot_show_is_printed_as_escapes(tmp_path, encoding):
    song = midi.write(LOOP, tmp_path / "日本.mid")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "latentpalette", "extract", song, "gone 日本.mid", "--out", tmp_path]
    ended = subprocess.run(command, check=False, env=environment, capture_output=True)
    assert ended.returncode == 1
    assert rb"\u65e5\u672c_bars-1-2.mid" in ended.stdout
    assert ended.stderr.startswith(rb"error: gone \u65e5\u672c.mid: no such file.")
    assert (tmp_path / "日本_bars-1-2.mid").exists()


def test_a_folder_that_was_removed_is_no_place_to_run_in(tmp_path, capsys, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "error: The current folder has been removed." in printed(capsys, "models")


def test_a_pipe_is_named_as_one(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe")
    assert "pipe: a pipe or a device, not a file." in printed(capsys, "humanize", tmp_path / "pipe")
    text = printed(capsys, "train", "--corpus", tmp_path / "pipe", "--out", tmp_path / "run")
    assert "pipe: not a corpus but a folder, a pipe or a device." in text
