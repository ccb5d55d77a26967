"""The samples of a seed, any of them, drawn in parts: other things may be done in between.

They are those of `MusicSampler.sample` with the same seed, but for one in a thousand or so: products of another number
of rows end in another digit, and now and then a random number lies between the two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from latentpalette.models.decoding_in_parts import MUSIC_WORK, tokens_in_parts
from latentpalette.models.music_sampler import MusicSampler
from latentpalette.models.network import FloatArray
from latentpalette.models.sampling import gibbs_noise, is_degenerate, refine, sample_prior
from latentpalette.music.rating import rate
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.parts import Task

BLOCK = 32  # samples whose z are drawn together: a learned prior carries so many at once
_MAX_ROWS = 64  # that are decoded together
_MAX_STEPS = 12_288  # of the streams of all of them
_BLOCK_WORK = 1_500  # see `latentpalette.progress.parts`
_RATED_WORK = 30  # of rating a sequence


class _Noise(NamedTuple):
    """The random numbers of a block of samples, at one attempt: z [block, z], uniform ones [block, t, num_uniforms]."""

    z: FloatArray
    uniforms: FloatArray | None


@dataclass
class SamplesInParts:
    """The samples of a seed, as ``model.sample(n, seed=seed, ...)`` draws them.

    Parameters
    ----------
    model : MusicSampler
    seed : int
    steps : int
        Of all streams of a sequence, by which models compare.
    temperature, best_of
        See `MusicSampler.sample`.
    conditions : mapping of name to value
        What the learned prior is asked for.
    controls : array-like [shape=(t, depth)], optional
        Those of all samples, of a model with controls.

    Examples
    --------
    >>> import latentpalette as lp
    >>> from latentpalette.progress.parts import finish
    >>> model = lp.load("drums-2bar")
    >>> samples = SamplesInParts(model, seed=7, steps=32, best_of=2)
    >>> finish(samples.draw([2, 0]))
    >>> samples.music[2].notes == model.sample(3, seed=7, best_of=2)[2].notes
    True
    """

    model: MusicSampler
    seed: int
    steps: int
    temperature: float | None = 1.0
    best_of: int = 1
    conditions: Mapping[str, Any] = field(default_factory=dict)
    controls: ArrayLike | None = None
    music: dict[int, NoteSequence] = field(default_factory=dict, init=False)  # by number, from 0
    _noise: dict[tuple[int, int], _Noise] = field(default_factory=dict, init=False, repr=False)  # by block and attempt
    _attempts: dict[int, int] = field(default_factory=dict, init=False, repr=False)  # the next one at rejected rows
    _rated: dict[int, dict[int, NoteSequence]] = field(
        default_factory=dict, init=False, repr=False
    )  # not all of best_of

    def __post_init__(self) -> None:
        self.model = self.model._sampler

    def draw(self, numbers: Iterable[int], *, until: int | None = None) -> Task[None]:
        """Draw samples, which are in `music` as soon as they are there; those that are there already stay.

        With `until` it ends with the sequences among which this one is, and draws no more than are decoded together.
        """
        wanted = [number for number in dict.fromkeys(numbers) if number not in self.music]
        rows = (number * self.best_of + k for number in wanted for k in range(self.best_of))
        waiting = deque(
            (row, self._attempts.get(row, 0)) for row in rows if row not in self._rated.get(row // self.best_of, {})
        )
        while waiting and until not in self.music:
            part = [waiting.popleft() for _ in range(min(self._rows, len(waiting)))]
            for block, attempt in dict.fromkeys((row // BLOCK, attempt) for row, attempt in part):
                yield from self._draw_noise(block, attempt)
            rejected = yield from self._decode(part)
            self._attempts |= dict(rejected)
            waiting.extendleft(reversed(rejected))  # before others: what they are part of is heard sooner

    @property
    def _rows(self) -> int:
        """Number of sequences that are decoded together."""
        return min(_MAX_ROWS, max(1, _MAX_STEPS // self.steps))

    def _decode(self, part: list[tuple[int, int]]) -> Task[list[tuple[int, int]]]:
        """Decode rows, each at an attempt; return those that are to be drawn again, with the next attempt."""
        noises = [(self._noise[row // BLOCK, attempt], row % BLOCK) for row, attempt in part]
        z = np.stack([noise.z[k] for noise, k in noises])
        uniforms = None if self.temperature is None else np.stack([noise.uniforms[k] for noise, k in noises])  # type: ignore[index]
        tokens = yield from tokens_in_parts(
            self.model, z, temperature=self.temperature, noise=uniforms, controls=self.controls
        )
        last = self.model.config.max_attempts - 1
        is_bad = is_degenerate(self.model, tokens)
        for (row, attempt), bad, frames in zip(part, is_bad, self.model.iter_frames(tokens), strict=True):
            if not bad or attempt == last:
                yield MUSIC_WORK + _RATED_WORK
                self._keep(row, self.model.converter.decode(frames))
        return [(row, attempt + 1) for (row, attempt), bad in zip(part, is_bad, strict=True) if bad and attempt < last]

    def _keep(self, row: int, music: NoteSequence) -> None:
        number = row // self.best_of
        rated = self._rated.setdefault(number, {})
        rated[row] = music
        if len(rated) == self.best_of:
            self.music[number] = max((rated[each] for each in sorted(rated)), key=rate)
            del self._rated[number]

    def _draw_noise(self, block: int, attempt: int) -> Task[None]:
        """Draw the random numbers of a block of samples, and refine its z where the model does."""
        if (block, attempt) in self._noise:
            return
        model, stop = self.model, (block + 1) * BLOCK
        yield _BLOCK_WORK
        z = sample_prior(model, BLOCK, seed=self.seed, attempt=attempt, conditions=self.conditions, skip=stop - BLOCK)
        if steps := model.default_gibbs_steps:
            noise = gibbs_noise(model, stop, steps, seed=self.seed, attempt=attempt)[-BLOCK:]
            for step in range(steps):
                for start in range(0, BLOCK, self._rows):
                    rows = slice(start, start + self._rows)
                    tokens = yield from tokens_in_parts(model, z[rows], controls=self.controls)
                    yield len(z[rows]) * self.steps // 3
                    z[rows] = refine(model, model.converter, z[rows], tokens, noise[rows, step], self.controls)
        uniforms = None
        if self.temperature is not None:
            uniforms = model.decode_noise(stop, seed=self.seed, attempt=attempt)[-BLOCK:].copy()
        self._noise[block, attempt] = _Noise(z, uniforms)
