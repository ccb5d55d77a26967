"""Fast decoding with LSTM layers; see `latentpalette.models.fast_decoding.loop` for what makes it fast."""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.models.core_decoders import CoreDecoder
from latentpalette.models.fast_decoding.loop import DecodeLoop, FastDecoder, addmm, tanh
from latentpalette.models.rnn import State


class LSTMFastDecoder(FastDecoder):
    """A core decoder of LSTM layers, packed for decoding; see `FastDecoder`."""

    def pack_weights(self, core: CoreDecoder) -> None:
        """Pack the weights of the layers, then of the projection."""
        weights: list[Tensor] = []
        for layer in core.layers:
            units = layer.hidden_size
            parameters = layer.all_weights[0]
            weight_ih, weight_hh = (_halve_gates(weight, units) for weight in parameters[:2])
            bias = _halve_gates(parameters[2] + parameters[3], units)
            # Divided by 2 because an output is stored as its double, see LSTMLayerBuffers.run.
            if not weights:
                self.split_input_weights(core, weight_ih)
                weights.append(weight_hh / 2)
            else:
                weights.append(torch.cat([weight_ih, weight_hh], 1) / 2)
            self.biases.append(bias)
        weights.append(core.projection.weight / 2)
        self.biases.append(core.projection.bias.detach())
        self.matrices = [self.layout(weight) for weight in weights]

    def make_loop(self, n: int, device: torch.device) -> DecodeLoop:
        """Allocate the buffers for n sequences at a time."""
        return LSTMLoop(self, n, device)


class LSTMLayerBuffers:
    """One LSTM layer: its matrix, and the buffers that one step fills.

    With a bias, the gates are bias plus product; without one, the product is added to what they hold.
    """

    def __init__(self, matrix: Tensor, bias: Tensor | None, *, inputs: Tensor, output: Tensor) -> None:
        n, units = output.shape
        self.matrix = matrix
        self.inputs = inputs
        self.output = output
        self.gates = torch.empty(n, 4 * units, device=output.device)
        self.addend = self.gates if bias is None else bias
        self.i, self.f, self.g, self.o = self.gates.split(units, 1)
        self.cell = torch.empty(n, units, device=output.device)
        self.tanh_cell = torch.empty_like(self.cell)

    def run(self) -> None:
        """Run one step.

        With tanh for every gate, i = (1 + i') / 2 and so on:
        c = ((1 + f') c + (1 + i') g) / 2, the mean of two numbers, and 2 h = (1 + o') tanh(c). The double is stored.
        """
        addmm(self.addend, self.inputs, self.matrix, out=self.gates)
        tanh(self.gates, out=self.gates)
        torch.addcmul(self.cell, self.f, self.cell, out=self.cell)
        torch.addcmul(self.g, self.i, self.g, out=self.g)
        torch.lerp(self.cell, self.g, 0.5, out=self.cell)
        tanh(self.cell, out=self.tanh_cell)
        torch.addcmul(self.tanh_cell, self.o, self.tanh_cell, out=self.output)


class LSTMLoop:
    """The buffers of one run over LSTM layers; see `DecodeLoop`."""

    layer_type: type[LSTMLayerBuffers] = LSTMLayerBuffers

    def __init__(self, decoder: FastDecoder, n: int, device: torch.device) -> None:
        self.decoder = decoder
        sizes = decoder.sizes
        # All outputs lie side by side, so that a layer's input and hidden state are adjacent columns.
        outputs = torch.empty(n, sum(sizes), dtype=decoder.dtype, device=device)
        self.layers: list[LSTMLayerBuffers] = []
        input_start = start = 0
        for units, matrix, bias in zip(sizes, decoder.matrices, [None, *decoder.biases[1:]], strict=False):
            inputs, output = outputs[:, input_start : start + units], outputs[:, start : start + units]
            self.layers.append(self.layer_type(matrix, bias, inputs=inputs, output=output))
            input_start, start = start, start + units
        self.top = self.layers[-1].output

    def start(self, states: list[State]) -> None:
        """Set the states of the layers."""
        for layer, (h, c) in zip(self.layers, states, strict=True):
            layer.output.copy_(2 * h)
            layer.cell.copy_(c)

    def step(self, base: Tensor, token: Tensor | None) -> Tensor:
        """Return the head's parameters after a token; see `DecodeLoop.step`."""
        decoder, gates = self.decoder, self.layers[0].gates
        if token is None:
            gates.copy_(base)
        else:
            decoder.head.embed_into(token, decoder.token_weights, out=gates).add_(base)
        for layer in self.layers:
            layer.run()
        return self.project()

    def project(self) -> Tensor:
        """Return the head's parameters for the top layer's output."""
        return addmm(self.decoder.biases[-1], self.top, self.decoder.matrices[-1])


def _halve_gates(values: Tensor, units: int) -> Tensor:
    """Halve what enters the gates i, f and o; g stays as it is. `values` [4 units, ...]."""
    halved = values.detach() / 2
    halved[2 * units : 3 * units] *= 2
    return halved
