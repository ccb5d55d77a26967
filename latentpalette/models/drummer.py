"""A groove model at work: a performance of any length in, window by window, and one as long out."""

from __future__ import annotations

import numpy as np
import torch

from latentpalette.converters.base import Rows
from latentpalette.converters.groove import TAP_CLASS, GrooveConverter
from latentpalette.models import checks
from latentpalette.models.heads import Groove
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.drums import NAMES

DRUMS = len(NAMES)
HITS, TOUCH = slice(0, DRUMS), slice(DRUMS, None)  # of the columns of a row; the touch is velocities and offsets
OFFSETS = slice(2 * DRUMS, None)


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
        mine = _windows(given, groove.steps)
        said = play_along(model, mu, mine, controls=steered[1], temperature=temperature, seed=seed)
    return said.reshape(-1, groove.output_depth)[: len(heard)]


@torch.no_grad()
def play_along(
    model: MusicVAE,
    z: Rows,
    given: Rows,
    *,
    controls: Rows | None = None,
    temperature: float | None = None,
    seed: int | None = None,
) -> Rows:
    """Decode z [n, z] to rows [n, t, 27], with what is `given` [n, t, 27] said by force; NaN is the model's choice.

    Each step hears what was really played before, as in training, and a stroke that is given is played as if the
    model had been sure of it (`latentpalette.models.heads.Groove.touch_of_strokes`).
    """
    n, steps, _ = given.shape
    device, decoder = model.device, model.decoder
    (core,) = decoder.cores
    head = core.head
    assert isinstance(head, Groove)  # who calls has a groove converter
    where = torch.from_numpy(given).to(device)
    steered = checks.as_controls(controls, n, steps, model.config.control_depth, device)
    warmth = checks.as_temperature(temperature)
    noise = torch.from_numpy(checks.generator(seed, "rows").random((n, steps, DRUMS), dtype=np.float32)).to(device)
    played = []
    with checks.evaluating(model):
        embeddings = decoder.embeddings(torch.from_numpy(z).to(device))  # [n, segments, e]
        row = where.new_zeros(n, head.depth)
        for step in range(steps):
            segment, place = divmod(step, decoder.span)
            if place == 0:
                states = core.initial_states(embeddings[:, segment])
            said = [row, embeddings[:, segment]] + ([] if steered is None else [steered[:, step]])
            output, states = core.step(torch.cat(said, 1), states)
            params = core.projection(output)
            fixed = where[:, step]
            chosen, as_said = head.choose(params, warmth, noise[:, step]).split([DRUMS, 2 * DRUMS], 1)
            forced = ~fixed[:, HITS].isnan()
            hit = torch.where(forced, fixed[:, HITS], chosen)
            touch = torch.where(forced.repeat(1, 2), head.touch_of_strokes(params), as_said)
            touch = torch.where(fixed[:, TOUCH].isnan(), touch, fixed[:, TOUCH])
            row = torch.cat([hit, touch * hit.repeat(1, 2)], 1)
            played.append(row)
    return torch.stack(played, 1).cpu().numpy()


def _windows(rows: Rows, steps: int) -> Rows:
    """Rows [t, ...] as windows [n, steps, ...], the last filled up with silence."""
    missing = -len(rows) % steps
    return np.concatenate([rows, np.zeros((missing, rows.shape[1]), np.float32)]).reshape(-1, steps, rows.shape[1])


def as_tapped(said: Rows, taps: Rows) -> Rows:
    """Each stroke of what is `said` [..., 27] as early or late as the tap in its step; where there is none, as said.

    `taps` [..., 27] are what the encoder sees (`GrooveConverter.degraded`).

    Examples
    --------
    >>> said, taps = np.zeros((2, 27), np.float32), np.zeros((2, 27), np.float32)
    >>> said[:, [0, 18]] = 1, 0.5
    >>> taps[0, [TAP_CLASS, 18 + TAP_CLASS]] = 1, -0.25
    >>> as_tapped(said, taps)[:, 18].tolist()
    [-0.25, 0.5]
    """
    struck = (said[..., HITS] > 0.5) & (taps[..., [TAP_CLASS]] > 0.5)
    played = said.copy()
    played[..., OFFSETS] = np.where(struck, taps[..., [2 * DRUMS + TAP_CLASS]], said[..., OFFSETS])
    return played


def settled(rows: Rows, columns: slice) -> Rows:
    """Rows with these columns settled and the others open."""
    given = np.full_like(rows, np.nan)
    given[:, columns] = rows[:, columns]
    return given
