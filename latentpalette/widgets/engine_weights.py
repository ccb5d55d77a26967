"""Weights of a model as the engine in the page reads them: float16 or int8, in the order in which it multiplies.

A matrix [inputs, outputs] lies in panels of 8 outputs: of each panel all inputs in order, 8 numbers each. Outputs come
in blocks (the gates of a cell, the streams of a head), and each block begins a panel; zeros fill the last one up. So do
zeros the inputs that a padded output is. ``static/engine/kernels.c`` multiplies such matrices, ``weights.js`` beside it
reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.errors import ModelError
from latentpalette.models.config import ModelConfig
from latentpalette.validation import check_choice, check_flag

if TYPE_CHECKING:
    from latentpalette.models.core_decoders import CoreDecoder, RNNStack
    from latentpalette.models.encoders import BidirectionalEncoder
    from latentpalette.models.heads import Nade
    from latentpalette.models.network import Network

NUMBERS = ("float16", "int8")
PANEL = 8  # outputs; as in kernels.c
_GATES = {"lstm": 4, "gru": 3}
# Fields of a configuration that the engine reads (NetworkMeta in network.js).
_CONFIG_FIELDS = (
    "name", "steps", "z_size", "input_depth", "output_depth", "control_depth", "encoder_levels", "decoder_levels",
    "enc_rnn_size", "dec_rnn_size", "head", "output_depths", "separate_decoders", "nade_hidden", "expression_weight",
    "cell", "deterministic", "gibbs_steps", "max_attempts", "conditions",
)  # fmt: skip


@dataclass
class EngineWeights:
    """Matrices and vectors in the order in which they are added, and what the engine needs to know of each.

    Parameters
    ----------
    numbers : {"float16", "int8"}
        What the matrices are stored as. int8 has a scale for each output, and takes half the bytes; music decoded with
        it differs from what the model decodes.

    Attributes
    ----------
    matrices, vectors : bytearray
        The numbers of the matrices, and float32 of the vectors.

    Examples
    --------
    >>> weights = EngineWeights()
    >>> weights.add_matrix("mu", np.ones((3, 2)), blocks=[3])
    >>> weights.add_vector("mu.bias", np.ones(3), blocks=[3])
    >>> len(weights.matrices), len(weights.vectors), weights.meta["matrices"]
    (32, 32, [{'name': 'mu', 'inputs': 2, 'blocks': [3]}])
    """

    numbers: str = "float16"
    matrices: bytearray = field(default_factory=bytearray)
    vectors: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        check_choice(self.numbers, "weights", NUMBERS, error=ModelError)
        self.meta: dict[str, Any] = {"numbers": self.numbers, "matrices": [], "vectors": []}

    def add_matrix(
        self, name: str, weight: ArrayLike, *, blocks: Sequence[int], input_blocks: Sequence[int] | None = None
    ) -> None:
        """Add a matrix [outputs, inputs], as torch has it.

        Parameters
        ----------
        name : str
        weight : array-like [shape=(outputs, inputs)]
        blocks : sequence of int
            Sizes of the blocks of outputs.
        input_blocks : sequence of int, optional
            Sizes of the blocks of inputs that are padded outputs; by default the inputs have no padding.

        Raises
        ------
        ModelError
            If a number is not finite, or too large for float16.
        """
        padded = _pad(np.asarray(weight, np.float32), blocks)
        if input_blocks is not None:
            padded = _pad(padded.T, input_blocks).T
        outputs, inputs = padded.shape
        panels = padded.reshape(outputs // PANEL, PANEL, inputs).transpose(0, 2, 1)  # [panels, inputs, 8]
        if self.numbers == "int8":
            largest = np.abs(padded).max(1, initial=0)
            scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
            self.add_vector(f"{name}.scale", scales, blocks=[outputs])
            stored: NDArray[Any] = np.rint(panels / scales.reshape(-1, 1, PANEL)).astype(np.int8)
        else:
            with np.errstate(over="ignore"):  # reported below
                stored = panels.astype("<f2")
        if not np.isfinite(padded).all() or not np.isfinite(stored).all():
            raise ModelError(f"{name}: a weight is not finite, or above 65,504, the largest float16.")
        self.matrices += stored.tobytes()
        self.meta["matrices"].append({"name": name, "inputs": inputs, "blocks": list(blocks)})

    def add_vector(self, name: str, values: ArrayLike, *, blocks: Sequence[int]) -> None:
        """Add a vector, for example a bias, whose blocks are padded as those of a matrix."""
        padded = _pad(np.asarray(values, np.float32), blocks)
        self.vectors += padded.astype("<f4").tobytes()
        self.meta["vectors"].append({"name": name, "size": len(padded)})

    def add_linear(
        self,
        name: str,
        weight: ArrayLike,
        bias: ArrayLike,
        *,
        blocks: Sequence[int],
        input_blocks: Sequence[int] | None = None,
    ) -> None:
        """Add a matrix and its bias."""
        self.add_matrix(name, weight, blocks=blocks, input_blocks=input_blocks)
        self.add_vector(f"{name}.bias", bias, blocks=blocks)


@dataclass(frozen=True)
class EngineModel:
    """A model as a page carries it.

    Parameters
    ----------
    meta : dict
        JSON: what the tensors are, and the sizes of the model.
    matrices, vectors : bytes
        See `EngineWeights`.
    """

    meta: dict[str, Any]
    matrices: bytes
    vectors: bytes


def pack_model(network: Network, *, encoder: bool = True, numbers: str = "float16") -> EngineModel:
    """Return a model as the engine in the page reads it.

    Parameters
    ----------
    network : Network
    encoder : bool
        Whether the page can encode, too. A model without an encoder cannot.
    numbers : {"float16", "int8"}
        Of the matrices. A shipped model loses nothing in float16: that is what its file has.

    Raises
    ------
    ModelError
        If there is no such kind of numbers, or a weight does not fit.

    Examples
    --------
    >>> import latentpalette as lp
    >>> packed = pack_model(lp.load("drums-2d"), encoder=False)
    >>> packed.meta["config"]["steps"], packed.meta["weights"]["numbers"], len(packed.matrices) < 600_000
    (32, 'float16', True)
    """
    config = network.config
    weights = EngineWeights(numbers)
    decoder = network.decoder
    if decoder.conductor is not None:
        _add_stack(weights, "conductor", decoder.conductor)
    for k, core in enumerate(decoder.cores):
        _add_core(weights, f"decoder.{k}", core, config)
    if check_flag(encoder, "encoder", error=ModelError) and config.has_encoder:
        _add_encoder(weights, network)
    meta = {"config": {name: config.to_dict()[name] for name in _CONFIG_FIELDS}, "weights": weights.meta}
    return EngineModel(meta, bytes(weights.matrices), bytes(weights.vectors))


def _add_stack(weights: EngineWeights, name: str, stack: RNNStack) -> None:
    """Add the layers of a decoder or a conductor, and the products that start them; not the first layer's input."""
    initial, bias = _array(stack.initial.weight), _array(stack.initial.bias)
    start = 0
    for k, (layer, units) in enumerate(zip(stack.layers, stack.sizes, strict=True)):
        for state in ("c", "h")[-stack.num_states :]:  # Magenta's order is c before h
            own = slice(start, start + units)
            weights.add_linear(f"{name}.{k}.initial_{state}", initial[own], bias[own], blocks=[units])
            start += units
        _add_layer(weights, f"{name}.{k}", layer.all_weights[0], stack.cell, input_blocks=None, has_input=k > 0)


def _add_core(weights: EngineWeights, name: str, core: CoreDecoder, config: ModelConfig) -> None:
    """Add a core decoder: the first layer's input weights for the token, the embedding and the controls apart."""
    _add_stack(weights, name, core)
    gates = [core.sizes[0]] * _GATES[core.cell]
    parts = {"token": core.head.depth, "embedding": core.initial.in_features, "controls": config.control_depth}
    input_weights, start = _array(core.layers[0].all_weights[0][0]), 0
    for part, depth in parts.items():
        if depth:
            weights.add_matrix(f"{name}.0.from_{part}", input_weights[:, start : start + depth], blocks=gates)
        start += depth
    projection = core.projection
    weights.add_linear(
        f"{name}.projection", _array(projection.weight), _array(projection.bias), blocks=_head_blocks(core, config)
    )
    if config.head == "nade":
        nade = cast("Nade", core.head)
        weights.add_matrix(f"{name}.from_hit", _array(nade.w_enc).T, blocks=[nade.hidden])
        weights.add_matrix(f"{name}.from_hidden", _array(nade.w_dec), blocks=[nade.depth])


def _head_blocks(core: CoreDecoder, config: ModelConfig) -> list[int]:
    """Return the blocks of the numbers that a head takes: each is something of its own."""
    depth = core.head.depth
    if config.head == "groove":
        return [depth // 3] * 3  # hits, velocities, offsets
    if config.head == "nade":
        return [config.nade_hidden, depth]
    if config.head == "multi-out" and not config.separate_decoders:
        return list(config.output_depths)
    return [depth]


def _add_encoder(weights: EngineWeights, network: Network) -> None:
    """Add the encoder's levels, the lowest first, and the means and deviations of the posterior."""
    config, encoder = network.config, network.encoder
    levels: Sequence[BidirectionalEncoder] = getattr(encoder, "levels", [encoder])
    below: list[int] | None = None  # the blocks of what a level reads: forward and backward
    for level, each in enumerate(levels):
        blocks = below
        for k, layer in enumerate(each.layers):
            for direction, tensors in zip(("forward", "backward"), layer.all_weights, strict=True):
                _add_layer(weights, f"encoder.{level}.{k}.{direction}", tensors, config.cell, input_blocks=blocks)
            blocks = [layer.hidden_size] * 2
        below = blocks
    for name, linear in (("mu", network.mu), ("sigma", network.sigma)):
        if name == "mu" or not config.deterministic:
            weight, bias = _array(linear.weight), _array(linear.bias)
            weights.add_linear(name, weight, bias, blocks=[config.z_size], input_blocks=below)


def _add_layer(
    weights: EngineWeights,
    name: str,
    tensors: Sequence[Any],
    cell: str,
    *,
    input_blocks: Sequence[int] | None,
    has_input: bool = True,
) -> None:
    """Add a recurrent layer: the products of its input and of its state, and their biases."""
    weight_ih, weight_hh, bias_ih, bias_hh = (_array(tensor) for tensor in tensors)
    gates = [weight_hh.shape[1]] * _GATES[cell]
    if has_input:
        weights.add_matrix(f"{name}.input", weight_ih, blocks=gates, input_blocks=input_blocks)
    weights.add_matrix(f"{name}.state", weight_hh, blocks=gates)
    if cell == "gru":  # the reset gate applies to the state's share alone
        weights.add_vector(f"{name}.state_bias", bias_hh, blocks=gates)
        weights.add_vector(f"{name}.bias", bias_ih, blocks=gates)
    else:
        weights.add_vector(f"{name}.bias", bias_ih + bias_hh, blocks=gates)


def _array(tensor: Any) -> NDArray[np.float32]:
    """Return a tensor as float32."""
    return np.asarray(tensor.detach().cpu().numpy(), np.float32)


def _pad(values: NDArray[np.float32], blocks: Sequence[int]) -> NDArray[np.float32]:
    """Return an array whose first axis is in blocks, each filled up with zeros to whole panels.

    Examples
    --------
    >>> _pad(np.ones(3, np.float32), [2, 1]).tolist()
    [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    parts = np.split(values, np.cumsum(blocks)[:-1])
    rest = [(0, 0)] * (values.ndim - 1)
    return np.concatenate([np.pad(part, [(0, -len(part) % PANEL), *rest]) for part in parts])
