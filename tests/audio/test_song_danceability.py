"""The danceability of many songs, bad ones among them."""

from __future__ import annotations

import pytest

import latentpalette as lp
from latentpalette.audio.song_danceability import SongDanceability, beginning, estimate_songs
from latentpalette.data.sources import Song
from latentpalette.errors import LatentPaletteError
from latentpalette.music import midi
from latentpalette.music.note import Note
from latentpalette.music.sequence import NoteSequence

BEAT = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32)
TUNE = NoteSequence([Note(60 + step, step, 2) for step in range(0, 32, 4)], steps=32)
TOGETHER = lp.overlay([BEAT, TUNE])


def song(music, name="a.mid"):
    return Song(name, midi.to_bytes(music))


def estimate(*songs, **settings):
    return list(estimate_songs(songs, workers=0, **settings))


def test_the_value_of_a_song_is_that_of_its_beginning():
    long = lp.concatenate([BEAT] * 4)
    (found,) = estimate(song(long), seconds=4)
    assert found == SongDanceability("a.mid", lp.danceability(BEAT))


def test_a_song_begins_with_its_first_note():
    late = lp.concatenate([NoteSequence(steps=32), BEAT])
    assert beginning(late, 60) == BEAT
    assert beginning(late, 1).steps == 8
    assert beginning(late, 0.01).steps == 1


def test_only_the_drums_may_be_measured():
    (all_of_it,) = estimate(song(TOGETHER))
    (drums,) = estimate(song(TOGETHER), drums_only=True)
    assert drums.value == lp.danceability(BEAT) != all_of_it.value


def test_what_has_no_drums_has_no_value_but_is_no_problem():
    assert estimate(song(TUNE), drums_only=True) == [SongDanceability("a.mid")]


def test_a_song_that_cannot_be_read_is_one_with_a_problem_among_the_others():
    bad, lost, good = estimate(Song("bad.mid", b"MThd"), Song("lost.mid", b"", "cut off"), song(BEAT, "good.mid"))
    assert (bad.song, bad.value) == ("bad.mid", None)
    assert bad.problem
    assert "MIDI data" not in bad.problem
    assert lost == SongDanceability("lost.mid", None, "cut off")
    assert good.value


def test_processes_say_what_this_one_says():
    songs = [song(BEAT, "a.mid"), Song("bad.mid", b"")]
    assert list(estimate_songs(songs, workers=2)) == estimate(*songs)


@pytest.mark.parametrize("settings", [{"seconds": 0}, {"seconds": "long"}, {"drums_only": 1}])
def test_a_wrong_setting_is_refused(settings):
    with pytest.raises(LatentPaletteError):
        estimate(song(BEAT), **settings)
