"""The 23 configurations of Magenta's ``music_vae/configs.py`` (2025-07-08)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from latentpalette.errors import ModelError, suggest
from latentpalette.models.config import ModelConfig


def _build() -> dict[str, ModelConfig]:
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
        converter={"name": "drums", "steps": 32, "drum_map": "reduced"},
    )  # fmt: skip
    nade = ModelConfig(
        "nade-drums_2bar_reduced", 32, 10, 9, 256, (1024,), (512, 512), head="nade", **scheduled,
        converter={"name": "drum-pianoroll", "steps": 32, "drum_map": "reduced"},
    )  # fmt: skip
    trio = ModelConfig(
        "flat-trio_16bar", 256, 692, 692, 512, (2048, 2048), (2048, 2048, 2048), head="multi-out",
        output_depths=(90, 90, 512), batch_size=256, converter={"name": "trio", "steps": 256},
    )  # fmt: skip
    conductor: dict[str, Any] = {"decoder_levels": (16, 16), "dec_rnn_size": (1024, 1024)}
    two_levels: dict[str, Any] = {"encoder_levels": (16, 16), "enc_rnn_size": (1024,)}
    hierdec_mel = mel_16bar.replace(name="hierdec-mel_16bar", **conductor)
    hierdec_trio = trio.replace(name="hierdec-trio_16bar", separate_decoders=True, **conductor, **free_256)
    multi = ModelConfig(
        "hier-multiperf_vel_1bar_med", 512, 490, 490, 512, (1024,), (512, 512, 512), encoder_levels=(64, 8),
        decoder_levels=(8, 64), end_token=489, batch_size=256, converter={"name": "performance"},
    )  # fmt: skip
    big_multi: dict[str, Any] = {"enc_rnn_size": (2048,), "dec_rnn_size": (1024, 1024, 1024)}
    chords: dict[str, Any] = {"control_depth": 49, "converter": {"name": "performance", "chords": True}}
    groove = ModelConfig(
        "groovae_2bar_humanize", 32, 27, 27, 256, (512,), (256, 256), head="groove", dropout=0.7, **free_48,
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
            converter={"name": "drum-pianoroll", "steps": 32, "drum_map": "full"},
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


MAGENTA_CONFIGS: Mapping[str, ModelConfig] = MappingProxyType(_build())
"""The 23 configurations by name."""


def magenta_config(name: str) -> ModelConfig:
    """Return one of Magenta's configurations by name.

    Raises
    ------
    ModelError
        If there is none; the message names the nearest.

    Examples
    --------
    >>> magenta_config("hier-trio_16bar").decoder_levels
    (16, 16)
    """
    if name not in MAGENTA_CONFIGS:
        raise ModelError(
            f"No Magenta configuration is called {name!r}.{suggest(name, MAGENTA_CONFIGS)} "
            f"There are: {', '.join(MAGENTA_CONFIGS)}."
        )
    return MAGENTA_CONFIGS[name]
