"""A style as the engine in the page reads it: float32, as its file has it, so that a page decodes what Python does."""

from __future__ import annotations

from latentpalette.models.personal import PersonalModel
from latentpalette.widgets.engine_weights import EngineModel, EngineWeights


def pack_style(model: PersonalModel) -> EngineModel:
    """Return the style of a model as the engine in the page reads it (static/engine/style.js).

    Parameters
    ----------
    model : PersonalModel

    Examples
    --------
    >>> import latentpalette as lp
    >>> from latentpalette.models.style import StyleVAE
    >>> packed = pack_style(PersonalModel(lp.load("drums-2bar"), StyleVAE(128, 2), name="mine"))
    >>> packed.meta["size"], packed.meta["similarity"], len(packed.matrices), len(packed.vectors) < 200_000
    (2, 0.5, 0, True)
    """
    style = model.style
    weights = EngineWeights()
    for name, values in style.state_dict().items():
        flat = values.detach().cpu().float().numpy().ravel()  # a matrix row by row
        weights.add_vector(name, flat, blocks=[len(flat)])
    meta = {
        "size": style.size,
        "z_size": style.z_size,
        "width": style.hidden.out_features,
        "similarity": model.similarity,
        "weights": weights.meta,
    }
    return EngineModel(meta, b"", bytes(weights.vectors))
