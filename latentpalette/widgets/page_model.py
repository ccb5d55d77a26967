"""The model that a page carries, so that it decodes, samples and encodes without Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from latentpalette.errors import PaletteError
from latentpalette.models.personal import PersonalModel
from latentpalette.validation import check_choice
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.engine_converter import pack_converter
from latentpalette.widgets.engine_prior import pack_prior
from latentpalette.widgets.engine_style import pack_style
from latentpalette.widgets.engine_weights import NUMBERS, pack_model
from latentpalette.widgets.model_clips import ModelClips, display_name

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
        JSON: the network's wiring, its music, its learned prior, its style where it is the model of one.
    buffers : tuple of (bytes, int)
        The matrices and vectors of the network, then those of the prior, each with the bytes of a number; the vectors
        of the style.
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
        If a weight does not fit.

    Examples
    --------
    >>> import latentpalette as lp
    >>> music = ModelClips.of(lp.load("drums-2d"))
    >>> model = page_model(music, PageParts("full", "float16"))
    >>> model, sum(len(data) for data, _ in model.buffers) < 2_000_000
    (PageModel(name='drums-2d', encodes=True), True)
    """
    if music.chords:
        name = display_name(music.model)
        raise PaletteError(
            f"A page does not decode over chords: leave out model=, and it plays what {name} has decoded."
        )
    model, style = music.model, None
    prior, base, name = model.prior, model, display_name(model)
    if isinstance(model, PersonalModel):
        base, prior, style = model.base, model.style_prior, pack_style(model)
        name += f" {hashlib.sha256(style.vectors).hexdigest()[:8]}"  # two styles may have one name
    encodes = parts.model == "full"
    network = pack_model(base, encoder=encodes, numbers=parts.weights)
    meta: dict[str, Any] = {
        "network": network.meta,
        "converter": pack_converter(music),
        "prior": None,
        "style": None,
        "known": [],
    }
    buffers = [(network.matrices, 2 if parts.weights == "float16" else 1), (network.vectors, 4)]
    if prior is not None:
        packed = pack_prior(prior)
        meta["prior"] = packed.meta
        buffers += [(packed.matrices, 2), (packed.vectors, 4)]
    if style is not None:
        meta["style"] = style.meta
        buffers.append((style.vectors, 4))
    if encoded and not encodes:
        posterior = music.posterior(encoded)
        meta["known"] = [
            {"clip": clip.to_json(), "mu": mu.tolist(), "sigma": sigma.tolist()}
            for clip, mu, sigma in zip(encoded, posterior.mu, posterior.sigma, strict=True)
        ]
    return PageModel(name, encodes, meta, tuple(buffers))
