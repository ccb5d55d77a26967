"""Weights of a model over chords from those of the same model without, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor
from torch.nn import functional

from latentpalette.models.config import ModelConfig
from latentpalette.music.chords import NUM_TRIADS


def same_but_for_chords(before: ModelConfig, after: ModelConfig) -> bool:
    """Return whether of two configurations of one representation one has chords, and the other has no controls.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> names = ("hier-multiperf_vel_1bar_med", "hier-multiperf_vel_1bar_med_chords", "cat-mel_2bar_med_chords")
    >>> without, over_chords, melody = (MAGENTA_CONFIGS[name] for name in names)
    >>> same_but_for_chords(without, over_chords), same_but_for_chords(without, melody)
    (True, False)
    """
    depths = {bool(config.converter.get("chords")): config.control_depth for config in (before, after)}
    converters = [_without_chords(config.converter) for config in (before, after)]
    return depths == {True: NUM_TRIADS, False: 0} and converters[0] == converters[1]


def change_chords(weights: Mapping[str, Tensor], *, add: bool) -> dict[str, Tensor]:
    """Return the weights of a model with chords added, or taken out.

    Parameters
    ----------
    weights : mapping of name to Tensor
        As `Network.state_dict`.
    add : bool
        Added, the chords have weights of 0: the model ignores them until it learns more. Taken out, what "no chord"
        adds to the gates becomes part of the biases: the model does what it did where no chord was given.
    """
    changed = dict(weights)
    for name in weights:
        if not _reads_controls(name):
            continue
        weight = weights[name]  # [gates, inputs]; the controls are the last inputs
        if add:
            changed[name] = functional.pad(weight, (0, NUM_TRIADS))
            continue
        changed[name], of_triads = weight[:, :-NUM_TRIADS].contiguous(), weight[:, -NUM_TRIADS:]
        bias = name.replace("weight_ih", "bias_ih")
        changed[bias] = weights[bias] + of_triads[:, 0]
    return changed


def _reads_controls(name: str) -> bool:
    """Return whether these are the input weights of the first layer of the encoder, or of a core of the decoder."""
    is_encoder = name.startswith(("encoder.layers.0.", "encoder.levels.0.layers.0."))
    is_core = name.startswith("decoder.cores.") and ".layers.0." in name
    return (is_encoder or is_core) and "weight_ih" in name


def _without_chords(converter: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in converter.items() if name not in ("chords", "steps")}
