"""Decoding in parts: a few steps of all sequences at a time, and other things in between.

Most of a step's time is that of its many small operations, however few sequences there are. So many sequences are
decoded together, and the loop over their steps is what is divided.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from latentpalette.models.checks import check_controls
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.network import Network
from latentpalette.models.workers import inferring
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.parts import Task

MUSIC_WORK = 30  # of making music of a sequence; see `latentpalette.progress.parts`


def tokens_in_parts(
    model: Network,
    z: ArrayLike,
    *,
    temperature: float | None = None,
    noise: ArrayLike | None = None,
    controls: ArrayLike | None = None,
) -> Task[list[Tensor]]:
    """Decode z [n, z] to tokens as `Network.decode_tokens` does."""
    latents = torch.from_numpy(model.decoder_z(z)).to(model.device)
    uniforms = None if noise is None else torch.from_numpy(np.require(noise, np.float32, ["C", "W"])).to(model.device)
    steps, depth = model.config.steps, model.config.control_depth
    conditions = check_controls(controls, len(latents), steps, depth, model.device)
    decoder = model.decoder
    parts = decoder.decode_in_parts(latents, temperature=temperature, controls=conditions, noise=uniforms)
    return (yield from inferring(parts))


def music_in_parts(model: MusicVAE, z: ArrayLike, *, controls: ArrayLike | None = None) -> Task[list[NoteSequence]]:
    """Decode z [n, z] to music as `MusicVAE.decode` does, arg-max.

    Examples
    --------
    >>> import latentpalette as lp
    >>> from latentpalette.progress.parts import finish
    >>> model = lp.load("drums-2bar")
    >>> z = model.encode(model.sample(3, seed=7))
    >>> finish(music_in_parts(model, z)) == model.decode(z)
    True
    """
    tokens = yield from tokens_in_parts(model, z, controls=controls)
    music = []
    for frames in model.iter_frames(tokens):
        yield MUSIC_WORK
        music.append(model.converter.decode(frames))
    return music
