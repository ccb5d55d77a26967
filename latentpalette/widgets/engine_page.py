"""The engine of a page that decodes and encodes by itself: the script of its worker, the kernels and a model."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

from latentpalette.widgets.bundle import STATIC, bundle_esm
from latentpalette.widgets.engine_weights import pack_model

if TYPE_CHECKING:
    from latentpalette.models.network import Network

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


def model_json(network: Network, *, encoder: bool = True, numbers: str = "float16") -> dict[str, Any]:
    """Return kernels and model as JSON, bytes as base64: the argument of ``startEngine``.

    Parameters
    ----------
    network, encoder, numbers
        See `latentpalette.widgets.engine_weights.pack_model`.

    Examples
    --------
    >>> import latentpalette as lp
    >>> sorted(model_json(lp.load("drums-2d")))
    ['kernels', 'matrices', 'meta', 'vectors']
    """
    packed = pack_model(network, encoder=encoder, numbers=numbers)
    parts = {"kernels": kernels(), "matrices": packed.matrices, "vectors": packed.vectors}
    return {"meta": packed.meta} | {name: base64.b64encode(part).decode("ascii") for name, part in parts.items()}
