"""The engine of a page that decodes and encodes by itself: the script of its worker, and the kernels."""

from __future__ import annotations

from functools import cache

from latentpalette.widgets.bundle import STATIC, bundle_esm

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
