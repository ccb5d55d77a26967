"""`latentpalette evaluate`: a model, judged by songs it never saw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from latentpalette.cli.console import say
from latentpalette.cli.options import Rehearsals

if TYPE_CHECKING:
    from latentpalette.evaluation.evaluate import Evaluation
    from latentpalette.evaluation.samples import Realism


def evaluate(
    model: Annotated[str, typer.Option(help="A model's name or folder.")],
    corpus: Annotated[
        Path | None, typer.Option(help="Made by `latentpalette corpus`; its held-out songs judge, its others teach.")
    ] = None,
    midi: Annotated[
        list[Path] | None,
        typer.Option(
            help="Judge by these instead: folders, .zip and .tar archives, or MIDI files; may be given again."
        ),
    ] = None,
    split: Annotated[str, typer.Option(help="train, validation or test.")] = "validation",
    songs: Annotated[str, typer.Option(help="Only songs whose name begins so, like gmd/")] = "",
    samples: Annotated[int, typer.Option(help="Windows to make up at each temperature.", min=0)] = 1000,
    rehearsals: Rehearsals = None,
    seed: Annotated[int, typer.Option(help="The same seed makes up the same windows.")] = 0,
    qpm: Annotated[
        float, typer.Option(help="The tempo to tell a groove's timing in milliseconds at.", min=1.0)
    ] = 120.0,
    melodies: Annotated[
        str | None, typer.Option(help="Of --midi: parts called so are melodies, whatever they are played on.")
    ] = None,
    kit: Annotated[str, typer.Option(help="Of --midi: the drum map of the recordings, like roland.")] = "",
    workers: Annotated[
        int | None, typer.Option(help="Processes that read --midi; as many as cores by default.")
    ] = None,
    pairs: Annotated[int, typer.Option(help="Pairs of windows to interpolate between.", min=0)] = 256,
    plane: Annotated[int, typer.Option(help="Cells along a side of the plane searched for holes.", min=0)] = 24,
    json: Annotated[Path | None, typer.Option(help="Write everything to this file, too.")] = None,
    plots: Annotated[Path | None, typer.Option(help="Draw everything into this folder, too.")] = None,
) -> None:
    """Say how much of held-out songs comes back, and whether what the model makes up sounds like music.

    Of MIDI sources that name their splits, those of --split judge; of others, all songs do.
    """
    if corpus is None and not midi:
        raise typer.BadParameter("name the songs to judge by: a --corpus, or --midi sources.")
    from latentpalette.data.build import build
    from latentpalette.data.corpus import Corpus
    from latentpalette.data.options import Hints
    from latentpalette.evaluation.evaluate import evaluate
    from latentpalette.models.store import load

    judged = load(model)
    teacher = None if corpus is None else Corpus.load(corpus)
    music = teacher
    named: dict[str, Any] = {"kit": kit} | ({} if melodies is None else {"melodies": melodies})
    if midi:
        with say.progress() as bar:
            task = bar.add_task("reading", total=None)
            music = build(
                midi,
                judged.config.converter,
                hints=Hints(**named),
                validation=1.0,
                workers=workers,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        say.note(f"{music} from {music.report['files']} files")
    assert music is not None  # one of the two was given
    found = evaluate(
        judged,
        music,
        split=split,
        songs=songs,
        samples=samples,
        rehearsals=rehearsals,
        seed=seed,
        qpm=qpm,
        teacher=teacher if midi else None,
        pairs=pairs,
        plane=plane,
    )
    _say(found)
    if json:
        say.note(f"wrote {found.save(json)}")
    if plots:
        from latentpalette.plots import evaluation as drawing

        for path in drawing.save(found, plots):
            say.note(f"wrote {path}")


def _say(found: Evaluation) -> None:
    """The figures that matter most, on a line each."""
    back = found.reconstruction
    say.done(
        f"{back.windows} windows: step accuracy {back.free_running:.3f} (teacher-forced {back.teacher_forced:.3f}, "
        f"z drawn {back.sampled:.3f}), onsets {back.onsets:.3f}, hits F1 {back.hits.f1:.3f}, whole {back.whole:.3f}, "
        f"KL {back.kl_bits:.1f} bits, {back.active_units} active units"
    )
    for name, part in back.parts.items():
        say.done(
            f"{name}: step accuracy {part.free_running:.3f} (teacher-forced {part.teacher_forced:.3f}, z drawn "
            f"{part.sampled:.3f}), onsets {part.onsets:.3f}, hits F1 {part.hits.f1:.3f}"
        )
    players = {"free-running": back.groove, "true strokes given": back.along} | dict(found.baselines)
    for name, player in players.items():
        if player is None:
            continue
        say.done(
            f"{name}: timing {player.timing_ms:.2f} ms off at {player.qpm:g} qpm, velocity {player.velocity:.1f} off"
        )
    if found.interpolation:
        way = found.interpolation
        say.done(
            f"half-way between {way.pairs} pairs: cost {way.cost[len(way.cost) // 2]:.3f} of that of the ends "
            f"(cross-fading the data {way.mixed_cost[len(way.cost) // 2]:.3f})"
        )
    if found.hollow:
        say.done(f"hole area {found.hollow.area:.1f} % (the plane shows {found.hollow.share:.0%} of the variance of z)")
    if found.samples:
        times = "once" if found.rehearsals == 1 else f"{found.rehearsals} times"
        rehearsed = f", rehearsed {times}" if found.rehearsals else ""
        say.done(f"drawn from the prior{rehearsed}, {found.samples[0].samples} windows at each temperature:")
    for called in dict.fromkeys(each.part for each in found.samples):
        say.out.print(_table([each for each in found.samples if each.part == called], called if back.parts else ""))


def _table(samples: list[Realism], part: str) -> Table:
    """What is made up, a column for each temperature."""
    table = Table(part, *(f"T {each.temperature:g}" for each in samples), box=None, pad_edge=False)
    rows: dict[str, list[float | None]] = {
        "cost ratio": [each.cost_ratio for each in samples],
        "taken again": [each.again for each in samples],
        "silent": [each.silent for each in samples],
        "stuck": [each.stuck for each in samples],
        "in the training songs": [each.known for each in samples],
        "largest shift of an attribute": [each.shift for each in samples],
    }
    for name, values in rows.items():
        table.add_row(name, *("-" if value is None else f"{value:.3f}" for value in values))
    return table
