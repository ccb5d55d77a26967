"""Fast decoding of a single sequence with LSTM layers on the CPU, in NumPy.

One sequence is so little work per step that the overhead of torch's calls is most of the time: with NumPy, whose calls
start sooner, a loop of 32 steps takes 3.4 ms instead of 8.0 (two cores, 2 x 256 units).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from latentpalette.models.fast_decoding.loop import DecodeLoop, FastDecoder
from latentpalette.models.fast_decoding.lstm import LSTMFastDecoder, LSTMLayerBuffers, LSTMLoop

MAX_SINGLE_THREAD_SIZE = 400_000  # numbers of a matrix that OpenBLAS multiplies in one thread (its limit: 460,800)
MIN_TORCH_SIZE = 2_000_000  # numbers of a matrix above which the product is torch's


class SingleSequenceLSTMFastDecoder(LSTMFastDecoder):
    """A core decoder of LSTM layers, packed for one sequence on the CPU, in float32; see `FastDecoder`."""

    def layout(self, weight: Tensor) -> Tensor:
        """Return [inputs, outputs] whose memory is [outputs, inputs].

        The product of one row runs at the speed of memory, and then reads it from end to end.
        """
        return weight.contiguous().t()

    def make_loop(self, n: int, device: torch.device) -> DecodeLoop:
        """Allocate the buffers for one sequence."""
        return SingleSequenceLoop(self, n, device)


class SingleSequenceMatVec:
    """The product of one row [1, inputs] with a matrix [inputs, outputs], always into the same memory.

    For one row NumPy's BLAS is faster, unless its threads compete with others for the same cores. Splitting the matrix
    below OpenBLAS's threading threshold keeps it single-threaded. Large matrices are left to torch.
    """

    def __init__(self, matrix: Tensor, *, inputs: Tensor, output: Tensor) -> None:
        weight, input_row, output_row = matrix.t().numpy(), inputs.numpy()[0], output.numpy()[0]
        size = max(1, MAX_SINGLE_THREAD_SIZE // len(input_row))  # outputs per block
        self._blocks = [
            (weight[start : start + size], output_row[start : start + size]) for start in range(0, len(weight), size)
        ]
        self._input_row = input_row
        self._torch_operands = (inputs, matrix, output) if weight.size > MIN_TORCH_SIZE else None

    def __call__(self) -> None:
        """Multiply what the inputs hold now."""
        if self._torch_operands:
            inputs, matrix, output = self._torch_operands
            torch.mm(inputs, matrix, out=output)
            return
        for weight, output_row in self._blocks:
            np.dot(weight, self._input_row, out=output_row)


class SingleSequenceLayer(LSTMLayerBuffers):
    """One LSTM layer for one sequence: NumPy views of the same buffers."""

    def __init__(self, matrix: Tensor, bias: Tensor | None, *, inputs: Tensor, output: Tensor) -> None:
        super().__init__(matrix, bias, inputs=inputs, output=output)
        self._output = output.numpy()[0]
        self._gates, self._addend = self.gates.numpy()[0], self.addend.numpy().reshape(-1)
        self._i, self._f, self._g, self._o = self._gates.reshape(4, -1)
        self._i_and_f = self._gates[: 2 * len(self._i)]
        self._cell, self._tanh_cell = self.cell.numpy()[0], self.tanh_cell.numpy()[0]
        product = torch.empty_like(self.gates)
        self._product = product.numpy()[0]
        self._multiply = SingleSequenceMatVec(matrix, inputs=inputs, output=product)

    def run(self) -> None:
        """Run one step; see `LSTMLayerBuffers.run`."""
        self._multiply()
        np.add(self._product, self._addend, out=self._gates)
        np.tanh(self._gates, out=self._gates)
        np.add(self._i_and_f, 1, out=self._i_and_f)
        np.multiply(self._cell, self._f, out=self._cell)
        np.multiply(self._g, self._i, out=self._g)
        np.add(self._cell, self._g, out=self._cell)
        np.multiply(self._cell, 0.5, out=self._cell)
        np.tanh(self._cell, out=self._tanh_cell)
        np.add(self._o, 1, out=self._o)
        np.multiply(self._tanh_cell, self._o, out=self._output)


class SingleSequenceLoop(LSTMLoop):
    """The buffers of one run for one sequence; see `DecodeLoop`."""

    layer_type = SingleSequenceLayer

    def __init__(self, decoder: FastDecoder, n: int, device: torch.device) -> None:
        super().__init__(decoder, n, device)
        self.params = torch.empty(1, decoder.head.num_params)
        self._params, self._bias = self.params.numpy()[0], decoder.biases[-1].numpy()
        self._multiply = SingleSequenceMatVec(decoder.matrices[-1], inputs=self.top, output=self.params)

    def project(self) -> Tensor:
        """Return the head's parameters for the top layer's output."""
        self._multiply()
        np.add(self._params, self._bias, out=self._params)
        return self.params
