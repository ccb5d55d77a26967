"""Core decoders: recurrent layers from the previous frame to the next one, and the conductor above them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from latentpalette.models.heads import Head
from latentpalette.models.rnn import (
    RNNLayer,
    State,
    UninitializedLinear,
    forward_from,
    forward_step,
    make_rnn,
    num_states,
)


class RNNStack(nn.Module):
    """Recurrent layers whose initial state is computed from an embedding.

    Parameters
    ----------
    embedding : int
        Width of the embedding.
    depth : int
        Width of each step's input.
    sizes : tuple of int
        Units of each layer.
    dropout : float
        Dropout probability on each layer's input.
    cell : str
        Kind of each layer: ``"lstm"`` or ``"gru"``.
    """

    layers: Sequence[RNNLayer]

    def __init__(
        self, embedding: int, depth: int, sizes: tuple[int, ...], *, dropout: float = 0.0, cell: str = "lstm"
    ) -> None:
        super().__init__()
        self.num_states = num_states(cell)
        self.initial = UninitializedLinear(embedding, self.num_states * sum(sizes))
        layers = [make_rnn(cell, inputs, units) for inputs, units in zip([depth, *sizes], sizes, strict=False)]
        self.layers = nn.ModuleList(layers)  # type: ignore[assignment] # mypy takes it for a list of any modules
        self.sizes = sizes
        self.dropout = dropout
        self.cell = cell

    def initial_states(self, embedding: Tensor) -> list[State]:
        """Compute each layer's state, (h, c) or (h,), of tensors [n, units], from embeddings [n, e]."""
        widths = [units for units in self.sizes for _ in range(self.num_states)]
        parts = torch.tanh(self.initial(embedding)).split(widths, -1)
        # Magenta's order is c before h.
        return [parts[k : k + self.num_states][::-1] for k in range(0, len(parts), self.num_states)]

    def forward(self, inputs: Tensor, states: list[State]) -> Tensor:
        """Return outputs of the top layer [n, t, units] for inputs [n, t, depth]."""
        for layer, state in zip(self.layers, states, strict=True):
            inputs = forward_from(layer, functional.dropout(inputs, self.dropout, self.training), state)
        return inputs

    def step(self, inputs: Tensor, states: list[State]) -> tuple[Tensor, list[State]]:
        """Run one step: from inputs [n, depth] to the top layer's output [n, units] and the new states."""
        new_states = []
        for layer, state in zip(self.layers, states, strict=True):
            new_states.append(forward_step(layer, functional.dropout(inputs, self.dropout, self.training), state))
            inputs = new_states[-1][0]
        return inputs, new_states


class Conductor(RNNStack):
    """Recurrent layers from z to one embedding per segment.

    z enters through the initial state alone: the input of every step is a single zero, as in Magenta.
    """

    def __init__(self, z_size: int, sizes: tuple[int, ...], segments: int, *, cell: str = "lstm") -> None:
        super().__init__(z_size, 1, sizes, cell=cell)
        self.segments = segments

    def embeddings(self, z: Tensor) -> Tensor:
        """Return embeddings [n, segments, units] for z [n, z]."""
        return self(z.new_zeros(len(z), self.segments, 1), self.initial_states(z))


class CoreDecoder(RNNStack):
    """Recurrent decoder: from the previous frame, the embedding and the controls to the parameters of the next frame.

    Parameters
    ----------
    head : Head
    embedding : int
        Width of z, or of the conductor's output.
    controls : int
        Width of the controls.
    sizes, dropout, cell
        See `RNNStack`.
    """

    def __init__(
        self,
        head: Head,
        embedding: int,
        controls: int,
        sizes: tuple[int, ...],
        *,
        dropout: float = 0.0,
        cell: str = "lstm",
    ) -> None:
        super().__init__(embedding, head.depth + embedding + controls, sizes, dropout=dropout, cell=cell)
        self.projection = UninitializedLinear(sizes[-1], head.num_params)
        self.head = head

    def teacher_forced(self, embeddings: Tensor, previous: Tensor, controls: Tensor | None) -> Tensor:
        """Return parameters [n, t, num_params] where the input of each step is the previous frame of the target.

        The frame before a segment is known, so all segments run at once: embeddings [n, segments, e], previous
        [n, t, depth], controls [n, t, c].
        """
        n, segments, width = embeddings.shape
        segment_steps = previous.shape[1] // segments
        embedding = embeddings.reshape(n * segments, width)
        inputs = [
            previous.reshape(n * segments, segment_steps, -1),
            embedding[:, None].expand(-1, segment_steps, -1),
        ]
        if controls is not None:
            inputs.append(controls.reshape(n * segments, segment_steps, -1))
        outputs = self(torch.cat(inputs, -1), self.initial_states(embedding))  # [n segments, segment_steps, units]
        return self.projection(outputs).reshape(n, segments * segment_steps, -1)

    def scheduled_sampling(
        self, embeddings: Tensor, previous: Tensor, use_own: Tensor, controls: Tensor | None, noise: Tensor
    ) -> Tensor:
        """Return parameters [n, t, num_params] where steps with `use_own` [n, t] get the decoder's own last frame.

        It is sampled at temperature 1 with uniform `noise` [n, t, num_uniforms]. The first step of a segment always
        gets the frame of the target, as in Magenta.
        """
        segment_steps = previous.shape[1] // embeddings.shape[1]
        params: list[Tensor] = []
        token = None
        for step in range(previous.shape[1]):
            segment, is_first = step // segment_steps, step % segment_steps == 0
            if is_first:
                states = self.initial_states(embeddings[:, segment])
            frame = previous[:, step]
            if token is not None and not is_first:
                frame = torch.where(use_own[:, step, None], self.head.to_frames(token).to(frame), frame)
            inputs = [frame, embeddings[:, segment]] + ([] if controls is None else [controls[:, step]])
            output, states = self.step(torch.cat(inputs, -1), states)
            params.append(self.projection(output))
            token = self.head.sample(params[-1], 1.0, noise[:, step])
        return torch.stack(params, 1)
