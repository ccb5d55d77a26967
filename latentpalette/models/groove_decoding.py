"""Decode performances of drums window by window, with values that are given where the model does not decide."""

from __future__ import annotations

import numpy as np
import torch

from latentpalette.converters.base import Frames
from latentpalette.converters.groove import TAP_CLASS, GrooveConverter
from latentpalette.models.checks import check_controls, check_temperature, eval_mode
from latentpalette.models.heads import Groove
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.rng import make_rng
from latentpalette.music.drums import DRUM_NAMES

NUM_DRUMS = len(DRUM_NAMES)
# Columns of a frame [27]: hits, velocities, offsets. Expression is velocities and offsets.
HIT_COLUMNS = slice(0, NUM_DRUMS)
EXPRESSION_COLUMNS = slice(NUM_DRUMS, None)
OFFSET_COLUMNS = slice(2 * NUM_DRUMS, None)


def decode_groove(
    model: MusicVAE,
    converter: GrooveConverter,
    performance: Frames,
    written: Frames,
    *,
    given: Frames | None = None,
    spread: float = 0.0,
    temperature: float | None = None,
    seed: int | None = None,
) -> Frames:
    """Encode a performance and decode it again, window by window: frames [t, 27].

    Parameters
    ----------
    performance : ndarray [shape=(t, 27)]
        What the encoder reads.
    written : ndarray [shape=(t, 27)]
        Its hits condition the decoder of a model with hits as controls.
    given : ndarray [shape=(t, 27)], optional
        Values that the result must have; NaN where the model decides. See `decode_given`.
    spread : float >= 0
        Deviations of the posterior by which z is drawn away from its mean, in one direction for all windows.
    """
    if not len(performance):
        return performance
    encoder_windows, decoder_windows = (_to_windows(frames, converter.steps) for frames in (performance, written))
    encoder_controls = encoder_windows[..., HIT_COLUMNS] if converter.hits_as_controls else None
    decoder_controls = decoder_windows[..., HIT_COLUMNS] if converter.hits_as_controls else None
    encoder_inputs = np.stack([converter.encoder_view(window) for window in encoder_windows])
    posterior = model.posterior_arrays(encoder_inputs, controls=encoder_controls)
    mu = posterior.mu
    if spread:
        mu = mu + spread * posterior.sigma * make_rng(seed, "z").standard_normal(mu.shape[1], dtype=np.float32)
    if given is None:
        decoded = model.decode_arrays(mu, temperature=temperature, seed=seed, controls=decoder_controls)
    else:
        given = _to_windows(given, converter.steps)
        decoded = decode_given(model, mu, given, controls=decoder_controls, temperature=temperature, seed=seed)
    return decoded.reshape(-1, converter.output_depth)[: len(performance)]


@torch.no_grad()
def decode_given(
    model: MusicVAE,
    z: Frames,
    given: Frames,
    *,
    controls: Frames | None = None,
    temperature: float | None = None,
    seed: int | None = None,
) -> Frames:
    """Decode z [n, z] to frames [n, t, 27] that have the values `given` [n, t, 27]; NaN is for the model to decide.

    The input of each step is the frame before it as it was decided, as in training. Hits that are given have the
    expression that the model predicts given a hit (`latentpalette.models.heads.Groove.expression_given_hit`).
    """
    n, steps, _ = given.shape
    device, decoder = model.device, model.decoder
    (core,) = decoder.cores
    head = core.head
    assert isinstance(head, Groove)  # callers have a groove converter
    fixed_frames = torch.from_numpy(given).to(device)
    conditions = check_controls(controls, n, steps, model.config.control_depth, device)
    temperature = check_temperature(temperature)
    noise = torch.from_numpy(make_rng(seed, "frames").random((n, steps, NUM_DRUMS), dtype=np.float32)).to(device)
    frames = []
    with eval_mode(model):
        embeddings = decoder.embeddings(torch.from_numpy(z).to(device))  # [n, segments, e]
        frame = fixed_frames.new_zeros(n, head.depth)
        for step in range(steps):
            segment, step_in_segment = divmod(step, decoder.segment_steps)
            if step_in_segment == 0:
                states = core.initial_states(embeddings[:, segment])
            inputs = [frame, embeddings[:, segment]] + ([] if conditions is None else [conditions[:, step]])
            output, states = core.step(torch.cat(inputs, 1), states)
            params = core.projection(output)
            fixed = fixed_frames[:, step]
            sampled = head.sample(params, temperature, noise[:, step])
            sampled_hit, sampled_expression = sampled.split([NUM_DRUMS, 2 * NUM_DRUMS], 1)
            is_given = ~fixed[:, HIT_COLUMNS].isnan()
            hit = torch.where(is_given, fixed[:, HIT_COLUMNS], sampled_hit)
            expression = torch.where(is_given.repeat(1, 2), head.expression_given_hit(params), sampled_expression)
            fixed_expression = fixed[:, EXPRESSION_COLUMNS]
            expression = torch.where(fixed_expression.isnan(), expression, fixed_expression)
            frame = torch.cat([hit, expression * hit.repeat(1, 2)], 1)
            frames.append(frame)
    return torch.stack(frames, 1).cpu().numpy()


def apply_tap_timing(frames: Frames, taps: Frames) -> Frames:
    """Return frames [..., 27] in which each hit has the offset of the tap in its step, if there is one.

    `taps` [..., 27] are the encoder's input (`GrooveConverter.encoder_view`).

    Examples
    --------
    >>> frames, taps = np.zeros((2, 27), np.float32), np.zeros((2, 27), np.float32)
    >>> frames[:, [0, 18]] = 1, 0.5
    >>> taps[0, [TAP_CLASS, 18 + TAP_CLASS]] = 1, -0.25
    >>> apply_tap_timing(frames, taps)[:, 18].tolist()
    [-0.25, 0.5]
    """
    has_tap = (frames[..., HIT_COLUMNS] > 0.5) & (taps[..., [TAP_CLASS]] > 0.5)
    timed = frames.copy()
    tap_offsets = taps[..., [2 * NUM_DRUMS + TAP_CLASS]]
    timed[..., OFFSET_COLUMNS] = np.where(has_tap, tap_offsets, frames[..., OFFSET_COLUMNS])
    return timed


def fix_columns(frames: Frames, columns: slice) -> Frames:
    """Return the values of some columns [t, 27], for `decode_given`, and NaN in the others."""
    given = np.full_like(frames, np.nan)
    given[:, columns] = frames[:, columns]
    return given


def _to_windows(frames: Frames, steps: int) -> Frames:
    """Cut frames [t, ...] into windows [n, steps, ...], the last padded with silence."""
    padding = np.zeros((-len(frames) % steps, frames.shape[1]), np.float32)
    return np.concatenate([frames, padding]).reshape(-1, steps, frames.shape[1])
