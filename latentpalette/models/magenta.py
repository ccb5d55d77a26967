"""Magenta's checkpoints: which tensor is which, and what model it all makes.

Names and shapes are those of spec 2.11 of Magenta's graph: one kernel ``[inputs + units, 4 units]`` for a cell, its
columns the gates i, j, f, o in this order, and a forget bias of 1 that is added at run time rather than stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.config import CONFIGS, ModelConfig

Tensors = Mapping[str, NDArray]
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Brick:
    """One piece of a model: what Magenta calls it, and what it is called here.

    Parameters
    ----------
    theirs, ours : str
        What the names of its tensors begin with.
    kind : {"cell", "dense", "nade"}
    shapes : mapping of str to tuple of int
        Shape of each of Magenta's tensors by the end of its name.
    backward : bool
        Whether it is a cell that reads backwards.
    """

    theirs: str
    ours: str
    kind: str
    shapes: Shapes
    backward: bool = False

    def state(self, tensors: Tensors) -> Iterator[tuple[str, NDArray]]:
        """Our parameters by name, from Magenta's tensors."""
        if self.kind == "dense":
            yield f"{self.ours}.weight", tensors[f"{self.theirs}/kernel"].T
            yield f"{self.ours}.bias", tensors[f"{self.theirs}/bias"]
        elif self.kind == "nade":
            yield f"{self.ours}.w_enc", tensors[f"{self.theirs}/w_enc"][:, 0]
            yield f"{self.ours}.w_dec", tensors[f"{self.theirs}/w_dec_t"][:, :, 0]
        else:
            suffix = "_l0_reverse" if self.backward else "_l0"
            kernel, bias = tensors[f"{self.theirs}/kernel"], tensors[f"{self.theirs}/bias"]
            units = len(bias) // 4
            i, j, f, o = kernel.reshape(len(kernel), 4, units).transpose(1, 2, 0)  # each [units, inputs + units]
            gates = np.concatenate([i, f, j, o])
            inputs = len(kernel) - units
            i, j, f, o = bias.reshape(4, units)
            yield f"{self.ours}.weight_ih{suffix}", gates[:, :inputs]
            yield f"{self.ours}.weight_hh{suffix}", gates[:, inputs:]
            yield f"{self.ours}.bias_ih{suffix}", np.concatenate([i, f + np.float32(1), j, o])
            yield f"{self.ours}.bias_hh{suffix}", np.zeros(4 * units, np.float32)


def bricks(config: ModelConfig) -> list[Brick]:
    """Everything a model of this configuration is made of."""
    return [*_encoder(config), *_decoder(config)]


def state_of(config: ModelConfig, tensors: Tensors, source: str) -> dict[str, Tensor]:
    """Magenta's tensors as the state of a `MusicVAE` of this configuration.

    Raises
    ------
    CheckpointError
        If tensors are missing, left over or of another shape; all of them are named.
    """
    wanted = {f"{each.theirs}/{end}": shape for each in bricks(config) for end, shape in each.shapes.items()}
    there = {name for name in tensors if _is_weight(name)}
    problems = [f"missing: {name} {list(wanted[name])}" for name in wanted if name not in there]
    problems += [f"unexpected: {name}" for name in sorted(there) if name not in wanted]
    if problems:
        raise CheckpointError(f"{source}: not a {config.name}.\n  " + "\n  ".join(problems))
    loaded = {name: tensors[name] for name in wanted}
    problems = [
        f"{name} is {list(loaded[name].shape)}, not {list(shape)}"
        for name, shape in wanted.items()
        if loaded[name].shape != shape
    ]
    problems += [f"{name} holds numbers that are not finite" for name in loaded if not np.isfinite(loaded[name]).all()]
    if problems:
        raise CheckpointError(f"{source}: does not fit {config.name}.\n  " + "\n  ".join(problems))
    return {
        name: torch.from_numpy(np.require(values, np.float32, ["C", "W"]))
        for each in bricks(config)
        for name, values in each.state(loaded)
    }


def infer(shapes: Shapes, *, name: str = "") -> list[ModelConfig]:
    """The configurations that tensors of these names and shapes may have, the likeliest first.

    The wiring is told by the names, every size by the shapes; what neither tells (steps, converter, objective) is
    taken over from the published configuration that is most alike.

    Parameters
    ----------
    shapes : mapping of a tensor's name to its shape
    name : str
        What the file is called: published names in it settle what shapes cannot tell (2 bars or 4).

    Raises
    ------
    CheckpointError
        If no published wiring has such tensors.
    """
    try:
        facts = _facts(shapes)
    except (KeyError, IndexError, ValueError) as error:
        raise CheckpointError(
            f"{name or 'The checkpoint'} has no tensor that a MusicVAE must have: {error}. It has: {_some(shapes)}."
        ) from error
    found = [config for config in CONFIGS.values() if all(_wiring(config)[key] == facts[key] for key in _DEFINING)]
    if not found:
        wanted = ", ".join(f"{key} {facts[key]}" for key in _DEFINING)
        raise CheckpointError(
            f"{name or 'The checkpoint'} is like no published configuration ({wanted}). Pass config=."
        )

    def unlike(config: ModelConfig) -> tuple[int, int, int, int]:
        sizes = (config.enc_rnn_size, config.dec_rnn_size, config.z_size)
        there = (facts["enc_rnn_size"], facts["dec_rnn_size"], facts["z_size"])
        layers = sum(len(a) != len(b) for a, b in zip(sizes[:2], there[:2], strict=True))
        named = len(config.name) if config.name in name else 0  # the longest: one name begins with another
        return -named, layers, sum(a != b for a, b in zip(sizes, there, strict=True)), config.steps

    sizes = {key: facts[key] for key in ("enc_rnn_size", "dec_rnn_size", "z_size", "nade_hidden") if facts[key]}
    try:
        return [config.replace(**sizes) for config in sorted(found, key=unlike)]
    except ModelError as error:
        raise CheckpointError(f"{name or 'The checkpoint'} has tensors of impossible sizes. {error}") from error


_DEFINING = ("input_depth", "output_depth", "control_depth", "head", "split", "parts", "levels")


def _wiring(config: ModelConfig) -> dict[str, object]:
    """What must be the same for two models to have the same tensors, sizes aside."""
    wiring: dict[str, object] = {key: getattr(config, key) for key in _DEFINING[:-1]}
    return {**wiring, "levels": (len(config.encoder_levels), len(config.decoder_levels))}


def _facts(shapes: Shapes) -> dict[str, Any]:
    """Wiring and sizes, from names and shapes alone."""
    levels = _count(shapes, r"encoder/hierarchical_level_(\d+)/")
    conducted = "decoder/hierarchical_level_0/initial_state/kernel" in shapes
    outer = "core_decoder/" if conducted else ""
    parts = _count(shapes, outer + r"core_decoder_(\d+)/")
    cores = [f"{outer}core_decoder_{part}/decoder" for part in range(parts)] or [f"{outer}decoder"]
    reader = "encoder/hierarchical_level_0/cell_" if levels else "encoder/cell_"
    speaker = f"{cores[0]}/{_CELLS}"
    enc = [_rows(shapes, f"{reader}{k}", _FORWARD, "bias") // 4 for k in range(_count(shapes, reader + r"(\d+)/"))]
    dec = [_rows(shapes, f"{speaker}{k}", "lstm_cell", "bias") // 4 for k in range(_count(shapes, speaker + r"(\d+)/"))]
    widths = [_rows(shapes, core, "output_projection", "bias") for core in cores]
    z_size = _rows(shapes, "encoder", "mu", "bias")
    embedding = dec[-1] if conducted else z_size
    nade = shapes.get("decoder/nade/w_enc")
    depths = [nade[0]] if nade else widths
    heard = _rows(shapes, f"{speaker}0", "lstm_cell", "kernel") - dec[0]
    controls = heard - embedding - depths[0]
    depth = sum(depths)
    read = _rows(shapes, f"{reader}0", _FORWARD, "kernel") - enc[0]
    head, row_parts = "categorical", tuple(depths) if parts else ()
    if nade:
        head = "nade"
    elif not parts and depth == 27:
        head = "groove"
    elif not parts and depth == 692:
        head, row_parts = "multi-out", (90, 90, 512)
    return {
        "input_depth": read - controls,
        "output_depth": depth,
        "control_depth": controls,
        "head": "multi-out" if parts else head,
        "split": bool(parts),
        "parts": row_parts,
        "levels": (levels, 2 if conducted else 0),
        "enc_rnn_size": tuple(enc),
        "dec_rnn_size": tuple(dec),
        "z_size": z_size,
        "nade_hidden": nade[2] if nade else 0,
    }


_CELLS = "multi_rnn_cell/cell_"
_FORWARD = "bidirectional_rnn/fw/multi_rnn_cell/cell_0/lstm_cell"
_BACKWARD = "bidirectional_rnn/bw/multi_rnn_cell/cell_0/lstm_cell"


def _encoder(config: ModelConfig) -> Iterator[Brick]:
    depth = config.input_depth + config.control_depth
    sizes = config.enc_rnn_size
    for level in range(len(config.encoder_levels) or 1):
        theirs, ours = "encoder", "encoder"
        if config.encoder_levels:
            theirs, ours = f"encoder/hierarchical_level_{level}", f"encoder.levels.{level}"
        depths = [depth, *(2 * units for units in sizes)]
        for layer, (inputs, units) in enumerate(zip(depths, sizes, strict=False)):
            for way in (_FORWARD, _BACKWARD):
                mine = f"{ours}.layers.{layer}"
                yield _cell(f"{theirs}/cell_{layer}/{way}", mine, inputs, units, backward=way == _BACKWARD)
        depth = depths[-1]
    yield _dense("encoder/mu", "mu", depth, config.z_size)
    yield _dense("encoder/sigma", "sigma", depth, config.z_size)


def _decoder(config: ModelConfig) -> Iterator[Brick]:
    sizes = config.dec_rnn_size
    outer, embedding = "", config.z_size
    if config.decoder_levels:
        theirs, ours = "decoder/hierarchical_level_0", "decoder.conductor"
        yield _dense(f"{theirs}/initial_state", f"{ours}.initial", config.z_size, 2 * sum(sizes))
        yield from _stack(f"{theirs}/cell_", f"{ours}.layers", 1, sizes)
        outer, embedding = "core_decoder/", sizes[-1]
    for core, depth in enumerate(config.parts if config.split else (config.output_depth,)):
        theirs = f"{outer}core_decoder_{core}/decoder" if config.split else f"{outer}decoder"
        ours = f"decoder.cores.{core}"
        yield _dense(f"{theirs}/z_to_initial_state", f"{ours}.initial", embedding, 2 * sum(sizes))
        heard = depth + embedding + config.control_depth
        yield from _stack(f"{theirs}/{_CELLS}", f"{ours}.layers", heard, sizes)
        width = depth + (config.nade_hidden if config.head == "nade" else 0)
        yield _dense(f"{theirs}/output_projection", f"{ours}.projection", sizes[-1], width)
        if config.head == "nade":
            shapes = {"w_enc": (depth, 1, config.nade_hidden), "w_dec_t": (depth, config.nade_hidden, 1)}
            yield Brick(f"{theirs}/nade", f"{ours}.head", "nade", shapes)


def _stack(theirs: str, ours: str, depth: int, sizes: tuple[int, ...]) -> Iterator[Brick]:
    for layer, (inputs, units) in enumerate(zip([depth, *sizes], sizes, strict=False)):
        yield _cell(f"{theirs}{layer}/lstm_cell", f"{ours}.{layer}", inputs, units)


def _cell(theirs: str, ours: str, inputs: int, units: int, *, backward: bool = False) -> Brick:
    return Brick(theirs, ours, "cell", {"kernel": (inputs + units, 4 * units), "bias": (4 * units,)}, backward)


def _dense(theirs: str, ours: str, inputs: int, outputs: int) -> Brick:
    return Brick(theirs, ours, "dense", {"kernel": (inputs, outputs), "bias": (outputs,)})


def _is_weight(name: str) -> bool:
    """Whether a tensor is part of the model rather than of its training."""
    return not re.search(r"(^|/)(global_step|beta[12]_power|Adam(_\d+)?|ExponentialMovingAverage)$", name)


def _rows(shapes: Shapes, *name: str) -> int:
    """The first dimension of a tensor."""
    return shapes["/".join(name)][0]


def _count(shapes: Shapes, pattern: str) -> int:
    """How many different numbers the names have in a place."""
    return len({found[1] for name in shapes if (found := re.match(pattern, name))})


def _some(names: Shapes) -> str:
    listed = sorted(names)
    return ", ".join(listed[:8]) + (f" and {len(listed) - 8} more" if len(listed) > 8 else "") or "nothing"
