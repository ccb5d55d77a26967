"""`make versions` finds each Python and reads pip's answers. Nothing here reaches the package index."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import versions
from tests.versions import Resolution

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
CONFLICT = """\
Collecting pytest-timeout>=2.3 (from latentpalette==0.1.0)
Collecting numpy>=1.26 (from latentpalette==0.1.0)
ERROR: Cannot install None because these package versions have conflicting dependencies.

The conflict is caused by:
    latentpalette 0.1.0 depends on numpy>=1.26
    The user requested (constraint) numpy==1.25.0

ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/
"""
UNREACHABLE = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by \
'NameResolutionError("HTTPSConnection(host='pypi.org', port=443): Failed to resolve 'pypi.org'")': /simple/anywidget/
ERROR: Cannot install None because these package versions have conflicting dependencies.
ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/
"""


@pytest.fixture
def pip(monkeypatch):
    """pip replaced: `pip(output, returncode)` sets what it answers; `pip.commands` is what it was asked."""

    def answer(output: str = "", returncode: int = 0, packages: int = 3) -> None:
        def run(command, **options):
            answer.commands.append(command)
            if returncode == 0:
                report = Path(command[command.index("--report") + 1])
                report.write_text(json.dumps({"install": [{}] * packages}), encoding="utf-8")
            return subprocess.CompletedProcess(command, returncode, stdout=output)

        monkeypatch.setattr(versions.subprocess, "run", run)

    answer.commands = []
    return answer


@pytest.fixture
def two_versions(monkeypatch):
    """Two supported versions, of which the machine has the first."""
    monkeypatch.setattr(versions, "supported_versions", lambda: ["3.11", "3.12"])
    monkeypatch.setattr(versions, "find_python", {"3.11": "/bin/python3.11"}.get)


def test_the_running_python_is_found():
    assert versions.find_python(HERE) == sys.executable


def test_a_version_that_is_not_installed_is_not_found():
    assert versions.find_python("3.99") is None


def test_a_shim_that_does_not_run_gives_way_to_the_interpreter_behind_it(monkeypatch, tmp_path):
    shim = tmp_path / "python3.99"
    real = tmp_path / "versions" / "3.99.1" / "bin" / "python"
    real.parent.mkdir(parents=True)
    for path, script in ((shim, "exit 127"), (real, "echo 3.99")):
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert versions.find_python("3.99") == str(real)


def test_pip_resolves_on_the_python_that_was_asked_for_and_installs_nothing(pip):
    pip(packages=187)
    assert versions.resolve("/bin/python3.12", ["--extra-index-url", "x"]) == Resolution(True, "187 packages")
    (command,) = pip.commands
    assert command[command.index("--python") + 1] == "/bin/python3.12"
    assert "--dry-run" in command
    assert command[-3:] == [".[lab,train,cluster,spotify,docs,test]", "--extra-index-url", "x"]


def test_pins_that_exclude_each_other_fail_with_pips_explanation(pip):
    pip(CONFLICT, returncode=1)
    outcome = versions.resolve(sys.executable, [])
    assert outcome.resolves is False
    assert outcome.details.startswith("ERROR: Cannot install")
    assert "(constraint) numpy==1.25.0" in outcome.details


def test_a_missing_version_fails(pip):
    pip("ERROR: No matching distribution found for torch==99\n", returncode=1)
    assert versions.resolve(sys.executable, []).resolves is False


def test_an_index_that_cannot_be_reached_is_no_failure(pip):
    pip(UNREACHABLE, returncode=1)
    assert versions.resolve(sys.executable, []) == versions.NO_INDEX


def test_an_index_that_cannot_be_reached_is_asked_once(two_versions, monkeypatch, pip):
    monkeypatch.setattr(versions, "find_python", lambda version: sys.executable)
    pip(UNREACHABLE, returncode=1)
    assert versions.main([]) == 0
    assert len(pip.commands) == 1


def test_a_pip_that_does_not_end_is_no_failure(monkeypatch):
    def run(command, timeout, **options):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(versions.subprocess, "run", run)
    assert versions.resolve(sys.executable, []) == Resolution(None, "pip was not done after 120 s")


def test_what_could_not_be_checked_is_named(two_versions, pip, capsys):
    pip()
    assert versions.main([]) == 0
    checked, unchecked = capsys.readouterr().out.splitlines()
    assert checked.startswith("Python 3.11 resolves: 3 packages")
    assert unchecked.startswith("Python 3.12 could not check: no python3.12 found")


def test_one_version_that_does_not_resolve_fails_the_whole(two_versions, pip, capsys):
    pip(CONFLICT, returncode=1)
    assert versions.main([]) == 1
    assert "Python 3.11 DOES NOT RESOLVE: ERROR: Cannot install" in capsys.readouterr().out


def test_a_pip_that_would_download_every_wheel_is_not_asked(monkeypatch, pip, capsys):
    monkeypatch.setattr(versions.importlib.metadata, "version", lambda name: "23.2.1")
    pip()
    assert versions.main([]) == 0
    assert pip.commands == []
    assert "pip 23.2.1 would download every wheel" in capsys.readouterr().out
