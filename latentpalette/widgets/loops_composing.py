"""Places that a song of Latent Loops goes on with, composed by the model's learned prior over songs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from latentpalette.models.composing import CONTEXT, TEMPERATURE, decode_song, song_z
from latentpalette.models.network import FloatArray
from latentpalette.progress.parts import Task
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.loops_song import turns_of
from latentpalette.widgets.model_clips import ModelClips

_SEEN = 2 * CONTEXT  # windows that are read of what comes before, or after: of a repeated place each turn is one
_DRAWING_WORK = 1_500  # of the z of a song; see `latentpalette.progress.parts`


def can_compose(music: ModelClips) -> bool:
    """Return True if a model has a learned prior over songs."""
    return music.model.songs is not None


def compose_between(
    music: ModelClips, places: Sequence[dict[str, Any]], at: int, count: int, seed: int | None
) -> Task[list[Clip]]:
    """Return loops that lead on from the places before an index, and to those from it on.

    Parameters
    ----------
    music : ModelClips
        Of a model of melodies with a learned prior over songs.
    places : sequence of dict
        As the trait `places` has them. Their drums are not heeded.
    at : int [0 to len(places)]
    count : int
    seed : int, optional
    """
    stream = music.streams[0]
    turns = [turns_of({**place, "drums": None}, stream.low, stream.high) for place in places]
    before = [turn for own in turns[:at] for turn in own][-_SEEN:]
    after = [turn for own in turns[at:] for turn in own][:_SEEN]
    given = dict(enumerate(before)) | dict(enumerate(after, len(before) + count))
    known = [index for index, turn in given.items() if len(turn.notes)]  # silence says nothing of where a song goes
    z: dict[int, FloatArray] = {}
    if known:
        posterior = yield from music.encode_in_parts([given[index] for index in known])
        z = dict(zip(known, posterior.mu, strict=True))
    yield _DRAWING_WORK
    song = song_z(music.model, len(given) + count, z, seed=seed)
    composed = song[len(before) : len(before) + count]
    yield count * music.clip_work
    return [music.clip(each) for each in decode_song(music.model, composed, temperature=TEMPERATURE, seed=seed)]


def composed_label(seed: int | None) -> str:
    """Return the label of a place that is composed."""
    return "Composed" if seed is None else f"Composed #{seed}"
