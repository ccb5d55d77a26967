"""Bundle a widget's JavaScript modules and style sheets into the one of each that anywidget loads.

Text in, text out: no Node, no build step.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"

_IMPORT = re.compile(
    r'^import\s+\{(?P<names>[^}]*)\}\s+from\s+"(?P<path>\.{1,2}/[\w./-]+)";?[ \t]*$',
    re.MULTILINE,
)
_CSS_IMPORT = re.compile(r'^@import "(?P<path>\.{1,2}/[\w./-]+\.css)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export\s+(?P<declaration>(?:async\s+)?(?:function\*?|class|const)\s+(?P<name>[\w$]+))",
    re.MULTILINE,
)


# Lines that are comments, and the spaces that lines begin with. No module has either inside of a text of several lines.
_COMMENTS = re.compile(r"^[ \t]*(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*)\n|^[ \t]+", re.MULTILINE)


@cache
def bundle_esm(path: Path) -> str:
    """Join a module with all it imports, each once, those it needs before it.

    Each imported module becomes a function that is called once and returns its exports, so that its other names are
    its own; an import becomes a ``const`` that takes names from there. Lines of comments and indents are left out: they
    are a third of the text, which a phone would have to read. Lines stay as they are written otherwise.

    Parameters
    ----------
    path : Path
        A module whose imports are named and relative: ``import { a, b } from "./audio/x.js";``.

    Returns
    -------
    str
        One module with the exports of `path` alone.

    Raises
    ------
    ValueError
        If modules import each other in a circle: they run in order, and a circle has none.

    Examples
    --------
    >>> "export default" in bundle_esm(STATIC / "palette.js")
    True
    """
    path = path.resolve()
    bundled: dict[Path, str] = {}

    def add(module: Path, importers: tuple[Path, ...]) -> None:
        if module in bundled:
            return
        if module in importers:
            circle = " -> ".join(path.name for path in (*importers[importers.index(module) :], module))
            raise ValueError(f"Modules import each other in a circle: {circle}. Move what they share to a third.")
        source = module.read_text(encoding="utf-8")
        for match in _IMPORT.finditer(source):
            add(_target(module, match), (*importers, module))
        code = _COMMENTS.sub("", source)
        text = _IMPORT.sub(lambda match: _unpack_import(match, module, path.parent), code).strip()
        bundled[module] = text if module == path else _enclose(text, _variable(module, path.parent))

    add(path, ())
    return "\n\n".join(bundled.values()) + "\n"


def _target(module: Path, match: re.Match[str]) -> Path:
    return (module.parent / match["path"]).resolve()


def _unpack_import(match: re.Match[str], module: Path, root: Path) -> str:
    """Return the line that replaces an import."""
    return f"const {{{match['names']}}} = {_variable(_target(module, match), root)};"


def _enclose(text: str, variable: str) -> str:
    """Return a module as a function that is called once."""
    exports = ", ".join(match["name"] for match in _EXPORT.finditer(text))
    body = _EXPORT.sub(r"\g<declaration>", text)
    return f"const {variable} = (() => {{\n{body}\n\nreturn {{ {exports} }};\n}})();"


def _variable(module: Path, root: Path) -> str:
    """Return the name that holds a module's exports: ``$audio_clock`` for ``audio/clock.js``."""
    return "$" + re.sub(r"\W", "_", os.path.relpath(module.with_suffix(""), root))


@cache
def read_css(path: Path) -> str:
    """Return a style sheet, with those that it imports in the places of the imports.

    Parameters
    ----------
    path : Path
        A sheet whose imports are relative: ``@import "./view/controls.css";``.

    Examples
    --------
    >>> "@import" in read_css(STATIC / "palette.css")
    False
    """
    source = path.read_text(encoding="utf-8")
    return _CSS_IMPORT.sub(lambda match: read_css(_target(path, match)), source)
