"""MIDI files that are dropped on an instrument: their loops, and their tracks to choose from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from latentpalette.errors import PaletteError
from latentpalette.music import midi
from latentpalette.music.score import Score
from latentpalette.music.track_choice import NO_CHOICE, TrackChoice, select_tracks
from latentpalette.music.track_list import TrackInfo, list_tracks
from latentpalette.widgets.corners import FileLoops, NoLoopError, read_loops
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.windows.track_selection import ADVICE

MELODY, DRUMS = "melody", "drums"
MAX_TRACKS = 100  # that are listed
MAX_NAME_LENGTH = 60  # [characters]


def read_dropped(
    music: ModelClips, data: bytes, name: str, track: int | None = None, choice: TrackChoice = NO_CHOICE
) -> dict[str, Any]:
    """Read the loops of a MIDI file, and list its tracks; the page of an instrument answers alike.

    Parameters
    ----------
    music : ModelClips
    data : bytes
        The file.
    name : str
        Its name, for messages.
    track : int, optional
        The number of the track that is read: as the melody, or as drums where the model plays nothing else. Default:
        what `choice` says, or else the best.
    choice : TrackChoice
        The tracks that the instrument reads of its files.

    Returns
    -------
    dict
        `windows` are the loops, `left_out` says what is in none of them; see `tracks_to_json` for the rest.

    Raises
    ------
    LatentPaletteError
        If the file cannot be read, or has no such track.
    """
    if not data:
        raise PaletteError(f"{name} is empty: there is no music in it.")
    takes = DRUMS if all(stream.is_drum for stream in music.streams) else MELODY
    if track is not None:
        choice = TrackChoice(drums=track) if takes == DRUMS else dataclasses.replace(choice, track=track)
    score = midi.read_score(data)
    melody = None
    try:
        found = read_loops(music, score, choice)
        response = _loops_to_json(found)
        melody = found.melody
    except NoLoopError as error:
        response = {"windows": [], "left_out": _without_advice(error.reasons) or [f"{name} is empty"]}
    read = [melody] if melody else _tracks_for(takes, select_tracks(score, choice))
    chosen = track or (read[0].number if len(read) == 1 else None)
    return response | tracks_to_json(list_tracks(score), takes, chosen)


def tracks_to_json(tracks: Sequence[TrackInfo], takes: str, chosen: int | None) -> dict[str, Any]:
    """Return the tracks of a file as the browser offers them.

    Parameters
    ----------
    tracks : list of TrackInfo
        All of them.
    takes : "melody" or "drums"
        What a track is read as.
    chosen : int or None
        The number of the one that is read; None where there are several, or none.

    Returns
    -------
    dict
        `tracks` are at most `MAX_TRACKS`, and the one that is read; `more_tracks` counts the others. `takes` and
        `track` are the arguments.
    """
    listed = [track for index, track in enumerate(tracks) if index < MAX_TRACKS or track.number == chosen]
    entries = [
        {
            "number": track.number,
            "name": track.name[:MAX_NAME_LENGTH],
            "instrument": track.instrument[:MAX_NAME_LENGTH],
            "notes": track.notes,
            "is_drum": track.is_drum,
        }
        for track in listed
    ]
    return {"tracks": entries, "more_tracks": len(tracks) - len(listed), "takes": takes, "track": chosen}


def _loops_to_json(found: FileLoops) -> dict[str, Any]:
    windows = [
        {
            "label": loop.label.partition(", ")[2],
            "clip": loop.clip.to_json(),
            "qpm": loop.qpm,
            "left_out": _without_advice(loop.left_out),
        }
        for loop in found.loops
    ]
    return {"windows": windows, "left_out": _without_advice(found.left_out)}


def _without_advice(reasons: Iterable[str]) -> list[str]:
    """Return reasons without what to do in Python for another track: the browser offers the tracks."""
    return [
        reason.removesuffix(" melody").removesuffix(f"; {ADVICE}") if ADVICE in reason else reason for reason in reasons
    ]


def _tracks_for(takes: str, score: Score) -> list[TrackInfo]:
    return [track for track in list_tracks(score) if track.is_drum == (takes == DRUMS)]
