"""The bricks that encoders and decoders share: LSTM layers as Magenta's, and how their weights begin."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

# A layer's states: h and c, each [n, units].
State = tuple[Tensor, Tensor]


class Dense(nn.Linear):
    """`torch.nn.Linear` whose weights are not drawn before `begin` draws them, or a file brings them."""

    def reset_parameters(self) -> None:
        """Do nothing."""


class Recurrent(nn.LSTM):
    """One LSTM layer; a stack is a list of them, so that sizes may differ and dropout sits between.

    The parameters are those of `torch.nn.LSTM` (gates i, f, g, o), so cuDNN can run it. Magenta's forget bias of 1 is
    in the parameter rather than added on the way. Weights are not drawn before `begin` draws them.
    """

    def __init__(self, depth: int, units: int, *, bidirectional: bool = False) -> None:
        super().__init__(depth, units, batch_first=True, bidirectional=bidirectional)

    def reset_parameters(self) -> None:
        """Do nothing."""


def weights(layer: nn.LSTM) -> tuple[Tensor, Tensor, Tensor]:
    """What a layer hears with [4 units, inputs], what it was [4 units, units], and the sum of its biases [4 units]."""
    heard, was, bias, other = layer.all_weights[0]
    return heard, was, bias + other


def begin(module: nn.Module, *, narrow: tuple[nn.Linear, ...] = ()) -> None:
    """Draw initial weights as Magenta does.

    LSTM kernels are Glorot-uniform over the whole ``[inputs + units, 4 units]`` matrix, biases 0 but for the forget
    gate's 1; dense layers Glorot-uniform, except those in `narrow`, which start at N(0, 0.001).
    """
    for each in module.modules():
        if isinstance(each, nn.LSTM):
            _begin_lstm(each)
        elif isinstance(each, nn.Linear):
            nn.init.zeros_(each.bias)
            if any(each is other for other in narrow):
                nn.init.normal_(each.weight, 0.0, 0.001)
            else:
                nn.init.xavier_uniform_(each.weight)


def _begin_lstm(layer: nn.LSTM) -> None:
    units = layer.hidden_size
    reach = (6.0 / (layer.input_size + units + 4 * units)) ** 0.5
    for name, parameter in layer.named_parameters():
        if name.startswith("weight"):
            nn.init.uniform_(parameter, -reach, reach)
        else:
            nn.init.zeros_(parameter)
            if name.startswith("bias_ih"):
                with torch.no_grad():
                    parameter[units : 2 * units] = 1.0


def drop(inputs: Tensor, keep: float, training: bool) -> Tensor:
    """Dropout on what goes into a layer: every step anew, scaled by 1 / keep."""
    return functional.dropout(inputs, 1.0 - keep, training) if keep < 1.0 else inputs
