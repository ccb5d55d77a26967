"""Judging a model by songs it never saw: how much comes back, and whether what it makes up sounds like music."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.errors import TrainingError
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.drums import MAPS
from latentpalette.training.batches import batches
from latentpalette.training.corpus import Corpus
from latentpalette.training.ngrams import NGrams
from latentpalette.training.objective import divergence
from latentpalette.training.realism import Realism, realism
from latentpalette.training.scores import Hits, hits, onset_accuracy, step_accuracy

TEMPERATURES = (0.5, 0.7, 1.0)
ACTIVE = 0.01  # Burda et al. (2016), arXiv 1509.00519: a unit is active if its mean varies by more over the data
_AT_ONCE = 512


@dataclass(frozen=True)
class Reconstruction:
    """How much of held-out loops comes back.

    Parameters
    ----------
    windows : int
    teacher_forced : float [0 to 1]
        Steps with every drum right where each hears the true step before it; z is the posterior's mean.
    free_running : float [0 to 1]
        The same where the decoder hears itself, taking the likeliest at each step.
    sampled : float [0 to 1]
        As `free_running`, with z drawn from the posterior.
    onsets : float [0 to 1]
        `free_running` over those steps alone at which anything is hit.
    hits : Hits
        Of single hits, free-running.
    whole : float [0 to 1]
        The share of loops that come back without a fault.
    kl_bits : float [bits]
        Mean over the loops.
    active_units : int
        Dimensions of z that vary over the data.
    nats : float [nats a loop]
        Reconstruction loss, teacher-forced, z the mean.
    """

    windows: int
    teacher_forced: float
    free_running: float
    sampled: float
    onsets: float
    hits: Hits
    whole: float
    kl_bits: float
    active_units: int
    nats: float


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
        One for each temperature.
    """

    split: str
    songs: str
    reconstruction: Reconstruction
    samples: tuple[Realism, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """In a form that JSON can hold."""
        return dataclasses.asdict(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as JSON."""
        path = Path(path)
        path.write_text(json.dumps(self.to_dict(), indent=1) + "\n")
        return path


def reconstruction(model: MusicVAE, rows: NDArray, *, seed: int = 0) -> Reconstruction:
    """Encode loops and decode them again.

    Parameters
    ----------
    model : MusicVAE
        One that says labels (a categorical head).
    rows : ndarray of int [shape=(n, steps)]
        Labels, as a corpus holds them.
    seed : int
        Draws z for `Reconstruction.sampled`.
    """
    device = next(model.parameters()).device
    loops = batches(rows, model.config.converter, device=device)
    dice = torch.Generator(device).manual_seed(seed)
    said: dict[str, list[Tensor]] = {"forced": [], "free": [], "sampled": []}
    means, bits, nats = [], [], []
    with torch.inference_mode():
        for packed in loops.rows.split(_AT_ONCE):
            batch = loops.batch(packed)
            mu, sigma = (each.float() for each in model.posterior_torch(batch.inputs, None, batch.controls))
            z = mu + sigma * torch.randn(mu.shape, generator=dice, device=device)
            params = model.teacher_forced(mu, batch.previous, batch.controls).float()
            nats.append(model.head.loss(params, batch.targets).sum(-1))
            said["forced"].append(params.argmax(-1))
            said["free"].append(model.decoder.tokens(mu)[0])
            said["sampled"].append(model.decoder.tokens(z)[0])
            means.append(mu)
            bits.append(divergence(mu, sigma) / math.log(2))
    true = rows.astype(np.int64)
    forced, free, sampled = (torch.cat(said[how]).cpu().numpy() for how in ("forced", "free", "sampled"))
    return Reconstruction(
        windows=len(true),
        teacher_forced=step_accuracy(forced, true),
        free_running=step_accuracy(free, true),
        sampled=step_accuracy(sampled, true),
        onsets=onset_accuracy(free, true),
        hits=hits(free, true),
        whole=float((free == true).all(1).mean()),
        kl_bits=float(torch.cat(bits).mean()),
        active_units=int((torch.cat(means).var(0) > ACTIVE).sum()),
        nats=float(torch.cat(nats).mean()),
    )


def made_up(model: MusicVAE, n: int, *, temperature: float, seed: int = 0) -> NDArray[np.int64]:
    """Labels [n, steps] of loops decoded from z drawn from the prior."""
    device = next(model.parameters()).device
    dice = torch.Generator(device).manual_seed(seed)
    z = torch.randn((n, model.config.z_size), generator=dice, device=device)
    noise = torch.rand((n, model.config.steps, model.head.draws), generator=dice, device=device)
    with torch.inference_mode():
        return model.decoder.tokens(z, temperature=temperature, noise=noise)[0].cpu().numpy()


def evaluate(
    model: MusicVAE,
    corpus: Corpus,
    *,
    split: str = "validation",
    songs: str = "",
    samples: int = 1000,
    temperatures: tuple[float, ...] = TEMPERATURES,
    seed: int = 0,
) -> Evaluation:
    """Judge a model by the held-out songs of a corpus.

    Parameters
    ----------
    model : MusicVAE
    corpus : Corpus
        Its training songs teach the 5-grams, and tell what the model may have learned by heart.
    split : str
    songs : str
        Judge by those songs alone whose name begins so: ``"gmd/"``.
    samples : int
        How many loops to make up at each temperature.
    temperatures : tuple of float
    seed : int

    Raises
    ------
    TrainingError
        If no window is held out, or the model says something else than labels.
    """
    if model.config.head != "categorical" or model.config.converter.get("name") != "drums":
        raise TrainingError(f"{model.config.name}: only drum models that say labels can be judged yet.")
    chosen = np.array([name.startswith(songs) for name in corpus.songs])[corpus.song]
    held_out = corpus.rows[chosen & (corpus.split == _number(split))]
    if not len(held_out):
        raise TrainingError(f"{corpus} has no {split} windows of songs {songs!r}. Make it of more songs.")
    model.eval()
    training = corpus.part("train")
    names = MAPS[str(model.config.converter.get("map", "reduced"))].names
    language = NGrams(training, classes=model.config.output_depth)
    found = [
        realism(
            made_up(model, samples, temperature=temperature, seed=seed),
            held_out=held_out.astype(np.int64),
            training=training,
            language=language,
            names=names,
            temperature=temperature,
        )
        for temperature in temperatures
    ]
    return Evaluation(split, songs, reconstruction(model, held_out, seed=seed), tuple(found))


def _number(split: str) -> int:
    from latentpalette.training.sources import SPLITS

    if split not in SPLITS:
        raise TrainingError(f"No split is called {split!r}; there are {', '.join(SPLITS)}.")
    return SPLITS.index(split)
