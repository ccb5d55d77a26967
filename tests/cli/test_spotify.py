"""`latentpalette spotify-danceability`: it says first that Spotify is closed, and works for those who may."""

from __future__ import annotations

import csv

import pytest

from latentpalette.data import spotify
from latentpalette.data.song_values import read_song_values
from latentpalette.errors import ServiceError, TrainingError
from tests.cli.runner import failure, run, run_ok
from tests.data.spotify_server import ID, SECRET, SpotifyServer, serving, track

SO_WHAT = track("1", "So What", "Miles Davis", isrc="USSM15900113")
SONGS = (
    "song,isrc,artist,title\njazz/a.mid,USSM15900113,,\njazz/b.mid,,Miles Davies,So Wat\njazz/c.mid,,Nobody,Nothing\n"
)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("SPOTIPY_CLIENT_ID", ID)
    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", SECRET)
    with serving(SpotifyServer([SO_WHAT], {"1": 0.61})) as running:
        monkeypatch.setattr(spotify, "API_URL", f"{running.url}v1/")
        monkeypatch.setattr(spotify, "ACCOUNTS_URL", running.url)
        yield running


@pytest.fixture
def songs(tmp_path):
    path = tmp_path / "songs.csv"
    path.write_text(SONGS)
    return path


def test_the_values_go_into_a_table_with_a_report_of_what_was_found(server, songs, tmp_path):
    out, report = tmp_path / "values.csv", tmp_path / "report.csv"
    out.write_text("song,danceability\njazz/a.mid,1.5\n")
    nothing = (200, {}, {"tracks": {"items": []}})
    near = (200, {}, {"tracks": {"items": [SO_WHAT]}})
    values = (200, {}, {"audio_features": [{"danceability": 0.61}]})
    server.refusals = [(200, {}, {"tracks": {"items": [SO_WHAT]}}), values, near, nothing, nothing]
    output = run_ok("spotify-danceability", songs, "--out", out, "--report", report, "--min-confidence", 0.95)
    assert "spotify_danceability of 1 song" in output
    assert "jazz/b.mid: not sure; the nearest is 'So What' by Miles Davis, confidence 0.8" in output
    assert "jazz/c.mid: not found" in output
    assert read_song_values(out).songs["jazz/a.mid"] == {"danceability": 1.5, "spotify_danceability": 0.61}
    rows = list(csv.DictReader(report.read_text(encoding="utf-8").splitlines()))
    assert [(row["song"], row["track"], row["danceability"]) for row in rows] == [
        ("jazz/a.mid", "1", "0.61"),
        ("jazz/b.mid", "1", ""),
        ("jazz/c.mid", "", ""),
    ]
    assert (tmp_path / "values.spotify.json").exists()


def test_a_new_application_learns_that_it_gets_nothing_and_what_to_do(server, songs, tmp_path):
    server.is_closed = True
    problem = failure("spotify-danceability", songs, "--out", tmp_path / "values.csv")
    assert isinstance(problem, ServiceError)
    assert "closed the danceability of tracks" in str(problem)
    assert "27 November 2024" in str(problem)
    assert "latentpalette danceability SOURCES --out values.csv" in str(problem)


@pytest.mark.parametrize("name", ["SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET"])
def test_missing_credentials_are_named_before_anything_is_asked(server, songs, tmp_path, monkeypatch, name):
    monkeypatch.delenv(name)
    problem = failure("spotify-danceability", songs, "--out", tmp_path / "values.csv")
    assert f"Set {name} in the environment" in str(problem)
    assert "One made since 27 November 2024 gets no danceability" in str(problem)
    assert server.requests == []
    assert not (tmp_path / "values.csv").exists()


def test_a_list_or_a_cache_that_is_none_is_refused_before_anything_is_asked(server, songs, tmp_path):
    cache = tmp_path / "cache.json"
    cache.write_text("{}")
    arguments = ["spotify-danceability", songs, "--out", tmp_path / "values.csv"]
    assert "no cache of answers" in str(failure(*arguments, "--cache", cache))
    songs.write_text("song,artist\n")
    assert isinstance(failure(*arguments), TrainingError)
    assert server.requests == []


def test_the_help_says_first_that_it_is_closed():
    text = " ".join(run("spotify-danceability", "--help").output.split())
    closed, estimate = (
        text.index("closed to applications made since 27 November 2024"),
        text.index("danceability`, which"),
    )
    assert closed < estimate < text.index("SPOTIPY_CLIENT_ID")
    commands = " ".join(run("--help").output.replace("\N{BOX DRAWINGS LIGHT VERTICAL}", " ").split())
    assert "closed to applications made since 27 November 2024" in commands
