"""Evaluation of a model on held-out songs: reconstruction, samples, interpolation and holes."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.streams import Labels
from latentpalette.data.corpus import Corpus
from latentpalette.errors import TrainingError
from latentpalette.evaluation.asked import AskedFor, Measures, evaluate_conditions
from latentpalette.evaluation.chord_tones import ChordTones, evaluate_chord_tones
from latentpalette.evaluation.eval_data import EvalData
from latentpalette.evaluation.groove import QPM, ExpressionError, groove_baselines
from latentpalette.evaluation.groove_transfer import GrooveTransfer, evaluate_transfer
from latentpalette.evaluation.interpolation import Interpolation, evaluate_interpolation
from latentpalette.evaluation.interpolation_kinds import InterpolationOfKind
from latentpalette.evaluation.ngrams import NGramModel
from latentpalette.evaluation.predict import (
    Samples,
    encode_windows,
    iter_batches,
    require_streams,
    sample_labels,
    target_labels,
)
from latentpalette.evaluation.real_windows import Realism
from latentpalette.evaluation.realism import evaluate_realism
from latentpalette.evaluation.reconstruction import Reconstruction, evaluate_reconstruction
from latentpalette.evaluation.samples import SampleQuality, evaluate_samples
from latentpalette.files import write_text
from latentpalette.latent.holes import Holes, find_holes
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.models.workers import torch_threads
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_integer, check_type

TEMPERATURES = (0.5, 0.7, 1.0)


@dataclass(frozen=True)
class HoleReport:
    """Serializable summary of `latentpalette.latent.holes.Holes`.

    Parameters
    ----------
    area : float [percent]
        The share of the cells within `radius` that are holes.
    radius : float [standard deviations of the held-out windows' z]
    tolerance : float [0 to 1]
    explained_variance : float [0 to 1]
        The share of the variance of z that lies in the plane.
    error : tuple of rows of float [0 to 1]
        The error of each cell, from the upper left.
    """

    area: float
    radius: float
    tolerance: float
    explained_variance: float
    error: tuple[tuple[float, ...], ...]

    @classmethod
    def from_holes(cls, holes: Holes) -> HoleReport:
        """Summarize holes; errors are rounded to two decimals."""
        error = tuple(tuple(row) for row in holes.error.round(2).tolist())
        return cls(holes.area, holes.radius, holes.tolerance, holes.plane.explained_variance, error)


@dataclass(frozen=True)
class Evaluation:
    """Results of `evaluate`.

    Parameters
    ----------
    split : str
    song_prefix : str
        Only songs whose name starts with this; empty for all.
    reconstruction : Reconstruction
    samples : tuple of SampleQuality
        One for each temperature, and at each temperature one for each stream.
    groove_baselines : mapping of name to ExpressionError
        Of a groove model, the baselines' errors on the same hits: ``"quantized"`` and ``"ridge"``.
    interpolation : Interpolation or None
        Between pairs of held-out windows; None for a model with controls, or where it was not requested.
    holes : HoleReport or None
        None likewise, and for a model of performances: what it decodes between them cannot always be encoded.
    realism : mapping of name to Realism
        Training songs, reconstructions, blends and samples compared with the held-out songs; see
        `latentpalette.evaluation.realism.evaluate_realism`. Empty without training songs.
    interpolation_kinds : tuple of InterpolationOfKind
        The kinds of interpolation compared; empty where that was not requested.
    gibbs_steps : int
        Gibbs refinement steps of each sampled z.
    chord_tones : ChordTones or None
        Whether samples follow the chords that they are asked for; None for a model without chords, or without samples.
    transfer : GrooveTransfer or None
        What is heard of a groove that is transferred; None for a model without hits as controls.
    asked : mapping of name to mapping of name to AskedFor
        Of a model with conditions, for ``"held-out"`` and for ``"sampled"`` z: what was asked for, by condition, and
        what was measured.
    """

    split: str
    song_prefix: str
    reconstruction: Reconstruction
    samples: tuple[SampleQuality, ...] = ()
    groove_baselines: Mapping[str, ExpressionError] = field(default_factory=dict)
    interpolation: Interpolation | None = None
    holes: HoleReport | None = None
    realism: Mapping[str, Realism] = field(default_factory=dict)
    interpolation_kinds: tuple[InterpolationOfKind, ...] = ()
    gibbs_steps: int = 0
    chord_tones: ChordTones | None = None
    transfer: GrooveTransfer | None = None
    asked: Mapping[str, Mapping[str, AskedFor]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the results as plain values that JSON can hold."""
        return dataclasses.asdict(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the results as JSON; return the path."""
        return write_text(path, json.dumps(self.to_dict(), indent=1) + "\n")


@torch_threads(1)
def evaluate(
    model: MusicVAE,
    corpus: Corpus,
    *,
    split: str = "validation",
    song_prefix: str = "",
    num_samples: int = 1000,
    gibbs_steps: int | None = None,
    temperatures: tuple[float, ...] = TEMPERATURES,
    seed: int = 0,
    qpm: float = QPM,
    train_corpus: Corpus | None = None,
    interpolation_pairs: int = 256,
    hole_grid: int = 24,
    realism: bool | None = None,
    interpolation_curve: bool = False,
    measures: Measures | None = None,
) -> Evaluation:
    """Evaluate a model on the held-out songs of a corpus.

    Parameters
    ----------
    model : MusicVAE
    corpus : Corpus
        Its training songs fit the 5-grams and show what samples are memorized. Without training songs, every second
        held-out song fits the 5-grams, and the others are what samples are compared with.
    split : str
    song_prefix : str
        Only songs whose name starts with this: ``"gmd/"``.
    num_samples : int
        Windows to sample at each temperature; 0 for none.
    gibbs_steps : int, optional
        Default: the model's own; see `latentpalette.models.musicvae.MusicVAE.sample_z`.
    temperatures : tuple of float
    seed : int
    qpm : float
        Tempo at which a groove's timing error is given in milliseconds.
    train_corpus : Corpus, optional
        The corpus to take the training songs from. Default: `corpus`.
    interpolation_pairs : int
        Pairs of held-out windows to interpolate between; 0 for none.
    hole_grid : int
        Cells along a side of the latent plane that is searched for holes; 0 for none.
    realism : bool, optional
        Whether to compare what the model makes with held-out songs by a classifier, for coverage, and for copies, where
        there are training songs. By default where scikit-learn is installed.
    interpolation_curve : bool
        Whether to compare the kinds of interpolation so, too.
    measures : mapping of name to function, optional
        Of the conditions of a model that `latentpalette.evaluation.conditions` does not measure.

    Raises
    ------
    TrainingError
        If no window is held out, or the corpus is for another representation, or it cannot be evaluated.
    """
    check_model(model)
    check_type(corpus, Corpus, "A corpus", "Load it: lp.Corpus.load(path).", error=TrainingError)
    for name, value in (("num_samples", num_samples), ("interpolation_pairs", interpolation_pairs)):
        check_integer(value, name, 0, error=TrainingError)
    check_integer(hole_grid, "hole_grid", 0, 1000, error=TrainingError)
    data = EvalData.from_corpus(model, corpus, split=split, song_prefix=song_prefix, train_corpus=train_corpus)
    with show_progress("Evaluating"):
        model.eval()
        unconditional = not model.config.control_depth
        needs_references = num_samples or (interpolation_pairs and unconditional)
        references = _make_references(model, data) if needs_references else None
        gibbs_steps = model.default_gibbs_steps if gibbs_steps is None else gibbs_steps
        reconstruction = evaluate_reconstruction(model, data.held_out, seed=seed, qpm=qpm)
        samples: dict[float, Samples] = {}
        if num_samples and references:
            controls = _sample_controls(model, data.held_out, num_samples, seed)
            drawn = sample_labels(
                model, num_samples, temperatures=temperatures, seed=seed, controls=controls, gibbs_steps=gibbs_steps
            )
            samples = dict(zip(temperatures, drawn, strict=True))
        qualities = _evaluate_samples(model, references, samples) if references else ()
        baselines: dict[str, ExpressionError] = {}
        if model.config.head == "groove":
            baselines = groove_baselines(model, data.held_out, data.train, qpm=qpm)
        interpolation = None
        if unconditional and interpolation_pairs and references:
            interpolation = evaluate_interpolation(
                model, data.held_out, references.ngram_models, num_pairs=interpolation_pairs, seed=seed
            )
        holes = None
        if unconditional and hole_grid and model.config.end_token is None:
            mu, _ = encode_windows(model, data.held_out)
            holes = HoleReport.from_holes(find_holes(model, mu, size=hole_grid))
        compared: dict[str, Realism] = {}
        kinds: tuple[InterpolationOfKind, ...] = ()
        realism = interpolation_curve or find_spec("sklearn") is not None if realism is None else realism
        if realism and len(data.train):
            named = {f"samples at T {temperature:g}": drawn.tokens for temperature, drawn in samples.items()}
            compared, kinds = evaluate_realism(model, data, named, curve=interpolation_curve, seed=seed)
        return Evaluation(
            split,
            song_prefix,
            reconstruction,
            qualities,
            baselines,
            interpolation,
            holes,
            compared,
            kinds,
            gibbs_steps,
            evaluate_chord_tones(model, data.held_out, n=num_samples, seed=seed) if num_samples else None,
            evaluate_transfer(model, data.held_out, seed=seed),
            evaluate_conditions(model, data.held_out, measures=measures, seed=seed),
        )


@dataclass(frozen=True, eq=False)
class _References:
    """References for samples: held-out and training labels [n, t, streams], and 5-grams of each stream."""

    held_out: Labels
    training: Labels | None
    ngram_models: list[NGramModel]


def _make_references(model: MusicVAE, data: EvalData) -> _References:
    held_out = target_labels(model.config, data.held_out)
    training = target_labels(model.config, data.train) if len(data.train) else None
    ngram_training = training
    if ngram_training is None:
        is_odd_song = np.isin(data.song_index, np.unique(data.song_index)[1::2])
        ngram_training, held_out = held_out[~is_odd_song], held_out[is_odd_song]
        if not len(held_out):
            raise TrainingError(
                "One song is too few to compare with, and there are no training songs. Give more songs, or a corpus "
                "of training songs, or ask for no samples and no interpolation pairs."
            )
    streams = require_streams(model.config)
    ngram_models = [
        NGramModel(ngram_training[..., k], num_classes=stream.num_classes) for k, stream in enumerate(streams)
    ]
    return _References(held_out, training, ngram_models)


def _evaluate_samples(
    model: MusicVAE, references: _References, samples: Mapping[float, Samples]
) -> tuple[SampleQuality, ...]:
    """Return the quality of samples by temperature, of each stream."""
    return tuple(
        evaluate_samples(
            labels[..., k],
            held_out=references.held_out[..., k],
            training=None if references.training is None else references.training[..., k],
            ngram_model=references.ngram_models[k],
            stream=stream,
            temperature=temperature,
            rejected=rejected,
        )
        for temperature, (_, labels, rejected) in samples.items()
        for k, stream in enumerate(require_streams(model.config))
    )


def _sample_controls(model: MusicVAE, windows: NDArray, n: int, seed: int) -> Tensor | None:
    """Draw the controls [n, t, c] of random held-out windows; None for a model without controls."""
    if not model.config.control_depth:
        return None
    indices = np.random.default_rng(seed).integers(len(windows), size=n)
    batches = iter_batches(model.config, windows[indices], device=next(model.parameters()).device)
    return torch.cat([batch.controls for batch in batches if batch.controls is not None])
