"""New loops out of old ones, for representations that are rolls of lanes: the same drummers, other songs.

A corpus of some thousand loops can be learned by heart. Recombined as they are drawn, no two batches are the same and
the network has to learn what a loop is made of: lanes, bars, beats.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import torch
from torch import Tensor

from latentpalette.errors import TrainingError
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER


@dataclass(frozen=True)
class Recombination:
    """How often windows are recombined as they are drawn. Numbers are probabilities unless said; 0 leaves that out.

    Each representation heeds what makes sense for it. Drums: `lanes`, `beats`, `bars`, `rotate`, `thin`. Melodies:
    `bars`, `rotate`, `thin`, `transpose`, `pitches`, `invert`. Grooves: `lanes`, `bars`, `rotate`, `thin`, `mute`.
    Trios: `lanes`, `bars`, `rotate`, `thin`, `transpose`, `invert`.

    Parameters
    ----------
    untouched : float
        A loop stays as it is; a melody but for its key.
    lanes, lane : float
        A loop takes lanes from another; then each lane is taken with probability `lane`. A trio takes all its drums.
    beats, beat : float
        A loop takes beats from another; then each beat is taken with probability `beat`.
    bars : float
        Everything after the first bar comes from another loop; of a melody, everything after some bar from another
        melody, which is brought to the same key.
    rotate : float
        A loop is turned by a number of whole beats; whatever else, by whole bars.
    thin, hits : float
        A loop loses hits, or a melody notes; then each is lost with a probability between 0 and twice `hits`.
    transpose : float
        A melody is put into another key, at most `semitones` away and within what the corpus reaches.
    semitones : int [semitones]
    pitches : float
        A melody keeps its rhythm and takes the pitches of another.
    invert : float
        A melody is turned upside down on its own notes.
    mute : float
        A groove loses whole drums; then each is lost with probability `lane`.
    near : float
        What melodies, grooves and trios take comes from the same song, not from any.

    Examples
    --------
    >>> Recombination.none().lanes
    0.0
    """

    untouched: float = 0.1
    lanes: float = 0.5
    lane: float = 0.4
    beats: float = 0.0
    beat: float = 0.4
    bars: float = 0.35
    rotate: float = 0.5
    thin: float = 0.5
    hits: float = 0.15
    transpose: float = 0.9
    semitones: int = 5
    pitches: float = 0.15
    invert: float = 0.15
    mute: float = 0.1
    near: float = 0.5

    def __post_init__(self) -> None:
        if self.semitones < 0:
            raise TrainingError(f"Recombination: semitones are counted from 0; got {self.semitones!r}.")
        for each in dataclasses.fields(self):
            if each.name != "semitones" and not 0 <= getattr(self, each.name) <= 1:
                raise TrainingError(f"Recombination: {each.name} is a probability; got {getattr(self, each.name)!r}.")

    @classmethod
    def none(cls) -> Recombination:
        """Leave every loop as it is."""
        others = {each.name for each in dataclasses.fields(cls)} - {"untouched", "semitones"}
        return cls(1.0, **dict.fromkeys(others, 0.0), semitones=0)


def recombine(rolls: Tensor, how: Recombination, *, generator: torch.Generator) -> Tensor:
    """Recombine a batch of loops with one another.

    Parameters
    ----------
    rolls : bool tensor [n, steps, lanes]
        On any device; steps are whole bars.
    how : Recombination
    generator : torch.Generator
        On the device of `rolls`.

    Returns
    -------
    bool tensor [n, steps, lanes]

    Examples
    --------
    >>> loops = torch.ones(4, 32, 9, dtype=torch.bool)
    >>> dice = torch.Generator().manual_seed(0)
    >>> bool(recombine(loops, Recombination.none(), generator=dice).all())
    True
    """
    n, steps, lanes = rolls.shape
    device = rolls.device

    def chance(probability: float | Tensor, *shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, device=device) < probability

    def others() -> Tensor:
        return rolls[torch.randint(n, (n,), generator=generator, device=device)]

    mixed = torch.where(chance(how.lanes, n, 1, 1) & chance(how.lane, n, 1, lanes), others(), rolls)
    if how.beats:
        beats = chance(how.beats, n, 1, 1) & chance(how.beat, n, steps // STEPS_PER_QUARTER, 1)
        mixed = torch.where(beats.repeat_interleave(STEPS_PER_QUARTER, 1), others(), mixed)
    later = torch.arange(steps, device=device)[:, None] >= STEPS_PER_BAR  # [steps, 1]
    mixed = torch.where(chance(how.bars, n, 1, 1) & later, others(), mixed)
    mixed = _rotated(mixed, chance(how.rotate, n), generator)
    rate = 2 * how.hits * torch.rand((n, 1, 1), generator=generator, device=device) * chance(how.thin, n, 1, 1)
    mixed = mixed & ~chance(rate, n, steps, lanes)
    return torch.where(chance(how.untouched, n, 1, 1), rolls, mixed)


def _rotated(rolls: Tensor, turned: Tensor, generator: torch.Generator) -> Tensor:
    """Turn the loops that `turned` [n] names, each by its own number of beats."""
    n, steps, lanes = rolls.shape
    beats = torch.randint(steps // STEPS_PER_QUARTER, (n,), generator=generator, device=rolls.device)
    start = beats * STEPS_PER_QUARTER * turned  # [n]
    places = (torch.arange(steps, device=rolls.device) + start[:, None]) % steps  # [n, steps]
    return rolls.gather(1, places[:, :, None].expand(-1, -1, lanes))
