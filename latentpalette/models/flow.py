"""A learned prior over z: a continuous normalizing flow from N(0, I) to the latent vectors of music.

The prior N(0, I) is what training asks for, not where the latent vectors of music are. A small network learns the
velocity field of an ordinary differential equation that carries N(0, I), at time 0, to the latent vectors of the
training songs, at time 1. It may be conditional, on a style or a density. Source: flow matching, Lipman et al. (2023),
arXiv 2210.02747; straight paths, Liu et al. (2023), arXiv 2209.03003; how it is trained is in
`latentpalette.training.flow_matching`.

Samples may be guided by a weaker field, which has learned the same less well: where the two disagree, they follow the
better one further. Where conditions are asked for, these guide instead. Source: autoguidance, Karras et al. (2024),
arXiv 2406.02507.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.errors import ModelError
from latentpalette.models.checks import check_z
from latentpalette.models.conditions import Conditions, check_conditions, count_columns, encode_conditions
from latentpalette.models.flow_integration import BLOCK_ROWS, integrate, integrate_in_parts, times_between
from latentpalette.progress.parts import Task
from latentpalette.validation import check_number

WIDTH, BLOCKS = 512, 4
MAX_WIDTH, MAX_BLOCKS = 4096, 32  # of a file
NUM_FREQUENCIES = 32
_NUM_NORMS = 256
GUIDANCE = 1.5  # styles are then recognized as well as those of songs are
MAX_GUIDANCE = 20.0
AUTOGUIDANCE = 2.0  # weight of a field that a weaker one guides; with 3, more samples are copies of training songs
MAX_AUTOGUIDANCE = 10.0
STEPS = 10  # of Heun's method from time 0 to 1; with 50, the samples are as good

Velocity = Callable[[Tensor, Tensor], Tensor]  # of z at times


class VelocityField(nn.Module):
    """The velocity of a Gaussian's flow, which is known, corrected by a residual MLP.

    At time t, straight paths from N(0, I) to a Gaussian with variances v have the variances s^2 = t^2 v + (1 - t)^2,
    and the velocity (t v - (1 - t)) / s^2 z. The MLP reads z / s, and learns how music differs from that.

    Parameters
    ----------
    z_size : int
    width, blocks : int
        Units of each residual block, and their number.
    num_conditions : int
        Columns of the conditions, see `latentpalette.models.conditions`; 0 for an unconditional field.

    Attributes
    ----------
    variance : Tensor [z]
        Of the latent vectors of music, standardized; 1 at first. It is stored beside the weights, and not trained.
    """

    variance: Tensor

    def __init__(self, z_size: int, *, width: int = WIDTH, blocks: int = BLOCKS, num_conditions: int = 0) -> None:
        super().__init__()
        self.input = nn.Linear(z_size, width)
        self.time = nn.Linear(2 * NUM_FREQUENCIES, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(blocks))
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(blocks))
        self.output_norm = nn.LayerNorm(width)
        self.output = nn.Linear(width, z_size)
        nn.init.zeros_(self.output.weight)  # at first there is no correction
        nn.init.zeros_(self.output.bias)
        self.condition = nn.Linear(num_conditions, width, bias=False) if num_conditions else None
        self.register_buffer("variance", torch.ones(z_size))

    def forward(self, z: Tensor, time: Tensor, conditions: Tensor | None = None) -> Tensor:
        """Return the velocity [n, z] of z [n, z] at times [n] from 0 to 1, under conditions [n, columns].

        No conditions are the same as conditions of zeros.
        """
        phase = time[:, None] * time_frequencies(z.device)
        embedding = self.time(torch.cat([phase.sin(), phase.cos()], 1))  # [n, width]
        if self.condition is not None and conditions is not None:
            embedding = embedding + self.condition(conditions)
        column = time[:, None]
        spread = (column.square() * self.variance + (1 - column).square()).sqrt()  # [n, z]
        hidden = self.input(z / spread) + embedding
        for norm, layer in zip(self.norms, self.layers, strict=True):
            hidden = hidden + layer(functional.silu(norm(hidden) + embedding))
        correction = self.output(self.output_norm(hidden)) * self.variance.sqrt()
        velocity: Tensor = (column * self.variance - (1 - column)) / spread.square() * z + correction / spread
        return velocity


class FlowPrior:
    """A learned prior over z, which maps N(0, I) to the latent vectors of music and back.

    Parameters
    ----------
    field : VelocityField
        It works on z with mean 0 and variance 1 in each dimension.
    mean, std : Tensor [z], optional
        Of the latent vectors of music, but dimensions that hardly vary have a larger `std` and the field a variance
        below 1; by default 0 and 1.
    conditions : tuple of Condition
        What samples can be asked for, in the order of the field's columns.
    weaker : VelocityField, optional
        A field that has learned the same less well, and no conditions. It guides samples of which nothing is asked, but
        no ways between places: carried back by a guided field, music comes to lie where no noise does.
    autoguidance : float [1 to 10]
        Weight of the field that the weaker one guides: 1 is without its guidance.

    Raises
    ------
    ModelError
        If the field has another number of columns, or the weaker one has some, or is for vectors of another length, or
        its weight is out of range.

    Examples
    --------
    >>> prior = FlowPrior(VelocityField(2, width=8, blocks=1))  # untrained: from noise to the same noise
    >>> prior.transport([[1.0, 2.0]], 0.0, 1.0).round(2).tolist()
    [[1.0, 2.0]]
    """

    def __init__(
        self,
        field: VelocityField,
        mean: Tensor | None = None,
        std: Tensor | None = None,
        conditions: Conditions = (),
        weaker: VelocityField | None = None,
        autoguidance: float = AUTOGUIDANCE,
    ) -> None:
        self.conditions = check_conditions(conditions)
        num_columns = 0 if field.condition is None else field.condition.in_features
        if num_columns != count_columns(self.conditions):
            raise ModelError(
                f"A field of {num_columns} columns of conditions is not for {len(self.conditions)} conditions of "
                f"{count_columns(self.conditions)}."
            )
        self.field = field.eval()
        self.z_size = field.input.in_features
        if weaker is not None and (weaker.condition is not None or weaker.input.in_features != self.z_size):
            raise ModelError(f"A weaker field takes no conditions, and z of {self.z_size} numbers as the other does.")
        self.weaker = None if weaker is None else weaker.eval()
        self.autoguidance = check_number(autoguidance, "autoguidance", 1, MAX_AUTOGUIDANCE, error=ModelError)
        self.mean = torch.zeros(self.z_size) if mean is None else mean
        self.std = torch.ones(self.z_size) if std is None else std

    @property
    def noise_size(self) -> int:
        """Standard normal numbers that a sample is made of."""
        return self.z_size

    def transport(
        self,
        z: ArrayLike,
        start: float,
        stop: float,
        *,
        steps: int = STEPS,
        conditions: Mapping[str, Any] | None = None,
        guidance: float = GUIDANCE,
        guided: bool = False,
    ) -> NDArray[np.float32]:
        """Carry vectors along the flow from one time to another.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
            With mean 0 and variance 1 in each dimension: at time 0 standard normal noise.
        start, stop : float [0 to 1]
            0 is the noise, 1 is music; backwards if `stop` is below `start`.
        steps : int
            Steps of Heun's method for a whole unit of time; shorter ways take fewer.
        conditions, guidance
            See `sample`.
        guided : bool
            Whether the weaker field guides, if there is one and nothing is asked for: forwards only.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]
        """
        velocity = self._velocity(conditions or {}, guidance, guided)
        checked = torch.from_numpy(check_z(z, self.z_size))
        nothing = checked.new_zeros(len(checked), 0)
        times = times_between(start, stop, steps)
        return integrate(lambda z, time, _: velocity(z, time), checked, nothing, times).numpy()

    def transport_in_parts(
        self,
        z: ArrayLike,
        start: float,
        stop: float,
        *,
        conditions: Mapping[str, Any] | None = None,
        guidance: float = GUIDANCE,
        guided: bool = False,
    ) -> Task[NDArray[np.float32]]:
        """Carry vectors as `transport` does, in the calling thread: a few of them a step at a time."""
        velocity = self._velocity(conditions or {}, guidance, guided)
        checked = torch.from_numpy(check_z(z, self.z_size))
        nothing = checked.new_zeros(len(checked), 0)
        times = times_between(start, stop, STEPS)
        carried = yield from integrate_in_parts(lambda z, time, _: velocity(z, time), checked, nothing, times)
        return carried.numpy()

    def sample(
        self, noise: ArrayLike, conditions: Mapping[str, Any] | None = None, *, guidance: float = GUIDANCE
    ) -> NDArray[np.float32]:
        """Return latent vectors [n, z] for standard normal noise [n, z].

        Parameters
        ----------
        noise : array-like [shape=(n, z)]
        conditions : mapping of name to value, optional
            What is asked for, see `conditions`; by default nothing.
        guidance : float [0 to 20]
            Weight of the conditions: 1 samples as the training songs are distributed under them, more follows them
            more closely and is less diverse, 0 ignores them. Source: classifier-free guidance, Ho & Salimans (2022),
            arXiv 2207.12598, where their w is this minus 1.

        Raises
        ------
        ModelError
            If there is no such condition, or a value or the guidance is out of range.

        Examples
        --------
        >>> FlowPrior(VelocityField(2, width=8, blocks=1)).sample(np.zeros((3, 2))).shape
        (3, 2)
        >>> from latentpalette.models.conditions import CategoryCondition
        >>> style = CategoryCondition("style", ("funk", "rock"))
        >>> prior = FlowPrior(VelocityField(2, width=8, blocks=1, num_conditions=2), conditions=(style,))
        >>> prior.sample(np.zeros((3, 2)), {"style": "funk"}).shape
        (3, 2)
        """
        return self._to_music(self.transport(noise, 0.0, 1.0, conditions=conditions, guidance=guidance, guided=True))

    def sample_in_parts(
        self, noise: ArrayLike, conditions: Mapping[str, Any] | None = None, *, guidance: float = GUIDANCE
    ) -> Task[NDArray[np.float32]]:
        """Return latent vectors as `sample` does, in parts."""
        asked: dict[str, Any] = {"conditions": conditions, "guidance": guidance}
        return self._to_music((yield from self.transport_in_parts(noise, 0.0, 1.0, guided=True, **asked)))

    @cached_property
    def sample_norms(self) -> NDArray[np.float32]:
        """The distances from the origin of 256 samples, in ascending order."""
        return _norms(self.sample(self._noise_of_norms))

    def sample_norms_in_parts(self) -> Task[NDArray[np.float32]]:
        """Return `sample_norms`, which is computed once, in parts."""
        if "sample_norms" not in self.__dict__:  # where the cached property looks for it
            samples = yield from self.sample_in_parts(self._noise_of_norms)
            self.__dict__["sample_norms"] = _norms(samples)
        return self.sample_norms

    @property
    def _noise_of_norms(self) -> NDArray[np.float64]:
        return np.random.default_rng(0).standard_normal((_NUM_NORMS, self.noise_size))

    def to_time(self, z: ArrayLike, time: float) -> NDArray[np.float32]:
        """Return where latent vectors of music [n, z] come from at a time: 0 is the base space, 1 they themselves.

        They are standardized: divided by the spread of music in each dimension.

        Examples
        --------
        >>> prior = FlowPrior(VelocityField(2, width=8, blocks=1))
        >>> prior.from_time(prior.to_time([[1.0, 2.0]], 0.0), 0.0).round(2).tolist()
        [[1.0, 2.0]]
        """
        return self.transport(self._standardize(z).numpy(), 1.0, time)

    def to_time_in_parts(self, z: ArrayLike, time: float) -> Task[NDArray[np.float32]]:
        """Carry vectors back as `to_time` does, in parts."""
        return (yield from self.transport_in_parts(self._standardize(z).numpy(), 1.0, time))

    def from_time(self, z: ArrayLike, time: float) -> NDArray[np.float32]:
        """Invert `to_time`, but for the error of the integration, a few thousandths of the spread."""
        return self._to_music(self.transport(z, time, 1.0))

    def from_time_in_parts(self, z: ArrayLike, time: float) -> Task[NDArray[np.float32]]:
        """Carry vectors forward as `from_time` does, in parts."""
        return self._to_music((yield from self.transport_in_parts(z, time, 1.0)))

    def steer(self, z: ArrayLike, columns: ArrayLike, time: float, *, guidance: float) -> NDArray[np.float32]:
        """Carry latent vectors of music [n, z] back to a time, and forth under conditions of each.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        columns : array-like [shape=(n, columns)]
            See `latentpalette.models.conditions.encode_conditions`; zeros for nothing.
        time : float [0 to 1]
            1 leaves z as it is.
        guidance : float
            See `sample`.

        Examples
        --------
        >>> from latentpalette.models.conditions import CategoryCondition
        >>> style = CategoryCondition("style", ("funk", "rock"))
        >>> prior = FlowPrior(VelocityField(2, width=8, blocks=1, num_conditions=2), conditions=(style,))
        >>> prior.steer([[1.0, 2.0]], [[0.0, 1.0]], 1.0, guidance=3.0).tolist()
        [[1.0, 2.0]]
        """
        field, standardized = self.field, self._standardize(z)
        asked = torch.from_numpy(np.array(columns, np.float32))

        def asked_for(z: Tensor, time: Tensor, rows: Tensor) -> Tensor:
            # Both in one block of the field: a few z, as an instrument has, take as long as one velocity would.
            both = field(z.repeat(2, 1), time.repeat(2), torch.cat([torch.zeros_like(rows), rows]))
            free, conditional = both.chunk(2)
            return torch.lerp(free, conditional, guidance)

        back = integrate(lambda z, time, _: field(z, time), standardized, asked, times_between(1.0, time, STEPS))
        forth = integrate(asked_for, back, asked, times_between(time, 1.0, STEPS), block_rows=BLOCK_ROWS // 2)
        return self._to_music(forth.numpy())

    def _standardize(self, z: ArrayLike) -> Tensor:
        return (torch.from_numpy(check_z(z, self.z_size)) - self.mean) / self.std

    def _to_music(self, standardized: NDArray[np.float32]) -> NDArray[np.float32]:
        scaled: NDArray[np.float32] = (torch.from_numpy(standardized) * self.std + self.mean).numpy()
        return scaled

    def _velocity(self, asked: Mapping[str, Any], guidance: float, guided: bool) -> Velocity:
        """Return the velocity of z at a time, under the conditions that are asked for."""
        guidance = check_number(guidance, "guidance", 0, MAX_GUIDANCE, error=ModelError)
        columns = encode_conditions(self.conditions, asked)
        field, weaker, weight = self.field, self.weaker, self.autoguidance
        if columns is None:
            if weaker is None or not guided:
                return field
            return lambda z, time: torch.lerp(weaker(z, time), field(z, time), weight)
        row = torch.from_numpy(columns)[None]

        def asked_for(z: Tensor, time: Tensor) -> Tensor:
            conditional: Tensor = field(z, time, row)
            return conditional if guidance == 1 else torch.lerp(field(z, time), conditional, guidance)

        return asked_for


def _norms(z: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the lengths of vectors [n, z], in ascending order."""
    norms: NDArray[np.float32] = np.sort(np.linalg.norm(z, axis=1))
    return norms


def time_frequencies(device: torch.device) -> Tensor:
    """Return the angular frequencies of the time embedding, from half a turn to 128 turns in a unit of time."""
    return math.pi * 2.0 ** torch.linspace(0.0, 8.0, NUM_FREQUENCIES, device=device)
