"""The widgets' JavaScript and CSS: plain modules that join into one string, and nothing from elsewhere."""

from __future__ import annotations

import graphlib
import re
from pathlib import Path

import pytest

from tests.import_graph import PACKAGE

STATIC = PACKAGE / "widgets" / "static"
SCRIPTS = sorted(STATIC.rglob("*.js"))
FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())

IMPORT = re.compile(r'^import \{ ([\w$, ]+) \} from "(\.{1,2}/[\w./-]+\.js)";$')
EXPORT = re.compile(r"^export (?:async )?(?:function\*?|class|const) ([\w$]+)", re.MULTILINE)
# Each may import from itself and from those before it.
FOLDERS = ("audio", "state", "engine/converters", "files", "engine", "view")


def name_of(path: Path) -> str:
    return path.relative_to(STATIC).as_posix()


def folder_of(path: Path) -> str:
    """The folder of `FOLDERS` that a script is in."""
    parts = path.relative_to(STATIC).parts
    return "/".join(parts[:2]) if "/".join(parts[:2]) in FOLDERS else parts[0]


def imported_by(path: Path) -> list[Path]:
    """The modules that a script imports."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(path.parent / found[2]).resolve() for line in lines if (found := IMPORT.match(line))]


def test_there_are_scripts_and_styles():
    assert {path.suffix for path in FILES} >= {".js", ".css"}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_static_file_names_no_outside_address(path):
    text = path.read_text(encoding="latin-1")  # of a built file, the text in it
    assert "http" not in text
    assert re.search(r"url\(\s*['\"]?//|@import\s+(?:url|['\"](?!\.\.?/))", text) is None


def test_a_style_sheet_imports_those_that_are_there():
    for path in STATIC.rglob("*.css"):
        for name in re.findall(r'^@import "(.*)";$', path.read_text(encoding="utf-8"), re.MULTILINE):
            assert (path.parent / name).is_file(), name


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_imports_are_named_and_lead_to_what_is_exported(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if re.match(r"import\b", line):
            found = IMPORT.match(line)
            assert found, f"not of the form that bundle.py joins: {line}"
            source = (path.parent / found[2]).resolve()
            assert source.is_file(), line
            exported = set(EXPORT.findall(source.read_text(encoding="utf-8")))
            assert {name.strip() for name in found[1].split(",")} <= exported, line


def test_every_folder_of_scripts_has_its_place_in_the_order():
    assert {folder_of(path) for path in STATIC.glob("*/**/*.js")} == set(FOLDERS)


@pytest.mark.parametrize("path", sorted(STATIC.glob("*/**/*.js")), ids=name_of)
def test_a_script_imports_from_its_own_folder_and_from_those_before_it(path):
    own = FOLDERS.index(folder_of(path))
    folders = {folder_of(found) for found in imported_by(path)}
    assert folders <= set(FOLDERS[: own + 1])


def test_no_script_imports_itself_by_way_of_others():
    order = graphlib.TopologicalSorter({path: imported_by(path) for path in SCRIPTS})
    assert set(order.static_order()) == set(SCRIPTS)  # a circle raises CycleError


@pytest.mark.parametrize("path", sorted(STATIC.glob("*/**/*.js")), ids=name_of)
def test_a_shared_module_exports_names_only(path):
    assert re.search(r"^export (default|\{|\*)", path.read_text(encoding="utf-8"), re.MULTILINE) is None


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_what_a_script_exports_never_changes(path):
    assert re.search(r"^export (?:let|var)\b", path.read_text(encoding="utf-8"), re.MULTILINE) is None


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_runs_no_text_as_code(path):
    text = path.read_text(encoding="utf-8")
    assert re.search(r"\beval\(|new Function\(|document\.write|\bimport\(", text) is None
