from __future__ import annotations

import sys
from importlib import metadata

import pytest

from latentpalette.audio import doctor
from latentpalette.audio.doctor import Check
from latentpalette.audio.engines import fluidsynth
from latentpalette.audio.soundfont import find


def check_named(name):
    return next(check for check in doctor.run_checks() if check.name == name)


def test_everything_that_sound_and_notebooks_use_is_checked():
    names = [check.name for check in doctor.run_checks()]
    assert {
        "SoundFont",
        "FluidSynth",
        "MP3",
        "JupyterLab",
        "anywidget",
        "PyTorch",
        "Models",
        "Chromium",
    } <= set(names)


def test_every_check_has_a_detail_and_only_failed_ones_have_a_fix():
    for check in doctor.run_checks():
        assert check.detail
        assert not (check.ok and check.fix)


def test_a_missing_library_comes_with_the_command_of_this_platform(monkeypatch):
    monkeypatch.setattr(
        fluidsynth, "unavailable_reason", lambda: "The FluidSynth library is not installed; see the doctor."
    )
    monkeypatch.setattr(fluidsynth, "is_library_missing", lambda: True)
    monkeypatch.setattr(doctor, "system_install_commands", lambda: {"fluidsynth": "brew install fluid-synth"})
    check = check_named("FluidSynth")
    assert (check.ok, check.fix) == (False, "brew install fluid-synth")
    assert "own SoundFont player is used instead" in check.detail


def test_a_missing_package_is_distinguished_from_a_missing_library(monkeypatch):
    monkeypatch.setattr(
        fluidsynth,
        "unavailable_reason",
        lambda: "The package pyfluidsynth is not installed. Run: pip install pyfluidsynth",
    )
    assert check_named("FluidSynth").fix == "pip install pyfluidsynth"


def test_a_broken_soundfont_is_named(monkeypatch, tmp_path):
    (tmp_path / "mine.sf2").write_bytes(b"RIFF")
    monkeypatch.setenv(find.ENV_VAR, str(tmp_path / "mine.sf2"))
    check = check_named("SoundFont")
    assert not check.ok
    assert "mine.sf2 is not a SoundFont" in check.detail


def test_a_missing_package_comes_with_its_command(monkeypatch):
    versions = metadata.version

    def version(name):
        if name == "jupyterlab":
            raise metadata.PackageNotFoundError(name)
        return versions(name)

    monkeypatch.setattr(metadata, "version", version)
    assert check_named("JupyterLab").fix == "pip install jupyterlab"


@pytest.mark.parametrize(
    ("platform", "tools", "root", "command"),
    [
        ("linux", ["apt-get"], True, "apt-get install -y libfluidsynth3"),
        ("linux", ["apt-get"], False, "sudo apt-get install -y libfluidsynth3"),
        ("linux", ["dnf"], False, "sudo dnf install -y fluidsynth-libs"),
        ("linux", [], False, None),
        ("darwin", ["brew"], False, "brew install fluid-synth"),
        ("win32", [], False, "choco install fluidsynth"),
    ],
)
def test_each_platform_has_its_install_command(monkeypatch, tmp_path, platform, tools, root, command):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(doctor.shutil, "which", lambda tool: tool if tool in tools else None)
    monkeypatch.setattr(doctor.os, "geteuid", lambda: 0 if root else 1000, raising=False)
    assert doctor.system_install_commands().get("fluidsynth") == command


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_conda_environment_installs_with_conda(monkeypatch, tmp_path, platform):
    (tmp_path / "conda-meta").mkdir()
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert doctor.system_install_commands()["fluidsynth"] == "conda install -y -c conda-forge fluidsynth"


def test_one_command_installs_everything_missing():
    checks = [
        Check("FluidSynth", False, "", "apt-get install -y libfluidsynth3"),
        Check("MP3", True, "here"),
        Check("Chromium", False, "", "apt-get install -y chromium"),
    ]
    assert doctor.install_command(checks) == "apt-get install -y libfluidsynth3 chromium"
    assert doctor.install_command([Check("MP3", True, "here")]) == ""


def test_a_check_prints_as_a_line():
    assert str(Check("MP3", False, "players hold WAV", "pip install soundfile")) == (
        "– MP3: players hold WAV  →  pip install soundfile"
    )
