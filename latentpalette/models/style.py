"""A style: a small variational autoencoder of latent vectors, fitted to those of a handful of pieces.

Source: Dinculescu, Engel, Roberts (2019), "MidiMe: Personalizing a MusicVAE model with user data"; how it is trained is
in `latentpalette.training.personalize`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.models.rnn import UninitializedLinear

MIN_SIZE, MAX_SIZE = 2, 8
MAX_WIDTH = 1024  # of a file
WIDTH = 128


class StyleVAE(nn.Module):
    """A variational autoencoder of latent vectors z, whose own latent space has a few dimensions.

    Its weights are 0 until they are fitted or loaded: every place is the mean.

    Parameters
    ----------
    z_size : int
        Of the latent vectors that it encodes.
    size : int [2 to 8]
        Dimensions of its latent space.
    width : int
        Hidden units of its encoder and its decoder.

    Attributes
    ----------
    mean : Tensor [z]
        Of the latent vectors that it was fitted to.
    scale : Tensor [1]
        Their spread around it, one number for all dimensions.
    log_rest : Tensor [z]
        Logarithm of the standard deviation of what a place leaves open, relative to `scale`.

    Examples
    --------
    >>> style = StyleVAE(16, 2, width=8).requires_grad_(False)
    >>> mu, sigma = style.encode(torch.zeros(3, 16))
    >>> mu.shape, style.decode(mu).shape
    (torch.Size([3, 2]), torch.Size([3, 16]))
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, z_size: int, size: int, *, width: int = WIDTH) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(z_size))
        self.register_buffer("scale", torch.ones(1))
        self.hidden = UninitializedLinear(z_size, width)
        self.mu = UninitializedLinear(width, size)
        self.log_sigma = UninitializedLinear(width, size)
        self.straight = UninitializedLinear(size, z_size)  # the map is this, bent by the two layers below
        self.bend = UninitializedLinear(size, width)
        self.bent = UninitializedLinear(width, z_size, bias=False)
        self.log_rest = nn.Parameter(torch.zeros(z_size))
        for value in self.parameters():
            nn.init.zeros_(value)

    @property
    def z_size(self) -> int:
        """Dimensions of the latent vectors that it encodes."""
        return len(self.mean)

    @property
    def size(self) -> int:
        """Dimensions of its latent space."""
        return self.mu.out_features

    def encode(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Encode latent vectors [n, z] to means and standard deviations, both [n, size]."""
        mu, log_sigma = self.posterior((z - self.mean) / self.scale)
        return mu, log_sigma.exp()

    def decode(self, places: Tensor) -> Tensor:
        """Decode places [n, size] to latent vectors [n, z]."""
        return self.expected(places) * self.scale + self.mean

    def posterior(self, standardized: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mean and the logarithm of the standard deviation of standardized latent vectors [n, z]."""
        hidden = functional.silu(self.hidden(standardized))
        return self.mu(hidden), self.log_sigma(hidden)

    def expected(self, places: Tensor) -> Tensor:
        """Return the standardized latent vectors [n, z] that places [n, size] stand for."""
        vectors: Tensor = self.straight(places) + self.bent(functional.silu(self.bend(places)))
        return vectors
