"""Augmented melodies are melodies: each step of the augmentation can run alone, and none leaves the keyboard."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from latentpalette.converters.melody import FIRST_NOTE_ON, NO_EVENT, NOTE_OFF, NUM_CLASSES, MelodyConverter
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.melody import (
    augment_melodies,
    drop_stray_note_offs,
    inverted,
    swap_pitches,
    transpose_to_key_of,
    transposed,
)
from latentpalette.data.augment.mixing import sample_partners
from latentpalette.data.batches.melody import MelodyBatches
from latentpalette.errors import TrainingError


def only(**probabilities: float) -> Augmentation:
    return dataclasses.replace(Augmentation.none(), p_keep=0.0, **probabilities)


def random_walks(n: int = 64, *, seed: int = 0, steps: int = 32) -> torch.Tensor:
    """Melodies [n, steps] with onsets at about a third of the steps."""
    generator = torch.Generator().manual_seed(seed)
    pitches = 40 + torch.randint(-2, 3, (n, steps), generator=generator).cumsum(1)
    uniform = torch.rand((n, steps), generator=generator)
    pitches[:, 0] = 40
    uniform[:, 0] = 0
    tokens = torch.where(uniform < 0.3, pitches, torch.where(uniform < 0.5, NOTE_OFF, NO_EVENT))
    return drop_stray_note_offs(tokens)


MELODIES, PARTNERS = random_walks(), random_walks(seed=1)


def augmented(augmentation: Augmentation, *, seed: int = 0) -> torch.Tensor:
    partners = PARTNERS, PARTNERS.roll(1, 0)
    return augment_melodies(MELODIES, partners, augmentation, generator=torch.Generator().manual_seed(seed))


def contour(melodies: torch.Tensor) -> list[list[int]]:
    return [torch.sign(tokens[tokens >= FIRST_NOTE_ON].diff()).tolist() for tokens in melodies]


def test_with_probabilities_of_zero_melodies_stay_as_they_are():
    assert torch.equal(augmented(Augmentation.none()), MELODIES)
    assert torch.equal(augmented(only()), MELODIES)


def test_a_transposed_melody_keeps_its_rhythm_and_its_intervals_within_the_given_distance():
    new = augmented(only(p_transpose=1.0, max_semitones=4))
    is_onset = MELODIES >= FIRST_NOTE_ON
    assert torch.equal(new >= FIRST_NOTE_ON, is_onset)
    assert torch.equal(new[~is_onset], MELODIES[~is_onset])
    shifts = torch.stack(
        [(new - MELODIES)[index][is_onset[index]].unique() for index in range(len(MELODIES))]
    )  # one each
    assert set(shifts.flatten().tolist()) == {-4, -3, -2, -1, 0, 1, 2, 3, 4}


def test_transposition_stays_within_the_range_of_the_corpus():
    lowest, highest = 20, 60
    windows = random_walks(40).clamp(max=highest).numpy().astype(np.uint8)
    windows[0, 0], windows[1, 0] = lowest, highest
    batch = MelodyBatches(windows).sample(
        500, only(p_transpose=1.0, max_semitones=60), generator=torch.Generator().manual_seed(0)
    )
    tokens = batch.targets.argmax(-1)
    pitches = tokens[tokens >= FIRST_NOTE_ON]
    assert (int(pitches.min()), int(pitches.max())) == (lowest, highest)


def test_what_follows_a_barline_comes_from_another_melody_in_the_same_key():
    new = augmented(only(p_splice_bars=1.0))
    bars_from = transpose_to_key_of(MELODIES, PARTNERS)
    # A note-off in the second bar may belong to a note of the partner's first, which is not there.
    assert torch.equal(new[:, :16], MELODIES[:, :16])
    assert torch.equal(new, drop_stray_note_offs(torch.cat([MELODIES[:, :16], bars_from[:, 16:]], 1)))
    assert not torch.equal(new, MELODIES)


@pytest.mark.parametrize("shift", [-6, -2, 1, 3, 5])
def test_a_transposed_scale_returns_to_its_key(shift):
    scales = torch.tensor([0, 2, 4, 5, 7, 9, 11, 12]).tile(4)[None] + torch.tensor([[30], [35], [42]])
    assert torch.equal(transpose_to_key_of(scales, transposed(scales, torch.full((3,), shift))), scales)


def test_a_scale_that_would_leave_the_keyboard_in_its_own_key_stays_on_it():
    top = torch.tensor([[NUM_CLASSES - 1, NUM_CLASSES - 2, NUM_CLASSES - 3]])
    assert int(transpose_to_key_of(top - 20, top).max()) < NUM_CLASSES


def test_the_rhythm_of_one_carries_the_pitches_of_another():
    new = swap_pitches(MELODIES, PARTNERS)
    assert torch.equal(new >= FIRST_NOTE_ON, MELODIES >= FIRST_NOTE_ON)
    for tokens, partner in zip(new, PARTNERS, strict=True):
        pitches, expected = tokens[tokens >= FIRST_NOTE_ON].tolist(), partner[partner >= FIRST_NOTE_ON].tolist()
        assert pitches == (expected * len(pitches))[: len(pitches)]


def test_a_partner_without_pitches_changes_nothing():
    assert torch.equal(swap_pitches(MELODIES, torch.zeros_like(MELODIES)), MELODIES)


def test_inverted_every_step_up_is_a_step_down_on_the_same_pitches():
    new = inverted(MELODIES)
    assert contour(new) == [[-step for step in steps] for steps in contour(MELODIES)]
    assert [set(tokens.tolist()) for tokens in new] == [set(tokens.tolist()) for tokens in MELODIES]
    assert torch.equal(inverted(new), MELODIES)


def test_thinned_melodies_lose_notes_and_never_all():
    new = augmented(only(p_thin=1.0, note_dropout=0.5))
    is_onset = new >= FIRST_NOTE_ON
    assert torch.equal(new[is_onset], MELODIES[is_onset])
    assert int(is_onset.sum()) < int((MELODIES >= FIRST_NOTE_ON).sum())
    assert bool(is_onset.any(1).all())


def test_a_melody_is_rotated_by_whole_bars():
    new = augmented(only(p_rotate=1.0))
    rotations = torch.stack([drop_stray_note_offs(MELODIES.roll(-16 * bars, 1)) for bars in range(2)])
    assert bool((rotations == new).all(-1).any(0).all())
    assert not torch.equal(new, MELODIES)


@pytest.mark.parametrize("seed", range(5))
def test_every_result_is_what_a_melody_is_encoded_as(seed):
    augmentation = only(
        p_transpose=1.0,
        max_semitones=5,
        p_splice_bars=0.5,
        p_rotate=0.5,
        p_thin=0.7,
        note_dropout=0.3,
        p_swap_pitches=0.5,
        p_invert=0.5,
    )
    converter = MelodyConverter(32)
    for tokens in augmented(augmentation, seed=seed):
        sequence = converter.decode(np.eye(NUM_CLASSES, dtype=np.float32)[tokens.numpy()])
        # A note that sounds at the end has no note-off, as in a window cut from a song.
        assert converter.tokens(sequence).tolist() == tokens.tolist()


def test_partners_of_the_same_song_are_near():
    chosen = torch.arange(5000)
    distances = [
        sample_partners(chosen, 5000, p_same_song=p_same_song, generator=torch.Generator().manual_seed(0)) - chosen
        for p_same_song in (1.0, 0.0)
    ]
    nearest, farthest = (distance.abs().max().item() for distance in distances)
    assert nearest == 24 < 4000 < farthest


def test_several_processes_share_the_melodies_that_one_would_sample():
    corpus = MelodyBatches(MELODIES.numpy().astype(np.uint8))
    sample = lambda **shard: (
        corpus.sample(8, Augmentation(), generator=torch.Generator().manual_seed(1), **shard).targets
    )
    whole, halves = sample(), [sample(rank=rank, world=2) for rank in (0, 1)]
    assert torch.equal(whole[0::2], halves[0])
    assert torch.equal(whole[1::2], halves[1])


def test_an_interval_below_zero_is_refused():
    with pytest.raises(TrainingError, match="max_semitones is a whole number from 0 to 127; got -1"):
        Augmentation(max_semitones=-1)
