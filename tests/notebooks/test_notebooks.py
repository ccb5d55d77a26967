"""The notebooks as they are stored: executed, small, without widget state. nbval tests that they run."""

from __future__ import annotations

import ast
import json
import sys

import nbformat
import pytest

from tests.conftest import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def book(path):
    return nbformat.read(path, as_version=4)


def code_cells(book):
    return [cell for cell in book.cells if cell.cell_type == "code" and cell.source.strip()]


def outputs(book):
    return [output for cell in code_cells(book) for output in cell.outputs]


def test_the_first_notebook_exists():
    assert "01_first_palette" in {path.stem for path in NOTEBOOKS}


def test_it_is_a_valid_notebook(book):
    assert nbformat.validator.isvalid(nbformat.from_dict(book))


def test_it_is_smaller_than_a_megabyte(path):
    assert path.stat().st_size < 1_000_000


def test_each_output_is_smaller_than_200_kilobytes(book):
    assert max(len(json.dumps(output)) for output in outputs(book)) < 200_000


def test_it_keeps_no_widget_state(book):
    assert "widgets" not in book.metadata  # GitHub refuses malformed state, and a stale view shows nothing


def test_it_was_run_from_top_to_bottom(book):
    assert [cell.execution_count for cell in code_cells(book)] == list(range(1, len(code_cells(book)) + 1))


def test_it_ran_without_errors_and_warnings(book):
    kinds = [output.output_type for output in outputs(book)]
    assert "error" not in kinds
    assert [output.text for output in outputs(book) if output.get("name") == "stderr"] == []


def test_a_widget_is_stored_as_a_picture_alone(book):
    # JupyterLab says "model not found" for a view whose model no kernel has.
    stored = [output.data for output in outputs(book) if "data" in output]
    assert [data for data in stored if WIDGET in data] == []
    shown = [data for data in stored if "PianoRolls(" in data["text/plain"] or "Palette(" in data["text/plain"]]
    assert all("image/png" in data and "text/html" not in data for data in shown)


def test_it_imports_latentpalette_and_little_else(book):
    names = set()
    for cell in code_cells(book):
        if not cell.source.lstrip().startswith("%"):
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    names.add(node.module.partition(".")[0])
    assert names - sys.stdlib_module_names <= {"latentpalette", "numpy"}


def test_it_begins_with_words(book):
    assert book.cells[0].cell_type == "markdown"
    assert book.cells[0].source.startswith("# ")
