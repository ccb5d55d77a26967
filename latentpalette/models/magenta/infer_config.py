"""What model some tensors make: the wiring told by their names, every size by their shapes.

What neither tells (steps, converter, objective) is what the file says beside its tensors, or is taken over from the
published configuration that is most alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.config import CONFIGS, ModelConfig
from latentpalette.models.magenta.mapping import CELLS, FORWARD, Shapes


@dataclass(frozen=True)
class Told:
    """What a file says of a model beside its tensors.

    Parameters
    ----------
    steps : int
        Rows in one sequence.
    segments : int or None
        In how many segments a conductor leads them; None for a flat model.
    converter : mapping
        As in `ModelConfig`; empty where there is none for it here.
    head : str or None
        Where depths alone do not tell.
    notes : tuple of str
        What had to be assumed, for the card.
    """

    steps: int
    segments: int | None = None
    converter: Mapping[str, Any] = field(default_factory=dict)
    head: str | None = None
    notes: tuple[str, ...] = ()


def infer(shapes: Shapes, *, name: str = "", told: Told | None = None) -> list[ModelConfig]:
    """The configurations that tensors of these names and shapes may have, the likeliest first.

    Parameters
    ----------
    shapes : mapping of a tensor's name to its shape
    name : str
        What the file is called: published names in it settle what shapes cannot tell (2 bars or 4).
    told : Told, optional
        What the file says of itself.

    Raises
    ------
    CheckpointError
        If no published wiring has such tensors.

    Examples
    --------
    >>> from latentpalette.models.magenta.mapping import bricks
    >>> parts = bricks(CONFIGS["hier-mel_16bar"])
    >>> shapes = {f"{part.theirs}/{end}": shape for part in parts for end, shape in part.shapes.items()}
    >>> infer(shapes)[0].name
    'hier-mel_16bar'
    """
    facts = facts_of(shapes, name, told)
    defining = [key for key in _DEFINING if facts[key] is not None]
    if told is not None:  # then nobody need have published it
        defining = [key for key in defining if key in ("output_depth", "head")]
    found = [config for config in CONFIGS.values() if all(_wiring(config)[key] == facts[key] for key in defining)]
    if told is None:
        found = [config for config in found if bool(config.decoder_levels) == facts["conducted"]]
    if not found:
        wanted = ", ".join(f"{key} {facts[key]}" for key in defining)
        raise CheckpointError(
            f"{name or 'The checkpoint'} is like no published configuration ({wanted}). Pass config=."
        )

    def unlike(config: ModelConfig) -> tuple[int, ...]:
        wiring = _wiring(config)
        other = sum(wiring[key] != facts[key] for key in _DEFINING if facts[key] is not None)
        sizes = (config.enc_rnn_size, config.dec_rnn_size, config.z_size)
        there = (facts["enc_rnn_size"], facts["dec_rnn_size"], facts["z_size"])
        layers = sum(len(a) != len(b) for a, b in zip(sizes[:2], there[:2], strict=True))
        named = len(config.name) if config.name in name else 0  # the longest: one name begins with another
        return other, -named, layers, sum(a != b for a, b in zip(sizes, there, strict=True)), config.steps

    return [_fitted(config, facts, name, told) for config in sorted(found, key=unlike)[: 1 if told else None]]


def resized(config: ModelConfig, shapes: Shapes, *, name: str = "") -> ModelConfig:
    """A configuration with the sizes that the tensors have: one that somebody chose by its name.

    Examples
    --------
    >>> from latentpalette.models.magenta.mapping import bricks
    >>> small = CONFIGS["groovae_4bar"].replace(z_size=8)
    >>> shapes = {f"{part.theirs}/{end}": shape for part in bricks(small) for end, shape in part.shapes.items()}
    >>> resized(CONFIGS["groovae_4bar"], shapes) == small
    True
    """
    return _fitted(config, facts_of(shapes, name), name, None)


_DEFINING = ("input_depth", "output_depth", "control_depth", "head", "split", "parts", "levels")


def _wiring(config: ModelConfig) -> dict[str, object]:
    """What must be the same for two models to have the same tensors, sizes aside."""
    wiring: dict[str, object] = {key: getattr(config, key) for key in _DEFINING[:-1]}
    return {**wiring, "levels": (len(config.encoder_levels), len(config.decoder_levels))}


def _fitted(config: ModelConfig, facts: Mapping[str, Any], name: str, told: Told | None) -> ModelConfig:
    """A published configuration, with the sizes that are there and what the file says of itself."""
    changes = {key: facts[key] for key in ("enc_rnn_size", "dec_rnn_size", "z_size", "nade_hidden")}
    changes = {key: value for key, value in changes.items() if value or key == "enc_rnn_size"}
    if told is not None:
        keys = ("input_depth", "control_depth", "split", "parts")
        changes |= {key: facts[key] for key in keys if facts[key] is not None}
        changes |= {"steps": told.steps, "converter": told.converter, "end_token": config.end_token}
        changes |= _levels(facts, told, name)
        if config.steps != told.steps:
            changes["name"] = _stem(name) or config.name
    try:
        return config.replace(**changes)
    except ModelError as error:
        raise CheckpointError(f"{name or 'The checkpoint'} has tensors of impossible sizes. {error}") from error


def _levels(facts: Mapping[str, Any], told: Told, name: str) -> dict[str, tuple[int, ...]]:
    """How the steps are cut, by what the tensors and the file say together."""
    encoder, decoder = facts["levels"] or (0, 2 if facts["conducted"] else 0)
    levels: dict[str, tuple[int, ...]] = {"encoder_levels": (), "decoder_levels": ()}
    if encoder or decoder:
        segments = told.segments or 0
        if encoder not in (0, 2) or not segments or told.steps % segments:
            raise CheckpointError(
                f"{name or 'The checkpoint'}: {told.steps} steps in {told.segments} segments do not fit its tensors, "
                f"which are of {encoder} levels in the encoder and {decoder} in the decoder. Pass config=."
            )
        levels["encoder_levels"] = (told.steps // segments, segments) if encoder else ()
        levels["decoder_levels"] = (segments, told.steps // segments) if decoder else ()
    return levels


def facts_of(shapes: Shapes, name: str = "", told: Told | None = None) -> dict[str, Any]:
    """Wiring and sizes, from names and shapes alone; None for what a model without an encoder does not tell.

    Raises
    ------
    CheckpointError
        If a tensor is missing that every MusicVAE has.
    """
    try:
        return {**_decoder_facts(shapes, told), **_encoder_facts(shapes)}
    except (KeyError, IndexError, ValueError) as error:
        raise CheckpointError(
            f"{name or 'The checkpoint'} has no tensor that a MusicVAE must have: {error}. It has: {_some(shapes)}."
        ) from error


def _decoder_facts(shapes: Shapes, told: Told | None) -> dict[str, Any]:
    conducted = "decoder/hierarchical_level_0/initial_state/kernel" in shapes
    outer = "core_decoder/" if conducted else ""
    parts = _count(shapes, outer + r"core_decoder_(\d+)/")
    cores = [f"{outer}core_decoder_{part}/decoder" for part in range(parts)] or [f"{outer}decoder"]
    speaker = f"{cores[0]}/{CELLS}"
    dec = [_rows(shapes, f"{speaker}{k}", "lstm_cell", "bias") // 4 for k in range(_count(shapes, speaker + r"(\d+)/"))]
    widths = [_rows(shapes, core, "output_projection", "bias") for core in cores]
    first = "decoder/hierarchical_level_0/initial_state" if conducted else f"{cores[0]}/z_to_initial_state"
    z_size = _rows(shapes, first, "kernel")
    embedding = dec[-1] if conducted else z_size
    nade = shapes.get("/".join((cores[0], "nade", "w_enc")))
    depths = [nade[0]] if nade else widths
    controls = _rows(shapes, f"{speaker}0", "lstm_cell", "kernel") - dec[0] - embedding - depths[0]
    depth = sum(depths)
    head, row_parts = "categorical", tuple(depths) if parts else ()
    if nade:
        head = "nade"
    elif parts:
        head = "multi-out"
    elif told is not None and told.head:
        head = told.head
    elif depth == 27:
        head = "groove"
    elif depth == 692:
        head, row_parts = "multi-out", (90, 90, 512)
    return {
        "output_depth": depth,
        "control_depth": controls,
        "head": head,
        "split": bool(parts),
        "parts": row_parts,
        "conducted": conducted,
        "dec_rnn_size": tuple(dec),
        "z_size": z_size,
        "nade_hidden": nade[2] if nade else 0,
    }


def _encoder_facts(shapes: Shapes) -> dict[str, Any]:
    decoder = _decoder_facts(shapes, None)
    if not has_encoder(shapes):
        return {"input_depth": None, "levels": None, "enc_rnn_size": ()}
    levels = _count(shapes, r"encoder/hierarchical_level_(\d+)/")
    reader = "encoder/hierarchical_level_0/cell_" if levels else "encoder/cell_"
    enc = [_rows(shapes, f"{reader}{k}", FORWARD, "bias") // 4 for k in range(_count(shapes, reader + r"(\d+)/"))]
    read = _rows(shapes, f"{reader}0", FORWARD, "kernel") - enc[0]
    return {
        "input_depth": read - decoder["control_depth"],
        "levels": (levels, 2 if decoder["conducted"] else 0),
        "enc_rnn_size": tuple(enc),
    }


def has_encoder(names: Mapping[str, object]) -> bool:
    """Whether any of an encoder's kernels is among the tensors; without a single one there is no encoder to mend.

    Examples
    --------
    >>> has_encoder({"encoder/mu/kernel": (8, 4), "decoder/output_projection/kernel": (8, 90)})
    False
    """
    return any(re.match(r"encoder/.*/lstm_cell/kernel$", name) for name in names)


def _stem(name: str) -> str:
    """The last part of a path, without the endings of an archive."""
    return re.sub(r"\.(tar|tar\.gz|tgz)$", "", re.split(r"[/\\]", name.rstrip("/\\"))[-1])


def _rows(shapes: Shapes, *name: str) -> int:
    """The first dimension of a tensor."""
    return shapes["/".join(name)][0]


def _count(shapes: Shapes, pattern: str) -> int:
    """How many different numbers the names have in a place."""
    return len({found[1] for name in shapes if (found := re.match(pattern, name))})


def _some(names: Shapes) -> str:
    listed = sorted(names)
    return ", ".join(listed[:8]) + (f" and {len(listed) - 8} more" if len(listed) > 8 else "") or "nothing"
