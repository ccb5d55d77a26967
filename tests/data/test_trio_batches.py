"""Trios, packed and drawn: three parts in one key, drums from elsewhere, bars that stay whole."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch

from latentpalette.converters.melody import FIRST_KEY
from latentpalette.converters.trio import TrioConverter
from latentpalette.data.augment.drums import Recombination
from latentpalette.data.batches.base import batches
from latentpalette.data.batches.trio import Bands
from latentpalette.data.packing import packed_trio
from latentpalette.music.sequence import Note, NoteSequence

STEPS = 64


def only(**chances: float) -> Recombination:
    return dataclasses.replace(Recombination.none(), untouched=0.0, **chances)


def band(seed: int) -> NoteSequence:
    """A scale, its roots, and drums."""
    dice = np.random.default_rng(seed)
    scale = np.array([0, 2, 4, 5, 7, 9, 11, 12]) + int(dice.integers(60, 66))
    tune = [Note(int(scale[dice.integers(8)]), step, 1 + int(dice.integers(2))) for step in range(0, STEPS, 2)]
    low = [Note(int(scale[dice.integers(8)]) - 24, step, 4, program=33) for step in range(0, STEPS, 4)]
    beat = [Note(pitch, step, is_drum=True) for pitch in (36, 38, 42) for step in range(STEPS) if dice.random() < 0.3]
    return NoteSequence([*tune, *low, *beat], STEPS)


TRIO = TrioConverter(steps=STEPS)
ROWS = np.stack([packed_trio(TRIO, band(seed)) for seed in range(30)]).astype(np.uint16)


def drawn(how: Recombination, n: int = 60, *, seed: int = 0) -> torch.Tensor:
    """Packed trios [n, steps, 3], drawn."""
    targets = Bands(ROWS).draw(n, how, generator=torch.Generator().manual_seed(seed)).targets
    return torch.stack([part.argmax(-1) for part in targets.split([90, 90, 512], -1)], -1)


def origin(part: torch.Tensor, known: np.ndarray) -> list[int]:
    """Which of the known windows [m, ...] each window [n, ...] is; -1 for none."""
    places = {row.tobytes(): place for place, row in enumerate(known.astype(np.int64))}
    return [places.get(row.numpy().astype(np.int64).tobytes(), -1) for row in part]


def test_a_batch_is_what_the_converter_encodes():
    trios = batches(ROWS, {"name": "trio", "steps": STEPS})
    batch = trios.batch(trios.rows[:5])
    expected = np.stack([TRIO.encode(band(seed)).outputs for seed in range(5)])
    assert np.array_equal(batch.targets.numpy(), expected)
    assert batch.inputs is batch.targets
    assert batch.controls is None


def test_without_any_chance_trios_stay_as_they_are():
    assert min(origin(drawn(Recombination.none()), ROWS)) >= 0


def test_the_drums_come_from_another_band():
    new = drawn(only(lanes=1.0))
    bands, drummers = origin(new[..., :2], ROWS[..., :2]), origin(new[..., 2], ROWS[..., 2])
    assert min(*bands, *drummers) >= 0
    assert bands != drummers


def test_melody_and_bass_move_together_and_the_drums_stay():
    new = drawn(only(transpose=1.0, semitones=3))
    bands = origin(new[..., 2], ROWS[..., 2])
    old = torch.tensor(ROWS[bands].astype(np.int64))
    moved = [(new - old)[row, :, :2][old[row, :, :2] >= FIRST_KEY].unique().tolist() for row in range(len(new))]
    assert all(len(shift) == 1 for shift in moved)
    assert {shift[0] for shift in moved} <= set(range(-3, 4))
    assert len({shift[0] for shift in moved}) > 3
    struck = old[..., :2] >= FIRST_KEY
    assert torch.equal(new[..., :2] >= FIRST_KEY, struck)


def test_a_transposed_part_stays_within_what_the_corpus_reaches():
    new = drawn(only(transpose=1.0, semitones=40), 300)
    for part in (0, 1):
        old, keys = ROWS[..., part], new[..., part]
        struck = keys[keys >= FIRST_KEY]
        assert old[old >= FIRST_KEY].min() <= int(struck.min())
        assert int(struck.max()) <= old.max()


def test_later_bars_of_all_three_parts_come_from_one_other_band():
    new = drawn(only(bars=1.0))
    lent = origin(new[:, -16:, 2], ROWS[:, -16:, 2])
    own = origin(new[:, :16, 2], ROWS[:, :16, 2])
    assert min(*lent, *own) >= 0
    assert lent != own
    for row, band_of in zip(new[:, -16:, :2], lent, strict=True):
        theirs = torch.tensor(ROWS[band_of, -16:, :2].astype(np.int64))
        shift = (row - theirs)[(theirs >= FIRST_KEY)].unique().tolist()
        assert len(shift) == 1  # one key for melody and bass
        assert abs(shift[0]) <= 6


def test_thinned_trios_only_lose():
    new = drawn(only(thin=1.0, hits=0.4))
    found = []
    for row in new:
        notes = [
            (((row[:, :2] >= FIRST_KEY) <= torch.tensor(old[:, :2] >= FIRST_KEY)).all()
             and (row[:, 2] & ~torch.tensor(old[:, 2].astype(np.int64)) == 0).all())
            for old in ROWS
        ]  # fmt: skip
        found.append(any(notes))
    assert all(found)
    assert float((new[..., :2] >= FIRST_KEY).float().mean()) < 0.9 * float((ROWS[..., :2] >= FIRST_KEY).mean())


def test_a_note_from_before_the_window_may_still_be_let_go_in_it():
    rows = ROWS[:4].copy()
    rows[:, :3, 0] = [0, 0, 1]
    trios = Bands(rows)
    batch = trios.draw(20, only(transpose=1.0, semitones=2), generator=torch.Generator().manual_seed(0))
    assert bool((batch.targets[:, 2, 1] == 1).all())


def test_several_processes_share_out_the_trios_that_one_would_draw():
    trios = Bands(ROWS)
    draw = lambda **share: trios.draw(8, Recombination(), generator=torch.Generator().manual_seed(1), **share).targets
    whole, halves = draw(), [draw(rank=rank, world=2) for rank in (0, 1)]
    assert torch.equal(whole[0::2], halves[0])
    assert torch.equal(whole[1::2], halves[1])
