"""A velocity field over songs: sequences of latent vectors, one for each window, that belong together.

Each place of a sequence has a time of its own: what is given is at time 1, which is music, and stays; what is to be
made begins at time 0, which is noise. So one network composes, continues and fills gaps. Sources: for sequences of
latent vectors Mittal, Engel, Hawthorne, Simon (2021), "Symbolic Music Generation with Diffusion Models", arXiv
2103.16091; flow matching as in `latentpalette.models.flow`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.models.flow import NUM_FREQUENCIES, time_frequencies

MAX_PLACES = 16  # of a sequence that the network sees at once
WIDTH, BLOCKS, HEADS = 256, 4, 4
_WIDER = 2  # hidden units of a block's second part, relative to its width


class SongBlock(nn.Module):
    """Self-attention between the places of a sequence, then two layers at each place by itself.

    Parameters
    ----------
    width : int
        A multiple of 4.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width, bias=False)
        self.attended = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.wider = nn.Linear(width, _WIDER * width)
        self.narrower = nn.Linear(_WIDER * width, width)

    def forward(self, hidden: Tensor, embedding: Tensor, is_there: Tensor) -> Tensor:
        """Return hidden units [n, places, width]; places that are not there [n, places] are not attended to."""
        n, places, width = hidden.shape
        heads = self.query_key_value(self.attention_norm(hidden)).view(n, places, 3, HEADS, width // HEADS)
        query, key, value = heads.permute(2, 0, 3, 1, 4)  # each [n, heads, places, units]
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=is_there[:, None, None])
        hidden = hidden + self.attended(seen.transpose(1, 2).reshape(n, places, width))
        wider = functional.silu(self.wider(self.norm(hidden) + embedding))
        narrowed: Tensor = hidden + self.narrower(wider)
        return narrowed


class SongField(nn.Module):
    """The velocity of each place's flow, which depends on all the places of the sequence.

    As `latentpalette.models.flow.VelocityField`, it corrects the velocity of a Gaussian's flow, which is known.

    Parameters
    ----------
    z_size : int
    width : int
        A multiple of 4.
    blocks : int

    Attributes
    ----------
    variance : Tensor [z]
        Of the latent vectors of music, standardized. It is stored beside the weights, and not trained.

    Examples
    --------
    >>> field = SongField(2, width=8, blocks=1).requires_grad_(False)
    >>> field(torch.zeros(3, 5, 2), torch.zeros(3, 5)).shape
    torch.Size([3, 5, 2])
    """

    variance: Tensor

    def __init__(self, z_size: int, *, width: int = WIDTH, blocks: int = BLOCKS) -> None:
        super().__init__()
        self.input = nn.Linear(z_size, width)
        self.time = nn.Linear(2 * NUM_FREQUENCIES, width)
        self.place = nn.Parameter(torch.zeros(MAX_PLACES, width))
        self.blocks = nn.ModuleList(SongBlock(width) for _ in range(blocks))
        self.output_norm = nn.LayerNorm(width)
        self.output = nn.Linear(width, z_size)
        nn.init.zeros_(self.output.weight)  # at first there is no correction
        nn.init.zeros_(self.output.bias)
        self.register_buffer("variance", torch.ones(z_size))

    def forward(self, z: Tensor, time: Tensor, is_there: Tensor | None = None) -> Tensor:
        """Return the velocity [n, places, z] of z [n, places, z] at times [n, places] from 0 to 1."""
        phase = time[..., None] * time_frequencies(z.device)
        embedding = self.time(torch.cat([phase.sin(), phase.cos()], -1))  # [n, places, width]
        column = time[..., None]
        spread = (column.square() * self.variance + (1 - column).square()).sqrt()
        hidden = self.input(z / spread) + embedding + self.place[: z.shape[1]]
        mask = torch.ones(z.shape[:2], dtype=torch.bool, device=z.device) if is_there is None else is_there
        for block in self.blocks:
            hidden = block(hidden, embedding, mask)
        correction = self.output(self.output_norm(hidden)) * self.variance.sqrt()
        velocity: Tensor = (column * self.variance - (1 - column)) / spread.square() * z + correction / spread
        return velocity
