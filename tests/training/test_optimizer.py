"""The optimizers: which of them updates which parameters, and several that step as one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from latentpalette.errors import TrainingError
from latentpalette.training.optimizer import make_optimizer


def network() -> nn.ModuleDict:
    return nn.ModuleDict({"inner": nn.Linear(4, 6), "projection": nn.Linear(6, 3)})


def test_muon_updates_the_inner_matrices_and_adam_the_rest():
    layers = network()
    muon, adam = make_optimizer(layers, kind="muon").optimizers
    assert [tuple(value.shape) for value in muon.param_groups[0]["params"]] == [(6, 4)]
    assert len(adam.param_groups[0]["params"]) == 3


def test_muon_updates_a_matrix_alike_in_every_direction():
    layers = network()
    before = layers["inner"].weight.detach().clone()
    optimizer = make_optimizer(layers, kind="muon", muon_lr_scale=0.1)
    layers["projection"](
        layers["inner"](torch.randn(64, 4, generator=torch.Generator().manual_seed(0)))
    ).sum().backward()
    layers["inner"].weight.grad = torch.randn(6, 4, generator=torch.Generator().manual_seed(1)) * torch.tensor(
        [100.0, 1.0, 0.1, 10.0]
    )
    optimizer.step()
    sizes = torch.linalg.svdvals(layers["inner"].weight.detach() - before)
    assert sizes.max() / sizes.min() < 2.5


def test_a_scheduled_learning_rate_reaches_every_optimizer():
    optimizer = make_optimizer(network(), kind="muon", muon_lr_scale=10.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5)
    assert [inner.param_groups[0]["lr"] for inner in optimizer.optimizers] == [5.0, 0.5]
    other = make_optimizer(network(), kind="muon", muon_lr_scale=10.0)
    other.load_state_dict(optimizer.state_dict())
    assert [group["lr"] for group in other.param_groups] == [5.0, 0.5]
    other.param_groups[0]["lr"] = 1.0
    assert other.optimizers[0].param_groups[0]["lr"] == 1.0
    assert schedule.get_last_lr() == [5.0, 0.5]


def test_an_unknown_optimizer_is_refused_by_name():
    with pytest.raises(TrainingError, match="'sgd'"):
        make_optimizer(network(), kind="sgd")
