"""Training configuration: one frozen dataclass, read from and written to JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from latentpalette.data.augment.config import NEEDS as AUGMENTATION_NEEDS
from latentpalette.data.augment.config import Augmentation
from latentpalette.effects import Needs, check_effects, needs_choice, reset_without_effect
from latentpalette.errors import TrainingError, suggest
from latentpalette.models.config import NEEDS as MODEL_NEEDS
from latentpalette.models.config import ModelConfig
from latentpalette.old_names import FIELDS, rename_fields
from latentpalette.training import schedules
from latentpalette.training.optimizer import OPTIMIZERS
from latentpalette.validation import check_choice, check_integer, check_number, check_type, short_repr

LR_SCHEDULES = ("cosine", "trapezoid", "exponential")
MAX_STEPS = 1_000_000_000  # and of every other whole number here
MAX_NUMBER = 1e9

# The limits of each field, both included; those of whole numbers up to MAX_STEPS.
_INTEGERS = {"max_steps": 1, "batch_size": 1, "val_every": 1, "max_val_windows": 1} | {
    "warmup_steps": 0,
    "patience": 0,
    "seed": 0,
}
_POSITIVE = (
    "learning_rate",
    "min_lr",
    "muon_lr_scale",
    "dip_weight",
    "asked_weight",
    "grad_clip",
    "mu_init_std",
    "sigma_init",
)
_NUMBERS: dict[str, tuple[float, float]] = dict.fromkeys(_POSITIVE, (0.0, MAX_NUMBER)) | dict.fromkeys(
    ("lr_decay", "decay_fraction", "word_dropout", "ema_decay"), (0.0, 1.0)
)
_CHOICES = {"lr_schedule": LR_SCHEDULES, "optimizer": tuple(OPTIMIZERS), "clip_mode": ("global-norm", "value")}
NEEDS = {
    "lr_decay": needs_choice("lr_schedule", "exponential"),
    "decay_fraction": needs_choice("lr_schedule", "trapezoid"),
    "warmup_steps": needs_choice("lr_schedule", "cosine", "trapezoid"),
    "muon_lr_scale": needs_choice("optimizer", "muon"),
}


@dataclass(frozen=True)
class TrainConfig:
    """Everything about a training run that is not in the model's own configuration.

    Parameters
    ----------
    max_steps : int
        Updates in all.
    batch_size : int
        Windows per update, over all devices together.
    lr_schedule : str
        ``"cosine"``, ``"trapezoid"``, or Magenta's ``"exponential"``.
    learning_rate, min_lr : float
        At the start (after the warm-up), and at the end.
    warmup_steps : int
        Updates over which the learning rate rises; not for the exponential schedule.
    lr_decay : float
        Factor per update of the exponential schedule.
    decay_fraction : float (0 to 1]
        The last share of the updates, over which the trapezoid schedule falls.
    optimizer : str
        ``"adam"`` or ``"muon"``; see `latentpalette.training.optimizer.make_optimizer`.
    muon_lr_scale : float
        Muon's learning rate relative to `learning_rate`.
    word_dropout : float [0 to 1)
        Probability of a step at which the decoder does not get the previous frame.
    augmentation : Augmentation
    dip_weight : float
        Weight of the penalty for an aggregate posterior that differs from the prior in mean and covariance; see
        `latentpalette.training.losses.dip_penalty`. Each of several processes computes it on its share of the batch.
    asked_weight : float
        Of a model with conditions: weight of the penalty for music that does not have what is asked for; see
        `latentpalette.training.asked_loss`.
    clip_mode, grad_clip : str, float
        See `latentpalette.training.losses.clip_gradients`.
    ema_decay : float [0 to 1)
        Decay of the moving average of the weights, which is validated and saved; 0 for the weights themselves.
    val_every : int
        Updates between two validations; a checkpoint is written each time.
    patience : int
        Validations without a better score after which training stops; 0 for never.
    max_val_windows : int
        Validate on at most this many windows during training; the final evaluation uses all.
    seed : int
    mu_init_std : float
        Initial standard deviation of the weights of the posterior's mean; Magenta's is 0.001.
    sigma_init : float
        Initial standard deviation of the posterior; Magenta's is 0.693 (softplus of 0). A small value with a larger
        `mu_init_std` makes z informative from step 0, so the decoder starts using it earlier.

    Raises
    ------
    TrainingError
        If a value is out of range, or a setting has no effect with the schedule or the optimizer.

    Examples
    --------
    >>> TrainConfig(max_steps=10).learning_rate_at(9) <= TrainConfig().learning_rate
    True
    """

    max_steps: int = 4000
    batch_size: int = 256
    lr_schedule: str = "cosine"
    learning_rate: float = 1e-3
    min_lr: float = 1e-5
    warmup_steps: int = 100
    lr_decay: float = 0.9999
    decay_fraction: float = 0.3
    optimizer: str = "adam"
    muon_lr_scale: float = 10.0
    word_dropout: float = 0.3
    augmentation: Augmentation = field(default_factory=Augmentation)
    dip_weight: float = 0.0
    asked_weight: float = 0.0
    clip_mode: str = "global-norm"
    grad_clip: float = 1.0
    ema_decay: float = 0.999
    val_every: int = 500
    patience: int = 0
    max_val_windows: int = 1000
    seed: int = 0
    mu_init_std: float = 0.001
    sigma_init: float = 0.693

    def __post_init__(self) -> None:
        for name, low in _INTEGERS.items():
            value: float = check_integer(getattr(self, name), name, low, MAX_STEPS, error=TrainingError)
            object.__setattr__(self, name, value)
        for name, (minimum, maximum) in _NUMBERS.items():
            value = check_number(getattr(self, name), name, minimum, maximum, error=TrainingError)
            object.__setattr__(self, name, value)
        for name in ("word_dropout", "ema_decay"):
            if getattr(self, name) == 1:
                raise TrainingError(f"{name} is at least 0 and below 1; got {getattr(self, name)!r}.")
        for name in ("decay_fraction", "sigma_init"):
            if getattr(self, name) == 0:
                raise TrainingError(f"{name} is above 0; got {getattr(self, name)!r}.")
        check_type(self.augmentation, Augmentation, "augmentation", error=TrainingError)
        for name, choices in _CHOICES.items():
            check_choice(getattr(self, name), name, choices, error=TrainingError)
        check_effects(self, NEEDS, prefix="", error=TrainingError)

    def learning_rate_at(self, step: int) -> float:
        """Return the learning rate of an update."""
        if self.lr_schedule == "exponential":
            return schedules.exponential_rate(step, start=self.learning_rate, end=self.min_lr, decay=self.lr_decay)
        rate: Callable[..., float] = schedules.cosine_rate
        if self.lr_schedule == "trapezoid":
            rate = partial(schedules.trapezoid_rate, decay_fraction=self.decay_fraction)
        return rate(
            step, max_steps=self.max_steps, start=self.learning_rate, end=self.min_lr, warmup_steps=self.warmup_steps
        )

    def to_dict(self) -> dict[str, Any]:
        """Return every field, in a form that JSON can hold; `from_dict` reads it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainConfig:
        """Read what `to_dict` returned; old field names are understood.

        Raises
        ------
        TrainingError
            If there is no such field, or a value is out of range.
        """
        if not isinstance(values, Mapping):
            raise TrainingError(f"A training configuration is a JSON object; got {short_repr(values)}.")
        values = rename_fields("TrainConfig", values)
        for name in values:
            _require_field(name, cls)
        if "augmentation" in values:
            if not isinstance(values["augmentation"], Mapping):
                raise TrainingError(f"augmentation is a JSON object; got {short_repr(values['augmentation'])}.")
            augmentation = rename_fields("Augmentation", values["augmentation"])
            for name in augmentation:
                _require_field(name, Augmentation)
            values["augmentation"] = Augmentation(**augmentation)
        return cls(**values)


Config = TypeVar("Config", TrainConfig, ModelConfig, Augmentation)


def apply_overrides(
    config: ModelConfig, train_config: TrainConfig, overrides: Iterable[str]
) -> tuple[ModelConfig, TrainConfig]:
    """Change fields given as text, like ``--set`` on the command line.

    Parameters
    ----------
    config : ModelConfig
    train_config : TrainConfig
    overrides : list of str
        ``"name=value"``: a field of either, or of the augmentation (``"augmentation.p_mix_drums=0.3"``). Old field
        names are understood. What was set for a schedule, an optimizer or a head that is replaced by another is
        forgotten.

    Returns
    -------
    (ModelConfig, TrainConfig)

    Raises
    ------
    TrainingError
        If there is no such field, the value does not suit it, or it has no effect.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> config, train_config = MAGENTA_CONFIGS["cat-drums_2bar_small"], TrainConfig()
    >>> config, train_config = apply_overrides(config, train_config, ["max_steps=9", "enc_rnn_size=[384]"])
    >>> train_config.max_steps, config.enc_rnn_size
    (9, (384,))
    """
    changes: dict[type[Any], dict[str, Any]] = {TrainConfig: {}, Augmentation: {}, ModelConfig: {}}
    for override in overrides:
        path, equals, text = override.partition("=")
        if not equals:
            raise TrainingError(f"Settings are written name=value; got {override!r}.")
        # A name that both configurations have, such as batch_size, means training.
        name, value = _rename("TrainConfig", path, text)
        group, _, subname = path.partition(".")
        if name in _field_names(TrainConfig):
            changes[TrainConfig][name] = _parse(train_config, name, value)
        elif subname and _rename("TrainConfig", group, "")[0] == "augmentation":
            name, value = _rename("Augmentation", subname, text)
            _require_field(name, Augmentation)
            changes[Augmentation][name] = _parse(train_config.augmentation, name, value)
        else:
            name, value = _rename("ModelConfig", path, text)
            _require_field(name, ModelConfig, TrainConfig)
            changes[ModelConfig][name] = _parse(config, name, value)
    if changes[Augmentation]:
        augmentation = _replace(train_config.augmentation, changes[Augmentation], AUGMENTATION_NEEDS)
        changes[TrainConfig].setdefault("augmentation", augmentation)
    return _replace(config, changes[ModelConfig], MODEL_NEEDS), _replace(train_config, changes[TrainConfig], NEEDS)


def _rename(owner: str, name: str, text: str) -> tuple[str, str]:
    """Return the new name of a field, and its value as text, which may have changed with the name."""
    if name not in FIELDS[owner]:
        return name, text
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    ((name, value),) = rename_fields(owner, {name: value}).items()
    return name, value if isinstance(value, str) else json.dumps(value)


def _parse(config: Config, name: str, text: str) -> Any:
    """Return a value of the type of a field, read from text."""
    current = getattr(config, name)
    try:
        value = text if isinstance(current, str) else json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise TrainingError(f"{name} is {type(current).__name__}, now {current!r}; {text!r} is not.") from problem
    if isinstance(current, int) and isinstance(value, float) and value.is_integer():
        return int(value)  # 1e3
    return value


def _replace(config: Config, changes: Mapping[str, Any], needs: Mapping[str, Needs]) -> Config:
    """Return a configuration with other values; what they leave without effect has its default again."""
    if not changes:
        return config
    values = {name: getattr(config, name) for name in _field_names(type(config))} | dict(changes)
    return type(config)(**reset_without_effect(values, type(config), needs, given=changes))


def _field_names(*configs: type[Any]) -> list[str]:
    return [field.name for config in configs for field in dataclasses.fields(config)]


def _require_field(name: str, *configs: type[Any]) -> None:
    names = _field_names(*configs)
    if name not in names:
        raise TrainingError(f"There is no setting {name!r}.{suggest(name, names)} There are: {', '.join(names)}.")
