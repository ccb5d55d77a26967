"""Samples of a model for tiles: drawn by a seed, kept where their attributes lie in ranges; and a tile as a value.

Python draws them at once; for the browser they are drawn in parts, and come as they are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from latentpalette.models.first_sample import BEST_OF
from latentpalette.models.music_sampler import MusicSampler
from latentpalette.models.sampling_in_parts import SamplesInParts
from latentpalette.models.variations import vary_z
from latentpalette.music.attributes import Attribute
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.parts import PART_WORK, Task
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips

QUICK_STEPS = 64  # of all streams together: so many steps are sampled in a millisecond or two
_BATCHES = {"quick": 64, "slow": 16}  # samples that are tried at once where attributes are asked for
_SPREAD = {"quick": 192, "slow": 32}  # samples of a histogram
MAX_BATCHES = 16

Ranges = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Draw:
    """Samples that were drawn.

    Parameters
    ----------
    clips : list of Clip
        Those whose attributes lie in the ranges, in the order in which they were drawn.
    values : list of lists of float
        The attributes of each.
    tried : int
        Number of samples that were looked at.
    """

    clips: list[Clip]
    values: list[list[float]]
    tried: int


def is_quick(music: ModelClips) -> bool:
    """Return True if samples of this model take a millisecond or two."""
    return music.steps * len(music.streams) <= QUICK_STEPS


def measure(attributes: Sequence[Attribute], sequence: NoteSequence) -> list[float]:
    """Return the values of attributes, rounded as they are shown."""
    return [round(attribute.feature(sequence), 4) for attribute in attributes]


def draw(
    music: ModelClips,
    attributes: Sequence[Attribute],
    count: int,
    *,
    seed: int,
    temperature: float,
    best_of: int,
    ranges: Ranges,
    conditions: Mapping[str, Any],
    batch: int = 0,
) -> Draw:
    """Draw up to `count` samples.

    Without ranges they are ``model.sample(count, temperature=..., seed=..., best_of=..., **conditions)``. With ranges,
    samples are drawn as they come, a batch at a time, and those inside are kept.

    Parameters
    ----------
    music : ModelClips
    attributes : sequence of Attribute
    count : int
    seed, temperature, best_of
        See `MusicVAE.sample`.
    ranges : mapping of name to (low, high)
        Of attributes, the limits included.
    conditions : mapping of name to value
        What the learned prior is asked for.
    batch : int [0 to MAX_BATCHES - 1]
        The first one is drawn with the seed itself, the others with seeds that follow from it.
    """
    asked = [(index, ranges[each.name]) for index, each in enumerate(attributes) if each.name in ranges]
    if asked:
        number, best_of = _BATCHES["quick" if is_quick(music) else "slow"], 1
        seed = _batch_seed(seed, batch)
    else:
        number = count
    found = Draw([], [], 0)
    clips, values, tried = found.clips, found.values, 0
    settings: dict[str, Any] = {**music.arguments, **conditions}
    for sequence in music.model.sample(number, temperature=temperature, seed=seed, best_of=best_of, **settings):
        if len(clips) == count:
            break
        tried += 1
        numbers = measure(attributes, sequence)
        if all(low <= numbers[index] <= high for index, (low, high) in asked):
            clips.append(music.clip(sequence))
            values.append(numbers)
    return Draw(clips, values, tried)


def _batch_seed(seed: int, batch: int) -> int:
    return int(np.random.SeedSequence([seed, batch]).generate_state(1)[0]) if batch else seed


def draw_until_found(
    music: ModelClips, attributes: Sequence[Attribute], count: int, *, ranges: Ranges, **settings: Any
) -> Draw:
    """Draw batches until `count` samples are found, or as many were tried as may be; see `draw`."""
    clips: list[Clip] = []
    values: list[list[float]] = []
    tried = 0
    for batch in range(MAX_BATCHES if ranges else 1):
        found = draw(music, attributes, count - len(clips), ranges=ranges, batch=batch, **settings)
        clips += found.clips
        values += found.values
        tried += found.tried
        if len(clips) == count:
            break
    return Draw(clips, values, tried)


class Samples(Protocol):
    """The samples of a seed: `music` has those that are drawn, by their number from 0."""

    music: dict[int, NoteSequence]

    def draw(self, numbers: Iterable[int], *, until: int | None = None) -> Task[None]:
        """Draw samples that are not drawn yet; no more of them than come together with `until`."""


@dataclass
class _SamplesAtOnce:
    """The samples of a model that can do nothing but sample."""

    model: Any
    settings: dict[str, Any]
    music: dict[int, NoteSequence] = field(default_factory=dict)

    def draw(self, numbers: Iterable[int], *, until: int | None = None) -> Task[None]:
        """Draw samples."""
        yield 1
        self.music |= dict(enumerate(self.model.sample(max(numbers) + 1, **self.settings)))


def samples_of(
    music: ModelClips, *, seed: int, temperature: float, best_of: int, conditions: Mapping[str, Any]
) -> Samples:
    """Return the samples of a seed, none of them drawn yet; see `draw`."""
    model: Any = music.model
    if isinstance(model, MusicSampler):
        return SamplesInParts(model, seed, music.clip_work, temperature, best_of, conditions, music.controls)
    return _SamplesAtOnce(model, {"seed": seed, "temperature": temperature, "best_of": best_of, **conditions})


def sample_in_parts(
    music: ModelClips, temperature: float, seed: int, conditions: Mapping[str, Any] | None = None
) -> Task[NoteSequence]:
    """Return the sample of a seed that sounds most like a loop at once, of a few."""
    samples = samples_of(music, seed=seed, temperature=temperature, best_of=BEST_OF, conditions=conditions or {})
    yield from samples.draw([0])
    return samples.music[0]


def draw_in_parts(
    samples: Samples, music: ModelClips, attributes: Sequence[Attribute], numbers: range
) -> Task[list[tuple[Clip, list[float]]]]:
    """Draw some of these samples: the first of them, and those that are decoded together with it.

    Returns
    -------
    list of (Clip, list of float)
        The first of these samples with their attributes; of few that are quickly drawn, all.
    """
    yield from samples.draw(numbers, until=numbers[0])
    drawn = []
    for number in numbers:
        if number not in samples.music:
            break
        sequence = samples.music[number]
        drawn.append((music.clip(sequence), measure(attributes, sequence)))
    return drawn


def batch_of(music: ModelClips, seed: int, tried: int) -> tuple[int, range, bool]:
    """Return where to go on after so many samples were tried: a seed, numbers of its samples, and if it is the last."""
    size = _BATCHES["quick" if is_quick(music) else "slow"]
    batch, first = divmod(tried, size)
    return _batch_seed(seed, batch), range(first, size), batch >= MAX_BATCHES - 1


def spread(
    music: ModelClips, attributes: Sequence[Attribute], temperature: float, conditions: Mapping[str, Any]
) -> Task[list[list[float]]]:
    """Return the values of each attribute [attributes, samples] over samples as they come."""
    samples = samples_of(music, seed=0, temperature=temperature, best_of=1, conditions=conditions)
    numbers = range(_SPREAD["quick" if is_quick(music) else "slow"])
    yield from samples.draw(numbers)
    measured = [measure(attributes, samples.music[number]) for number in numbers]
    return [list(values) for values in zip(*measured, strict=True)]


def similar_in_parts(music: ModelClips, clip: Clip, count: int, similarity: float, seed: int) -> Task[list[Clip]]:
    """Return variations on a clip, as `MusicVAE.similar` draws them."""
    model: Any = music.model
    if not isinstance(model, MusicSampler):
        yield 1
        return [music.clip(each) for each in model.similar(music.sequence(clip), count, similarity, seed=seed)]
    posterior = yield from music.encode_in_parts([clip])
    yield PART_WORK // 2
    z = vary_z(model, posterior.mu[0], count, similarity, seed=seed, controls=music.controls)
    return (yield from music.decode_in_parts(z))


@dataclass(frozen=True, eq=False)
class SampledClip:
    """A tile of a sampler, as it is played.

    Two are equal if index, label, star and notes are.

    Parameters
    ----------
    index : int
        From 0.
    label : str
        Where it comes from: ``"seed 51, no. 3"``.
    is_starred : bool
    values : dict of str to float
        Its attributes.
    source : Clip
        As the model made it.
    clip : Clip
        What is played, with locks and mutes.
    music : ModelClips
        Makes notes of the clip.
    qpm : float [quarter notes per minute]

    Attributes
    ----------
    notes : NoteSequence
        The loop as it is played.
    z : ndarray [shape=(z,)]
        Posterior mean of the clip as the model made it.
    """

    index: int
    label: str
    is_starred: bool
    values: Mapping[str, float]
    source: Clip = field(repr=False)
    clip: Clip = field(repr=False)
    music: ModelClips = field(repr=False)
    qpm: float = field(repr=False)

    @cached_property
    def notes(self) -> NoteSequence:
        """The loop as it is played."""
        return self.music.sequence(self.clip, self.qpm)

    @cached_property
    def z(self) -> NDArray[np.floating]:
        """Posterior mean [z]."""
        mu: NDArray[np.floating] = self.music.posterior([self.source]).mu
        return mu[0]

    @property
    def _identity(self) -> tuple[object, ...]:
        return self.index, self.label, self.is_starred, self.source, self.clip, self.music.programs, self.qpm

    def __eq__(self, other: object) -> bool:
        return self._identity == other._identity if isinstance(other, SampledClip) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity)
