"""What a model is made of, as data: one frozen dataclass describes every published wiring."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType
from typing import Any

from latentpalette.errors import ModelError, suggest

# Beyond every model that was ever meant; a file that asks for more is damaged, and must not cost memory or time.
_LARGEST = 1 << 16
_MOST_LAYERS = 32
_MOST_PARTS = 64
_MOST_TRIES = 1000

HEADS = ("categorical", "multi-out", "nade", "groove")
CELLS = ("lstm", "gru")


@dataclass(frozen=True)
class ModelConfig:
    """The wiring, the sizes and the objective of one MusicVAE.

    Parameters
    ----------
    name : str
        Of a published configuration, or your own.
    steps : int
        Rows in one sequence (Magenta's ``max_seq_len``).
    input_depth, output_depth, control_depth : int
        Width of a row that the encoder reads, that the decoder says, and that steers both (chords, hits; 0 for none).
    z_size : int
    enc_rnn_size, dec_rnn_size : tuple of int
        Units of each recurrent layer; the encoder's count for each direction. A model without an encoder, whose
        `enc_rnn_size` is empty, samples and decodes, but reads no music.
    encoder_levels : tuple of int
        Empty for a flat encoder; otherwise segment lengths, the lowest level first: ``(16, 16)``.
    decoder_levels : tuple of int
        Empty for a flat decoder; otherwise ``(conductor's steps, steps in a segment)``.
    head : str
        ``"categorical"``, ``"multi-out"``, ``"nade"`` or ``"groove"``.
    parts : tuple of int
        Depths of the parts that make up an output row, where there are several (melody, bass, drums).
    split : bool
        Whether each part has a decoder of its own.
    nade_hidden : int
        Hidden units of a NADE head.
    touch : float above 0
        How much the velocities and offsets of a groove's strokes weigh in its loss; 1 as in Magenta's models, whose
        loss is nearly all about what is hit.
    keep : float (0 to 1]
        The share of each recurrent layer's inputs that dropout keeps while training.
    end_token : int or None
        Class that ends a segment early, for those who look for it.
    free_bits : float [bits, for the whole latent vector]
    max_beta, beta_rate : float
        Weight of the KL term: ``(1 - beta_rate**step) * max_beta``.
    sampling_schedule : str
        ``"constant"`` or ``"inverse-sigmoid"``; with `sampling_rate`, how often training feeds the model its own row.
    sampling_rate : float
    batch_size : int
    cell : str
        ``"lstm"``, as Magenta's models all have, or ``"gru"``: three quarters of the weights, and no cell state.
    deterministic : bool
        An autoencoder rather than a variational one: z is the mean itself, and costs nothing.
    rehearsals : int
        How often a place drawn from the prior is rehearsed before it is used, unless asked otherwise; 0 as in
        Magenta's models. See `latentpalette.models.musicvae.MusicVAE.rehearse`.
    takes : int
        How many takes a sample may have, unless asked otherwise: with more than one, as in no model of Magenta's,
        what is silent or stuck is taken again. See `latentpalette.models.sampling`.
    converter : mapping
        Name and options of the converter, as JSON: ``{"name": "drums", "steps": 32, "map": "reduced"}``.

    Raises
    ------
    ModelError
        If the parts do not fit together; the message says which.

    Examples
    --------
    >>> config = CONFIGS["cat-drums_2bar_small"]
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
    parts: tuple[int, ...] = ()
    split: bool = False
    nade_hidden: int = 128
    touch: float = 1.0
    keep: float = 1.0
    end_token: int | None = None
    free_bits: float = 0.0
    max_beta: float = 1.0
    beta_rate: float = 0.0
    sampling_schedule: str = "constant"
    sampling_rate: float = 0.0
    batch_size: int = 512
    cell: str = "lstm"
    deterministic: bool = False
    rehearsals: int = 0
    takes: int = 1
    converter: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name in _TUPLES:
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "converter", MappingProxyType(dict(self.converter)))
        self._check()

    def _check(self) -> None:
        for name in ("steps", "input_depth", "output_depth", "z_size", "nade_hidden", "batch_size"):
            if not 1 <= getattr(self, name) <= _LARGEST:
                raise ModelError(f"{self.name}: {name} is from 1 to {_LARGEST}; got {getattr(self, name)!r}.")
        if not 0 <= self.control_depth <= _LARGEST:
            raise ModelError(f"{self.name}: control_depth is from 0 to {_LARGEST}; got {self.control_depth!r}.")
        for name, fewest in (("enc_rnn_size", 0), ("dec_rnn_size", 1)):
            sizes = getattr(self, name)
            if not fewest <= len(sizes) <= _MOST_LAYERS or any(not 1 <= units <= _LARGEST for units in sizes):
                raise ModelError(f"{self.name}: {name} names the units of each layer; got {sizes[:_MOST_LAYERS]!r}.")
        for name, known in (("head", HEADS), ("cell", CELLS)):
            value = getattr(self, name)
            if value not in known:
                raise ModelError(f"{self.name}: {name} {value!r}.{suggest(value, known)} One of {', '.join(known)}.")
        for name in ("encoder_levels", "decoder_levels"):
            levels = getattr(self, name)
            if len(levels) > _MOST_LAYERS or any(not 1 <= each <= _LARGEST for each in levels):
                raise ModelError(f"{self.name}: {name} are lengths, of few levels; got {levels[:_MOST_LAYERS]!r}.")
            if levels and prod(levels) != self.steps:
                raise ModelError(
                    f"{self.name}: {name} {levels} multiply to {prod(levels)}, but a sequence has {self.steps} steps."
                )
        if len(self.decoder_levels) not in (0, 2):
            raise ModelError(f"{self.name}: decoder_levels are (conductor, segment); got {self.decoder_levels}.")
        if len(self.parts) > _MOST_PARTS or any(not 1 <= each <= _LARGEST for each in self.parts):
            raise ModelError(f"{self.name}: parts are depths, of few parts; got {self.parts[:_MOST_PARTS]!r}.")
        if self.parts and sum(self.parts) != self.output_depth:
            raise ModelError(
                f"{self.name}: parts {self.parts} add up to {sum(self.parts)}, not to output_depth {self.output_depth}."
            )
        if (self.split or self.head == "multi-out") and not self.parts:
            raise ModelError(f"{self.name}: a split decoder or a multi-out head needs parts, the depth of each.")
        if self.head == "groove" and self.output_depth % 3:
            raise ModelError(f"{self.name}: a groove row is hits, velocities, offsets; got depth {self.output_depth}.")
        if not 0 < self.touch <= _LARGEST:
            raise ModelError(f"{self.name}: touch is a weight, above 0 and up to {_LARGEST}; got {self.touch!r}.")
        for name, fewest in (("rehearsals", 0), ("takes", 1)):
            if not fewest <= getattr(self, name) <= _MOST_TRIES:
                raise ModelError(
                    f"{self.name}: {name} are from {fewest} to {_MOST_TRIES}; got {getattr(self, name)!r}."
                )
        if not 0 < self.keep <= 1:
            raise ModelError(f"{self.name}: keep is the share that dropout keeps, above 0 and at most 1: {self.keep}.")

    def replace(self, **changes: Any) -> ModelConfig:
        """The same configuration with some fields changed.

        Raises
        ------
        ModelError
            If there is no such field.

        Examples
        --------
        >>> CONFIGS["cat-drums_2bar_small"].replace(z_size=128).z_size
        128
        """
        _known(changes)
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Every field, in a form that JSON can hold."""
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        values["converter"] = dict(self.converter)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def to_json(self) -> str:
        """The configuration as JSON, one field a line."""
        return json.dumps(self.to_dict(), indent=1) + "\n"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelConfig:
        """The inverse of `to_dict`; see `from_json`."""
        if not isinstance(values, Mapping):
            raise ModelError(f"A model's configuration is a JSON object; got {type(values).__name__}.")
        _known(values)
        missing = [each.name for each in dataclasses.fields(cls) if each.name not in values and _required(each)]
        if missing:
            raise ModelError(f"The configuration lacks {', '.join(missing)}.")
        try:
            return cls(**values)
        except (TypeError, ValueError) as error:
            if isinstance(error, ModelError):
                raise
            raise ModelError(f"The configuration does not make sense: {error}") from error

    @classmethod
    def from_json(cls, text: str) -> ModelConfig:
        """Read a configuration that `to_json` wrote.

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
        return cls.from_dict(values)

    @property
    def reads(self) -> bool:
        """Whether there is an encoder."""
        return bool(self.enc_rnn_size)

    @property
    def segments(self) -> tuple[int, int]:
        """How the decoder cuts the steps: (number of segments, steps in each); flat is one segment."""
        return (self.decoder_levels[0], self.decoder_levels[1]) if self.decoder_levels else (1, self.steps)


_TUPLES = ("enc_rnn_size", "dec_rnn_size", "encoder_levels", "decoder_levels", "parts")


def _required(each: dataclasses.Field[Any]) -> bool:
    return each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING


def _known(values: Mapping[str, Any]) -> None:
    names = [each.name for each in dataclasses.fields(ModelConfig)]
    for name in values:
        if name not in names:
            raise ModelError(f"No configuration field is called {name!r}.{suggest(name, names)}")


def _published() -> dict[str, ModelConfig]:
    """The 23 configurations of Magenta's ``music_vae/configs.py`` (2025-07-08)."""
    annealed: dict[str, Any] = {
        "max_beta": 0.2,
        "beta_rate": 0.99999,
        "sampling_schedule": "inverse-sigmoid",
        "sampling_rate": 1000.0,
    }
    free_48: dict[str, Any] = {"free_bits": 48.0, "max_beta": 0.2}
    scheduled: dict[str, Any] = {**free_48, "sampling_schedule": "inverse-sigmoid", "sampling_rate": 1000.0}
    free_256: dict[str, Any] = {"free_bits": 256.0, "max_beta": 0.2}

    mel_2bar = ModelConfig(
        "cat-mel_2bar_small", 32, 90, 90, 256, (512,), (256, 256), **annealed,
        converter={"name": "melody", "steps": 32, "programs": [0, 31]},
    )  # fmt: skip
    mel_16bar = ModelConfig(
        "flat-mel_16bar", 256, 90, 90, 512, (2048, 2048), (2048, 2048, 2048), **free_256,
        converter={"name": "melody", "steps": 256},
    )  # fmt: skip
    drums = ModelConfig(
        "cat-drums_2bar_small", 32, 10, 512, 256, (512,), (256, 256), **scheduled,
        converter={"name": "drums", "steps": 32, "map": "reduced"},
    )  # fmt: skip
    nade = ModelConfig(
        "nade-drums_2bar_reduced", 32, 10, 9, 256, (1024,), (512, 512), head="nade", **scheduled,
        converter={"name": "drum-roll", "steps": 32, "map": "reduced"},
    )  # fmt: skip
    trio = ModelConfig(
        "flat-trio_16bar", 256, 692, 692, 512, (2048, 2048), (2048, 2048, 2048), head="multi-out", parts=(90, 90, 512),
        batch_size=256, converter={"name": "trio", "steps": 256},
    )  # fmt: skip
    conductor: dict[str, Any] = {"decoder_levels": (16, 16), "dec_rnn_size": (1024, 1024)}
    two_levels: dict[str, Any] = {"encoder_levels": (16, 16), "enc_rnn_size": (1024,)}
    hierdec_mel = mel_16bar.replace(name="hierdec-mel_16bar", **conductor)
    hierdec_trio = trio.replace(name="hierdec-trio_16bar", split=True, **conductor, **free_256)
    multi = ModelConfig(
        "hier-multiperf_vel_1bar_med", 512, 490, 490, 512, (1024,), (512, 512, 512), encoder_levels=(64, 8),
        decoder_levels=(8, 64), end_token=489, batch_size=256, converter={"name": "performance"},
    )  # fmt: skip
    big_multi: dict[str, Any] = {"enc_rnn_size": (2048,), "dec_rnn_size": (1024, 1024, 1024)}
    chords: dict[str, Any] = {"control_depth": 49, "converter": {"name": "performance", "chords": True}}
    groove = ModelConfig(
        "groovae_2bar_humanize", 32, 27, 27, 256, (512,), (256, 256), head="groove", keep=0.3, **free_48,
        converter={"name": "groove", "steps": 32, "humanize": True},
    )  # fmt: skip
    tap: dict[str, Any] = {"name": "groove", "steps": 32, "tapify": True, "fixed_velocities": True}
    big: dict[str, Any] = {"z_size": 512, "enc_rnn_size": (2048,), "dec_rnn_size": (2048, 2048, 2048)}

    configs = (
        mel_2bar,
        mel_2bar.replace(name="cat-mel_2bar_big", **big, max_beta=0.5),
        ModelConfig(
            "cat-mel_2bar_med_chords", 32, 90, 90, 256, (1024,), (512, 512, 512), control_depth=49,
            converter={"name": "melody", "steps": 32, "chords": True},
        ),
        drums,
        drums.replace(name="cat-drums_2bar_big", **big),
        nade,
        nade.replace(
            name="nade-drums_2bar_full", input_depth=62, output_depth=61,
            converter={"name": "drum-roll", "steps": 32, "map": "full"},
        ),
        trio,
        hierdec_trio,
        hierdec_trio.replace(name="hier-trio_16bar", **two_levels),
        mel_16bar,
        hierdec_mel,
        hierdec_mel.replace(name="hier-mel_16bar", **two_levels),
        multi,
        multi.replace(name="hier-multiperf_vel_1bar_big", **big_multi),
        multi.replace(name="hier-multiperf_vel_1bar_med_chords", **chords),
        multi.replace(name="hier-multiperf_vel_1bar_big_chords", **big_multi, **chords),
        groove.replace(name="groovae_4bar", steps=64, converter={"name": "groove", "steps": 64}),
        groove,
        groove.replace(name="groovae_2bar_tap_fixed_velocity", converter=tap),
        groove.replace(
            name="groovae_2bar_tap_fixed_velocity_note_dropout", converter={**tap, "max_note_dropout": 0.8}
        ),
        groove.replace(
            name="groovae_2bar_add_closed_hh", converter={"name": "groove", "steps": 32, "add_instruments": [2]}
        ),
        groove.replace(
            name="groovae_2bar_hits_control_tfds", control_depth=9,
            converter={"name": "groove", "steps": 32, "hits_as_controls": True},
        ),
    )  # fmt: skip
    return {config.name: config for config in configs}


CONFIGS: Mapping[str, ModelConfig] = MappingProxyType(_published())


def published(name: str) -> ModelConfig:
    """The published configuration of this name.

    Raises
    ------
    ModelError
        If there is none; the message names the nearest.

    Examples
    --------
    >>> published("hier-trio_16bar").decoder_levels
    (16, 16)
    """
    if name not in CONFIGS:
        raise ModelError(
            f"No published configuration is called {name!r}.{suggest(name, list(CONFIGS))} "
            f"There are: {', '.join(CONFIGS)}."
        )
    return CONFIGS[name]
