"""The engine that the page of a notebook gets from Python: with it, the page decodes what Python would be asked for."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import MutableMapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from latentpalette.models.decoders import weight_versions
from latentpalette.widgets.engine_page import kernels, worker_script
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.page_model import PageParts, page_model

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

MAX_BYTES = 64 << 20  # of weights: what a page takes in a moment, even over a network

_packer = ThreadPoolExecutor(1, thread_name_prefix="latentpalette-engine")


@dataclass(frozen=True, eq=False)
class PackedModel:
    """A model as the engine of a page takes it.

    Parameters
    ----------
    key : str
        Of what it does: models that do the same have the same one. "" is a model that no page takes.
    name : str
    body : dict
        JSON: the model's wiring, its music, and the bytes of each number of its buffers.
    buffers : tuple of bytes
        Its weights.
    """

    key: str
    name: str
    body: dict[str, Any] = field(repr=False, default_factory=dict)
    buffers: tuple[bytes, ...] = field(repr=False, default=())


@dataclass(frozen=True)
class NotebookEngine:
    """An engine with the models of an instrument, as static/engine/page/notebook.js starts it.

    Parameters
    ----------
    key : str
        Two engines with the same key do the same: a page starts one of them.
    body : dict
        JSON: the kernels, and the models.
    buffers : tuple of bytes
        The script of the worker, then the weights of each model.
    """

    key: str
    body: dict[str, Any] = field(repr=False)
    buffers: tuple[bytes, ...] = field(repr=False)


# For each model with what it depends on.
_packed: MutableMapping[MusicVAE, tuple[object, Future[PackedModel]]] = WeakKeyDictionary()


def begin_packing(music: ModelClips) -> Future[PackedModel]:
    """Begin to pack a model in a thread, unless that was done since it changed."""
    model = music.model
    state = weight_versions(model.parameters()), getattr(model, "similarity", None)
    known = _packed.get(model)
    if known is None or known[0] != state:
        known = _packed[model] = state, _packer.submit(pack, music)
    return known[1]


def pack(music: ModelClips) -> PackedModel:
    """Return a model as a page takes it; one without a key if it is too large for a page.

    Raises
    ------
    ModelError
        If a weight does not fit.

    Examples
    --------
    >>> import latentpalette as lp
    >>> packed = pack(ModelClips.of(lp.load("drums-2d")))
    >>> packed.name, len(packed.key), sorted(packed.body), len(packed.buffers)
    ('drums-2d', 64, ['meta', 'name', 'widths'], 2)
    """
    if music.chords:
        return PackedModel("", display_name(music.model))  # pages do not decode over chords yet
    packed = page_model(music, PageParts("full", "float16"))
    buffers = tuple(data for data, _ in packed.buffers)
    if sum(map(len, buffers)) > MAX_BYTES:
        return PackedModel("", packed.name)
    body = {"name": packed.name, "meta": packed.meta, "widths": [width for _, width in packed.buffers]}
    digest = hashlib.sha256(json.dumps(body).encode())
    for data in buffers:
        digest.update(data)
    return PackedModel(digest.hexdigest(), packed.name, body, buffers)


def engine_of(models: Sequence[PackedModel]) -> NotebookEngine:
    """Return the engine that has some models.

    Examples
    --------
    >>> import latentpalette as lp
    >>> engine = engine_of([pack(ModelClips.of(lp.load("drums-2d")))])
    >>> sorted(engine.body), len(engine.buffers)
    (['kernels', 'models'], 3)
    """
    body = {"kernels": base64.b64encode(kernels()).decode("ascii"), "models": [model.body for model in models]}
    weights = [data for model in models for data in model.buffers]
    script = worker_script().encode()
    key = hashlib.sha256(b" ".join([script, *(model.key.encode() for model in models)])).hexdigest()
    return NotebookEngine(key, body, (script, *weights))
