"""An LSTM over sequences of different lengths for training: only the steps in use, and inputs that are looked up.

Sequences lie step by step: the first steps of all, the second ones of those that have them, the longest sequence first.
For tracks of a few dozen tokens out of 490, on a CPU, this takes a fraction of the time of `torch.nn.LSTM`, which
multiplies one-hot frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional

from latentpalette.models.fast_decoding.loop import tanh
from latentpalette.models.rnn import LSTMLayer


class Layout(NamedTuple):
    """Layout of the steps of sequences in memory.

    Parameters
    ----------
    order : int64 tensor [s]
        The sequences, the longest first.
    counts : tuple of int
        How many sequences have each step.
    sequence, step : int64 tensor [total]
        The sequence, as a position in `order`, and the step of each.
    lengths : int64 tensor [s]
        Of the sequences in this order.
    """

    order: Tensor
    counts: tuple[int, ...]
    sequence: Tensor
    step: Tensor
    lengths: Tensor

    @classmethod
    def of(cls, lengths: Tensor) -> Layout:
        """Lay out sequences of some lengths [s], each at least 1.

        Examples
        --------
        >>> layout = Layout.of(torch.tensor([1, 3]))
        >>> layout.order.tolist(), layout.counts, layout.sequence.tolist(), layout.step.tolist()
        ([1, 0], (2, 1, 1), [0, 1, 0, 0], [0, 0, 1, 2])
        """
        ordered, order = lengths.sort(descending=True, stable=True)
        steps = torch.arange(int(ordered[0]), device=lengths.device)
        counts = (ordered[:, None] > steps).sum(0)
        step = torch.repeat_interleave(steps, counts)
        starts = counts.cumsum(0) - counts
        sequence = torch.arange(len(step), device=lengths.device) - starts[step]
        return cls(order, tuple(counts.tolist()), sequence, step, ordered)

    def select(self, values: Tensor) -> Tensor:
        """Return values [s, t, ...] of the sequences, as they are numbered, laid out [total, ...]."""
        return values[self.order[self.sequence], self.step]

    def select_reversed(self, values: Tensor) -> Tensor:
        """Return values [s, t, ...] laid out [total, ...], each sequence from its end to its beginning."""
        return values[self.order[self.sequence], self.lengths[self.sequence] - 1 - self.step]


def input_gates(layer: LSTMLayer, tokens: Tensor, depth: int, *, reverse: bool = False) -> Tensor:
    """Return what tokens [total] out of `depth`, -1 for none, and the biases add to a layer's gates [total, gates].

    Other inputs of the layer come after the one-hot tokens.
    """
    suffix = "_l0_reverse" if reverse else "_l0"
    weight, bias_ih, bias_hh = (getattr(layer, f"{name}{suffix}") for name in ("weight_ih", "bias_ih", "bias_hh"))
    rows = functional.pad(weight[:, :depth].t(), (0, 0, 0, 1))  # the last row, of zeros, is that of no token
    return functional.embedding(torch.where(tokens < 0, depth, tokens), rows) + (bias_ih + bias_hh)


def run_packed(
    gates: Tensor, weight_hh: Tensor, initial: tuple[Tensor, Tensor], counts: Sequence[int]
) -> tuple[Tensor, Tensor]:
    """Run a layer of LSTM cells over laid-out steps.

    Parameters
    ----------
    gates : Tensor [total, 4 units]
        What the inputs and the biases add to the gates i, f, g, o.
    weight_hh : Tensor [4 units, units]
        Multiplied in bfloat16 under autocast.
    initial : (h, c), each Tensor [s, units]
    counts : sequence of int
        Of a `Layout`.

    Returns
    -------
    outputs : Tensor [total, units]
    final : Tensor [s, units]
        The last output of each sequence.
    """
    device = weight_hh.device.type
    dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else torch.float32
    with torch.autocast(device, enabled=False):
        return _PackedLSTM.apply(gates.float(), weight_hh, initial[0].float(), initial[1].float(), tuple(counts), dtype)


class _PackedLSTM(torch.autograd.Function):
    """The recurrence, with its gradient by hand: the weights' is one product at the end."""

    @staticmethod
    def forward(
        ctx: Any, gates: Tensor, weight: Tensor, h: Tensor, c: Tensor, counts: tuple[int, ...], dtype: torch.dtype
    ) -> tuple[Tensor, Tensor]:
        units = weight.shape[1]
        # sigmoid(x) = (1 + tanh(x / 2)) / 2: one tanh serves all gates
        half = gates.new_full((4 * units,), 0.5)
        half[2 * units : 3 * units] = 1.0
        recurrent = (weight.t() * half).to(dtype)
        activations = gates * half
        outputs, cells, squashed = (gates.new_empty(len(gates), units) for _ in range(3))
        before, cells_before = torch.empty_like(outputs), torch.empty_like(outputs)
        state, cell = h.clone(), c.clone()
        start = 0
        for count in counts:
            here = slice(start, start + count)
            before[here], cells_before[here] = state[:count], cell[:count]
            now = activations[here]
            now += (state[:count].to(dtype) @ recurrent).float()
            tanh(now, out=now)
            gate = now.view(count, 4, units)
            gate[:, :2].add_(1.0).mul_(0.5)
            gate[:, 3].add_(1.0).mul_(0.5)
            new_cell = cells[here]
            torch.mul(gate[:, 1], cell[:count], out=new_cell)
            new_cell.addcmul_(gate[:, 0], gate[:, 2])
            tanh(new_cell, out=squashed[here])
            torch.mul(gate[:, 3], squashed[here], out=outputs[here])
            state[:count], cell[:count] = outputs[here], new_cell
            start += count
        ctx.save_for_backward(activations, squashed, before, cells_before, weight)
        ctx.counts, ctx.dtype = counts, dtype
        return outputs, state

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_outputs: Tensor, d_final: Tensor) -> tuple[Tensor | None, ...]:
        activations, squashed, before, cells_before, weight = ctx.saved_tensors
        units = weight.shape[1]
        recurrent = weight.to(ctx.dtype)
        i, f, g, o = activations.split(units, 1)
        # What does not depend on the recurrence, for all steps at once.
        to_cell = o * (1 - squashed * squashed)
        factors = torch.cat([g * i * (1 - i), cells_before * f * (1 - f), i * (1 - g * g), squashed * o * (1 - o)], 1)
        d_gates = torch.empty_like(activations)
        d_h, d_c = d_final.clone(), torch.zeros_like(d_final)
        stop = len(activations)
        for count in reversed(ctx.counts):
            here = slice(stop - count, stop)
            d_out = d_h[:count] + d_outputs[here]
            d_cell = torch.addcmul(d_c[:count], d_out, to_cell[here])
            gate, factor = d_gates[here].view(count, 4, units), factors[here].view(count, 4, units)
            torch.mul(factor[:, :3], d_cell[:, None], out=gate[:, :3])
            torch.mul(factor[:, 3], d_out, out=gate[:, 3])
            torch.mul(d_cell, f[here], out=d_c[:count])
            d_h[:count] = d_gates[here].to(ctx.dtype) @ recurrent
            stop -= count
        d_weight = (d_gates.to(ctx.dtype).t() @ before.to(ctx.dtype)).float()
        return d_gates, d_weight, d_h, d_c, None, None
