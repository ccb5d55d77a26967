"""Recombination: every hit of a new loop comes from an old one, and each way can be had alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from latentpalette.data.augment.drums import Recombination, recombine
from latentpalette.data.batches.base import Drums
from latentpalette.errors import TrainingError

LOOPS = torch.rand(64, 32, 9, generator=torch.Generator().manual_seed(5)) < 0.3


def only(**chances: float) -> Recombination:
    return dataclasses.replace(Recombination.none(), untouched=0.0, **chances)


def mixed(how: Recombination, loops: torch.Tensor = LOOPS, seed: int = 0) -> torch.Tensor:
    return recombine(loops, how, generator=torch.Generator().manual_seed(seed))


def known(pieces: torch.Tensor, old: torch.Tensor) -> bool:
    """Whether each of pieces [n, ...] is among old [m, ...]."""
    return bool((pieces.flatten(1)[:, None] == old.flatten(1)[None]).all(-1).any(-1).all())


def test_without_any_chance_loops_stay_as_they_are():
    assert torch.equal(mixed(Recombination.none()), LOOPS)
    assert torch.equal(mixed(only()), LOOPS)


def test_untouched_loops_are_about_the_asked_share():
    how = dataclasses.replace(only(rotate=1.0, lanes=1.0, lane=1.0), untouched=0.25)
    many = LOOPS.repeat(20, 1, 1)
    same = (mixed(how, many) == many).all(-1).all(-1).float().mean().item()
    assert same == pytest.approx(0.25, abs=0.05)


def test_lanes_come_whole_from_loops_of_the_batch():
    new = mixed(only(lanes=1.0, lane=0.5))
    assert not torch.equal(new, LOOPS)
    assert all(known(new[:, :, lane], LOOPS[:, :, lane]) for lane in range(9))


def test_only_what_follows_the_first_bar_comes_from_another_loop():
    new = mixed(only(bars=1.0))
    assert torch.equal(new[:, :16], LOOPS[:, :16])
    assert known(new[:, 16:], LOOPS[:, 16:])
    assert not torch.equal(new[:, 16:], LOOPS[:, 16:])


def test_beats_come_whole_and_stay_in_their_place():
    new = mixed(only(beats=1.0, beat=0.5))
    assert all(known(new[:, at : at + 4], LOOPS[:, at : at + 4]) for at in range(0, 32, 4))


def test_a_loop_is_turned_by_whole_beats_and_loses_nothing():
    new = mixed(only(rotate=1.0))
    turns = torch.stack([LOOPS.roll(-4 * beats, 1) for beats in range(8)])  # [8, n, steps, lanes]
    assert bool((turns == new).all(-1).all(-1).any(0).all())


def test_thinned_loops_only_lose_hits():
    new = mixed(only(thin=1.0, hits=0.3))
    assert not bool((new & ~LOOPS).any())
    assert new.sum().item() / LOOPS.sum().item() == pytest.approx(0.7, abs=0.05)


def test_the_same_dice_recombine_alike():
    assert torch.equal(mixed(Recombination(), seed=3), mixed(Recombination(), seed=3))
    assert not torch.equal(mixed(Recombination(), seed=3), mixed(Recombination(), seed=4))


def test_a_chance_above_one_is_refused():
    with pytest.raises(TrainingError, match=r"lanes is a probability; got 1\.5"):
        Recombination(lanes=1.5)


def test_labels_and_rolls_are_two_ways_to_write_a_loop():
    rows = np.random.default_rng(0).integers(0, 512, (5, 32)).astype(np.uint16)
    loops = Drums(rows)
    assert np.array_equal(loops.labels(loops.rolls(loops.rows)).numpy(), rows)


def test_several_processes_share_out_the_batch_that_one_would_draw():
    loops = Drums(np.random.default_rng(0).integers(0, 512, (50, 32)).astype(np.uint16))
    draw = lambda **share: loops.draw(8, Recombination(), generator=torch.Generator().manual_seed(1), **share).targets
    whole, halves = draw(), [draw(rank=rank, world=2) for rank in (0, 1)]
    assert torch.equal(whole[0::2], halves[0])
    assert torch.equal(whole[1::2], halves[1])
