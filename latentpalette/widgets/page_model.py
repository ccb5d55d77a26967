"""The model that a page carries, so that it decodes, samples and encodes without Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from latentpalette.errors import PaletteError
from latentpalette.validation import check_choice
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.engine_converter import pack_converter
from latentpalette.widgets.engine_prior import pack_prior
from latentpalette.widgets.engine_weights import NUMBERS, pack_model
from latentpalette.widgets.model_clips import ModelClips, display_name

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

PARTS = ("none", "decoder", "full")


@dataclass(frozen=True)
class PageModel:
    """A model as the engine of a page reads it (static/engine/page/model.js).

    Parameters
    ----------
    name : str
    encodes : bool
        True if it has its encoder.
    meta : dict
        JSON: the network's wiring, its music, its learned prior.
    buffers : tuple of (bytes, int)
        The matrices and vectors of the network, then those of the prior, each with the bytes of a number.
    """

    name: str
    encodes: bool
    meta: dict[str, Any] = field(repr=False)
    buffers: tuple[tuple[bytes, int], ...] = field(repr=False)


class PageParts(NamedTuple):
    """The parts that a page carries of the models that it plays.

    Parameters
    ----------
    model : {"none", "decoder", "full"}
    weights : {"float16", "int8"}
    """

    model: str
    weights: str

    @classmethod
    def checked(cls, model: Any, weights: Any) -> PageParts:
        """Return checked parts.

        Raises
        ------
        PaletteError
            If there is no such part, or no such way to store weights.
        """
        weights = check_choice(weights, "weights", list(NUMBERS), error=PaletteError)
        return cls(check_parts(model), weights)


NO_MODEL = PageParts("none", "float16")


def check_parts(value: Any) -> str:
    """Return what a page carries of a model: one of `PARTS`."""
    return check_choice(value, "model", list(PARTS), error=PaletteError)


def runs_in_page(model: MusicVAE) -> bool:
    """Return whether the engine of a page has all parts of a model; not those of the model of a style.

    Examples
    --------
    >>> import latentpalette as lp
    >>> runs_in_page(lp.load("drums-2d"))
    True
    """
    from latentpalette.models.personal import PersonalModel

    return not isinstance(model, PersonalModel)


def page_model(music: ModelClips, parts: PageParts, encoded: Sequence[Clip] = ()) -> PageModel:
    """Return a model as a page carries it.

    Parameters
    ----------
    music : ModelClips
    parts : PageParts
        Not "none".
    encoded : sequence of Clip
        Those whose posterior means are packed for a page without an encoder.

    Raises
    ------
    PaletteError
        If it is the model of a style, or a weight does not fit.

    Examples
    --------
    >>> import latentpalette as lp
    >>> music = ModelClips.of(lp.load("drums-2d"))
    >>> model = page_model(music, PageParts("full", "float16"))
    >>> model, sum(len(data) for data, _ in model.buffers) < 2_000_000
    (PageModel(name='drums-2d', encodes=True), True)
    """
    if not runs_in_page(music.model):
        raise PaletteError(
            f"{display_name(music.model)} is the model of a style, which runs in Python alone: a page plays what is "
            'decoded, and carries no such model. Write it with model="none".'
        )
    encodes = parts.model == "full"
    network = pack_model(music.model, encoder=encodes, numbers=parts.weights)
    meta: dict[str, Any] = {"network": network.meta, "converter": pack_converter(music), "prior": None, "known": []}
    buffers = [(network.matrices, 2 if parts.weights == "float16" else 1), (network.vectors, 4)]
    if music.model.prior is not None:
        prior = pack_prior(music.model.prior)
        meta["prior"] = prior.meta
        buffers += [(prior.matrices, 2), (prior.vectors, 4)]
    if encoded and not encodes:
        posterior = music.model.posterior_arrays(music.encoder_inputs(encoded))
        meta["known"] = [
            {"clip": clip.to_json(), "mu": mu.tolist(), "sigma": sigma.tolist()}
            for clip, mu, sigma in zip(encoded, posterior.mu, posterior.sigma, strict=True)
        ]
    return PageModel(display_name(music.model), encodes, meta, tuple(buffers))
