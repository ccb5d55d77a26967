"""What the decoder's last numbers mean: the loss of a row, and how a row is drawn.

A head speaks in *tokens*, the compact form of a row: a class number where the row is one-hot, the row itself where
it is not. `feed` gives what a token, as the previous row, adds to the gates of the decoder's first layer: for a class
number one row of a table, looked up rather than multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.models.config import ModelConfig

_LEAST_LIKELY = 0.1  # of a groove's strokes


def head(config: ModelConfig, depth: int | None = None) -> Head:
    """The head that a configuration asks for; `depth` for one part of a split decoder."""
    if depth is not None:
        return Categorical(depth)
    if config.head == "multi-out":
        return MultiOut(config.parts)
    if config.head == "nade":
        return Nade(config.output_depth, config.nade_hidden)
    if config.head == "groove":
        return Groove(config.output_depth // 3, config.touch)
    return Categorical(config.output_depth)


class Head(nn.Module):
    """What every head has.

    Attributes
    ----------
    depth : int
        Width of a row.
    width : int
        How many numbers the projection gives it for each row.
    draws : int
        How many uniform random numbers it takes to draw a row.
    """

    depth: int
    width: int
    draws: int

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Minus the log-likelihood [..., nats] of rows `target` [..., depth] under `params` [..., width]."""
        raise NotImplementedError

    def choose(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """Draw tokens [n, ...] from `params` [n, width] with uniform `noise` [n, draws]; the likeliest if None."""
        raise NotImplementedError

    def feed(self, tokens: Tensor, table: Tensor, *, out: Tensor) -> Tensor:
        """Write to `out` [n, 4 units] what tokens [n, ...] give the gates.

        `table` [depth, 4 units] is the input matrix.
        """
        raise NotImplementedError

    def rows(self, tokens: Tensor) -> Tensor:
        """Tokens [..., ] written out as rows [..., depth], float32."""
        raise NotImplementedError

    def probabilities(self, params: Tensor, said: Tensor) -> Tensor:
        """How likely each 1 of a row is [..., depth] under `params` [..., width], where `said` [..., depth] is said."""
        raise NotImplementedError


class Categorical(Head):
    """One class of `depth` a row.

    Examples
    --------
    >>> last = Categorical(3)
    >>> last.loss(torch.zeros(1, 3), torch.tensor([[0.0, 1.0, 0.0]]))
    tensor([1.0986])
    >>> last.rows(last.choose(torch.tensor([[0.0, 9.0, 0.0]]), None, None))
    tensor([[0., 1., 0.]])
    """

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.depth = self.width = depth
        self.draws = 1

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Cross-entropy; see `Head.loss`."""
        return -(functional.log_softmax(params, -1) * target).sum(-1)

    def choose(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """See `Head.choose`."""
        if temperature is None or noise is None:
            return _likeliest(params)
        # One uniform number a row, laid on the running sum of the probabilities: cheaper than noise for each class.
        heights = torch.softmax(params.float() / temperature, -1).cumsum(-1)  # [n, depth]
        # The sum ends a rounding away from 1, so the number is stretched to its end.
        return torch.searchsorted(heights, noise * heights[:, -1:], right=True)[:, 0].clamp_(max=self.depth - 1)

    def feed(self, tokens: Tensor, table: Tensor, *, out: Tensor) -> Tensor:
        """See `Head.feed`."""
        return torch.index_select(table, 0, tokens, out=out)

    def rows(self, tokens: Tensor) -> Tensor:
        """See `Head.rows`."""
        rows = torch.zeros(*tokens.shape, self.depth, device=tokens.device)
        return rows.scatter_(-1, tokens[..., None], 1.0)

    def probabilities(self, params: Tensor, said: Tensor) -> Tensor:
        """One distribution over the classes; see `Head.probabilities`."""
        return torch.softmax(params, -1)


class MultiOut(Head):
    """Several classes side by side, drawn independently: a trio's melody, bass and drums.

    Examples
    --------
    >>> last = MultiOut((2, 3))
    >>> last.rows(torch.tensor([[1, 2]]))
    tensor([[0., 1., 0., 0., 1.]])
    """

    def __init__(self, parts: Sequence[int]) -> None:
        super().__init__()
        self.parts = [Categorical(part) for part in parts]
        self.depths = list(parts)
        self.depth = self.width = sum(parts)
        self.draws = len(self.depths)

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Cross-entropy; see `Head.loss`."""
        pairs = zip(params.split(self.depths, -1), target.split(self.depths, -1), strict=True)
        return torch.stack([part.loss(*pair) for part, pair in zip(self.parts, pairs, strict=True)]).sum(0)

    def choose(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """See `Head.choose`."""
        draws = [None] * self.draws if noise is None else noise.split(1, -1)
        slices = zip(self.parts, params.split(self.depths, -1), draws, strict=True)
        return torch.stack([part.choose(each, temperature, draw) for part, each, draw in slices], -1)

    def feed(self, tokens: Tensor, table: Tensor, *, out: Tensor) -> Tensor:
        """See `Head.feed`."""
        first, *others = table.split(self.depths, 0)
        torch.index_select(first, 0, tokens[:, 0], out=out)
        for part, rest in enumerate(others, 1):
            out.add_(rest.index_select(0, tokens[:, part]))
        return out

    def rows(self, tokens: Tensor) -> Tensor:
        """See `Head.rows`."""
        return torch.cat([part.rows(tokens[..., k]) for k, part in enumerate(self.parts)], -1)

    def probabilities(self, params: Tensor, said: Tensor) -> Tensor:
        """One distribution for each part, side by side; see `Head.probabilities`."""
        return torch.cat([torch.softmax(each, -1) for each in params.split(self.depths, -1)], -1)


class Nade(Head):
    """Drums hit or not, each knowing those before it: a neural autoregressive density estimator.

    Parameters
    ----------
    depth : int
        Drums.
    hidden : int

    Notes
    -----
    Larochelle and Murray (2011). The projection gives both biases: of the hidden units, then of the drums.

    Examples
    --------
    >>> last = Nade(9, 16)
    >>> last.loss(torch.zeros(2, 25), torch.zeros(2, 9)).shape
    torch.Size([2])
    """

    def __init__(self, depth: int, hidden: int) -> None:
        super().__init__()
        self.depth = self.draws = depth
        self.hidden = hidden
        self.width = hidden + depth
        # What a drum that is hit adds to the hidden units, and how the hidden units speak to a drum: [depth, hidden].
        self.w_enc = nn.Parameter(torch.empty(depth, hidden))
        self.w_dec = nn.Parameter(torch.empty(depth, hidden))
        for weight in (self.w_enc, self.w_dec):
            spread = depth**-0.5
            nn.init.trunc_normal_(weight, 0.0, spread, -2 * spread, 2 * spread)

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Minus the log-likelihood; see `Head.loss`."""
        p = self.probabilities(params, target)
        return -(target * (p + 1e-6).log() + (1 - target) * (1 + 1e-6 - p).log()).sum(-1)

    def choose(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """See `Head.choose`; drum after drum, since each hears those before it."""
        hidden, of_drums = params.float().split([self.hidden, self.depth], -1)
        drums = []
        for drum in range(self.depth):
            logit = of_drums[:, drum] + torch.sigmoid(hidden) @ self.w_dec[drum]
            if temperature is None or noise is None:
                hit = (logit >= 0).float()
            else:
                hit = (noise[:, drum] < torch.sigmoid(logit / temperature)).float()
            drums.append(hit)
            hidden = hidden + hit[:, None] * self.w_enc[drum]
        return torch.stack(drums, -1)

    def feed(self, tokens: Tensor, table: Tensor, *, out: Tensor) -> Tensor:
        """See `Head.feed`."""
        return torch.mm(tokens, table, out=out)

    def rows(self, tokens: Tensor) -> Tensor:
        """See `Head.rows`; a row is its own token."""
        return tokens

    def probabilities(self, params: Tensor, said: Tensor) -> Tensor:
        """Of a hit, given the drums of `said` before it in the row; see `Head.probabilities`."""
        of_hidden, of_drums = params.split([self.hidden, self.depth], -1)
        # Each drum sees the sum of what the drums before it added: [..., depth, hidden], all at once.
        added = said[..., None] * self.w_enc
        before = torch.cat([torch.zeros_like(added[..., :1, :]), added[..., :-1, :].cumsum(-2)], -2)
        hidden = torch.sigmoid(of_hidden[..., None, :] + before)
        return torch.sigmoid(of_drums + (hidden * self.w_dec).sum(-1))


class Groove(Head):
    """Drums as they are played: hit or not, how hard, and how early or late.

    Parameters
    ----------
    drums : int
        A row is hits, velocities and offsets, one of each a drum.
    touch : float
        How much the velocity and the offset of what is hit weigh in the loss; those of what is not, which are 0,
        weigh 1.

    Notes
    -----
    Gillick et al. (2019). Temperature moves the hits alone, and neither velocity nor offset is masked by its hit.

    Examples
    --------
    >>> last = Groove(1)
    >>> last.choose(torch.tensor([[9.0, 0.0, 0.0]]), None, None)
    tensor([[1.0000, 0.5000, 0.0000]])
    """

    def __init__(self, drums: int, touch: float = 1.0) -> None:
        super().__init__()
        self.touch = touch
        self.depth = self.width = 3 * drums
        self.draws = drums

    def loss(self, params: Tensor, target: Tensor) -> Tensor:
        """Cross-entropy of the hits, squared error of the rest; see `Head.loss`."""
        hits, velocities, offsets = params.split(self.draws, -1)
        hit, velocity, offset = target.split(self.draws, -1)
        p = torch.sigmoid(hits)
        of_hits = -(hit * (p + 1e-7).log() + (1 - hit) * (1 - p + 1e-7).log())
        of_rest = (torch.sigmoid(velocities) - velocity) ** 2 + (torch.tanh(offsets) - offset) ** 2
        return (of_hits + of_rest * (1 + (self.touch - 1) * hit)).sum(-1)

    def choose(self, params: Tensor, temperature: float | None, noise: Tensor | None) -> Tensor:
        """See `Head.choose`."""
        hits, velocities, offsets = params.float().split(self.draws, -1)
        if temperature is None or noise is None:
            hit = (hits >= 0).float()
        else:
            hit = (noise < torch.sigmoid(hits / temperature)).float()
        return torch.cat([hit, torch.sigmoid(velocities), torch.tanh(offsets)], -1)

    def feed(self, tokens: Tensor, table: Tensor, *, out: Tensor) -> Tensor:
        """See `Head.feed`."""
        return torch.mm(tokens, table, out=out)

    def rows(self, tokens: Tensor) -> Tensor:
        """See `Head.rows`; a row is its own token."""
        return tokens

    def touch_of_strokes(self, params: Tensor) -> Tensor:
        """Velocities and offsets [..., 2 drums] that strokes have where they are sure to come.

        What was learned with a 0 where nothing is hit is the mean of both, weighed by how likely each is and how much
        it weighs in the loss. That is divided out here.

        Examples
        --------
        >>> seldom, soft = torch.logit(torch.tensor([0.25, 0.5])).tolist()
        >>> Groove(1, touch=3.0).touch_of_strokes(torch.tensor([[seldom, soft, 0.0]]))
        tensor([[1., 0.]])
        """
        hits, velocities, offsets = params.split(self.draws, -1)
        likely = torch.sigmoid(hits)
        # A stroke less likely than that is played too softly, rather than by the quotient of two small errors.
        share = likely.clamp_min(_LEAST_LIKELY) * self.touch
        share = share / (share + 1 - likely.clamp_min(_LEAST_LIKELY))
        return torch.cat([torch.sigmoid(velocities) / share, torch.tanh(offsets) / share], -1).clamp(-1, 1)

    def probabilities(self, params: Tensor, said: Tensor) -> Tensor:
        """Of the hits; the velocities and offsets, which are no choices, as they are said."""
        hits, velocities, offsets = params.split(self.draws, -1)
        return torch.cat([torch.sigmoid(hits), torch.sigmoid(velocities), torch.tanh(offsets)], -1)


def _likeliest(params: Tensor) -> Tensor:
    """Arg-max [n] of [n, width]; NumPy's is ten times as fast as torch's on the processor."""
    if params.is_cpu and not params.requires_grad and params.dtype == torch.float32:
        return torch.from_numpy(params.numpy().argmax(-1))
    return params.argmax(-1)
