"""The code and the commands of docs/danceability.md run as they stand, Spotify's against a local server."""

from __future__ import annotations

import shlex

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.data import spotify
from tests.cli.runner import run_ok
from tests.conftest import REPOSITORY
from tests.data.spotify_server import ID, SECRET, SpotifyServer, serving, track
from tests.docs.pages import code_blocks, links

PAGE = REPOSITORY / "docs" / "danceability.md"
COMMANDS = [shlex.split(line)[1:] for code in code_blocks(PAGE, "sh") for line in code.splitlines() if line]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with two songs and the list that the page shows."""
    monkeypatch.chdir(tmp_path)
    lp.presets()["Bossa"].save("my_songs/a.mid")
    lp.presets("melody")["Lullaby"].save("my_songs/b.mid")
    (shown,) = [code for code in PAGE.read_text(encoding="utf-8").split("```") if code.startswith("\nsong,isrc")]
    (tmp_path / "songs.csv").write_text(shown.lstrip())
    return tmp_path


def test_the_commands_make_the_table_that_the_code_reads(folder):
    for command in COMMANDS:
        if command[0] == "danceability":
            run_ok(*command, "--workers", 0)
    names: dict = {}
    for code in code_blocks(PAGE, "python"):
        exec(compile(code, str(PAGE), "exec"), names)
    assert names["values"].columns == ("danceability", "drums")
    assert list(names["values"].column("drums")) == ["my_songs/a.mid"]
    assert np.isnan(names["found"].values).tolist() == [False, True]


def test_the_list_for_spotify_is_answered(folder, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("SPOTIPY_CLIENT_ID", ID)
    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", SECRET)
    tracks = [track("1", "So What", "Miles Davis", isrc="USSM15900113"), track("2", "Take Five", "Dave Brubeck")]
    with serving(SpotifyServer(tracks, {"1": 0.6, "2": 0.4})) as server:
        monkeypatch.setattr(spotify, "API_URL", f"{server.url}v1/")
        monkeypatch.setattr(spotify, "ACCOUNTS_URL", server.url)
        for command in COMMANDS:
            if command[0] == "spotify-danceability":
                run_ok(*command)
    values = lp.data.read_song_values("values.csv").column("spotify_danceability")
    assert values == {"my_songs/a.mid": 0.6, "my_songs/b.mid": 0.4}
    assert (folder / "found.csv").exists()
    assert (folder / "values.spotify.json").exists()


def test_the_page_has_that_spotify_is_closed_before_its_command():
    text = PAGE.read_text(encoding="utf-8")
    assert text.index("## From Spotify") < text.index("**Closed to new applications.**") < text.index("spotify-danceab")


@pytest.mark.parametrize("target", links(PAGE))
def test_a_link_leads_to_a_file(target):
    assert (PAGE.parent / target).exists()
