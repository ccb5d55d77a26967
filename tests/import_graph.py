"""The package's source as the architecture tests read it: modules, their imports, their static files."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "latentpalette"


@dataclass(frozen=True)
class Import:
    """One imported name: who imports it, from which line, and when it runs."""

    module: str  # the importer, without "latentpalette.": "music.sequence"
    name: str  # "latentpalette.plots.pianoroll_interactive", "torch"
    line: int
    when: str  # "at import", "in a function" or "for types"

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.name} {self.when}"

    @property
    def library(self) -> str | None:
        """The top-level package it comes from, where that is not ours."""
        top = self.name.partition(".")[0]
        return None if top == "latentpalette" else top


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module of the package, by name; the package itself is ``""``."""
    trees = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        trees[name] = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return trees


def imports() -> list[Import]:
    """Every import of the package, those inside functions and those for types included."""
    return [found for name, tree in modules().items() for found in _imports(name, tree, "at import")]


def project() -> dict:
    """The ``[project]`` table of pyproject.toml."""
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def tracked(*patterns: str) -> list[Path]:
    """The files git knows that match, or all files that match where this is no checkout."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(REPOSITORY)) for pattern in patterns for path in REPOSITORY.rglob(pattern)]
    return sorted(REPOSITORY / name for name in listed if (REPOSITORY / name).is_file())


def is_import_call(node: ast.AST) -> bool:
    """True for a call of `importlib.import_module` or `__import__`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__"))


def _imports(module: str, node: ast.AST, when: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(module, alias.name, child.lineno, when) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{module}:{child.lineno} imports relatively"
            yield from (Import(module, _full(child.module, alias.name), child.lineno, when) for alias in child.names)
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from _imports(module, child, "in a function" if when == "at import" else when)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for statement in child.body:
                yield from _imports(module, ast.Module([statement], []), "for types")
            for statement in child.orelse:
                yield from _imports(module, ast.Module([statement], []), when)
        else:
            if is_import_call(child) and isinstance(child.args[0], ast.Constant):
                yield Import(module, child.args[0].value, child.lineno, when)
            yield from _imports(module, child, when)


def _full(source: str | None, name: str) -> str:
    """`from latentpalette.plots import pianoroll` names a module, `from latentpalette.errors import MidiError` not."""
    full = f"{source}.{name}"
    is_module = full.startswith("latentpalette.") and full.removeprefix("latentpalette.") in modules()
    return full if is_module else str(source)
