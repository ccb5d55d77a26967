"""Decoder from z to frames: one core decoder, or one for each stream, with or without a conductor.

A flat decoder is the case of one segment, whose embedding is z itself. With a conductor there are several segments,
each with its own embedding and initial state; the last frame of a segment is the first input of the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from latentpalette.models.config import ModelConfig
from latentpalette.models.core_decoders import Conductor, CoreDecoder
from latentpalette.models.fast_decoding.gru import GRUFastDecoder
from latentpalette.models.fast_decoding.loop import FastDecoder
from latentpalette.models.fast_decoding.lstm import LSTMFastDecoder
from latentpalette.models.fast_decoding.single_sequence import SingleSequenceLSTMFastDecoder
from latentpalette.models.heads import Head, MultiOut, build_head
from latentpalette.models.workers import run_in_chunks, torch_threads
from latentpalette.progress.parts import Task, finish

# By kind of cell, and whether a single sequence is decoded on the CPU in float32.
_FAST_DECODERS: dict[tuple[str, bool], type[FastDecoder]] = {
    ("lstm", False): LSTMFastDecoder,
    ("lstm", True): SingleSequenceLSTMFastDecoder,
    ("gru", False): GRUFastDecoder,
    ("gru", True): GRUFastDecoder,
}


_MIN_CHUNK = 17  # sequences; with fewer, starting the many small operations of a step takes longer than computing them
_MIN_CHUNK_LARGE = 8  # where the matrices are large
_LARGE = 4_000_000  # numbers in a step's matrices


class Decoder(nn.Module):
    """Decoder from z to frames.

    Parameters
    ----------
    config : ModelConfig

    Attributes
    ----------
    conductor : Conductor or None
    cores : list of CoreDecoder
        One, or one for each stream; streams are independent given z.
    head : Head
        Of a whole frame.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> tiny = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, dec_rnn_size=(8, 8))
    >>> Decoder(tiny).teacher_forced(torch.zeros(2, 4), torch.zeros(2, 32, 512)).shape
    torch.Size([2, 32, 512])
    """

    cores: Sequence[CoreDecoder]

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        sizes, cell = config.dec_rnn_size, config.cell
        self.segments, self.segment_steps = config.segments
        self.conductor = Conductor(config.z_size, sizes, self.segments, cell=cell) if config.decoder_levels else None
        embedding = sizes[-1] if config.decoder_levels else config.z_size
        depths = config.output_depths if config.separate_decoders else (None,)
        heads = [build_head(config, depth) for depth in depths]
        cores = [
            CoreDecoder(head, embedding, config.control_depth, sizes, dropout=config.dropout, cell=cell)
            for head in heads
        ]
        self.cores = nn.ModuleList(cores)  # type: ignore[assignment] # mypy takes it for a list of any modules
        self.depths = [head.depth for head in heads]
        self._combined_head = MultiOut(config.output_depths) if config.separate_decoders else None
        self._fast_decoders: dict[tuple[torch.dtype, bool], tuple[object, list[FastDecoder]]] = {}

    @property
    def head(self) -> Head:
        """The head of a whole frame."""
        return self._combined_head or self.cores[0].head

    def small_init_layers(self) -> tuple[nn.Linear, ...]:
        """Return the layers whose initial weights are small: those from embeddings to states."""
        stacks = [self.conductor, *self.cores] if self.conductor else list(self.cores)
        return tuple(stack.initial for stack in stacks)

    def embeddings(self, z: Tensor) -> Tensor:
        """Return the embedding of each segment [n, segments, e], an input of every step in it."""
        return z[:, None] if self.conductor is None else self.conductor.embeddings(z)

    def teacher_forced(self, z: Tensor, previous: Tensor, controls: Tensor | None = None) -> Tensor:
        """Return the head's parameters [n, t, num_params] where the input of each step is the target's previous frame.

        z [n, z]; previous [n, t, depth] is the target one step late, zeros first; controls [n, t, c].
        """
        embeddings = self.embeddings(z)
        pairs = zip(self.cores, previous.split(self.depths, -1), strict=True)
        return torch.cat([core.teacher_forced(embeddings, frames, controls) for core, frames in pairs], -1)

    def scheduled_sampling(
        self, z: Tensor, previous: Tensor, use_own: Tensor, controls: Tensor | None = None, *, noise: Tensor
    ) -> Tensor:
        """Return parameters as `teacher_forced`, but steps with `use_own` [n, t] get the decoder's own last frame.

        noise : uniform [n, t, num_uniforms]
        """
        embeddings = self.embeddings(z)
        streams = zip(
            self.cores,
            previous.split(self.depths, -1),
            noise.split([core.head.num_uniforms for core in self.cores], -1),
            strict=True,
        )
        return torch.cat(
            [
                core.scheduled_sampling(embeddings, frames, use_own, controls, uniforms)
                for core, frames, uniforms in streams
            ],
            -1,
        )

    @torch_threads(1)
    @torch.no_grad()
    def decode(
        self,
        z: Tensor,
        *,
        temperature: float | None = None,
        controls: Tensor | None = None,
        noise: Tensor | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> list[Tensor]:
        """Decode z [n, z] autoregressively to the tokens [n, t, ...] of each core.

        controls [n, t, c]; noise uniform [n, t, num_uniforms], needed with a temperature; `dtype` of the products.
        On the CPU, chunks of the sequences are decoded in parallel.
        """
        decoders = self._decoders_for(z, dtype)  # packed here, before threads share them
        size = sum(matrix.numel() for decoder in decoders for matrix in decoder.matrices)
        min_rows = _MIN_CHUNK_LARGE if size >= _LARGE else _MIN_CHUNK
        decode = partial(self._decode_chunk, decoders, temperature)
        return run_in_chunks(decode, z, controls, noise, min_rows=min_rows)

    def decode_in_parts(
        self,
        z: Tensor,
        *,
        temperature: float | None = None,
        controls: Tensor | None = None,
        noise: Tensor | None = None,
    ) -> Task[list[Tensor]]:
        """Decode as `decode` does, in the calling thread: a few steps of all sequences at a time."""
        return (yield from self._chunk_in_parts(self._decoders_for(z, torch.float32), temperature, z, controls, noise))

    @torch_threads(1)
    def to_frames(self, tokens: list[Tensor]) -> Tensor:
        """Return the tokens of each core as frames [n, t, depth]."""
        return torch.cat([core.head.to_frames(part) for core, part in zip(self.cores, tokens, strict=True)], -1)

    def _decode_chunk(
        self,
        decoders: list[FastDecoder],
        temperature: float | None,
        z: Tensor,
        controls: Tensor | None,
        noise: Tensor | None,
    ) -> list[Tensor]:
        """Decode z [n, z] with the packed weights of each core."""
        return finish(self._chunk_in_parts(decoders, temperature, z, controls, noise))

    def _chunk_in_parts(
        self,
        decoders: list[FastDecoder],
        temperature: float | None,
        z: Tensor,
        controls: Tensor | None,
        noise: Tensor | None,
    ) -> Task[list[Tensor]]:
        embeddings = self.embeddings(z)  # [n, segments, e]
        counts = [core.head.num_uniforms for core in self.cores]
        uniforms = [None] * len(self.cores) if noise is None else noise.split(counts, -1)
        tokens = []
        for decoder, uniform in zip(decoders, uniforms, strict=True):
            tokens.append(
                (yield from decoder.decode_in_parts(embeddings, self.segment_steps, temperature, controls, uniform))
            )
        return tokens

    def train(self, mode: bool = True) -> Decoder:
        """Set the training mode, as `torch.nn.Module.train`, and drop the packed weights of fast decoding."""
        self._fast_decoders.clear()
        return super().train(mode)

    def _decoders_for(self, z: Tensor, dtype: torch.dtype) -> list[FastDecoder]:
        """Return the fast decoders of the cores for so many sequences on such a device."""
        return self._cached_decoders(dtype, len(z) == 1 and z.is_cpu and dtype == torch.float32)

    def _cached_decoders(self, dtype: torch.dtype, single: bool) -> list[FastDecoder]:
        """Return the fast decoders of the cores; packed again when a weight has another version or address."""
        weights = weight_versions(parameter for core in self.cores for parameter in core.parameters())
        cached = self._fast_decoders.get((dtype, single))
        if cached is None or cached[0] != weights:
            cached = (weights, [_FAST_DECODERS[core.cell, single](core, dtype) for core in self.cores])
            self._fast_decoders[dtype, single] = cached
        return cached[1]


def weight_versions(parameters: Iterable[nn.Parameter]) -> tuple[object, ...]:
    """Return what differs once a parameter has changed in place, or was replaced."""
    return tuple(
        (None if parameter.is_inference() else parameter._version, parameter.data_ptr()) for parameter in parameters
    )
