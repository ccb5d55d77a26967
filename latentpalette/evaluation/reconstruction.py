"""How much of held-out music comes back from latent space, heard by the model itself and by its own rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.streams import Labels, Part
from latentpalette.data.batches.batch import Batch
from latentpalette.evaluation.groove import QPM, Played, asked, played
from latentpalette.evaluation.metrics import Hits, onset_accuracy, step_accuracy
from latentpalette.evaluation.predict import decoded, in_batches, likeliest, parts_of, together
from latentpalette.models.drummer import DRUMS, as_tapped, play_along
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.network import divergence
from latentpalette.models.tokens import labels_of, tokens_of

ACTIVE = 0.01  # Burda et al. (2016), arXiv 1509.00519: a unit is active if its mean varies by more over the data


@dataclass(frozen=True)
class PartScores:
    """How much of one part comes back; each number as in `Reconstruction`.

    Parameters
    ----------
    teacher_forced, free_running, sampled, onsets : float [0 to 1]
    hits : Hits
    """

    teacher_forced: float
    free_running: float
    sampled: float
    onsets: float
    hits: Hits


@dataclass(frozen=True)
class Reconstruction:
    """How much of held-out windows comes back.

    Where a row has several parts, each counts for itself in every number but `whole`.

    Parameters
    ----------
    windows : int
    teacher_forced : float [0 to 1]
        Steps with every drum right (of a melody: its class) where each hears the true step before it; z is the
        posterior's mean.
    free_running : float [0 to 1]
        The same where the decoder hears itself, taking the likeliest at each step.
    sampled : float [0 to 1]
        As `free_running`, with z drawn from the posterior.
    onsets : float [0 to 1]
        `free_running` over those steps alone at which something begins: a hit, a note.
    hits : Hits
        Of single hits or notes, free-running.
    whole : float [0 to 1]
        The share of windows that come back without a fault.
    kl_bits : float [bits]
        Mean over the windows.
    active_units : int
        Dimensions of z that vary over the data.
    nats : float [nats a window]
        Reconstruction loss, teacher-forced, z the mean.
    parts : mapping of name to PartScores
        Part by part, where there are several.
    groove : Played or None
        Of a groove, how it is played, free-running.
    along : Played or None
        Of a groove, how it is played where the true strokes are given, and all that the encoder is told of the
        performance with them: as `latentpalette.models.groove` plays, and as simpler players are judged. So what
        comes of taps is as early or late as the taps.
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
    parts: Mapping[str, PartScores] = field(default_factory=dict)
    groove: Played | None = None
    along: Played | None = None


def reconstruction(model: MusicVAE, rows: NDArray, *, seed: int = 0, qpm: float = QPM) -> Reconstruction:
    """Encode windows and decode them again.

    Parameters
    ----------
    model : MusicVAE
        In evaluation mode.
    rows : ndarray of int [shape=(n, steps, ...)]
        Packed windows, as a corpus holds them.
    seed : int
        Draws z for `Reconstruction.sampled`.
    qpm : float
        The tempo that the timing of a groove is told in milliseconds at.

    Raises
    ------
    TrainingError
        If nothing is known of how to judge the model's representation.
    """
    config = model.config
    parts = parts_of(config)
    converter = model.converter if config.head == "groove" else None
    grooves = converter if isinstance(converter, GrooveConverter) else None
    dice = torch.Generator(model.device).manual_seed(seed)
    with torch.inference_mode():
        each = (_heard(model, batch, grooves, dice) for batch in in_batches(config, rows, device=model.device))
        true, forced, free, sampled, means, bits, nats, along = together(len(rows), each)
    tokens = {"true": true, "forced": forced, "free": free, "sampled": sampled}
    said = {how: labels_of(config, each) for how, each in tokens.items()}
    scores = {
        part.name: _scores(part, {how: each[..., k] for how, each in said.items()}) for k, part in enumerate(parts)
    }
    return Reconstruction(
        windows=len(rows),
        teacher_forced=step_accuracy(said["forced"], said["true"]),
        free_running=step_accuracy(said["free"], said["true"]),
        sampled=step_accuracy(said["sampled"], said["true"]),
        onsets=_onsets(parts, said["free"], said["true"]),
        hits=_hits(parts, said["free"], said["true"]),
        whole=float((said["free"] == said["true"]).all((1, 2)).mean()),
        kl_bits=float(bits.mean()),
        active_units=int((means.var(0, ddof=1) > ACTIVE).sum()),
        nats=float(nats.mean()),
        parts=scores if len(parts) > 1 else {},
        **({} if grooves is None else _played({"groove": free, "along": along}, true, grooves, qpm)),
    )


def _scores(part: Part, said: Mapping[str, Labels]) -> PartScores:
    """One part's scores; of each way to be heard its labels [n, t]."""
    true = said["true"]
    return PartScores(
        teacher_forced=step_accuracy(said["forced"], true),
        free_running=step_accuracy(said["free"], true),
        sampled=step_accuracy(said["sampled"], true),
        onsets=onset_accuracy(said["free"], true, part.onsets(true)),
        hits=Hits.counted(*part.counts(said["free"], true)),
    )


def _onsets(parts: tuple[Part, ...], said: Labels, true: Labels) -> float:
    where = np.stack([part.onsets(true[..., k]) for k, part in enumerate(parts)], -1)  # [n, t, parts]
    return onset_accuracy(said, true, where)


def _hits(parts: tuple[Part, ...], said: Labels, true: Labels) -> Hits:
    each = [part.counts(said[..., k], true[..., k]) for k, part in enumerate(parts)]
    both, claimed, there = (sum(counts) for counts in zip(*each, strict=True))
    return Hits.counted(both, claimed, there)


def _heard(
    model: MusicVAE, batch: Batch, grooves: GrooveConverter | None, dice: torch.Generator
) -> tuple[NDArray, ...]:
    """Of a batch: tokens [n, t, k] that are true, teacher-forced, free-running and of a drawn z; means [n, z]; KL [n].

    Then the reconstruction loss [n], and of grooves the true strokes as the model plays them.
    """
    mu, sigma = (each.float() for each in model.posterior_torch(batch.inputs, None, batch.controls))
    z = mu + sigma * torch.randn(mu.shape, generator=dice, device=mu.device)
    params = model.teacher_forced(mu, batch.previous, batch.controls).float()
    found = [
        tokens_of(model.config, batch.targets),
        likeliest(model, params),
        decoded(model, mu, batch.controls),
        decoded(model, z, batch.controls),
        mu,
        divergence(mu, sigma) / math.log(2),
        model.head.loss(params, batch.targets).sum(-1),
    ]
    along = np.zeros(len(mu)) if grooves is None else _along(model, grooves, mu, batch)
    return *(each.cpu().numpy() for each in found), along


def _along(model: MusicVAE, converter: GrooveConverter, mu: Tensor, batch: Batch) -> NDArray:
    """The true strokes, as the model plays them [n, t, 27]."""
    given = batch.targets.cpu().numpy().copy()
    controls = None if batch.controls is None else batch.controls.cpu().numpy()
    for drum in asked(converter):
        given[..., [DRUMS + drum, 2 * DRUMS + drum]] = np.nan
    said = play_along(model, mu.cpu().numpy(), given, controls=controls)
    return as_tapped(said, batch.inputs.cpu().numpy()) if converter.tapify else said


def _played(said: Mapping[str, NDArray], true: NDArray, converter: GrooveConverter, qpm: float) -> dict[str, Played]:
    return {how: played(each, true, qpm=qpm, drums=asked(converter)) for how, each in said.items()}
