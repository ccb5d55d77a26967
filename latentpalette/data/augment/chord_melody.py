"""Augmentation of melodies over chords: the chords go with the notes to other bars and keys."""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.converters.melody import FIRST_NOTE_ON, NUM_CLASSES
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.melody import (
    drop_notes,
    drop_stray_note_offs,
    sample_transpositions,
    shift_to_key_of,
    transposed,
)
from latentpalette.data.augment.mixing import (
    bernoulli,
    rotate,
    sample_bar_rotations,
    sample_dropout_rates,
    sample_splices,
)

_SEMITONES = 12


def augment_chord_melodies(
    windows: Tensor,
    partners: Tensor,
    augmentation: Augmentation,
    *,
    generator: torch.Generator,
    token_range: tuple[int, int] = (FIRST_NOTE_ON, NUM_CLASSES - 1),
) -> Tensor:
    """Augment a batch of melodies over chords, each with the help of another.

    Parameters
    ----------
    windows : int64 tensor [n, steps, 2]
        Tokens and triads; whole bars.
    partners : tensor like `windows`
        Bars come from these, in the key of the melody.
    augmentation : Augmentation
    generator : torch.Generator
        On the device of `windows`.
    token_range : (int, int)
        The lowest and the highest token that a transposition may reach.

    Returns
    -------
    int64 tensor [n, steps, 2]

    Examples
    --------
    >>> over_c = torch.stack([torch.arange(40, 72), torch.ones(32, dtype=torch.int64)], -1)[None]
    >>> rng = torch.Generator().manual_seed(0)
    >>> bool((augment_chord_melodies(over_c, over_c, Augmentation.none(), generator=rng) == over_c).all())
    True
    """
    n, steps, _ = windows.shape
    in_key = transpose_with_chords(partners, shift_to_key_of(windows[..., 0], partners[..., 0]))
    is_spliced = sample_splices(n, steps, augmentation.p_splice_bars, generator=generator)[..., None]
    augmented = torch.where(is_spliced, in_key, windows)
    augmented = rotate(augmented, sample_bar_rotations(n, steps, augmentation.p_rotate, generator=generator))
    rates = sample_dropout_rates(n, augmentation, generator=generator)
    thinned = drop_notes(augmented[..., 0], rates, generator=generator)
    augmented = torch.stack([thinned, augmented[..., 1]], -1)
    augmented = torch.where(bernoulli(augmentation.p_keep, n, 1, 1, generator=generator), windows, augmented)
    semitones = sample_transpositions(augmented[..., 0], augmentation, token_range, generator=generator)
    melodies, triads = transpose_with_chords(augmented, semitones).unbind(-1)
    return torch.stack([drop_stray_note_offs(melodies), triads], -1)


def transpose_with_chords(windows: Tensor, semitones: Tensor) -> Tensor:
    """Return melodies and their triads [n, steps, 2], each transposed by its own number of semitones [n].

    Examples
    --------
    >>> b_over_g_and_none = torch.tensor([[[52, 8], [0, 0]]])
    >>> transpose_with_chords(b_over_g_and_none, torch.tensor([5])).tolist()
    [[[57, 1], [0, 0]]]
    """
    melodies, triads = windows.unbind(-1)
    kind, root = (triads - 1).div(_SEMITONES, rounding_mode="floor"), (triads - 1) % _SEMITONES
    moved = 1 + _SEMITONES * kind + (root + semitones[:, None]) % _SEMITONES
    return torch.stack([transposed(melodies, semitones), torch.where(triads > 0, moved, triads)], -1)
