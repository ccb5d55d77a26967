"""The optimisers: which part moves what, and several that step as one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from latentpalette.errors import TrainingError
from latentpalette.training.optimizer import optimiser


def network() -> nn.ModuleDict:
    return nn.ModuleDict({"inner": nn.Linear(4, 6), "projection": nn.Linear(6, 3)})


def test_muon_takes_the_matrices_inside_and_adam_the_rest():
    layers = network()
    muon, adam = optimiser(layers, kind="muon").parts
    assert [tuple(value.shape) for value in muon.param_groups[0]["params"]] == [(6, 4)]
    assert len(adam.param_groups[0]["params"]) == 3


def test_muon_moves_a_matrix_alike_in_every_direction():
    layers = network()
    before = layers["inner"].weight.detach().clone()
    moves = optimiser(layers, kind="muon", muon_rate=0.1)
    layers["projection"](
        layers["inner"](torch.randn(64, 4, generator=torch.Generator().manual_seed(0)))
    ).sum().backward()
    layers["inner"].weight.grad = torch.randn(6, 4, generator=torch.Generator().manual_seed(1)) * torch.tensor(
        [100.0, 1.0, 0.1, 10.0]
    )
    moves.step()
    sizes = torch.linalg.svdvals(layers["inner"].weight.detach() - before)
    assert sizes.max() / sizes.min() < 2.5


def test_a_rate_moved_from_outside_moves_every_part():
    moves = optimiser(network(), kind="muon", muon_rate=10.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(moves, lambda step: 0.5)
    assert [part.param_groups[0]["lr"] for part in moves.parts] == [5.0, 0.5]
    other = optimiser(network(), kind="muon", muon_rate=10.0)
    other.load_state_dict(moves.state_dict())
    assert [group["lr"] for group in other.param_groups] == [5.0, 0.5]
    other.param_groups[0]["lr"] = 1.0
    assert other.parts[0].param_groups[0]["lr"] == 1.0
    assert schedule.get_last_lr() == [5.0, 0.5]


def test_an_unknown_optimiser_is_refused_by_name():
    with pytest.raises(TrainingError, match="'sgd'"):
        optimiser(network(), kind="sgd")
