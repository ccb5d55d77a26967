"""From rows to one embedding: layers that read both ways, flat or in levels."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from latentpalette.errors import ModelError
from latentpalette.models.config import ModelConfig
from latentpalette.models.rnn import Recurrent, drop, recurrent


def encoder(config: ModelConfig) -> BidirectionalEncoder | HierarchicalEncoder:
    """The encoder that a configuration asks for."""
    depth = config.input_depth + config.control_depth
    sizes, keep, cell = config.enc_rnn_size, config.keep, config.cell
    if config.encoder_levels:
        return HierarchicalEncoder(depth, sizes, config.encoder_levels, keep=keep, cell=cell)
    return BidirectionalEncoder(depth, sizes, keep=keep, cell=cell)


class BidirectionalEncoder(nn.Module):
    """Layers that read forwards and backwards; the embedding is the last layer's two final outputs.

    Parameters
    ----------
    depth : int
        Width of what is read: a row and its controls.
    sizes : tuple of int
        Units of each layer, for each direction.
    keep : float
        What dropout keeps of each layer's input.
    cell : str
        Kind of each layer: ``"lstm"`` or ``"gru"``.

    Examples
    --------
    >>> reader = BidirectionalEncoder(10, (16,))
    >>> reader(torch.zeros(3, 32, 10)).shape
    torch.Size([3, 32])
    """

    layers: Sequence[Recurrent]

    def __init__(self, depth: int, sizes: tuple[int, ...], *, keep: float = 1.0, cell: str = "lstm") -> None:
        super().__init__()
        depths = [depth, *(2 * units for units in sizes)]
        pairs = zip(depths, sizes, strict=False)
        layers = [recurrent(cell, each, units, bidirectional=True) for each, units in pairs]
        self.layers = nn.ModuleList(layers)  # type: ignore[assignment] # to mypy, a list of any modules
        self.keep = keep
        self.width = depths[-1]

    def forward(self, rows: Tensor, lengths: Tensor | None = None, controls: Tensor | None = None) -> Tensor:
        """Embed rows [n, t, depth] with lengths [n] and controls [n, t, c] as [n, 2 units].

        Rows past a length are never read; a length of 0 gives zeros.
        """
        inputs = rows if controls is None else torch.cat([rows, controls], -1)  # [n, t, depth]
        if lengths is None or bool((lengths == rows.shape[1]).all()):
            return self._embed(inputs)
        # Packing refuses a length of 0: read one row there, and forget it.
        some = lengths.clamp(min=1).cpu()
        final = self._embed_packed(inputs, some)
        return final * (lengths > 0).to(final)[:, None]

    def _embed(self, inputs: Tensor) -> Tensor:
        final = inputs
        for layer in self.layers:
            inputs, state = layer(drop(inputs, self.keep, self.training))  # [n, t, 2 units]
            final = _outputs_of(state)  # [2, n, units]
        return torch.cat([final[0], final[1]], -1)

    def _embed_packed(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        final = inputs
        for layer in self.layers:
            kept = drop(inputs, self.keep, self.training)
            packed = pack_padded_sequence(kept, lengths, batch_first=True, enforce_sorted=False)
            packed, state = layer(packed)
            final = _outputs_of(state)
            inputs, _ = pad_packed_sequence(packed, batch_first=True, total_length=inputs.shape[1])
        return torch.cat([final[0], final[1]], -1)


class HierarchicalEncoder(nn.Module):
    """Segments first, then the sequence of their embeddings, level by level.

    Parameters
    ----------
    depth : int
    sizes : tuple of int
        Units of each layer of every level's encoder.
    levels : tuple of int
        Segment lengths, the lowest level first: ``(16, 16)`` reads 16 segments of 16 steps.
    keep, cell
        See `BidirectionalEncoder`.

    Examples
    --------
    >>> reader = HierarchicalEncoder(10, (16,), (4, 8))
    >>> reader(torch.zeros(3, 32, 10)).shape
    torch.Size([3, 32])
    """

    levels: Sequence[BidirectionalEncoder]

    def __init__(
        self, depth: int, sizes: tuple[int, ...], levels: tuple[int, ...], *, keep: float = 1.0, cell: str = "lstm"
    ) -> None:
        super().__init__()
        self.spans = levels
        depths = [depth, *(2 * sizes[-1] for _ in levels[1:])]
        readers = [BidirectionalEncoder(each, sizes, keep=keep, cell=cell) for each in depths]
        self.levels = nn.ModuleList(readers)  # type: ignore[assignment] # to mypy, a list of any modules
        self.width = 2 * sizes[-1]

    def forward(self, rows: Tensor, lengths: Tensor | None = None, controls: Tensor | None = None) -> Tensor:
        """Embed rows [n, t, depth]; lengths are [n, segments], or [n] of 0 or t each."""
        inputs = rows if controls is None else torch.cat([rows, controls], -1)
        spread = None if lengths is None else segment_lengths(lengths, prod(self.spans[1:]), rows.shape[1]).flatten()
        for level, (span, reader) in enumerate(zip(self.spans, self.levels, strict=True)):
            n, steps, depth = inputs.shape
            segments = inputs.reshape(n * (steps // span), span, depth)
            # Only the lowest level has lengths: a silent segment's embedding is read like any other.
            inputs = reader(segments, spread if level == 0 else None).reshape(n, steps // span, -1)
        return inputs[:, 0]


def _outputs_of(state: Tensor | tuple[Tensor, Tensor]) -> Tensor:
    """What a layer's last state says of its outputs: h, which an LSTM has beside c and a GRU alone."""
    return state[0] if isinstance(state, tuple) else state


def segment_lengths(lengths: Tensor, segments: int, steps: int) -> Tensor:
    """Lengths as [n, segments]: as they are, or those of [n] whole sequences shared out evenly.

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
