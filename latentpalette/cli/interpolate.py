"""`latentpalette interpolate`: from one piece of music to another."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from latentpalette.cli.console import say
from latentpalette.cli.options import As, Chords, Format, Model, Name, Out, Plot, Seed, named_chords, seeded, warmth
from latentpalette.cli.writing import by_bars, numbered, stamped, stems, tell, tell_left_out, write
from latentpalette.errors import MidiError

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE
    from latentpalette.windows.common import Excerpt


class Walk(str, Enum):
    """The way between two places."""

    SLERP = "slerp"
    LERP = "lerp"


def interpolate(
    a: Annotated[Path, typer.Argument(help="The MIDI file to start from: one window of the model's length.")],
    b: Annotated[Path, typer.Argument(help="The MIDI file to arrive at.")],
    model: Model = "drums-2bar",
    n: Annotated[int, typer.Option("--n", "-n", min=2, max=10_000, help="How many, both ends included.")] = 5,
    bar_a: Annotated[
        int | None, typer.Option(min=1, help="Start from the window at this bar.", show_default=False)
    ] = None,
    bar_b: Annotated[
        int | None, typer.Option(min=1, help="Arrive at the window at this bar.", show_default=False)
    ] = None,
    walk: Annotated[Walk, typer.Option(help="On the great circle, or straight.")] = Walk.SLERP,
    temperature: Annotated[float, typer.Option(min=0, max=5, help="0 takes the likeliest throughout.")] = 0.0,
    seed: Seed = None,
    chords: Chords = None,
    out: Out = Path(),
    name: Name = None,
    joined: Annotated[bool, typer.Option("--joined", help="Write the whole walk as one file, too.")] = False,
    form: As = Format.MID,
    plot: Plot = False,
) -> None:
    """Walk from one MIDI file to another, by way of music in between.

    Each file is to hold exactly one window that the model can read. If one does not, all its windows are written to
    the folder, with their bars in the names, and the command fails: choose one, or name its bar.
    """
    with say.progress() as progress:
        task = progress.add_task("Loading the model", total=3)
        from latentpalette.models import store
        from latentpalette.music.sequence import concatenate

        loaded = store.load(model)
        progress.update(task, advance=1, description="Reading")
        ends = _ends(loaded, {"a": (a, bar_a), "b": (b, bar_b)}, out, plot=plot)
        progress.update(task, advance=1, description="Walking")
        seed = seeded(seed)
        music = loaded.interpolate(
            ends[0],
            ends[1],
            steps=n,
            walk=walk.value,
            temperature=warmth(temperature),
            seed=seed,
            controls=named_chords(chords),
        )
        progress.update(task, advance=1)
        base = name or stamped(loaded.name, "interpolate")
        files = write(music, numbered(base, n), out, form=form, plot=plot, bar=progress)
        if joined:
            files += write([concatenate(music)], [f"{base}-joined"], out, form=form, plot=plot)
    tell(files, plot=plot)
    if temperature:
        say.note(f"seed {seed}; the same again: --seed {seed}")


def _ends(model: MusicVAE, files: dict[str, tuple[Path, int | None]], out: Path, *, plot: bool) -> list[Excerpt]:
    """The one window of each file. Both are looked at before anything is said, so that one call shows it all."""
    from latentpalette.models.inputs import nothing

    ends: list[Excerpt] = []
    problems: list[str] = []
    called = stems([file for file, _ in files.values()])
    for (letter, (file, wanted)), stem in zip(files.items(), called, strict=True):
        found = model.excerpts(file)
        tell_left_out(found)
        chosen = [window for window in found if wanted in (None, window.bar)]
        if len(chosen) == 1:
            ends.append(chosen[0])
        elif not found:
            problems.append(nothing(found, model.name))
        elif not chosen:
            bars = ", ".join(str(bar) for bar in dict.fromkeys(window.bar for window in found))
            problems.append(f"{file.name}: no window begins at bar {wanted}; there are some at {bars}.")
        else:
            written = write(chosen, by_bars(stem, chosen), out, plot=plot)
            tell(written, plot=plot)
            how = "Give one of those files instead"
            if wanted is None:
                how += f", or name its bar: --bar-{letter} {chosen[0].bar}"
            problems.append(
                f"{file.name}: {len(chosen)} windows that {model.name} can read, where one is needed. They are written "
                f"to {out}, {written[0].name} to {written[-1].name}. {how}."
            )
    if problems:
        raise MidiError("\n".join(problems))
    return ends
