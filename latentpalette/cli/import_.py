"""`latentpalette import`: convert a Magenta checkpoint to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from latentpalette.cli.console import console, plain
from latentpalette.cli.options import Float16Option
from latentpalette.errors import CheckpointError, ModelError
from latentpalette.files import is_file, is_folder, path_exists, short_path

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE


def import_(
    path: Annotated[
        Path,
        typer.Argument(
            help="A TensorFlow checkpoint (its folder, its prefix, or the .tar as published), or a magenta-js folder."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write, for every command's `--model`.")],
    config: Annotated[
        str | None, typer.Option(help="A published configuration's name, where the tensors do not show which it is.")
    ] = None,
    drum_map: Annotated[
        str | None,
        typer.Option(help="Drum map of a drum model: reduced-2018, as Magenta trained, or reduced, as today."),
    ] = None,
    fp16: Float16Option = False,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a model in the folder.")] = False,
) -> None:
    """Convert a Magenta checkpoint to a model folder."""
    from latentpalette.models import store
    from latentpalette.models.magenta.load import load_checkpoint, open_checkpoint

    _check_out(path, out, replace)
    with console.progress() as progress:
        task = progress.add_task("Reading", total=None)
        with open_checkpoint(path.expanduser()) as source:
            if source is None:
                problem = "there is no such file" if not path_exists(path) else "it is not a Magenta checkpoint"
                raise CheckpointError(
                    f"{short_path(path)}: {problem}. Give a TensorFlow checkpoint (its folder, its prefix, its .index, "
                    "or the .tar as published), or a magenta-js folder with its manifest."
                )
            model = load_checkpoint(
                source,
                config=config,
                drum_map=drum_map,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
        progress.update(task, description="Writing")
        store.save(model, out, fp16=fp16)
    _print_summary(model)
    size = sum(file.stat().st_size for file in out.iterdir() if file.is_file())
    console.result(f"{out}  ({size / 1e6:,.1f} MB; lp.load({str(out)!r}), or --model {out})")


def _check_out(path: Path, out: Path, replace: bool) -> None:
    """Raise `ModelError` if writing to `out` would overwrite a model without `replace`, or anything else."""
    if is_file(out):
        raise ModelError(f"{out}: a file is in the way; --out names a folder.")
    if not is_folder(out) or not any(out.iterdir()):
        return
    if out.resolve() in (path.resolve(), path.resolve().parent):
        raise ModelError(f"{out}: the checkpoint itself lies there. Give another folder with --out.")
    if not replace or not (out / "model.safetensors").is_file():
        hint = "Pass --replace to overwrite it." if (out / "model.safetensors").is_file() else "Give a new one."
        raise ModelError(f"{out}: the folder is not empty. {hint}")


def _print_summary(model: MusicVAE) -> None:
    """Print what was found in the checkpoint and what was assumed, as on the model card."""
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
        "weights": f"{sum(weights.numel() for weights in model.parameters()):,}",
    }.items():
        table.add_row(name, plain(value))
    console.note_table(table)
    for paragraph in model.card.strip().split("\n\n")[3:]:  # after the title, the source and the sizes
        console.note(paragraph)
