"""Fast decoding: the autoregressive loop of a core decoder, without gradients, for a whole batch at once.

It is fast because of the following, in the order of what each gains (figures in ``benchmarks/README.md``):

- the product of the embedding (z) with the first layer's input weights is the same at every step of a segment: computed
  once;
- the previous frame is a class: its row of the input weights is looked up instead of multiplied;
- the two products of an LSTM layer are one, over [input, hidden state], which lie side by side in one buffer;
- all gates go through one tanh, since sigmoid(x) = (1 + tanh(x / 2)) / 2. The halves are folded into the weights,
  which is exact: dividing by two changes an exponent, never a digit;
- on the CPU, the tanh is NumPy's, ten times as fast as torch's;
- every buffer and every view of one is allocated before the loop, which only fills them;
- a single sequence is so little work that calling torch takes longer: NumPy does it
  (`latentpalette.models.fast_decoding.single_sequence`).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from latentpalette.models.core_decoders import CoreDecoder
from latentpalette.models.rnn import State
from latentpalette.progress.parts import Task, finish

_PART_STEPS = 4  # after so many steps others may come in between
_CALL_WORK, _ROW_WORK = 3.0, 0.3  # of a step, and of each sequence in it; see `latentpalette.progress.parts`


class DecodeLoop(Protocol):
    """The buffers of one run, and one step over them."""

    def start(self, states: list[State]) -> None:
        """Set the states of the layers."""

    def step(self, base: Tensor, token: Tensor | None) -> Tensor:
        """Return the head's parameters [n, num_params] after a token.

        base : [n, gates]
            The first layer's gates without the token: bias, embedding and controls.
        """


class FastDecoder:
    """The weights of a core decoder, packed for decoding. Base class of the kinds of cells.

    Parameters
    ----------
    core : CoreDecoder
    dtype : torch.dtype
        Of the weight matrices and their inputs; everything else is float32.

    Attributes
    ----------
    biases : list of Tensor [gates]
        Of the layers, then of the projection.
    matrices : list of Tensor [inputs, outputs]
        What each product of a step multiplies with; the projection's is the last.
    token_weights, embedding_weights, control_weights : Tensor [inputs, gates]
        The first layer's input weights for the previous frame, the embedding and the controls.
    """

    token_weights: Tensor
    embedding_weights: Tensor
    control_weights: Tensor

    def __init__(self, core: CoreDecoder, dtype: torch.dtype = torch.float32) -> None:
        self.core = core
        self.head = core.head
        self.sizes = core.sizes
        self.dtype = dtype
        self.biases: list[Tensor] = []
        self.matrices: list[Tensor] = []
        self.pack_weights(core)

    def pack_weights(self, core: CoreDecoder) -> None:
        """Fill `biases` and `matrices`, and call `split_input_weights`."""
        raise NotImplementedError

    def make_loop(self, n: int, device: torch.device) -> DecodeLoop:
        """Allocate the buffers for n sequences at a time."""
        raise NotImplementedError

    def split_input_weights(self, core: CoreDecoder, weight_ih: Tensor) -> None:
        """Split the first layer's input weights [gates, inputs] into those for the frame, embedding and controls."""
        depth, width = core.head.depth, core.initial.in_features
        transposed = weight_ih.t().contiguous()  # [inputs, gates]
        self.token_weights, self.embedding_weights, self.control_weights = (
            part.contiguous() for part in transposed.split([depth, width, len(transposed) - depth - width])
        )

    def layout(self, weight: Tensor) -> Tensor:
        """Return a weight matrix [outputs, inputs] as [inputs, outputs], in the memory layout of the products."""
        return weight.t().to(self.dtype).contiguous()

    def decode(
        self,
        embeddings: Tensor,
        segment_steps: int,
        *,
        temperature: float | None = None,
        controls: Tensor | None = None,
        noise: Tensor | None = None,
    ) -> Tensor:
        """Decode `segment_steps` frames in each segment.

        Parameters
        ----------
        embeddings : [n, segments, e]
        segment_steps : int
        controls : [n, segments * segment_steps, c]
        noise : uniform [n, segments * segment_steps, num_uniforms]
            Needed with a temperature.

        Returns
        -------
        Tensor [n, segments * segment_steps, ...]
            Tokens of the core's head.
        """
        return finish(self.decode_in_parts(embeddings, segment_steps, temperature, controls, noise))

    def decode_in_parts(
        self,
        embeddings: Tensor,
        segment_steps: int,
        temperature: float | None = None,
        controls: Tensor | None = None,
        noise: Tensor | None = None,
    ) -> Task[Tensor]:
        """Decode as `decode` does, a few steps of all sequences at a time."""
        n, segments, _ = embeddings.shape
        by_segment = embeddings.transpose(0, 1)  # [segments, n, e]
        bases = by_segment @ self.embedding_weights + self.biases[0]  # [segments, n, gates]
        if controls is not None:
            control_gates = controls.transpose(0, 1) @ self.control_weights  # [t, n, gates]
        by_step = None if noise is None else noise.transpose(0, 1).contiguous()  # [t, n, num_uniforms]
        loop = self.make_loop(n, embeddings.device)
        part_work = round(_PART_STEPS * (_CALL_WORK + _ROW_WORK * n))
        tokens: list[Tensor] = []
        for segment in range(segments):
            loop.start(self.core.initial_states(by_segment[segment]))
            for step in range(segment * segment_steps, (segment + 1) * segment_steps):
                if step % _PART_STEPS == 0:
                    yield part_work
                base = bases[segment] if controls is None else bases[segment] + control_gates[step]
                params = loop.step(base, tokens[-1] if tokens else None)
                tokens.append(self.head.sample(params, temperature, None if by_step is None else by_step[step]))
        return torch.stack(tokens, 1)


def addmm(addend: Tensor, inputs: Tensor, matrix: Tensor, out: Tensor | None = None) -> Tensor:
    """Return ``addend + inputs @ matrix``; `addend` may be what `out` holds already."""
    if matrix.dtype == torch.float32:
        return torch.addmm(addend, inputs, matrix, out=out)
    # Widened first: an addition of mixed dtypes takes three times as long.
    return torch.add(torch.mm(inputs, matrix).float(), addend, out=out)


def tanh(values: Tensor, *, out: Tensor) -> None:
    """Write the hyperbolic tangent of float32 values to `out`; on the CPU, NumPy's is ten times as fast as torch's."""
    if values.is_cpu:
        np.tanh(values.numpy(), out=out.numpy())
    else:
        torch.tanh(values, out=out)
