"""Mapping between the tensors of Magenta's checkpoints and the parameters of a `MusicVAE`.

A cell of Magenta's graph has one kernel ``[inputs + units, 4 units]`` whose columns are the gates i, j, f, o in this
order, and a forget bias of 1 that is added at run time rather than stored.
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
class LayerMapping:
    """A layer's names in Magenta's checkpoints and in PyTorch, and its shapes.

    Parameters
    ----------
    tf_name, torch_name : str
        Prefix of the names of its tensors.
    kind : {"cell", "dense", "nade"}
    shapes : mapping of str to tuple of int
        Shape of each of Magenta's tensors by the suffix of its name.
    backward : bool
        Whether it is the backward cell of a bidirectional layer.
    """

    tf_name: str
    torch_name: str
    kind: str
    shapes: Shapes
    backward: bool = False

    def convert(self, tensors: Tensors) -> Iterator[tuple[str, NDArray]]:
        """Yield the parameters by name, converted from Magenta's tensors."""
        if self.kind == "dense":
            yield f"{self.torch_name}.weight", tensors[f"{self.tf_name}/kernel"].T
            yield f"{self.torch_name}.bias", tensors[f"{self.tf_name}/bias"]
        elif self.kind == "nade":
            yield f"{self.torch_name}.w_enc", tensors[f"{self.tf_name}/w_enc"][:, 0]
            yield f"{self.torch_name}.w_dec", tensors[f"{self.tf_name}/w_dec_t"][:, :, 0]
        else:
            suffix = "_l0_reverse" if self.backward else "_l0"
            kernel, bias = tensors[f"{self.tf_name}/kernel"], tensors[f"{self.tf_name}/bias"]
            units = len(bias) // 4
            i, j, f, o = kernel.reshape(len(kernel), 4, units).transpose(1, 2, 0)  # each [units, inputs + units]
            gates = np.concatenate([i, f, j, o])
            inputs = len(kernel) - units
            i, j, f, o = bias.reshape(4, units)
            yield f"{self.torch_name}.weight_ih{suffix}", gates[:, :inputs]
            yield f"{self.torch_name}.weight_hh{suffix}", gates[:, inputs:]
            yield f"{self.torch_name}.bias_ih{suffix}", np.concatenate([i, f + np.float32(1), j, o])
            yield f"{self.torch_name}.bias_hh{suffix}", np.zeros(4 * units, np.float32)


def layer_mappings(config: ModelConfig) -> list[LayerMapping]:
    """Return the mapping of every layer of a configuration."""
    return [*_encoder(config), *_decoder(config)]


def convert_state_dict(
    config: ModelConfig, tensors: Tensors, source: str, *, progress: Callable[[int, int], None] | None = None
) -> dict[str, Tensor]:
    """Convert Magenta's tensors to the state dict of a `MusicVAE`.

    Parameters
    ----------
    config : ModelConfig
    tensors : mapping of name to array
        May be lazy: only the tensors of one layer are held at a time.
    source : str
        Name of the checkpoint in error messages.
    progress : function of (layers done, layers), optional

    Raises
    ------
    CheckpointError
        If tensors are missing, unexpected or of another shape; all of them are named.
    ModelError
        If the configuration has cells other than LSTM.
    """
    if config.cell != "lstm":
        raise ModelError(f"{source}: Magenta's checkpoints hold LSTM cells; {config.name} has {config.cell} cells.")
    layers = layer_mappings(config)
    expected = {f"{layer.tf_name}/{suffix}": shape for layer in layers for suffix, shape in layer.shapes.items()}
    present = {name for name in tensors if _is_weight(name)}
    problems = [f"missing: {name} {list(expected[name])}" for name in expected if name not in present]
    problems += [f"unexpected: {name}" for name in sorted(present) if name not in expected]
    if problems:
        raise CheckpointError(f"{source}: not a {config.name}.\n  " + "\n  ".join(problems))
    state: dict[str, Tensor] = {}
    for done, layer in enumerate(layers, 1):
        loaded = {f"{layer.tf_name}/{suffix}": tensors[f"{layer.tf_name}/{suffix}"] for suffix in layer.shapes}
        problems += _find_problems(loaded, expected)
        if not problems:
            for name, values in layer.convert(loaded):
                state[name] = torch.from_numpy(np.require(values, np.float32, ["C", "W"]))
        if progress is not None:
            progress(done, len(layers))
    if problems:
        raise CheckpointError(f"{source}: does not fit {config.name}.\n  " + "\n  ".join(problems))
    return state


def _find_problems(loaded: Tensors, expected: Shapes) -> list[str]:
    """Describe tensors of a wrong shape or with numbers that are not finite."""
    problems = []
    for name, values in loaded.items():
        if values.shape != expected[name]:
            problems.append(f"{name} is {list(values.shape)}, not {list(expected[name])}")
        elif not np.isfinite(values).all():
            problems.append(f"{name} holds numbers that are not finite")
    return problems


CELLS = "multi_rnn_cell/cell_"
FORWARD = "bidirectional_rnn/fw/multi_rnn_cell/cell_0/lstm_cell"
BACKWARD = "bidirectional_rnn/bw/multi_rnn_cell/cell_0/lstm_cell"


def _encoder(config: ModelConfig) -> Iterator[LayerMapping]:
    if not config.has_encoder:
        return
    depth = config.input_depth + config.control_depth
    sizes = config.enc_rnn_size
    for level in range(len(config.encoder_levels) or 1):
        tf_name, torch_name = "encoder", "encoder"
        if config.encoder_levels:
            tf_name, torch_name = f"encoder/hierarchical_level_{level}", f"encoder.levels.{level}"
        depths = [depth, *(2 * units for units in sizes)]
        for layer, (inputs, units) in enumerate(zip(depths, sizes, strict=False)):
            for direction in (FORWARD, BACKWARD):
                tf_cell, torch_layer = f"{tf_name}/cell_{layer}/{direction}", f"{torch_name}.layers.{layer}"
                yield _cell(tf_cell, torch_layer, inputs, units, backward=direction == BACKWARD)
        depth = depths[-1]
    yield _dense("encoder/mu", "mu", depth, config.z_size)
    yield _dense("encoder/sigma", "sigma", depth, config.z_size)


def _decoder(config: ModelConfig) -> Iterator[LayerMapping]:
    sizes = config.dec_rnn_size
    outer, embedding = "", config.z_size
    if config.decoder_levels:
        tf_name, torch_name = "decoder/hierarchical_level_0", "decoder.conductor"
        yield _dense(f"{tf_name}/initial_state", f"{torch_name}.initial", config.z_size, 2 * sum(sizes))
        yield from _stack(f"{tf_name}/cell_", f"{torch_name}.layers", 1, sizes)
        outer, embedding = "core_decoder/", sizes[-1]
    for core, depth in enumerate(config.output_depths if config.separate_decoders else (config.output_depth,)):
        tf_name = f"{outer}core_decoder_{core}/decoder" if config.separate_decoders else f"{outer}decoder"
        torch_name = f"decoder.cores.{core}"
        yield _dense(f"{tf_name}/z_to_initial_state", f"{torch_name}.initial", embedding, 2 * sum(sizes))
        inputs = depth + embedding + config.control_depth
        yield from _stack(f"{tf_name}/{CELLS}", f"{torch_name}.layers", inputs, sizes)
        num_params = depth + (config.nade_hidden if config.head == "nade" else 0)
        yield _dense(f"{tf_name}/output_projection", f"{torch_name}.projection", sizes[-1], num_params)
        if config.head == "nade":
            shapes = {"w_enc": (depth, 1, config.nade_hidden), "w_dec_t": (depth, config.nade_hidden, 1)}
            yield LayerMapping(f"{tf_name}/nade", f"{torch_name}.head", "nade", shapes)


def _stack(tf_name: str, torch_name: str, depth: int, sizes: tuple[int, ...]) -> Iterator[LayerMapping]:
    for layer, (inputs, units) in enumerate(zip([depth, *sizes], sizes, strict=False)):
        yield _cell(f"{tf_name}{layer}/lstm_cell", f"{torch_name}.{layer}", inputs, units)


def _cell(tf_name: str, torch_name: str, inputs: int, units: int, *, backward: bool = False) -> LayerMapping:
    shapes = {"kernel": (inputs + units, 4 * units), "bias": (4 * units,)}
    return LayerMapping(tf_name, torch_name, "cell", shapes, backward)


def _dense(tf_name: str, torch_name: str, inputs: int, outputs: int) -> LayerMapping:
    return LayerMapping(tf_name, torch_name, "dense", {"kernel": (inputs, outputs), "bias": (outputs,)})


def _is_weight(name: str) -> bool:
    """Return whether a tensor belongs to the model rather than to its training."""
    return not re.search(r"(^|/)(global_step|beta[12]_power|Adam(_\d+)?|ExponentialMovingAverage)$", name)
