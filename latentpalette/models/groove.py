"""GrooVAE tasks: humanize a beat, turn taps into drums, add hi-hats, transfer a groove.

Functions over a model with the groove representation, for music of any length: it is decoded window by window, the
last one padded with silence. The result has the tempo and the length of the input. Source: Gillick et al. (2019),
arXiv 1905.06118, and its supplement.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable

import numpy as np

from latentpalette.converters.base import Frames
from latentpalette.converters.groove import TAP_CLASS, GrooveConverter
from latentpalette.errors import ModelError
from latentpalette.models.groove_decoding import (
    HIT_COLUMNS,
    NUM_DRUMS,
    apply_tap_timing,
    decode_groove,
    fix_columns,
)
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.music.drums import DRUM_NAMES
from latentpalette.music.midi import MidiSource
from latentpalette.music.sequence import Note, NoteSequence, as_sequence, concatenate
from latentpalette.old_names import accept_old_arguments
from latentpalette.validation import check_number, short_repr
from latentpalette.wording import counted

MAX_SPREAD = 4.0  # deviations of the posterior
CLOSED_HAT = DRUM_NAMES.index("closed hat")


@accept_old_arguments(keep="keep_hits")
def humanize(
    model: MusicVAE,
    sequence: NoteSequence | MidiSource,
    *,
    keep_hits: bool = True,
    spread: float = 0.0,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Give a quantized beat the dynamics and timing of a drummer.

    Parameters
    ----------
    model : MusicVAE
        Trained to humanize, like Magenta's ``groovae_2bar_humanize``.
    sequence : NoteSequence, name of a preset or MIDI file
        Of any length; its velocities and offsets are ignored.
    keep_hits : bool
        Keep exactly the written hits, and notes that the model does not represent (other instruments, drums without a
        class) unchanged. With False, the model may add and omit hits; other instruments stay.
    spread : float [0 to 4]
        How far the drummer may be from the most likely one: z is drawn from the posterior with its deviation times
        this, the same draw for the whole beat. 0 takes the mean.
    temperature : float > 0, or None
        Of the hits that the model decides, with ``keep_hits=False``; None decodes arg-max.
    seed : int, optional
        With a spread or a temperature: the same seed gives the same result.

    Returns
    -------
    NoteSequence
        Of the same tempo and length. To write it into the file that it is from, with all else in there as it was, use
        `latentpalette.music.midi_rewrite.replace_drums`.

    Raises
    ------
    ModelError
        If the model was trained for another task (the message says which it takes), or a temperature is given though
        the hits are kept.

    Examples
    --------
    >>> import latentpalette as lp
    >>> quantized = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 40]}, steps=48, qpm=93)
    >>> humanize(lp.load("groove-humanize"), quantized)
    NoteSequence(4 notes, 48 steps, 93 qpm)
    """
    converter = _groove_converter(model, "humanize", lambda groove: groove.humanize, "humanize=True")
    sequence = as_sequence(sequence, "A beat")
    performance = converter.frames(sequence)
    spread = check_number(spread, "spread", 0, MAX_SPREAD, error=ModelError)
    return _render(
        model,
        converter,
        performance,
        sequence,
        keep_hits=keep_hits,
        spread=spread,
        temperature=temperature,
        seed=seed,
    )


@accept_old_arguments(keep="keep_timing")
def tap_to_drums(
    model: MusicVAE,
    taps: NoteSequence | MidiSource,
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
    taps : NoteSequence, name of a preset or MIDI file
        Of any length; every note is a tap, whatever its pitch. The loudest tap of a step counts.
    keep_timing : bool
        Give each hit the offset of the tap in its step. The model's own timing follows the taps only roughly.
    temperature, seed
        See `humanize`.

    Returns
    -------
    NoteSequence
        Of the same tempo and length. A beat without drums, which very few taps may give, is a warning.

    Raises
    ------
    ModelError
        If the model was trained for another task; the message says which it takes.

    Examples
    --------
    >>> import latentpalette as lp
    >>> taps = NoteSequence([Note(60, step, offset=0.1) for step in range(0, 32, 4)], steps=32, qpm=110)
    >>> tap_to_drums(lp.load("groove-tap"), taps).steps
    32
    """
    converter = _groove_converter(model, "make drums of taps", lambda groove: groove.tapify, "tapify=True")
    taps = as_sequence(taps, "A tapped rhythm")
    pitch = converter.pitch_map.exemplars[TAP_CLASS]
    frames = converter.frames(
        taps.replace(notes=[dataclasses.replace(note, pitch=pitch, is_drum=True) for note in taps.notes])
    )
    decoded = decode_groove(model, converter, frames, frames, temperature=temperature, seed=seed)
    if keep_timing:
        decoded = apply_tap_timing(decoded, converter.encoder_view(frames))
    beat = converter.decode(decoded, qpm=taps.qpm)
    if taps.notes and not beat.notes:
        warnings.warn(
            f"No drums came of {counted(len(taps.notes), 'tap')}, so the beat is silent. Tap more, about one a beat, "
            "or try a temperature.",
            UserWarning,
            stacklevel=3,
        )
    return beat


@accept_old_arguments(keep="keep_hits")
def add_hihat(
    model: MusicVAE,
    sequence: NoteSequence | MidiSource,
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
    sequence : NoteSequence, name of a preset or MIDI file
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
    sequence = as_sequence(sequence, "A beat")
    frames = converter.frames(sequence)
    if not keep_hits:
        decoded = decode_groove(model, converter, frames, frames, temperature=temperature, seed=seed)
        return _replace_drums(sequence, converter.decode(decoded))
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
    source: NoteSequence | MidiSource,
    target: NoteSequence | MidiSource,
    *,
    keep_hits: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Play the hits of one beat with the dynamics and timing of another.

    Parameters
    ----------
    model : MusicVAE
        With hits as controls, like ``groove-hits`` and Magenta's ``groovae_2bar_hits_control_tfds``.
    source : NoteSequence, name of a preset or MIDI file
        Dynamics and timing. Repeated, or cut, to the length of `target`.
    target : NoteSequence, name of a preset or MIDI file
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
    >>> import latentpalette as lp
    >>> swing = NoteSequence([Note(42, step, offset=0.3, is_drum=True) for step in range(2, 16, 4)], steps=16)
    >>> transfer_groove(lp.load("groove-hits"), swing, NoteSequence.from_steps({"kick": [0, 8]}, steps=64, qpm=80))
    NoteSequence(2 notes, 64 steps, 80 qpm)
    """
    option = "hits_as_controls=True"
    converter = _groove_converter(model, "transfer a groove", lambda groove: groove.hits_as_controls, option)
    source, target = as_sequence(source, "The source"), as_sequence(target, "The target")
    if not source.steps:
        raise ModelError("There is no groove to transfer: the source sequence has no steps.")
    repeated = concatenate([source] * -(-target.steps // source.steps))
    performance = converter.frames(repeated)[: target.steps]
    return _render(model, converter, performance, target, keep_hits=keep_hits, temperature=temperature, seed=seed)


def _groove_converter(
    model: MusicVAE, task: str, is_trained: Callable[[GrooveConverter], bool], option: str
) -> GrooveConverter:
    """Return the model's converter, or raise `ModelError` if the model was not trained for the task."""
    check_model(model)
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
    spread: float = 0.0,
) -> NoteSequence:
    """Decode written music with the expression of a performance [t, 27]."""
    frames = converter.frames(written)
    if keep_hits and temperature is not None:
        raise ModelError(
            f"temperature={short_repr(temperature)} has no effect on hits that are kept. Pass keep_hits=False, or "
            "leave the temperature out."
        )
    if not keep_hits:
        decoded = decode_groove(
            model, converter, performance, frames, spread=spread, temperature=temperature, seed=seed
        )
        return _replace_drums(written, converter.decode(decoded))
    given = fix_columns(frames, HIT_COLUMNS)
    decoded = decode_groove(model, converter, performance, frames, given=given, spread=spread, seed=seed)
    return _apply_expression(written, converter.decode(decoded, qpm=written.qpm), converter)


def _replace_drums(sequence: NoteSequence, drums: NoteSequence) -> NoteSequence:
    """Return a sequence with other drums."""
    return sequence.replace(notes=[*(note for note in sequence.notes if not note.is_drum), *drums.notes])


def _apply_expression(sequence: NoteSequence, performed: NoteSequence, converter: GrooveConverter) -> NoteSequence:
    """Return the notes of a sequence with the velocities and offsets of the performed ones, where there are any.

    Of several hits of a drum in a step, such as those of a flam, the nearest to the step is moved to where the model
    has it, and the others along with it.
    """
    classes = converter.pitch_map.classes
    by_step_and_drum = {(note.step, classes[note.pitch]): note for note in performed.notes}
    nearest: dict[tuple[int, int], Note] = {}
    for note in sorted((note for note in sequence.notes if note.is_drum), key=lambda note: abs(note.offset)):
        nearest.setdefault((note.step, note.pitch), note)

    def express(note: Note) -> Note:
        match = by_step_and_drum.get((note.step, classes.get(note.pitch, -1))) if note.is_drum else None
        if match is None:
            return note
        first = nearest[note.step, note.pitch]
        offset = min(max(match.offset + note.offset - first.offset, -0.5), 0.5)
        velocity = min(max(match.velocity + note.velocity - first.velocity, 1), 127)
        return dataclasses.replace(note, velocity=velocity, offset=offset)

    return sequence.replace(notes=map(express, sequence.notes))
