"""Augmented drum loops: every hit comes from a loop of the batch, and each step of the augmentation can run alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.drums import augment_drums
from latentpalette.data.batches.drums import DrumBatches
from latentpalette.errors import TrainingError

LOOPS = torch.rand(64, 32, 9, generator=torch.Generator().manual_seed(5)) < 0.3


def only(**probabilities: float) -> Augmentation:
    return dataclasses.replace(Augmentation.none(), p_keep=0.0, **probabilities)


def augmented(augmentation: Augmentation, loops: torch.Tensor = LOOPS, seed: int = 0) -> torch.Tensor:
    return augment_drums(loops, augmentation, generator=torch.Generator().manual_seed(seed))


def all_occur(pieces: torch.Tensor, originals: torch.Tensor) -> bool:
    """Return True if each of pieces [n, ...] is among originals [m, ...]."""
    return bool((pieces.flatten(1)[:, None] == originals.flatten(1)[None]).all(-1).any(-1).all())


def test_with_probabilities_of_zero_loops_stay_as_they_are():
    assert torch.equal(augmented(Augmentation.none()), LOOPS)
    assert torch.equal(augmented(only()), LOOPS)


def test_about_the_given_share_of_loops_is_kept():
    augmentation = dataclasses.replace(only(p_rotate=1.0, p_mix_drums=1.0, p_each_drum=1.0), p_keep=0.25)
    loops = LOOPS.repeat(20, 1, 1)
    share = (augmented(augmentation, loops) == loops).all(-1).all(-1).float().mean().item()
    assert share == pytest.approx(0.25, abs=0.05)


def test_drums_come_whole_from_loops_of_the_batch():
    new = augmented(only(p_mix_drums=1.0, p_each_drum=0.5))
    assert not torch.equal(new, LOOPS)
    assert all(all_occur(new[:, :, drum], LOOPS[:, :, drum]) for drum in range(9))


def test_only_what_follows_the_first_bar_comes_from_another_loop():
    new = augmented(only(p_splice_bars=1.0))
    assert torch.equal(new[:, :16], LOOPS[:, :16])
    assert all_occur(new[:, 16:], LOOPS[:, 16:])
    assert not torch.equal(new[:, 16:], LOOPS[:, 16:])


def test_beats_come_whole_and_stay_at_their_position():
    new = augmented(only(p_mix_beats=1.0, p_each_beat=0.5))
    assert all(all_occur(new[:, step : step + 4], LOOPS[:, step : step + 4]) for step in range(0, 32, 4))


def test_a_loop_is_rotated_by_whole_beats_and_loses_nothing():
    new = augmented(only(p_rotate=1.0))
    rotations = torch.stack([LOOPS.roll(-4 * beats, 1) for beats in range(8)])  # [8, n, steps, drums]
    assert bool((rotations == new).all(-1).all(-1).any(0).all())


def test_thinned_loops_only_lose_hits():
    new = augmented(only(p_thin=1.0, note_dropout=0.3))
    assert not bool((new & ~LOOPS).any())
    assert new.sum().item() / LOOPS.sum().item() == pytest.approx(0.7, abs=0.05)


def test_the_seed_decides_the_augmentation():
    assert torch.equal(augmented(Augmentation(), seed=3), augmented(Augmentation(), seed=3))
    assert not torch.equal(augmented(Augmentation(), seed=3), augmented(Augmentation(), seed=4))


def test_a_probability_above_one_is_refused():
    with pytest.raises(TrainingError, match=r"p_mix_drums is a number from 0 to 1; got 1\.5"):
        Augmentation(p_mix_drums=1.5)


def test_tokens_and_hits_are_two_forms_of_a_loop():
    windows = np.random.default_rng(0).integers(0, 512, (5, 32)).astype(np.uint16)
    loops = DrumBatches(windows)
    assert np.array_equal(loops.to_tokens(loops.to_hits(loops.windows)).numpy(), windows)


def test_several_processes_share_the_batch_that_one_would_sample():
    loops = DrumBatches(np.random.default_rng(0).integers(0, 512, (50, 32)).astype(np.uint16))
    sample = lambda **shard: (
        loops.sample(8, Augmentation(), generator=torch.Generator().manual_seed(1), **shard).targets
    )
    whole, halves = sample(), [sample(rank=rank, world=2) for rank in (0, 1)]
    assert torch.equal(whole[0::2], halves[0])
    assert torch.equal(whole[1::2], halves[1])
