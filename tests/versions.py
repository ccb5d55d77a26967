"""Check that the versions pinned in constraints.txt can be installed together on every supported Python.

Run by `make versions`, which passes on PIP_FLAGS. pip resolves on each Python found here, and installs nothing. Only
metadata is fetched, as far as the index allows: 75 MB and 25 s a Python, not the 1.6 GB of torch and CUDA.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from tests.conftest import REPOSITORY
from tests.import_graph import project

MIN_PIP = Version("25.3")  # the first whose `install --dry-run` downloads no wheel
MAX_SECONDS = 120
# Without the index, too, pip ends in ResolutionImpossible; only its warnings tell the two apart.
UNREACHABLE = re.compile(r"Retrying \(Retry\(|[Cc]onnection (error|failed|timed out)|[Rr]ead timed out")


@dataclass(frozen=True)
class Resolution:
    """The outcome for one version of Python."""

    resolves: bool | None  # None: could not be checked
    details: str


NO_INDEX = Resolution(None, "the package index could not be reached")


def supported_versions() -> list[str]:
    """The versions of Python that pyproject.toml lists, as "3.11"."""
    return re.findall(r"Programming Language :: Python :: (\d+\.\d+)", "\n".join(project()["classifiers"]))


def find_python(version: str) -> str | None:
    """An interpreter of this version: the running one, one on the path, or one of pyenv's."""
    return next((python for python in _candidates(version) if _version_of(python) == version), None)


def resolve(python: str, flags: list[str]) -> Resolution:
    """Let pip resolve the package with all its extras on `python`."""
    extras = ",".join(project()["optional-dependencies"])
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [
            *(sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "--no-input"),
            *("--retries", "1", "--timeout", "15", "install", "--dry-run", "--ignore-installed"),
            *("--use-feature", "fast-deps", "--report", str(report)),  # the index may have no metadata beside a wheel
            *("-c", "constraints.txt", "-e", f".[{extras}]", *flags),
        ]
        try:
            run = subprocess.run(
                command,
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=MAX_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Resolution(None, f"pip was not done after {MAX_SECONDS} s")
        if run.returncode == 0:
            return Resolution(True, f"{len(json.loads(report.read_text(encoding='utf-8'))['install'])} packages")
        return explain_failure(run.stdout)


def explain_failure(output: str) -> Resolution:
    """Tell pins that exclude each other from an index that could not be reached, by what pip printed."""
    if UNREACHABLE.search(output):
        return NO_INDEX
    lines = output.splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("ERROR")), 0)
    return Resolution(False, "\n".join(lines[first:]))


def main(flags: list[str]) -> int:
    """Print one line a Python; 1 where pins exclude each other on one of them."""
    pip = Version(importlib.metadata.version("pip"))
    if pip < MIN_PIP:
        print(f"Could not check: pip {pip} would download every wheel; from {MIN_PIP} on, it does not.")
        return 0
    outcomes: list[Resolution] = []
    for version in supported_versions():
        start = time.monotonic()
        if not (python := find_python(version)):
            outcome = Resolution(None, f"no python{version} found")
        elif NO_INDEX in outcomes:  # pip needs a minute to find out
            outcome = NO_INDEX
        else:
            outcome = resolve(python, flags)
        word = {True: "resolves", False: "DOES NOT RESOLVE", None: "could not check"}[outcome.resolves]
        print(f"Python {version} {word}: {outcome.details} ({time.monotonic() - start:.0f} s)", flush=True)
        outcomes.append(outcome)
    return 1 if any(outcome.resolves is False for outcome in outcomes) else 0


def _candidates(version: str) -> Iterator[str]:
    yield sys.executable
    for name in (f"python{version}", "python3", "python"):
        if found := shutil.which(name):
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True))


def _version_of(python: str) -> str | None:
    """The version as "3.11"; None where it does not run, as pyenv's shim of a version that is not selected."""
    command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return run.stdout.strip() if run.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
