"""Danceability of songs from Spotify, with a cache of everything that Spotify answered."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from latentpalette.data.members import MAX_NAME_LENGTH
from latentpalette.data.song_matching import Match, SongRequest, Track, best_match, clean_isrc
from latentpalette.data.song_rows import SongRows, read_text
from latentpalette.errors import TrainingError, suggest
from latentpalette.files import expand_path, path_exists, short_path, write_text
from latentpalette.validation import check_number, short_repr

COLUMNS = ("isrc", "artist", "title")
FORMAT = 1
_BATCH = 100  # songs between two requests for values: as many as one answers
_MAX_FIELD = 1000  # characters of an artist or a title


class Catalog(Protocol):
    """Something that finds tracks and tells their danceability, as `latentpalette.data.spotify.SpotifyCatalog`."""

    def search_isrc(self, isrc: str) -> list[Track]:
        """Return the tracks with an ISRC."""
        ...

    def search_title(self, artist: str, title: str) -> list[Track]:
        """Return tracks of about this artist and title."""
        ...

    def danceability(self, ids: Sequence[str]) -> dict[str, float | None]:
        """Return the danceability of up to 100 tracks."""
        ...


@dataclass(frozen=True)
class SongAnswer:
    """A song with what the catalog has for it.

    Parameters
    ----------
    song : str
    match : Match, optional
        None if nothing was found.
    value : float, optional [0 to 1]
        None if the confidence of the match is too small, or the catalog has no value.
    """

    song: str
    match: Match | None
    value: float | None


def read_song_requests(path: str | os.PathLike[str]) -> list[SongRequest]:
    """Read a CSV of songs to look for: ``song`` with ``isrc``, or ``artist`` and ``title``; other columns are ignored.

    Raises
    ------
    TrainingError
        If there is no such file, it is damaged or lacks the columns, a song is there twice, or has neither a valid ISRC
        nor both artist and title.
    """
    path = expand_path(path)
    origin = short_path(path)
    rows = SongRows(read_text(path), origin)
    if "isrc" not in rows.columns and not {"artist", "title"} <= set(rows.columns):
        hint = next(filter(None, (suggest(name, COLUMNS) for name in rows.columns)), "")
        raise TrainingError(f"{origin}, line 1: the columns are song and isrc, or song, artist and title.{hint}")
    requests: dict[str, SongRequest] = {}
    for place, song, fields in rows:
        request = SongRequest(song, *(fields.get(name, "") for name in COLUMNS))
        if not song.strip() or len(song) > MAX_NAME_LENGTH or not song.isprintable():
            raise TrainingError(f"{origin}, {place}: a song has a printable name; got {short_repr(song)}.")
        if song in requests:
            raise TrainingError(f"{origin}, {place}: {short_repr(song)} is there twice. Keep one of them.")
        if request.isrc and clean_isrc(request.isrc) is None:
            raise TrainingError(f"{origin}, {place}: an ISRC is like US-S1Z-99-00001; got {short_repr(request.isrc)}.")
        if not request.isrc and not (request.artist and request.title):
            raise TrainingError(f"{origin}, {place}: a song has an isrc, or an artist and a title.")
        if max(len(request.artist), len(request.title)) > _MAX_FIELD:
            raise TrainingError(f"{origin}, {place}: an artist and a title have up to {_MAX_FIELD} characters.")
        requests[song] = request
    return list(requests.values())


def fetch_danceability(
    requests: Iterable[SongRequest], catalog: Catalog, cache: AnswerCache, *, min_confidence: float
) -> Iterator[SongAnswer]:
    """Yield the answers for songs in their order; what the cache has is not asked again.

    Parameters
    ----------
    requests : iterable of SongRequest
    catalog : Catalog
    cache : AnswerCache
        It is saved after each hundred songs, and before an error is passed on.
    min_confidence : float [0 to 1]
        Of a match whose value counts.

    Raises
    ------
    ServiceError
        If the catalog refuses or does not answer.
    """
    batch: list[SongRequest] = []
    for request in requests:
        batch.append(request)
        # Whether values are given at all is known after the first song that is found, not after a hundred searches.
        if len(batch) >= (_BATCH if cache.values else 1):
            yield from _answer(batch, catalog, cache, min_confidence)
            batch = []
    yield from _answer(batch, catalog, cache, min_confidence)


def _answer(
    batch: list[SongRequest], catalog: Catalog, cache: AnswerCache, min_confidence: float
) -> Iterator[SongAnswer]:
    try:
        matches = [cache.find(request, catalog) for request in batch]
        good = [match for match in matches if match is not None and match.confidence >= min_confidence]
        ids = dict.fromkeys(match.track.id for match in good if match.track.id not in cache.values)
        for start in range(0, len(ids), _BATCH):
            cache.add_values(catalog.danceability(list(ids)[start : start + _BATCH]))
    finally:
        cache.save()
    for request, match in zip(batch, matches, strict=True):
        is_good = match is not None and match.confidence >= min_confidence
        yield SongAnswer(request.song, match, cache.values.get(match.track.id) if match and is_good else None)


class AnswerCache:
    """All answers of a catalog, in a JSON file that is replaced as a whole.

    Parameters
    ----------
    path : Path
        Read if it exists.

    Raises
    ------
    TrainingError
        If there is such a file and it is no cache.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.values: dict[str, float | None] = {}
        self._matches: dict[str, Match | None] = {}
        self._is_changed = False
        if path_exists(path):
            try:
                self._read(json.loads(read_text(path)))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
                raise TrainingError(
                    f"{short_path(path)}: no cache of answers ({type(problem).__name__}). Remove it, and what it "
                    "had is asked again."
                ) from problem

    def find(self, request: SongRequest, catalog: Catalog) -> Match | None:
        """Return the best match of a song, of the catalog only if it was not sought before."""
        key = json.dumps([request.isrc, request.artist, request.title], ensure_ascii=False)
        if key not in self._matches:
            self._matches[key] = _find(request, catalog)
            self._is_changed = True
        return self._matches[key]

    def add_values(self, values: Mapping[str, float | None]) -> None:
        """Add the danceability of tracks."""
        self.values.update(values)
        self._is_changed = True

    def save(self) -> None:
        """Write the file if there is something new."""
        if self._is_changed:
            matches = {key: None if match is None else asdict(match) for key, match in self._matches.items()}
            content = {"format": FORMAT, "matches": matches, "danceability": self.values}
            write_text(self._path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
            self._is_changed = False

    def _read(self, content: Any) -> None:
        if content["format"] != FORMAT:
            raise ValueError(content["format"])
        for key, match in content["matches"].items():
            self._matches[key] = None if match is None else _read_match(match)
        for name, value in content["danceability"].items():
            self.values[name] = None if value is None else check_number(value, "A danceability", 0, 1)


def _find(request: SongRequest, catalog: Catalog) -> Match | None:
    isrc = clean_isrc(request.isrc)
    match = best_match(request, catalog.search_isrc(isrc)) if isrc else None
    if (match is None or match.confidence < 1) and request.artist and request.title:
        by_title = best_match(request, catalog.search_title(request.artist, request.title))
        if match is None or (by_title is not None and by_title.confidence > match.confidence):
            return by_title
    return match


def _read_match(match: Any) -> Match:
    track = match["track"]
    texts = (track["id"], track["title"], track["isrc"], *track["artists"])
    if not all(isinstance(text, str) for text in texts) or not isinstance(track["artists"], list):
        raise TypeError(track)
    found = Track(track["id"], track["title"], tuple(track["artists"]), track["isrc"])
    return Match(found, check_number(match["confidence"], "A confidence", 0, 1))
