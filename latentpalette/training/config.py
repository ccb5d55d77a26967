"""How to train, as data: one frozen dataclass, read from and written to JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from latentpalette.data.augment.drums import Recombination
from latentpalette.errors import TrainingError, suggest
from latentpalette.models.config import ModelConfig
from latentpalette.training import schedules
from latentpalette.training.optimizer import OPTIMISERS

SCHEDULES = ("cosine", "trapezoid", "exponential")


@dataclass(frozen=True)
class Settings:
    """Everything about a training run that is not in the model's own configuration.

    Parameters
    ----------
    steps : int
        Updates in all.
    batch : int
        Windows in one update, over all devices together.
    schedule : str
        Of the learning rate: ``"cosine"``, ``"trapezoid"``, or Magenta's ``"exponential"``.
    learning_rate, end_rate : float
        Where it starts (after the warm-up) and ends.
    warmup : int
        Steps over which the rate rises, unless it is exponential.
    decay : float
        Of the exponential schedule, for each step.
    fall : float (0 to 1]
        The last share of the steps, over which a trapezoid's rate falls.
    optimiser : str
        ``"adam"`` or ``"muon"``; see `latentpalette.training.optimizer.optimiser`.
    muon_rate : float
        How much larger Muon's rate is than `learning_rate`.
    word_dropout : float [0 to 1]
        The share of steps at which the decoder does not hear the previous row.
    recombination : Recombination
    prior_match : float
        How much it costs that all z together differ from the prior in mean and covariance; see
        `latentpalette.training.losses.mismatch`. Each of several processes looks at its own share of the batch.
    clip_mode, clip_limit : str, float
        See `latentpalette.training.losses.clip`.
    average : float [0 to 1)
        Decay of the moving average of the weights, which is what is judged and kept; 0 keeps the weights themselves.
    validate_every : int
        Steps from one look at the validation songs to the next; a checkpoint is written each time.
    patience : int
        Looks without a better accuracy after which training stops; 0 for never.
    judged : int
        At most so many validation windows are judged on the way; the final judgement takes all.
    seed : int
    first_mu : float
        Spread of the weights that make the posterior's mean, to begin with; 0.001 as Magenta's.
    first_sigma : float
        The posterior's standard deviation to begin with; 0.693 (softplus of 0) as Magenta's. A small one, with a
        larger `first_mu`, lets z say something from the first step, and shortens the time until it is listened to.

    Examples
    --------
    >>> Settings(steps=10).learning_rate_at(9) <= Settings().learning_rate
    True
    """

    steps: int = 4000
    batch: int = 256
    schedule: str = "cosine"
    learning_rate: float = 1e-3
    end_rate: float = 1e-5
    warmup: int = 100
    decay: float = 0.9999
    fall: float = 0.3
    optimiser: str = "adam"
    muon_rate: float = 10.0
    word_dropout: float = 0.3
    recombination: Recombination = field(default_factory=Recombination)
    prior_match: float = 0.0
    clip_mode: str = "global-norm"
    clip_limit: float = 1.0
    average: float = 0.999
    validate_every: int = 500
    patience: int = 0
    judged: int = 1000
    seed: int = 0
    first_mu: float = 0.001
    first_sigma: float = 0.693

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "validate_every", "judged"):
            if getattr(self, name) < 1:
                raise TrainingError(f"{name} must be at least 1; got {getattr(self, name)!r}.")
        for name in ("word_dropout", "average"):
            if not 0 <= getattr(self, name) < 1:
                raise TrainingError(f"{name} lies from 0 up to, not including, 1; got {getattr(self, name)!r}.")
        if not 0 < self.fall <= 1:
            raise TrainingError(f"fall lies above 0, up to 1; got {self.fall!r}.")
        for name, choices in (("schedule", SCHEDULES), ("optimiser", OPTIMISERS)):
            if getattr(self, name) not in choices:
                raise TrainingError(f"{name} is one of {', '.join(choices)}; got {getattr(self, name)!r}.")

    def learning_rate_at(self, step: int) -> float:
        """The learning rate of a step."""
        if self.schedule == "exponential":
            return schedules.exponential_rate(step, start=self.learning_rate, end=self.end_rate, decay=self.decay)
        fallen: Callable[..., float] = schedules.cosine_rate
        if self.schedule == "trapezoid":
            fallen = partial(schedules.trapezoid_rate, fall=self.fall)
        return fallen(step, steps=self.steps, start=self.learning_rate, end=self.end_rate, warmup=self.warmup)

    def to_dict(self) -> dict[str, Any]:
        """Every field, in a form that JSON can hold; `from_dict` reads it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Settings:
        """Read what `to_dict` wrote."""
        values = dict(values)
        for name in values:
            _known(name, cls)
        if "recombination" in values:
            for name in values["recombination"]:
                _known(name, Recombination)
            values["recombination"] = Recombination(**values["recombination"])
        return cls(**values)


Data = TypeVar("Data", Settings, ModelConfig, Recombination)


def assign(config: ModelConfig, settings: Settings, assignments: Iterable[str]) -> tuple[ModelConfig, Settings]:
    """Change fields by text, as ``--set`` does on the command line.

    Parameters
    ----------
    config : ModelConfig
    settings : Settings
    assignments : list of str
        ``"name=value"``: a field of either, or of the recombination (``"recombination.lanes=0.3"``).

    Raises
    ------
    TrainingError
        If there is no such field, or the value does not suit it.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> config, settings = assign(CONFIGS["cat-drums_2bar_small"], Settings(), ["steps=9", "enc_rnn_size=[384]"])
    >>> settings.steps, config.enc_rnn_size
    (9, (384,))
    """
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals:
            raise TrainingError(f"Settings are written name=value; got {text!r}.")
        # `steps` means the number of updates; the length of a window is the converter's.
        if name in {each.name for each in dataclasses.fields(Settings)}:
            settings = _changed(settings, name, value)
        elif name.startswith("recombination."):
            _known(name.partition(".")[2], Recombination)
            how = _changed(settings.recombination, name.partition(".")[2], value)
            settings = dataclasses.replace(settings, recombination=how)
        else:
            _known(name, ModelConfig, Settings)
            config = _changed(config, name, value)
    return config, settings


def _changed(data: Data, name: str, text: str) -> Data:
    now = getattr(data, name)
    try:
        value = text if isinstance(now, str) else json.loads(text)
        value = type(now)(value) if isinstance(now, int | float) and not isinstance(now, bool) else value
    except (ValueError, TypeError) as problem:
        raise TrainingError(f"{name} is {type(now).__name__}, now {now!r}; {text!r} is not.") from problem
    changes: dict[str, Any] = {name: value}
    return dataclasses.replace(data, **changes)


def _known(name: str, *kinds: type[Any]) -> None:
    names = [each.name for kind in kinds for each in dataclasses.fields(kind)]
    if name not in names:
        raise TrainingError(f"There is no setting {name!r}.{suggest(name, names)} There are: {', '.join(names)}.")
