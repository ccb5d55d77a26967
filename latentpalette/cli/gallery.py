"""`latentpalette gallery`: write a static site with an instrument on each model, which plays without Python."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console


def gallery(
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder of the site.")] = Path("site"),
    model: Annotated[
        list[str] | None,
        typer.Option(help="A model of the shelf; give it again for more. Default: all.", show_default=False),
    ] = None,
) -> None:
    """Write a site that plays anywhere: a page for each model of the shelf and each instrument, and an index.

    Pages share the weights of a model. Nothing is fetched from the network: the folder opens from disk, and from any
    static host.
    """
    from latentpalette.widgets.gallery import write_gallery

    pages = write_gallery(out, model)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    console.result(f"{pages[0]}  ({len(pages) - 1} pages, {size / 1e6:,.0f} MB; open it in a browser)")
