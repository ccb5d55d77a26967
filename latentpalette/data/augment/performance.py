"""Augmentation of performances: other keys, a track fewer, and other instruments of the same family.

All functions work on tokens [n, 8, 64] (see `latentpalette.music.performance_tokens`) that are `END_TOKEN` where a
track has ended, and on the triads at them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.melody import sample_shifts
from latentpalette.data.augment.mixing import bernoulli
from latentpalette.music.performance_tokens import DRUM_KIT, END_TOKEN, FIRST_PROGRAM

_PITCHES = 128
_NOTES = 2 * _PITCHES  # tokens of note-on, then of note-off
_FAMILY = 8  # programs of one family of instruments
MIN_KEPT_TRACKS = 2


def augment_performances(
    tokens: Tensor, triads: Tensor, augmentation: Augmentation, *, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Augment a batch of performances.

    Parameters
    ----------
    tokens, triads : int64 tensor [n, tracks, events]
    augmentation : Augmentation
    generator : torch.Generator
        On the device of `tokens`.

    Returns
    -------
    tokens, triads : int64 tensor [n, tracks, events]

    Examples
    --------
    >>> tokens = torch.tensor([[[360, 60, 351, END_TOKEN], [393, 36, 351, END_TOKEN]]])
    >>> rng = torch.Generator().manual_seed(0)
    >>> bool((augment_performances(tokens, 0 * tokens, Augmentation.none(), generator=rng)[0] == tokens).all())
    True
    """
    n = len(tokens)
    is_changed = ~bernoulli(augmentation.p_keep, n, 1, generator=generator)
    is_dropping = is_changed[:, 0] & bernoulli(augmentation.p_drop_track, n, generator=generator)
    tokens, triads = drop_a_track(tokens, triads, is_dropping, generator=generator)
    is_swapped = is_changed & bernoulli(augmentation.p_swap_program, *tokens.shape[:2], generator=generator)
    tokens, triads = swap_programs(tokens, triads, is_swapped, generator=generator)
    is_transposed = bernoulli(augmentation.p_transpose, n, generator=generator)
    if augmentation.p_no_chord:
        triads = triads * ~bernoulli(augmentation.p_no_chord, n, 1, 1, generator=generator)
    shifts = _sample_shifts(tokens, augmentation.max_semitones, generator=generator) * is_transposed
    return transpose(tokens, triads, shifts)


def transpose(tokens: Tensor, triads: Tensor, semitones: Tensor) -> tuple[Tensor, Tensor]:
    """Transpose performances, but not their drums, by a number of semitones each [n]; the triads with them.

    Examples
    --------
    >>> tokens = torch.tensor([[[360, 60, 188], [DRUM_KIT, 36, 164]]])
    >>> [values.tolist() for values in transpose(tokens, torch.tensor([[[0, 12, 13], [0, 12, 13]]]), torch.tensor([2]))]
    [[[[360, 62, 190], [488, 36, 164]]], [[[0, 2, 15], [0, 2, 15]]]]
    """
    shift = semitones[:, None, None]
    tokens = torch.where(_is_pitched(tokens), tokens + shift, tokens)
    root, kind = (triads - 1) % 12, (triads - 1) // 12 * 12
    return tokens, torch.where(triads > 0, (root + shift) % 12 + kind + 1, triads)


def drop_a_track(
    tokens: Tensor, triads: Tensor, is_dropping: Tensor, *, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Drop a random track of the performances [n] that shall lose one and have more than two; those after it move up.

    Examples
    --------
    >>> tokens = torch.tensor([[[360, END_TOKEN], [393, END_TOKEN], [DRUM_KIT, END_TOKEN], [END_TOKEN, END_TOKEN]]])
    >>> rng = torch.Generator().manual_seed(0)
    >>> (drop_a_track(tokens, 0 * tokens, torch.tensor([True]), generator=rng)[0][..., 0] == END_TOKEN).sum().item()
    2
    """
    n, slots, _ = tokens.shape
    count = count_tracks(tokens)
    uniform = torch.rand(n, generator=generator, device=tokens.device)
    is_dropping = is_dropping & (count > MIN_KEPT_TRACKS)
    dropped = torch.where(is_dropping, (uniform * count).long().clamp(max=slots - 1), slots)  # [n]
    position = torch.arange(slots, device=tokens.device)
    is_gone = position == dropped[:, None]  # [n, slots]
    tokens = torch.where(is_gone[..., None], END_TOKEN, tokens)
    triads = torch.where(is_gone[..., None], 0, triads)
    return _reorder(tokens, triads, torch.where(is_gone, slots, position))


def count_tracks(tokens: Tensor) -> Tensor:
    """Return the number of tracks [n] of performances.

    Examples
    --------
    >>> count_tracks(torch.tensor([[[360, END_TOKEN], [END_TOKEN, END_TOKEN]]])).tolist()
    [1]
    """
    return (tokens[..., 0] != END_TOKEN).sum(1)


def swap_programs(
    tokens: Tensor, triads: Tensor, is_swapped: Tensor, *, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Let tracks [n, tracks] play a random program of their family, unless another track has it; keep their order.

    Examples
    --------
    >>> tokens = torch.tensor([[[400, END_TOKEN], [401, END_TOKEN], [END_TOKEN, END_TOKEN]]])
    >>> rng = torch.Generator().manual_seed(0)
    >>> programs = swap_programs(tokens, 0 * tokens, torch.ones(1, 3, dtype=torch.bool), generator=rng)[0][0, :, 0]
    >>> bool(programs[0] < programs[1]), programs[2].item() == END_TOKEN
    (True, True)
    """
    program = tokens[..., 0]  # [n, tracks]
    family = (program - FIRST_PROGRAM) // _FAMILY * _FAMILY + FIRST_PROGRAM
    other = family + (torch.rand(program.shape, generator=generator, device=tokens.device) * _FAMILY).long()
    other = torch.where(is_swapped & (program < DRUM_KIT), other, program)
    is_same = (other[:, :, None] == other[:, None]) & (other < DRUM_KIT)[..., None]  # [n, tracks, tracks]
    is_clash = (is_same.sum(2) > 1).any(1, keepdim=True)
    program = torch.where(is_clash, program, other)
    tokens = torch.cat([program[..., None], tokens[..., 1:]], -1)
    return _reorder(tokens, triads, program)


def _reorder(tokens: Tensor, triads: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
    """Order the tracks of performances by a key [n, tracks]."""
    order = key.argsort(dim=1, stable=True)[..., None].expand_as(tokens)
    return tokens.gather(1, order), triads.gather(1, order)


def _is_pitched(tokens: Tensor) -> Tensor:
    """Return which tokens are note-ons or note-offs of a track other than the drums."""
    return (tokens < _NOTES) & (tokens[..., :1] != DRUM_KIT)


def _sample_shifts(tokens: Tensor, max_semitones: int, *, generator: torch.Generator) -> Tensor:
    """Draw a shift [n, semitones] for each performance that keeps its notes within MIDI's pitches."""
    is_pitched = _is_pitched(tokens)
    pitch = tokens % _PITCHES
    lowest = torch.where(is_pitched, pitch, _PITCHES - 1).flatten(1).amin(1)
    highest = torch.where(is_pitched, pitch, 0).flatten(1).amax(1)
    down = (-lowest).clamp(-max_semitones, 0)
    up = (_PITCHES - 1 - highest).clamp(0, max_semitones)
    return sample_shifts(down, up, generator=generator)
