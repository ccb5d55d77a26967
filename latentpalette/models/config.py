"""`ModelConfig`: architecture, sizes and objective of a MusicVAE, as one frozen dataclass."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType
from typing import Any

from latentpalette.effects import check_effects, needs_choice, reset_without_effect
from latentpalette.errors import ModelError, suggest
from latentpalette.models.conditions import (
    ARGUMENTS,
    MAX_CONDITIONS,
    Condition,
    NumberCondition,
    check_conditions,
    condition_from_dict,
    condition_to_dict,
)
from latentpalette.old_names import rename_fields
from latentpalette.validation import (
    check_choice,
    check_flag,
    check_integer,
    check_list,
    check_number,
    check_text,
    short_repr,
)

# Far above every known model, so that a damaged or hostile file costs neither memory nor time.
MAX_SIZE = 1 << 16
MAX_LAYERS = 32
MAX_STREAMS = 64
MAX_SAMPLING_TRIES = 1000
MAX_WEIGHT = 1e9  # of a term of the loss, and of free bits and the rate of a schedule
MAX_NAME_LENGTH = 200

HEADS = ("categorical", "multi-out", "nade", "groove")
CELLS = ("lstm", "gru")
SAMPLING_SCHEDULES = ("constant", "inverse-sigmoid", "exponential")
NEEDS = {
    "nade_hidden": needs_choice("head", "nade"),
    "expression_weight": needs_choice("head", "groove"),
    "free_bits": needs_choice("deterministic", False),
}


@dataclass(frozen=True)
class ModelConfig:
    """Architecture, sizes and objective of one MusicVAE.

    Parameters
    ----------
    name : str
        Of one of Magenta's configurations, or your own.
    steps : int
        Length of one sequence in steps of a sixteenth, or in events for performances (Magenta's ``max_seq_len``).
    input_depth, output_depth, control_depth : int
        Width of an encoder frame, a decoder frame, and the controls (chords, hits) that condition both; 0 for none.
    z_size : int
    enc_rnn_size, dec_rnn_size : tuple of int
        Units of each recurrent layer; the encoder's are per direction. A model without an encoder, whose
        `enc_rnn_size` is empty, samples and decodes, but cannot encode.
    encoder_levels : tuple of int
        Empty for a flat encoder; otherwise segment lengths, the lowest level first: ``(16, 16)``.
    decoder_levels : tuple of int
        Empty for a flat decoder; otherwise ``(conductor steps, steps per segment)``.
    head : str
        ``"categorical"``, ``"multi-out"``, ``"nade"`` or ``"groove"``.
    output_depths : tuple of int
        Depths of the streams (melody, bass, drums) that an output frame concatenates; empty for a single stream.
    separate_decoders : bool
        Whether each stream has a decoder of its own.
    nade_hidden : int
        Hidden units of a NADE head.
    expression_weight : float above 0
        Weight of the velocity and offset of a groove's hits in the loss. 1 as in Magenta's models, whose loss is
        dominated by which drums are hit.
    dropout : float [0 to 1)
        Dropout probability on each recurrent layer's inputs (1 minus Magenta's ``dropout_keep_prob``).
    end_token : int or None
        Class that ends a segment early.
    free_bits : float [bits]
        Per latent vector, not per dimension.
    max_beta, beta_rate : float
        Weight of the KL term: ``(1 - beta_rate**update) * max_beta``.
    sampling_schedule : str
        ``"constant"`` or ``"inverse-sigmoid"``. With `sampling_rate` the schedule of scheduled sampling: how often
        training feeds the decoder its own prediction instead of the target.
    sampling_rate : float
    batch_size : int
    cell : str
        ``"lstm"``, as in all of Magenta's models, or ``"gru"``: three quarters of the weights, no cell state.
    deterministic : bool
        A plain autoencoder: z is the mean itself, and the KL term is 0.
    gibbs_steps : int
        Default number of pseudo-Gibbs steps that refine each z drawn from the prior; 0 as in Magenta's models.
        See `latentpalette.models.musicvae.MusicVAE.refine`.
    max_attempts : int
        Default number of attempts of rejection sampling. Above 1, unlike in Magenta's models, silent or static
        samples are drawn again. See `latentpalette.models.sampling`.
    conditions : tuple of NumberCondition, or of mappings
        Features of the music that are the last numbers of z, standardized: ``decode(z, danceability=1.2)``. As JSON
        ``{"name": "danceability", "mean": 1.1, "std": 0.2, "low": 0.6, "high": 1.7}``. See
        `latentpalette.models.conditioned_z`.
    converter : mapping
        Name and options of the converter, as JSON: ``{"name": "drums", "steps": 32, "drum_map": "reduced"}``.

    Raises
    ------
    ModelError
        If the fields contradict one another, or one has no effect; the message says which.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> config = MAGENTA_CONFIGS["cat-drums_2bar_small"]
    >>> config.steps, config.enc_rnn_size, config.dec_rnn_size, config.output_depth
    (32, (512,), (256, 256), 512)
    >>> ModelConfig.from_json(config.to_json()) == config
    True
    """

    name: str
    steps: int
    input_depth: int
    output_depth: int
    z_size: int
    enc_rnn_size: tuple[int, ...]
    dec_rnn_size: tuple[int, ...]
    control_depth: int = 0
    encoder_levels: tuple[int, ...] = ()
    decoder_levels: tuple[int, ...] = ()
    head: str = "categorical"
    output_depths: tuple[int, ...] = ()
    separate_decoders: bool = False
    nade_hidden: int = 128
    expression_weight: float = 1.0
    dropout: float = 0.0
    end_token: int | None = None
    free_bits: float = 0.0
    max_beta: float = 1.0
    beta_rate: float = 0.0
    sampling_schedule: str = "constant"
    sampling_rate: float = 0.0
    batch_size: int = 512
    cell: str = "lstm"
    deterministic: bool = False
    gibbs_steps: int = 0
    max_attempts: int = 1
    conditions: tuple[NumberCondition, ...] = ()
    converter: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        check_text(self.name, "A configuration's name", MAX_NAME_LENGTH, error=ModelError)
        for name, (low, high) in _INTEGERS.items():
            object.__setattr__(self, name, self._integer(name, getattr(self, name), low, high))
        for name, (minimum, maximum) in _NUMBERS.items():
            value = check_number(getattr(self, name), f"{self.name}: {name}", minimum, maximum, error=ModelError)
            object.__setattr__(self, name, value)
        for name in ("separate_decoders", "deterministic"):
            object.__setattr__(self, name, check_flag(getattr(self, name), f"{self.name}: {name}", error=ModelError))
        for name, choices in _CHOICES.items():
            check_choice(getattr(self, name), f"{self.name}: {name}", choices, error=ModelError)
        for name, (low, high) in _TUPLES.items():
            items = check_list(getattr(self, name), f"{self.name}: {name}", low, high, of="numbers", error=ModelError)
            sizes = tuple(self._integer(f"each of {name}", item, 1, MAX_SIZE) for item in items)
            object.__setattr__(self, name, sizes)
        if self.end_token is not None:
            self._integer("end_token", self.end_token, 0, MAX_SIZE)
        if not isinstance(self.converter, Mapping):
            raise ModelError(f"{self.name}: converter is a JSON object; got {short_repr(self.converter)}.")
        object.__setattr__(self, "converter", MappingProxyType(dict(self.converter)))
        object.__setattr__(self, "conditions", self._check_conditions(self.conditions))
        self._check()

    def _integer(self, name: str, value: Any, low: int, high: int) -> int:
        return check_integer(value, f"{self.name}: {name}", low, high, error=ModelError)

    def _check_conditions(self, conditions: Any) -> tuple[NumberCondition, ...]:
        items = check_list(conditions, f"{self.name}: conditions", 0, MAX_CONDITIONS, of="conditions", error=ModelError)
        checked = [item if isinstance(item, Condition) else condition_from_dict(item) for item in items]
        numbers = tuple(item for item in checked if isinstance(item, NumberCondition))
        if len(numbers) < len(checked):
            raise ModelError(f"{self.name}: the conditions of a model are numbers, not one of several names.")
        check_conditions(numbers)
        if reserved := [each.name for each in numbers if each.name in ARGUMENTS]:
            raise ModelError(f"{self.name}: {reserved[0]!r} is an argument of decode; call the condition otherwise.")
        if numbers and not len(numbers) < self.z_size:
            raise ModelError(
                f"{self.name}: {len(numbers)} conditions are the last numbers of z, and leave none of its "
                f"{self.z_size} to the music. Set a larger z_size."
            )
        return numbers

    def _check(self) -> None:
        for name in ("encoder_levels", "decoder_levels"):
            levels = getattr(self, name)
            if levels and prod(levels) != self.steps:
                raise ModelError(
                    f"{self.name}: {name} {levels} multiply to {prod(levels)}, but a sequence has {self.steps} steps."
                )
        if len(self.decoder_levels) not in (0, 2):
            raise ModelError(f"{self.name}: decoder_levels are (conductor, segment); got {self.decoder_levels}.")
        if self.output_depths and sum(self.output_depths) != self.output_depth:
            raise ModelError(
                f"{self.name}: output_depths {self.output_depths} add up to {sum(self.output_depths)}, "
                f"not to output_depth {self.output_depth}."
            )
        if (self.separate_decoders or self.head == "multi-out") and not self.output_depths:
            raise ModelError(
                f"{self.name}: separate decoders and a multi-out head need output_depths, the depth of each."
            )
        if self.head == "groove" and self.output_depth % 3:
            raise ModelError(
                f"{self.name}: a groove frame is hits, velocities, offsets; got depth {self.output_depth}."
            )
        if self.expression_weight <= 0:
            raise ModelError(f"{self.name}: expression_weight is above 0; got {self.expression_weight!r}.")
        if self.dropout >= 1:
            raise ModelError(f"{self.name}: dropout is a probability from 0 to below 1; got {self.dropout!r}.")
        check_effects(self, NEEDS, prefix=f"{self.name}: ", error=ModelError)

    def replace(self, **changes: Any) -> ModelConfig:
        """Return the same configuration with some fields changed; others that then have no effect get their default.

        Raises
        ------
        ModelError
            If there is no such field.

        Examples
        --------
        >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
        >>> MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=128).z_size
        128
        """
        changes = rename_fields("ModelConfig", changes)
        _require_known(changes)
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)} | changes
        return ModelConfig(**reset_without_effect(values, ModelConfig, NEEDS, given=changes))

    def to_dict(self) -> dict[str, Any]:
        """Return every field, as JSON types."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        values["converter"] = dict(self.converter)
        values["conditions"] = [condition_to_dict(condition) for condition in self.conditions]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def to_json(self) -> str:
        """Return the configuration as JSON, one field per line."""
        return json.dumps(self.to_dict(), indent=1) + "\n"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelConfig:
        """Return the configuration that `to_dict` described; see `from_json`."""
        if not isinstance(values, Mapping):
            raise ModelError(f"A model's configuration is a JSON object; got {type(values).__name__}.")
        try:
            values = rename_fields("ModelConfig", values)
            _require_known(values)
            required = [field.name for field in dataclasses.fields(cls) if _is_required(field)]
            if missing := [name for name in required if name not in values]:
                raise ModelError(f"The configuration lacks {', '.join(missing)}.")
            return cls(**values)
        except ModelError:
            raise
        except (TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"The configuration has a field of the wrong type: {error}") from error

    @classmethod
    def from_json(cls, text: str) -> ModelConfig:
        """Read a configuration that `to_json` wrote; fields that have no effect get their default.

        Raises
        ------
        ModelError
            If it is no JSON, lacks a field, or has an unknown one; the message names the nearest.

        Examples
        --------
        >>> ModelConfig.from_json('{"z_sise": 3}')
        Traceback (most recent call last):
        latentpalette.errors.ModelError: No configuration field is called 'z_sise'. Did you mean 'z_size'?
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ModelError(f"The configuration is not JSON: {error}") from error
        if isinstance(values, Mapping):
            values = rename_fields("ModelConfig", values)
            if values.get("head", "categorical") in HEADS and values.get("deterministic", False) in (True, False):
                values = reset_without_effect(values, cls, NEEDS)
        return cls.from_dict(values)

    @property
    def has_encoder(self) -> bool:
        """True if the model has an encoder."""
        return bool(self.enc_rnn_size)

    @property
    def segments(self) -> tuple[int, int]:
        """Number of decoder segments and steps per segment; a flat decoder has one segment."""
        return (self.decoder_levels[0], self.decoder_levels[1]) if self.decoder_levels else (1, self.steps)


# The limits of each field, both included.
_SIZES = ("steps", "input_depth", "output_depth", "z_size", "nade_hidden", "batch_size")
_INTEGERS = dict.fromkeys(_SIZES, (1, MAX_SIZE)) | {
    "control_depth": (0, MAX_SIZE),
    "gibbs_steps": (0, MAX_SAMPLING_TRIES),
    "max_attempts": (1, MAX_SAMPLING_TRIES),
}
_NUMBERS: dict[str, tuple[float, float]] = {
    "expression_weight": (0, MAX_SIZE),
    "dropout": (0, 1),
    "free_bits": (0, MAX_WEIGHT),
    "max_beta": (0, MAX_WEIGHT),
    "beta_rate": (0, 1),
    "sampling_rate": (0, MAX_WEIGHT),
}
_TUPLES = {
    "enc_rnn_size": (0, MAX_LAYERS),
    "dec_rnn_size": (1, MAX_LAYERS),
    "encoder_levels": (0, MAX_LAYERS),
    "decoder_levels": (0, MAX_LAYERS),
    "output_depths": (0, MAX_STREAMS),
}
_CHOICES = {"head": HEADS, "cell": CELLS, "sampling_schedule": SAMPLING_SCHEDULES}


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _require_known(values: Mapping[str, Any]) -> None:
    names = [field.name for field in dataclasses.fields(ModelConfig)]
    for name in values:
        if name not in names:
            raise ModelError(f"No configuration field is called {name!r}.{suggest(name, names)}")
