"""A model of one's own style: a model of music whose latent space has the few dimensions of a style."""

from __future__ import annotations

import copy
from typing import Any

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from latentpalette.calls import explain_methods
from latentpalette.errors import ModelError
from latentpalette.models.checks import check_z
from latentpalette.models.conditions import Condition
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.network import FloatArray
from latentpalette.models.style import StyleVAE
from latentpalette.models.style_prior import StylePrior
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import check_number

SIMILARITY = 0.5  # nearest to music of the same hand that was not in the files, and hardly ever copies


@explain_methods
class PersonalModel(MusicVAE):
    """A model whose latent space is that of a style: a place in it has 2 to 8 numbers, and sounds like your files.

    It encodes, decodes, interpolates and samples as the model that it is based on, so every instrument takes it:
    ``lp.Palette(mine)`` is a palette whose axes are yours. `lp.personalize` makes one.

    Parameters
    ----------
    base : MusicVAE
        With an encoder. Its weights are shared, not copied.
    style : StyleVAE
        Of the base's latent vectors.
    name : str
    similarity : float [0 to 1]
        How closely samples follow the places of the style: see the attribute.

    Attributes
    ----------
    similarity : float [0 to 1]
        A place says a few things about music; what it leaves open is filled by the base's learned prior, of which
        a sample is the less, the closer this is to 1. 0 samples from the base, whatever the style.

    Raises
    ------
    ModelError
        If the base has no encoder, is a model of a style itself, or has latent vectors of another size.

    Examples
    --------
    >>> import latentpalette as lp
    >>> mine = PersonalModel(lp.load("drums-2bar"), StyleVAE(128, 2), name="mine")
    >>> mine
    PersonalModel(mine: drums-2bar, 32 steps, z 2)
    >>> mine.encode(mine.sample(3, seed=7)).shape
    (3, 2)
    """

    def __init__(self, base: MusicVAE, style: StyleVAE, *, name: str, similarity: float = SIMILARITY) -> None:
        check_base(base)
        if style.z_size != base.config.z_size:
            raise ModelError(
                f"A style of latent vectors of {style.z_size} numbers is not for {base.name}, whose have "
                f"{base.config.z_size}."
            )
        with torch.device("meta"):  # shapes without memory: the parts are those of the base
            super().__init__(base.config.replace(z_size=style.size, gibbs_steps=0, conditions=()), init=False)
        self.encoder, self.mu, self.sigma, self.decoder = base.encoder, base.mu, base.sigma, base.decoder
        self.style = style
        self.base = base
        self.name = name
        self.similarity = check_number(similarity, "A similarity", 0, 1, error=ModelError)
        self.eval()

    def __repr__(self) -> str:
        return f"PersonalModel({self.name}: {self.base.name}, {self.config.steps} steps, z {self.config.z_size})"

    @property
    def conditions(self) -> dict[str, Condition]:
        """The conditions that samples can be asked for, by name: those of the base."""
        return self.base.conditions

    def sample(self, n: int, **options: Any) -> list[NoteSequence]:
        """Sample music in the style; see `MusicVAE.sample` for the options.

        Raises
        ------
        ModelError
            See `MusicVAE.sample`.
        """
        return self._sampler.sample(n, **options)

    @property
    def _sampler(self) -> MusicVAE:
        sampler = copy.copy(self.base)  # the same weights, another prior
        sampler.prior, sampler.name = self.style_prior, self.name
        return sampler

    @property
    def style_prior(self) -> StylePrior:
        """The prior of samples: latent vectors of the base that are in the style."""
        return StylePrior(self.style, self.base.prior, self.similarity)

    def to_base(self, z: ArrayLike) -> FloatArray:
        """Return the latent vectors [n, base's z] of the base that places z [n, z] of the style stand for.

        Examples
        --------
        >>> import latentpalette as lp
        >>> mine = PersonalModel(lp.load("drums-2bar"), StyleVAE(128, 2), name="mine")
        >>> mine.to_base([[0.0, 1.0]]).shape
        (1, 128)
        """
        with torch.inference_mode():
            places = torch.from_numpy(check_z(z, self.config.z_size)).to(self.device)
            vectors: FloatArray = self.style.decode(places).cpu().numpy()
        return vectors

    # --- what all else is built on -------------------------------------------------------------

    def decode_tokens(self, z: ArrayLike, **options: Any) -> list[Tensor]:
        """Decode places of the style to tokens; see `Network.decode_tokens`."""
        return self.base.decode_tokens(self.to_base(z), **options)

    def decoder_z(self, z: ArrayLike) -> FloatArray:
        """Return the latent vectors of the base that places of the style stand for; see `Network.decoder_z`."""
        return self.to_base(z)

    def step_probabilities(self, z: ArrayLike, **options: Any) -> FloatArray:
        """Return the decoder's output probabilities; see `Network.step_probabilities`."""
        return self.base.step_probabilities(self.to_base(z), **options)

    def posterior_torch(
        self, frames: Tensor, lengths: Tensor | None = None, controls: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Encode frames to the mean and standard deviation of a place in the style; see `Network.posterior_torch`."""
        return self.style.encode(self.base.posterior_torch(frames, lengths, controls)[0])

    def teacher_forced(self, z: Tensor, previous: Tensor, controls: Tensor | None = None) -> Tensor:
        """Return the head's parameters under teacher forcing; see `Network.teacher_forced`."""
        return self.base.teacher_forced(self.style.decode(z), previous, controls)


def check_base(base: MusicVAE) -> MusicVAE:
    """Return a model if a style can be built on it.

    Raises
    ------
    ModelError
        If it has no encoder, or is a model of a style itself.
    """
    base.require_encoder()
    if isinstance(base, PersonalModel):
        raise ModelError(f"{base.name} is a model of a style already. Begin with the one that it is based on: .base.")
    return base
