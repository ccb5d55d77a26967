"""`latentpalette spotify-danceability`: fetch the danceability of songs from Spotify, for those who still may."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Annotated

import typer

from latentpalette.cli.console import console
from latentpalette.cli.song_values import SavedColumn
from latentpalette.data.spotify_values import AnswerCache, SongAnswer, fetch_danceability, read_song_requests
from latentpalette.errors import ServiceError
from latentpalette.files import write_text
from latentpalette.wording import counted

_CREDENTIALS = ("SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET")
_MAX_LISTED = 20


def spotify_danceability(
    songs: Annotated[
        Path, typer.Argument(help="A CSV with the columns song and isrc, or song, artist and title; or all of them.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The table to write, .csv or .json, a line for each song.")],
    column: Annotated[str, typer.Option(help="The column of the table to write.")] = "spotify_danceability",
    min_confidence: Annotated[
        float, typer.Option(help="Of a match by artist and title; that of an ISRC is 1.", min=0, max=1)
    ] = 0.8,
    report: Annotated[
        Path | None, typer.Option(help="A CSV to write: what was found for each song, and how sure it is.")
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(help="The file of all answers. Default: the table's name, ending in .spotify.json."),
    ] = None,
    max_wait: Annotated[
        float, typer.Option(help="The longest pause that Spotify may ask for, in seconds.", min=0, max=86_400)
    ] = 60.0,
) -> None:
    """Fetch the danceability of songs from Spotify: closed to applications made since 27 November 2024.

    They get no values, and by now most older ones do not either: use `latentpalette danceability`, which estimates it
    from the sound. For those who may: the client id and secret of the application are read from SPOTIPY_CLIENT_ID and
    SPOTIPY_CLIENT_SECRET. Needs spotipy: pip install 'latentpalette[spotify]'.

    This is the one command that uses the network. What Spotify answers is kept, so an interrupted run continues where
    it stopped. Spotify's danceability is 0 to 1, on another scale than the estimate.
    """
    from latentpalette.data.spotify import ESTIMATE, SpotifyCatalog

    requests = read_song_requests(songs)
    missing = [name for name in _CREDENTIALS if not os.environ.get(name)]
    if missing:
        raise ServiceError(
            f"Set {' and '.join(missing)} in the environment, to the client id and secret of your application at "
            f"https://developer.spotify.com/dashboard. One made since 27 November 2024 gets no danceability. {ESTIMATE}"
        )
    credentials = [os.environ[name] for name in _CREDENTIALS]
    answers = AnswerCache(out.with_suffix(".spotify.json") if cache is None else cache)
    found: list[SongAnswer] = []
    try:
        with (
            SpotifyCatalog(*credentials, max_wait=max_wait) as catalog,
            SavedColumn(out, column) as table,
            console.progress() as progress,
        ):
            task = progress.add_task("Asking Spotify", total=len(requests))
            for answer in fetch_danceability(requests, catalog, answers, min_confidence=min_confidence):
                progress.update(task, advance=1)
                table.add(answer.song, answer.value)
                found.append(answer)
    finally:
        if report is not None and found:
            _write_report(report, found)
    _print_without_value(found, min_confidence)
    console.result(f"{out}: {column} of {counted(len(table.known), 'song')}")


def _write_report(path: Path, found: list[SongAnswer]) -> None:
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["song", "track", "title", "artists", "isrc", "confidence", "danceability"])
    for answer in found:
        row: list[object] = [answer.song]
        if answer.match is not None:
            track = answer.match.track
            row += [track.id, track.title, "; ".join(track.artists), track.isrc, answer.match.confidence]
        row += [""] * (6 - len(row))
        rows.writerow([*row, "" if answer.value is None else answer.value])
    write_text(path, text.getvalue())


def _print_without_value(found: list[SongAnswer], min_confidence: float) -> None:
    without = [answer for answer in found if answer.value is None]
    for answer in without[:_MAX_LISTED]:
        if answer.match is None:
            reason = "not found"
        elif answer.match.confidence < min_confidence:
            track = answer.match.track
            nearest = f"{track.title!r} by {', '.join(track.artists)}"
            reason = f"not sure; the nearest is {nearest}, confidence {answer.match.confidence:.2f}"
        else:
            reason = "Spotify has no value"
        console.note(f"without a value: {answer.song}: {reason}")
    if len(without) > _MAX_LISTED:
        console.note(f"without a value: {len(without) - _MAX_LISTED:,} more songs; --report names them")
