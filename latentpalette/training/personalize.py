"""Your own style: a model whose latent space is learned from a handful of your files, in seconds.

Source: Dinculescu, Engel, Roberts (2019), "MidiMe: Personalizing a MusicVAE model with user data": a small variational
autoencoder learns where, in the latent space of a trained model, the windows of a few files lie.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import numpy as np

from latentpalette.errors import MidiError, TrainingError
from latentpalette.models.inputs import no_windows_message
from latentpalette.models.musicvae import MusicVAE, check_model
from latentpalette.models.personal import SIMILARITY, PersonalModel, check_base
from latentpalette.music.midi import MidiSource
from latentpalette.music.sequence import NoteSequence, is_midi_source
from latentpalette.music.track_choice import DrumTracks, TrackName
from latentpalette.progress.board import show_progress
from latentpalette.progress.board import track as track_progress
from latentpalette.training.flow_matching import song_weights
from latentpalette.training.style_fitting import MAX_STEPS, MIN_VECTORS, fit_style
from latentpalette.windows.excerpt import Excerpts

WINDOWS_PER_PIECE = 12  # for which a piece counts at most, so that a long one does not outweigh the others

Piece = NoteSequence | MidiSource | Excerpts


def personalize(
    model: MusicVAE,
    files: Piece | Iterable[Piece],
    *,
    size: int = 4,
    name: str = "mine",
    similarity: float = SIMILARITY,
    track: TrackName | None = None,
    drums: DrumTracks = None,
    max_steps: int = MAX_STEPS,
    seed: int = 0,
) -> PersonalModel:
    """Learn your own style from a handful of files.

    Parameters
    ----------
    model : MusicVAE
        That can read them. It is not changed.
    files : list of MIDI file (a path, or its bytes), NoteSequence, name of a preset, or Excerpts
        Your music: at least 16 windows of it; ten files of half a minute are plenty. A window counts by its place in
        the model's latent space alone, so music that the model reconstructs badly is learned badly.
    size : int [2 to 8]
        Dimensions of the latent space: the axes of your palette, the one that tells the most first.
    name : str
        Of the new model.
    similarity : float [0 to 1]
        How closely samples follow what was learned; see `PersonalModel`.
    track, drums
        See `MusicVAE.excerpts`.
    max_steps : int >= 1
        Training steps; the default takes a few seconds.
    seed : int
        The same seed gives the same style.

    Returns
    -------
    PersonalModel
        It samples, encodes, decodes and interpolates, and the instruments take it. `lp.save` writes it to one small
        file, which `lp.load` opens.

    Raises
    ------
    MidiError
        If a file cannot be read, or none has a window for the model; the message has the reasons.
    TrainingError
        If there are fewer than 16 windows, or the size is out of range.
    ModelError
        If the model has no encoder.

    Warns
    -----
    UserWarning
        For each file without a window, with the reasons.

    Examples
    --------
    >>> import latentpalette as lp
    >>> loops = [loop for loops in lp.style_loops().values() for loop in loops]
    >>> mine = personalize(lp.load("drums-2bar"), loops, size=2, max_steps=20)
    >>> mine.sample(2, seed=7)[0].steps
    32
    """
    check_base(check_model(model))
    with show_progress("Learning your style"):
        pieces = _read(model, files, track=track, drums=drums)
        windows = [window for piece in pieces for window in piece]
        if len(windows) < MIN_VECTORS:
            raise TrainingError(
                f"A style is learned from at least {MIN_VECTORS} windows of {model.config.steps} steps; there are "
                f"{len(windows)}. Add more files, or longer ones."
            )
        piece_index = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
        style = fit_style(
            model.encode(windows),
            size=size,
            weights=song_weights(piece_index, WINDOWS_PER_PIECE),
            max_steps=max_steps,
            seed=seed,
        )
    return PersonalModel(model, style, name=name, similarity=similarity)


def _read(
    model: MusicVAE, files: Piece | Iterable[Piece], *, track: TrackName | None, drums: DrumTracks
) -> list[Excerpts]:
    """Return the windows of each piece that has some.

    Raises
    ------
    MidiError
        If none has.
    """
    is_single = isinstance(files, (NoteSequence, Excerpts)) or is_midi_source(files)
    given = [files] if is_single else list(files)  # type: ignore[arg-type]
    found = [
        piece if isinstance(piece, Excerpts) else model.excerpts(piece, track=track, drums=drums)  # type: ignore[arg-type]
        for piece in track_progress(given, "Reading files", len(given))
    ]
    if not found:
        raise TrainingError("A style is learned from files; there is none.")
    reasons = [no_windows_message(excerpts, model.name) for excerpts in found if not excerpts]
    if len(reasons) == len(found):
        raise MidiError(" ".join(reasons))
    for reason in reasons:
        warnings.warn(f"{reason} It is left out.", UserWarning, stacklevel=3)
    return [excerpts for excerpts in found if excerpts]
