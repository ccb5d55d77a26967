"""Files whose drums a command replaces: all else that belongs to the file stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from latentpalette.cli.console import console
from latentpalette.cli.options import Format, format_of
from latentpalette.cli.writing import print_files, write_files, write_page
from latentpalette.errors import MidiError

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.music.score import Score
    from latentpalette.music.sequence import NoteSequence


def rewrite_drums(
    midi: Path,
    target: Path,
    model: str,
    make_drums: Callable[[MusicVAE, NoteSequence], NoteSequence],
    *,
    drums: list[str] | None,
    may_lack_drums: bool = False,
    loop: bool = False,
    plot: bool = False,
    html: Path | None = None,
) -> None:
    """Write a MIDI file with other drums, or the audio of it.

    Parameters
    ----------
    midi, target : Path
        The file that is read, and the one that is written; its suffix is its format.
    model : str
    make_drums : function
        Takes the model and the whole file as a sequence, and returns the sequence with the new drums.
    drums : list of str, optional
        The tracks that are drums.
    may_lack_drums : bool
        Whether a file without drums will do.
    loop, plot : bool
        See `latentpalette.cli.writing.write_files`.
    html : Path, optional
        A page on which the music is shown before and after.

    Raises
    ------
    MidiError
        If the file cannot be read, has no notes, or no drums.
    FileError
        If the target is of an unknown format.
    """
    file_format = format_of(target)
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=2)
        from latentpalette.models import store
        from latentpalette.music.midi import read_score
        from latentpalette.music.midi_rewrite import replace_drums
        from latentpalette.music.track_choice import TrackChoice, select_tracks

        loaded = store.load(model)
        progress.update(task, advance=1, description="Decoding")
        score = select_tracks(read_score(midi), TrackChoice(drums=drums))
        _print_notes(score, is_audio=file_format != Format.MID)
        if not len(score.is_drum):
            raise MidiError(f"{score.name}: there are no notes. Play some into it first, or choose another file.")
        if not score.is_drum.any() and not may_lack_drums:
            raise MidiError(_no_drums_message(score))
        before = score.quantize()
        result = make_drums(loaded, before)
        progress.update(task, advance=1)
        if file_format == Format.MID:
            replace_drums(midi, result, target, drums=drums)
        files = write_files(
            [result],
            [target.stem],
            target.parent,
            file_format=file_format,
            loop=loop,
            plot=plot,
            written=[target] if file_format == Format.MID else None,
        )
    print_files(files, plot=plot)
    write_page(html, [before, result], ["before", "after"])


def _print_notes(score: Score, *, is_audio: bool) -> None:
    """Print what of a file was not read as it stands, and what of it the result does not have."""
    for warning in score.warnings:
        console.note(f"{score.name}: {warning}")
    meters = [str(meter) for meter in score.time_signatures if meter.steps_per_bar != 16]
    if meters:
        console.note(f"{score.name}: in {meters[0]}; the model reads it in bars of sixteen sixteenths.")
    if is_audio and len(score.tempos) > 1:
        console.note(f"{score.name}: the tempo changes; the audio keeps the first, {score.qpm:g}.")


def _no_drums_message(score: Score) -> str:
    from latentpalette.music.track_list import describe_tracks, list_tracks

    tracks = describe_tracks(list_tracks(score)) or "no notes"
    return (
        f"{score.name}: no drums; channel 10 is empty. The file has: {tracks}. "
        "Choose the track that is the drums: --drums NUMBER or NAME."
    )
