"""Sampled performances: what the converter encodes, in other keys, with a track fewer, on other instruments."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from latentpalette.converters.performance import PerformanceConverter
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.performance import augment_performances
from latentpalette.data.batches.performance import PerformanceBatch, PerformanceBatches
from latentpalette.data.batches.registry import make_batches
from latentpalette.data.packing import pack_performance, packing_key
from latentpalette.music.performance_tokens import DRUM_KIT, END_TOKEN, FIRST_PROGRAM
from latentpalette.music.sequence import Note, NoteSequence

CONVERTER = PerformanceConverter(chords=True, merge_tracks=True)
SPEC = {"name": "performance", "chords": True, "merge_tracks": True}


def band(seed: int) -> NoteSequence:
    """Four tracks: a piano, a bass, strings and drums, in C."""
    rng = np.random.default_rng(seed)
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    notes = [
        Note(int(octave + scale[rng.integers(7)]), step, 2, 65, program=program)
        for octave, program in ((60, 0), (36, 33), (72, 48))
        for step in range(0, 16, 4)
    ]
    return NoteSequence([*notes, *(Note(36, step, velocity=113, is_drum=True) for step in (0, 8))], 16)


WINDOWS = np.stack([pack_performance(CONVERTER, band(seed)) for seed in range(20)]).astype(np.uint16)


def sampled(n: int = 40, **probabilities: float) -> PerformanceBatch:
    augmentation = dataclasses.replace(Augmentation.none(), p_keep=0.0, **probabilities)
    generator = torch.Generator().manual_seed(0)
    return PerformanceBatches(WINDOWS, chords=True).sample(n, augmentation, generator=generator)


def music(batch: PerformanceBatch) -> list[NoteSequence]:
    return [CONVERTER.decode(frames) for frames in batch.inputs.numpy()]


@pytest.mark.parametrize("chords", [False, True], ids=["without chords", "over chords"])
def test_a_batch_is_what_the_converter_encodes(chords):
    batches = make_batches(WINDOWS, SPEC | {"chords": chords})
    batch = batches.unpack(batches.windows[:5])
    examples = [CONVERTER.encode(band(seed)) for seed in range(5)]
    assert np.array_equal(batch.inputs.numpy(), np.stack([example.inputs for example in examples]))
    assert np.array_equal(batch.lengths.numpy(), np.stack([example.lengths for example in examples]))
    assert (batch.controls is not None) == chords
    if batch.controls is not None:
        in_use = batch.inputs.sum(-1) > 0
        expected = np.stack([example.controls for example in examples])
        assert np.array_equal(batch.controls[in_use].numpy(), expected[in_use.numpy()])


def test_a_track_that_has_ended_repeats_its_end_and_its_chord():
    batch = sampled()
    after = torch.arange(64) >= batch.lengths[..., None]
    assert (batch.tokens[after] == END_TOKEN).all()
    last = batch.triads.gather(-1, batch.lengths[..., None] - 1)
    assert (batch.triads == last)[after].all()


def test_without_augmentation_performances_stay_as_they_are():
    originals = {window.tobytes() for window in WINDOWS.astype(np.int64)}
    assert all(pack_performance(CONVERTER, each).tobytes() in originals for each in music(sampled()))


def test_notes_and_chords_are_transposed_together_and_drums_are_not():
    for each in music(sampled(p_transpose=1.0, max_semitones=5)):
        pitches = np.array([note.pitch for note in each.notes if not note.is_drum])
        assert {note.pitch for note in each.notes if note.is_drum} == {36}
        assert any(set((pitches - shift) % 12) <= {0, 2, 4, 5, 7, 9, 11} for shift in range(-5, 6))
    transposed, triads = augment_performances(
        torch.tensor([[[FIRST_PROGRAM, 60, 64, 67, END_TOKEN]]]),
        torch.tensor([[[0, 1, 1, 1, 1]]]),  # C major
        dataclasses.replace(Augmentation.none(), p_keep=0.0, p_transpose=1.0, max_semitones=5),
        generator=torch.Generator().manual_seed(1),
    )
    assert (triads[0, 0, 1:] == (transposed[0, 0, 1] - 60) % 12 + 1).all()


def test_a_dropped_track_leaves_the_others_in_order():
    counts = set()
    for batch in (sampled(p_drop_track=1.0),):
        for tracks in batch.tokens[..., 0].tolist():
            programs = [program for program in tracks if program != END_TOKEN]
            counts.add(len(programs))
            assert programs == sorted(programs) == tracks[: len(programs)]
    assert counts == {3}


def test_other_instruments_are_of_the_same_family():
    programs = sampled(p_swap_program=1.0).tokens[..., 0] - FIRST_PROGRAM
    assert {program // 8 for program in programs[:, 0].tolist()} == {0}
    assert len(set(programs[:, 0].tolist())) > 3
    assert (programs[:, 3] == DRUM_KIT - FIRST_PROGRAM).all()


def test_a_corpus_with_chords_is_none_for_a_model_without():
    assert packing_key(SPEC) != packing_key({"name": "performance", "merge_tracks": True})
    assert packing_key(SPEC) != packing_key({"name": "performance", "chords": True})
