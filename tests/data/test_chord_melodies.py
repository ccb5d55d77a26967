"""Melodies over chords: packed, augmented and batched with their chords."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from latentpalette.converters.melody import FIRST_NOTE_ON, MelodyConverter
from latentpalette.data.augment.chord_melody import augment_chord_melodies, transpose_with_chords
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.batches.chord_melody import ChordMelodyBatches
from latentpalette.data.batches.registry import make_batches
from latentpalette.data.corpus import Corpus
from latentpalette.data.packing import find_packing, packing_key
from latentpalette.errors import TrainingError
from latentpalette.music.sequence import Note, NoteSequence

SPEC = {"name": "melody", "steps": 32, "chords": True}
CHORDS = {"C": (60, 64, 67), "Am": (57, 60, 64), "F": (65, 69, 72), "G": (67, 71, 74)}


def only(**probabilities: float) -> Augmentation:
    return dataclasses.replace(Augmentation.none(), p_keep=0.0, **probabilities)


def arpeggios(*symbols: str) -> NoteSequence:
    """Each chord for half a bar, as quavers of its notes."""
    pitches = [pitch for symbol in symbols for pitch in (*CHORDS[symbol], CHORDS[symbol][0])]
    return NoteSequence([Note(pitch, 2 * index, 2) for index, pitch in enumerate(pitches)], steps=8 * len(symbols))


def packed(*symbols: str) -> np.ndarray:
    converter, packing = find_packing(SPEC)
    return packing.pack(converter, arpeggios(*symbols)).astype(np.uint8)


WINDOWS = np.stack([packed("C", "Am", "F", "G"), packed("F", "F", "G", "C"), packed("Am", "G", "F", "C")])


def augment(augmentation: Augmentation, *, seed: int = 0) -> torch.Tensor:
    windows = torch.tensor(WINDOWS).long().repeat(40, 1, 1)
    generator = torch.Generator().manual_seed(seed)
    return augment_chord_melodies(windows, windows.roll(1, 0), augmentation, generator=generator)


def chord_tone_share(windows: torch.Tensor) -> float:
    """Return the share of onsets in the triad of their step."""
    tokens, triads = windows.unbind(-1)
    tones = {0: (0, 4, 7), 1: (0, 3, 7)}
    onsets = [
        (token - FIRST_NOTE_ON + 21 - (triad - 1)) % 12 in tones[(triad - 1) // 12]
        for token, triad in zip(tokens.flatten().tolist(), triads.flatten().tolist(), strict=True)
        if token >= FIRST_NOTE_ON
    ]
    return float(np.mean(onsets))


def test_a_window_is_packed_with_the_triad_of_each_step():
    assert packed("C", "Am", "F", "G")[::8, 1].tolist() == [1, 22, 6, 8]


def test_a_batch_has_the_chords_as_controls_of_melodies_that_are_inputs_and_targets():
    converter = MelodyConverter(chords=True)
    batch = ChordMelodyBatches(WINDOWS).unpack(torch.tensor(WINDOWS))
    example = converter.encode(arpeggios("C", "Am", "F", "G"))
    assert batch.inputs[0].numpy().tolist() == example.inputs.tolist() == batch.targets[0].numpy().tolist()
    assert batch.controls is not None
    assert batch.controls[0].numpy().tolist() == example.controls.tolist()


def test_a_configuration_with_chords_gets_batches_with_controls():
    batch = make_batches(WINDOWS, SPEC).sample(5, Augmentation(), generator=torch.Generator().manual_seed(0))
    assert batch.controls is not None
    assert batch.controls.shape == (5, 32, 49)
    assert batch.controls.sum(-1).eq(1).all()


@pytest.mark.parametrize(
    "augmentation",
    [
        Augmentation(),
        only(p_transpose=1.0, max_semitones=6),
        only(p_splice_bars=1.0),
        only(p_rotate=1.0),
        only(p_thin=1.0, note_dropout=0.4),
    ],
    ids=["all", "transposed", "spliced", "rotated", "thinned"],
)
def test_the_notes_stay_in_their_chords_whatever_happens(augmentation):
    windows = augment(augmentation)
    assert (windows != torch.tensor(WINDOWS).long().repeat(40, 1, 1)).any()
    assert chord_tone_share(windows) == 1.0


def test_a_chord_goes_with_its_melody_to_another_key():
    up = transpose_with_chords(torch.tensor(WINDOWS[:1]).long(), torch.tensor([3]))
    assert up[0, ::8, 1].tolist() == [4, 13, 9, 11]  # Eb, Cm, Ab, Bb


def test_no_chord_stays_none_in_every_key():
    silent = torch.zeros(1, 32, 2, dtype=torch.int64)
    assert not transpose_with_chords(silent, torch.tensor([5])).any()


def test_melodies_over_chords_have_no_augmentation_that_moves_notes_out_of_them():
    Augmentation(p_thin=0.1).check_used_by("melody over chords")
    with pytest.raises(TrainingError, match=r"p_invert=0.5 has no effect on melody over chords"):
        Augmentation(p_invert=0.5).check_used_by("melody over chords")


def test_a_corpus_with_chords_is_saved_and_loaded(tmp_path):
    corpus = Corpus.from_sequences({"song": [arpeggios("C", "Am", "F", "G")]}, SPEC)
    loaded = Corpus.load(corpus.save(tmp_path / "chords.npz"))
    assert loaded.windows.tolist() == WINDOWS[:1].tolist()
    assert packing_key(SPEC) != packing_key({"name": "melody", "steps": 32})


def test_a_corpus_with_a_chord_that_does_not_exist_is_refused(tmp_path):
    windows = WINDOWS.copy()
    windows[0, 0, 1] = 49
    corpus = Corpus(windows, np.zeros(3, np.int32), np.zeros(3, np.uint8), ("song",), SPEC)
    with pytest.raises(TrainingError, match="to 49, not from 0 to 48"):
        Corpus.load(corpus.save(tmp_path / "chords.npz"))
