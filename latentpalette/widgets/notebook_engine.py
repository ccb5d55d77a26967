"""The engine that the page of a notebook gets from Python: with it, the page decodes what Python would be asked for."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from latentpalette.models.decoders import weight_versions
from latentpalette.widgets.engine_page import kernels, worker_script
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.page_model import PageParts, page_model, runs_in_page

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

MAX_BYTES = 64 << 20  # of weights: what a page takes in a moment, even over a network

_packer = ThreadPoolExecutor(1, thread_name_prefix="latentpalette-engine")


@dataclass(frozen=True)
class NotebookEngine:
    """An engine with a model, as static/engine/page/notebook.js starts it.

    Parameters
    ----------
    key : str
        Two engines with the same key do the same: a page starts one of them. "" is no engine.
    name : str
        Of the model.
    body : dict
        JSON: the model's wiring, its music, and the bytes of each number of its buffers.
    buffers : tuple of bytes
        The script of the worker, then the weights.
    """

    key: str
    name: str
    body: dict[str, Any] = field(repr=False, default_factory=dict)
    buffers: tuple[bytes, ...] = field(repr=False, default=())


# For each model with the versions of its weights.
_packed: MutableMapping[MusicVAE, tuple[object, Future[NotebookEngine]]] = WeakKeyDictionary()


def begin_engine(music: ModelClips) -> Future[NotebookEngine]:
    """Begin to pack the engine of a model in a thread, unless that was done since its weights changed."""
    model = music.model
    state = weight_versions(model.parameters())
    known = _packed.get(model)
    if known is None or known[0] != state:
        known = _packed[model] = state, _packer.submit(pack_engine, music)
    return known[1]


def pack_engine(music: ModelClips) -> NotebookEngine:
    """Return the engine of a model; one without a key if the model is too large for a page, or runs in Python alone.

    Raises
    ------
    ModelError
        If a weight does not fit.

    Examples
    --------
    >>> import latentpalette as lp
    >>> engine = pack_engine(ModelClips.of(lp.load("drums-2d")))
    >>> engine.name, len(engine.key), sorted(engine.body), len(engine.buffers)
    ('drums-2d', 64, ['kernels', 'meta', 'widths'], 3)
    """
    if not runs_in_page(music.model):
        return NotebookEngine("", display_name(music.model))
    packed = page_model(music, PageParts("full", "float16"))
    if sum(len(data) for data, _ in packed.buffers) > MAX_BYTES:
        return NotebookEngine("", packed.name)
    script = worker_script().encode()
    body = {
        "kernels": base64.b64encode(kernels()).decode("ascii"),
        "meta": packed.meta,
        "widths": [width for _, width in packed.buffers],
    }
    buffers = (script, *(data for data, _ in packed.buffers))
    digest = hashlib.sha256(json.dumps(body).encode())
    for data in buffers:
        digest.update(data)
    return NotebookEngine(digest.hexdigest(), packed.name, body, buffers)
