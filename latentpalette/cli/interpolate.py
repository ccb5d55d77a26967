"""`latentpalette interpolate`: interpolate between two pieces of music."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from latentpalette.cli.console import console
from latentpalette.cli.options import (
    ChordsOption,
    DrumsOption,
    Format,
    FormatOption,
    HtmlOption,
    LoopOption,
    ModelOption,
    NameOption,
    OutOption,
    PlotOption,
    SeedOption,
    TrackOption,
    parse_chords,
    parse_interpolation,
    print_simplified,
    resolve_seed,
    temperature_or_none,
    triads_of,
)
from latentpalette.cli.writing import (
    default_basename,
    numbered_names,
    print_files,
    print_left_out,
    unique_stems,
    window_filenames,
    write_files,
    write_page,
)
from latentpalette.errors import MidiError

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.windows.excerpt import Excerpt


def interpolate(
    a: Annotated[Path, typer.Argument(help="The MIDI file to start from, of one window, or a preset.")],
    b: Annotated[Path, typer.Argument(help="The MIDI file to end at, or a preset.")],
    model: ModelOption = "drums-2bar",
    n: Annotated[int, typer.Option("--n", "-n", min=2, max=10_000, help="Number of points, both ends included.")] = 5,
    bar_a: Annotated[
        int | None, typer.Option(min=1, help="Start from the window at this bar.", show_default=False)
    ] = None,
    bar_b: Annotated[int | None, typer.Option(min=1, help="End at the window at this bar.", show_default=False)] = None,
    track: TrackOption = None,
    track_b: Annotated[
        str | None, typer.Option(help="The track of the second file, if it is another.", show_default=False)
    ] = None,
    drums: DrumsOption = None,
    drums_b: Annotated[
        list[str] | None, typer.Option(help="The drums of the second file, if they are others.", show_default=False)
    ] = None,
    interpolation: Annotated[
        str | None,
        typer.Option(
            help="With a learned prior a number from 0 (musical) to 1 (smooth); else slerp (on the great circle) or "
            "lerp (straight). Default: 0.4 with a learned prior, slerp without.",
            show_default=False,
        ),
    ] = None,
    even: Annotated[
        bool,
        typer.Option("--even", help="Choose points so that the music changes by even amounts from each to the next."),
    ] = False,
    temperature: Annotated[float, typer.Option(min=0, max=5, help="Sampling temperature; 0 is arg-max.")] = 0.0,
    seed: SeedOption = None,
    chords: ChordsOption = None,
    out: OutOption = Path(),
    name: NameOption = None,
    concatenate: Annotated[
        bool, typer.Option("--concatenate", help="Also write all points, one after the other, as one file.")
    ] = False,
    file_format: FormatOption = Format.MID,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Interpolate between two MIDI files, or presets by their names.

    Each file must hold exactly one window that the model can read. If one does not, all its windows are written to
    the folder, with their bars in the names, and the command fails: choose one of them, or name its bar.
    """
    symbols = parse_chords(chords)
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=3)
        from latentpalette.models import store
        from latentpalette.music import sequence

        loaded = store.load(model)
        progress.update(task, advance=1, description="Reading")
        ends = _read_ends(
            loaded,
            {
                "a": _End(a, bar_a, track, drums),
                "b": _End(b, bar_b, track if track_b is None else track_b, drums_b or drums),
            },
            out,
            plot=plot,
        )
        progress.update(task, advance=1, description="Interpolating")
        seed = resolve_seed(seed)
        points = loaded.interpolate(
            ends[0],
            ends[1],
            n=n,
            interpolation=parse_interpolation(interpolation),
            even=even,
            temperature=temperature_or_none(temperature),
            seed=seed,
            controls=triads_of(symbols),
        )
        progress.update(task, advance=1)
        base = name or default_basename(loaded.name, "interpolate")
        files = write_files(
            points, numbered_names(base, n), out, file_format=file_format, loop=loop, plot=plot, progress=progress
        )
        if concatenate:
            joined = sequence.concatenate(points)
            files += write_files([joined], [f"{base}-joined"], out, file_format=file_format, loop=loop, plot=plot)
    print_files(files, plot=plot)
    write_page(html, points, [str(number) for number in range(1, n + 1)])
    print_simplified(symbols)
    if temperature:
        console.note(f"seed {seed}; to repeat: --seed {seed}")


class _End(NamedTuple):
    """A file to interpolate from or to, and what of it is read."""

    file: Path
    bar: int | None
    track: str | None
    drums: list[str] | None


def _read_ends(model: MusicVAE, files: dict[str, _End], out: Path, *, plot: bool) -> list[Excerpt]:
    """Return the one window of each file. Both files are read before anything is raised, so that one run shows all."""
    from latentpalette.cli.pieces import preset_or_path
    from latentpalette.models.inputs import no_windows_message

    ends: list[Excerpt] = []
    problems: list[str] = []
    stems = unique_stems([end.file for end in files.values()])
    for (letter, (file, bar, track, drums)), stem in zip(files.items(), stems, strict=True):
        excerpts = model.excerpts(preset_or_path(file), track=track, drums=drums)
        print_left_out(excerpts)
        windows = [window for window in excerpts if bar in (None, window.bar)]
        if len(windows) == 1:
            ends.append(windows[0])
        elif not excerpts:
            problems.append(no_windows_message(excerpts, model.name))
        elif not windows:
            bars = ", ".join(str(start) for start in dict.fromkeys(window.bar for window in excerpts))
            problems.append(f"{file.name}: no window begins at bar {bar}; there are some at {bars}.")
        else:
            written = write_files(windows, window_filenames(stem, windows), out, plot=plot)
            print_files(written, plot=plot)
            advice = "Give one of those files instead"
            if bar is None:
                advice += f", or name its bar: --bar-{letter} {windows[0].bar}"
            problems.append(
                f"{file.name}: {len(windows)} windows that {model.name} can read, where one is needed. They are "
                f"written to {out}, {written[0].name} to {written[-1].name}. {advice}."
            )
    if problems:
        raise MidiError("\n".join(problems))
    return ends
