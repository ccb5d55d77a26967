"""A server that answers as the documentation of Spotify's Web API says: tokens, search, audio features."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ID, SECRET, TOKEN = "the-id", "the-secret", "the-token"


def track(identifier: str, name: str, *artists: str, isrc: str = "") -> dict:
    """Return a track as a search has it, with some of what else it has."""
    return {
        "id": identifier,
        "name": name,
        "type": "track",
        "artists": [{"id": "a", "name": artist, "type": "artist"} for artist in artists],
        "external_ids": {"isrc": isrc} if isrc else {},
        "popularity": 50,
        "album": {"name": "An album"},
    }


class SpotifyServer:
    """A catalog on a port of this machine.

    Parameters
    ----------
    tracks : list of dict
        As `track` makes them.
    danceability : dict of track id to float
        Tracks without one are answered with null.
    """

    def __init__(self, tracks: list[dict], danceability: dict[str, float]) -> None:
        self.tracks, self.danceability = tracks, danceability
        self.requests: list[str] = []  # the paths with their queries
        self.refusals: list[tuple[int, dict[str, str], object]] = []  # answers instead of the next ones
        self.is_closed = False  # audio features, as for applications since November 2024
        self.url = ""

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, dict[str, str], object]:
        if self.refusals:
            return self.refusals.pop(0)
        if path == "/v1/search":
            (sought,) = query["q"]
            words = sought.replace("track:", "").replace("artist:", "").replace('"', "").lower().split()
            items = [item for item in self.tracks if _is_found(item, sought, words)][: int(query["limit"][0])]
            return 200, {}, {"tracks": {"items": items, "total": len(items), "limit": 10, "offset": 0, "next": None}}
        if path.rstrip("/") == "/v1/audio-features":
            if self.is_closed:
                return 403, {}, {"error": {"status": 403}}
            ids = query["ids"][0].split(",")
            if len(ids) > 100:
                return 400, {}, {"error": {"status": 400, "message": "too many ids requested"}}
            features = [
                {"id": name, "danceability": self.danceability[name], "energy": 0.5, "type": "audio_features"}
                if name in self.danceability
                else None
                for name in ids
            ]
            return 200, {}, {"audio_features": features}
        return 404, {}, {"error": {"status": 404, "message": "Service not found"}}


def _is_found(item: dict, sought: str, words: list[str]) -> bool:
    if sought.startswith("isrc:"):
        return item["external_ids"].get("isrc") == sought.removeprefix("isrc:")
    text = " ".join([item["name"], *(artist["name"] for artist in item["artists"])]).lower()
    return all(word in text for word in words)


@contextmanager
def serving(server: SpotifyServer) -> Iterator[SpotifyServer]:
    """Let a server answer on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.requests.append(self.path)
            # base64 of "the-id:the-secret"
            is_known = self.headers["Authorization"] == "Basic dGhlLWlkOnRoZS1zZWNyZXQ="
            if self.path != "/api/token" or body != "grant_type=client_credentials" or not is_known:
                self.send(400, {}, {"error": "invalid_client", "error_description": "Invalid client"})
            else:
                self.send(200, {}, {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600})

        def do_GET(self) -> None:
            server.requests.append(self.path)
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self.send(401, {}, {"error": {"status": 401, "message": "Invalid access token"}})
            else:
                parts = urlsplit(self.path)
                self.send(*server.answer(parts.path, parse_qs(parts.query)))

        def send(self, status: int, headers: dict[str, str], content: object) -> None:
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}/"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
