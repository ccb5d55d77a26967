"""The presets by kind of music, and four of each for the corners of a new palette."""

from __future__ import annotations

from functools import cache

from latentpalette.errors import MusicError
from latentpalette.music.presets.arrangement import with_fill
from latentpalette.music.presets.bands import BANDS
from latentpalette.music.presets.basses import BASSES
from latentpalette.music.presets.drum_loops import DRUM_LOOPS, read_loop
from latentpalette.music.presets.grooves import groove
from latentpalette.music.presets.melodies import MELODIES
from latentpalette.music.presets.notation import read_notes
from latentpalette.music.presets.tunes import TUNES
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence, concatenate
from latentpalette.validation import check_choice, check_integer

KINDS = ("drums", "groove", "melody", "bass", "trio")
MAX_BARS = 1024

_DEFAULT_BARS = {"trio": 16}  # of the others 2


def presets(kind: str = "drums", *, bars: int | None = None) -> dict[str, NoteSequence]:
    """Return loops and tunes to start from, by name, written for this project.

    Parameters
    ----------
    kind : {"drums", "groove", "melody", "bass", "trio"}
        ``"drums"``: loops on the grid. ``"groove"``: the same as a drummer plays them, with velocities and timing.
        ``"melody"`` and ``"bass"``: one line. ``"trio"``: melody, bass and drums.
    bars : int >= 1, optional
        Length: 16 of a trio, 2 of the others by default. Longer melodies are other ones, of four phrases. Presets of
        one model, by its length: `latentpalette.models.encoding.MusicEncoder.presets`.

    Returns
    -------
    dict of str to NoteSequence

    Raises
    ------
    MusicError
        If there is no such kind, or `bars` is out of range.

    Examples
    --------
    >>> len(presets()), presets()["Boom bap"].steps
    (10, 32)
    >>> presets("melody")["Lullaby"]
    NoteSequence(8 notes, 32 steps, 120 qpm)
    >>> list(presets("melody", bars=16))[:3], presets("trio")["Rock band"].bars
    (['Harbor', 'Meadow', 'Night train'], 16)
    """
    kind = check_choice(kind, "A kind of presets", KINDS, error=MusicError)
    bars = _DEFAULT_BARS.get(kind, 2) if bars is None else bars
    return dict(_presets(kind, check_integer(bars, "bars", 1, MAX_BARS, error=MusicError)))


def default_corners(kind: str = "drums", *, bars: int | None = None) -> tuple[str, str, str, str]:
    """Return the names of the four presets at the corners of a new palette.

    They differ audibly, and the shipped models have no silent or nearly empty loop between them. Melodies and trios
    share a scale.

    Parameters
    ----------
    kind, bars
        As for `presets`.

    Examples
    --------
    >>> default_corners("trio")
    ('Rock band', 'Ballad', 'Blues band', 'Funk band')
    """
    kind = check_choice(kind, "A kind of presets", KINDS, error=MusicError)
    is_long = (bars or 2) > _SHORT_BARS
    return _TUNE_CORNERS if kind == "melody" and is_long else _CORNERS[kind]


_SHORT_BARS = 2  # up to here a melody is one of two bars
_CORNERS = {
    "drums": ("Four on the floor", "Boom bap", "Samba", "Ride and roll"),
    "groove": ("Boom bap", "Funk sixteenths", "Samba", "Ride and roll"),
    "melody": ("Evening", "Reel", "Pentatonic", "Synth hook"),
    "bass": ("Walking", "Dub", "Riff", "Lament"),
    "trio": ("Rock band", "Ballad", "Blues band", "Funk band"),
}
_TUNE_CORNERS = ("Lantern", "Hill climb", "Night train", "Sunrise")


@cache
def _presets(kind: str, bars: int) -> dict[str, NoteSequence]:
    """Return the presets of a kind and a length by name."""
    return {name: _fit(music, bars) for name, music in _written(kind, bars).items()}


@cache
def _written(kind: str, bars: int) -> dict[str, NoteSequence]:
    """Return what is written for a length: two bars, or, for a longer one, what has a form."""
    is_long = bars > _SHORT_BARS
    if kind == "drums":
        loops = {name: read_loop(tab) for name, tab in DRUM_LOOPS.items()}
        return {name: with_fill(concatenate([loop, loop])) if is_long else loop for name, loop in loops.items()}
    if kind == "groove":
        return {name: groove(name) for name in DRUM_LOOPS}
    if kind == "melody" and is_long:
        return {name: tune.notes() for name, tune in TUNES.items()}
    if kind == "trio":
        return {name: band.notes() for name, band in BANDS.items()}
    return {name: read_notes(text) for name, text in (MELODIES if kind == "melody" else BASSES).items()}


def _fit(music: NoteSequence, bars: int) -> NoteSequence:
    """Return the first bars of a piece, repeated where it is shorter."""
    steps = bars * STEPS_PER_BAR
    return concatenate([music] * -(-steps // music.steps)).slice(0, steps)
