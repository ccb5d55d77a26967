"""The prior of a style: places of the style, completed by the learned prior of the model that it belongs to.

A place has a few numbers, and stands for the average of all the music that is like it. A z is drawn from the normal
distribution around it that the style has learned, and varied by the learned prior, as a piece is
(`latentpalette.latent.flow_paths.vary_along_flow`): a mixture of it and noise is carried along the flow from the time
at which music and noise are mixed like that. So what the place leaves open is filled with what music is like.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from latentpalette.models.checks import check_z
from latentpalette.models.flow import GUIDANCE, FlowPrior, VelocityField
from latentpalette.models.style import StyleVAE
from latentpalette.progress.parts import Task


class StylePrior(FlowPrior):
    """A prior over z whose samples are in a style.

    Parameters
    ----------
    style : StyleVAE
    prior : FlowPrior or None
        Of the model; None for N(0, I).
    similarity : float [0 to 1]
        The time of the flow that a sample starts from: with 1 the prior fills nothing in, with 0 all.

    Examples
    --------
    >>> prior = StylePrior(StyleVAE(16, 2, width=8), None, 0.5)
    >>> prior.noise_size, prior.sample(np.zeros((3, 18))).shape
    (18, (3, 16))
    """

    def __init__(self, style: StyleVAE, prior: FlowPrior | None, similarity: float) -> None:
        if prior is None:  # an untrained field is that of N(0, I) itself
            with torch.random.fork_rng(devices=[]):
                prior = FlowPrior(VelocityField(style.z_size, width=1, blocks=0))
        super().__init__(prior.field, prior.mean, prior.std, prior.conditions)
        self.style, self.similarity = style, similarity

    @property
    def noise_size(self) -> int:
        """Standard normal numbers that a sample is made of: its place in the style, then what is open."""
        return self.style.size + self.z_size

    def sample(
        self, noise: ArrayLike, conditions: Mapping[str, Any] | None = None, *, guidance: float = GUIDANCE
    ) -> NDArray[np.float32]:
        """Return latent vectors [n, z] for standard normal noise [n, noise_size]; see `FlowPrior.sample`."""
        mixture = self._mixture(noise)
        return self._to_music(self.transport(mixture, self.similarity, 1.0, conditions=conditions, guidance=guidance))

    def sample_in_parts(
        self, noise: ArrayLike, conditions: Mapping[str, Any] | None = None, *, guidance: float = GUIDANCE
    ) -> Task[NDArray[np.float32]]:
        """Return latent vectors as `sample` does, in parts."""
        mixture = self._mixture(noise)
        asked: dict[str, Any] = {"conditions": conditions, "guidance": guidance}
        return self._to_music((yield from self.transport_in_parts(mixture, self.similarity, 1.0, **asked)))

    def _mixture(self, noise: ArrayLike) -> NDArray[np.float32]:
        """Return the mixtures [n, z] of music and noise that the flow starts from."""
        time = self.similarity
        places, rest = torch.from_numpy(check_z(noise, self.noise_size)).tensor_split([self.style.size], 1)
        with torch.inference_mode():
            standardized = (self.style.decode(places) - self.mean) / self.std
            spread = self.style.log_rest.exp() * self.style.scale / self.std
            # The sum of two kinds of noise: around the place, and of the flow at this time.
            noise_std = ((time * spread).square() + (1 - time) ** 2).sqrt()
            mixture: Any = time * standardized + noise_std * rest
        return mixture.numpy()
