"""Spotify's Web API: the only place of the package that uses the network, and only when its command is called.

On 27 November 2024 Spotify closed the endpoint that tells the danceability of tracks, audio-features, to new
applications (https://developer.spotify.com/blog/2024-11-27-changes-to-the-web-api). It answers them with 403.
"""

from __future__ import annotations

import contextlib
import logging
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar

from latentpalette.data.song_matching import Track
from latentpalette.errors import ServiceError
from latentpalette.validation import short_repr

API_URL = "https://api.spotify.com/v1/"
ACCOUNTS_URL = "https://accounts.spotify.com/"
MAX_IDS = 100  # of one request for audio features
ESTIMATE = "Estimate it from the sound instead: latentpalette danceability SOURCES --out values.csv"
CLOSED = (
    "Spotify closed the danceability of tracks (the endpoint audio-features) to new applications on 27 November 2024, "
    f"and answers this application with 403. {ESTIMATE}"
)

_CANDIDATES = 10  # tracks of a search
_TIMEOUT = 20.0  # [seconds] of one request
_MAX_ATTEMPTS = 6
_FIRST_PAUSE = 1.0  # [seconds], doubled each time, where the service does not say how long to wait

T = TypeVar("T")


class SpotifyCatalog:
    """Search of tracks, and their danceability.

    Parameters
    ----------
    client_id, client_secret : str
        Of an application at https://developer.spotify.com/dashboard.
    max_wait : float [seconds]
        The longest pause that Spotify may ask for; if it asks for more, that is an error.
    wait : callable of seconds, optional
        Waits; `time.sleep` by default.

    Raises
    ------
    ServiceError
        If spotipy is not installed; and from all methods if Spotify refuses or does not answer.
    """

    def __init__(
        self, client_id: str, client_secret: str, *, max_wait: float = 60.0, wait: Callable[[float], None] | None = None
    ) -> None:
        try:
            import requests
            import spotipy
        except ImportError as problem:
            raise ServiceError(
                "spotipy is not installed. Install it: pip install 'latentpalette[spotify]'"
            ) from problem
        logging.getLogger("spotipy").addHandler(logging.NullHandler())  # it prints each error, which is raised as well
        self._max_wait = max_wait
        self._wait = time.sleep if wait is None else wait
        # A session of our own retries nothing: spotipy's would sleep as long as it is asked to, which may be a day.
        self._session = requests.Session()
        credentials = spotipy.SpotifyClientCredentials(
            client_id,
            client_secret,
            requests_session=self._session,
            requests_timeout=_TIMEOUT,
            cache_handler=spotipy.MemoryCacheHandler(),  # by default the token is written into the current folder
        )
        credentials.OAUTH_TOKEN_URL = f"{ACCOUNTS_URL}api/token"
        self._spotify = spotipy.Spotify(
            auth_manager=credentials, requests_session=self._session, requests_timeout=_TIMEOUT
        )
        self._spotify.prefix = API_URL

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def search_isrc(self, isrc: str) -> list[Track]:
        """Return the tracks with an ISRC."""
        return self._search(f"isrc:{isrc}")

    def search_title(self, artist: str, title: str) -> list[Track]:
        """Return tracks of about this artist and title."""
        artist, title = (text.replace('"', " ")[:100] for text in (artist, title))
        return self._search(f'track:"{title}" artist:"{artist}"') or self._search(f"{title} {artist}")

    def danceability(self, ids: Sequence[str]) -> dict[str, float | None]:
        """Return the danceability of up to 100 tracks [0 to 1]; None for those that Spotify has none of."""
        assert len(ids) <= MAX_IDS
        features = self._call(lambda: self._spotify.audio_features(list(ids)), closed=True)
        if not isinstance(features, list) or len(features) != len(ids):
            raise ServiceError(f"Spotify answers {len(ids)} tracks with {short_repr(features)}.")
        return dict(zip(ids, map(_read_danceability, features), strict=True))

    def _search(self, query: str) -> list[Track]:
        answer = self._call(lambda: self._spotify.search(query, limit=_CANDIDATES, type="track"))
        tracks = answer.get("tracks") if isinstance(answer, Mapping) else None
        items = tracks.get("items") if isinstance(tracks, Mapping) else None
        if not isinstance(items, list):
            raise ServiceError(f"Spotify answers a search with {short_repr(answer)}.")
        return [track for item in items if (track := _read_track(item)) is not None]

    def _call(self, request: Callable[[], T], *, closed: bool = False) -> T:
        """Return what Spotify answers; wait and ask again where it asks for that, or its servers fail."""
        import requests
        import spotipy

        pause = _FIRST_PAUSE
        for attempt in range(1, _MAX_ATTEMPTS + 1):
            try:
                with _quiet():
                    return request()
            except spotipy.SpotifyOauthError as problem:
                raise ServiceError(
                    f"Spotify does not accept SPOTIPY_CLIENT_ID and SPOTIPY_CLIENT_SECRET ({problem.error}). "
                    "They are of an application at https://developer.spotify.com/dashboard"
                ) from problem
            except spotipy.SpotifyException as problem:
                status = problem.http_status
                asked = _seconds_to_wait(problem.headers) if status == 429 else None
                if asked is not None and asked > self._max_wait:
                    raise ServiceError(
                        f"Spotify asks to wait for {_in_words(asked)}. What was found is kept: call the same command "
                        "again then."
                    ) from problem
                if status != 429 and status < 500:
                    raise ServiceError(
                        CLOSED if closed and status in (403, 404, 410) else _refused(problem)
                    ) from problem
                reason = _refused(problem)
            except requests.RequestException as problem:
                asked, reason = None, f"Spotify cannot be reached ({type(problem).__name__})."
            except (AttributeError, KeyError, TypeError) as problem:  # of spotipy, which looks into the answer
                raise ServiceError(f"Spotify answers with what is no answer ({type(problem).__name__}).") from problem
            if attempt == _MAX_ATTEMPTS:
                raise ServiceError(f"{reason} What was found is kept: call the same command again later.")
            self._wait(pause if asked is None else asked)
            pause *= 2
        raise AssertionError


def _read_track(item: Any) -> Track | None:
    """Return a track of an answer; None if it is none."""
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str) or not isinstance(item.get("name"), str):
        return None
    artists = item.get("artists")
    names = (
        [artist.get("name") for artist in artists if isinstance(artist, Mapping)] if isinstance(artists, list) else []
    )
    codes = item.get("external_ids")
    isrc = codes.get("isrc") if isinstance(codes, Mapping) else ""
    return Track(
        item["id"],
        item["name"],
        tuple(name for name in names if isinstance(name, str)),
        isrc if isinstance(isrc, str) else "",
    )


def _read_danceability(features: Any) -> float | None:
    value = features.get("danceability") if isinstance(features, Mapping) else None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value <= 1 else None


def _seconds_to_wait(headers: Mapping[str, str] | None) -> float | None:
    """Return the seconds that an answer asks to wait; None if it does not say."""
    try:
        return max(float((headers or {}).get("Retry-After", "")), 0.0)
    except ValueError:
        return None


def _refused(problem: Any) -> str:
    reason = short_repr(str(problem.msg).rpartition("\n")[2].strip(), 200)
    return f"Spotify refuses a request with {problem.http_status}: {reason}."


def _in_words(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 3600 else f"{seconds:.0f} s"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Leave out spotipy's warning that audio features are deprecated: the command says so itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
