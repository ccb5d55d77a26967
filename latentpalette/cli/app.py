"""The command `latentpalette` and its subcommands."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from latentpalette.cli import (
    arrange,
    compose,
    constrain,
    corpus,
    danceability,
    doctor,
    evaluate,
    evaluate_constraints,
    evaluate_songs,
    extract,
    fit_prior,
    fit_songs,
    gallery,
    humanize,
    import_,
    interpolate,
    models,
    page,
    palette,
    personalize,
    sample,
    spotify,
    styles,
    train,
    whiten,
)
from latentpalette.cli.command import Command, Group, errors_in_one_line


class _App(typer.Typer):
    """An application that prints an error as one line."""

    def __call__(self, *arguments: object, **settings: object) -> object:
        with errors_in_one_line(arguments[0] if arguments else sys.argv[1:]):
            return super().__call__(*arguments, **settings)


app = _App(
    name="latentpalette",
    cls=Group,
    help="The musician's palette for latent spaces.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_COMMANDS: dict[str, Callable[..., None]] = {
    "palette": palette.palette,
    "page": page.page,
    "gallery": gallery.gallery,
    "sample": sample.sample,
    "personalize": personalize.personalize,
    "compose": compose.compose,
    "constrain": constrain.constrain,
    "interpolate": interpolate.interpolate,
    "extract": extract.extract,
    "humanize": humanize.humanize,
    "add-hihat": humanize.add_hihat,
    "tap-to-drums": humanize.tap_to_drums,
    "transfer-groove": humanize.transfer_groove,
    "concatenate": arrange.concatenate,
    "overlay": arrange.overlay,
    "transpose": arrange.transpose,
    "change-instrument": arrange.change_instrument,
    "models": models.models,
    "import": import_.import_,
    "doctor": doctor.doctor,
    "styles": styles.styles,
    "corpus": corpus.corpus,
    "danceability": danceability.danceability,
    "spotify-danceability": spotify.spotify_danceability,
    "train": train.train,
    "whiten": whiten.whiten,
    "fit-prior": fit_prior.fit_prior,
    "fit-songs": fit_songs.fit_songs,
    "evaluate": evaluate.evaluate,
    "evaluate-songs": evaluate_songs.evaluate_songs,
    "evaluate-constraints": evaluate_constraints.evaluate_constraints,
}
for _name, _command in _COMMANDS.items():
    app.command(_name, cls=Command)(_command)
