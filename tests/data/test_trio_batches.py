"""Sampled trios: three streams in one key, drums from elsewhere, bars that stay whole."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch

from latentpalette.converters.melody import FIRST_NOTE_ON
from latentpalette.converters.trio import TrioConverter
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.batches.registry import make_batches
from latentpalette.data.batches.trio import TrioBatches
from latentpalette.data.packing import pack_trio
from latentpalette.music.sequence import Note, NoteSequence

STEPS = 64


def only(**probabilities: float) -> Augmentation:
    return dataclasses.replace(Augmentation.none(), p_keep=0.0, **probabilities)


def trio(seed: int) -> NoteSequence:
    """A melody on a scale, a bass on the same, and drums."""
    rng = np.random.default_rng(seed)
    scale = np.array([0, 2, 4, 5, 7, 9, 11, 12]) + int(rng.integers(60, 66))
    melody = [Note(int(scale[rng.integers(8)]), step, 1 + int(rng.integers(2))) for step in range(0, STEPS, 2)]
    bass = [Note(int(scale[rng.integers(8)]) - 24, step, 4, program=33) for step in range(0, STEPS, 4)]
    drums = [Note(pitch, step, is_drum=True) for pitch in (36, 38, 42) for step in range(STEPS) if rng.random() < 0.3]
    return NoteSequence([*melody, *bass, *drums], STEPS)


CONVERTER = TrioConverter(steps=STEPS)
WINDOWS = np.stack([pack_trio(CONVERTER, trio(seed)) for seed in range(30)]).astype(np.uint16)


def sampled(augmentation: Augmentation, n: int = 60, *, seed: int = 0) -> torch.Tensor:
    """Packed trios [n, steps, 3] of one batch."""
    targets = TrioBatches(WINDOWS).sample(n, augmentation, generator=torch.Generator().manual_seed(seed)).targets
    return torch.stack([stream.argmax(-1) for stream in targets.split([90, 90, 512], -1)], -1)


def origins(windows: torch.Tensor, originals: np.ndarray) -> list[int]:
    """The index of each window [n, ...] among the originals [m, ...]; -1 for none."""
    indices = {original.tobytes(): index for index, original in enumerate(originals.astype(np.int64))}
    return [indices.get(window.numpy().astype(np.int64).tobytes(), -1) for window in windows]


def test_a_batch_is_what_the_converter_encodes():
    trios = make_batches(WINDOWS, {"name": "trio", "steps": STEPS})
    batch = trios.unpack(trios.windows[:5])
    expected = np.stack([CONVERTER.encode(trio(seed)).targets for seed in range(5)])
    assert np.array_equal(batch.targets.numpy(), expected)
    assert batch.inputs is batch.targets
    assert batch.controls is None


def test_with_probabilities_of_zero_trios_stay_as_they_are():
    assert min(origins(sampled(Augmentation.none()), WINDOWS)) >= 0


def test_the_drums_come_from_another_trio():
    new = sampled(only(p_mix_drums=1.0))
    pitched_from, drums_from = origins(new[..., :2], WINDOWS[..., :2]), origins(new[..., 2], WINDOWS[..., 2])
    assert min(*pitched_from, *drums_from) >= 0
    assert pitched_from != drums_from


def test_melody_and_bass_are_transposed_together_and_the_drums_are_not():
    new = sampled(only(p_transpose=1.0, max_semitones=3))
    old = torch.tensor(WINDOWS[origins(new[..., 2], WINDOWS[..., 2])].astype(np.int64))
    is_onset = old[..., :2] >= FIRST_NOTE_ON
    shifts = [(new - old)[index, :, :2][is_onset[index]].unique().tolist() for index in range(len(new))]
    assert all(len(shift) == 1 for shift in shifts)
    assert {shift[0] for shift in shifts} <= set(range(-3, 4))
    assert len({shift[0] for shift in shifts}) > 3
    assert torch.equal(new[..., :2] >= FIRST_NOTE_ON, is_onset)


def test_a_transposed_stream_stays_within_the_range_of_the_corpus():
    new = sampled(only(p_transpose=1.0, max_semitones=40), 300)
    for stream in (0, 1):
        old, tokens = WINDOWS[..., stream], new[..., stream]
        pitches = tokens[tokens >= FIRST_NOTE_ON]
        assert old[old >= FIRST_NOTE_ON].min() <= int(pitches.min())
        assert int(pitches.max()) <= old.max()


def test_later_bars_of_all_three_streams_come_from_one_other_trio():
    new = sampled(only(p_splice_bars=1.0))
    last_bar_from = origins(new[:, -16:, 2], WINDOWS[:, -16:, 2])
    first_bar_from = origins(new[:, :16, 2], WINDOWS[:, :16, 2])
    assert min(*last_bar_from, *first_bar_from) >= 0
    assert last_bar_from != first_bar_from
    for tokens, index in zip(new[:, -16:, :2], last_bar_from, strict=True):
        original = torch.tensor(WINDOWS[index, -16:, :2].astype(np.int64))
        shift = (tokens - original)[(original >= FIRST_NOTE_ON)].unique().tolist()
        assert len(shift) == 1  # one key for melody and bass
        assert abs(shift[0]) <= 6


def test_thinned_trios_only_lose_notes():
    new = sampled(only(p_thin=1.0, note_dropout=0.4))
    is_part_of_one = []
    for window in new:
        is_part = [
            (((window[:, :2] >= FIRST_NOTE_ON) <= torch.tensor(old[:, :2] >= FIRST_NOTE_ON)).all()
             and (window[:, 2] & ~torch.tensor(old[:, 2].astype(np.int64)) == 0).all())
            for old in WINDOWS
        ]  # fmt: skip
        is_part_of_one.append(any(is_part))
    assert all(is_part_of_one)
    onset_rate = float((new[..., :2] >= FIRST_NOTE_ON).float().mean())
    assert onset_rate < 0.9 * float((WINDOWS[..., :2] >= FIRST_NOTE_ON).mean())


def test_a_note_off_for_a_note_from_before_the_window_is_kept():
    windows = WINDOWS[:4].copy()
    windows[:, :3, 0] = [0, 0, 1]
    trios = TrioBatches(windows)
    batch = trios.sample(20, only(p_transpose=1.0, max_semitones=2), generator=torch.Generator().manual_seed(0))
    assert bool((batch.targets[:, 2, 1] == 1).all())


def test_several_processes_share_the_trios_that_one_would_sample():
    trios = TrioBatches(WINDOWS)
    sample = lambda **shard: (
        trios.sample(8, Augmentation(), generator=torch.Generator().manual_seed(1), **shard).targets
    )
    whole, halves = sample(), [sample(rank=rank, world=2) for rank in (0, 1)]
    assert torch.equal(whole[0::2], halves[0])
    assert torch.equal(whole[1::2], halves[1])
