"""README.md tells the truth: its code runs as it stands, its links lead somewhere."""

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

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(README) if found == language]


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> tuple[Path, nbformat.NotebookNode]:
    """The README's Python, block by block in one kernel and an empty folder, as a reader would run it."""
    folder = tmp_path_factory.mktemp("readme")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(block) for block in blocks("python")])
    client = nbclient.NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}})
    client.execute()
    return folder, book


def test_the_readme_has_code_to_run():
    assert len(blocks("python")) >= 3
    assert len(blocks("sh")) >= 1


def test_the_code_runs_without_a_word_of_complaint(session):
    _, book = session
    complaints = [
        output.text for cell in book.cells for output in cell.outputs if output.get("name", "").startswith("stderr")
    ]
    assert complaints == []


def test_every_file_that_the_code_saves_is_there(session):
    folder, _ = session
    saved = re.findall(r"\.(?:save|to_html)\(\"([^\"]+)\"\)", "".join(blocks("python")))
    assert saved
    assert [name for name in saved if not (folder / name).stat().st_size] == []


def test_every_command_of_latentpalette_runs(session):
    folder, _ = session
    commands = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("latentpalette ")]
    assert commands
    for command in commands:
        words = shlex.split(command, comments=True)[1:]
        done = subprocess.run(
            [sys.executable, "-c", "from latentpalette.cli import app; app()", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_every_make_command_exists():
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)\b", "".join(blocks("sh"))))
    assert {"lab", "test"} <= named <= targets


@pytest.mark.parametrize("target", sorted(set(LINK.findall(README))))
def test_a_link_leads_to_a_file(target):
    assert (REPOSITORY / target).exists()


def in_the_table(heading: str) -> list[str]:
    """What the first column of the table under a heading names."""
    _, _, section = README.partition(f"## {heading}\n")
    rows = re.findall(r"^\| (`[^|]+) \|", section.partition("\n## ")[0], re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_every_model_is_in_the_table_and_every_one_in_the_table_is_there():
    named, there = in_the_table("The models"), set(available().names)
    assert [name for name in named if not fnmatch.filter(there, name)] == []
    assert {name for name in there if not any(fnmatch.fnmatch(name, each) for each in named)} == set()


def test_every_folder_in_the_table_is_there():
    named = in_the_table("Where things are")
    assert named
    assert [
        name for name in named if not any((root / name).exists() for root in (REPOSITORY, REPOSITORY / "latentpalette"))
    ] == []
