"""What groove models are for: a drummer's touch, drums from taps, hats for a beat, one beat's feel for another.

Plain functions over a model with the groove representation, for music of any length: it is played window by window,
the last one filled up with silence. Tempo and length are those of the music that went in, and every stroke is heard.
Source: Gillick et al. (2019), arXiv 1905.06118, and its supplement.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from latentpalette.converters.base import Rows
from latentpalette.converters.groove import TAP_CLASS, GrooveConverter
from latentpalette.errors import ModelError
from latentpalette.models.drummer import DRUMS, HITS, as_tapped, perform, settled
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.drums import NAMES
from latentpalette.music.sequence import Note, NoteSequence, concatenate

CLOSED_HAT = NAMES.index("closed hat")


def humanize(
    model: MusicVAE,
    sequence: NoteSequence,
    *,
    keep: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Play a stiff beat with a drummer's dynamics and timing.

    Parameters
    ----------
    model : MusicVAE
        One that was trained to humanize, like Magenta's ``groovae_2bar_humanize``.
    sequence : NoteSequence
        Of any length; only what is hit when counts.
    keep : bool
        Play exactly the strokes that are written, and leave notes that the model does not hear (other instruments,
        drums without a class) as they are. False gives the model's whole performance instead, as Magenta does: it
        may add strokes and miss some.
    temperature : float > 0, or None
        Of the strokes, where they are not kept; None takes the likeliest.
    seed : int, optional

    Returns
    -------
    NoteSequence
        At the same tempo and of the same length.

    Raises
    ------
    ModelError
        If the model is of another kind; the message says which it takes.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["groovae_2bar_humanize"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> stiff = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 40]}, steps=48, qpm=93)
    >>> humanize(MusicVAE(tiny), stiff)
    NoteSequence(4 notes, 48 steps, 93 qpm)
    """
    groove = _groove(model, "humanize", lambda each: each.humanize, "humanize=True")
    return _played(model, groove, groove.rows(sequence), sequence, keep=keep, temperature=temperature, seed=seed)


def tap_to_drums(
    model: MusicVAE,
    taps: NoteSequence,
    *,
    keep: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """A whole kit from a tapped rhythm.

    Parameters
    ----------
    model : MusicVAE
        One that was trained on taps, like Magenta's ``groovae_2bar_tap_fixed_velocity``.
    taps : NoteSequence
        Of any length; every note is a tap, whatever its pitch. Of several in a step the loudest counts, and its
        timing is the groove's.
    keep : bool
        Every stroke is as early or late as the tap in its step. False gives the model's own timing, as Magenta does,
        which follows the taps, but not to the millisecond.
    temperature : float > 0, or None
        Of the strokes; None takes the likeliest.
    seed : int, optional

    Returns
    -------
    NoteSequence
        At the same tempo and of the same length.

    Raises
    ------
    ModelError
        If the model is of another kind.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["groovae_2bar_tap_fixed_velocity"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> taps = NoteSequence([Note(60, step, offset=0.1) for step in (0, 6, 12)], steps=16, qpm=110)
    >>> tap_to_drums(MusicVAE(tiny), taps).steps
    16
    """
    groove = _groove(model, "make drums of taps", lambda each: each.tapify, "tapify=True")
    tapped = groove.drum_map.exemplars[TAP_CLASS]
    rows = groove.rows(
        taps.replace(notes=[dataclasses.replace(note, pitch=tapped, is_drum=True) for note in taps.notes])
    )
    said = perform(model, groove, rows, rows, temperature=temperature, seed=seed)
    return groove.decode(as_tapped(said, groove.degraded(rows)) if keep else said, qpm=taps.qpm)


def add_hihat(
    model: MusicVAE,
    sequence: NoteSequence,
    *,
    keep: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Closed hats for a beat that has none; those it has are played anew.

    Parameters
    ----------
    model : MusicVAE
        One that was trained to fill them in, like Magenta's ``groovae_2bar_add_closed_hh``.
    sequence : NoteSequence
        Of any length.
    keep : bool
        Leave everything else exactly as it was played, and let the hats follow it. False gives the model's whole
        performance instead, as Magenta does.
    temperature : float > 0, or None
        Of the strokes; None takes the likeliest.
    seed : int, optional

    Returns
    -------
    NoteSequence
        At the same tempo and of the same length.

    Raises
    ------
    ModelError
        If the model is of another kind.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["groovae_2bar_add_closed_hh"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> beat = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
    >>> set(beat.notes) <= set(add_hihat(MusicVAE(tiny), beat).notes)
    True
    """
    groove = _groove(model, "add hats", lambda each: CLOSED_HAT in each.add_instruments, "add_instruments=[2]")
    rows = groove.rows(sequence)
    if not keep:
        said = perform(model, groove, rows, rows, temperature=temperature, seed=seed)
        return groove.decode(said, qpm=sequence.qpm)
    given = settled(rows, slice(None))
    given[:, CLOSED_HAT::DRUMS] = np.nan
    said = perform(model, groove, rows, rows, given=given, temperature=temperature, seed=seed)
    hats = [note for note in groove.decode(said).notes if groove.drum_map.class_of(note.pitch) == CLOSED_HAT]
    rest = [n for n in sequence.notes if not n.is_drum or groove.drum_map.class_of(n.pitch) != CLOSED_HAT]
    return sequence.replace(notes=[*rest, *hats])


def transfer_groove(
    model: MusicVAE,
    from_: NoteSequence,
    to: NoteSequence,
    *,
    keep: bool = True,
    temperature: float | None = None,
    seed: int | None = None,
) -> NoteSequence:
    """Play one beat with the feel of another.

    Parameters
    ----------
    model : MusicVAE
        One that is told the hits, like Magenta's ``groovae_2bar_hits_control_tfds``.
    from_ : NoteSequence
        The feel. Repeated, or cut, to the length of `to`.
    to : NoteSequence
        The strokes, of any length.
    keep, temperature, seed
        See `humanize`.

    Returns
    -------
    NoteSequence
        At the tempo of `to`, and as long.

    Raises
    ------
    ModelError
        If the model is of another kind, or there is nothing to take the feel from.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["groovae_2bar_hits_control_tfds"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> swung = NoteSequence([Note(42, step, offset=0.3, is_drum=True) for step in range(2, 16, 4)], steps=16)
    >>> transfer_groove(MusicVAE(tiny), swung, NoteSequence.from_steps({"kick": [0, 8]}, steps=64, qpm=80))
    NoteSequence(2 notes, 64 steps, 80 qpm)
    """
    groove = _groove(model, "transfer a groove", lambda each: each.hits_as_controls, "hits_as_controls=True")
    if not from_.steps:
        raise ModelError("There is no groove to transfer: the sequence to take it from has no steps.")
    feel = groove.rows(concatenate([from_] * -(-to.steps // from_.steps)))[: to.steps]
    return _played(model, groove, feel, to, keep=keep, temperature=temperature, seed=seed)


def _groove(model: MusicVAE, verb: str, fits: Callable[[GrooveConverter], bool], option: str) -> GrooveConverter:
    """The model's converter, if the model can do what is asked of it."""
    kind = model.config.converter.get("name", "arrays")
    converter = model.converter if kind == "groove" else None
    if isinstance(converter, GrooveConverter) and fits(converter):
        return converter
    has = ", ".join(f"{name}={value}" for name, value in model.config.converter.items() if name not in ("name", "map"))
    raise ModelError(
        f"{model.name} cannot {verb}: that takes a groove model with {option}; "
        f"this one has the converter {kind!r}{f' with {has}' if has else ''}."
    )


def _played(
    model: MusicVAE,
    groove: GrooveConverter,
    heard: Rows,
    written: NoteSequence,
    *,
    keep: bool,
    temperature: float | None,
    seed: int | None,
) -> NoteSequence:
    """What is written, with the feel of what is `heard` [t, 27]; or, not to `keep` its strokes, what comes of both."""
    rows = groove.rows(written)
    if not keep:
        said = perform(model, groove, heard, rows, temperature=temperature, seed=seed)
        return groove.decode(said, qpm=written.qpm)
    played = groove.decode(perform(model, groove, heard, rows, given=settled(rows, HITS)), qpm=written.qpm)
    return _with_touch(written, played, groove)


def _with_touch(sequence: NoteSequence, played: NoteSequence, groove: GrooveConverter) -> NoteSequence:
    """The same strokes, as hard and as early or late as they were `played`; what the model did not hear stays."""
    classes = groove.drum_map.classes
    touch: dict[tuple[int, int], Note] = {(note.step, classes[note.pitch]): note for note in played.notes}

    def touched(note: Note) -> Note:
        heard = touch.get((note.step, classes.get(note.pitch, -1))) if note.is_drum else None
        return note if heard is None else dataclasses.replace(note, velocity=heard.velocity, offset=heard.offset)

    return sequence.replace(notes=map(touched, sequence.notes))
