"""Networks in the engine of the page, run in node, beside those in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.models.network import Network
from latentpalette.models.tokens import concat_tokens
from latentpalette.widgets.bundle import STATIC
from latentpalette.widgets.engine_weights import pack_model
from tests.widgets.engine.node import run_node

START = """
import { startMemory } from "./engine/memory.js";
import { Network } from "./engine/network.js";
const memory = await startMemory(given.kernels);
const network = new Network(memory, given.meta, given.matrices, given.vectors);
"""
DECODE = START + "const result = given.calls.map(({ z, ...options }) => network.decode(z, options));"


def given_network(network: Network, **options: Any) -> dict[str, Any]:
    """What a script that begins with `START` finds: the kernels and a packed network."""
    packed = pack_model(network, **options)
    return {
        "kernels": np.fromfile(STATIC / "engine" / "kernels.wasm", np.uint8),
        "meta": packed.meta,
        "matrices": np.frombuffer(packed.matrices, np.uint8),
        "vectors": np.frombuffer(packed.vectors, np.uint8),
    }


def decode_in_page(network: Network, calls: list[dict[str, Any]], **options: Any) -> list[NDArray]:
    """Decode z several times, each with options of its own; tokens [n, t, k]."""
    steps = network.config.steps
    results = run_node(DECODE, {**given_network(network, **options), "calls": calls})
    return [
        tokens.reshape(len(call["z"]), steps, -1) if len(call["z"]) else tokens
        for tokens, call in zip(results, calls, strict=True)
    ]


def decode_in_python(network: Network, call: dict[str, Any]) -> NDArray:
    """Decode the same with the options of the page."""
    options = {{"uniforms": "noise"}.get(name, name): value for name, value in call.items()}
    return concat_tokens(network.decode_tokens(options.pop("z"), **options)).cpu().numpy()
