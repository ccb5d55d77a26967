"""Networks in the engine of the page, run in node, beside those in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.models.config import ModelConfig
from latentpalette.models.network import Network
from latentpalette.models.tokens import concat_tokens
from latentpalette.widgets.bundle import STATIC
from latentpalette.widgets.engine_weights import pack_model
from tests.widgets.engine.node_process import Node

SCRIPT = Path(__file__).with_name("networks.mjs")
BUILT = STATIC / "engine" / "kernels.wasm"


class PageNetwork:
    """A network as a page has it, with options of `pack_model`."""

    def __init__(self, node: Node, network: Network, **options: Any) -> None:
        self.node, self.config = node, network.config
        packed = pack_model(network, **options)
        node.call(SCRIPT, "loadNetwork", BUILT.read_bytes(), packed.meta, packed.matrices, packed.vectors)

    def decode(self, z: NDArray, **options: Any) -> NDArray:
        """Decode z to tokens [n, t, k]."""
        tokens = self.node.call(SCRIPT, "decode", z, options)
        return tokens.reshape(len(z), self.config.steps, -1) if len(z) else tokens

    def encode(self, frames: NDArray, **options: Any) -> dict[str, NDArray]:
        """Encode frames: mu and sigma [n, z]."""
        posterior = self.node.call(SCRIPT, "encode", frames, len(frames), options)
        return {name: part.reshape(-1, self.config.z_size) for name, part in posterior.items()}


def decode_in_python(network: Network, z: NDArray, **options: Any) -> NDArray:
    """Decode the same with the options of the page."""
    options = {{"uniforms": "noise"}.get(name, name): value for name, value in options.items()}
    return concat_tokens(network.decode_tokens(z, **options)).cpu().numpy()


def random_network(config: ModelConfig, scale: float = 0.2) -> Network:
    """A network whose random weights the page has to the bit."""
    rng, network = np.random.default_rng(0), Network(config)
    for parameter in network.parameters():
        parameter.detach().numpy()[...] = rng.normal(0, scale, parameter.shape).astype(np.float16)
    return network
