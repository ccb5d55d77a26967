"""The cases of the reference: small files of which players, composers and the format itself say what is right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


def case_names() -> list[str]:
    """Return the names of the cases; none where `$LATENTPALETTE_REFERENCE` is not set or names nothing."""
    named = os.environ.get("LATENTPALETTE_REFERENCE")
    folder = REPOSITORY / named / "cases" if named else Path(os.devnull)
    return sorted(script.parent.name for script in folder.glob("*/case.py"))


@pytest.fixture(scope="session")
def cases(reference):
    folder = reference / "cases"
    if not any(folder.glob("*/case.py")):
        pytest.fail(f"LATENTPALETTE_REFERENCE is set, but there are no cases in {folder}")
    return folder


@pytest.mark.timeout(900)  # the longest computes for half a minute
@pytest.mark.parametrize("name", case_names() or ["every case"])
def test_a_case_of_the_reference_holds(cases, name, tmp_path):
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "TMPDIR": str(temporary),
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONDONTWRITEBYTECODE": "1",  # the reference is read, never written
    }
    done = subprocess.run(
        [sys.executable, cases / name / "case.py"],
        cwd=temporary,
        env=environment,
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
