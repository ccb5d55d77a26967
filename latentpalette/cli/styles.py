"""`latentpalette styles`: write the drum loops of twelve styles as MIDI files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console

LICENSE = (
    "These loops are part of latentpalette, under the Apache License 2.0: https://www.apache.org/licenses/LICENSE-2.0\n"
)


def styles(
    out: Annotated[Path, typer.Argument(help="The folder to write to.")],
) -> None:
    """Write drum loops of twelve styles as MIDI files: twenty-five variations of each, and a table of them.

    `latentpalette corpus` reads the folder; its info.csv names the variations that are kept aside in training.
    """
    from latentpalette.files import write_text
    from latentpalette.music.styles import MAX_LEVEL, STYLES, is_held_out, style_loop

    rows = ["midi_filename,style,cymbals,drums,split"]
    for style in STYLES:
        folder = style.lower().replace(" ", "-")
        for cymbals in range(MAX_LEVEL + 1):
            for drums in range(MAX_LEVEL + 1):
                name = f"{folder}/{folder}_cymbals-{cymbals}_drums-{drums}.mid"
                split = "validation" if is_held_out(style, cymbals=cymbals, drums=drums) else "train"
                style_loop(style, cymbals=cymbals, drums=drums).save(out / name)
                rows.append(f"{name},{style},{cymbals},{drums},{split}")
    write_text(out / "info.csv", "\n".join(rows) + "\n")
    write_text(out / "LICENSE.txt", LICENSE)
    console.result(f"{out}: {len(rows) - 1} loops of {len(STYLES)} styles")
