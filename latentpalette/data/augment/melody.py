"""New melodies out of old ones: other keys, other bars, the rhythm of one with the pitches of another.

Everything here works on classes (see `latentpalette.converters.melody`), a whole batch at once, on any device.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from latentpalette.converters.melody import DEPTH, FIRST_KEY, HOLD, LET_GO
from latentpalette.data.augment.drums import Recombination
from latentpalette.music.sequence import STEPS_PER_BAR

_SEMITONES = 12


def varied(
    tunes: Tensor,
    others: tuple[Tensor, Tensor],
    how: Recombination,
    *,
    generator: torch.Generator,
    keys: tuple[int, int] = (FIRST_KEY, DEPTH - 1),
) -> Tensor:
    """Vary a batch of melodies, each with the help of two others.

    Parameters
    ----------
    tunes : int64 tensor [n, steps]
        Classes, on any device; steps are whole bars.
    others : two tensors as `tunes`
        The first lends bars, the second pitches.
    how : Recombination
    generator : torch.Generator
        On the device of `tunes`.
    keys : (int, int)
        The lowest and the highest class that a transposition may reach.

    Returns
    -------
    int64 tensor [n, steps]
        Every row is one that a melody could have been encoded as.

    Examples
    --------
    >>> scale = torch.arange(40, 72)[None]
    >>> dice = torch.Generator().manual_seed(0)
    >>> bool((varied(scale, (scale, scale), Recombination.none(), generator=dice) == scale).all())
    True
    """
    n, steps = tunes.shape
    device = tunes.device

    def chance(probability: float, *shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, device=device) < probability

    lender, singer = (in_the_key_of(tunes, each) for each in others)
    edge = torch.randint(1, max(steps // STEPS_PER_BAR, 2), (n, 1), generator=generator, device=device) * STEPS_PER_BAR
    later = torch.arange(steps, device=device) >= edge  # [n, steps]
    mixed = torch.where(chance(how.bars, n, 1) & later, lender, tunes)
    mixed = torch.where(chance(how.pitches, n, 1), with_pitches_of(mixed, singer), mixed)
    mixed = torch.where(chance(how.invert, n, 1), inverted(mixed), mixed)
    turns = torch.randint(steps // STEPS_PER_BAR, (n, 1), generator=generator, device=device) * STEPS_PER_BAR
    places = (torch.arange(steps, device=device) + turns * chance(how.rotate, n, 1)) % steps
    mixed = mixed.gather(1, places)
    rate = 2 * how.hits * torch.rand((n, 1), generator=generator, device=device) * chance(how.thin, n, 1)
    mixed = thinned(mixed, rate, generator=generator)
    mixed = torch.where(chance(how.untouched, n, 1), tunes, mixed)
    low, high = span(mixed)
    down, up = (keys[0] - low).clamp(-how.semitones, 0), (keys[1] - high).clamp(0, how.semitones)
    return tidied(transposed(mixed, shifts(down, up, generator=generator) * chance(how.transpose, n)))


def transposed(tunes: Tensor, semitones: Tensor) -> Tensor:
    """Melodies [n, steps], each shifted by its own number of semitones [n]; what is held stays held."""
    return torch.where(tunes >= FIRST_KEY, tunes + semitones[:, None], tunes)


def span(tunes: Tensor) -> tuple[Tensor, Tensor]:
    """The lowest and the highest class struck in each melody [n]; (`DEPTH`, 0) where there is none."""
    struck = tunes >= FIRST_KEY
    return torch.where(struck, tunes, DEPTH).amin(1), torch.where(struck, tunes, 0).amax(1)


def in_the_key_of(tunes: Tensor, others: Tensor) -> Tensor:
    """`others` [n, steps], each shifted by at most a tritone to where it shares most pitch classes with its tune.

    Examples
    --------
    >>> major = torch.tensor([[40, 42, 44, 45, 47, 49, 51, 52]])
    >>> bool((in_the_key_of(major, major + 2) == major).all())
    True
    """
    ours, theirs = (_pitch_classes(each) for each in (tunes, others))
    shifts = torch.arange(-_SEMITONES // 2 + 1, _SEMITONES // 2 + 1, device=tunes.device)
    shifts = shifts[shifts.abs().argsort(stable=True)]  # of equally good ones the smallest
    places = (torch.arange(_SEMITONES, device=tunes.device)[None] - shifts[:, None]) % _SEMITONES  # [shift, class]
    shared = torch.einsum("nc,nsc->ns", ours, theirs[:, places])
    low, high = span(others)
    fits = (low[:, None] + shifts >= FIRST_KEY) & (high[:, None] + shifts < DEPTH)
    best = shared.masked_fill(~fits, -1.0).argmax(1)
    return transposed(others, torch.where(fits.any(1), shifts[best], 0))


def with_pitches_of(tunes: Tensor, others: Tensor) -> Tensor:
    """The rhythms of `tunes` [n, steps] with the pitches of `others` in their order, begun again where they run out.

    Examples
    --------
    >>> with_pitches_of(torch.tensor([[40, 0, 41, 1, 42, 0]]), torch.tensor([[50, 0, 0, 0, 60, 0]])).tolist()
    [[50, 0, 60, 1, 50, 0]]
    """
    struck, theirs = tunes >= FIRST_KEY, others >= FIRST_KEY
    in_order = others.gather(1, (~theirs).to(torch.uint8).argsort(stable=True, dim=1))  # what is struck comes first
    count = theirs.sum(1, keepdim=True)
    place = (struck.cumsum(1) - 1).clamp(min=0) % count.clamp(min=1)
    return torch.where(struck & (count > 0), in_order.gather(1, place), tunes)


def inverted(tunes: Tensor) -> Tensor:
    """Melodies [n, steps] upside down on their own notes: the highest becomes the lowest, and no new pitch is heard.

    Examples
    --------
    >>> inverted(torch.tensor([[40, 42, 44, 0, 47, 1]])).tolist()
    [[47, 44, 42, 0, 40, 1]]
    """
    there = torch.zeros(len(tunes), DEPTH, dtype=torch.bool, device=tunes.device).scatter_(1, tunes, True)
    there[:, :FIRST_KEY] = False
    rank = there.cumsum(1) - 1  # [n, class]: how many distinct lower pitches there are
    upwards = (~there).to(torch.uint8).argsort(stable=True, dim=1)  # [n, rank]
    mirrored = upwards.gather(1, (rank.amax(1, keepdim=True) - rank).clamp(0, DEPTH - 1))
    return torch.where(tunes >= FIRST_KEY, mirrored.gather(1, tunes), tunes)


def shifts(down: Tensor, up: Tensor, *, generator: torch.Generator) -> Tensor:
    """A number of semitones for each melody [n], drawn evenly from `down` [n, at most 0] to `up` [n, at least 0]."""
    draw = torch.rand(down.shape, generator=generator, device=down.device)
    return torch.minimum(down + (draw * (up - down + 1)).long(), up)


def thinned(tunes: Tensor, rate: Tensor, *, generator: torch.Generator) -> Tensor:
    """Melodies [n, steps] that have lost notes, each with probability `rate` [n, 1]; none loses all.

    Where a note is gone there is a rest, or the one before it is held on.
    """
    n, steps = tunes.shape
    gone = (torch.rand((n, steps), generator=generator, device=tunes.device) < rate) & (tunes >= FIRST_KEY)
    rest = torch.rand((n, steps), generator=generator, device=tunes.device) < 0.5
    poorer = torch.where(gone, torch.where(rest, LET_GO, HOLD), tunes)
    return torch.where((poorer >= FIRST_KEY).any(1, keepdim=True), poorer, tunes)


def tidied(tunes: Tensor) -> Tensor:
    """Melodies [n, steps] in which a note is only let go while it sounds.

    Examples
    --------
    >>> tidied(torch.tensor([[1, 0, 40, 0, 1, 0, 1, 41]])).tolist()
    [[0, 0, 40, 0, 1, 0, 0, 41]]
    """
    places = torch.arange(1, tunes.shape[1] + 1, device=tunes.device)
    latest = torch.where(tunes == HOLD, 0, places).cummax(1).values  # the last event's place, from 1; 0 for none
    before = functional.pad(latest[:, :-1], (1, 0))
    sounding = functional.pad(tunes, (1, 0)).gather(1, before) >= FIRST_KEY
    return torch.where((tunes == LET_GO) & ~sounding, HOLD, tunes)


def _pitch_classes(tunes: Tensor) -> Tensor:
    """How often each pitch class is struck, [n, 12], of unit length: eleven keys of one tune are not all alike."""
    counts = torch.zeros(len(tunes), _SEMITONES, device=tunes.device)
    struck = (tunes >= FIRST_KEY).float()
    counts.scatter_add_(1, tunes % _SEMITONES, struck)
    return functional.normalize(counts, dim=1)
