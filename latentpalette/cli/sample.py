"""`latentpalette sample`: sample music from a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from latentpalette.cli.asked_options import takes_asked
from latentpalette.cli.console import console
from latentpalette.cli.options import (
    BestOfOption,
    ChordsOption,
    Format,
    FormatOption,
    GibbsStepsOption,
    GuidanceOption,
    HtmlOption,
    LoopOption,
    ModelOption,
    NameOption,
    OutOption,
    PlotOption,
    SeedOption,
    TemperatureOption,
    parse_chords,
    print_simplified,
    resolve_seed,
    temperature_or_none,
    triads_of,
)
from latentpalette.cli.writing import default_basename, numbered_names, print_files, write_files, write_page


@takes_asked
def sample(
    model: ModelOption = "drums-2bar",
    n: Annotated[int, typer.Option("--n", "-n", min=1, max=10_000, help="Number of samples.")] = 5,
    temperature: TemperatureOption = 0.5,
    gibbs_steps: GibbsStepsOption = None,
    best_of: BestOfOption = 1,
    seed: SeedOption = None,
    qpm: Annotated[float, typer.Option(min=20, max=400, help="Tempo in quarter notes per minute.")] = 120.0,
    chords: ChordsOption = None,
    asked: dict[str, Any] | None = None,
    guidance: GuidanceOption = None,
    out: OutOption = Path(),
    name: NameOption = None,
    file_format: FormatOption = Format.MID,
    loop: LoopOption = False,
    plot: PlotOption = False,
    html: HtmlOption = None,
) -> None:
    """Sample music from a model.

    A model that takes conditions can be asked for some: --style, --density and so on. An error lists which ones it
    takes, with their values.
    """
    given = dict(asked or {}) | ({} if guidance is None else {"guidance": guidance})
    seed = resolve_seed(seed)
    symbols = parse_chords(chords)
    with console.progress() as progress:
        task = progress.add_task("Loading the model", total=2)
        from latentpalette.models import store

        loaded = store.load(model)
        progress.update(task, advance=1, description="Sampling")
        samples = loaded.sample(
            n,
            temperature=temperature_or_none(temperature),
            seed=seed,
            gibbs_steps=gibbs_steps,
            best_of=best_of,
            qpm=qpm,
            controls=triads_of(symbols),
            **given,
        )
        progress.update(task, advance=1)
        names = numbered_names(name or default_basename(loaded.name, "sample"), n)
        files = write_files(samples, names, out, file_format=file_format, loop=loop, plot=plot, progress=progress)
    print_files(files, plot=plot)
    write_page(html, samples, [str(number) for number in range(1, n + 1)])
    print_simplified(symbols)
    repeat = f"--seed {seed}" + (f" --best-of {best_of}" if best_of > 1 else "")
    console.note(f"seed {seed}, temperature {temperature:g}; to repeat: {repeat}")
