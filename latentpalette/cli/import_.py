"""`latentpalette import`: a checkpoint of Magenta's to a model's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from latentpalette.cli.console import say
from latentpalette.errors import CheckpointError, ModelError

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE


def import_(
    path: Annotated[
        Path,
        typer.Argument(
            help="A TensorFlow checkpoint (its folder, its prefix, or the .tar as published), or a magenta-js folder."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write; `--model` takes it from then on.")],
    config: Annotated[
        str | None, typer.Option(help="A published configuration's name, where the tensors do not tell.")
    ] = None,
    drum_map: Annotated[
        str | None,
        typer.Option(help="Drum map of a drum model: reduced-2018, as trained, or reduced, as today."),
    ] = None,
    half: Annotated[bool, typer.Option("--half", help="Keep the weights as float16: half the size.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a model that is there already.")] = False,
) -> None:
    """Open a checkpoint of Magenta's, once, and write it as a folder that every command takes as `--model`."""
    from latentpalette.models import store
    from latentpalette.models.magenta.load import opened, read

    _check_out(path, out, replace)
    with say.progress() as bar:
        task = bar.add_task("reading", total=None)
        with opened(path.expanduser()) as source:
            if source is None:
                what = "there is no such file" if not path.exists() else "it is no checkpoint of Magenta's"
                raise CheckpointError(
                    f"{path}: {what}. Give a TensorFlow checkpoint (its folder, its prefix, its .index, or the .tar as "
                    "published), or a folder of magenta-js with its manifest."
                )
            model = read(
                source,
                config=config,
                drum_map=drum_map,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        bar.update(task, description="writing")
        store.save(model, out, half=half)
    _summary(model)
    size = sum(each.stat().st_size for each in out.iterdir() if each.is_file())
    say.done(f"{out}  ({size / 1e6:,.1f} MB; lp.load({str(out)!r}), or --model {out})")


def _check_out(path: Path, out: Path, replace: bool) -> None:
    """Nothing that is there is written over unasked, and a checkpoint never."""
    if out.is_file():
        raise ModelError(f"{out}: a file is in the way; --out names a folder.")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if out.resolve() in (path.resolve(), path.resolve().parent):
        raise ModelError(f"{out}: the checkpoint itself lies there. Give another folder with --out.")
    if not replace or not (out / "model.safetensors").is_file():
        hint = "Pass --replace to write over it." if (out / "model.safetensors").is_file() else "Give a new one."
        raise ModelError(f"{out}: the folder is not empty. {hint}")


def _summary(model: MusicVAE) -> None:
    """What was found and what had to be assumed, as in the card."""
    config = model.config
    table = Table(box=None, show_header=False, pad_edge=False)
    converter = dict(config.converter)
    for name, value in {
        "configuration": config.name,
        "representation": converter.pop("name", "arrays only") + "".join(f", {k} {v}" for k, v in converter.items()),
        "steps": f"{config.steps}",
        "z": f"{config.z_size}",
        "encoder": " + ".join(map(str, config.enc_rnn_size)) or "none",
        "decoder": " + ".join(map(str, config.dec_rnn_size)),
        "weights": f"{sum(each.numel() for each in model.parameters()):,}",
    }.items():
        table.add_row(name, escape(value))
    say.aside.print(table)
    for paragraph in model.card.strip().split("\n\n")[3:]:  # after the title, where it came from, and its sizes
        say.note(paragraph)
