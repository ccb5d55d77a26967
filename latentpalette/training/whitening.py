"""Whitening: a latent space turned and stretched until its music, taken together, lies as the prior does.

A sampler draws z from N(0, I) and trusts that the music lies there. What an encoder says of all training songs together
often has directions in which hardly anything varies, since the objective hardly insists (`prior_match` insists a little
more). A draw does vary there, and lands beside the music. What is left over once mean and covariance are right is how
the music is spread within the cloud; no linear map can help with that.

The map goes into the weights. Every mean stays where it was heard: what is decoded from the mean of any music is what
it was before, but for rounding.
"""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.errors import TrainingError
from latentpalette.evaluation.predict import in_batches
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.rnn import inverse_softplus

_ENOUGH = 65_536  # windows to know by how z is spread
_RIDGE = 1e-3  # of the features' own mean square: how much the new deviations' weights cling to the old ones
_NARROWEST = 1e-4  # variance; a direction in which the music varies less is left as it is, not blown up


def whitened(model: MusicVAE, rows: NDArray) -> MusicVAE:
    """A model that plays the same music from the same means, and whose z together have mean 0 and covariance I.

    Parameters
    ----------
    model : MusicVAE
        With an encoder. It is left as it is.
    rows : ndarray of int [shape=(n, steps, ...)]
        Packed windows, as a corpus holds them: those of the songs it was trained on, more of them than z has numbers.

    Returns
    -------
    MusicVAE
        Its posterior's means are exactly the old ones, mapped. Its deviations are mapped as well as numbers that stand
        each for itself can be, and fitted to what the encoder hears by least squares. So z is not quite white; doing
        it again comes nearer, but blurs the posteriors, and samples sounded no better for it.

    Raises
    ------
    TrainingError
        If there are too few windows.
    ModelError
        If the model cannot read music.

    Examples
    --------
    >>> import numpy as np
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=2, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> loops = np.random.default_rng(0).integers(512, size=(40, 32)).astype(np.uint16)
    >>> model = MusicVAE(tiny)
    >>> better = whitened(model, loops)
    >>> [round(variance, 1) for variance in spread(better, loops)]
    [1.0, 1.0]
    """
    model.need_encoder()
    if len(rows) <= model.config.z_size:
        raise TrainingError(
            f"To know how z of {model.config.z_size} numbers are spread takes more windows than {len(rows)}."
        )
    made = MusicVAE(model.config)
    made.load_state_dict(model.state_dict())
    made.name, made.card = model.name, model.card
    made.eval()
    with torch.no_grad():
        _whiten(made, _heard(made, rows))
    return made


def _whiten(model: MusicVAE, features: Tensor) -> None:
    """In place, by what the encoder heard [n, width]."""
    mu, sigma = _posteriors(model, features)
    mean = mu.mean(0)
    variances, axes = torch.linalg.eigh(_covariance(mu, sigma))
    widths = torch.where(variances < _NARROWEST, 1.0, variances).sqrt()
    # Of all maps that whiten, the symmetric one leaves every number of z most like itself.
    there, back = axes @ torch.diag(1 / widths) @ axes.T, axes @ torch.diag(widths) @ axes.T
    _put(model.mu.weight, there @ model.mu.weight.double())
    _put(model.mu.bias, there @ (model.mu.bias.double() - mean))
    if not model.config.deterministic:
        _refit(model.sigma, features, (sigma.square() @ there.square().T).sqrt())
    _listen_through(model, mean, back)


def spread(model: MusicVAE, rows: NDArray) -> tuple[float, float]:
    """The least and the largest variance that z of all these windows together has along any direction.

    Of a model whose music lies as the prior does, both are 1. Parameters are those of `whitened`.
    """
    with torch.no_grad():
        variances = torch.linalg.eigvalsh(_covariance(*_posteriors(model, _heard(model, rows))))
    return float(variances[0]), float(variances[-1])


def _covariance(mu: Tensor, sigma: Tensor) -> Tensor:
    """Of draws from all posteriors together."""
    return (mu - mu.mean(0)).T @ (mu - mu.mean(0)) / len(mu) + sigma.square().mean(0).diag()


def _heard(model: MusicVAE, rows: NDArray) -> Tensor:
    """What the encoder makes of windows, before it says where they lie: [n, width], in float64."""
    some = rows[:: -(-len(rows) // _ENOUGH)]
    with torch.no_grad():
        each = in_batches(model.config, some, device=model.device)
        return torch.cat([model.encoder(batch.inputs, None, batch.controls).cpu() for batch in each]).double()


def _posteriors(model: MusicVAE, features: Tensor) -> tuple[Tensor, Tensor]:
    """Means and deviations of z, both [n, z]."""
    mu, sigma = (features @ dense.weight.double().T + dense.bias.double() for dense in (model.mu, model.sigma))
    return mu, torch.zeros_like(mu) if model.config.deterministic else functional.softplus(sigma)


def _refit(dense: nn.Linear, features: Tensor, deviations: Tensor) -> None:
    """Make softplus(dense(features)) the `deviations`, as nearly as least squares can."""
    wanted = inverse_softplus(deviations)
    known = functional.pad(features, (0, 1), value=1.0)
    old = torch.cat([dense.weight.double(), dense.bias.double()[:, None]], 1)
    missing = wanted - known @ old.T
    square = known.T @ known
    square += torch.eye(len(square), dtype=square.dtype) * _RIDGE * square.diag().mean()
    new = old + torch.linalg.solve(square, known.T @ missing).T
    _put(dense.weight, new[:, :-1])
    _put(dense.bias, new[:, -1])


def _listen_through(model: MusicVAE, mean: Tensor, back: Tensor) -> None:
    """Let the decoder hear ``mean + back @ z`` where it heard z."""
    conductor, width = model.decoder.conductor, len(mean)
    stacks = [conductor] if conductor is not None else list(model.decoder.cores)
    for stack in stacks:
        _put(stack.initial.bias, stack.initial.bias.double() + stack.initial.weight.double() @ mean)
        _put(stack.initial.weight, stack.initial.weight.double() @ back)
    if conductor is not None:  # the cores hear only what it says
        return
    for core in model.decoder.cores:
        first, depth = core.layers[0], core.head.depth
        of_z = slice(depth, depth + width)  # after the previous row
        from_below, _, bias, _ = first.all_weights[0]
        weight = from_below[:, of_z].double()
        _put(bias, bias.double() + weight @ mean)
        _put(from_below[:, of_z], weight @ back)


def _put(weights: Tensor, values: Tensor) -> None:
    weights.copy_(values.to(weights))
