"""Sampling: z from the prior, pseudo-Gibbs refinement of z, and rejection of degenerate outputs.

A learned prior (`latentpalette.models.flow`) draws z where music was encoded. The prior N(0, I) puts some of its
probability elsewhere; there, two corrections follow it. Refinement moves z
towards the aggregated posterior: decode (arg-max), encode, sample from the posterior; repeat. Source: Rezende et al.
(2014), arXiv 1401.4082, appendix F; Bengio et al. (2013), arXiv 1305.6663 (they sample the output, too). Rejection
sampling draws outputs that are silent or contain a static bar again, up to `max_attempts` times, so the result is
distributed as the output given that it is neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentpalette.converters.base import Converter
from latentpalette.converters.stream_registry import streams_of
from latentpalette.errors import ConverterError, ModelError
from latentpalette.models import inputs
from latentpalette.models.checks import select_controls
from latentpalette.models.conditioned_z import ask_of_z
from latentpalette.models.config import MAX_SAMPLING_TRIES
from latentpalette.models.flow import GUIDANCE
from latentpalette.models.network import FloatArray, Network
from latentpalette.models.rng import standard_normal
from latentpalette.models.tokens import concat_tokens, tokens_to_labels
from latentpalette.progress.parts import Task
from latentpalette.validation import check_integer

Tokens = list[Tensor]


class Accepted(NamedTuple):
    """Result of rejection sampling.

    Parameters
    ----------
    tokens : list of Tensor
        Tokens [n, t, ...] of each core of the decoder.
    rejected_first : ndarray of bool [shape=(n,)]
        The samples whose first attempt was rejected.
    """

    tokens: Tokens
    rejected_first: NDArray[np.bool_]


def sample_prior(
    network: Network,
    n: int,
    *,
    seed: int | None = None,
    attempt: int = 0,
    conditions: Mapping[str, Any] | None = None,
    guidance: float = GUIDANCE,
) -> FloatArray:
    """Draw z [n, z] from the learned prior of a network, under conditions; from N(0, I) where it has none.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> network = Network(MAGENTA_CONFIGS["cat-drums_2bar_small"], init=False)
    >>> sample_prior(network, 3, seed=7).shape
    (3, 256)
    """
    noise = prior_noise(network, n, seed=seed, attempt=attempt)
    return noise_to_z(network, noise, conditions, guidance=guidance)


def noise_to_z(
    network: Network, noise: FloatArray, conditions: Mapping[str, Any] | None = None, *, guidance: float = GUIDANCE
) -> FloatArray:
    """Return the z [n, z] that the prior of a network makes of standard normal noise [n, noise size].

    Conditions of the model itself are set in z; others are asked of the learned prior.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> network = Network(MAGENTA_CONFIGS["cat-drums_2bar_small"], init=False)
    >>> noise_to_z(network, np.ones((1, 256), np.float32)).mean()
    np.float32(1.0)
    """
    of_prior, in_z = _split_conditions(network, conditions)
    z = noise if network.prior is None else network.prior.sample(noise, of_prior, guidance=guidance)
    return ask_of_z(z, network.config.conditions, in_z)


def noise_to_z_in_parts(
    network: Network, noise: FloatArray, conditions: Mapping[str, Any] | None = None
) -> Task[FloatArray]:
    """Return the z that the prior of a network makes of noise as `noise_to_z` does, in parts."""
    of_prior, in_z = _split_conditions(network, conditions)
    z = noise if network.prior is None else (yield from network.prior.sample_in_parts(noise, of_prior))
    return ask_of_z(z, network.config.conditions, in_z)


def prior_noise(network: Network, n: int, *, seed: int | None = None, attempt: int = 0) -> FloatArray:
    """Draw the standard normal noise [n, noise size] that the prior of a network makes z of."""
    size = network.config.z_size if network.prior is None else network.prior.noise_size
    return standard_normal(seed, "z", (n, size), attempt)


def _split_conditions(network: Network, asked: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the conditions that the learned prior is asked for, and those that are set in z."""
    of_model = {condition.name for condition in network.config.conditions}
    of_prior: dict[str, Any] = {}
    in_z: dict[str, Any] = {}
    for name, value in (asked or {}).items():
        (in_z if name in of_model else of_prior)[name] = value
    return of_prior, in_z


def gibbs_noise(network: Network, n: int, gibbs_steps: int, *, seed: int | None = None, attempt: int = 0) -> FloatArray:
    """Draw the standard normal noise [n, gibbs_steps, z] of `pseudo_gibbs`."""
    return standard_normal(seed, "gibbs", (n, gibbs_steps, network.config.z_size), attempt)


def pseudo_gibbs(
    network: Network, converter: Converter, z: FloatArray, noise: FloatArray, controls: ArrayLike | None = None
) -> FloatArray:
    """Refine z by pseudo-Gibbs steps: decode (arg-max), encode, sample from the posterior.

    Too many steps reduce the diversity of the samples.

    Parameters
    ----------
    network : Network
        With an encoder.
    converter : Converter
        The network's representation.
    z : ndarray of float32 [shape=(n, z)]
    noise : ndarray of float32 [shape=(n, gibbs_steps, z)]
        Standard normal; see `gibbs_noise`.
    controls : array-like [shape=(t, depth) or (n, t, depth)], optional
        For a network with controls.

    Returns
    -------
    ndarray of float32 [shape=(n, z)]
        Where the decoded music is silent, or the converter cannot encode it, z is drawn from the prior instead.

    Examples
    --------
    >>> import numpy as np
    >>> from latentpalette import converters
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> tiny = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> z, noise = np.ones((3, 4), np.float32), np.zeros((3, 2, 4), np.float32)
    >>> pseudo_gibbs(Network(tiny), converters.make_converter(**tiny.converter), z, noise).shape
    (3, 4)
    """
    for epsilon in noise.transpose(1, 0, 2):
        tokens = network.decode_tokens(z, controls=controls)
        z = refine(network, converter, z, tokens, epsilon, controls)
    return z


def refine(
    network: Network,
    converter: Converter,
    z: FloatArray,
    tokens: Tokens,
    epsilon: FloatArray,
    controls: ArrayLike | None = None,
) -> FloatArray:
    """Return z [n, z] of the posteriors of decoded music, at standard normal noise [n, z]; see `pseudo_gibbs`.

    `z` is what it was decoded from; its conditions are kept.
    """
    encodable, examples = [], []
    for index, frames in enumerate(network.iter_frames(tokens)):
        music = converter.decode(frames)
        with suppress(ConverterError):
            if music.notes:
                examples.append(converter.encode(music))
                encodable.append(index)
    new_z = epsilon.copy()
    if encodable:
        encoder_inputs, lengths = inputs.stack_inputs(examples)
        mu, sigma = network.posterior_arrays(
            encoder_inputs, lengths=lengths, controls=select_controls(controls, encodable)
        )
        new_z[encodable] = mu + sigma * epsilon[encodable]
    if num_conditions := len(network.config.conditions):
        new_z[:, -num_conditions:] = z[:, -num_conditions:]  # what is asked for is not refined away
    return new_z


def is_degenerate(network: Network, tokens: Tokens) -> NDArray[np.bool_]:
    """Return which samples [n] have a silent stream or a static bar: one in which nothing changes.

    Where a representation has no known streams, no sample is degenerate.

    Examples
    --------
    >>> import torch
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> changing = [1, 0, 4, 0] * 8
    >>> labels = torch.tensor([changing, changing[:16] + [4] * 16, [0] * 32])
    >>> is_degenerate(Network(MAGENTA_CONFIGS["cat-drums_2bar_small"], init=False), [labels]).tolist()
    [False, True, True]
    """
    streams = streams_of(network.config.converter)
    if not streams:
        return np.zeros(len(tokens[0]), bool)
    labels = tokens_to_labels(network.config, concat_tokens(tokens))  # [n, t, streams]
    per_stream = [
        stream.is_silent(labels[..., k]) | stream.has_static_bar(labels[..., k]) for k, stream in enumerate(streams)
    ]
    return np.asarray(np.any(per_stream, axis=0))


def rejection_sample(
    network: Network,
    converter: Converter,
    z: FloatArray,
    noise: FloatArray | None,
    *,
    temperature: float | None = None,
    controls: ArrayLike | None = None,
    seed: int | None = None,
    gibbs_steps: int = 0,
    max_attempts: int = 1,
    resample_z: bool = True,
    conditions: Mapping[str, Any] | None = None,
    guidance: float = GUIDANCE,
) -> Accepted:
    """Decode z; draw degenerate samples again.

    Parameters
    ----------
    network : Network
    converter : Converter
        The network's representation.
    z : ndarray of float32 [shape=(n, z)]
        Of the first attempt.
    noise : ndarray of float32 [shape=(n, t, num_uniforms)]
        Uniform noise of the first attempt; None without a temperature.
    temperature, controls, seed
        See `latentpalette.models.musicvae.MusicVAE.sample`.
    gibbs_steps : int
        Pseudo-Gibbs steps of the z of further attempts.
    max_attempts : int >= 1
        With 16 attempts and 25 % rejections, all of them fail with probability 0.25**16, about 2e-10.
    resample_z : bool
        Whether further attempts draw a new z, or only new decoder noise.
    conditions, guidance
        Of the z of further attempts; see `latentpalette.models.flow.FlowPrior.sample`.

    Returns
    -------
    Accepted
        For each sample the first attempt that is not degenerate, or the last one.

    Raises
    ------
    ModelError
        If `max_attempts` is below 1.
    """
    max_attempts = check_integer(max_attempts, "max_attempts", 1, MAX_SAMPLING_TRIES, error=ModelError)
    n = len(z)
    accepted = network.decode_tokens(z, temperature=temperature, noise=noise, controls=controls)
    if not resample_z and noise is None:
        max_attempts = 1  # arg-max of the same z would be the same again
    rejected_first = is_degenerate(network, accepted) if max_attempts > 1 else np.zeros(n, bool)
    rejected = np.flatnonzero(rejected_first)
    for attempt in range(1, max_attempts):
        if not len(rejected):
            break
        rejected_controls = select_controls(controls, rejected)
        new_z = z[rejected]
        if resample_z:
            # Drawn for all n, so that a sample does not depend on which others are rejected.
            drawn = sample_prior(network, n, seed=seed, attempt=attempt, conditions=conditions, guidance=guidance)
            new_z = drawn[rejected]
            epsilon = gibbs_noise(network, n, gibbs_steps, seed=seed, attempt=attempt)[rejected]
            new_z = pseudo_gibbs(network, converter, new_z, epsilon, rejected_controls)
        uniforms = None if noise is None else network.decode_noise(n, seed=seed, attempt=attempt)[rejected]
        tokens = network.decode_tokens(new_z, temperature=temperature, noise=uniforms, controls=rejected_controls)
        with torch.inference_mode():
            for old, new in zip(accepted, tokens, strict=True):
                old[rejected] = new
        rejected = rejected[is_degenerate(network, tokens)]
    return Accepted(accepted, rejected_first)
