"""Encoders: bidirectional recurrent layers from frames to one embedding, flat or hierarchical."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from latentpalette.errors import ModelError
from latentpalette.models.config import ModelConfig
from latentpalette.models.rnn import RNNLayer, make_rnn


def build_encoder(config: ModelConfig) -> BidirectionalEncoder | HierarchicalEncoder:
    """Return the encoder of a configuration."""
    depth = config.input_depth + config.control_depth
    sizes, dropout, cell = config.enc_rnn_size, config.dropout, config.cell
    if config.encoder_levels:
        return HierarchicalEncoder(depth, sizes, config.encoder_levels, dropout=dropout, cell=cell)
    return BidirectionalEncoder(depth, sizes, dropout=dropout, cell=cell)


class BidirectionalEncoder(nn.Module):
    """Bidirectional layers; the embedding is the final forward and backward output of the last layer.

    Parameters
    ----------
    depth : int
        Width of the input: a frame and its controls.
    sizes : tuple of int
        Units of each layer, for each direction.
    dropout : float
        Dropout probability on each layer's input.
    cell : str
        Kind of each layer: ``"lstm"`` or ``"gru"``.

    Examples
    --------
    >>> encoder = BidirectionalEncoder(10, (16,))
    >>> encoder(torch.zeros(3, 32, 10)).shape
    torch.Size([3, 32])
    """

    layers: Sequence[RNNLayer]

    def __init__(self, depth: int, sizes: tuple[int, ...], *, dropout: float = 0.0, cell: str = "lstm") -> None:
        super().__init__()
        depths = [depth, *(2 * units for units in sizes)]
        pairs = zip(depths, sizes, strict=False)
        layers = [make_rnn(cell, inputs, units, bidirectional=True) for inputs, units in pairs]
        self.layers = nn.ModuleList(layers)  # type: ignore[assignment] # mypy takes it for a list of any modules
        self.dropout = dropout
        self.output_size = depths[-1]

    def forward(self, frames: Tensor, lengths: Tensor | None = None, controls: Tensor | None = None) -> Tensor:
        """Embed frames [n, t, depth] with lengths [n] and controls [n, t, c] as [n, 2 units].

        Frames beyond a length are not read; a length of 0 gives zeros.
        """
        inputs = frames if controls is None else torch.cat([frames, controls], -1)  # [n, t, depth]
        if lengths is None or bool((lengths == frames.shape[1]).all()):
            return self._embed(inputs)
        # Packing refuses a length of 0: encode one frame there, and mask it out.
        final = self._embed_packed(inputs, lengths.clamp(min=1).cpu())
        return final * (lengths > 0).to(final)[:, None]

    def _embed(self, inputs: Tensor) -> Tensor:
        final = inputs
        for layer in self.layers:
            inputs, state = layer(functional.dropout(inputs, self.dropout, self.training))  # [n, t, 2 units]
            final = _hidden_of(state)  # [2, n, units]
        return torch.cat([final[0], final[1]], -1)

    def _embed_packed(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        final = inputs
        for layer in self.layers:
            inputs = functional.dropout(inputs, self.dropout, self.training)
            packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
            packed, state = layer(packed)
            final = _hidden_of(state)
            inputs, _ = pad_packed_sequence(packed, batch_first=True, total_length=inputs.shape[1])
        return torch.cat([final[0], final[1]], -1)


class HierarchicalEncoder(nn.Module):
    """Encoder of segments, then of the sequence of their embeddings, level by level.

    Parameters
    ----------
    depth : int
    sizes : tuple of int
        Units of each layer of every level's encoder.
    levels : tuple of int
        Segment lengths, the lowest level first: ``(16, 16)`` encodes 16 segments of 16 steps.
    dropout, cell
        See `BidirectionalEncoder`.

    Examples
    --------
    >>> encoder = HierarchicalEncoder(10, (16,), (4, 8))
    >>> encoder(torch.zeros(3, 32, 10)).shape
    torch.Size([3, 32])
    """

    levels: Sequence[BidirectionalEncoder]

    def __init__(
        self, depth: int, sizes: tuple[int, ...], levels: tuple[int, ...], *, dropout: float = 0.0, cell: str = "lstm"
    ) -> None:
        super().__init__()
        self.segment_steps = levels
        depths = [depth, *(2 * sizes[-1] for _ in levels[1:])]
        encoders = [BidirectionalEncoder(inputs, sizes, dropout=dropout, cell=cell) for inputs in depths]
        self.levels = nn.ModuleList(encoders)  # type: ignore[assignment] # mypy takes it for a list of any modules
        self.output_size = 2 * sizes[-1]

    def forward(self, frames: Tensor, lengths: Tensor | None = None, controls: Tensor | None = None) -> Tensor:
        """Embed frames [n, t, depth]; lengths are [n, segments], or [n] of 0 or t each."""
        inputs = frames if controls is None else torch.cat([frames, controls], -1)
        if lengths is not None:
            lengths = segment_lengths(lengths, prod(self.segment_steps[1:]), frames.shape[1]).flatten()
        for level, (steps, encoder) in enumerate(zip(self.segment_steps, self.levels, strict=True)):
            n, t, depth = inputs.shape
            segments = inputs.reshape(n * (t // steps), steps, depth)
            # Only the lowest level has lengths: a silent segment's embedding is encoded like any other.
            inputs = encoder(segments, lengths if level == 0 else None).reshape(n, t // steps, -1)
        return inputs[:, 0]


def _hidden_of(state: Tensor | tuple[Tensor, Tensor]) -> Tensor:
    """Return h of a layer's final state: (h, c) of an LSTM, h of a GRU."""
    return state[0] if isinstance(state, tuple) else state


def segment_lengths(lengths: Tensor, segments: int, steps: int) -> Tensor:
    """Return lengths [n, segments]; those [n] of whole sequences are divided evenly.

    Raises
    ------
    ModelError
        If a whole sequence's length is neither 0 nor all steps.

    Examples
    --------
    >>> segment_lengths(torch.tensor([0, 32]), 2, 32).tolist()
    [[0, 0], [16, 16]]
    """
    if lengths.ndim == 2:
        if lengths.shape[1] != segments:
            raise ModelError(f"There are {segments} segments, but lengths for {lengths.shape[1]}.")
        return lengths
    if bool(((lengths != 0) & (lengths != steps)).any()):
        raise ModelError(
            f"A model of {segments} segments takes lengths [n, {segments}], or [n] that are 0 or {steps}; "
            f"got {lengths.tolist()}."
        )
    return (lengths // segments)[:, None].expand(-1, segments)
