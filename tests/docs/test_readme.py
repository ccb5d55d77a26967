"""The code of README.md runs as it stands, and its links lead to files."""

from __future__ import annotations

import fnmatch
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

from latentpalette.models.store import available
from tests.conftest import REPOSITORY
from tests.docs.pages import README, code_blocks, links

TEXT = README.read_text(encoding="utf-8")
PYTHON = code_blocks(README, "python")
SHELL = code_blocks(README, "sh")


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> tuple[Path, nbformat.NotebookNode]:
    """The README's Python, block by block in one kernel and an empty folder, as a reader would run it."""
    folder = tmp_path_factory.mktemp("readme")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(block) for block in PYTHON])
    client = nbclient.NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}})
    client.execute()
    return folder, book


def test_the_readme_has_code_to_run():
    assert len(PYTHON) >= 3
    assert len(SHELL) >= 1


def test_the_code_runs_without_warnings(session):
    _, book = session
    stderr = [
        output.text for cell in book.cells for output in cell.outputs if output.get("name", "").startswith("stderr")
    ]
    assert stderr == []


def test_every_file_that_the_code_saves_exists(session):
    folder, _ = session
    saved = re.findall(r"\.(?:save|to_html)\(\"([^\"]+)\"\)", "".join(PYTHON))
    assert saved
    assert [name for name in saved if not (folder / name).stat().st_size] == []


def test_every_command_of_latentpalette_runs(session):
    folder, _ = session
    commands = [line for block in SHELL for line in block.splitlines() if line.startswith("latentpalette ")]
    assert commands
    for command in commands:
        words = shlex.split(command, comments=True)[1:]
        completed = subprocess.run(
            [sys.executable, "-c", "from latentpalette.cli import app; app()", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert completed.returncode == 0, f"{command}\n{completed.stdout}{completed.stderr}"


def test_every_make_command_exists():
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = set(re.findall(r"\bmake ([a-z-]+)\b", "".join(SHELL)))
    assert {"lab", "test"} <= used <= targets


@pytest.mark.parametrize("target", links(README))
def test_a_link_leads_to_a_file(target):
    assert (REPOSITORY / target).exists()


def names_in_table(heading: str) -> list[str]:
    """Return the names in the first column of the table under a heading."""
    _, _, section = TEXT.partition(f"## {heading}\n")
    rows = re.findall(r"^\| (`[^|]+) \|", section.partition("\n## ")[0], re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_the_table_lists_the_models_that_come_with_the_package():
    listed, shipped = names_in_table("The models"), set(available().names)
    assert [pattern for pattern in listed if not fnmatch.filter(shipped, pattern)] == []
    assert {name for name in shipped if not any(fnmatch.fnmatch(name, pattern) for pattern in listed)} == set()


def test_every_folder_in_the_table_exists():
    listed = names_in_table("Where things are")
    assert listed
    roots = (REPOSITORY, REPOSITORY / "latentpalette")
    assert [name for name in listed if not any((root / name).exists() for root in roots)] == []


def test_the_table_lists_every_package_but_none_twice():
    listed = [Path(name).name for name in names_in_table("Where things are")]
    packages = {path.parent.name for path in (REPOSITORY / "latentpalette").glob("*/__init__.py")}
    assert packages <= set(listed)
    assert len(listed) == len(set(listed))
