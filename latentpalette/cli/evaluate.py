"""`latentpalette evaluate`: evaluate a model on held-out songs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from latentpalette.cli.console import console
from latentpalette.cli.not_read import print_not_read
from latentpalette.cli.options import DrumMapOption, DrumsOption, GibbsStepsOption, OnlyTrackOption
from latentpalette.wording import counted

if TYPE_CHECKING:
    from latentpalette.data.corpus import Corpus
    from latentpalette.data.options import ExtractOptions
    from latentpalette.evaluation.groove_transfer import GrooveTransfer
    from latentpalette.evaluation.interpolation import Interpolation
    from latentpalette.evaluation.interpolation_kinds import InterpolationOfKind
    from latentpalette.evaluation.real_windows import Realism
    from latentpalette.evaluation.reconstruction import Reconstruction
    from latentpalette.evaluation.report import Evaluation
    from latentpalette.evaluation.samples import SampleQuality
    from latentpalette.models.config import ModelConfig


def evaluate(
    model: Annotated[str, typer.Option(help="A model's name or folder.")],
    corpus: Annotated[
        Path | None,
        typer.Option(help="A corpus written by `latentpalette corpus`: its held-out songs, and its training songs."),
    ] = None,
    midi: Annotated[
        list[Path] | None,
        typer.Option(help="Evaluate on these songs instead: folders, .zip and .tar archives, MIDI files; repeatable."),
    ] = None,
    split: Annotated[str, typer.Option(help="train, validation or test.")] = "validation",
    song_prefix: Annotated[str, typer.Option(help="Only songs whose name starts with this, like gmd/")] = "",
    samples: Annotated[int, typer.Option(help="Windows to sample at each temperature.", min=0)] = 1000,
    gibbs_steps: GibbsStepsOption = None,
    seed: Annotated[int, typer.Option(help="Random seed of the samples.")] = 0,
    qpm: Annotated[
        float, typer.Option(help="Tempo at which a groove's timing error is given in milliseconds.", min=1.0)
    ] = 120.0,
    melody_tracks: Annotated[
        str | None,
        typer.Option(help="With --midi: regular expression; tracks so named are melodies, whatever their instrument."),
    ] = None,
    track: OnlyTrackOption = None,
    drums: DrumsOption = None,
    drum_map: DrumMapOption = "",
    workers: Annotated[
        int | None, typer.Option(help="Processes that read --midi. Default: the number of cores.")
    ] = None,
    interpolation_pairs: Annotated[int, typer.Option(help="Pairs of windows to interpolate between.", min=0)] = 256,
    hole_grid: Annotated[
        int, typer.Option(help="Cells along a side of the latent plane that is searched for holes.", min=0)
    ] = 24,
    realism: Annotated[
        bool | None,
        typer.Option(
            "--realism/--no-realism",
            help="Compare samples, blends and reconstructions with songs: by a classifier, for coverage, and for "
            "copies. Default: where scikit-learn is installed.",
            show_default=False,
        ),
    ] = None,
    interpolation_curve: Annotated[
        bool,
        typer.Option(
            "--interpolation-curve",
            help="Compare the kinds of interpolation: how musical halfway is, and how much changes on the way.",
        ),
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Also write all results to this file.")] = None,
    plots: Annotated[Path | None, typer.Option(help="Also draw all results into this folder.")] = None,
) -> None:
    """Measure how well a model reconstructs held-out songs, and how close its samples are to real music.

    MIDI sources that name their splits are evaluated on --split; of others, all songs are used.
    """
    if corpus is None and not midi:
        raise typer.BadParameter("name the songs to evaluate on: a --corpus, or --midi sources.")
    if not midi:
        options = {
            "--melody-tracks": melody_tracks,
            "--track": track,
            "--drums": drums,
            "--drum-map": drum_map or None,
            "--workers": workers,
        }
        for name, value in options.items():
            if value is not None and value != []:
                raise typer.BadParameter(f"{name} has no effect on a corpus, whose files were read; it needs --midi.")
    from latentpalette.cli.condition_sources import sound_measures
    from latentpalette.data.corpus import Corpus
    from latentpalette.data.options import ExtractOptions
    from latentpalette.evaluation.report import evaluate
    from latentpalette.models.store import load

    loaded = load(model)
    written = None if corpus is None else Corpus.load(corpus)
    songs = written
    if midi:
        given: dict[str, Any] = {} if melody_tracks is None else {"melody_tracks": melody_tracks}
        songs = _read_midi(
            midi, loaded.config, ExtractOptions(**given, track=track, drums=drums, drum_map=drum_map), workers
        )
    assert songs is not None  # one of the two was given
    evaluation = evaluate(
        loaded,
        songs,
        split=split,
        song_prefix=song_prefix,
        num_samples=samples,
        gibbs_steps=gibbs_steps,
        seed=seed,
        qpm=qpm,
        train_corpus=written if midi else None,
        interpolation_pairs=interpolation_pairs,
        hole_grid=hole_grid,
        realism=realism,
        interpolation_curve=interpolation_curve,
        measures=sound_measures(loaded.config),
    )
    _print_evaluation(evaluation)
    if json:
        console.note(f"wrote {evaluation.save(json)}")
    if plots:
        from latentpalette.plots.evaluation import save_evaluation

        for path in save_evaluation(evaluation, plots):
            console.note(f"wrote {path}")


def _read_midi(sources: list[Path], config: ModelConfig, options: ExtractOptions, workers: int | None) -> Corpus:
    """Read MIDI sources as a corpus in memory; songs without a split of their own are held out."""
    from latentpalette.data.build import build_corpus

    with console.progress() as progress:
        task = progress.add_task("Reading", total=None)
        corpus = build_corpus(
            sources,
            config.converter,
            options=options,
            validation=1.0,
            workers=workers,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    print_not_read(corpus.report["not_read"])
    console.note(f"{corpus} from {corpus.report['files']} files")
    return corpus


def _print_evaluation(evaluation: Evaluation) -> None:
    _print_reconstruction(evaluation.reconstruction)
    expressions = {
        "free-running": evaluation.reconstruction.expression,
        "hits given": evaluation.reconstruction.expression_given_hits,
    } | dict(evaluation.groove_baselines)
    for name, error in expressions.items():
        if error is not None:
            console.result(
                f"{name}: timing {error.timing_ms:.2f} ms off at {error.qpm:g} qpm, velocity {error.velocity:.1f} off"
            )
    if evaluation.transfer:
        console.result(_describe_transfer(evaluation.transfer))
    if evaluation.chord_tones:
        tones = evaluation.chord_tones
        console.result(
            f"time in the chord: samples {tones.asked:.3f}, the same z over other chords {tones.others:.3f}, songs "
            f"{tones.songs:.3f}"
        )
    for of, conditions in evaluation.asked.items():
        for name, asked in conditions.items():
            console.result(
                f"{name} asked of {of} z: rank correlation {asked.rank_correlation:.3f} "
                f"(within a z {asked.within:.3f}), mean absolute error {asked.mean_absolute_error:.3f}"
            )
    if evaluation.interpolation:
        _print_interpolation(evaluation.interpolation)
    if evaluation.realism:
        console.result_table(_realism_table(evaluation.realism))
    if evaluation.interpolation_kinds:
        console.result_table(_kinds_table(evaluation.interpolation_kinds))
    if evaluation.holes:
        holes = evaluation.holes
        console.result(f"hole area {holes.area:.1f} % (the plane has {holes.explained_variance:.0%} of z's variance)")
    if evaluation.samples:
        count = evaluation.samples[0].num_samples
        gibbs_steps = counted(evaluation.gibbs_steps, "Gibbs step")
        console.result(f"samples from the prior, {gibbs_steps}, {counted(count, 'window')} at each temperature:")
    for stream in dict.fromkeys(quality.stream for quality in evaluation.samples):
        qualities = [quality for quality in evaluation.samples if quality.stream == stream]
        console.result_table(_sample_table(qualities, stream if evaluation.reconstruction.streams else ""))


def _describe_transfer(transfer: GrooveTransfer) -> str:
    return (
        f"a groove transferred to other hits: correlation with it in timing {transfer.timing:.2f}, in velocity "
        f"{transfer.velocity:.2f}; with how the hits were played {transfer.own_timing:.2f}, "
        f"{transfer.own_velocity:.2f}; hits kept {transfer.kept_hits:.1%}"
    )


def _print_reconstruction(reconstruction: Reconstruction) -> None:
    console.result(
        f"{counted(reconstruction.num_windows, 'window')}: step accuracy {reconstruction.free_running:.3f} "
        f"(teacher-forced {reconstruction.teacher_forced:.3f}, z sampled {reconstruction.posterior_sample:.3f}), "
        "onset accuracy "
        f"{reconstruction.onset_accuracy:.3f}, hits F1 {reconstruction.hits.f1:.3f}, exact match "
        f"{reconstruction.exact_match:.3f}, KL {reconstruction.kl_bits:.1f} bits, "
        f"{counted(reconstruction.active_units, 'active unit')}"
    )
    for name, scores in reconstruction.streams.items():
        console.result(
            f"{name}: step accuracy {scores.free_running:.3f} (teacher-forced {scores.teacher_forced:.3f}, z sampled "
            f"{scores.posterior_sample:.3f}), onset accuracy {scores.onset_accuracy:.3f}, hits F1 {scores.hits.f1:.3f}"
        )


def _print_interpolation(interpolation: Interpolation) -> None:
    middle = len(interpolation.alphas) // 2
    console.result(
        f"halfway between {interpolation.num_pairs} pairs: NLL {interpolation.relative_nll[middle]:.3f} times that of "
        f"the ends (data interpolation {interpolation.data_interpolation_relative_nll[middle]:.3f})"
    )


def _realism_table(realism: Mapping[str, Realism]) -> Table:
    """Return a table of windows compared with those of held-out songs."""
    names = ("compared with held-out songs", "AUC", "standard error", "coverage", "copies", "near copies")
    table = Table(*names, box=None, pad_edge=False)
    for name, row in realism.items():
        copies = ("-", "-") if row.copies is None else (f"{row.copies.identical:.3f}", f"{row.copies.near:.3f}")
        table.add_row(name, f"{row.auc:.3f}", f"{row.standard_error:.3f}", f"{row.coverage:.3f}", *copies)
    return table


def _kinds_table(kinds: Sequence[InterpolationOfKind]) -> Table:
    """Return a table of kinds of interpolation."""
    names = ("interpolation", "halfway AUC", "coverage", "near copies", "change a step", "largest", "ends")
    table = Table(*names, box=None, pad_edge=False)
    for row in kinds:
        near = "-" if row.halfway.copies is None else f"{row.halfway.copies.near:.3f}"
        change = (row.change.step, row.change.largest, row.change.ends)
        values = (f"{row.halfway.auc:.3f}", f"{row.halfway.coverage:.3f}", near)
        table.add_row(str(row.kind), *values, *(f"{value:.1f}" for value in change))
    return table


def _sample_table(qualities: list[SampleQuality], title: str) -> Table:
    """Return a table of sample quality with a column for each temperature."""
    table = Table(title, *(f"T {quality.temperature:g}" for quality in qualities), box=None, pad_edge=False)
    rows: dict[str, list[float | None]] = {
        "NLL ratio": [quality.nll_ratio for quality in qualities],
        "rejected at first": [quality.rejected for quality in qualities],
        "silent": [quality.silent for quality in qualities],
        "static bar": [quality.static for quality in qualities],
        "in the training songs": [quality.memorized for quality in qualities],
        "largest feature shift": [quality.max_standardized_shift for quality in qualities],
    }
    for name, values in rows.items():
        table.add_row(name, *("-" if value is None else f"{value:.3f}" for value in values))
    return table
