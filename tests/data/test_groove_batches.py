"""Performances, packed and drawn: nothing of the feel is lost, and the encoder sees what the converter says it does."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from latentpalette.converters.groove import GrooveConverter
from latentpalette.data.augment.drums import Recombination
from latentpalette.data.batches.base import Grooves, batches
from latentpalette.data.batches.groove import replayed
from latentpalette.data.extract import windows_of
from latentpalette.data.options import Hints
from latentpalette.data.packing import packed_groove
from latentpalette.data.sources import Song
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence

KINDS = (
    {"humanize": True},
    {"tapify": True, "fixed_velocities": True},
    {"add_instruments": (2,)},
    {"hits_as_controls": True},
    {},
)


def performance(bars: int = 5, *, seed: int = 0) -> NoteSequence:
    dice = np.random.default_rng(seed)
    notes = [
        Note(pitch, step, 1, int(dice.integers(20, 127)), round(float(dice.uniform(-0.4, 0.4)), 2), True)
        for step in range(1, 16 * bars)
        for pitch in (36, 38, 42, 51)
        if dice.random() < 0.4
    ]
    return NoteSequence(notes, 16 * bars, 96)


def packed(n: int = 40) -> np.ndarray:
    return np.stack([packed_groove(GrooveConverter(), performance(2, seed=seed)) for seed in range(n)])


def only(**chances: float) -> Recombination:
    return dataclasses.replace(Recombination.none(), untouched=0.0, **chances)


def mixed(how: Recombination, rows: torch.Tensor, seed: int = 0) -> torch.Tensor:
    others = rows.roll(1, 0), rows.roll(2, 0)
    return replayed(rows, others, how, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind) or "plain")
def test_a_batch_is_what_the_converter_encodes_to_within_half_a_millisecond(kind):
    groove = GrooveConverter(**kind)
    loop = performance(2)
    expected = groove.encode(loop)
    drawn = batches(packed_groove(groove, loop)[None], {"name": "groove", **kind})
    batch = drawn.batch(drawn.rows)
    found = (batch.inputs, batch.targets, *([] if batch.controls is None else [batch.controls]))
    told = (expected.inputs, expected.outputs, expected.controls)
    for ours, theirs in zip(found, told, strict=False):
        # A step at 96 qpm is 156 ms, and 1 is half of it: a 254th is 0.3 ms.
        np.testing.assert_allclose(ours[0].numpy(), theirs, atol=1 / 254 + 1e-6)
    assert (batch.controls is None) == (not groove.hits_as_controls)


def test_windows_begin_at_every_bar_and_the_converters_own_are_among_them():
    data = midi.to_bytes(performance(5))
    groove = GrooveConverter()
    found = windows_of(Song("a.mid", data), {"name": "groove", "steps": 32}).rows
    own = [packed_groove(groove, window) for window in groove.excerpts(data)]
    assert (len(found), len(own)) == (4, 2)
    assert np.array_equal(found[[0, 2]], np.stack(own))
    assert np.array_equal(found[0, 16:], found[1, :16])


def test_the_drums_are_those_of_the_kit_that_was_played():
    rim = NoteSequence([Note(58, 0, 1, 100, 0.0, True), Note(36, 20, 1, 100, 0.0, True)], 32)
    song = Song("a.mid", midi.to_bytes(rim))
    crash, floor = (windows_of(song, {"name": "groove"}, hints).rows for hints in (None, Hints(kit="roland")))
    assert (crash[0, 0].nonzero()[0].tolist(), floor[0, 0].nonzero()[0].tolist()) == ([7], [4])


def test_a_piece_too_short_for_a_window_says_so():
    found = windows_of(Song("a.mid", midi.to_bytes(performance(1))), {"name": "groove"})
    assert len(found.rows) == 0
    assert found.left_out == {"do not fill a window of 2 bars": 1}


def test_the_encoder_misses_notes_and_the_decoder_none():
    rows = packed()
    grooves = Grooves(rows, GrooveConverter(max_note_dropout=0.8))
    batch = grooves.draw(200, Recombination.none(), generator=torch.Generator().manual_seed(0))
    heard, played = batch.inputs[..., :9] > 0, batch.targets[..., :9] > 0
    assert not bool((heard & ~played).any())
    share = float(heard.sum() / played.sum())
    # Of q, evenly up to 0.8, times 1 - velocity (20 to 126 of 127, at least 0.2): some 18 of 100 notes.
    assert 0.7 < share < 0.9
    assert torch.equal(batch.inputs[heard.repeat(1, 1, 3)], batch.targets[heard.repeat(1, 1, 3)])


def test_drums_change_hands_with_their_touch_and_their_timing():
    rows = torch.tensor(packed())
    new = mixed(only(lanes=1.0, lane=0.5), rows)
    own, lent = new.unflatten(-1, (2, 9)), rows.roll(1, 0).unflatten(-1, (2, 9))
    mine = (own == rows.unflatten(-1, (2, 9))).all(1).all(1)  # [n, drum]: velocities and offsets alike
    theirs = (own == lent).all(1).all(1)
    assert bool((mine | theirs).all())
    assert bool((~mine).any())


def test_bars_stay_whole():
    rows = torch.tensor(packed())
    new = mixed(only(bars=1.0), rows)
    assert torch.equal(new, torch.cat([rows[:, :16], rows.roll(2, 0)[:, 16:]], 1))
    turned = mixed(only(rotate=1.0), rows)
    assert bool(((turned == rows) | (turned == rows.roll(16, 1))).all())
    assert not torch.equal(turned, rows)


@pytest.mark.parametrize("how", [only(thin=1.0, hits=0.5), only(mute=1.0, lane=0.9)], ids=["thin", "mute"])
def test_what_is_lost_is_lost_whole_and_never_all(how):
    rows = torch.tensor(packed())
    new = mixed(how, rows)
    kept = (new[..., :9] > 0).repeat(1, 1, 2)
    assert torch.equal(new[kept], rows[kept])
    assert not bool(new[~kept].any())
    assert int(kept.sum()) < int((rows[..., :9] > 0).sum()) * 2
    assert bool((new[..., :9] > 0).flatten(1).any(1).all())


def test_several_processes_share_out_the_grooves_that_one_would_draw():
    grooves = Grooves(packed(), GrooveConverter(tapify=True, max_note_dropout=0.5))
    draw = lambda **share: grooves.draw(8, Recombination(), generator=torch.Generator().manual_seed(1), **share)
    whole, halves = draw(), [draw(rank=rank, world=2) for rank in (0, 1)]
    for rank, half in enumerate(halves):
        assert torch.equal(whole.inputs[rank::2], half.inputs)
        assert torch.equal(whole.targets[rank::2], half.targets)
