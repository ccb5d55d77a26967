"""Notebooks that are executed and converted by nbconvert: every widget is a picture, with or without a network."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter
from nbconvert.preprocessors import ExecutePreprocessor

CELLS = (
    "import latentpalette as lp",
    "loops = list(lp.presets().values())[:2]\nloops[0]",
    "lp.show(loops, 'A B')",
    "lp.Palette(lp.load('drums-2bar'), size=3)",
    "import numpy as np\nlp.plots.line_chart({'up': np.arange(3.0)}, title='A chart')",
)
ALT_TEXTS = ("Piano roll: 2 bars", "2 piano rolls: A, 2 bars", "Palette: 3 by 3 loops between", "1 curve")
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The notebook as ``nbconvert --execute`` makes it, with nbconvert's default of storing the state of widgets."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    folder = tmp_path_factory.mktemp("nbconvert")
    ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(book, {"metadata": {"path": str(folder)}})
    return book


def shown(book):
    return [output for cell in book.cells for output in cell.get("outputs", []) if "data" in output]


def test_a_notebook_that_was_executed_holds_pictures_and_no_view_without_a_model(executed):
    assert len(shown(executed)) == 4
    for output in shown(executed):
        assert "image/png" in output.data
        assert VIEW not in output.data


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_every_picture_is_in_the_html(executed, template):
    html, _ = HTMLExporter(template_name=template).from_notebook_node(executed)
    assert len(re.findall(r'src="data:image/png', html)) == 4


def test_every_picture_has_its_text_alternative(executed):
    metadata = [output.metadata["image/png"]["alt"] for output in shown(executed)]
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(executed)  # "lab" writes none
    for alt, expected in zip(metadata, ALT_TEXTS, strict=True):
        assert alt.startswith(expected)
        assert f'alt="{alt}"' in html


def test_markdown_and_latex_have_the_pictures_as_files(executed):
    for exporter in (MarkdownExporter(), LatexExporter()):
        text, resources = exporter.from_notebook_node(executed)
        assert len([name for name in resources["outputs"] if name.endswith(".png")]) == 4
        assert all(name in text for name in resources["outputs"])
