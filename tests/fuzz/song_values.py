"""Values of songs: tables and answers of a catalog that are damaged, or were none."""

from __future__ import annotations

import csv
import io
import json
import math
from contextlib import suppress
from pathlib import Path

from latentpalette.data.song_values import read_song_values, write_song_values
from latentpalette.data.spotify_values import AnswerCache, read_song_requests
from latentpalette.errors import LatentPaletteError
from tests.fuzz.harness import Folders, Outcome
from tests.fuzz.mutations import Random, chance, damage, damage_json, json_text, pick
from tests.fuzz.texts import random_name

_FIELDS = ("1.5", "", "0", "-3e8", "nan", "inf", "1e400", "1,5", "0x10", "1_0", " 2 ", "high", "\u0663", '"', "9" * 400)
_MARKS = (b"song", b",", b'"', b"\n", b"1.5")


def fuzz_values(rng: Random, folders: Folders) -> Outcome:
    """A table of values is read, and written and read the same, or refused; what is read is finite."""
    path = folders.inside / pick(rng, ("values.csv", "values.json"))
    if path.suffix == ".csv":
        data = _table(
            rng,
            ["song", *(random_name(rng) if chance(rng, 0.1) else f"x{n}" for n in range(int(rng.integers(4))))],
            _FIELDS,
        )
    else:
        songs = {f"{n}.mid": {"danceability": float(rng.random()), "swing": None} for n in range(3)}
        data = json_text(rng, damage_json(rng, songs) if chance(rng, 0.7) else songs)
    path.write_bytes(damage(rng, data, marks=_MARKS) if chance(rng, 0.3) else data)
    values = read_song_values(path)
    assert all(math.isfinite(value) for known in values.songs.values() for value in known.values())
    assert repr(values)
    for name in values.columns[:2]:
        with suppress(LatentPaletteError):  # none of the songs has a value
            values.look_up(name, [*list(values.songs)[:3], random_name(rng)])
    again = read_song_values(write_song_values(folders.inside / "again.csv", values.songs))
    assert again.songs == values.songs
    return "read"


def fuzz_requests(rng: Random, folders: Folders) -> Outcome:
    """A list of songs to look for, and a cache of answers, are read or refused."""
    path = folders.inside / "songs.csv"
    data = _table(
        rng, ["song", "isrc", "artist", "title"], ("USSM15900113", "us-sm1-59-00113", "", "So What", random_name(rng))
    )
    path.write_bytes(damage(rng, data, marks=_MARKS) if chance(rng, 0.5) else data)
    cache = folders.inside / "cache.json"
    track = {"id": "1", "title": "So What", "artists": ["Miles Davis"], "isrc": ""}
    content = {"format": 1, "matches": {"a": {"track": track, "confidence": 1}, "b": None}, "danceability": {"1": 0.5}}
    cache.write_bytes(json_text(rng, damage_json(rng, content)) if chance(rng, 0.8) else json.dumps(content).encode())
    if chance(rng, 0.5):
        _read_cache(cache)
    else:
        read_song_requests(path)
    return "read"


def _read_cache(path: Path) -> None:
    cache = AnswerCache(path)
    assert all(value is None or 0 <= value <= 1 for value in cache.values.values())
    cache.add_values({"2": None})
    cache.save()
    AnswerCache(path)


def _table(rng: Random, header: list[str], fields: tuple[str, ...]) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator=pick(rng, ("\n", "\r\n")))
    rows.writerow(header)
    for number in range(int(rng.integers(6))):
        width = len(header) - 1 if chance(rng, 0.95) else int(rng.integers(6))
        song = f"song {number}.mid" if chance(rng, 0.97) else random_name(rng)
        rows.writerow([song, *(pick(rng, fields) if chance(rng, 0.2) else "1.5" for _ in range(width))])
    return text.getvalue().encode("utf-8", "surrogatepass")
