"""A learned prior as the engine in the page reads it, packed as the weights of its model are."""

from __future__ import annotations

import json
from typing import Any

from latentpalette.models.conditions import conditions_to_json
from latentpalette.models.flow import FlowPrior, VelocityField, time_frequencies
from latentpalette.models.flow_file import WEAKER
from latentpalette.widgets.engine_weights import EngineModel, EngineWeights


def pack_prior(prior: FlowPrior, *, numbers: str = "float16") -> EngineModel:
    """Return a learned prior as the engine in the page reads it (static/engine/flow.js).

    Parameters
    ----------
    prior : FlowPrior
    numbers : {"float16", "int8"}
        Of the matrices; see `latentpalette.widgets.engine_weights.EngineWeights`.

    Raises
    ------
    ModelError
        If there is no such kind of numbers, or a weight does not fit.

    Examples
    --------
    >>> import latentpalette as lp
    >>> packed = pack_prior(lp.load("drums-2bar").prior)
    >>> packed.meta["z_size"], packed.meta["width"], packed.meta["blocks"]
    (128, 512, 4)
    """
    weights = EngineWeights(numbers)
    _add_field(weights, "", prior.field)
    if prior.weaker is not None:
        _add_field(weights, WEAKER, prior.weaker)
    for name, values in {"mean": prior.mean, "std": prior.std}.items():
        weights.add_vector(name, _array(values), blocks=[prior.z_size])
    frequencies = _array(time_frequencies(prior.mean.device))
    weights.add_vector("frequencies", frequencies, blocks=[len(frequencies)])
    weights.add_vector("sample_norms", prior.sample_norms, blocks=[len(prior.sample_norms)])
    meta = {
        "z_size": prior.z_size,
        **_sizes(prior.field),
        "weaker": None if prior.weaker is None else {**_sizes(prior.weaker), "weight": prior.autoguidance},
        "conditions": json.loads(conditions_to_json(prior.conditions)),
        "weights": weights.meta,
    }
    return EngineModel(meta, bytes(weights.matrices), bytes(weights.vectors))


def _sizes(field: VelocityField) -> dict[str, int]:
    return {"width": field.input.out_features, "blocks": len(field.layers)}


def _add_field(weights: EngineWeights, prefix: str, field: VelocityField) -> None:
    width, z_size = field.input.out_features, field.input.in_features
    # The time's product, and the conditions', are added to the bias of the input: one row for all z at a time.
    for name, layer in {"input": field.input, "time": field.time, "output": field.output}.items():
        weights.add_linear(prefix + name, _array(layer.weight), _array(layer.bias), blocks=[layer.out_features])
    if field.condition is not None:
        weights.add_matrix(f"{prefix}condition", _array(field.condition.weight), blocks=[width])
    for k, (norm, product) in enumerate(zip(field.norms, field.layers, strict=True)):
        weights.add_linear(f"{prefix}layer.{k}", _array(product.weight), _array(product.bias), blocks=[width])
        _add_norm(weights, f"{prefix}norm.{k}", norm, width)
    _add_norm(weights, f"{prefix}output_norm", field.output_norm, width)
    weights.add_vector(f"{prefix}variance", _array(field.variance), blocks=[z_size])


def _add_norm(weights: EngineWeights, name: str, norm: Any, width: int) -> None:
    for part in ("weight", "bias"):
        weights.add_vector(f"{name}.{part}", _array(getattr(norm, part)), blocks=[width])


def _array(tensor: Any) -> Any:
    return tensor.detach().cpu().numpy()
