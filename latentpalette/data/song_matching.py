"""Songs of a collection found in a catalog: by ISRC, or by artist and title with a confidence."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")  # ISO 3901, without its hyphens
_GUESTS = re.compile(r"\(?\b(?:feat|ft|featuring)\b\.?.*")
_NO_OTHER_VERSION = re.compile(r"\b(?:\d{4} )?(?:re)?master(?:ed)?(?: version)?(?: \d{4})?\b|\b(?:mono|stereo)\b")
# Of two titles, if only one has such a word, they are two recordings.
_VERSIONS = frozenset(
    (
        "live",
        "remix",
        "mix",
        "karaoke",
        "instrumental",
        "acoustic",
        "cover",
        "tribute",
        "demo",
        "unplugged",
        "orchestral",
    )
)
_OTHER_VERSION = 0.6  # times the confidence
_MAX_LENGTH = 200  # characters that are compared


@dataclass(frozen=True)
class SongRequest:
    """A song that is sought.

    Parameters
    ----------
    song : str
        Its name in the collection.
    isrc : str
        Its International Standard Recording Code; empty if not known.
    artist, title : str
        Empty if not known.
    """

    song: str
    isrc: str = ""
    artist: str = ""
    title: str = ""


@dataclass(frozen=True)
class Track:
    """A track of a catalog.

    Parameters
    ----------
    id : str
    title : str
    artists : tuple of str
    isrc : str
        Empty if the catalog does not say.
    """

    id: str
    title: str
    artists: tuple[str, ...]
    isrc: str = ""


@dataclass(frozen=True)
class Match:
    """A track that may be the song that is sought.

    Parameters
    ----------
    track : Track
    confidence : float [0 to 1]
        1 if the ISRC is the same.
    """

    track: Track
    confidence: float


def clean_isrc(text: str) -> str | None:
    """Return an ISRC in capitals without hyphens; None if it is none.

    Examples
    --------
    >>> clean_isrc("us-s1z-99-00001"), clean_isrc("So what")
    ('USS1Z9900001', None)
    """
    code = re.sub(r"[-\s]", "", text).upper()
    return code if _ISRC.fullmatch(code) else None


def best_match(request: SongRequest, tracks: Iterable[Track]) -> Match | None:
    """Return the track that a song most likely is; the first of equal ones. None if there are no tracks.

    Examples
    --------
    >>> take_five = Track("5", "Take Five - Remastered 1997", ("The Dave Brubeck Quartet",))
    >>> live = Track("6", "Take Five (Live)", ("The Dave Brubeck Quartet",))
    >>> found = best_match(SongRequest("a.mid", artist="Dave Brubeck Quartet", title="Take five"), [live, take_five])
    >>> found.track.id, found.confidence
    ('5', 1.0)
    """
    best = None
    for track in tracks:
        match = Match(track, round(confidence(request, track), 3))
        if best is None or match.confidence > best.confidence:
            best = match
    return best


def confidence(request: SongRequest, track: Track) -> float:
    """Return how likely a track is the song that is sought, 0 to 1.

    1 if the ISRC is the same. Otherwise the similarity of the titles times that of the artists, without accents, case,
    guests and remasters; less if one is live or a remix and the other is not.
    """
    code = clean_isrc(request.isrc)
    if code and clean_isrc(track.isrc) == code:
        return 1.0
    if not request.artist or not request.title:
        return 0.0
    wanted, found = _title_words(request.title), _title_words(track.title)
    title = _similarity(wanted, found)
    artists = {_artist_words(name) for name in (*track.artists, " ".join(track.artists))}
    artist = max((_similarity(_artist_words(request.artist), name) for name in artists), default=0.0)
    is_other_version = (set(wanted.split()) ^ set(found.split())) & _VERSIONS
    return title * artist * (_OTHER_VERSION if is_other_version else 1.0)


def _similarity(a: str, b: str) -> float:
    """Return how alike two texts are; 0 for an empty one."""
    if not a or not b:
        return 0.0
    return difflib.SequenceMatcher(None, a[:_MAX_LENGTH], b[:_MAX_LENGTH], autojunk=False).ratio()


def _title_words(title: str) -> str:
    words = _without_guests(title)
    return _words(_NO_OTHER_VERSION.sub(" ", words)) or words


def _artist_words(artist: str) -> str:
    return _without_guests(artist).removeprefix("the ")


def _without_guests(text: str) -> str:
    folded = _fold(text)
    return _words(_GUESTS.sub(" ", folded)) or _words(folded)


def _fold(text: str) -> str:
    """Return text in lower case, without accents."""
    parts = unicodedata.normalize("NFKD", text[: 4 * _MAX_LENGTH].casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).replace("&", " and ")


def _words(text: str) -> str:
    """Return the words of a text with one space between, without punctuation."""
    return " ".join(re.findall(r"\w+", text.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")))
