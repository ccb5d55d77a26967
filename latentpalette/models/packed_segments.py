"""Training on segments of tokens that end early: the posterior and the loss, computed on the tokens in use alone.

What comes out is what `Network.posterior_torch` and `Network.teacher_forced` compute on one-hot frames.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from latentpalette.models.encoders import BidirectionalEncoder, HierarchicalEncoder
from latentpalette.models.network import Network
from latentpalette.models.packed_lstm import Layout, input_gates, run_packed
from latentpalette.models.rnn import LSTMLayer


def can_pack(network: Network) -> bool:
    """Return whether a network can be trained on packed segments: one layer of LSTM cells at each level, no dropout.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> med = MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med"]
    >>> small = med.replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8,))
    >>> can_pack(Network(small)), can_pack(Network(small.replace(dec_rnn_size=(8, 8))))
    (True, False)
    """
    config = network.config
    return (
        config.cell == "lstm"
        and len(config.enc_rnn_size) == len(config.dec_rnn_size) == 1
        and len(config.encoder_levels) == len(config.decoder_levels) == 2
        and config.head == "categorical"
        and not config.dropout
    )


def packed_posterior(
    network: Network, tokens: Tensor, lengths: Tensor, triads: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Encode tokens [n, segments, t] of some lengths [n, segments] to mu and sigma [n, z]; triads lie like tokens."""
    encoder = network.encoder
    assert isinstance(encoder, HierarchicalEncoder)
    n, segments, _ = tokens.shape
    layout = Layout.of(lengths.flatten())
    (layer,) = encoder.levels[0].layers
    assert isinstance(layer, LSTMLayer)
    flat = tokens.flatten(0, 1)
    flat_triads = None if triads is None else triads.flatten(0, 1)
    ends = [
        _last_outputs(layer, layout, flat, flat_triads, depth=network.config.input_depth, reverse=reverse)
        for reverse in (False, True)
    ]
    embedded = torch.cat(ends, -1)  # [n segments, 2 units], as they are laid out
    embedding = torch.empty_like(embedded).index_copy(0, layout.order, embedded).reshape(n, segments, -1)
    upper: BidirectionalEncoder = encoder.levels[1]
    final = upper(embedding)
    return network.mu(final), functional.softplus(network.sigma(final))


def _last_outputs(
    layer: LSTMLayer, layout: Layout, tokens: Tensor, triads: Tensor | None, *, depth: int, reverse: bool
) -> Tensor:
    """Return the last outputs [s, units] of one direction of an encoder's layer."""
    select = layout.select_reversed if reverse else layout.select
    gates = input_gates(layer, select(tokens), depth, reverse=reverse)
    suffix = "_l0_reverse" if reverse else "_l0"
    if triads is not None:
        rows = getattr(layer, f"weight_ih{suffix}")[:, depth:].t()
        gates = gates + functional.embedding(select(triads), rows)
    zeros = gates.new_zeros(len(layout.order), layer.hidden_size)
    return run_packed(gates, getattr(layer, f"weight_hh{suffix}"), (zeros, zeros), layout.counts)[1]


def packed_losses(
    network: Network,
    z: Tensor,
    tokens: Tensor,
    lengths: Tensor,
    triads: Tensor | None = None,
    *,
    is_dropped: Tensor | None = None,
) -> Tensor:
    """Return the reconstruction loss [n, nats] of tokens under teacher forcing.

    Parameters
    ----------
    network : Network
    z : Tensor [n, z]
    tokens : int64 tensor [n, segments, t]
        The end token where a segment has ended.
    lengths : int64 tensor [n, segments]
        The number of tokens of each that the loss is summed over.
    triads : int64 tensor, optional
        Like the tokens.
    is_dropped : bool tensor [n, segments, t], optional
        Where the decoder does not get the previous token.
    """
    n, segments, steps = tokens.shape
    (core,) = network.decoder.cores
    (layer,) = core.layers
    assert isinstance(layer, LSTMLayer)
    weight_ih, weight_hh, *_ = layer.all_weights[0]
    depth = network.config.output_depth
    layout = Layout.of(lengths.flatten())
    previous = functional.pad(tokens.flatten(1), (1, 0), value=-1)[:, :-1].reshape(n * segments, steps)
    if is_dropped is not None:
        previous = torch.where(is_dropped.flatten(0, 1), -1, previous)
    embeddings = network.decoder.embeddings(z).flatten(0, 1)[layout.order]  # [n segments, e]
    width = embeddings.shape[-1]
    of_embedding = functional.linear(embeddings, weight_ih[:, depth : depth + width])
    gates = input_gates(layer, layout.select(previous), depth) + of_embedding.float()[layout.sequence]
    if triads is not None:
        rows = weight_ih[:, depth + width :].t()
        gates = gates + functional.embedding(layout.select(triads.flatten(0, 1)), rows)
    h, c = core.initial_states(embeddings)[0]
    outputs, _ = run_packed(gates, weight_hh, (h, c), layout.counts)
    targets = layout.select(tokens.flatten(0, 1))
    losses = functional.cross_entropy(core.projection(outputs).float(), targets, reduction="none")  # [total]
    window = layout.order[layout.sequence] // segments
    return losses.new_zeros(n).index_add(0, window, losses)
