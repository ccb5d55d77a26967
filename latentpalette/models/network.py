"""The network of a MusicVAE: tensors for training, arrays for research and tests."""

from __future__ import annotations

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
from latentpalette.models.encoders import encoder
from latentpalette.models.heads import Head
from latentpalette.models.rnn import Dense, begin

Rows = NDArray[np.float32]

_BATCH = 1024  # sequences at a time; more would only take more memory
_WIDE_BATCH = 128  # the same where every number of every row is wanted


class Posterior(NamedTuple):
    """Where the encoder puts music: a Gaussian for each sequence.

    Parameters
    ----------
    mu, sigma : ndarray of float32 [shape=(n, z)]
        Mean and standard deviation.
    """

    mu: Rows
    sigma: Rows


class Losses(NamedTuple):
    """What a sequence costs, each [shape=(n,), nats].

    Parameters
    ----------
    reconstruction : ndarray of float32
        Summed over steps; each step hears the true previous row, and z is the posterior's mean.
    kl : ndarray of float32
        Of the posterior from N(0, I), summed over z.
    """

    reconstruction: Rows
    kl: Rows


def divergence(mu: Tensor, sigma: Tensor) -> Tensor:
    """The KL divergence [n, nats] from N(mu, sigma) to N(0, 1), summed over the latent vector [n, z].

    Where sigma is 0 there is no distribution to compare: an autoencoder's z counts as nothing.

    Examples
    --------
    >>> divergence(torch.tensor([[1.0, 0.0]]), torch.ones(1, 2))
    tensor([0.5000])
    """
    nats = 0.5 * (mu.square() + sigma.square() - 1.0) - sigma.log()
    return torch.where(sigma > 0, nats, torch.zeros_like(nats)).sum(-1)


class Network(nn.Module):
    """An encoder, a posterior and a decoder, with random weights until some are loaded or trained.

    Parameters
    ----------
    config : ModelConfig
    empty : bool
        Leave the weights as memory happened to be, for those who bring their own.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> network = Network(tiny)
    >>> network.posterior_arrays(np.zeros((2, 32, 10))).mu.shape
    (2, 4)
    >>> network.decode_arrays(np.zeros((2, 4))).shape
    (2, 32, 512)
    """

    def __init__(self, config: ModelConfig, *, empty: bool = False) -> None:
        super().__init__()
        self.config = config
        if config.reads:
            self.encoder = encoder(config)
            self.mu = Dense(self.encoder.width, config.z_size)
            self.sigma = Dense(self.encoder.width, config.z_size)
        self.decoder = Decoder(config)
        if not empty:
            posterior = (self.mu, self.sigma) if config.reads else ()
            begin(self, narrow=(*posterior, *self.decoder.narrow()))

    def need_encoder(self) -> None:
        """Raise `ModelError` if the model cannot read music, saying what it can do."""
        if not self.config.reads:
            raise ModelError(
                f"{self.config.name} has no encoder: its file held the decoder alone. It can sample, decode, and "
                "interpolate between places in latent space, but not encode music."
            )

    # --- arrays: what research and tests build on ----------------------------------------------

    def posterior_arrays(
        self, x: ArrayLike, *, lengths: ArrayLike | None = None, controls: ArrayLike | None = None
    ) -> Posterior:
        """Encode rows.

        Parameters
        ----------
        x : array-like [shape=(n, t, input depth)]
        lengths : array-like of int [shape=(n,) or (n, segments)], optional
            Rows that count; all of them by default.
        controls : array-like [shape=(n, t, control depth)]
            For models that have them.

        Returns
        -------
        Posterior
            mu and sigma, both [n, z].

        Raises
        ------
        ModelError
            If a shape does not fit; the message has both.
        """
        rows, spans, steered = self._inputs(x, lengths, controls)
        with checks.evaluating(self):
            parts = [self.posterior_torch(*each) for each in checks.batches(_BATCH, rows, spans, steered)]
        mu, sigma = (torch.cat(each).cpu().numpy() for each in zip(*parts, strict=True))
        return Posterior(mu, sigma)

    def decode_arrays(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        controls: ArrayLike | None = None,
        seed: int | None = None,
        precision: str = "float32",
    ) -> Rows:
        """Decode to rows.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        temperature : float > 0, or None
            None takes the likeliest row at each step.
        controls : array-like [shape=(t, control depth) or (n, t, control depth)]
            For models that have them; one sequence of them may serve all z.
        seed : int, optional
        precision : {"float32", "bfloat16"}
            Of the matrix products. bfloat16 is several times as fast where the processor has it (AMX, AVX-512 BF16),
            and changes about one step in thirty.

        Returns
        -------
        ndarray of float32 [shape=(n, t, output depth)]
        """
        tokens = self._decoded(z, temperature, controls, seed, precision)
        with torch.inference_mode():
            return self.decoder.rows(tokens).cpu().numpy()

    def decode_classes(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        controls: ArrayLike | None = None,
        seed: int | None = None,
        precision: str = "float32",
    ) -> NDArray[np.int64]:
        """Decode to class numbers: `decode_arrays` without writing out one-hot rows.

        Returns
        -------
        ndarray of int64 [shape=(n, t)]
            Where a row has several parts, [n, t, parts].

        Raises
        ------
        ModelError
            If the model's rows are not classes.
        """
        if self.config.head not in ("categorical", "multi-out"):
            raise ModelError(f"{self.config.name}: a {self.config.head} row is no class; use decode_arrays.")
        tokens = self._decoded(z, temperature, controls, seed, precision)
        return (tokens[0] if len(tokens) == 1 else torch.stack(tokens, -1)).cpu().numpy()

    def losses_arrays(
        self,
        x_input: ArrayLike,
        x_target: ArrayLike,
        *,
        lengths: ArrayLike | None = None,
        controls: ArrayLike | None = None,
    ) -> Losses:
        """What sequences cost under teacher forcing, with z at the posterior's mean.

        Parameters
        ----------
        x_input : array-like [shape=(n, t, input depth)]
        x_target : array-like [shape=(n, t, output depth)]
        lengths, controls
            See `posterior_arrays`.
        """
        rows, spans, steered = self._inputs(x_input, lengths, controls)
        targets = torch.from_numpy(checks.as_rows(x_target, self.config.output_depth, "x_target")).to(rows)
        found = []
        with checks.evaluating(self):
            for part, span, steer, target in checks.batches(_BATCH, rows, spans, steered, targets):
                mu, sigma = self.posterior_torch(part, span, steer)
                params = self.teacher_forced(mu, functional.pad(target, (0, 0, 1, 0))[:, :-1], steer)
                losses = self.head.loss(params, target)  # [n, t]
                if span is not None:
                    losses = losses * checks.valid_steps(span, target.shape[1], self.config.segments[0])
                found.append((losses.sum(-1), divergence(mu, sigma)))
        return Losses(*(torch.cat(each).cpu().numpy() for each in zip(*found, strict=True)))

    def step_probabilities(self, z: ArrayLike, *, controls: ArrayLike | None = None) -> Rows:
        """What the decoder thinks at each step of what it says: how sure it is, and what else it had in mind.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        controls
            See `decode_arrays`.

        Returns
        -------
        ndarray of float32 [shape=(n, t, output depth)]
            Along the likeliest path, that of `decode_arrays` without a temperature: each step knows the likeliest
            rows before it. For classes a distribution at each step (for several parts, one for each part); for a roll
            the probability of each hit, given those of its row that come before it; for a groove the probability of
            each hit, then velocities and offsets as they are said.

        Examples
        --------
        >>> from latentpalette.models.config import CONFIGS
        >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
        >>> probabilities = Network(tiny).step_probabilities(np.zeros((2, 4)))
        >>> probabilities.shape, bool(np.allclose(probabilities.sum(-1), 1, atol=1e-5))
        ((2, 32, 512), True)
        """
        places = torch.from_numpy(checks.as_z(z, self.config.z_size)).to(self.device)
        n, steps = len(places), self.config.steps
        steered = checks.as_controls(controls, n, steps, self.config.control_depth, places.device)
        if not n:
            return np.zeros((0, steps, self.config.output_depth), np.float32)
        found = []
        with checks.evaluating(self):
            for part, steer in checks.batches(_WIDE_BATCH, places, steered):
                rows = self.decoder.rows(self.decoder.tokens(part, controls=steer))
                params = self.teacher_forced(part, functional.pad(rows, (0, 0, 1, 0))[:, :-1], steer)
                found.append(self.head.probabilities(params, rows))
        return torch.cat(found).cpu().numpy()

    def decode_tokens(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        noise: ArrayLike | None = None,
        controls: ArrayLike | None = None,
        precision: str = "float32",
    ) -> list[Tensor]:
        """Decode with random numbers of one's own to what `decode_arrays` writes out as rows.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        temperature : float > 0, or None
        noise : array-like [shape=(n, t, head.draws)]
            Uniform; where a temperature is given. `noise` draws it.
        controls, precision
            See `decode_arrays`.

        Returns
        -------
        list of Tensor
            For each core of the decoder its tokens [n, t, ...].
        """
        places = torch.from_numpy(checks.as_z(z, self.config.z_size)).to(self.device)
        dtype, temperature = checks.as_dtype(precision), checks.as_temperature(temperature)
        steered = checks.as_controls(controls, len(places), self.config.steps, self.config.control_depth, self.device)
        draws = None if noise is None else torch.from_numpy(np.require(noise, np.float32, ["C", "W"])).to(self.device)
        with torch.inference_mode():
            parts = [
                self.decoder.tokens(part, temperature=temperature, controls=steer, noise=draw, dtype=dtype)
                for part, steer, draw in checks.batches(_BATCH, places, steered, draws)
            ]
            return [torch.cat(core) for core in zip(*parts, strict=True)]

    def noise(self, n: int, *, seed: int | None = None, take: int = 0) -> Rows:
        """The random numbers [n, t, head.draws] that `decode_arrays` chooses rows by; those of another take differ."""
        shape = (n, self.config.steps, self.head.draws)
        return checks.generator(seed, "rows", take).random(shape, dtype=np.float32)

    def _decoded(
        self, z: ArrayLike, temperature: float | None, controls: ArrayLike | None, seed: int | None, precision: str
    ) -> list[Tensor]:
        places = checks.as_z(z, self.config.z_size)
        noise = None if temperature is None else self.noise(len(places), seed=seed)
        return self.decode_tokens(places, temperature=temperature, noise=noise, controls=controls, precision=precision)

    def _inputs(
        self, x: ArrayLike, lengths: ArrayLike | None, controls: ArrayLike | None
    ) -> tuple[Tensor, Tensor | None, Tensor | None]:
        """What the encoder reads, checked and where the weights are."""
        self.need_encoder()
        device = self.device
        rows = torch.from_numpy(checks.as_rows(x, self.config.input_depth, "x")).to(device)
        n, steps = rows.shape[:2]
        spans = None if lengths is None else checks.as_lengths(lengths, n, device)
        return rows, spans, checks.as_controls(controls, n, steps, self.config.control_depth, device)

    # --- tensors: what training builds on ------------------------------------------------------

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.decoder.cores[0].projection.weight.device

    @property
    def head(self) -> Head:
        """The output head: `head.loss(params [n, t, width], target [n, t, depth])` is [n, t], in nats."""
        return self.decoder.head

    def posterior_torch(
        self, rows: Tensor, lengths: Tensor | None = None, controls: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of z, both [n, z], for rows [n, t, input depth]."""
        self.need_encoder()
        embedding = self.encoder(rows, lengths, controls)  # [n, 2 units]
        mu = self.mu(embedding)
        return mu, torch.zeros_like(mu) if self.config.deterministic else functional.softplus(self.sigma(embedding))

    def teacher_forced(self, z: Tensor, previous_rows: Tensor, controls: Tensor | None = None) -> Tensor:
        """The head's parameters [n, t, width]; `previous_rows` [n, t, depth] is the target one step late."""
        return self.decoder.teacher_forced(z, previous_rows, controls)
