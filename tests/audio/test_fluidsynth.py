from __future__ import annotations

import ctypes.util
import importlib
import os
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from latentpalette.audio import synth
from latentpalette.audio.engines import fluidsynth
from latentpalette.errors import SoundError
from latentpalette.music.sequence import Note, NoteSequence


@pytest.fixture
def no_library(monkeypatch, tmp_path):
    """A machine without the FluidSynth library."""
    monkeypatch.delenv(fluidsynth.ENV_VAR, raising=False)
    monkeypatch.delitem(sys.modules, "fluidsynth", raising=False)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(fluidsynth, "_system_library", lambda: None)


def test_without_the_library_there_is_a_reason_and_no_error_at_import(no_library):
    assert "is not installed" in fluidsynth.unavailable_reason()
    assert fluidsynth.is_library_missing()
    with pytest.raises(SoundError, match="latentpalette doctor"):
        fluidsynth.render([], 0, None)


def test_the_variable_names_the_library(no_library, monkeypatch, tmp_path):
    library = tmp_path / "my_fluidsynth.so"
    library.write_bytes(b"not a library")
    monkeypatch.setenv(fluidsynth.ENV_VAR, str(library))
    assert fluidsynth.library_path() == str(library)
    assert f"The FluidSynth library {library} cannot be loaded" in fluidsynth.unavailable_reason()
    assert not fluidsynth.is_library_missing()


def test_a_variable_that_names_no_file_is_a_reason(no_library, monkeypatch):
    monkeypatch.setenv(fluidsynth.ENV_VAR, "/nowhere/libfluidsynth.so")
    assert "names '/nowhere/libfluidsynth.so', but there is no such file" in fluidsynth.unavailable_reason()


def test_a_library_in_the_environment_of_this_python_is_found_first(no_library, monkeypatch, tmp_path):
    (tmp_path / "lib").mkdir()
    library = tmp_path / "lib" / "libfluidsynth.so.3"
    library.touch()
    monkeypatch.setattr(fluidsynth, "_system_library", lambda: "the system's")
    assert fluidsynth.library_path() == str(library)


def test_homebrews_library_is_found(no_library, monkeypatch, tmp_path):
    home = tmp_path / "homebrew"
    library = home / "lib" / "libfluidsynth.3.dylib"
    library.parent.mkdir(parents=True)
    library.touch()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOMEBREW_PREFIX", str(home))
    assert fluidsynth.library_path() == str(library)


def test_the_other_package_of_the_same_name_is_recognized(monkeypatch):
    monkeypatch.setitem(sys.modules, "fluidsynth", types.ModuleType("fluidsynth"))
    assert "pip uninstall fluidsynth && pip install" in fluidsynth.unavailable_reason()


def test_a_missing_pyfluidsynth_is_distinguished_from_a_missing_library(no_library, monkeypatch):
    def raise_not_found(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(fluidsynth, "_system_library", lambda: "libfluidsynth.so.3")
    monkeypatch.setattr(importlib, "import_module", raise_not_found)
    assert fluidsynth.unavailable_reason() == "The package pyfluidsynth is not installed. Run: pip install pyfluidsynth"


def test_searching_for_the_library_leaves_the_process_unchanged(no_library, monkeypatch, tmp_path):
    monkeypatch.setenv("CI", "yes")
    library = tmp_path / "broken.so"
    library.touch()
    monkeypatch.setenv(fluidsynth.ENV_VAR, str(library))
    find_library = ctypes.util.find_library
    assert fluidsynth.unavailable_reason()
    assert os.environ["CI"] == "yes"
    assert ctypes.util.find_library is find_library
    assert "fluidsynth" not in sys.modules


def test_importing_and_rendering_prints_nothing_even_where_ci_is_set(missing):
    if fluidsynth.unavailable_reason():
        missing(fluidsynth.unavailable_reason())
    code = (
        "from latentpalette.music.sequence import NoteSequence\n"
        "NoteSequence.from_steps({'kick': [0]}, steps=4).sound(engine='fluidsynth')\n"
    )
    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env={**os.environ, "CI": "true"}, check=True
    )
    assert (completed.stdout, completed.stderr) == (b"", b"")


def test_importing_the_package_searches_for_nothing():
    code = (
        "import sys, latentpalette.audio.synth\n"
        "assert not {'fluidsynth', 'soundfile', 'pretty_midi'} & set(sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stderr == b""


def test_threads_have_a_synthesizer_one_after_the_other(monkeypatch):
    make = fluidsynth._synthesizer
    present = most = 0

    @contextmanager
    def counted(*arguments, **settings):
        nonlocal present, most
        present += 1
        most = max(most, present)
        with make(*arguments, **settings) as made:
            yield made
        present -= 1

    monkeypatch.setattr(fluidsynth, "_synthesizer", counted)
    tunes = [NoteSequence([Note(pitch, step) for step in range(0, 32, 2)], steps=32) for pitch in range(60, 68)]
    with ThreadPoolExecutor(4) as pool:
        sounds = list(pool.map(lambda tune: synth.render(tune, engine="fluidsynth"), tunes))
    assert len(sounds) == 8
    assert most == 1
