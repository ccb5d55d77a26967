"""Augmentation of trios: drums and bars of other trios, melody and bass always in one key."""

from __future__ import annotations

import torch
from torch import Tensor

from latentpalette.data.augment.config import Augmentation
from latentpalette.data.augment.melody import (
    drop_notes,
    drop_stray_note_offs,
    inverted,
    note_on_range,
    sample_shifts,
    transpose_to_key_of,
    transposed,
)
from latentpalette.data.augment.mixing import (
    bernoulli,
    rotate,
    sample_bar_rotations,
    sample_dropout_rates,
    sample_splices,
)

DRUMS = 9
TokenRange = tuple[int, int]


def augment_trios(
    trios: Tensor,
    partners: tuple[Tensor, Tensor],
    augmentation: Augmentation,
    *,
    token_ranges: tuple[TokenRange, TokenRange],
    generator: torch.Generator,
) -> Tensor:
    """Augment a batch of trios, each with the help of two others.

    Parameters
    ----------
    trios : int64 tensor [n, steps, 3]
        Tokens of melody, bass and drums; whole bars.
    partners : two tensors like `trios`
        Bars come from the first, drums from the second.
    augmentation : Augmentation
    token_ranges : two of (int, int)
        The lowest and the highest token that a transposition may reach, of melody and bass.
    generator : torch.Generator

    Returns
    -------
    int64 tensor [n, steps, 3]
    """
    n, steps, _ = trios.shape
    bars_from, drums_from = partners
    # Joined end to end, melody and bass are transposed to another key as one.
    pitched, partner_pitched = (tokens[..., :2].transpose(1, 2).flatten(1) for tokens in (trios, bars_from))  # [n, 2 t]
    partner_pitched = transpose_to_key_of(pitched, partner_pitched)
    is_spliced = sample_splices(n, steps, augmentation.p_splice_bars, generator=generator)  # [n, t]
    pitched = torch.where(is_spliced.repeat(1, 2), partner_pitched, pitched)
    drums = torch.where(is_spliced, bars_from[..., 2], trios[..., 2])
    drums = torch.where(bernoulli(augmentation.p_mix_drums, n, 1, generator=generator), drums_from[..., 2], drums)
    melody, bass = pitched.unflatten(1, (2, steps)).unbind(1)
    melody = torch.where(bernoulli(augmentation.p_invert, n, 1, generator=generator), inverted(melody), melody)
    start = sample_bar_rotations(n, steps, augmentation.p_rotate, generator=generator)
    melody, bass, drums = (rotate(tokens, start) for tokens in (melody, bass, drums))
    rates = sample_dropout_rates(n, augmentation, generator=generator)
    melody, bass = (drop_notes(tokens, rates, generator=generator) for tokens in (melody, bass))
    bits = 2 ** torch.arange(DRUMS, device=trios.device)
    is_kept = ~bernoulli(rates[:, None, None], n, steps, DRUMS, generator=generator)
    drums = drums & (is_kept * bits).sum(-1)
    is_unchanged = bernoulli(augmentation.p_keep, n, 1, generator=generator)
    melody, bass, drums = (
        torch.where(is_unchanged, trios[..., stream], tokens) for stream, tokens in enumerate((melody, bass, drums))
    )
    is_transposed = bernoulli(augmentation.p_transpose, n, generator=generator)
    semitones = _sample_common_shifts(
        melody, bass, token_ranges, max_semitones=augmentation.max_semitones, generator=generator
    )
    melody, bass = (
        drop_stray_note_offs(transposed(tokens, semitones * is_transposed), sounding_before=True)
        for tokens in (melody, bass)
    )
    return torch.stack([melody, bass, drums], -1)


def _sample_common_shifts(
    melody: Tensor,
    bass: Tensor,
    token_ranges: tuple[TokenRange, TokenRange],
    *,
    max_semitones: int,
    generator: torch.Generator,
) -> Tensor:
    """Draw one shift [n, semitones] for melody and bass together, within the token range of each."""
    (melody_lowest, melody_highest), (bass_lowest, bass_highest) = note_on_range(melody), note_on_range(bass)
    (melody_min, melody_max), (bass_min, bass_max) = token_ranges
    down = torch.maximum(melody_min - melody_lowest, bass_min - bass_lowest).clamp(-max_semitones, 0)
    up = torch.minimum(melody_max - melody_highest, bass_max - bass_highest).clamp(0, max_semitones)
    return sample_shifts(down, up, generator=generator)
