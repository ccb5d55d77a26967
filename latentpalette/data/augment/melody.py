"""Augmentation of melodies: other keys, other bars, the rhythm of one melody with the pitches of another.

All functions work on tokens [n, steps] (see `latentpalette.converters.melody`), a batch at once, on any device.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from latentpalette.converters.melody import FIRST_NOTE_ON, NO_EVENT, NOTE_OFF, NUM_CLASSES
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.mixing import (
    bernoulli,
    rotate,
    sample_bar_rotations,
    sample_dropout_rates,
    sample_splices,
)

_SEMITONES = 12


def augment_melodies(
    melodies: Tensor,
    partners: tuple[Tensor, Tensor],
    augmentation: Augmentation,
    *,
    generator: torch.Generator,
    token_range: tuple[int, int] = (FIRST_NOTE_ON, NUM_CLASSES - 1),
) -> Tensor:
    """Augment a batch of melodies, each with the help of two others.

    Parameters
    ----------
    melodies : int64 tensor [n, steps]
        Tokens, on any device; whole bars.
    partners : two tensors like `melodies`
        Bars come from the first, pitches from the second.
    augmentation : Augmentation
    generator : torch.Generator
        On the device of `melodies`.
    token_range : (int, int)
        The lowest and the highest token that a transposition may reach.

    Returns
    -------
    int64 tensor [n, steps]
        Token sequences that a melody could have been encoded as.

    Examples
    --------
    >>> scale = torch.arange(40, 72)[None]
    >>> rng = torch.Generator().manual_seed(0)
    >>> bool((augment_melodies(scale, (scale, scale), Augmentation.none(), generator=rng) == scale).all())
    True
    """
    n, steps = melodies.shape
    bars_from, pitches_from = (transpose_to_key_of(melodies, partner) for partner in partners)
    is_spliced = sample_splices(n, steps, augmentation.p_splice_bars, generator=generator)
    augmented = torch.where(is_spliced, bars_from, melodies)
    is_swapped = bernoulli(augmentation.p_swap_pitches, n, 1, generator=generator)
    augmented = torch.where(is_swapped, swap_pitches(augmented, pitches_from), augmented)
    is_inverted = bernoulli(augmentation.p_invert, n, 1, generator=generator)
    augmented = torch.where(is_inverted, inverted(augmented), augmented)
    augmented = rotate(augmented, sample_bar_rotations(n, steps, augmentation.p_rotate, generator=generator))
    rates = sample_dropout_rates(n, augmentation, generator=generator)
    augmented = drop_notes(augmented, rates, generator=generator)
    augmented = torch.where(bernoulli(augmentation.p_keep, n, 1, generator=generator), melodies, augmented)
    semitones = sample_transpositions(augmented, augmentation, token_range, generator=generator)
    return drop_stray_note_offs(transposed(augmented, semitones))


def sample_transpositions(
    melodies: Tensor, augmentation: Augmentation, token_range: tuple[int, int], *, generator: torch.Generator
) -> Tensor:
    """Draw a transposition [n, semitones] for each melody [n, steps]; 0 for those that are not transposed."""
    lowest, highest = note_on_range(melodies)
    down = (token_range[0] - lowest).clamp(-augmentation.max_semitones, 0)
    up = (token_range[1] - highest).clamp(0, augmentation.max_semitones)
    semitones = sample_shifts(down, up, generator=generator)
    return semitones * bernoulli(augmentation.p_transpose, len(melodies), generator=generator)


def transposed(melodies: Tensor, semitones: Tensor) -> Tensor:
    """Return melodies [n, steps], each transposed by its own number of semitones [n]."""
    return torch.where(melodies >= FIRST_NOTE_ON, melodies + semitones[:, None], melodies)


def note_on_range(melodies: Tensor) -> tuple[Tensor, Tensor]:
    """Return the lowest and the highest note-on token of each melody [n]; (`NUM_CLASSES`, 0) where it has none."""
    is_onset = melodies >= FIRST_NOTE_ON
    return torch.where(is_onset, melodies, NUM_CLASSES).amin(1), torch.where(is_onset, melodies, 0).amax(1)


def transpose_to_key_of(melodies: Tensor, partners: Tensor) -> Tensor:
    """Transpose each partner [n, steps] by at most a tritone, to share most pitch classes with its melody [n, steps].

    Examples
    --------
    >>> major = torch.tensor([[40, 42, 44, 45, 47, 49, 51, 52]])
    >>> bool((transpose_to_key_of(major, major + 2) == major).all())
    True
    """
    return transposed(partners, shift_to_key_of(melodies, partners))


def shift_to_key_of(melodies: Tensor, partners: Tensor) -> Tensor:
    """Return the semitones [n] by which `transpose_to_key_of` transposes each partner."""
    histogram, partner_histogram = (_pitch_class_histogram(tokens) for tokens in (melodies, partners))
    shifts = torch.arange(-_SEMITONES // 2 + 1, _SEMITONES // 2 + 1, device=melodies.device)
    shifts = shifts[shifts.abs().argsort(stable=True)]  # the smallest of equally good ones wins
    shifted = (torch.arange(_SEMITONES, device=melodies.device)[None] - shifts[:, None]) % _SEMITONES  # [shift, class]
    similarity = torch.einsum("nc,nsc->ns", histogram, partner_histogram[:, shifted])
    lowest, highest = note_on_range(partners)
    is_in_range = (lowest[:, None] + shifts >= FIRST_NOTE_ON) & (highest[:, None] + shifts < NUM_CLASSES)
    best = similarity.masked_fill(~is_in_range, -1.0).argmax(1)
    return torch.where(is_in_range.any(1), shifts[best], 0)


def swap_pitches(melodies: Tensor, partners: Tensor) -> Tensor:
    """Return the rhythms of `melodies` [n, steps] with the pitches of `partners` [n, steps], repeated as needed.

    Examples
    --------
    >>> swap_pitches(torch.tensor([[40, 0, 41, 1, 42, 0]]), torch.tensor([[50, 0, 0, 0, 60, 0]])).tolist()
    [[50, 0, 60, 1, 50, 0]]
    """
    is_onset, is_partner_onset = melodies >= FIRST_NOTE_ON, partners >= FIRST_NOTE_ON
    onsets_first = partners.gather(1, (~is_partner_onset).to(torch.uint8).argsort(stable=True, dim=1))
    count = is_partner_onset.sum(1, keepdim=True)
    index = (is_onset.cumsum(1) - 1).clamp(min=0) % count.clamp(min=1)
    return torch.where(is_onset & (count > 0), onsets_first.gather(1, index), melodies)


def inverted(melodies: Tensor) -> Tensor:
    """Invert melodies [n, steps] on their own pitches: the highest becomes the lowest, no new pitch appears.

    Examples
    --------
    >>> inverted(torch.tensor([[40, 42, 44, 0, 47, 1]])).tolist()
    [[47, 44, 42, 0, 40, 1]]
    """
    occurs = torch.zeros(len(melodies), NUM_CLASSES, dtype=torch.bool, device=melodies.device).scatter_(
        1, melodies, True
    )
    occurs[:, :FIRST_NOTE_ON] = False
    rank = occurs.cumsum(1) - 1  # [n, token]: the number of distinct lower pitches
    ascending = (~occurs).to(torch.uint8).argsort(stable=True, dim=1)  # [n, rank]
    mirrored = ascending.gather(1, (rank.amax(1, keepdim=True) - rank).clamp(0, NUM_CLASSES - 1))
    return torch.where(melodies >= FIRST_NOTE_ON, mirrored.gather(1, melodies), melodies)


def sample_shifts(down: Tensor, up: Tensor, *, generator: torch.Generator) -> Tensor:
    """Draw a number of semitones for each melody [n], uniform from `down` [n, at most 0] to `up` [n, at least 0]."""
    uniform = torch.rand(down.shape, generator=generator, device=down.device)
    return torch.minimum(down + (uniform * (up - down + 1)).long(), up)


def drop_notes(melodies: Tensor, rates: Tensor, *, generator: torch.Generator) -> Tensor:
    """Drop notes of melodies [n, steps], each with the probability of its melody [n]; never all of them.

    A dropped note becomes a rest, or the note before it is held, at random.
    """
    n, steps = melodies.shape
    is_dropped = bernoulli(rates[:, None], n, steps, generator=generator) & (melodies >= FIRST_NOTE_ON)
    becomes_rest = bernoulli(0.5, n, steps, generator=generator)
    thinned = torch.where(is_dropped, torch.where(becomes_rest, NOTE_OFF, NO_EVENT), melodies)
    return torch.where((thinned >= FIRST_NOTE_ON).any(1, keepdim=True), thinned, melodies)


def drop_stray_note_offs(melodies: Tensor, *, sounding_before: bool = False) -> Tensor:
    """Remove the note-offs of melodies [n, steps] where no note sounds.

    Parameters
    ----------
    melodies : int64 tensor [n, steps]
    sounding_before : bool
        Whether a note from before the window may still sound, so that its note-off stays.

    Examples
    --------
    >>> drop_stray_note_offs(torch.tensor([[1, 0, 40, 0, 1, 0, 1, 41]])).tolist()
    [[0, 0, 40, 0, 1, 0, 0, 41]]
    >>> drop_stray_note_offs(torch.tensor([[0, 1, 0, 1, 40, 1, 1]]), sounding_before=True).tolist()
    [[0, 1, 0, 0, 40, 1, 0]]
    """
    positions = torch.arange(1, melodies.shape[1] + 1, device=melodies.device)
    last_event = torch.where(melodies == NO_EVENT, 0, positions).cummax(1).values  # its position, from 1; 0 for none
    before = functional.pad(last_event[:, :-1], (1, 0))
    from_before = functional.pad(melodies, (1, 0), value=FIRST_NOTE_ON if sounding_before else NO_EVENT)
    is_sounding = from_before.gather(1, before) >= FIRST_NOTE_ON
    return torch.where((melodies == NOTE_OFF) & ~is_sounding, NO_EVENT, melodies)


def _pitch_class_histogram(melodies: Tensor) -> Tensor:
    """Count the onsets of each pitch class [n, 12], scaled to unit length, so that melodies of any density compare."""
    counts = torch.zeros(len(melodies), _SEMITONES, device=melodies.device)
    counts.scatter_add_(1, melodies % _SEMITONES, (melodies >= FIRST_NOTE_ON).float())
    return functional.normalize(counts, dim=1)
