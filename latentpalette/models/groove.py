"""GrooVAE tasks: humanize a beat, turn taps into drums, add hi-hats, transfer a groove.

Functions over a model with the groove representation, for music of any length: it is decoded window by window, the
last one padded with silence. The result has the tempo and the length of the input. Source: Gillick et al. (2019),
arXiv 1905.06118, and its supplement.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import torch

from latentpalette.converters.base import Frames
from latentpalette.converters.groove import TAP_CLASS, GrooveConverter
from latentpalette.errors import ModelError
from latentpalette.models.checks import check_controls, check_temperature, eval_mode
from latentpalette.models.heads import Groove
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.rng import make_rng
from latentpalette.music.drums import DRUM_NAMES
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from latentpalette.old_names import accept_old_arguments

CLOSED_HAT = DRUM_NAMES.index("closed hat")
NUM_DRUMS = len(DRUM_NAMES)
# Columns of a frame [27]: hits, velocities, offsets. Expression is velocities and offsets.
HIT_COLUMNS = slice(0, NUM_DRUMS)
EXPRESSION_COLUMNS = slice(NUM_DRUMS, None)
OFFSET_COLUMNS = slice(2 * NUM_DRUMS, None)


@accept_old_arguments(keep="keep_hits")
def humanize(
    model: MusicVAE,
    sequence: NoteSequence,
    *,
    keep_hits: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Give a quantized beat the dynamics and timing of a drummer.

    Parameters
    ----------
    model : MusicVAE
        Trained to humanize, like Magenta's ``groovae_2bar_humanize``.
    sequence : NoteSequence
        Of any length; its velocities and offsets are ignored.
    keep_hits : bool
        Keep exactly the written hits, and notes that the model does not represent (other instruments, drums without a
        class) unchanged. With False, the model may add and omit hits.
    temperature : float > 0, or None
        Of the hits that the model decides; None decodes arg-max.
    seed : int, optional
        With a temperature: the same seed gives the same result.

    Returns
    -------
    NoteSequence
        Of the same tempo and length.

    Raises
    ------
    ModelError
        If the model was trained for another task; the message says which it takes.

    Examples
    --------
    >>> import latentpalette as lp
    >>> quantized = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 40]}, steps=48, qpm=93)
    >>> humanize(lp.load("groove-humanize"), quantized)
    NoteSequence(4 notes, 48 steps, 93 qpm)
    """
    converter = _groove_converter(model, "humanize", lambda groove: groove.humanize, "humanize=True")
    performance = converter.frames(sequence)
    return _render(model, converter, performance, sequence, keep_hits=keep_hits, temperature=temperature, seed=seed)


@accept_old_arguments(keep="keep_timing")
def tap_to_drums(
    model: MusicVAE,
    taps: NoteSequence,
    *,
    keep_timing: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Turn a tapped rhythm into a beat for a whole drum kit.

    Parameters
    ----------
    model : MusicVAE
        Trained on taps, like Magenta's ``groovae_2bar_tap_fixed_velocity``.
    taps : NoteSequence
        Of any length; every note is a tap, whatever its pitch. The loudest tap of a step counts.
    keep_timing : bool
        Give each hit the offset of the tap in its step. The model's own timing follows the taps only roughly.
    temperature, seed
        See `humanize`.

    Returns
    -------
    NoteSequence
        Of the same tempo and length.

    Raises
    ------
    ModelError
        If the model was trained for another task; the message says which it takes.

    Examples
    --------
    >>> import latentpalette as lp
    >>> taps = NoteSequence([Note(60, step, offset=0.1) for step in (0, 6, 12)], steps=16, qpm=110)
    >>> tap_to_drums(lp.load("groove-tap"), taps).steps
    16
    """
    converter = _groove_converter(model, "make drums of taps", lambda groove: groove.tapify, "tapify=True")
    pitch = converter.pitch_map.exemplars[TAP_CLASS]
    frames = converter.frames(
        taps.replace(notes=[dataclasses.replace(note, pitch=pitch, is_drum=True) for note in taps.notes])
    )
    decoded = decode_groove(model, converter, frames, frames, temperature=temperature, seed=seed)
    if keep_timing:
        decoded = apply_tap_timing(decoded, converter.encoder_view(frames))
    return converter.decode(decoded, qpm=taps.qpm)


@accept_old_arguments(keep="keep_hits")
def add_hihat(
    model: MusicVAE,
    sequence: NoteSequence,
    *,
    keep_hits: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Add closed hi-hats to a beat, replacing those it has.

    Parameters
    ----------
    model : MusicVAE
        Trained to fill them in, like Magenta's ``groovae_2bar_add_closed_hh``.
    sequence : NoteSequence
        Of any length.
    keep_hits : bool
        Keep all other notes unchanged.
    temperature, seed
        See `humanize`.

    Returns
    -------
    NoteSequence
        Of the same tempo and length.

    Raises
    ------
    ModelError
        If the model was trained for another task; the message says which it takes.

    Examples
    --------
    >>> import latentpalette as lp
    >>> beat = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
    >>> set(beat.notes) <= set(add_hihat(lp.load("groove-hihat"), beat).notes)
    True
    """
    converter = _groove_converter(
        model, "add hats", lambda groove: CLOSED_HAT in groove.add_instruments, "add_instruments=[2]"
    )
    frames = converter.frames(sequence)
    if not keep_hits:
        decoded = decode_groove(model, converter, frames, frames, temperature=temperature, seed=seed)
        return converter.decode(decoded, qpm=sequence.qpm)
    given = fix_columns(frames, slice(None))
    given[:, CLOSED_HAT::NUM_DRUMS] = np.nan
    decoded = decode_groove(model, converter, frames, frames, given=given, temperature=temperature, seed=seed)
    class_of = converter.pitch_map.class_of
    hats = [note for note in converter.decode(decoded).notes if class_of(note.pitch) == CLOSED_HAT]
    others = [note for note in sequence.notes if not note.is_drum or class_of(note.pitch) != CLOSED_HAT]
    return sequence.replace(notes=[*others, *hats])


@accept_old_arguments(from_="source", to="target", keep="keep_hits")
def transfer_groove(
    model: MusicVAE,
    source: NoteSequence,
    target: NoteSequence,
    *,
    keep_hits: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Play the hits of one beat with the dynamics and timing of another.

    Parameters
    ----------
    model : MusicVAE
        With hits as controls, like Magenta's ``groovae_2bar_hits_control_tfds``.
    source : NoteSequence
        Dynamics and timing. Repeated, or cut, to the length of `target`.
    target : NoteSequence
        The hits, of any length.
    keep_hits, temperature, seed
        See `humanize`.

    Returns
    -------
    NoteSequence
        Of the tempo and length of `target`.

    Raises
    ------
    ModelError
        If the model was trained for another task, or `source` has no steps.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import magenta_config
    >>> wiring = magenta_config("groovae_2bar_hits_control_tfds")
    >>> model = MusicVAE(wiring.replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8)))
    >>> swing = NoteSequence([Note(42, step, offset=0.3, is_drum=True) for step in range(2, 16, 4)], steps=16)
    >>> transfer_groove(model, swing, NoteSequence.from_steps({"kick": [0, 8]}, steps=64, qpm=80))
    NoteSequence(2 notes, 64 steps, 80 qpm)
    """
    option = "hits_as_controls=True"
    converter = _groove_converter(model, "transfer a groove", lambda groove: groove.hits_as_controls, option)
    if not source.steps:
        raise ModelError("There is no groove to transfer: the source sequence has no steps.")
    repeated = concatenate([source] * -(-target.steps // source.steps))
    performance = converter.frames(repeated)[: target.steps]
    return _render(model, converter, performance, target, keep_hits=keep_hits, temperature=temperature, seed=seed)


def decode_groove(
    model: MusicVAE,
    converter: GrooveConverter,
    performance: Frames,
    written: Frames,
    *,
    given: Frames | None = None,
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
    """
    if not len(performance):
        return performance
    encoder_windows, decoder_windows = (_to_windows(frames, converter.steps) for frames in (performance, written))
    encoder_controls = encoder_windows[..., HIT_COLUMNS] if converter.hits_as_controls else None
    decoder_controls = decoder_windows[..., HIT_COLUMNS] if converter.hits_as_controls else None
    encoder_inputs = np.stack([converter.encoder_view(window) for window in encoder_windows])
    mu = model.posterior_arrays(encoder_inputs, controls=encoder_controls).mu
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


def _groove_converter(
    model: MusicVAE, task: str, is_trained: Callable[[GrooveConverter], bool], option: str
) -> GrooveConverter:
    """Return the model's converter, or raise `ModelError` if the model was not trained for the task."""
    kind = model.config.converter.get("name", "arrays")
    converter = model.converter if kind == "groove" else None
    if isinstance(converter, GrooveConverter) and is_trained(converter):
        return converter
    settings = {name: value for name, value in model.config.converter.items() if name not in ("name", "drum_map")}
    listed = ", ".join(f"{name}={value}" for name, value in settings.items())
    raise ModelError(
        f"{model.name} cannot {task}: that takes a groove model with {option}; "
        f"this one has the converter {kind!r}{f' with {listed}' if listed else ''}."
    )


def _render(
    model: MusicVAE,
    converter: GrooveConverter,
    performance: Frames,
    written: NoteSequence,
    *,
    keep_hits: bool,
    temperature: float | None,
    seed: int | None,
) -> NoteSequence:
    """Decode written music with the expression of a performance [t, 27]."""
    frames = converter.frames(written)
    if not keep_hits:
        decoded = decode_groove(model, converter, performance, frames, temperature=temperature, seed=seed)
        return converter.decode(decoded, qpm=written.qpm)
    decoded = decode_groove(model, converter, performance, frames, given=fix_columns(frames, HIT_COLUMNS))
    return _apply_expression(written, converter.decode(decoded, qpm=written.qpm), converter)


def _apply_expression(sequence: NoteSequence, performed: NoteSequence, converter: GrooveConverter) -> NoteSequence:
    """Return the notes of a sequence with the velocities and offsets of the performed ones, where there are any."""
    classes = converter.pitch_map.classes
    by_step_and_drum = {(note.step, classes[note.pitch]): note for note in performed.notes}

    def express(note: Note) -> Note:
        match = by_step_and_drum.get((note.step, classes.get(note.pitch, -1))) if note.is_drum else None
        return note if match is None else dataclasses.replace(note, velocity=match.velocity, offset=match.offset)

    return sequence.replace(notes=map(express, sequence.notes))


def _to_windows(frames: Frames, steps: int) -> Frames:
    """Cut frames [t, ...] into windows [n, steps, ...], the last padded with silence."""
    padding = np.zeros((-len(frames) % steps, frames.shape[1]), np.float32)
    return np.concatenate([frames, padding]).reshape(-1, steps, frames.shape[1])
