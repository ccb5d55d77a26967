"""Magenta's checkpoints: which tensor is which.

Names and shapes are those of spec 2.11 of Magenta's graph: one kernel ``[inputs + units, 4 units]`` for a cell, its
columns the gates i, j, f, o in this order, and a forget bias of 1 that is added at run time rather than stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.config import ModelConfig

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


def state_of(
    config: ModelConfig, tensors: Tensors, source: str, *, progress: Callable[[int, int], None] | None = None
) -> dict[str, Tensor]:
    """Magenta's tensors as the state of a `MusicVAE` of this configuration.

    Parameters
    ----------
    config : ModelConfig
    tensors : mapping of name to array
        May read each when it is asked for: no more than those of one brick are held at a time.
    source : str
        What to call it in messages.
    progress : function of (bricks done, bricks), optional

    Raises
    ------
    CheckpointError
        If tensors are missing, left over or of another shape; all of them are named.
    ModelError
        If the configuration has cells that Magenta has not.
    """
    if config.cell != "lstm":
        raise ModelError(f"{source}: Magenta's checkpoints hold LSTM cells; {config.name} has {config.cell} cells.")
    made_of = bricks(config)
    wanted = {f"{each.theirs}/{end}": shape for each in made_of for end, shape in each.shapes.items()}
    there = {name for name in tensors if _is_weight(name)}
    problems = [f"missing: {name} {list(wanted[name])}" for name in wanted if name not in there]
    problems += [f"unexpected: {name}" for name in sorted(there) if name not in wanted]
    if problems:
        raise CheckpointError(f"{source}: not a {config.name}.\n  " + "\n  ".join(problems))
    state: dict[str, Tensor] = {}
    for done, each in enumerate(made_of, 1):
        loaded = {f"{each.theirs}/{end}": tensors[f"{each.theirs}/{end}"] for end in each.shapes}
        problems += _wrong(loaded, wanted)
        if not problems:
            for name, values in each.state(loaded):
                state[name] = torch.from_numpy(np.require(values, np.float32, ["C", "W"]))
        if progress is not None:
            progress(done, len(made_of))
    if problems:
        raise CheckpointError(f"{source}: does not fit {config.name}.\n  " + "\n  ".join(problems))
    return state


def _wrong(loaded: Tensors, wanted: Shapes) -> list[str]:
    """What is wrong with some tensors."""
    wrong = []
    for name, values in loaded.items():
        if values.shape != wanted[name]:
            wrong.append(f"{name} is {list(values.shape)}, not {list(wanted[name])}")
        elif not np.isfinite(values).all():
            wrong.append(f"{name} holds numbers that are not finite")
    return wrong


CELLS = "multi_rnn_cell/cell_"
FORWARD = "bidirectional_rnn/fw/multi_rnn_cell/cell_0/lstm_cell"
BACKWARD = "bidirectional_rnn/bw/multi_rnn_cell/cell_0/lstm_cell"


def _encoder(config: ModelConfig) -> Iterator[Brick]:
    if not config.reads:
        return
    depth = config.input_depth + config.control_depth
    sizes = config.enc_rnn_size
    for level in range(len(config.encoder_levels) or 1):
        theirs, ours = "encoder", "encoder"
        if config.encoder_levels:
            theirs, ours = f"encoder/hierarchical_level_{level}", f"encoder.levels.{level}"
        depths = [depth, *(2 * units for units in sizes)]
        for layer, (inputs, units) in enumerate(zip(depths, sizes, strict=False)):
            for way in (FORWARD, BACKWARD):
                mine = f"{ours}.layers.{layer}"
                yield _cell(f"{theirs}/cell_{layer}/{way}", mine, inputs, units, backward=way == BACKWARD)
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
        yield from _stack(f"{theirs}/{CELLS}", f"{ours}.layers", heard, sizes)
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
