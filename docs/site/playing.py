"""Instruments that play on a page: the page's code is run, and what it shows is written as a page of its own."""

from __future__ import annotations

import ast
import contextlib
import html
import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import latentpalette as lp
from docs.site import markdown


def shows(code: str) -> bool:
    r"""Return True if code ends in something to see: a name, a call of `lp.show`, an item of a list.

    Examples
    --------
    >>> shows("loops = []\nloops[0]"), shows("lp.show(loops)"), shows("z.shape"), shows("loops = 1")
    (True, True, False, False)
    """
    last = ast.parse(code).body[-1]
    if not isinstance(last, ast.Expr):
        return False
    called = ast.unparse(last.value.func) if isinstance(last.value, ast.Call) else None
    return isinstance(last.value, ast.Name | ast.Subscript) or called == "lp.show"


def add_instruments(text: str, folder: Path, address: str) -> str:
    """Return a page with a frame below each block of code that shows an instrument.

    Parameters
    ----------
    text : str
        The page; its Python is run as far as the last block that shows something.
    folder : Path
        The folder for the instruments' pages.
    address : str
        The address of that folder on the site, as the page links to it: ``"../play"``.
    """
    blocks = markdown.code_blocks(text, "python")
    shown = [index for index, code in enumerate(blocks) if shows(code)]
    instruments = _run(blocks[: shown[-1] + 1] if shown else [])

    def with_frame(code: str) -> str:
        block = f"```python\n{code}```"
        if (instrument := next(instruments, None)) is None:
            return block
        path = _free_name(folder, kind_of(instrument).lower().replace(" ", "-"))
        instrument.to_html(path, title=f"{kind_of(instrument)} – latentpalette")
        return f"{block}\n\n{frame(f'{address}/{path.name}', kind_of(instrument))}"

    return markdown.replace_code(text, "python", with_frame)


def _free_name(folder: Path, stem: str) -> Path:
    """Return the first of ``stem.html``, ``stem-2.html`` ... that is not there."""
    names = (folder / f"{stem}{suffix}.html" for suffix in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(path for path in names if not path.exists())


def kind_of(instrument: object) -> str:
    """Return the kind of an instrument in words.

    Examples
    --------
    >>> kind_of(type("MelodyMixer", (), {})())
    'Melody mixer'
    """
    words = re.findall(r"[A-Z][a-z]+", type(instrument).__name__)
    return " ".join(words).capitalize()


def frame(address: str, kind: str) -> str:
    """Return the HTML of a page that plays inside another."""
    address, kind = html.escape(address), html.escape(kind)
    return (
        f'<figure class="playing playing-{kind.lower().replace(" ", "-")}">\n'
        f'<iframe src="{address}" title="{kind}, playing" loading="lazy" allow="autoplay; midi"></iframe>\n'
        f'<figcaption>It plays here. <a href="{address}">Open it in a page of its own</a></figcaption>\n'
        "</figure>"
    )


def _run(blocks: list[str]) -> Iterator[Any]:
    """Run blocks of code one after the other in an empty folder; yield what each shows that plays, or None."""
    names: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for code in blocks:
            tree = ast.parse(code)
            last = tree.body.pop() if shows(code) else None
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(tree, "page", "exec"), names)  # noqa: S102 - our own pages
                value = eval(ast.unparse(last), names) if last else None  # noqa: S307
            if isinstance(value, lp.NoteSequence):
                value = lp.show(value)
            yield value if hasattr(value, "to_html") else None
