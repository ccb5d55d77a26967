"""The command `latentpalette` and its commands."""

from __future__ import annotations

import sys

import typer

from latentpalette.cli import (
    corpus,
    doctor,
    evaluate,
    extract,
    humanize,
    import_,
    interpolate,
    models,
    palette,
    sample,
    train,
    whiten,
)
from latentpalette.cli.console import say
from latentpalette.errors import LatentPaletteError


class _Latentpalette(typer.Typer):
    """Tells a mistake in one line; only a defect of ours gives a traceback."""

    def __call__(self, *arguments: object, **settings: object) -> object:
        try:
            return super().__call__(*arguments, **settings)
        except LatentPaletteError as error:
            say.error(str(error))
            sys.exit(1)


app = _Latentpalette(
    name="latentpalette",
    help="The musician's palette for latent spaces.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("palette")(palette.palette)
app.command("sample")(sample.sample)
app.command("interpolate")(interpolate.interpolate)
app.command("extract")(extract.extract)
app.command("humanize")(humanize.humanize)
app.command("models")(models.models)
app.command("import")(import_.import_)
app.command("doctor")(doctor.doctor)
app.command("corpus")(corpus.corpus)
app.command("train")(train.train)
app.command("whiten")(whiten.whiten)
app.command("evaluate")(evaluate.evaluate)
