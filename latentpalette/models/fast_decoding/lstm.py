"""Fast decoding: a core's loop from row to row, without gradients, for a whole batch at once.

What makes it fast, in the order of what it gives (figures in ``benchmarks/README.md``):

- what the embedding (z) adds to the first layer's gates is the same at every step of a segment: multiplied once;
- the previous row is a class: its row of the input matrix is looked up, nothing is multiplied;
- a layer's two products are one, over [what it hears, what it was], which lie side by side in one buffer;
- all gates go through one tanh, since sigmoid(x) = (1 + tanh(x / 2)) / 2. The halves are folded into the weights,
  which is exact: dividing by two changes an exponent, never a digit;
- every buffer and every view of one is made before the loop; the loop only fills them;
- a single row is so little work that asking torch for it takes longer: NumPy does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from latentpalette.models.decoders import Core
    from latentpalette.models.rnn import State


_ALONE = 400_000  # numbers in a matrix that OpenBLAS multiplies by a vector without threads: it says 460,800
_LARGE = 2_000_000  # numbers in a matrix from which on two threads are worth waiting for


class Plan:
    """A core's weights, laid out for decoding.

    Parameters
    ----------
    core : Core
    dtype : torch.dtype
        Of the matrices and of what is multiplied with them; everything else is float32.
    alone : bool
        For a single row on the processor, in float32.
    """

    def __init__(self, core: Core, dtype: torch.dtype = torch.float32, *, alone: bool = False) -> None:
        self.core = core
        self.head = core.head
        self.sizes = core.sizes
        self.dtype = dtype
        self.alone = alone
        self.biases: list[Tensor] = []
        self.matrices: list[Tensor] = []
        self.lay_out(core)

    def lay_out(self, core: Core) -> None:
        """Fill `biases` and `matrices`: those of the layers, then the projection's."""
        matrices: list[Tensor] = []
        for layer in core.layers:
            units = layer.hidden_size
            from_below, from_before, bias, other = layer.all_weights[0]
            heard, was, both = (_halve_gates(each, units) for each in (from_below, from_before, bias + other))
            if not matrices:
                self.cut(core, heard)
                matrices.append(was / 2)
            else:
                matrices.append(torch.cat([heard, was], 1) / 2)  # an output is kept as its double, see _Layer.run
            self.biases.append(both)
        matrices.append(core.projection.weight / 2)
        self.biases.append(core.projection.bias.detach())
        # [inputs, outputs] in either case. In memory the outputs come first for a single row: its product runs at the
        # speed of memory, and then reads it from end to end.
        self.matrices = [
            each.contiguous().t() if self.alone else each.t().to(self.dtype).contiguous() for each in matrices
        ]

    def cut(self, core: Core, heard: Tensor) -> None:
        """Cut what the first layer hears with [gates, inputs] in three: for the previous row, z and the controls."""
        depth, width = core.head.depth, core.initial.in_features
        inputs = heard.t().contiguous()
        self.table, self.of_embedding, self.of_controls = (
            each.contiguous() for each in inputs.split([depth, width, len(inputs) - depth - width])
        )

    def loop(self, n: int, device: torch.device) -> Loop:
        """The buffers for n rows at a time."""
        return (_LoneLoop if self.alone else _LstmLoop)(self, n, device)

    def unroll(
        self,
        embeddings: Tensor,
        steps: int,
        *,
        temperature: float | None = None,
        controls: Tensor | None = None,
        noise: Tensor | None = None,
    ) -> Tensor:
        """Say `steps` rows in each segment.

        Parameters
        ----------
        embeddings : [n, segments, e]
        steps : int
            In one segment.
        controls : [n, segments * steps, c]
        noise : uniform [n, segments * steps, draws]
            Needed where a temperature is given.

        Returns
        -------
        Tensor [n, segments * steps, ...]
            Tokens of the core's head.
        """
        n, segments, _ = embeddings.shape
        starts = embeddings.transpose(0, 1)  # [segments, n, e]
        bases = starts @ self.of_embedding + self.biases[0]  # [segments, n, 4 units]
        if controls is not None:
            steered = controls.transpose(0, 1) @ self.of_controls  # [t, n, 4 units]
        noises = None if noise is None else noise.transpose(0, 1).contiguous()  # [t, n, draws]
        loop = self.loop(n, embeddings.device)
        tokens: list[Tensor] = []
        for segment in range(segments):
            loop.begin(self.core.initial_states(starts[segment]))
            for step in range(segment * steps, (segment + 1) * steps):
                base = bases[segment] if controls is None else bases[segment] + steered[step]
                params = loop.step(base, tokens[-1] if tokens else None)
                tokens.append(self.head.choose(params, temperature, None if noises is None else noises[step]))
        return torch.stack(tokens, 1)


class Loop(Protocol):
    """The buffers of one run, and one step over them."""

    def begin(self, states: list[State]) -> None:
        """Start from these states of the layers."""

    def step(self, base: Tensor, token: Tensor | None) -> Tensor:
        """The head's parameters [n, width] after a token; `base` [n, gates] is what does not depend on it."""


class _Layer:
    """One LSTM layer: its matrix, and the buffers that one step fills.

    With a bias, the gates are bias and product; without one, the product is added to what they hold.
    """

    def __init__(self, matrix: Tensor, bias: Tensor | None, *, inputs: Tensor, output: Tensor) -> None:
        n, units = output.shape
        self.matrix = matrix
        self.inputs = inputs
        self.output = output
        self.gates = torch.empty(n, 4 * units, device=output.device)
        self.rest = self.gates if bias is None else bias
        self.i, self.f, self.g, self.o = self.gates.split(units, 1)
        self.cell = torch.empty(n, units, device=output.device)
        self.squashed = torch.empty_like(self.cell)

    def run(self) -> None:
        """One step.

        With tanh for every gate, i = (1 + i') / 2 and so on:
        c = ((1 + f') c + (1 + i') g) / 2, the middle of two numbers, and 2 h = (1 + o') tanh(c). The double is kept.
        """
        product(self.rest, self.inputs, self.matrix, out=self.gates)
        self.gates.tanh_()
        torch.addcmul(self.cell, self.f, self.cell, out=self.cell)
        torch.addcmul(self.g, self.i, self.g, out=self.g)
        torch.lerp(self.cell, self.g, 0.5, out=self.cell)
        torch.tanh(self.cell, out=self.squashed)
        torch.addcmul(self.squashed, self.o, self.squashed, out=self.output)


class _LoneProduct:
    """One row [1, inputs] times a matrix [inputs, outputs], into the same memory every time.

    NumPy's BLAS is the quicker one for a single row, as long as its threads do not meet torch's, which are waiting for
    more to do on the same cores. So it is given so few outputs at a time that it does not ask its threads.
    """

    def __init__(self, matrix: Tensor, *, inputs: Tensor, output: Tensor) -> None:
        rows, heard, said = matrix.t().numpy(), inputs.numpy()[0], output.numpy()[0]
        at_once = max(1, _ALONE // len(heard))
        self._pieces = [
            (rows[start : start + at_once], said[start : start + at_once]) for start in range(0, len(rows), at_once)
        ]
        self._heard = heard
        self._whole = (inputs, matrix, output) if rows.size > _LARGE else None

    def __call__(self) -> None:
        """Multiply what the inputs hold now."""
        if self._whole:
            inputs, matrix, output = self._whole
            torch.mm(inputs, matrix, out=output)
            return
        for rows, said in self._pieces:
            np.dot(rows, self._heard, out=said)


class _LoneLayer(_Layer):
    """The same for a single row, whose arithmetic is NumPy's, in the same memory."""

    def __init__(self, matrix: Tensor, bias: Tensor | None, *, inputs: Tensor, output: Tensor) -> None:
        super().__init__(matrix, bias, inputs=inputs, output=output)
        self._output = output.numpy()[0]
        self._gates, self._rest = self.gates.numpy()[0], self.rest.numpy().reshape(-1)
        self._i, self._f, self._g, self._o = self._gates.reshape(4, -1)
        self._i_and_f = self._gates[: 2 * len(self._i)]
        self._cell, self._squashed = self.cell.numpy()[0], self.squashed.numpy()[0]
        product = torch.empty_like(self.gates)
        self._product = product.numpy()[0]
        self._multiply = _LoneProduct(matrix, inputs=inputs, output=product)

    def run(self) -> None:
        """One step; see `_Layer.run`."""
        self._multiply()
        np.add(self._product, self._rest, out=self._gates)
        np.tanh(self._gates, out=self._gates)
        np.add(self._i_and_f, 1, out=self._i_and_f)
        np.multiply(self._cell, self._f, out=self._cell)
        np.multiply(self._g, self._i, out=self._g)
        np.add(self._cell, self._g, out=self._cell)
        np.multiply(self._cell, 0.5, out=self._cell)
        np.tanh(self._cell, out=self._squashed)
        np.add(self._o, 1, out=self._o)
        np.multiply(self._squashed, self._o, out=self._output)


class _LstmLoop:
    """See `Loop`."""

    kind: type[_Layer] = _Layer

    def __init__(self, plan: Plan, n: int, device: torch.device) -> None:
        self.plan = plan
        sizes = plan.sizes
        # All outputs lie side by side, so that what a layer hears and what it was are one run of columns.
        self.outputs = torch.empty(n, sum(sizes), dtype=plan.dtype, device=device)
        self.layers: list[_Layer] = []
        start = heard = 0
        for units, matrix, bias in zip(sizes, plan.matrices, [None, *plan.biases[1:]], strict=False):
            inputs, output = self.outputs[:, heard : start + units], self.outputs[:, start : start + units]
            self.layers.append(self.kind(matrix, bias, inputs=inputs, output=output))
            heard, start = start, start + units
        self.top = self.layers[-1].output

    def begin(self, states: list[State]) -> None:
        """See `Loop.begin`."""
        for layer, (h, c) in zip(self.layers, states, strict=True):
            layer.output.copy_(2 * h)
            layer.cell.copy_(c)

    def step(self, base: Tensor, token: Tensor | None) -> Tensor:
        """See `Loop.step`."""
        plan, gates = self.plan, self.layers[0].gates
        if token is None:
            gates.copy_(base)
        else:
            plan.head.feed(token, plan.table, out=gates).add_(base)
        for layer in self.layers:
            layer.run()
        return self.project()

    def project(self) -> Tensor:
        """From the top layer's output to the head's parameters."""
        return product(self.plan.biases[-1], self.top, self.plan.matrices[-1])


class _LoneLoop(_LstmLoop):
    """The same for a single row: so little work that NumPy, which begins sooner, ends before torch does."""

    kind = _LoneLayer

    def __init__(self, plan: Plan, n: int, device: torch.device) -> None:
        super().__init__(plan, n, device)
        self.params = torch.empty(1, plan.head.width)
        self._params, self._bias = self.params.numpy()[0], plan.biases[-1].numpy()
        self._multiply = _LoneProduct(plan.matrices[-1], inputs=self.top, output=self.params)

    def project(self) -> Tensor:
        """From the top layer's output to the head's parameters."""
        self._multiply()
        np.add(self._params, self._bias, out=self._params)
        return self.params


def product(rest: Tensor, inputs: Tensor, matrix: Tensor, out: Tensor | None = None) -> Tensor:
    """The product and what comes on top of it, which may be what `out` holds already."""
    if matrix.dtype == torch.float32:
        return torch.addmm(rest, inputs, matrix, out=out)
    # Widened first: an addition of mixed widths takes three times as long.
    return torch.add(torch.mm(inputs, matrix).float(), rest, out=out)


def _halve_gates(values: Tensor, units: int) -> Tensor:
    """Half of what reaches the gates i, f and o; g as it is. `values` [4 units, ...]."""
    halved = values.detach() / 2
    halved[2 * units : 3 * units] *= 2
    return halved
