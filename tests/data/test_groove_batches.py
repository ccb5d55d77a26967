"""Packed and sampled grooves lose nothing of their feel, and the encoder sees what the converter allows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from latentpalette.converters import find_windows
from latentpalette.converters.groove import GrooveConverter
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.groove import augment_grooves
from latentpalette.data.batches.groove import GrooveBatches
from latentpalette.data.batches.registry import make_batches
from latentpalette.data.extract import extract_song
from latentpalette.data.options import ExtractOptions
from latentpalette.data.packing import pack_groove
from latentpalette.data.sources import Song
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence

TASKS = (
    {"humanize": True},
    {"tapify": True, "fixed_velocities": True},
    {"add_instruments": (2,)},
    {"hits_as_controls": True},
    {},
)


def performance(bars: int = 5, *, seed: int = 0) -> NoteSequence:
    rng = np.random.default_rng(seed)
    notes = [
        Note(pitch, step, 1, int(rng.integers(20, 127)), round(float(rng.uniform(-0.4, 0.4)), 2), True)
        for step in range(1, 16 * bars)
        for pitch in (36, 38, 42, 51)
        if rng.random() < 0.4
    ]
    return NoteSequence(notes, 16 * bars, 96)


def packed(n: int = 40) -> np.ndarray:
    return np.stack([pack_groove(GrooveConverter(), performance(2, seed=seed)) for seed in range(n)])


def only(**probabilities: float) -> Augmentation:
    return dataclasses.replace(Augmentation.none(), p_keep=0.0, **probabilities)


def augmented(augmentation: Augmentation, windows: torch.Tensor, seed: int = 0) -> torch.Tensor:
    partners = windows.roll(1, 0), windows.roll(2, 0)
    return augment_grooves(windows, partners, augmentation, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: "-".join(task) or "plain")
def test_a_batch_is_what_the_converter_encodes_to_within_half_a_millisecond(task):
    converter = GrooveConverter(**task)
    sequence = performance(2)
    expected = converter.encode(sequence)
    grooves = make_batches(pack_groove(converter, sequence)[None], {"name": "groove", **task})
    batch = grooves.unpack(grooves.windows)
    arrays = (batch.inputs, batch.targets, *([] if batch.controls is None else [batch.controls]))
    for array, reference in zip(arrays, (expected.inputs, expected.targets, expected.controls), strict=False):
        # A step at 96 qpm is 156 ms, and 1 is half of it: a 254th is 0.3 ms.
        np.testing.assert_allclose(array[0].numpy(), reference, atol=1 / 254 + 1e-6)
    assert (batch.controls is None) == (not converter.hits_as_controls)


def test_windows_begin_at_every_bar_and_the_converters_own_are_among_them():
    data = midi.to_bytes(performance(5))
    converter = GrooveConverter()
    windows = extract_song(Song("a.mid", data), {"name": "groove", "steps": 32}).windows
    own = [pack_groove(converter, window) for window in find_windows(data, converter)]
    assert (len(windows), len(own)) == (4, 2)
    assert np.array_equal(windows[[0, 2]], np.stack(own))
    assert np.array_equal(windows[0, 16:], windows[1, :16])


def test_the_drum_map_is_that_of_the_recording():
    rim = NoteSequence([Note(58, 0, 1, 100, 0.0, True), Note(36, 20, 1, 100, 0.0, True)], 32)
    song = Song("a.mid", midi.to_bytes(rim))
    crash, floor_tom = (
        extract_song(song, {"name": "groove"}, options).windows for options in (None, ExtractOptions(drum_map="roland"))
    )
    assert (crash[0, 0].nonzero()[0].tolist(), floor_tom[0, 0].nonzero()[0].tolist()) == ([7], [4])


def test_a_piece_too_short_for_a_window_is_left_out_with_the_reason():
    extracted = extract_song(Song("a.mid", midi.to_bytes(performance(1))), {"name": "groove"})
    assert len(extracted.windows) == 0
    assert extracted.left_out == {"do not fill a window of 2 bars": 1}


def test_notes_are_dropped_from_the_inputs_and_not_from_the_targets():
    grooves = GrooveBatches(packed(), GrooveConverter(max_note_dropout=0.8))
    batch = grooves.sample(200, Augmentation.none(), generator=torch.Generator().manual_seed(0))
    input_hits, target_hits = batch.inputs[..., :9] > 0, batch.targets[..., :9] > 0
    assert not bool((input_hits & ~target_hits).any())
    share = float(input_hits.sum() / target_hits.sum())
    # Of q, evenly up to 0.8, times 1 - velocity (20 to 126 of 127, at least 0.2): some 18 of 100 notes.
    assert 0.7 < share < 0.9
    assert torch.equal(batch.inputs[input_hits.repeat(1, 1, 3)], batch.targets[input_hits.repeat(1, 1, 3)])


def test_drums_are_exchanged_with_their_velocities_and_their_timing():
    windows = torch.tensor(packed())
    new = augmented(only(p_mix_drums=1.0, p_each_drum=0.5), windows).unflatten(-1, (2, 9))
    is_own = (new == windows.unflatten(-1, (2, 9))).all(1).all(1)  # [n, drum]: velocities and offsets alike
    is_partners = (new == windows.roll(1, 0).unflatten(-1, (2, 9))).all(1).all(1)
    assert bool((is_own | is_partners).all())
    assert bool((~is_own).any())


def test_bars_stay_whole():
    windows = torch.tensor(packed())
    spliced = augmented(only(p_splice_bars=1.0), windows)
    assert torch.equal(spliced, torch.cat([windows[:, :16], windows.roll(2, 0)[:, 16:]], 1))
    rotated = augmented(only(p_rotate=1.0), windows)
    assert bool(((rotated == windows) | (rotated == windows.roll(16, 1))).all())
    assert not torch.equal(rotated, windows)


@pytest.mark.parametrize(
    "augmentation",
    [only(p_thin=1.0, note_dropout=0.5), only(p_drop_drums=1.0, p_each_drum=0.9)],
    ids=["thin", "drop drums"],
)
def test_dropped_hits_are_dropped_whole_and_never_all(augmentation):
    windows = torch.tensor(packed())
    new = augmented(augmentation, windows)
    is_hit = (new[..., :9] > 0).repeat(1, 1, 2)
    assert torch.equal(new[is_hit], windows[is_hit])
    assert not bool(new[~is_hit].any())
    assert int(is_hit.sum()) < int((windows[..., :9] > 0).sum()) * 2
    assert bool((new[..., :9] > 0).flatten(1).any(1).all())


def test_several_processes_share_the_grooves_that_one_would_sample():
    grooves = GrooveBatches(packed(), GrooveConverter(tapify=True, max_note_dropout=0.5))
    sample = lambda **shard: grooves.sample(8, Augmentation(), generator=torch.Generator().manual_seed(1), **shard)
    whole, halves = sample(), [sample(rank=rank, world=2) for rank in (0, 1)]
    for rank, half in enumerate(halves):
        assert torch.equal(whole.inputs[rank::2], half.inputs)
        assert torch.equal(whole.targets[rank::2], half.targets)
