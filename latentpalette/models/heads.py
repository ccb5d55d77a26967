"""Output heads: loss and sampling for one decoded frame.

A head works with *tokens*, the compact form of a frame: a class number where the frame is one-hot, the frame itself
where it is not. `Head.embed_into` multiplies a token, as the previous frame, by the input weights of the decoder's
first layer: for a class number a lookup of one row of the weights instead of a product.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.models.config import ModelConfig

MIN_HIT_PROB = 0.1  # of a groove's hits, where their probability is divided out


def build_head(config: ModelConfig, depth: int | None = None) -> Head:
    """Return the head of a configuration; with separate decoders, `depth` is that of one stream."""
    if depth is not None:
        return Categorical(depth)
    if config.head == "multi-out":
        return MultiOut(config.output_depths)
    if config.head == "nade":
        return Nade(config.output_depth, config.nade_hidden)
    if config.head == "groove":
        return Groove(config.output_depth // 3, config.expression_weight)
    return Categorical(config.output_depth)


class Head(nn.Module):
    """Base class of the output heads.

    Attributes
    ----------
    depth : int
        Width of a frame.
    num_params : int
        Numbers per frame that the decoder's projection computes for the head.
    num_uniforms : int
        Uniform random numbers that sampling one frame takes.
    """

    depth: int
    num_params: int
    num_uniforms: int

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Return the negative log-likelihood [..., nats] of target frames [..., depth].

        params : [..., num_params]
        """
        raise NotImplementedError

    def sample(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """Sample tokens [n, ...]; arg-max without a temperature or noise.

        params : [n, num_params]; noise : uniform [n, num_uniforms]
        """
        raise NotImplementedError

    def embed_into(self, tokens: Tensor, token_weights: Tensor, *, out: Tensor) -> Tensor:
        """Write to `out` [n, gates] the product of the tokens' frames with `token_weights` [depth, gates]."""
        raise NotImplementedError

    def to_frames(self, tokens: Tensor) -> Tensor:
        """Return tokens [...] as frames [..., depth], float32."""
        raise NotImplementedError

    def probabilities(self, params: Tensor, given: Tensor) -> Tensor:
        """Return the probability of each 1 of a frame [..., depth], conditioned on the frame `given` [..., depth]."""
        raise NotImplementedError


class Categorical(Head):
    """One class out of `depth` per frame.

    Examples
    --------
    >>> head = Categorical(3)
    >>> head.loss(torch.zeros(1, 3), torch.tensor([[0.0, 1.0, 0.0]]))
    tensor([1.0986])
    >>> head.to_frames(head.sample(torch.tensor([[0.0, 9.0, 0.0]]), None, None))
    tensor([[0., 1., 0.]])
    """

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.depth = self.num_params = depth
        self.num_uniforms = 1

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Return the cross-entropy [..., nats]."""
        return -(functional.log_softmax(params, -1) * target).sum(-1)

    def sample(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """Sample class numbers [n]."""
        if temperature is None or noise is None:
            return _argmax(params)
        # Inverse transform sampling: one uniform number per frame is cheaper than Gumbel noise for each class.
        cumulative = torch.softmax(params.float() / temperature, -1).cumsum(-1)  # [n, depth]
        # The sum ends a rounding error away from 1, so the uniform number is scaled to it.
        return torch.searchsorted(cumulative, noise * cumulative[:, -1:], right=True)[:, 0].clamp_(max=self.depth - 1)

    def embed_into(self, tokens: Tensor, token_weights: Tensor, *, out: Tensor) -> Tensor:
        """Look up a row of the weights for each class."""
        return torch.index_select(token_weights, 0, tokens, out=out)

    def to_frames(self, tokens: Tensor) -> Tensor:
        """Return classes [...] as one-hot frames [..., depth]."""
        frames = torch.zeros(*tokens.shape, self.depth, device=tokens.device)
        return frames.scatter_(-1, tokens[..., None], 1.0)

    def probabilities(self, params: Tensor, given: Tensor) -> Tensor:
        """Return one distribution over the classes."""
        return torch.softmax(params, -1)


class MultiOut(Head):
    """Several independent classes side by side: a trio's melody, bass and drums.

    Parameters
    ----------
    depths : sequence of int
        Number of classes of each stream.

    Examples
    --------
    >>> head = MultiOut((2, 3))
    >>> head.to_frames(torch.tensor([[1, 2]]))
    tensor([[0., 1., 0., 0., 1.]])
    """

    def __init__(self, depths: Sequence[int]) -> None:
        super().__init__()
        self.streams = [Categorical(depth) for depth in depths]
        self.depths = list(depths)
        self.depth = self.num_params = sum(depths)
        self.num_uniforms = len(self.depths)

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Return the cross-entropy [..., nats], summed over the streams."""
        pairs = zip(params.split(self.depths, -1), target.split(self.depths, -1), strict=True)
        return torch.stack([stream.loss(*pair) for stream, pair in zip(self.streams, pairs, strict=True)]).sum(0)

    def sample(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """Sample class numbers [n, streams]."""
        uniforms = [None] * self.num_uniforms if noise is None else noise.split(1, -1)
        slices = zip(self.streams, params.split(self.depths, -1), uniforms, strict=True)
        return torch.stack([stream.sample(logits, temperature, uniform) for stream, logits, uniform in slices], -1)

    def embed_into(self, tokens: Tensor, token_weights: Tensor, *, out: Tensor) -> Tensor:
        """Look up and add a row of the weights for each stream."""
        first, *others = token_weights.split(self.depths, 0)
        torch.index_select(first, 0, tokens[:, 0], out=out)
        for stream, weights in enumerate(others, 1):
            out.add_(weights.index_select(0, tokens[:, stream]))
        return out

    def to_frames(self, tokens: Tensor) -> Tensor:
        """Return classes [..., streams] as concatenated one-hot frames [..., depth]."""
        return torch.cat([stream.to_frames(tokens[..., k]) for k, stream in enumerate(self.streams)], -1)

    def probabilities(self, params: Tensor, given: Tensor) -> Tensor:
        """Return one distribution for each stream, side by side."""
        return torch.cat([torch.softmax(logits, -1) for logits in params.split(self.depths, -1)], -1)


class Nade(Head):
    """Multi-hot drums, each conditioned on those before it: a neural autoregressive density estimator.

    Parameters
    ----------
    depth : int
        Number of drums.
    hidden : int

    Notes
    -----
    Larochelle and Murray (2011). The projection computes both biases: of the hidden units, then of the drums.

    Examples
    --------
    >>> head = Nade(9, 16)
    >>> head.loss(torch.zeros(2, 25), torch.zeros(2, 9)).shape
    torch.Size([2])
    """

    def __init__(self, depth: int, hidden: int) -> None:
        super().__init__()
        self.depth = self.num_uniforms = depth
        self.hidden = hidden
        self.num_params = hidden + depth
        # From a drum that is hit to the hidden units, and from the hidden units to a drum: [depth, hidden].
        self.w_enc = nn.Parameter(torch.empty(depth, hidden))
        self.w_dec = nn.Parameter(torch.empty(depth, hidden))
        for weight in (self.w_enc, self.w_dec):
            std = depth**-0.5
            nn.init.trunc_normal_(weight, 0.0, std, -2 * std, 2 * std)

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Return the negative log-likelihood [..., nats]."""
        p = self.probabilities(params, target)
        return -(target * (p + 1e-6).log() + (1 - target) * (1 + 1e-6 - p).log()).sum(-1)

    def sample(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """Sample hits [n, drums], drum after drum."""
        hidden_bias, drum_bias = params.float().split([self.hidden, self.depth], -1)
        hits = []
        for drum in range(self.depth):
            logit = drum_bias[:, drum] + torch.sigmoid(hidden_bias) @ self.w_dec[drum]
            if temperature is None or noise is None:
                hit = (logit >= 0).float()
            else:
                hit = (noise[:, drum] < torch.sigmoid(logit / temperature)).float()
            hits.append(hit)
            hidden_bias = hidden_bias + hit[:, None] * self.w_enc[drum]
        return torch.stack(hits, -1)

    def embed_into(self, tokens: Tensor, token_weights: Tensor, *, out: Tensor) -> Tensor:
        """Multiply the hits by the weights."""
        return torch.mm(tokens, token_weights, out=out)

    def to_frames(self, tokens: Tensor) -> Tensor:
        """Return the tokens, which are frames."""
        return tokens

    def probabilities(self, params: Tensor, given: Tensor) -> Tensor:
        """Return the probability of each hit, conditioned on the drums before it in the frame `given`."""
        hidden_bias, drum_bias = params.split([self.hidden, self.depth], -1)
        # Each drum's hidden units have the summed contributions of the drums before it: [..., depth, hidden].
        contributions = given[..., None] * self.w_enc
        zeros = torch.zeros_like(contributions[..., :1, :])
        before = torch.cat([zeros, contributions[..., :-1, :].cumsum(-2)], -2)
        hidden = torch.sigmoid(hidden_bias[..., None, :] + before)
        return torch.sigmoid(drum_bias + (hidden * self.w_dec).sum(-1))


class Groove(Head):
    """Performed drums: for each drum a hit or none, its velocity, and its offset from the grid.

    Parameters
    ----------
    drums : int
        A frame is hits, velocities and offsets, one of each per drum.
    expression_weight : float
        Weight of the velocity and the offset of a hit in the loss; those of drums without a hit, which are 0, have
        weight 1.

    Notes
    -----
    Gillick et al. (2019). The temperature affects the hits alone; velocities and offsets are not masked by the hits.

    Examples
    --------
    >>> head = Groove(1)
    >>> head.sample(torch.tensor([[9.0, 0.0, 0.0]]), None, None)
    tensor([[1.0000, 0.5000, 0.0000]])
    """

    def __init__(self, drums: int, expression_weight: float = 1.0) -> None:
        super().__init__()
        self.expression_weight = expression_weight
        self.depth = self.num_params = 3 * drums
        self.num_uniforms = drums

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Return the cross-entropy of the hits plus the squared errors of velocities and offsets [...]."""
        hit_logits, velocities, offsets = params.split(self.num_uniforms, -1)
        hit, velocity, offset = target.split(self.num_uniforms, -1)
        p = torch.sigmoid(hit_logits)
        cross_entropy = -(hit * (p + 1e-7).log() + (1 - hit) * (1 - p + 1e-7).log())
        squared_error = (torch.sigmoid(velocities) - velocity) ** 2 + (torch.tanh(offsets) - offset) ** 2
        return (cross_entropy + squared_error * (1 + (self.expression_weight - 1) * hit)).sum(-1)

    def sample(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """Sample frames [n, 3 drums]."""
        hit_logits, velocities, offsets = params.float().split(self.num_uniforms, -1)
        if temperature is None or noise is None:
            hit = (hit_logits >= 0).float()
        else:
            hit = (noise < torch.sigmoid(hit_logits / temperature)).float()
        return torch.cat([hit, torch.sigmoid(velocities), torch.tanh(offsets)], -1)

    def embed_into(self, tokens: Tensor, token_weights: Tensor, *, out: Tensor) -> Tensor:
        """Multiply the frames by the weights."""
        return torch.mm(tokens, token_weights, out=out)

    def to_frames(self, tokens: Tensor) -> Tensor:
        """Return the tokens, which are frames."""
        return tokens

    def expression_given_hit(self, params: Tensor) -> Tensor:
        """Return the velocities and offsets [..., 2 drums] of drums, given that they are hit.

        The loss trains towards 0 where there is no hit, so a prediction is the mean of both cases, weighted by their
        probability and their weight in the loss. That weighting is divided out here.

        Examples
        --------
        >>> p_hit, velocity = torch.logit(torch.tensor([0.25, 0.5])).tolist()
        >>> Groove(1, expression_weight=3.0).expression_given_hit(torch.tensor([[p_hit, velocity, 0.0]]))
        tensor([[1., 0.]])
        """
        hit_logits, velocities, offsets = params.split(self.num_uniforms, -1)
        # Below the minimum the quotient of two small errors would be noise; a velocity that is too low is the lesser
        # evil.
        p_hit = torch.sigmoid(hit_logits).clamp_min(MIN_HIT_PROB)
        weighted = p_hit * self.expression_weight
        share = weighted / (weighted + 1 - p_hit)
        return torch.cat([torch.sigmoid(velocities) / share, torch.tanh(offsets) / share], -1).clamp(-1, 1)

    def probabilities(self, params: Tensor, given: Tensor) -> Tensor:
        """Return the probabilities of the hits, then the predicted velocities and offsets, which are not sampled."""
        hit_logits, velocities, offsets = params.split(self.num_uniforms, -1)
        return torch.cat([torch.sigmoid(hit_logits), torch.sigmoid(velocities), torch.tanh(offsets)], -1)


def _argmax(params: Tensor) -> Tensor:
    """Return the arg-max [n] of [n, num_params]; on the CPU, NumPy's is ten times as fast as torch's."""
    if params.is_cpu and not params.requires_grad and params.dtype == torch.float32:
        return torch.from_numpy(params.numpy().argmax(-1))
    return params.argmax(-1)
