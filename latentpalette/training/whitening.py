"""Whitening: a linear map of the latent space after which the aggregate posterior has mean 0 and covariance I.

Samples are drawn from N(0, I), so the music should lie there. But the aggregate posterior of the training songs often
has directions with almost no variance, since the training loss hardly prevents it (`dip_weight` does a little). Samples
do vary along them, and fall beside the music. A linear map corrects mean and covariance, not the shape of the
distribution.

The map is absorbed into the weights. Whatever is decoded from the posterior mean of a piece of music is what it was
before, except for rounding.
"""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.errors import TrainingError
from latentpalette.evaluation.predict import iter_batches
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.rnn import inverse_softplus
from latentpalette.models.workers import run_in_chunks
from latentpalette.progress.board import show_progress

_MAX_WINDOWS = 65_536  # enough to estimate the covariance of z
_RIDGE = 1e-3  # relative to the features' mean square: how much the refitted weights are drawn to the old ones
_MIN_VARIANCE = 1e-4  # directions with less are not scaled, which would amplify noise


def whiten(model: MusicVAE, windows: NDArray) -> MusicVAE:
    """Return a model that decodes the same music from its posterior means, with a white aggregate posterior.

    Parameters
    ----------
    model : MusicVAE
        With an encoder. It is not changed.
    windows : ndarray of int [shape=(n, steps, ...)]
        Packed, as in a corpus: those of the training songs, more of them than z has dimensions.

    Returns
    -------
    MusicVAE
        Its posterior means are exactly the old ones, mapped. Its standard deviations are mapped as well as a diagonal
        covariance can be, and fitted to the encoder's features by least squares, so z is not quite white. Repeating
        the whitening comes closer, but blurs the posteriors, and samples did not sound better. It has no learned
        prior: that of the model is a prior of the old z.

    Raises
    ------
    TrainingError
        If there are too few windows.
    ModelError
        If the model has no encoder.

    Examples
    --------
    >>> import numpy as np
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> config = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=2, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> windows = np.random.default_rng(0).integers(512, size=(40, 32)).astype(np.uint16)
    >>> model = MusicVAE(config)
    >>> [round(variance, 1) for variance in variance_range(whiten(model, windows), windows)]
    [1.0, 1.0]
    """
    model.require_encoder()
    if model.config.conditions:
        raise TrainingError(
            f"{model.name}: the last numbers of its z are {', '.join(each.name for each in model.config.conditions)}, "
            "which whitening would mix with the others."
        )
    if len(windows) <= model.config.z_size:
        raise TrainingError(
            f"Whitening z of {model.config.z_size} dimensions takes more windows than {len(windows)}. "
            "Use a larger corpus."
        )
    result = MusicVAE(model.config)
    result.load_state_dict(model.state_dict())
    result.name, result.card = model.name, model.card
    result.eval()
    with torch.no_grad():
        _whiten(result, _encoder_features(result, windows))
    return result


def variance_range(model: MusicVAE, windows: NDArray) -> tuple[float, float]:
    """Return the smallest and the largest variance of the aggregate posterior along any direction.

    Both are 1 if it has the covariance of the prior. Parameters are those of `whiten`.
    """
    with torch.no_grad():
        covariance = _aggregate_covariance(*_posteriors(model, _encoder_features(model, windows)))
        variances = torch.linalg.eigvalsh(covariance)
    return float(variances[0]), float(variances[-1])


def _whiten(model: MusicVAE, features: Tensor) -> None:
    """Whiten in place, for the encoder's features [n, width]."""
    mu, sigma = _posteriors(model, features)
    mean = mu.mean(0)
    variances, axes = torch.linalg.eigh(_aggregate_covariance(mu, sigma))
    std = torch.where(variances < _MIN_VARIANCE, 1.0, variances).sqrt()
    # Of all whitening maps, the symmetric one changes the dimensions of z least.
    whiten, unwhiten = axes @ torch.diag(1 / std) @ axes.T, axes @ torch.diag(std) @ axes.T
    _assign(model.mu.weight, whiten @ model.mu.weight.double())
    _assign(model.mu.bias, whiten @ (model.mu.bias.double() - mean))
    if not model.config.deterministic:
        _fit_sigma(model.sigma, features, (sigma.square() @ whiten.square().T).sqrt())
    _absorb_into_decoder(model, mean, unwhiten)


def _aggregate_covariance(mu: Tensor, sigma: Tensor) -> Tensor:
    """Return the covariance [z, z] of samples from all posteriors together."""
    return (mu - mu.mean(0)).T @ (mu - mu.mean(0)) / len(mu) + sigma.square().mean(0).diag()


def _encoder_features(model: MusicVAE, windows: NDArray) -> Tensor:
    """Return the encoder's output before the posterior's layers: [n, width], in float64."""
    subset = windows[:: -(-len(windows) // _MAX_WINDOWS)]
    with torch.no_grad(), show_progress("Encoding", len(subset), counts_chunks=True):
        batches = iter_batches(model.config, subset, device=model.device)
        features = [
            run_in_chunks(model.encoder, batch.inputs, batch.lengths, batch.controls).cpu() for batch in batches
        ]
        return torch.cat(features).double()


def _posteriors(model: MusicVAE, features: Tensor) -> tuple[Tensor, Tensor]:
    """Return means and standard deviations of z, both [n, z]."""
    mu, sigma = (features @ layer.weight.double().T + layer.bias.double() for layer in (model.mu, model.sigma))
    return mu, torch.zeros_like(mu) if model.config.deterministic else functional.softplus(sigma)


def _fit_sigma(layer: nn.Linear, features: Tensor, sigma: Tensor) -> None:
    """Fit softplus(layer(features)) to `sigma` by ridge regression towards the old weights."""
    targets = inverse_softplus(sigma)
    inputs = functional.pad(features, (0, 1), value=1.0)
    old = torch.cat([layer.weight.double(), layer.bias.double()[:, None]], 1)
    residual = targets - inputs @ old.T
    gram = inputs.T @ inputs
    gram += torch.eye(len(gram), dtype=gram.dtype) * _RIDGE * gram.diag().mean()
    new = old + torch.linalg.solve(gram, inputs.T @ residual).T
    _assign(layer.weight, new[:, :-1])
    _assign(layer.bias, new[:, -1])


def _absorb_into_decoder(model: MusicVAE, mean: Tensor, unwhiten: Tensor) -> None:
    """Change the weights so that the decoder of z computes what it did of ``mean + unwhiten @ z``."""
    conductor, width = model.decoder.conductor, len(mean)
    stacks = [conductor] if conductor is not None else list(model.decoder.cores)
    for stack in stacks:
        _assign(stack.initial.bias, stack.initial.bias.double() + stack.initial.weight.double() @ mean)
        _assign(stack.initial.weight, stack.initial.weight.double() @ unwhiten)
    if conductor is not None:  # its outputs are all that the cores get of z
        return
    for core in model.decoder.cores:
        first_layer, depth = core.layers[0], core.head.depth
        z_columns = slice(depth, depth + width)  # after the previous frame
        weight_ih, _, bias, _ = first_layer.all_weights[0]
        weight = weight_ih[:, z_columns].double()
        _assign(bias, bias.double() + weight @ mean)
        _assign(weight_ih[:, z_columns], weight @ unwhiten)


def _assign(weights: Tensor, values: Tensor) -> None:
    weights.copy_(values.to(weights))
