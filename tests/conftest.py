"""Fixtures for every test: the reference material, and strictness about what is missing."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest

from tests.site.html_pages import HtmlPages

REPOSITORY = Path(__file__).resolve().parent.parent
NO_REFERENCE = "LATENTPALETTE_REFERENCE is not set: it names the folder with Magenta's reference outputs"

# The same examples every time: a failure in CI is a failure on every desk. No deadline: timing is not a law.
hypothesis.settings.register_profile("latentpalette", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("latentpalette")


def missing(what: str) -> NoReturn:
    """Skip on a desk, fail in CI: a suite that skips its way to green has shown nothing."""
    if os.environ.get("CI"):
        pytest.fail(f"CI is set, so nothing may be skipped: {what}")
    pytest.skip(what)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a run that skipped something has failed; only the reference outputs may be left unset."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = [report for report in reporter.stats.get("skipped", []) if NO_REFERENCE not in str(report.longrepr)]
    if os.environ.get("CI") and skipped and exitstatus == pytest.ExitCode.OK:
        reporter.write_line(
            f"\nCI is set, so nothing may be skipped: {', '.join(one.nodeid for one in skipped)}", red=True
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(name="missing", scope="session")
def _missing() -> Callable[[str], NoReturn]:
    return missing


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder with Magenta's reference outputs, named by ``$LATENTPALETTE_REFERENCE``.

    Without the variable the test is skipped; with a variable that names nothing, it fails.
    A relative path is meant from the root of the repository.
    """
    named = os.environ.get("LATENTPALETTE_REFERENCE")
    if not named:
        pytest.skip(NO_REFERENCE)
    folder = (REPOSITORY / named).resolve()
    if not (folder / "golden").is_dir():
        pytest.fail(f"LATENTPALETTE_REFERENCE names {named!r}, but there is no folder {folder / 'golden'}")
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> HtmlPages:
    """The documentation as a site, built once, as `make docs` builds it: a warning of Sphinx's is an error."""
    if importlib.util.find_spec("sphinx") is None:
        missing("Sphinx is not installed: make .venv/.has-docs")
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "docs.site.build", str(folder)]
    built = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return HtmlPages(folder / "html")
