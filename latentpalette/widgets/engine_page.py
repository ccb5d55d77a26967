"""The engine of a page that decodes and encodes by itself: the script of its worker, the kernels and a model."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

from latentpalette.widgets.bundle import STATIC, bundle_esm
from latentpalette.widgets.engine_converter import pack_converter
from latentpalette.widgets.engine_prior import pack_prior
from latentpalette.widgets.engine_weights import EngineModel, pack_model
from latentpalette.widgets.model_clips import ModelClips

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

_ENGINE = STATIC / "engine"


def worker_script() -> str:
    """Return the text of the engine's worker, as ``startEngine`` in ``static/engine/client.js`` takes it.

    Examples
    --------
    >>> "onmessage" in worker_script()
    True
    """
    return bundle_esm(_ENGINE / "worker.js")


@cache
def kernels() -> bytes:
    """Return the WebAssembly module, whose source is ``static/engine/kernels.c``.

    Examples
    --------
    >>> kernels()[1:4], len(kernels()) < 20_000
    (b'asm', True)
    """
    return (_ENGINE / "kernels.wasm").read_bytes()


def model_json(
    model: MusicVAE, *, encoder: bool = True, numbers: str = "float16", prior_numbers: str = "float16"
) -> dict[str, Any]:
    """Return kernels and model as JSON, bytes as base64: the argument of ``startEngine``.

    Parameters
    ----------
    model : MusicVAE
        With the representation of an instrument. Its learned prior, if it has one, comes with it.
    encoder, numbers
        See `latentpalette.widgets.engine_weights.pack_model`.
    prior_numbers : {"float16", "int8"}
        Of the learned prior. With int8 a seed gives other samples than in Python, as good as those.

    Examples
    --------
    >>> import latentpalette as lp
    >>> sorted(model_json(lp.load("drums-2d")))
    ['converter', 'kernels', 'network', 'prior']
    """
    return {
        "kernels": _to_base64(kernels()),
        "network": _weights_json(pack_model(model, encoder=encoder, numbers=numbers)),
        "converter": pack_converter(ModelClips.of(model)),
        "prior": None if model.prior is None else _weights_json(pack_prior(model.prior, numbers=prior_numbers)),
    }


def _weights_json(packed: EngineModel) -> dict[str, Any]:
    return {
        "meta": packed.meta,
        "matrices": _to_base64(packed.matrices),
        "vectors": _to_base64(packed.vectors),
    }


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
