"""Songs as sequences of places in latent space: compose one, continue one, or fill its gaps.

Source: Mittal, Engel, Hawthorne, Simon (2021), "Symbolic Music Generation with Diffusion Models", arXiv 2103.16091. The
learned prior over songs is `latentpalette.models.song_prior.SongPrior`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from latentpalette.errors import MidiError, ModelError
from latentpalette.models import inputs
from latentpalette.models.musicvae import DEFAULT_QPM, MusicVAE, check_model
from latentpalette.models.network import FloatArray
from latentpalette.models.rng import standard_normal
from latentpalette.models.sampling import rejection_sample
from latentpalette.models.song_field import MAX_PLACES
from latentpalette.models.song_prior import SongPrior
from latentpalette.music.midi import MidiSource
from latentpalette.music.sequence import MUSIC_IN_WORDS, STEPS_PER_BAR, NoteSequence, is_midi_source
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_integer, short_repr
from latentpalette.windows.passages import consecutive

MAX_SONG = 256  # windows
CONTEXT = MAX_PLACES // 2  # windows before a place that longer songs are continued from
TEMPERATURE = 0.5
SIMILARITY = 0.5  # of a window to where the prior over songs says; windows are then as real as samples are

Place = NoteSequence | MidiSource | ArrayLike


def compose(
    model: MusicVAE, n: int = 8, *, temperature: float | None = TEMPERATURE, seed: int | None = None, qpm: float = 120.0
) -> list[NoteSequence]:
    """Compose a song: windows that belong together, one after the other.

    Parameters
    ----------
    model : MusicVAE
        With a learned prior over songs: ``drums-2bar`` and ``melody-2bar`` have one.
    n : int [1 to 256]
        Windows. Each knows the sixteen around it, and of a longer song the eight before it.
    temperature : float > 0, or None
        See `MusicVAE.decode`.
    seed : int, optional
        The same seed gives the same song.
    qpm : float [quarters per minute]

    Returns
    -------
    list of NoteSequence [n]
        `latentpalette.concatenate` makes them one piece.

    Raises
    ------
    ModelError
        If the model has no prior over songs, or n or the temperature is out of range.

    Examples
    --------
    >>> import latentpalette as lp
    >>> song = lp.compose(lp.load("melody-2bar"), 4, seed=1)
    >>> lp.concatenate(song).steps
    128
    """
    n = check_integer(n, "The number of windows, n,", 1, MAX_SONG, error=ModelError)
    return fill(model, [None] * n, temperature=temperature, seed=seed, qpm=qpm)


def continue_(
    model: MusicVAE,
    music: NoteSequence | MidiSource | Iterable[Place],
    n: int = 4,
    *,
    temperature: float | None = TEMPERATURE,
    seed: int | None = None,
) -> list[NoteSequence]:
    """Continue a song.

    Parameters
    ----------
    model : MusicVAE
        See `compose`.
    music : NoteSequence, MIDI file, name of a preset, or list of them
        The beginning. Of a longer piece the end counts: its last windows without a gap.
    n : int [1 to 256]
        Further windows.
    temperature, seed
        See `compose`.

    Returns
    -------
    list of NoteSequence [n]
        What comes next, without the beginning, at its tempo.

    Raises
    ------
    ModelError
        See `compose`; or if the beginning is empty.

    Examples
    --------
    >>> import latentpalette as lp
    >>> model = lp.load("drums-2bar")
    >>> [loop.steps for loop in lp.continue_(model, ["Bossa", "Bossa"], 2, seed=1)]
    [32, 32]
    """
    n = check_integer(n, "The number of windows, n,", 1, MAX_SONG, error=ModelError)
    if isinstance(music, NoteSequence) or is_midi_source(music):
        beginning: list[Place] = list(passage_of(check_model(model), music))
    elif isinstance(music, Iterable):
        beginning = list(music)
    else:
        raise ModelError(f"A song is continued from {MUSIC_IN_WORDS}, or a list of windows; got {short_repr(music)}.")
    if not beginning or any(place is None for place in beginning):
        raise ModelError("A song is continued from at least one window of music; fill takes gaps.")
    return fill(model, [*beginning[-MAX_PLACES:], *[None] * n], temperature=temperature, seed=seed)[-n:]


def passage_of(model: MusicVAE, music: NoteSequence | MidiSource) -> list[NoteSequence]:
    """Return the last windows of a piece that follow each other without a gap, in their order.

    Parameters
    ----------
    model : MusicVAE
    music : NoteSequence, MIDI file, or name of a preset

    Raises
    ------
    MidiError
        If it cannot be read, or has no window for the model.

    Examples
    --------
    >>> import latentpalette as lp
    >>> song = lp.concatenate(["Bossa", "Samba", "Trap"])
    >>> len(passage_of(lp.load("drums-2bar"), song))
    3
    """
    excerpts = model.excerpts(music)
    if not excerpts:
        raise MidiError(inputs.no_windows_message(excerpts, model.name))
    hop = max(1, model.config.steps // STEPS_PER_BAR)
    passages = consecutive([excerpt.bar for excerpt in excerpts], hop)
    return [excerpts[at] for at in max(passages, key=lambda passage: excerpts[passage[-1]].bar)]


def fill(
    model: MusicVAE,
    places: Sequence[Place | None],
    *,
    temperature: float | None = TEMPERATURE,
    seed: int | None = None,
    qpm: float | None = None,
) -> list[NoteSequence]:
    """Fill the gaps of a song with music that leads from what is before them to what comes after.

    Parameters
    ----------
    model : MusicVAE
        See `compose`.
    places : sequence of NoteSequence, MIDI file of one window, name of a preset, z [shape=(z,)], or None
        The song, None for a gap; up to 256 places.
    temperature, seed
        See `compose`.
    qpm : float [quarters per minute], optional
        By default the tempo of the first place that has one, else 120.

    Returns
    -------
    list of NoteSequence
        The whole song. Music that is given stays as it is, at its own tempo or the one that is asked for; a z is
        decoded.

    Raises
    ------
    ModelError
        See `compose`; or if a place is neither music nor a latent vector.
    MidiError
        If a file cannot be read, or has no window for this model or several.

    Examples
    --------
    >>> import latentpalette as lp
    >>> model = lp.load("drums-2bar")
    >>> song = lp.fill(model, ["Bossa", None, None, "Samba"], seed=1)
    >>> song[0] == lp.presets()["Bossa"], len(song)
    (True, 4)
    """
    require_song_prior(check_model(model))
    is_list = isinstance(places, (list, tuple))  # a text or an array is no list of windows
    if not is_list or not 1 <= len(places) <= MAX_SONG:
        raise ModelError(f"A song is a list of 1 to {MAX_SONG} windows, None for a gap; got {short_repr(places)}.")
    tempo = qpm
    given: dict[int, FloatArray] = {}
    kept: dict[int, NoteSequence] = {}
    for index, place in enumerate(places):
        if place is None:
            continue
        given[index], own = inputs.resolve_z(model, place, f"Place {index + 1}")
        tempo = own if tempo is None else tempo
        if isinstance(place, NoteSequence) or is_midi_source(place):
            kept[index] = inputs.as_windows(place, model.converter, model.name)[0]
    with show_progress("Composing"):
        z = song_z(model, len(places), given, seed=seed)
        music = decode_song(model, z, temperature=temperature, seed=seed, qpm=DEFAULT_QPM if tempo is None else tempo)
    for index, window in kept.items():
        music[index] = window if qpm is None else window.replace(qpm=qpm)
    return music


def decode_song(
    model: MusicVAE, z: FloatArray, *, temperature: float | None, seed: int | None = None, qpm: float = DEFAULT_QPM
) -> list[NoteSequence]:
    """Decode the places of a song [n, z]; a window that is silent or static is decoded again, from the same z.

    Examples
    --------
    >>> import latentpalette as lp
    >>> model = lp.load("drums-2bar")
    >>> [loop.qpm for loop in decode_song(model, model.sample_z(2, seed=1), temperature=0.5, seed=1, qpm=90)]
    [90.0, 90.0]
    """
    noise = None if temperature is None else model.decode_noise(len(z), seed=seed)
    tokens, _ = rejection_sample(
        model, model.converter, z, noise, temperature=temperature, seed=seed, gibbs_steps=0, resample_z=False
    )
    return model._to_music(tokens, qpm)


def song_z(model: MusicVAE, n: int, given: dict[int, FloatArray], *, seed: int | None = None) -> FloatArray:
    """Return the latent vectors [n, z] of a song, of which some places are given.

    The prior over songs says where each window lies; the model's own prior, which has seen far more of single windows,
    then draws it again near there, as a variation.

    Parameters
    ----------
    model : MusicVAE
        With a prior over songs.
    n : int
    given : mapping of place to ndarray [shape=(z,)]
    seed : int, optional

    Raises
    ------
    ModelError
        If the model has no prior over songs.

    Examples
    --------
    >>> import latentpalette as lp
    >>> song_z(lp.load("melody-2bar"), 3, {}, seed=1).shape
    (3, 128)
    """
    z = fill_z(require_song_prior(model), n, given, seed=seed)
    made = np.array([index not in given for index in range(n)])
    if model.prior is None or not made.any():
        return z
    noise = standard_normal(seed, "z", z.shape, attempt=1)[made]
    mixture = SIMILARITY * model.prior.to_time(z[made], 1.0) + (1 - SIMILARITY) * noise
    z[made] = model.prior.from_time(mixture, SIMILARITY)
    return z


def fill_z(prior: SongPrior, n: int, given: dict[int, FloatArray], *, seed: int | None = None) -> FloatArray:
    """Return the latent vectors [n, z] of a song from a prior over songs.

    The network sees sixteen places at once. The first gap of a longer song is filled first, together with those that
    follow, from the eight places before it and what is given after it; and so on.

    Parameters
    ----------
    prior : SongPrior
    n : int
    given : mapping of place to ndarray [shape=(z,)]
    seed : int, optional

    Examples
    --------
    >>> from latentpalette.models.song_field import SongField
    >>> prior = SongPrior(SongField(2, width=8, blocks=1))
    >>> fill_z(prior, 20, {3: np.ones(2, np.float32)}, seed=1)[3].tolist()
    [1.0, 1.0]
    """
    noise = standard_normal(seed, "z", (n, prior.z_size))
    z = np.zeros_like(noise)
    is_known = np.zeros(n, bool)
    for index, vector in given.items():
        z[index], is_known[index] = vector, True
    while not is_known.all():
        first = int(np.flatnonzero(~is_known)[0])
        start = max(0, min(first - CONTEXT, n - MAX_PLACES))
        seen = slice(start, start + MAX_PLACES)
        z[seen] = prior.sample(noise[None, seen], z[None, seen], is_known[None, seen])[0]
        is_known[seen] = True
    return z


def require_song_prior(model: MusicVAE) -> SongPrior:
    """Return a model's learned prior over songs.

    Raises
    ------
    ModelError
        If it has none.
    """
    if model.songs is None:
        raise ModelError(
            f"{model.name} has no learned prior over songs; drums-2bar and melody-2bar have. Fit one with "
            "`latentpalette fit-songs`."
        )
    return model.songs
