"""Fast decoding with GRU layers; see `latentpalette.models.fast_decoding.lstm` for what makes it fast.

A GRU's candidate hears what the layer was through a gate of its own, so a layer's two products stay two: what it
hears gives [r, z, n], what it was gives [r, z, n] as well, and the two meet gate by gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from latentpalette.models.fast_decoding.lstm import Loop, Plan, product

if TYPE_CHECKING:
    from latentpalette.models.decoders import Core
    from latentpalette.models.rnn import State


class GruPlan(Plan):
    """A core of GRU layers, laid out for decoding; see `Plan`."""

    def lay_out(self, core: Core) -> None:
        """Fill `biases` and `matrices`; see `Plan.lay_out`. What layers were has a list of its own."""
        self.of_before: list[tuple[Tensor, Tensor]] = []
        for k, layer in enumerate(core.layers):
            heard, was, bias, other = (each.detach() for each in layer.all_weights[0])
            if k == 0:
                self.cut(core, heard)
            else:
                self.matrices.append(self._laid(heard))
            self.biases.append(bias)
            self.of_before.append((self._laid(was), other))
        self.matrices.append(self._laid(core.projection.weight.detach()))
        self.biases.append(core.projection.bias.detach())

    def _laid(self, matrix: Tensor) -> Tensor:
        return matrix.t().to(self.dtype).contiguous()

    def loop(self, n: int, device: torch.device) -> Loop:
        """The buffers for n rows at a time."""
        return _GruLoop(self, n, device)


class _GruLayer:
    """One layer: the buffers that one step fills."""

    def __init__(self, matrix: Tensor, bias: Tensor, n: int, units: int, dtype: torch.dtype) -> None:
        self.matrix, self.bias = matrix, bias
        self.heard = torch.empty(n, 3 * units, device=bias.device)
        self.was = torch.empty_like(self.heard)
        self.state = torch.empty(n, units, device=bias.device)
        # What is multiplied: the state itself, but where products are narrower.
        self.output = self.state if dtype == torch.float32 else torch.empty_like(self.state, dtype=dtype)
        self.gates, self.candidate = self.heard.split([2 * units, units], 1)
        self.gates_before, self.before = self.was.split([2 * units, units], 1)
        self.r, self.z = self.gates.split(units, 1)

    def set(self, state: Tensor) -> None:
        self.state.copy_(state)
        if self.output is not self.state:
            self.output.copy_(state)

    def run(self) -> None:
        """One step, with what the layer hears in `heard`: h = (1 - z) n + z h, n = tanh(heard + r * was)."""
        product(self.bias, self.output, self.matrix, out=self.was)
        self.gates.add_(self.gates_before).sigmoid_()
        torch.addcmul(self.candidate, self.r, self.before, out=self.candidate)
        self.candidate.tanh_()
        self.set(torch.lerp(self.candidate, self.state, self.z))


class _GruLoop:
    """See `Loop`."""

    def __init__(self, plan: GruPlan, n: int, device: torch.device) -> None:
        self.plan = plan
        pairs = zip(plan.sizes, plan.of_before, strict=True)
        self.layers = [_GruLayer(matrix, bias, n, units, plan.dtype) for units, (matrix, bias) in pairs]

    def begin(self, states: list[State]) -> None:
        """See `Loop.begin`."""
        for layer, (h,) in zip(self.layers, states, strict=True):
            layer.set(h)

    def step(self, base: Tensor, token: Tensor | None) -> Tensor:
        """See `Loop.step`."""
        plan, heard = self.plan, self.layers[0].heard
        if token is None:
            heard.copy_(base)
        else:
            plan.head.feed(token, plan.table, out=heard).add_(base)
        for k, layer in enumerate(self.layers):
            if k:
                product(plan.biases[k], self.layers[k - 1].output, plan.matrices[k - 1], out=layer.heard)
            layer.run()
        return product(plan.biases[-1], self.layers[-1].output, plan.matrices[-1])
