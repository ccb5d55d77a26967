"""docs/api.md lists all public names; notebooks and pages use no others."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

import latentpalette as lp
from docs import api
from tests.docs.pages import CARDS, NOTEBOOKS, PAGES, code_blocks

PUBLIC_PACKAGES = {"data", "errors", "evaluation", "latent", "plots", "training"}


def code_of(path: Path) -> list[str]:
    """Return the Python of a page or a notebook."""
    if path.suffix != ".ipynb":
        return code_blocks(path, "python")
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code" and not cell.source.lstrip().startswith("%")]


def imports_of(code: str) -> set[str]:
    """Return what code imports from latentpalette, each name in full: ``"latentpalette.plots.latent_map"``."""
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.partition(".")[0] == "latentpalette"}


def resolve(name: str) -> object:
    """Return what a dotted name below ``lp`` stands for, public names alone."""
    value: object = lp
    for part in name.split("."):
        if part not in getattr(value, "__all__", dir(value)):
            raise AttributeError(f"{name}: {part} is not public")
        value = getattr(value, part)
    return value


def test_the_page_lists_every_public_name_with_its_summary():
    assert api.PAGE.read_text(encoding="utf-8") == api.render(), "write it again with: python -m docs.api"


def test_the_page_has_a_section_for_each_public_package():
    assert set(api.public_modules()) == {"lp", *(f"lp.{name}" for name in PUBLIC_PACKAGES)}


def test_every_public_name_has_a_summary_of_one_sentence():
    for module in api.public_modules().values():
        for name in api.public_names(module):
            assert re.fullmatch(r"[A-Z`].*\.", api.summary(getattr(module, name))), name


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES, *CARDS], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_code_imports_public_names_only(path):
    for code in code_of(path):
        for name in imports_of(code) - {"latentpalette"}:
            resolve(name.removeprefix("latentpalette."))
            assert name.count(".") == 1 or name.split(".")[1] in PUBLIC_PACKAGES, f"{name} is private"


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_public_name_in_code_and_prose_exists(path):
    text = path.read_text(encoding="utf-8")
    names = set(re.findall(r"\blp\.(\w+(?:\.\w+)?)", text))
    for name in names:
        first, _, second = name.partition(".")
        resolve(name if second and first in PUBLIC_PACKAGES else first)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("from latentpalette.plots.curves import line_chart", "curves is not public"),
        ("import latentpalette.training.trainer", "trainer is not public"),
        ("from latentpalette.models import store", "models is not public"),
    ],
)
def test_a_private_path_is_found(code, message):
    (name,) = imports_of(code)
    with pytest.raises(AttributeError, match=message):
        resolve(name.removeprefix("latentpalette."))
