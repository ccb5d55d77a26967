"""A groove model at work: a performance of any length in, window by window, and one as long out."""

from __future__ import annotations

import numpy as np
import torch

from latentpalette.converters.base import Rows
from latentpalette.converters.groove import GrooveConverter
from latentpalette.models import arrays
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.drums import NAMES

DRUMS = len(NAMES)
HITS, TOUCH = slice(0, DRUMS), slice(DRUMS, None)  # of the columns of a row; the touch is velocities and offsets

# A stroke less likely than this is played too softly, rather than by the quotient of two small errors.
_LEAST_LIKELY = 0.1


def perform(
    model: MusicVAE,
    groove: GrooveConverter,
    heard: Rows,
    written: Rows,
    *,
    given: Rows | None = None,
    temperature: float | None = None,
    seed: int | None = None,
) -> Rows:
    """What the model plays [t, 27] after a performance `heard` [t, 27], over the hits of `written` [t, 27].

    `given` [t, 27] holds what is settled, NaN where the model may choose.
    """
    if not len(heard):
        return heard
    listened, told = _windows(heard, groove.steps), _windows(written, groove.steps)
    steered = (listened[..., HITS], told[..., HITS]) if groove.hits_as_controls else (None, None)
    mu = model.posterior_arrays(np.stack([groove.degraded(each) for each in listened]), controls=steered[0]).mu
    if given is None:
        said = model.decode_arrays(mu, temperature=temperature, seed=seed, controls=steered[1])
    else:
        said = _play_along(model, mu, _windows(given, groove.steps), steered[1], temperature, seed)
    return said.reshape(-1, groove.output_depth)[: len(heard)]


@torch.no_grad()
def _play_along(
    model: MusicVAE, z: Rows, given: Rows, controls: Rows | None, temperature: float | None, seed: int | None
) -> Rows:
    """Decode z [n, z] to rows [n, t, 27], with what is `given` [n, t, 27] said by force; NaN is the model's choice.

    Each step hears what was really played before, as in training. Velocities and offsets were learned with a 0 where
    nothing is hit, so what the model says of them is their mean times the probability of the hit. For a stroke that
    is given, that probability is divided out again.
    """
    n, steps, _ = given.shape
    device, decoder = model.device, model.decoder
    (core,) = decoder.cores
    where = torch.from_numpy(given).to(device)
    steered = arrays.as_controls(controls, n, steps, model.config.control_depth, device)
    warmth = arrays.as_temperature(temperature)
    noise = torch.from_numpy(arrays.generator(seed, "rows").random((n, steps, DRUMS), dtype=np.float32)).to(device)
    played = []
    with arrays.evaluating(model):
        embeddings = decoder.embeddings(torch.from_numpy(z).to(device))  # [n, segments, e]
        row = where.new_zeros(n, core.head.depth)
        for step in range(steps):
            segment, place = divmod(step, decoder.span)
            if place == 0:
                states = core.initial_states(embeddings[:, segment])
            said = [row, embeddings[:, segment]] + ([] if steered is None else [steered[:, step]])
            output, states = core.step(torch.cat(said, 1), states)
            params = core.projection(output)
            fixed = where[:, step]
            likely, touch = core.head.probabilities(params, row).split([DRUMS, 2 * DRUMS], 1)
            chosen = core.head.choose(params, warmth, noise[:, step])[:, HITS]
            forced = ~fixed[:, HITS].isnan()
            hit = torch.where(forced, fixed[:, HITS], chosen)
            share = torch.where(forced, likely.clamp_min(_LEAST_LIKELY), torch.ones_like(likely)).repeat(1, 2)
            touch = (touch / share).clamp(-1, 1)
            touch = torch.where(fixed[:, TOUCH].isnan(), touch, fixed[:, TOUCH])
            row = torch.cat([hit, touch * hit.repeat(1, 2)], 1)
            played.append(row)
    return torch.stack(played, 1).cpu().numpy()


def _windows(rows: Rows, steps: int) -> Rows:
    """Rows [t, ...] as windows [n, steps, ...], the last filled up with silence."""
    missing = -len(rows) % steps
    return np.concatenate([rows, np.zeros((missing, rows.shape[1]), np.float32)]).reshape(-1, steps, rows.shape[1])


def settled(rows: Rows, columns: slice) -> Rows:
    """Rows with these columns settled and the others open."""
    given = np.full_like(rows, np.nan)
    given[:, columns] = rows[:, columns]
    return given
