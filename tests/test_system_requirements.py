"""Messages and installations of `make test` on different systems."""

from __future__ import annotations

import pytest

from tests import system_requirements


@pytest.fixture
def bare(monkeypatch):
    """A system where nothing is found, and where nothing may be installed."""
    monkeypatch.setattr(system_requirements, "has_chromium", lambda: False)
    monkeypatch.setattr(system_requirements, "has_firefox", lambda: False)
    monkeypatch.setattr(system_requirements, "has_fluidsynth", lambda: False)
    monkeypatch.setattr(system_requirements, "has_node", lambda: False)
    monkeypatch.setattr(system_requirements, "has_npm", lambda: False)
    monkeypatch.setattr(system_requirements, "has_clang", lambda: False)
    monkeypatch.setattr(system_requirements, "has_wasm_ld", lambda: False)
    monkeypatch.setattr(system_requirements, "may_install", lambda: False)
    monkeypatch.setattr(system_requirements.shutil, "which", lambda name: None)


def test_where_everything_is_there_nothing_is_printed(capsys):
    assert system_requirements.main() == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("platform", "command"),
    [
        ("Linux", "sudo apt install chromium firefox-esr libfluidsynth3 nodejs npm clang lld"),
        ("Darwin", "brew install --cask chromium firefox && brew install fluid-synth node llvm lld"),
        ("Windows", "choco install chromium firefox fluidsynth nodejs llvm"),
    ],
)
def test_what_is_missing_is_named_with_one_command(bare, monkeypatch, capsys, platform, command):
    monkeypatch.setattr(system_requirements.platform, "system", lambda: platform)
    assert system_requirements.main() == 1
    output = capsys.readouterr().err
    assert all(need in output for need in system_requirements.NEEDS)
    assert f"Install with:  {command}\n" in output


def test_only_what_is_missing_is_named(bare, monkeypatch, capsys):
    monkeypatch.setattr(system_requirements, "has_chromium", lambda: True)
    monkeypatch.setattr(system_requirements, "has_node", lambda: True)
    assert system_requirements.main() == 1
    output = capsys.readouterr().err
    assert "FluidSynth" in output
    assert "chromium" not in output.lower()


def test_root_on_debian_installs_what_is_missing(bare, monkeypatch):
    ran = []
    monkeypatch.setattr(system_requirements, "may_install", lambda: True)
    for there in ("firefox", "node", "npm", "clang", "wasm_ld"):
        monkeypatch.setattr(system_requirements, f"has_{there}", lambda: True)
    monkeypatch.setattr(system_requirements.subprocess, "run", lambda command, **_: ran.append(command))
    assert system_requirements.main() == 1  # for nothing is there afterwards, either
    assert ran[0][:3] == ["apt-get", "-qq", "update"]
    assert ran[1][-2:] == ["chromium", "libfluidsynth3"]


@pytest.mark.parametrize(("environment", "expected"), [({}, True), ({"CI": "true"}, False)])
def test_firefox_is_asked_for_where_its_tests_may_not_be_skipped(monkeypatch, environment, expected):
    monkeypatch.setattr(system_requirements.shutil, "which", lambda name: None)
    monkeypatch.setattr(system_requirements, "may_install", lambda: False)
    monkeypatch.setattr(system_requirements.os, "environ", environment)
    assert system_requirements.has_firefox() is expected


def test_the_firefox_of_a_snap_is_none_that_can_be_driven(monkeypatch):
    monkeypatch.setattr(system_requirements.shutil, "which", lambda name: f"/snap/bin/{name}")
    assert system_requirements.find_firefox() is None
