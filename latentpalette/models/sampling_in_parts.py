"""The samples of a seed, any of them, drawn in parts: other things may be done in between.

They are those of `MusicSampler.sample` with the same seed, but for one in a thousand or so: products of another number
of rows end in another digit, and now and then a random number lies between the two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from latentpalette.models.decoding_in_parts import MUSIC_WORK, tokens_in_parts
from latentpalette.models.flow_integration import BLOCK_ROWS
from latentpalette.models.music_sampler import MusicSampler
from latentpalette.models.network import FloatArray
from latentpalette.models.sampling import gibbs_noise, is_degenerate, noise_to_z_in_parts, prior_noise, refine
from latentpalette.music.rating import rate
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.parts import Task

_MAX_ROWS = 64  # that are decoded together
_FIRST_STEPS = 12_288  # of the streams of those that are decoded first, and heard as soon as they are
_MAX_STEPS = 24_576  # of all others: a step of twice as many takes less than twice as long
_RATED_WORK = 30  # of rating a sequence; see `latentpalette.progress.parts`


_Row = tuple[int, int]  # the number of a sequence of the seed, and of the attempt at it


class _Noise(NamedTuple):
    """The random numbers of a sequence: z [z], uniform ones [t, num_uniforms]."""

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
    _noise: dict[_Row, _Noise] = field(default_factory=dict, init=False, repr=False)
    _attempts: dict[int, int] = field(default_factory=dict, init=False, repr=False)  # the next one at rejected rows
    # By number, where not all of `best_of` are drawn yet: the ratings of rows, and their music.
    _rated: dict[int, dict[int, tuple[float, NoteSequence]]] = field(default_factory=dict, init=False, repr=False)

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
            steps = _FIRST_STEPS if until is not None and not self.music else _MAX_STEPS
            part = [waiting.popleft() for _ in range(min(self._num_rows(steps), len(waiting)))]
            yield from self._draw_noise(part, waiting)
            rejected = yield from self._decode(part)
            self._attempts |= dict(rejected)
            waiting.extendleft(reversed(rejected))  # before others: what they are part of is heard sooner

    def _num_rows(self, steps: int) -> int:
        """Return the number of sequences that have so many steps together, and are decoded together."""
        return min(_MAX_ROWS, max(1, steps // self.steps))

    def _decode(self, part: list[_Row]) -> Task[list[_Row]]:
        """Decode rows, each at an attempt; return those that are to be drawn again, with the next attempt."""
        noises = [self._noise[each] for each in part]
        z = np.stack([noise.z for noise in noises])
        uniforms = None if self.temperature is None else np.stack([noise.uniforms for noise in noises])  # type: ignore[misc]
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
        rated[row] = rate(music) if self.best_of > 1 else 0.0, music
        if len(rated) == self.best_of:
            _, self.music[number] = max((rated[each] for each in sorted(rated)), key=itemgetter(0))
            del self._rated[number]

    def _draw_noise(self, part: Iterable[_Row], next_rows: Iterable[_Row]) -> Task[None]:
        """Draw the random numbers of rows, and refine their z where the model does.

        A learned prior carries a block of z at once: if it is not full, the next rows fill it up.
        """
        rows = [each for each in part if each not in self._noise]
        if not rows:
            return
        rows += islice((each for each in next_rows if each not in self._noise), -len(rows) % BLOCK_ROWS)
        model, steps = self.model, self.model.default_gibbs_steps
        z = yield from noise_to_z_in_parts(model, self._stack(prior_noise, rows), self.conditions)
        if steps:
            noise = self._stack(partial(gibbs_noise, gibbs_steps=steps), rows)
            size = self._num_rows(_FIRST_STEPS)
            for step in range(steps):
                for start in range(0, len(rows), size):
                    own = slice(start, start + size)
                    tokens = yield from tokens_in_parts(model, z[own], controls=self.controls)
                    yield len(z[own]) * self.steps // 3
                    z[own] = refine(model, model.converter, z[own], tokens, noise[own, step], self.controls)
        uniforms: Any = [None] * len(rows)
        if self.temperature is not None:
            uniforms = self._stack(type(model).decode_noise, rows)
        self._noise |= {row: _Noise(*each) for row, each in zip(rows, zip(z, uniforms, strict=True), strict=True)}

    def _stack(self, draw: Callable[..., FloatArray], rows: list[_Row]) -> FloatArray:
        """Return the random numbers of rows, which a function draws of the first rows of a seed at an attempt."""
        attempts: dict[int, int] = {}  # how many rows are drawn of each
        for row, attempt in rows:
            attempts[attempt] = max(attempts.get(attempt, 0), row + 1)
        drawn = {key: draw(self.model, n, seed=self.seed, attempt=key) for key, n in attempts.items()}
        return np.stack([drawn[attempt][row] for row, attempt in rows])
