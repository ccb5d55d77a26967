"""Infer a `ModelConfig` from tensor names (wiring) and shapes (sizes).

What neither determines (steps, converter, objective) is taken from the file's metadata, or from the most similar of
Magenta's configurations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.config import ModelConfig
from latentpalette.models.magenta.mapping import CELLS, FORWARD, Shapes
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS


@dataclass(frozen=True)
class CheckpointMetadata:
    """Facts about a model that a file states beside its tensors.

    Parameters
    ----------
    steps : int
        Length of one sequence.
    segments : int or None
        Number of segments of a conductor; None for a flat model.
    converter : mapping
        As in `ModelConfig`; empty if there is none for it here.
    head : str or None
        Where depths alone do not determine it.
    notes : tuple of str
        Assumptions, for the model card.
    """

    steps: int
    segments: int | None = None
    converter: Mapping[str, Any] = field(default_factory=dict)
    head: str | None = None
    notes: tuple[str, ...] = ()


def infer_configs(shapes: Shapes, *, name: str = "", metadata: CheckpointMetadata | None = None) -> list[ModelConfig]:
    """Return the configurations that fit tensors of these names and shapes, the most likely first.

    Parameters
    ----------
    shapes : mapping of a tensor's name to its shape
    name : str
        Name of the file: one of Magenta's names in it decides what shapes cannot (2 bars or 4).
    metadata : CheckpointMetadata, optional
        What the file states about itself.

    Raises
    ------
    CheckpointError
        If none of Magenta's configurations has such tensors.

    Examples
    --------
    >>> from latentpalette.models.magenta.mapping import layer_mappings
    >>> layers = layer_mappings(MAGENTA_CONFIGS["hier-mel_16bar"])
    >>> shapes = {f"{layer.tf_name}/{suffix}": shape for layer in layers for suffix, shape in layer.shapes.items()}
    >>> infer_configs(shapes)[0].name
    'hier-mel_16bar'
    """
    facts = tensor_facts(shapes, name, metadata)
    defining = [key for key in _DEFINING if facts[key] is not None]
    if metadata is not None:  # then it need not be one of Magenta's configurations
        defining = [key for key in defining if key in ("output_depth", "head")]
    candidates = [
        config for config in MAGENTA_CONFIGS.values() if all(_wiring(config)[key] == facts[key] for key in defining)
    ]
    if metadata is None:
        candidates = [config for config in candidates if bool(config.decoder_levels) == facts["has_conductor"]]
    if not candidates:
        found = ", ".join(f"{key} {facts[key]}" for key in defining)
        raise CheckpointError(f"{name or 'The checkpoint'} is like no published configuration ({found}). Pass config=.")

    def dissimilarity(config: ModelConfig) -> tuple[int, ...]:
        wiring = _wiring(config)
        differing = sum(wiring[key] != facts[key] for key in _DEFINING if facts[key] is not None)
        sizes = (config.enc_rnn_size, config.dec_rnn_size, config.z_size)
        actual_sizes = (facts["enc_rnn_size"], facts["dec_rnn_size"], facts["z_size"])
        layers = sum(len(a) != len(b) for a, b in zip(sizes[:2], actual_sizes[:2], strict=True))
        in_name = len(config.name) if config.name in name else 0  # the longest: one name begins with another
        return differing, -in_name, layers, sum(a != b for a, b in zip(sizes, actual_sizes, strict=True)), config.steps

    ranked = sorted(candidates, key=dissimilarity)
    return [_fit(config, facts, name, metadata) for config in ranked[: 1 if metadata else None]]


def fit_sizes(config: ModelConfig, shapes: Shapes, *, name: str = "") -> ModelConfig:
    """Return a configuration, chosen by its name, with the sizes of the tensors.

    Examples
    --------
    >>> from latentpalette.models.magenta.mapping import layer_mappings
    >>> small = MAGENTA_CONFIGS["groovae_4bar"].replace(z_size=8)
    >>> layers = layer_mappings(small)
    >>> shapes = {f"{layer.tf_name}/{suffix}": shape for layer in layers for suffix, shape in layer.shapes.items()}
    >>> fit_sizes(MAGENTA_CONFIGS["groovae_4bar"], shapes) == small
    True
    """
    return _fit(config, tensor_facts(shapes, name), name, None)


_DEFINING = ("input_depth", "output_depth", "control_depth", "head", "separate_decoders", "output_depths", "levels")


def _wiring(config: ModelConfig) -> dict[str, object]:
    """Return what two models with the same tensors, sizes aside, have in common."""
    wiring: dict[str, object] = {key: getattr(config, key) for key in _DEFINING[:-1]}
    return {**wiring, "levels": (len(config.encoder_levels), len(config.decoder_levels))}


def _fit(config: ModelConfig, facts: Mapping[str, Any], name: str, metadata: CheckpointMetadata | None) -> ModelConfig:
    """Return one of Magenta's configurations with the sizes of the tensors and the facts of the metadata."""
    changes = {key: facts[key] for key in ("enc_rnn_size", "dec_rnn_size", "z_size", "nade_hidden")}
    changes = {key: value for key, value in changes.items() if value or key == "enc_rnn_size"}
    if metadata is not None:
        keys = ("input_depth", "control_depth", "separate_decoders", "output_depths")
        changes |= {key: facts[key] for key in keys if facts[key] is not None}
        changes |= {"steps": metadata.steps, "converter": metadata.converter, "end_token": config.end_token}
        changes |= _levels(facts, metadata, name)
        if config.steps != metadata.steps:
            changes["name"] = _stem(name) or config.name
    try:
        return config.replace(**changes)
    except ModelError as error:
        raise CheckpointError(f"{name or 'The checkpoint'} has tensors of impossible sizes. {error}") from error


def _levels(facts: Mapping[str, Any], metadata: CheckpointMetadata, name: str) -> dict[str, tuple[int, ...]]:
    """Return encoder_levels and decoder_levels, from the tensors and the metadata together."""
    encoder, decoder = facts["levels"] or (0, 2 if facts["has_conductor"] else 0)
    levels: dict[str, tuple[int, ...]] = {"encoder_levels": (), "decoder_levels": ()}
    if encoder or decoder:
        segments = metadata.segments or 0
        if encoder not in (0, 2) or not segments or metadata.steps % segments:
            raise CheckpointError(
                f"{name or 'The checkpoint'}: {metadata.steps} steps in {metadata.segments} segments do not fit its "
                f"tensors, which are of {encoder} levels in the encoder and {decoder} in the decoder. Pass config=."
            )
        levels["encoder_levels"] = (metadata.steps // segments, segments) if encoder else ()
        levels["decoder_levels"] = (segments, metadata.steps // segments) if decoder else ()
    return levels


def tensor_facts(shapes: Shapes, name: str = "", metadata: CheckpointMetadata | None = None) -> dict[str, Any]:
    """Return wiring and sizes from names and shapes alone; None for facts about an encoder that is not there.

    Raises
    ------
    CheckpointError
        If a tensor is missing that every MusicVAE has.
    """
    try:
        return {**_decoder_facts(shapes, metadata), **_encoder_facts(shapes)}
    except (KeyError, IndexError, ValueError) as error:
        raise CheckpointError(
            f"{name or 'The checkpoint'} has no tensor that a MusicVAE must have: {error}. It has: {_list(shapes)}."
        ) from error


def _decoder_facts(shapes: Shapes, metadata: CheckpointMetadata | None) -> dict[str, Any]:
    has_conductor = "decoder/hierarchical_level_0/initial_state/kernel" in shapes
    outer = "core_decoder/" if has_conductor else ""
    streams = _count(shapes, outer + r"core_decoder_(\d+)/")  # 0 for a single decoder
    cores = [f"{outer}core_decoder_{stream}/decoder" for stream in range(streams)] or [f"{outer}decoder"]
    cells = f"{cores[0]}/{CELLS}"
    sizes = [
        _first_dim(shapes, f"{cells}{k}", "lstm_cell", "bias") // 4 for k in range(_count(shapes, cells + r"(\d+)/"))
    ]
    widths = [_first_dim(shapes, core, "output_projection", "bias") for core in cores]
    from_z = "decoder/hierarchical_level_0/initial_state" if has_conductor else f"{cores[0]}/z_to_initial_state"
    z_size = _first_dim(shapes, from_z, "kernel")
    embedding = sizes[-1] if has_conductor else z_size
    nade = shapes.get("/".join((cores[0], "nade", "w_enc")))
    depths = [nade[0]] if nade else widths
    controls = _first_dim(shapes, f"{cells}0", "lstm_cell", "kernel") - sizes[0] - embedding - depths[0]
    depth = sum(depths)
    head, output_depths = "categorical", tuple(depths) if streams else ()
    if nade:
        head = "nade"
    elif streams:
        head = "multi-out"
    elif metadata is not None and metadata.head:
        head = metadata.head
    elif depth == 27:
        head = "groove"
    elif depth == 692:
        head, output_depths = "multi-out", (90, 90, 512)
    return {
        "output_depth": depth,
        "control_depth": controls,
        "head": head,
        "separate_decoders": bool(streams),
        "output_depths": output_depths,
        "has_conductor": has_conductor,
        "dec_rnn_size": tuple(sizes),
        "z_size": z_size,
        "nade_hidden": nade[2] if nade else 0,
    }


def _encoder_facts(shapes: Shapes) -> dict[str, Any]:
    decoder = _decoder_facts(shapes, None)
    if not has_encoder(shapes):
        return {"input_depth": None, "levels": None, "enc_rnn_size": ()}
    levels = _count(shapes, r"encoder/hierarchical_level_(\d+)/")
    cells = "encoder/hierarchical_level_0/cell_" if levels else "encoder/cell_"
    layers = _count(shapes, cells + r"(\d+)/")
    sizes = [_first_dim(shapes, f"{cells}{k}", FORWARD, "bias") // 4 for k in range(layers)]
    depth = _first_dim(shapes, f"{cells}0", FORWARD, "kernel") - sizes[0]
    return {
        "input_depth": depth - decoder["control_depth"],
        "levels": (levels, 2 if decoder["has_conductor"] else 0),
        "enc_rnn_size": tuple(sizes),
    }


def has_encoder(names: Mapping[str, object]) -> bool:
    """Return whether any kernel of an encoder is among the tensors.

    Examples
    --------
    >>> has_encoder({"encoder/mu/kernel": (8, 4), "decoder/output_projection/kernel": (8, 90)})
    False
    """
    return any(re.match(r"encoder/.*/lstm_cell/kernel$", name) for name in names)


def _stem(name: str) -> str:
    """Return the last part of a path, without the suffixes of an archive."""
    return re.sub(r"\.(tar|tar\.gz|tgz)$", "", re.split(r"[/\\]", name.rstrip("/\\"))[-1])


def _first_dim(shapes: Shapes, *name: str) -> int:
    """Return the first dimension of a tensor."""
    return shapes["/".join(name)][0]


def _count(shapes: Shapes, pattern: str) -> int:
    """Count the different values of a pattern's group in the names."""
    return len({match[1] for name in shapes if (match := re.match(pattern, name))})


def _list(names: Shapes) -> str:
    listed = sorted(names)
    return ", ".join(listed[:8]) + (f" and {len(listed) - 8} more" if len(listed) > 8 else "") or "nothing"
