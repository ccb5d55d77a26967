"""Recurrent layers of encoders and decoders, and the initialization of their weights."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from latentpalette.models.workers import torch_threads

# State of a layer between steps: (h, c) of an LSTM, (h,) of a GRU; each [n, units].
State = tuple[Tensor, ...]


class UninitializedLinear(nn.Linear):
    """`torch.nn.Linear` whose weights stay uninitialized until `init_weights` runs or a file is loaded."""

    def reset_parameters(self) -> None:
        """Do nothing."""


class LSTMLayer(nn.LSTM):
    """One LSTM layer. Layers are stacked in a list, so that their sizes may differ and dropout sits between them.

    The parameters are those of `torch.nn.LSTM` (gates i, f, g, o), so cuDNN can run it. Magenta's forget bias of 1 is
    part of the parameter rather than added in the forward pass. Weights stay uninitialized until `init_weights` runs.
    """

    def __init__(self, depth: int, units: int, *, bidirectional: bool = False) -> None:
        super().__init__(depth, units, batch_first=True, bidirectional=bidirectional)

    def reset_parameters(self) -> None:
        """Do nothing."""


class GRULayer(nn.GRU):
    """One GRU layer, with the parameters of `torch.nn.GRU` (gates r, z, n); see `LSTMLayer`."""

    def __init__(self, depth: int, units: int, *, bidirectional: bool = False) -> None:
        super().__init__(depth, units, batch_first=True, bidirectional=bidirectional)

    def reset_parameters(self) -> None:
        """Do nothing."""


RNNLayer = LSTMLayer | GRULayer

_LAYERS: dict[str, type[LSTMLayer] | type[GRULayer]] = {"lstm": LSTMLayer, "gru": GRULayer}
_NUM_STATES = {"lstm": 2, "gru": 1}


def inverse_softplus(value: Tensor) -> Tensor:
    """Return the number whose softplus is `value` (> 0).

    Examples
    --------
    >>> round(inverse_softplus(torch.tensor(1.0)).item(), 4), inverse_softplus(torch.tensor(1000.0)).item()
    (0.5413, 1000.0)
    """
    return value + torch.log(-torch.expm1(-value))  # log(exp(value) - 1), without overflow


def make_rnn(cell: str, depth: int, units: int, *, bidirectional: bool = False) -> RNNLayer:
    """Return a recurrent layer with ``"lstm"`` or ``"gru"`` cells.

    Examples
    --------
    >>> make_rnn("gru", 10, 16).weight_ih_l0.shape
    torch.Size([48, 10])
    """
    return _LAYERS[cell](depth, units, bidirectional=bidirectional)


def num_states(cell: str) -> int:
    """Return how many numbers a unit carries from step to step.

    Examples
    --------
    >>> num_states("lstm"), num_states("gru")
    (2, 1)
    """
    return _NUM_STATES[cell]


def forward_from(layer: RNNLayer, inputs: Tensor, state: State) -> Tensor:
    """Run a layer over inputs [n, t, depth] from a given state; return its outputs [n, t, units]."""
    initial = [part[None].contiguous() for part in state]
    outputs, _ = layer(inputs, (initial[0], initial[1]) if isinstance(layer, LSTMLayer) else initial[0])
    return outputs


def forward_step(layer: RNNLayer, inputs: Tensor, state: State) -> State:
    """Run a layer for one step with inputs [n, depth]; return its new state, whose first part is the output."""
    weight_ih, weight_hh, bias_ih, bias_hh = layer.all_weights[0]
    if isinstance(layer, LSTMLayer):
        return torch.lstm_cell(inputs, state, weight_ih, weight_hh, bias_ih, bias_hh)
    return (torch.gru_cell(inputs, state[0], weight_ih, weight_hh, bias_ih, bias_hh),)


@torch_threads(1)
def init_weights(module: nn.Module, *, small_init: tuple[nn.Linear, ...] = ()) -> None:
    """Initialize weights as Magenta does.

    Recurrent kernels are Glorot-uniform over the whole matrix ``[inputs + units, gates * units]``; biases are 0, but 1
    for an LSTM's forget gate and, as in TensorFlow's cell, for a GRU's two gates. Linear layers are Glorot-uniform,
    except those in `small_init`, which are drawn from N(0, 0.001).
    """
    for layer in module.modules():
        if isinstance(layer, (nn.LSTM, nn.GRU)):
            _init_rnn(layer)
        elif isinstance(layer, nn.Linear):
            nn.init.zeros_(layer.bias)
            if any(layer is small for small in small_init):
                nn.init.normal_(layer.weight, 0.0, 0.001)
            else:
                nn.init.xavier_uniform_(layer.weight)


def _init_rnn(layer: nn.LSTM | nn.GRU) -> None:
    units = layer.hidden_size
    gates = len(layer.all_weights[0][0]) // units
    bound = (6.0 / (layer.input_size + units + gates * units)) ** 0.5
    bias_1_gates = slice(units, 2 * units) if isinstance(layer, nn.LSTM) else slice(2 * units)
    for name, parameter in layer.named_parameters():
        if name.startswith("weight"):
            nn.init.uniform_(parameter, -bound, bound)
        else:
            nn.init.zeros_(parameter)
            if name.startswith("bias_ih"):
                with torch.no_grad():
                    parameter[bias_1_gates] = 1.0
