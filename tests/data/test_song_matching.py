"""Songs found in a catalog: the same recording has a high confidence, another one a low one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latentpalette.data.song_matching import SongRequest, Track, best_match, clean_isrc, confidence

SAME = [
    ("Miles Davis", "So What", "So What", "Miles Davis"),
    ("miles davis", "so what", "So What - Remastered 2015", "Miles Davis"),
    ("Miles Davis", "So What", "So What (2015 Remaster)", "Miles Davis"),
    ("Beyoncé", "Déjà Vu", "Deja Vu (feat. JAY-Z)", "Beyonce"),
    ("Beyoncé ft. Jay-Z", "Déjà Vu", "Déjà Vu", "Beyoncé"),
    ("Beatles", "Don't Let Me Down", "Don\u2019t Let Me Down - Remastered", "The Beatles"),
    ("Simon & Garfunkel", "The Boxer", "The Boxer", "Simon and Garfunkel"),
    ("AC/DC", "T.N.T.", "T.N.T.", "AC/DC"),
    ("Townes", "Ft. Worth Blues", "Ft. Worth Blues", "Townes"),
    ("Кино", "Группа крови", "Группа крови", "Кино"),
]
OTHER = [
    ("Miles Davis", "So What", "So What (Live)", "Miles Davis"),
    ("Miles Davis", "So What", "So What - Karaoke Version", "Miles Davis"),
    ("Miles Davis", "So What", "So What", "P!nk"),
    ("Miles Davis", "So What", "Blue in Green", "Miles Davis"),
    ("Daft Punk", "Around the World", "Around the World (Some Remix)", "Daft Punk"),
    ("Miles Davis", "So What", "", ""),
]


@pytest.mark.parametrize(("artist", "title", "found", "by"), SAME)
def test_the_same_recording_has_a_high_confidence(artist, title, found, by):
    assert confidence(SongRequest("a", artist=artist, title=title), Track("1", found, (by,))) >= 0.9


@pytest.mark.parametrize(("artist", "title", "found", "by"), OTHER)
def test_another_one_has_a_low_confidence(artist, title, found, by):
    assert confidence(SongRequest("a", artist=artist, title=title), Track("1", found, (by,))) < 0.75


def test_a_live_recording_that_is_sought_is_found_among_others():
    studio, live = Track("1", "So What", ("Miles Davis",)), Track("2", "So What (Live)", ("Miles Davis",))
    assert best_match(SongRequest("a", artist="Miles Davis", title="So What live"), [studio, live]).track is live


def test_one_of_several_artists_is_enough():
    track = Track("1", "Under Pressure", ("Queen", "David Bowie"))
    for artist in ("Queen", "David Bowie", "Queen & David Bowie"):
        assert confidence(SongRequest("a", artist=artist, title="Under Pressure"), track) > 0.85


def test_an_isrc_that_is_the_same_is_certain_and_another_one_is_not():
    track = Track("1", "Anything", ("Anyone",), "USRC17607839")
    assert confidence(SongRequest("a", isrc="us-rc1-76-07839"), track) == 1
    assert confidence(SongRequest("a", isrc="USRC17607840"), track) == 0
    assert confidence(SongRequest("a", isrc="no code"), Track("1", "x", ("y",), "no code")) == 0


@pytest.mark.parametrize("text", ["", "USRC1760783", "USRC176078399", "12RC17607839", "US RC1 76 0783X"])
def test_what_is_no_isrc_is_none(text):
    assert clean_isrc(text) is None


def test_of_no_tracks_there_is_no_match():
    assert best_match(SongRequest("a", artist="x", title="y"), []) is None


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=50), st.text(max_size=50))
def test_a_confidence_is_from_0_to_1(artist, title, found, by):
    assert 0 <= confidence(SongRequest("a", artist=artist, title=title), Track("1", found, (by,))) <= 1


def test_very_long_names_are_compared_by_their_beginning():
    request = SongRequest("a", artist="a" * 100_000, title="b" * 100_000)
    assert confidence(request, Track("1", "b" * 100_000, ("a" * 100_000,))) == 1
