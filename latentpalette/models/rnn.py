"""The bricks that encoders and decoders share: recurrent layers, and how their weights begin."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

# What a layer carries from step to step: h and c of an LSTM, h alone of a GRU; each [n, units].
State = tuple[Tensor, ...]


class Dense(nn.Linear):
    """`torch.nn.Linear` whose weights are not drawn before `begin` draws them, or a file brings them."""

    def reset_parameters(self) -> None:
        """Do nothing."""


class Lstm(nn.LSTM):
    """One LSTM layer; a stack is a list of them, so that sizes may differ and dropout sits between.

    The parameters are those of `torch.nn.LSTM` (gates i, f, g, o), so cuDNN can run it. Magenta's forget bias of 1 is
    in the parameter rather than added on the way. Weights are not drawn before `begin` draws them.
    """

    def __init__(self, depth: int, units: int, *, bidirectional: bool = False) -> None:
        super().__init__(depth, units, batch_first=True, bidirectional=bidirectional)

    def reset_parameters(self) -> None:
        """Do nothing."""


class Gru(nn.GRU):
    """One GRU layer, with the parameters of `torch.nn.GRU` (gates r, z, n); see `Lstm`."""

    def __init__(self, depth: int, units: int, *, bidirectional: bool = False) -> None:
        super().__init__(depth, units, batch_first=True, bidirectional=bidirectional)

    def reset_parameters(self) -> None:
        """Do nothing."""


Recurrent = Lstm | Gru

_KINDS: dict[str, type[Lstm] | type[Gru]] = {"lstm": Lstm, "gru": Gru}
_STATES = {"lstm": 2, "gru": 1}


def inverse_softplus(value: Tensor) -> Tensor:
    """The number whose softplus is `value` (> 0).

    Examples
    --------
    >>> round(inverse_softplus(torch.tensor(1.0)).item(), 4), inverse_softplus(torch.tensor(1000.0)).item()
    (0.5413, 1000.0)
    """
    return value + torch.log(-torch.expm1(-value))  # log(exp(value) - 1), but nothing overflows


def recurrent(cell: str, depth: int, units: int, *, bidirectional: bool = False) -> Recurrent:
    """A recurrent layer of the kind that a configuration names.

    Examples
    --------
    >>> recurrent("gru", 10, 16).weight_ih_l0.shape
    torch.Size([48, 10])
    """
    return _KINDS[cell](depth, units, bidirectional=bidirectional)


def states_of(cell: str) -> int:
    """How many numbers a unit carries from step to step.

    Examples
    --------
    >>> states_of("lstm"), states_of("gru")
    (2, 1)
    """
    return _STATES[cell]


def run(layer: Recurrent, inputs: Tensor, state: State) -> Tensor:
    """Outputs [n, t, units] of a layer over inputs [n, t, depth], from a state on."""
    begun = [each[None].contiguous() for each in state]
    outputs, _ = layer(inputs, (begun[0], begun[1]) if isinstance(layer, Lstm) else begun[0])
    return outputs


def advance(layer: Recurrent, inputs: Tensor, state: State) -> State:
    """The state of a layer after one more step, with inputs [n, depth]; its first part is the output."""
    heard, was, bias, other = layer.all_weights[0]
    if isinstance(layer, Lstm):
        return torch.lstm_cell(inputs, state, heard, was, bias, other)
    return (torch.gru_cell(inputs, state[0], heard, was, bias, other),)


def begin(module: nn.Module, *, narrow: tuple[nn.Linear, ...] = ()) -> None:
    """Draw initial weights as Magenta does.

    Recurrent kernels are Glorot-uniform over the whole matrix ``[inputs + units, gates * units]``; biases are 0, but 1
    for an LSTM's forget gate and, as in TensorFlow's cell, for a GRU's two gates. Dense layers are Glorot-uniform,
    except those in `narrow`, which start at N(0, 0.001).
    """
    for each in module.modules():
        if isinstance(each, (nn.LSTM, nn.GRU)):
            _begin_recurrent(each)
        elif isinstance(each, nn.Linear):
            nn.init.zeros_(each.bias)
            if any(each is other for other in narrow):
                nn.init.normal_(each.weight, 0.0, 0.001)
            else:
                nn.init.xavier_uniform_(each.weight)


def _begin_recurrent(layer: nn.LSTM | nn.GRU) -> None:
    units = layer.hidden_size
    gates = len(layer.all_weights[0][0]) // units
    reach = (6.0 / (layer.input_size + units + gates * units)) ** 0.5
    open_gates = slice(units, 2 * units) if isinstance(layer, nn.LSTM) else slice(2 * units)
    for name, parameter in layer.named_parameters():
        if name.startswith("weight"):
            nn.init.uniform_(parameter, -reach, reach)
        else:
            nn.init.zeros_(parameter)
            if name.startswith("bias_ih"):
                with torch.no_grad():
                    parameter[open_gates] = 1.0


def drop(inputs: Tensor, keep: float, training: bool) -> Tensor:
    """Dropout on what goes into a layer: every step anew, scaled by 1 / keep."""
    return functional.dropout(inputs, 1.0 - keep, training) if keep < 1.0 else inputs
