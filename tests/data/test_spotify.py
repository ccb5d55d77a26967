"""Spotify's Web API through spotipy, against a server that answers as it does."""

from __future__ import annotations

import sys

import pytest

from latentpalette.data import spotify
from latentpalette.data.song_matching import SongRequest, Track
from latentpalette.data.spotify import SpotifyCatalog
from latentpalette.data.spotify_values import AnswerCache, fetch_danceability, read_song_requests
from latentpalette.errors import ServiceError, TrainingError
from tests.data.spotify_server import ID, SECRET, SpotifyServer, serving, track

SO_WHAT = track("1", "So What - Remastered", "Miles Davis", isrc="USSM15900113")
LIVE = track("2", "So What (Live)", "Miles Davis")
TAKE_FIVE = track("3", "Take Five", "The Dave Brubeck Quartet", isrc="USSM15900229")
BUSY = (429, {"Retry-After": "7"}, {"error": {"status": 429, "message": "API rate limit exceeded"}})
BROKEN = (503, {}, b"<html>Service Unavailable</html>")


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(SpotifyServer([SO_WHAT, LIVE, TAKE_FIVE], {"1": 0.61, "3": 0.45})) as running:
        monkeypatch.setattr(spotify, "API_URL", f"{running.url}v1/")
        monkeypatch.setattr(spotify, "ACCOUNTS_URL", running.url)
        yield running


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def catalog(server, pauses):
    with SpotifyCatalog(ID, SECRET, wait=pauses.append) as opened:
        yield opened


def fetch(requests, catalog, path, **settings):
    cache = AnswerCache(path)
    return list(fetch_danceability(requests, catalog, cache, **{"min_confidence": 0.8, **settings}))


def test_a_search_by_isrc_or_by_title_has_tracks(catalog):
    assert catalog.search_isrc("USSM15900113") == [Track("1", "So What - Remastered", ("Miles Davis",), "USSM15900113")]
    assert [found.id for found in catalog.search_title('Miles "X" Davis', "So What")] == []
    assert [found.id for found in catalog.search_title("Miles Davis", "So What")] == ["1", "2"]


def test_a_token_is_asked_for_once_and_written_nowhere(catalog, server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(3):
        catalog.search_isrc("USSM15900113")
    assert server.requests.count("/api/token") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_title_that_the_fields_do_not_find_is_sought_by_its_words(catalog, server):
    server.refusals = [(200, {}, {"tracks": {"items": []}})]
    assert [found.id for found in catalog.search_title("Brubeck", "Take Five")] == ["3"]
    assert [path for path in server.requests if "search" in path][-1].startswith("/v1/search?q=Take+Five+Brubeck&")


def test_the_danceability_of_tracks_is_none_where_spotify_has_none(catalog):
    assert catalog.danceability(["1", "2", "3"]) == {"1": 0.61, "2": None, "3": 0.45}


def test_spotify_is_given_the_time_that_it_asks_for(catalog, server, pauses):
    server.refusals = [BUSY, BUSY]
    assert catalog.danceability(["1"]) == {"1": 0.61}
    assert pauses == [7, 7]


def test_if_it_asks_for_a_day_the_command_ends_and_says_so(catalog, server, pauses):
    server.refusals = [(429, {"Retry-After": "86400"}, {"error": {"status": 429}})]
    with pytest.raises(ServiceError, match=r"asks to wait for 24\.0 hours\. What was found is kept"):
        catalog.danceability(["1"])
    assert pauses == []


def test_if_its_servers_fail_it_is_asked_again_with_longer_pauses(catalog, server, pauses):
    server.refusals = [BROKEN, (500, {}, b""), (429, {}, {"error": {"status": 429}})]
    assert catalog.danceability(["1"]) == {"1": 0.61}
    assert pauses == [1, 2, 4]


def test_if_they_fail_for_good_the_command_ends(catalog, server, pauses):
    server.refusals = [BROKEN] * 10
    with pytest.raises(ServiceError, match=r"refuses a request with 503.*call the same command again later"):
        catalog.danceability(["1"])
    assert pauses == [1, 2, 4, 8, 16]


def test_if_nobody_answers_the_command_ends(catalog, monkeypatch):
    with serving(SpotifyServer([], {})) as gone:
        monkeypatch.setattr(spotify, "API_URL", f"{gone.url}v1/")
        monkeypatch.setattr(spotify, "ACCOUNTS_URL", gone.url)
    with (
        SpotifyCatalog(ID, SECRET, wait=lambda _: None) as alone,
        pytest.raises(ServiceError, match=r"Spotify cannot be reached \(ConnectionError\)"),
    ):
        alone.search_isrc("USSM15900113")


def test_new_applications_learn_that_the_endpoint_is_closed_to_them(catalog, server):
    server.is_closed = True
    assert catalog.search_isrc("USSM15900113")
    with pytest.raises(
        ServiceError, match=r"closed .* on 27 November 2024, .* 403\. Estimate .* latentpalette danceab"
    ):
        catalog.danceability(["1"])


def test_another_refusal_is_passed_on_in_its_words(catalog, server):
    server.refusals = [(403, {}, {"error": {"status": 403, "message": "Active premium subscription required"}})]
    with pytest.raises(ServiceError, match="with 403: 'Active premium subscription required'"):
        catalog.search_isrc("USSM15900113")


def test_wrong_credentials_are_named_and_not_shown(server):
    refused = pytest.raises(ServiceError, match=r"SPOTIPY_CLIENT_SECRET \(invalid_client\)")
    with SpotifyCatalog(ID, "guessed-secret") as stranger, refused as problem:
        stranger.search_isrc("USSM15900113")
    assert "guessed-secret" not in str(problem.value)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"",
        [],
        "text",
        {"tracks": None},
        {"tracks": {"items": 5}},
        {"audio_features": []},
        {"audio_features": 1},
    ],
)
def test_an_answer_of_another_kind_is_an_error_in_our_words(catalog, server, content):
    for ask in (lambda: catalog.search_isrc("USSM15900113"), lambda: catalog.danceability(["1"])):
        server.refusals = [(200, {}, content)]
        with pytest.raises(ServiceError, match="Spotify answers"):
            ask()


def test_items_of_another_kind_are_no_tracks(catalog, server):
    items = [
        None,
        5,
        {},
        {"id": 5, "name": "x"},
        {"id": "1", "name": "x", "artists": [5, {"name": 5}], "external_ids": 5},
    ]
    server.refusals = [(200, {}, {"tracks": {"items": items}})]
    assert catalog.search_isrc("USSM15900113") == [Track("1", "x", ())]


@pytest.mark.parametrize("value", [None, "0.5", True, -0.1, 1.5, [0.5]])
def test_a_value_of_another_kind_is_none(catalog, server, value):
    server.refusals = [(200, {}, {"audio_features": [{"id": "1", "danceability": value}]})]
    assert catalog.danceability(["1"]) == {"1": None}


def test_without_spotipy_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "spotipy", None)
    with pytest.raises(ServiceError, match=r"pip install 'latentpalette\[spotify\]'"):
        SpotifyCatalog(ID, SECRET)


REQUESTS = [
    SongRequest("a.mid", isrc="US-SM1-59-00113"),
    SongRequest("b.mid", artist="Dave Brubeck Quartet", title="Take five"),
    SongRequest("c.mid", artist="Nobody", title="Nothing"),
    SongRequest("d.mid", isrc="USXXX0000000", artist="Miles Davis", title="So What Live"),
]


def test_songs_have_values_where_they_are_found_with_confidence(catalog, tmp_path):
    answers = fetch(REQUESTS, catalog, tmp_path / "cache.json")
    assert [(answer.song, answer.value) for answer in answers] == [
        ("a.mid", 0.61),
        ("b.mid", 0.45),
        ("c.mid", None),
        ("d.mid", None),  # Spotify has no value for the live recording
    ]
    assert [answer.match and answer.match.track.id for answer in answers] == ["1", "3", None, "2"]
    assert [answer.match and answer.match.confidence for answer in answers] == [1, 1, None, 1]


def test_a_song_that_is_not_sure_has_no_value_but_its_nearest_match(catalog, server, tmp_path):
    server.refusals = [(200, {}, {"tracks": {"items": [LIVE, SO_WHAT]}})]
    request = SongRequest("e.mid", artist="Miles Davies", title="So What?!")
    (strict,) = fetch([request], catalog, tmp_path / "cache.json", min_confidence=0.99)
    assert strict.value is None
    assert strict.match.track.id == "1"
    (lenient,) = fetch([request], catalog, tmp_path / "cache.json", min_confidence=0.8)
    assert lenient.value == 0.61


def test_what_was_answered_is_not_asked_again(catalog, server, tmp_path):
    first = fetch(REQUESTS, catalog, tmp_path / "cache.json")
    server.requests.clear()
    assert fetch(REQUESTS, catalog, tmp_path / "cache.json") == first
    assert server.requests == []


def test_values_are_asked_for_a_hundred_at_a_time(catalog, server, tmp_path):
    server.tracks = [track(str(n), f"Song {n:03}", "Ann") for n in range(250)]
    server.danceability = {str(n): 0.5 for n in range(250)}
    requests = [SongRequest(f"{n}.mid", artist="Ann", title=f"Song {n:03}") for n in range(250)]
    answers = fetch(requests, catalog, tmp_path / "cache.json")
    assert all(answer.value == 0.5 for answer in answers)
    asked = [path.count("%2C") + path.count(",") + 1 for path in server.requests if "audio-features" in path]
    assert asked == [1, 100, 100, 49]


def test_whether_spotify_gives_values_is_known_after_the_first_song(catalog, server, tmp_path):
    server.is_closed = True
    with pytest.raises(ServiceError, match="closed"):
        fetch(REQUESTS, catalog, tmp_path / "cache.json")
    assert len([path for path in server.requests if "search" in path]) == 1


def test_an_interrupted_run_goes_on_where_it_stopped(catalog, server, tmp_path):
    path = tmp_path / "cache.json"
    server.refusals = [(429, {"Retry-After": "5000"}, {})]
    server.refusals = [(200, {}, {"tracks": {"items": [SO_WHAT]}}), *server.refusals]
    with pytest.raises(ServiceError, match="asks to wait"):
        fetch(REQUESTS, catalog, path)
    server.requests.clear()
    assert [answer.value for answer in fetch(REQUESTS, catalog, path)] == [0.61, 0.45, None, None]
    assert not any("USSM15900113" in request for request in server.requests)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "5",
        "{}",
        '{"format": 2, "matches": {}, "danceability": {}}',
        '{"format": 1, "matches": [], "danceability": {}}',
        '{"format": 1, "matches": {"a": 5}, "danceability": {}}',
        '{"format": 1, "matches": {}, "danceability": {"1": 7}}',
        '{"format": 1, "matches": {}, "danceability": {"1": NaN}}',
        '{"format": 1, "matches": {"a": {"track": {"id": 5, "title": "", "artists": [], "isrc": ""}}}}',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_no_cache_is_refused(tmp_path, content):
    (tmp_path / "cache.json").write_text(content)
    with pytest.raises(TrainingError, match=r"cache\.json: no cache of answers .*Remove it"):
        AnswerCache(tmp_path / "cache.json")


def test_a_list_of_songs_has_an_isrc_or_an_artist_and_a_title(tmp_path):
    (tmp_path / "songs.csv").write_text(
        "song,isrc,artist,title,year\na.mid,USSM15900113,,,1959\nb.mid,, Ann ,So what,\n"
    )
    assert read_song_requests(tmp_path / "songs.csv") == [
        SongRequest("a.mid", "USSM15900113"),
        SongRequest("b.mid", "", "Ann", "So what"),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("song,artst,title\n", r"line 1: the columns are song and isrc, .*Did you mean 'artist'\?"),
        ("song,isrc\na.mid,USSM1590\n", "line 2: an ISRC is like .* got 'USSM1590'"),
        ("song,isrc\na.mid,\n", "line 2: a song has an isrc, or"),
        ("song,artist,title\na.mid,Ann,\n", "line 2: a song has an isrc, or"),
        ("song,artist,title\na.mid,Ann,x\na.mid,Ann,x\n", "line 3: 'a.mid' is there twice"),
        (f"song,artist,title\na.mid,Ann,{'x' * 1001}\n", "line 2: .* up to 1000 characters"),
        ("song,artist,title\n,Ann,x\n", "line 2: a song has a printable name"),
        ("", "line 1: the columns are 'song'"),
    ],
)
def test_a_list_that_is_none_is_refused_with_its_line(tmp_path, content, problem):
    (tmp_path / "songs.csv").write_text(content)
    with pytest.raises(TrainingError, match=problem):
        read_song_requests(tmp_path / "songs.csv")
