"""Varied melodies are melodies: each way of varying can be had alone, and none leaves the keyboard."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from latentpalette.converters.melody import DEPTH, FIRST_KEY, HOLD, LET_GO, MelodyConverter
from latentpalette.data.augment.drums import Recombination
from latentpalette.data.augment.melody import in_the_key_of, inverted, tidied, transposed, varied, with_pitches_of
from latentpalette.data.augment.mixing import partners
from latentpalette.data.batches.base import Melodies
from latentpalette.errors import TrainingError


def only(**chances: float) -> Recombination:
    return dataclasses.replace(Recombination.none(), untouched=0.0, **chances)


def tunes(n: int = 64, *, seed: int = 0, steps: int = 32) -> torch.Tensor:
    """Random walks, of which a fifth of the steps strikes a key."""
    dice = torch.Generator().manual_seed(seed)
    keys = 40 + torch.randint(-2, 3, (n, steps), generator=dice).cumsum(1)
    what = torch.rand((n, steps), generator=dice)
    keys[:, 0] = 40
    what[:, 0] = 0
    return tidied(torch.where(what < 0.3, keys, torch.where(what < 0.5, LET_GO, HOLD)))


TUNES, OTHERS = tunes(), tunes(seed=1)


def mixed(how: Recombination, *, seed: int = 0) -> torch.Tensor:
    return varied(TUNES, (OTHERS, OTHERS.roll(1, 0)), how, generator=torch.Generator().manual_seed(seed))


def contour(classes: torch.Tensor) -> list[list[int]]:
    return [torch.sign(row[row >= FIRST_KEY].diff()).tolist() for row in classes]


def test_without_any_chance_melodies_stay_as_they_are():
    assert torch.equal(mixed(Recombination.none()), TUNES)
    assert torch.equal(mixed(only()), TUNES)


def test_a_transposed_melody_keeps_its_rhythm_and_its_intervals_and_moves_at_most_so_far():
    new = mixed(only(transpose=1.0, semitones=4))
    struck = TUNES >= FIRST_KEY
    assert torch.equal(new >= FIRST_KEY, struck)
    assert torch.equal(new[~struck], TUNES[~struck])
    shifts = torch.stack([(new - TUNES)[row][struck[row]].unique() for row in range(len(TUNES))])  # one each
    assert set(shifts.flatten().tolist()) == {-4, -3, -2, -1, 0, 1, 2, 3, 4}


def test_transposition_stays_within_what_the_corpus_reaches():
    lowest, highest = 20, 60
    rows = tunes(40).clamp(max=highest).numpy().astype(np.uint8)
    rows[0, 0], rows[1, 0] = lowest, highest
    drawn = Melodies(rows).draw(500, only(transpose=1.0, semitones=60), generator=torch.Generator().manual_seed(0))
    classes = drawn.targets.argmax(-1)
    struck = classes[classes >= FIRST_KEY]
    assert (int(struck.min()), int(struck.max())) == (lowest, highest)


def test_what_follows_a_barline_comes_from_another_melody_in_the_same_key():
    new = mixed(only(bars=1.0))
    lent = in_the_key_of(TUNES, OTHERS)
    # What is let go in the second bar may have been struck in the first, which was another's.
    assert torch.equal(new[:, :16], TUNES[:, :16])
    assert torch.equal(new, tidied(torch.cat([TUNES[:, :16], lent[:, 16:]], 1)))
    assert not torch.equal(new, TUNES)


@pytest.mark.parametrize("shift", [-6, -2, 1, 3, 5])
def test_a_scale_comes_back_to_the_key_it_was_taken_from(shift):
    scales = torch.tensor([0, 2, 4, 5, 7, 9, 11, 12]).tile(4)[None] + torch.tensor([[30], [35], [42]])
    assert torch.equal(in_the_key_of(scales, transposed(scales, torch.full((3,), shift))), scales)


def test_a_scale_that_would_leave_the_keyboard_in_its_own_key_stays_on_it():
    top = torch.tensor([[DEPTH - 1, DEPTH - 2, DEPTH - 3]])
    assert int(in_the_key_of(top - 20, top).max()) < DEPTH


def test_the_rhythm_of_one_carries_the_pitches_of_another():
    new = with_pitches_of(TUNES, OTHERS)
    assert torch.equal(new >= FIRST_KEY, TUNES >= FIRST_KEY)
    for row, lender in zip(new, OTHERS, strict=True):
        sung, theirs = row[row >= FIRST_KEY].tolist(), lender[lender >= FIRST_KEY].tolist()
        assert sung == (theirs * len(sung))[: len(sung)]


def test_a_melody_with_no_pitches_to_lend_changes_nothing():
    assert torch.equal(with_pitches_of(TUNES, torch.zeros_like(TUNES)), TUNES)


def test_upside_down_every_step_up_is_a_step_down_on_the_same_notes():
    new = inverted(TUNES)
    assert contour(new) == [[-step for step in row] for row in contour(TUNES)]
    assert [set(row.tolist()) for row in new] == [set(row.tolist()) for row in TUNES]
    assert torch.equal(inverted(new), TUNES)


def test_thinned_melodies_lose_notes_and_never_all():
    new = mixed(only(thin=1.0, hits=0.5))
    kept = new >= FIRST_KEY
    assert torch.equal(new[kept], TUNES[kept])
    assert int(kept.sum()) < int((TUNES >= FIRST_KEY).sum())
    assert bool(kept.any(1).all())


def test_a_melody_is_turned_by_whole_bars():
    new = mixed(only(rotate=1.0))
    turned = torch.stack([tidied(TUNES.roll(-16 * bars, 1)) for bars in range(2)])
    assert bool((turned == new).all(-1).any(0).all())
    assert not torch.equal(new, TUNES)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_done_the_result_is_what_a_melody_is_encoded_as(seed):
    how = only(transpose=1.0, semitones=5, bars=0.5, rotate=0.5, thin=0.7, hits=0.3, pitches=0.5, invert=0.5)
    melody = MelodyConverter(32)
    for row in mixed(how, seed=seed):
        heard = melody.decode(np.eye(DEPTH, dtype=np.float32)[row.numpy()])
        # A note held on over the end is let go nowhere, as in a window cut from a song.
        assert melody.classes(heard).tolist() == row.tolist()


def test_partners_near_a_melody_are_of_its_song():
    chosen = torch.arange(5000)
    away = [
        (partners(chosen, 5000, near=near, generator=torch.Generator().manual_seed(0)) - chosen).abs().max().item()
        for near in (1.0, 0.0)
    ]
    assert away[0] == 24 < 4000 < away[1]


def test_several_processes_share_out_the_melodies_that_one_would_draw():
    corpus = Melodies(TUNES.numpy().astype(np.uint8))
    draw = lambda **share: corpus.draw(8, Recombination(), generator=torch.Generator().manual_seed(1), **share).targets
    whole, halves = draw(), [draw(rank=rank, world=2) for rank in (0, 1)]
    assert torch.equal(whole[0::2], halves[0])
    assert torch.equal(whole[1::2], halves[1])


def test_an_interval_below_zero_is_refused():
    with pytest.raises(TrainingError, match="semitones are counted from 0; got -1"):
        Recombination(semitones=-1)
