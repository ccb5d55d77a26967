"""The network of a MusicVAE: tensors for training, arrays for research and tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.errors import ModelError
from latentpalette.models import checks
from latentpalette.models.config import ModelConfig
from latentpalette.models.decoders import Decoder
from latentpalette.models.encoders import build_encoder
from latentpalette.models.flow import FlowPrior
from latentpalette.models.heads import Head
from latentpalette.models.memory import check_count, check_memory
from latentpalette.models.rng import make_rng
from latentpalette.models.rnn import UninitializedLinear, init_weights
from latentpalette.models.workers import run_in_chunks, torch_threads
from latentpalette.progress.board import show_progress

FloatArray = NDArray[np.float32]

_BATCH = 1024  # sequences; larger batches only take more memory
_FRAMES_BATCH = 64  # sequences, whose one-hot frames exist at the same time
_PROB_BATCH = 128  # sequences, where the probability of every output is kept


class Posterior(NamedTuple):
    """The encoder's output: a Gaussian over z for each sequence.

    Parameters
    ----------
    mu, sigma : ndarray of float32 [shape=(n, z)]
        Mean and standard deviation.
    """

    mu: FloatArray
    sigma: FloatArray


class SequenceLosses(NamedTuple):
    """Loss terms of each sequence [shape=(n,), nats].

    Parameters
    ----------
    reconstruction : ndarray of float32
        Summed over steps, under teacher forcing, with z at the posterior's mean.
    kl : ndarray of float32
        KL divergence of the posterior from N(0, I), summed over z.
    """

    reconstruction: FloatArray
    kl: FloatArray


def kl_to_standard_normal(mu: Tensor, sigma: Tensor) -> Tensor:
    """Return the KL divergence [n, nats] from N(mu, sigma) to N(0, I), summed over the latent dimensions [n, z].

    Dimensions with sigma 0, those of a deterministic autoencoder, count as 0.

    Examples
    --------
    >>> kl_to_standard_normal(torch.tensor([[1.0, 0.0]]), torch.ones(1, 2))
    tensor([0.5000])
    """
    nats = 0.5 * (mu.square() + sigma.square() - 1.0) - sigma.log()
    return torch.where(sigma > 0, nats, torch.zeros_like(nats)).sum(-1)


class Network(nn.Module):
    """An encoder, a posterior and a decoder, with random weights until some are loaded or trained.

    Parameters
    ----------
    config : ModelConfig
    init : bool
        Whether to initialize the weights; without, they are uninitialized memory, for weights that are loaded next.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> tiny = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> network = Network(tiny)
    >>> network.posterior_arrays(np.zeros((2, 32, 10))).mu.shape
    (2, 4)
    >>> network.decode_arrays(np.zeros((2, 4))).shape
    (2, 32, 512)
    """

    def __init__(self, config: ModelConfig, *, init: bool = True) -> None:
        super().__init__()
        self.config = config
        self.prior: FlowPrior | None = None  # of z; N(0, I) where there is none
        if config.has_encoder:
            self.encoder = build_encoder(config)
            self.mu = UninitializedLinear(self.encoder.output_size, config.z_size)
            self.sigma = UninitializedLinear(self.encoder.output_size, config.z_size)
        self.decoder = Decoder(config)
        if init:
            posterior = (self.mu, self.sigma) if config.has_encoder else ()
            init_weights(self, small_init=(*posterior, *self.decoder.small_init_layers()))

    def require_encoder(self) -> None:
        """Raise `ModelError` if the model has no encoder; the message says what it can do without."""
        if not self.config.has_encoder:
            raise ModelError(
                f"{self.config.name} has no encoder: its file held the decoder alone. It can sample, decode, and "
                "interpolate between latent vectors, but not encode music."
            )

    # --- arrays: what research and tests build on ----------------------------------------------

    def posterior_arrays(
        self, x: ArrayLike, *, lengths: ArrayLike | None = None, controls: ArrayLike | None = None
    ) -> Posterior:
        """Encode frames.

        Parameters
        ----------
        x : array-like [shape=(n, t, input depth)]
        lengths : array-like of int [shape=(n,) or (n, segments)], optional
            Number of valid frames; all of them by default.
        controls : array-like [shape=(n, t, control depth)]
            For models with controls.

        Returns
        -------
        Posterior
            mu and sigma, both [n, z].

        Raises
        ------
        ModelError
            If a shape does not fit; the message has both.
        """
        inputs = self._check_inputs(x, lengths, controls)
        with checks.eval_mode(self), show_progress("Encoding", len(inputs[0]), counts_chunks=True):
            moments = [run_in_chunks(self.posterior_torch, *batch) for batch in checks.iter_slices(_BATCH, *inputs)]
        mu, sigma = (torch.cat(batches).cpu().numpy() for batches in zip(*moments, strict=True))
        return Posterior(mu, sigma)

    def decode_arrays(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        controls: ArrayLike | None = None,
        seed: int | None = None,
        precision: str = "float32",
    ) -> FloatArray:
        """Decode z to frames.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        temperature : float > 0, or None
            None decodes arg-max.
        controls : array-like [shape=(t, control depth) or (n, t, control depth)]
            For models with controls; a single sequence serves all z.
        seed : int, optional
        precision : {"float32", "bfloat16"}
            Of the matrix products. bfloat16 is several times as fast on processors with AMX or AVX-512 BF16, and
            changes about one step in thirty.

        Returns
        -------
        ndarray of float32 [shape=(n, t, output depth)]

        Raises
        ------
        LatentError, ModelError
            If z has another width or is not finite; if the temperature, the precision or the controls do not fit.
        """
        z = checks.check_z(z, self.config.z_size)
        size = len(z) * self.config.steps * self.config.output_depth
        check_memory(8 * size, f"Frames of {len(z):,} sequences", "decode_classes and decode take far less.")
        tokens = self._decode(z, temperature, controls, seed, precision)
        with torch.inference_mode():
            return self.decoder.to_frames(tokens).cpu().numpy()

    def decode_classes(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        controls: ArrayLike | None = None,
        seed: int | None = None,
        precision: str = "float32",
    ) -> NDArray[np.int64]:
        """Decode z to class numbers: `decode_arrays` without the one-hot frames.

        Returns
        -------
        ndarray of int64 [shape=(n, t)]
            For several streams, [n, t, streams].

        Raises
        ------
        ModelError
            If the model's outputs are not classes.
        """
        if self.config.head not in ("categorical", "multi-out"):
            raise ModelError(f"{self.config.name}: a {self.config.head} frame is no class; use decode_arrays.")
        tokens = self._decode(z, temperature, controls, seed, precision)
        return (tokens[0] if len(tokens) == 1 else torch.stack(tokens, -1)).cpu().numpy()

    def losses_arrays(
        self,
        x_input: ArrayLike,
        x_target: ArrayLike,
        *,
        lengths: ArrayLike | None = None,
        controls: ArrayLike | None = None,
    ) -> SequenceLosses:
        """Return the loss terms of sequences under teacher forcing, with z at the posterior's mean.

        Parameters
        ----------
        x_input : array-like [shape=(n, t, input depth)]
        x_target : array-like [shape=(n, t, output depth)]
        lengths, controls
            See `posterior_arrays`.
        """
        inputs = self._check_inputs(x_input, lengths, controls)
        targets = torch.from_numpy(checks.check_frames(x_target, self.config.output_depth, "x_target")).to(inputs[0])
        losses = []
        with checks.eval_mode(self), show_progress("Computing losses", len(targets), counts_chunks=True):
            for frames, spans, conditions, target in checks.iter_slices(_BATCH, *inputs, targets):
                losses.append(run_in_chunks(self._losses, frames, target, spans, conditions))
        return SequenceLosses(*(torch.cat(term).cpu().numpy() for term in zip(*losses, strict=True)))

    def step_probabilities(self, z: ArrayLike, *, controls: ArrayLike | None = None) -> FloatArray:
        """Return the decoder's output probabilities at each step of arg-max decoding.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        controls
            See `decode_arrays`.

        Returns
        -------
        ndarray of float32 [shape=(n, t, output depth)]
            Each step is conditioned on the arg-max frames before it. For classes a distribution (several streams: one
            each, side by side); for a drum roll the probability of each hit, given those before it in the frame; for a
            groove the probability of each hit, then the predicted velocities and offsets.

        Examples
        --------
        >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
        >>> tiny = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
        >>> probabilities = Network(tiny).step_probabilities(np.zeros((2, 4)))
        >>> probabilities.shape, bool(np.allclose(probabilities.sum(-1), 1, atol=1e-5))
        ((2, 32, 512), True)
        """
        latents = torch.from_numpy(checks.check_z(z, self.config.z_size)).to(self.device)
        n, steps = len(latents), self.config.steps
        conditions = checks.check_controls(controls, n, steps, self.config.control_depth, latents.device)
        if not n:
            return np.zeros((0, steps, self.config.output_depth), np.float32)
        probabilities = []
        with checks.eval_mode(self):
            for batch_z, condition in checks.iter_slices(_PROB_BATCH, latents, conditions):
                frames = self.decoder.to_frames(self.decoder.decode(batch_z, controls=condition))
                probabilities.append(run_in_chunks(self._probabilities, batch_z, frames, condition))
        return torch.cat(probabilities).cpu().numpy()

    @torch_threads(1)
    def decode_tokens(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        noise: ArrayLike | None = None,
        controls: ArrayLike | None = None,
        precision: str = "float32",
    ) -> list[Tensor]:
        """Decode z to tokens, the compact form of frames, with given random numbers.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        temperature : float > 0, or None
        noise : array-like [shape=(n, t, num_uniforms)]
            Uniform, needed with a temperature; see `decode_noise`.
        controls, precision
            See `decode_arrays`.

        Returns
        -------
        list of Tensor
            Tokens [n, t, ...] of each core of the decoder; `Decoder.to_frames` makes frames of them.
        """
        latents = torch.from_numpy(checks.check_z(z, self.config.z_size)).to(self.device)
        dtype, temperature = checks.torch_dtype(precision), checks.check_temperature(temperature)
        check_count(max(len(latents), 1), self.config.steps)
        n, steps, depth = len(latents), self.config.steps, self.config.control_depth
        conditions = checks.check_controls(controls, n, steps, depth, self.device)
        uniforms = (
            None if noise is None else torch.from_numpy(np.require(noise, np.float32, ["C", "W"])).to(self.device)
        )
        with torch.inference_mode(), show_progress("Decoding", n, counts_chunks=True):
            batches = [
                self.decoder.decode(batch_z, temperature=temperature, controls=condition, noise=batch_u, dtype=dtype)
                for batch_z, condition, batch_u in checks.iter_slices(_BATCH, latents, conditions, uniforms)
            ]
            return [torch.cat(core) for core in zip(*batches, strict=True)]

    def decoder_z(self, z: ArrayLike) -> FloatArray:
        """Return the latent vectors of the decoder [n, z] that given ones stand for: they themselves."""
        return checks.check_z(z, self.config.z_size)

    def iter_frames(self, tokens: list[Tensor]) -> Iterator[FloatArray]:
        """Yield the frames [t, depth] of each sequence, made of its tokens a few sequences at a time.

        One-hot frames of two bars of drums take 66 kB, their tokens 256 bytes.
        """
        for batch in checks.iter_slices(_FRAMES_BATCH, *tokens):
            with torch.inference_mode():  # left before a frame is yielded: it is a mode of the thread
                frames = self.decoder.to_frames(batch).cpu().numpy()
            yield from frames

    def decode_noise(self, n: int, *, seed: int | None = None, attempt: int = 0) -> FloatArray:
        """Draw the uniform noise [n, t, num_uniforms] that `decode_arrays` samples with; each attempt has its own."""
        shape = (n, self.config.steps, self.head.num_uniforms)
        return make_rng(seed, "frames", attempt).random(shape, dtype=np.float32)

    def _decode(
        self, z: ArrayLike, temperature: float | None, controls: ArrayLike | None, seed: int | None, precision: str
    ) -> list[Tensor]:
        z = checks.check_z(z, self.config.z_size)
        noise = None if temperature is None else self.decode_noise(len(z), seed=seed)
        return self.decode_tokens(z, temperature=temperature, noise=noise, controls=controls, precision=precision)

    def _losses(
        self, frames: Tensor, target: Tensor, lengths: Tensor | None, controls: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Return the reconstruction loss and the KL divergence [n, nats] of sequences, with z at the mean."""
        mu, sigma = self.posterior_torch(frames, lengths, controls)
        params = self.teacher_forced(mu, functional.pad(target, (0, 0, 1, 0))[:, :-1], controls)
        per_step = self.head.loss(params, target)  # [n, t]
        if lengths is not None:
            per_step = per_step * checks.step_mask(lengths, target.shape[1], self.config.segments[0])
        return per_step.sum(-1), kl_to_standard_normal(mu, sigma)

    def _probabilities(self, z: Tensor, frames: Tensor, controls: Tensor | None) -> Tensor:
        """Return the output probabilities at each step, given the frames before it."""
        params = self.teacher_forced(z, functional.pad(frames, (0, 0, 1, 0))[:, :-1], controls)
        return self.head.probabilities(params, frames)

    def _check_inputs(
        self, x: ArrayLike, lengths: ArrayLike | None, controls: ArrayLike | None
    ) -> tuple[Tensor, Tensor | None, Tensor | None]:
        """Return the encoder's inputs (frames, lengths, controls), validated and on the weights' device."""
        self.require_encoder()
        device = self.device
        frames = torch.from_numpy(checks.check_frames(x, self.config.input_depth, "x")).to(device)
        n, steps = frames.shape[:2]
        spans = None if lengths is None else checks.check_lengths(lengths, n, device)
        return frames, spans, checks.check_controls(controls, n, steps, self.config.control_depth, device)

    # --- tensors: what training builds on ------------------------------------------------------

    @property
    def device(self) -> torch.device:
        """The device of the weights."""
        return self.decoder.cores[0].projection.weight.device

    @property
    def head(self) -> Head:
        """The output head: `head.loss(params [n, t, num_params], target [n, t, depth])` is [n, t], in nats."""
        return self.decoder.head

    def posterior_torch(
        self, frames: Tensor, lengths: Tensor | None = None, controls: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Encode frames [n, t, input depth] to the mean and standard deviation of z, both [n, z].

        The standard deviation of conditions is 0: they are measured, not drawn.
        """
        self.require_encoder()
        embedding = self.encoder(frames, lengths, controls)  # [n, 2 units]
        mu = self.mu(embedding)
        if self.config.deterministic:
            return mu, torch.zeros_like(mu)
        sigma = functional.softplus(self.sigma(embedding))
        if num_conditions := len(self.config.conditions):
            sigma = functional.pad(sigma[:, :-num_conditions], (0, num_conditions))
        return mu, sigma

    def teacher_forced(self, z: Tensor, previous: Tensor, controls: Tensor | None = None) -> Tensor:
        """Return the head's parameters [n, t, num_params]; `previous` [n, t, depth] is the target, one step late."""
        return self.decoder.teacher_forced(z, previous, controls)
