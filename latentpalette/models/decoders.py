"""From z to rows: a recurrent core, alone or one for each part, under a conductor or not.

A flat decoder is the case of one segment, whose embedding is z itself. With a conductor there are several segments,
each with its own embedding and a fresh state, and the last row of one segment is the first that the next one hears.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from latentpalette.models.config import ModelConfig
from latentpalette.models.fast_decoding.gru import GruPlan
from latentpalette.models.fast_decoding.lstm import Plan
from latentpalette.models.heads import Head, MultiOut, head
from latentpalette.models.rnn import Dense, Recurrent, State, advance, drop, recurrent, run, states_of

_PLANS = {"lstm": Plan, "gru": GruPlan}


class Stack(nn.Module):
    """Recurrent layers whose first state is drawn from an embedding.

    Parameters
    ----------
    embedding : int
        Width of what the states are made from.
    depth : int
        Width of each step's input.
    sizes : tuple of int
        Units of each layer.
    keep : float
        What dropout keeps of each layer's input.
    cell : str
        Kind of each layer: ``"lstm"`` or ``"gru"``.
    """

    layers: Sequence[Recurrent]

    def __init__(
        self, embedding: int, depth: int, sizes: tuple[int, ...], *, keep: float = 1.0, cell: str = "lstm"
    ) -> None:
        super().__init__()
        self.each = states_of(cell)
        self.initial = Dense(embedding, self.each * sum(sizes))
        layers = [recurrent(cell, each, units) for each, units in zip([depth, *sizes], sizes, strict=False)]
        self.layers = nn.ModuleList(layers)  # type: ignore[assignment] # to mypy, a list of any modules
        self.sizes = sizes
        self.keep = keep
        self.cell = cell

    def initial_states(self, embedding: Tensor) -> list[State]:
        """Each layer's state, (h, c) or (h,), each part [n, units], from embeddings [n, width]."""
        widths = [units for units in self.sizes for _ in range(self.each)]
        values = torch.tanh(self.initial(embedding)).split(widths, -1)
        # Magenta's order is c before h.
        return [values[k : k + self.each][::-1] for k in range(0, len(values), self.each)]

    def forward(self, inputs: Tensor, states: list[State]) -> Tensor:
        """Outputs of the top layer [n, t, units] for inputs [n, t, depth]."""
        for layer, state in zip(self.layers, states, strict=True):
            inputs = run(layer, drop(inputs, self.keep, self.training), state)
        return inputs

    def step(self, inputs: Tensor, states: list[State]) -> tuple[Tensor, list[State]]:
        """One step: inputs [n, depth] to the top layer's output [n, units], and the states after it."""
        after = []
        for layer, state in zip(self.layers, states, strict=True):
            after.append(advance(layer, drop(inputs, self.keep, self.training), state))
            inputs = after[-1][0]
        return inputs, after


class Conductor(Stack):
    """Layers that turn z into one embedding for each segment.

    They hear nothing but z, through their first state: the input of every step is a single zero.
    """

    def __init__(self, z_size: int, sizes: tuple[int, ...], segments: int, *, cell: str = "lstm") -> None:
        super().__init__(z_size, 1, sizes, cell=cell)
        self.segments = segments

    def embeddings(self, z: Tensor) -> Tensor:
        """Embeddings [n, segments, units] for z [n, z]."""
        return self(z.new_zeros(len(z), self.segments, 1), self.initial_states(z))


class Core(Stack):
    """The recurrent core: hears the previous row, the embedding and the controls, says the next row.

    Parameters
    ----------
    last : Head
        What a row is.
    embedding : int
        Width of what is heard at every step beside the previous row: z, or the conductor's output.
    controls : int
    sizes, keep, cell
        See `Stack`.
    """

    def __init__(
        self,
        last: Head,
        embedding: int,
        controls: int,
        sizes: tuple[int, ...],
        *,
        keep: float = 1.0,
        cell: str = "lstm",
    ) -> None:
        super().__init__(embedding, last.depth + embedding + controls, sizes, keep=keep, cell=cell)
        self.projection = Dense(sizes[-1], last.width)
        self.head = last

    def teacher_forced(self, embeddings: Tensor, previous: Tensor, controls: Tensor | None) -> Tensor:
        """Parameters [n, t, width] where each step hears the true previous row.

        Segments know the row before them, so all of them run at once: embeddings [n, segments, e], previous
        [n, t, depth], controls [n, t, c].
        """
        n, segments, width = embeddings.shape
        span = previous.shape[1] // segments
        embedding = embeddings.reshape(n * segments, width)
        parts = [previous.reshape(n * segments, span, -1), embedding[:, None].expand(-1, span, -1)]
        if controls is not None:
            parts.append(controls.reshape(n * segments, span, -1))
        outputs = self(torch.cat(parts, -1), self.initial_states(embedding))  # [n segments, span, units]
        return self.projection(outputs).reshape(n, segments * span, -1)

    def scheduled(
        self, embeddings: Tensor, previous: Tensor, own: Tensor, controls: Tensor | None, noise: Tensor
    ) -> Tensor:
        """Parameters [n, t, width] where a step hears the core's own last row wherever `own` [n, t] is true.

        The own row is drawn at temperature 1 with uniform `noise` [n, t, draws]. The first step of a segment always
        hears the true row, as in Magenta.
        """
        segments = embeddings.shape[1]
        span = previous.shape[1] // segments
        said: list[Tensor] = []
        token = None
        for step in range(previous.shape[1]):
            segment, first = step // span, step % span == 0
            if first:
                states = self.initial_states(embeddings[:, segment])
            row = previous[:, step]
            if token is not None and not first:
                row = torch.where(own[:, step, None], self.head.rows(token).to(row), row)
            heard = [row, embeddings[:, segment]] + ([] if controls is None else [controls[:, step]])
            output, states = self.step(torch.cat(heard, -1), states)
            said.append(self.projection(output))
            token = self.head.choose(said[-1], 1.0, noise[:, step])
        return torch.stack(said, 1)


class Decoder(nn.Module):
    """The whole way from z to rows.

    Parameters
    ----------
    config : ModelConfig

    Attributes
    ----------
    conductor : Conductor or None
    cores : list of Core
        One, or one for each part of a row; parts hear nothing of one another.
    head : Head
        Of a whole row.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, dec_rnn_size=(8, 8))
    >>> Decoder(tiny).teacher_forced(torch.zeros(2, 4), torch.zeros(2, 32, 512)).shape
    torch.Size([2, 32, 512])
    """

    cores: Sequence[Core]

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        sizes, cell = config.dec_rnn_size, config.cell
        self.segments, self.span = config.segments
        self.conductor = Conductor(config.z_size, sizes, self.segments, cell=cell) if config.decoder_levels else None
        embedding = sizes[-1] if config.decoder_levels else config.z_size
        heads = [head(config, part) for part in config.parts] if config.split else [head(config)]
        keep, controls = config.keep, config.control_depth
        cores = [Core(each, embedding, controls, sizes, keep=keep, cell=cell) for each in heads]
        self.cores = nn.ModuleList(cores)  # type: ignore[assignment] # to mypy, a list of any modules
        self.depths = [each.depth for each in heads]
        self._whole = MultiOut(config.parts) if config.split else None
        self._plans: dict[tuple[torch.dtype, bool], tuple[object, list[Plan]]] = {}

    @property
    def head(self) -> Head:
        """The head of a whole row."""
        return self._whole or self.cores[0].head

    def narrow(self) -> tuple[nn.Linear, ...]:
        """The layers that start at almost nothing: those that make states from embeddings."""
        stacks = [self.conductor, *self.cores] if self.conductor else list(self.cores)
        return tuple(stack.initial for stack in stacks)

    def embeddings(self, z: Tensor) -> Tensor:
        """What the cores hear at every step of each segment [n, segments, e]."""
        return z[:, None] if self.conductor is None else self.conductor.embeddings(z)

    def teacher_forced(self, z: Tensor, previous: Tensor, controls: Tensor | None = None) -> Tensor:
        """The head's parameters [n, t, width] where each step hears the true previous row.

        z [n, z]; previous [n, t, depth] is the target one step late, zeros first; controls [n, t, c].
        """
        embeddings = self.embeddings(z)
        pairs = zip(self.cores, previous.split(self.depths, -1), strict=True)
        return torch.cat([core.teacher_forced(embeddings, rows, controls) for core, rows in pairs], -1)

    def scheduled(
        self, z: Tensor, previous: Tensor, own: Tensor, controls: Tensor | None = None, *, noise: Tensor
    ) -> Tensor:
        """As `teacher_forced`, but a step hears the decoder's own last row wherever `own` [n, t] is true.

        noise : uniform [n, t, head.draws]
        """
        embeddings = self.embeddings(z)
        parts = zip(
            self.cores,
            previous.split(self.depths, -1),
            noise.split([core.head.draws for core in self.cores], -1),
            strict=True,
        )
        return torch.cat([core.scheduled(embeddings, rows, own, controls, draws) for core, rows, draws in parts], -1)

    @torch.no_grad()
    def tokens(
        self,
        z: Tensor,
        *,
        temperature: float | None = None,
        controls: Tensor | None = None,
        noise: Tensor | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> list[Tensor]:
        """Decode z [n, z], as fast as it goes: for each core its tokens [n, t, ...].

        controls [n, t, c]; noise uniform [n, t, head.draws] where a temperature is given; `dtype` of the products.
        """
        embeddings = self.embeddings(z)  # [n, segments, e]
        alone = len(z) == 1 and z.is_cpu and dtype == torch.float32
        draws = [None] * len(self.cores) if noise is None else noise.split([c.head.draws for c in self.cores], -1)
        return [
            plan.unroll(embeddings, self.span, temperature=temperature, controls=controls, noise=draw)
            for plan, draw in zip(self._planned(dtype, alone), draws, strict=True)
        ]

    def rows(self, tokens: list[Tensor]) -> Tensor:
        """Tokens of each core, written out as rows [n, t, depth]."""
        return torch.cat([core.head.rows(each) for core, each in zip(self.cores, tokens, strict=True)], -1)

    def train(self, mode: bool = True) -> Decoder:
        """See `torch.nn.Module.train`; what was laid out for decoding is forgotten."""
        self._plans.clear()
        return super().train(mode)

    def _planned(self, dtype: torch.dtype, alone: bool) -> list[Plan]:
        """The plans of the cores, kept until a weight changes: in place (its version) or for another (its address)."""
        state = tuple(
            (None if each.is_inference() else each._version, each.data_ptr())
            for core in self.cores
            for each in core.parameters()
        )
        kept = self._plans.get((dtype, alone))
        if kept is None or kept[0] != state:
            kept = (state, [_PLANS[core.cell](core, dtype, alone=alone) for core in self.cores])
            self._plans[dtype, alone] = kept
        return kept[1]
