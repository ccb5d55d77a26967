"""JavaScript modules become the one string that anywidget loads. No bundler, no Node: a widget is built by reading."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"

_IMPORT = re.compile(r'^import\s+\{[^}]*\}\s+from\s+"(?P<name>\.{1,2}/[\w./-]+)";?\s*$', re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|class|const|let)\b)", re.MULTILINE)


@cache
def esm(path: Path) -> str:
    """Join a module with all it imports, each once, those it needs before it.

    Parameters
    ----------
    path : Path
        A module whose imports are named and relative: ``import { a, b } from "./audio/x.js";``.

    Returns
    -------
    str
        One module with the exports of `path` alone; the others have become private names of it.

    Examples
    --------
    >>> "export default" in esm(STATIC / "palette.js")
    True
    """
    seen: set[Path] = set()

    def joined(module: Path) -> list[str]:
        seen.add(module)
        source = module.read_text(encoding="utf-8")
        parts: list[str] = []
        for match in _IMPORT.finditer(source):
            child = (module.parent / match["name"]).resolve()
            if child not in seen:
                parts += joined(child)
        own = _IMPORT.sub("", source).strip()
        return [*parts, own if module == path else _EXPORT.sub("", own)]

    path = path.resolve()
    return "\n\n".join(joined(path)) + "\n"


@cache
def css(path: Path) -> str:
    """The text of a style sheet."""
    return path.read_text(encoding="utf-8")
