"""Judging a model by songs it never saw: how much comes back, and whether what it makes up sounds like music."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.streams import Labels
from latentpalette.data.corpus import Corpus
from latentpalette.data.packing import form
from latentpalette.data.sources import SPLITS
from latentpalette.errors import TrainingError
from latentpalette.evaluation.groove import (
    QPM,
    Linear,
    Played,
    asked,
    played,
    quantised,
    told_all,
    usual_velocity,
)
from latentpalette.evaluation.interpolation import Interpolation, interpolation
from latentpalette.evaluation.ngrams import NGrams
from latentpalette.evaluation.predict import encoded, in_batches, made_up, parts_of, truth
from latentpalette.evaluation.reconstruction import Reconstruction, reconstruction
from latentpalette.evaluation.samples import Realism, realism
from latentpalette.latent.holes import Holes, holes
from latentpalette.models.musicvae import MusicVAE

TEMPERATURES = (0.5, 0.7, 1.0)


@dataclass(frozen=True)
class Hollow:
    """What is left of `latentpalette.latent.holes.Holes` when it is written down.

    Parameters
    ----------
    area : float [percent]
        The share of the cells within reach whose music the model does not recognise.
    reach : float [standard deviations of the held-out windows' z]
    tolerance : float [0 to 1]
    share : float [0 to 1]
        How much of the variance of z the plane shows.
    lost : tuple of rows of float [0 to 1]
        Cell by cell, from the upper left: how much is not recognised.
    """

    area: float
    reach: float
    tolerance: float
    share: float
    lost: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, found: Holes) -> Hollow:
        """Written down, to two decimals."""
        lost = tuple(tuple(row) for row in found.lost.round(2).tolist())
        return cls(found.area, found.reach, found.tolerance, found.plane.share, lost)


@dataclass(frozen=True)
class Evaluation:
    """Everything that is said about a model.

    Parameters
    ----------
    split : str
    songs : str
        Only songs whose name begins so; empty for all.
    reconstruction : Reconstruction
    samples : tuple of Realism
        One for each temperature, and of each temperature one for each part.
    baselines : mapping of name to Played
        Of a groove, how simpler players do on the same hits: ``"quantised"`` and ``"linear"``.
    interpolation : Interpolation or None
        The way between two held-out windows; None for a model with controls, or where none was asked for.
    hollow : Hollow or None
        Likewise, where latent space is hollow.
    rehearsals : int
        How often the places of the samples were rehearsed.
    """

    split: str
    songs: str
    reconstruction: Reconstruction
    samples: tuple[Realism, ...] = ()
    baselines: Mapping[str, Played] = field(default_factory=dict)
    interpolation: Interpolation | None = None
    hollow: Hollow | None = None
    rehearsals: int = 0

    def to_dict(self) -> dict[str, Any]:
        """In a form that JSON can hold."""
        return dataclasses.asdict(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as JSON."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.to_dict(), indent=1) + "\n")
        return path


@dataclass(frozen=True, eq=False)
class Judges:
    """The music that a model is judged by.

    Parameters
    ----------
    held_out : ndarray [shape=(n, steps, ...)]
        Packed windows of songs that the model never saw.
    song : ndarray of int [shape=(n,)]
        Which song each of these is from.
    training : ndarray [shape=(m, steps, ...)]
        Packed windows of songs that it learned from; none where they are not at hand.
    """

    held_out: NDArray
    song: NDArray
    training: NDArray

    @classmethod
    def of(
        cls,
        model: MusicVAE,
        corpus: Corpus,
        *,
        split: str = "validation",
        songs: str = "",
        teacher: Corpus | None = None,
    ) -> Judges:
        """The windows of one split of a corpus, and its training songs.

        Parameters
        ----------
        model : MusicVAE
        corpus : Corpus
        split : str
        songs : str
            Those songs alone whose name begins so.
        teacher : Corpus, optional
            Another corpus to take the training songs from.

        Raises
        ------
        TrainingError
            If a corpus is for another representation, or no window is held out.
        """
        for each in (corpus, teacher):
            if each is not None:
                _check(model, each)
        if split not in SPLITS:
            raise TrainingError(f"No split is called {split!r}; there are {', '.join(SPLITS)}.")
        chosen = np.array([name.startswith(songs) for name in corpus.songs])[corpus.song]
        chosen &= corpus.split == SPLITS.index(split)
        if not chosen.any():
            raise TrainingError(f"{corpus} has no {split} windows of songs {songs!r}. Make it of more songs.")
        return cls(corpus.rows[chosen], corpus.song[chosen], (teacher or corpus).part("train"))


def evaluate(
    model: MusicVAE,
    corpus: Corpus,
    *,
    split: str = "validation",
    songs: str = "",
    samples: int = 1000,
    rehearsals: int | None = None,
    temperatures: tuple[float, ...] = TEMPERATURES,
    seed: int = 0,
    qpm: float = QPM,
    teacher: Corpus | None = None,
    pairs: int = 256,
    plane: int = 24,
) -> Evaluation:
    """Judge a model by the held-out songs of a corpus.

    Parameters
    ----------
    model : MusicVAE
    corpus : Corpus
        Its training songs teach the 5-grams, and tell what the model may have learned by heart. Where it has none,
        every second one of the held-out songs teaches the 5-grams, and the others are what samples are compared with.
    split : str
    songs : str
        Judge by those songs alone whose name begins so: ``"gmd/"``.
    samples : int
        How many windows to make up at each temperature; 0 for none.
    rehearsals : int, optional
        As many as the model's own by default; see `latentpalette.models.musicvae.MusicVAE.draw`.
    temperatures : tuple of float
    seed : int
    qpm : float
        The tempo that the timing of a groove is told in milliseconds at.
    teacher : Corpus, optional
        Another corpus to take the training songs from.
    pairs : int
        How many pairs of held-out windows to interpolate between; 0 for none.
    plane : int
        Cells along a side of the plane that is searched for holes; 0 for none.

    Raises
    ------
    TrainingError
        If no window is held out, the corpus is for another representation, or nothing is known of how to judge it.
    """
    judges = Judges.of(model, corpus, split=split, songs=songs, teacher=teacher)
    model.eval()
    free = not model.config.control_depth  # of being told what to play
    heard = _heard(model, judges) if samples or (pairs and free) else None
    rehearsals = model.config.rehearsals if rehearsals is None else rehearsals
    return Evaluation(
        split,
        songs,
        reconstruction(model, judges.held_out, seed=seed, qpm=qpm),
        _made_up(model, judges, heard, samples, rehearsals, temperatures, seed) if samples and heard else (),
        baselines(model, judges, qpm=qpm) if model.config.head == "groove" else {},
        interpolation(model, judges.held_out, heard.languages, pairs=pairs, seed=seed)
        if free and pairs and heard
        else None,
        Hollow.of(holes(model, encoded(model, judges.held_out)[0], size=plane)) if free and plane else None,
        rehearsals,
    )


def baselines(model: MusicVAE, judges: Judges, *, qpm: float = QPM) -> dict[str, Played]:
    """How simpler players do on the hits that a groove model is judged by.

    ``"quantised"`` plays each hit on its step, all equally loud (the median of the training songs); ``"linear"`` is
    fitted on the training songs to what the encoder sees, where that is not the performance itself. Without training
    songs there is the first alone, as loud as the held-out songs' own median, which flatters it.
    """
    converter = model.converter
    assert isinstance(converter, GrooveConverter)
    drums = asked(converter)
    seen, true = _rows(model, judges.held_out)
    if not len(judges.training):
        loudness = usual_velocity(true, drums=drums)
        return {"quantised": played(quantised(true, velocity=loudness), true, qpm=qpm, drums=drums)}
    known, learned = _rows(model, judges.training)
    simple = {"quantised": quantised(true, velocity=usual_velocity(learned, drums=drums))}
    if not told_all(converter):
        simple["linear"] = Linear(known, learned).play(seen, true)
    return {name: played(said, true, qpm=qpm, drums=drums) for name, said in simple.items()}


@dataclass(frozen=True, eq=False)
class _Heard:
    """What the judges know: labels [n, t, parts] to compare with, those learned by heart, and 5-grams of each part."""

    compared: Labels
    training: Labels | None
    languages: list[NGrams]


def _heard(model: MusicVAE, judges: Judges) -> _Heard:
    held_out = truth(model.config, judges.held_out)
    training = truth(model.config, judges.training) if len(judges.training) else None
    taught, compared = training, held_out
    if taught is None:
        other = np.isin(judges.song, np.unique(judges.song)[1::2])
        taught, compared = held_out[~other], held_out[other]
        if not len(compared):
            raise TrainingError(
                "One song is too few to compare with, and there are no training songs. Give more songs, or a corpus "
                "of training songs, or ask for no samples and no pairs."
            )
    languages = [NGrams(taught[..., k], classes=part.classes) for k, part in enumerate(parts_of(model.config))]
    return _Heard(compared, training, languages)


def _made_up(
    model: MusicVAE,
    judges: Judges,
    heard: _Heard,
    samples: int,
    rehearsals: int,
    temperatures: tuple[float, ...],
    seed: int,
) -> tuple[Realism, ...]:
    controls = _controls(model, judges.held_out, samples, seed)
    each = made_up(model, samples, temperatures=temperatures, seed=seed, controls=controls, rehearsals=rehearsals)
    found = []
    for temperature, (made, again) in zip(temperatures, each, strict=True):
        found += [
            realism(
                made[..., k],
                held_out=heard.compared[..., k],
                training=None if heard.training is None else heard.training[..., k],
                language=heard.languages[k],
                part=part,
                temperature=temperature,
                again=again,
            )
            for k, part in enumerate(parts_of(model.config))
        ]
    return tuple(found)


def _controls(model: MusicVAE, rows: NDArray, n: int, seed: int) -> Tensor | None:
    """Controls [n, t, c] for a model that takes them: those of held-out windows drawn at random."""
    if not model.config.control_depth:
        return None
    chosen = np.random.default_rng(seed).integers(len(rows), size=n)
    each = in_batches(model.config, rows[chosen], device=next(model.parameters()).device)
    return torch.cat([batch.controls for batch in each if batch.controls is not None])


def _rows(model: MusicVAE, packed: NDArray) -> tuple[NDArray, NDArray]:
    """What the encoder sees of packed windows (controls included), and what is to be said, both [n, t, columns]."""
    seen, true = [], []
    for batch in in_batches(model.config, packed, device=torch.device("cpu")):
        told = [batch.inputs] if batch.controls is None else [batch.inputs, batch.controls]
        seen.append(torch.cat(told, -1).numpy())
        true.append(batch.targets.numpy())
    return np.concatenate(seen), np.concatenate(true)


def _check(model: MusicVAE, corpus: Corpus) -> None:
    """Raise `TrainingError` if the corpus is for another representation."""
    ours, theirs = dict(model.config.converter), dict(corpus.converter)
    if theirs and form(theirs) != form(ours):
        raise TrainingError(f"{model.name} reads {ours}; the corpus was made for {theirs}.")
