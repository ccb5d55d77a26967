"""Fast decoding with GRU layers; see `latentpalette.models.fast_decoding.loop` for what makes it fast.

The reset gate of a GRU's candidate applies to the product of the hidden state alone, so a layer's two products stay
two: the input gives [r, z, n], the hidden state gives [r, z, n] as well, and they are combined gate by gate.
"""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.models.core_decoders import CoreDecoder
from latentpalette.models.fast_decoding.loop import DecodeLoop, FastDecoder, addmm
from latentpalette.models.rnn import State


class GRUFastDecoder(FastDecoder):
    """A core decoder of GRU layers, packed for decoding; see `FastDecoder`.

    Attributes
    ----------
    hidden_weights : list of (Tensor [units, 3 units], Tensor [3 units])
        Matrix and bias of each layer's product with its hidden state.
    """

    def pack_weights(self, core: CoreDecoder) -> None:
        """Pack the weights of the layers, then of the projection."""
        self.hidden_weights: list[tuple[Tensor, Tensor]] = []
        for k, layer in enumerate(core.layers):
            weight_ih, weight_hh, bias_ih, bias_hh = (weight.detach() for weight in layer.all_weights[0])
            if k == 0:
                self.split_input_weights(core, weight_ih)
            else:
                self.matrices.append(self.layout(weight_ih))
            self.biases.append(bias_ih)
            self.hidden_weights.append((self.layout(weight_hh), bias_hh))
        self.matrices.append(self.layout(core.projection.weight.detach()))
        self.biases.append(core.projection.bias.detach())

    def make_loop(self, n: int, device: torch.device) -> DecodeLoop:
        """Allocate the buffers for n sequences at a time."""
        return GRULoop(self, n, device)


class GRULayerBuffers:
    """One GRU layer: its matrix, and the buffers that one step fills."""

    def __init__(self, matrix: Tensor, bias: Tensor, n: int, units: int, dtype: torch.dtype) -> None:
        self.matrix, self.bias = matrix, bias
        self.from_input = torch.empty(n, 3 * units, device=bias.device)
        self.from_hidden = torch.empty_like(self.from_input)
        self.hidden = torch.empty(n, units, device=bias.device)
        # What is multiplied: the hidden state itself, unless the products have a narrower dtype.
        self.output = self.hidden if dtype == torch.float32 else torch.empty_like(self.hidden, dtype=dtype)
        self.gates, self.candidate = self.from_input.split([2 * units, units], 1)
        self.hidden_gates, self.hidden_candidate = self.from_hidden.split([2 * units, units], 1)
        self.r, self.z = self.gates.split(units, 1)

    def set_hidden(self, hidden: Tensor) -> None:
        """Set the hidden state, and its copy in the dtype of the products."""
        self.hidden.copy_(hidden)
        if self.output is not self.hidden:
            self.output.copy_(hidden)

    def run(self) -> None:
        """Run one step over what `from_input` holds: h = (1 - z) n + z h, n = tanh(from_input + r * from_hidden)."""
        addmm(self.bias, self.output, self.matrix, out=self.from_hidden)
        self.gates.add_(self.hidden_gates).sigmoid_()
        torch.addcmul(self.candidate, self.r, self.hidden_candidate, out=self.candidate)
        self.candidate.tanh_()
        self.set_hidden(torch.lerp(self.candidate, self.hidden, self.z))


class GRULoop:
    """The buffers of one run over GRU layers; see `DecodeLoop`."""

    def __init__(self, decoder: GRUFastDecoder, n: int, device: torch.device) -> None:
        self.decoder = decoder
        pairs = zip(decoder.sizes, decoder.hidden_weights, strict=True)
        self.layers = [GRULayerBuffers(matrix, bias, n, units, decoder.dtype) for units, (matrix, bias) in pairs]

    def start(self, states: list[State]) -> None:
        """Set the states of the layers."""
        for layer, (h,) in zip(self.layers, states, strict=True):
            layer.set_hidden(h)

    def step(self, base: Tensor, token: Tensor | None) -> Tensor:
        """Return the head's parameters after a token; see `DecodeLoop.step`."""
        decoder, from_input = self.decoder, self.layers[0].from_input
        if token is None:
            from_input.copy_(base)
        else:
            decoder.head.embed_into(token, decoder.token_weights, out=from_input).add_(base)
        for k, layer in enumerate(self.layers):
            if k:
                below = self.layers[k - 1].output
                addmm(decoder.biases[k], below, decoder.matrices[k - 1], out=layer.from_input)
            layer.run()
        return addmm(decoder.biases[-1], self.layers[-1].output, decoder.matrices[-1])
