"""Transfer of grooves: correlations of hits that got the timing and the velocities of another performance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from latentpalette.converters.groove import GrooveConverter
from latentpalette.evaluation.predict import encode_windows, iter_batches
from latentpalette.models.groove_decoding import HIT_COLUMNS, decode_given, fix_columns
from latentpalette.models.musicvae import MusicVAE


@dataclass(frozen=True)
class GrooveTransfer:
    """Correlations of performances that got another one's groove, over the hits that both have.

    Parameters
    ----------
    timing, velocity : float [-1 to 1]
        With the performance whose groove it is.
    own_timing, own_velocity : float [-1 to 1]
        With how the hits were played before.
    kept_hits : float [0 to 1]
        The share of hits that are still there, and the only ones: all, since they are given.
    """

    timing: float
    velocity: float
    own_timing: float
    own_velocity: float
    kept_hits: float


def evaluate_transfer(model: MusicVAE, windows: NDArray, *, n: int = 1000, seed: int = 0) -> GrooveTransfer | None:
    """Transfer grooves between pairs of held-out windows; None for a model without hits as controls.

    Parameters
    ----------
    model : MusicVAE
    windows : ndarray of int8 [shape=(m, steps, 18)]
        Packed, as a corpus has them.
    n : int
        Pairs, of windows drawn at random.
    seed : int
    """
    spec = model.config.converter
    converter = model.converter if spec.get("name") == "groove" else None
    if not isinstance(converter, GrooveConverter) or not converter.hits_as_controls:
        return None
    source, target = np.random.default_rng(seed).integers(len(windows), size=(2, n))
    z, _ = encode_windows(model, windows[source])
    donors, written = (
        torch.cat([batch.targets for batch in iter_batches(model.config, windows[index], device=model.device)])
        .cpu()
        .numpy()
        for index in (source, target)
    )
    given = np.stack([fix_columns(frames, HIT_COLUMNS) for frames in written])
    performed = decode_given(model, z, given, controls=written[..., HIT_COLUMNS])
    timing, velocity = _correlations(performed, donors)
    own_timing, own_velocity = _correlations(performed, written)
    hits = performed[..., HIT_COLUMNS] > 0.5
    kept = float((hits == (written[..., HIT_COLUMNS] > 0.5)).mean())
    return GrooveTransfer(timing, velocity, own_timing, own_velocity, kept)


def _correlations(performed: NDArray, reference: NDArray) -> tuple[float, float]:
    """Return the correlations of timing and of velocity over the hits that frames [n, t, 27] have in common.

    They are 0 where one of the two does not vary.
    """
    hits, velocities, offsets = np.split(performed, 3, -1)
    reference_hits, reference_velocities, reference_offsets = np.split(reference, 3, -1)
    both = (hits > 0.5) & (reference_hits > 0.5)
    pairs = ((offsets, reference_offsets), (velocities, reference_velocities))
    timing, velocity = (_correlation(a[both].astype(float), b[both].astype(float)) for a, b in pairs)
    return timing, velocity


def _correlation(a: NDArray, b: NDArray) -> float:
    varies = len(a) > 1 and bool(np.ptp(a)) and bool(np.ptp(b))
    return float(np.corrcoef(a, b)[0, 1]) if varies else 0.0
