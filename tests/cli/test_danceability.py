"""`latentpalette danceability`: a table of values, made in as many goes as it takes."""

from __future__ import annotations

import pytest

import latentpalette as lp
from latentpalette.audio import song_danceability
from latentpalette.data.song_values import read_song_values
from latentpalette.errors import FileError, TrainingError
from latentpalette.music import midi
from latentpalette.music.note import Note
from latentpalette.music.sequence import NoteSequence
from tests.cli.runner import failure, run, run_ok

BEAT = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28]}, steps=32)

TUNE = NoteSequence([Note(60, 0, 16)], steps=32)


@pytest.fixture
def songs(tmp_path):
    folder = tmp_path / "songs"
    for name in ("a", "b", "c"):
        midi.write(BEAT, folder / f"{name}.mid")
    return folder


@pytest.fixture
def estimated(monkeypatch):
    """The names of the songs whose danceability is estimated, as a list that grows."""
    names = []
    estimate = song_danceability._estimate

    def record(song, **settings):
        names.append(song.name)
        return estimate(song, **settings)

    monkeypatch.setattr(song_danceability, "_estimate", record)
    return names


def test_the_songs_are_called_as_in_a_corpus(songs, tmp_path):
    out = tmp_path / "values.csv"
    assert "danceability of 3 songs" in run_ok("danceability", songs, "--out", out, "--workers", 0)
    values = read_song_values(out).column("danceability")
    assert values == dict.fromkeys(["songs/a.mid", "songs/b.mid", "songs/c.mid"], round(lp.danceability(BEAT), 4))
    corpus = tmp_path / "c.npz"
    run_ok("corpus", songs, "--out", corpus, "--workers", 0)
    assert read_song_values(out).look_up("danceability", lp.Corpus.load(corpus).songs).missing == ()


def test_songs_in_the_table_keep_their_values_and_the_table_its_other_columns(songs, tmp_path, estimated):
    out = tmp_path / "values.json"
    out.write_text('{"songs/b.mid": {"danceability": 7, "valence": 0.5}, "other.mid": {"valence": 1}}')
    output = run_ok("danceability", songs, "--out", out, "--workers", 0)
    assert "2 songs had a value" not in output
    assert "1 song had a value in values.json" in output
    assert estimated == ["songs/a.mid", "songs/c.mid"]
    values = read_song_values(out)
    assert values.songs["songs/b.mid"] == {"danceability": 7, "valence": 0.5}
    assert values.songs["other.mid"] == {"valence": 1}
    assert set(values.column("danceability")) == {"songs/a.mid", "songs/b.mid", "songs/c.mid"}


def test_an_interrupted_run_goes_on_where_it_stopped(songs, tmp_path, monkeypatch, estimated):
    out = tmp_path / "values.csv"
    record = song_danceability._estimate

    def interrupt(song, **settings):
        if song.name == "songs/b.mid":
            raise KeyboardInterrupt
        return record(song, **settings)

    monkeypatch.setattr(song_danceability, "_estimate", interrupt)
    assert "the same command goes on" in run("danceability", songs, "--out", out, "--workers", 0).output
    assert list(read_song_values(out).column("danceability")) == ["songs/a.mid"]
    monkeypatch.setattr(song_danceability, "_estimate", record)
    run_ok("danceability", songs, "--out", out, "--workers", 0)
    assert estimated == ["songs/a.mid", "songs/b.mid", "songs/c.mid"]


def test_bad_files_are_listed_and_songs_without_drums_counted(songs, tmp_path):
    (songs / "bad.mid").write_bytes(b"MThd\0")
    midi.write(TUNE, songs / "tune.mid")
    out = tmp_path / "values.csv"
    output = run_ok("danceability", songs, "--out", out, "--workers", 0, "--drums-only", "--column", "drums")
    assert "not read: songs/bad.mid: " in output
    assert "1 song without a value" in output
    assert "songs/tune.mid,\n" in out.read_text()
    assert "bad.mid" not in out.read_text()
    assert list(read_song_values(out).column("drums")) == ["songs/a.mid", "songs/b.mid", "songs/c.mid"]


def test_the_command_fails_where_no_song_has_a_value(tmp_path):
    midi.write(TUNE, tmp_path / "tune.mid")
    problem = failure("danceability", tmp_path / "tune.mid", "--out", tmp_path / "v.csv", "--drums-only")
    assert "No song has a value" in str(problem)


def test_what_cannot_be_written_or_is_no_table_is_refused_before_the_work(songs, tmp_path, estimated):
    (tmp_path / "notes.csv").write_text("My notes\n")
    (tmp_path / "folder.csv").mkdir()
    assert isinstance(failure("danceability", songs, "--out", tmp_path / "notes.csv"), TrainingError)
    assert isinstance(failure("danceability", songs, "--out", tmp_path / "values.txt"), TrainingError)
    assert isinstance(failure("danceability", songs, "--out", tmp_path / "folder.csv"), (TrainingError, FileError))
    assert "holds the names" in str(failure("danceability", songs, "--out", tmp_path / "v.csv", "--column", "song"))
    assert "no such folder" in str(failure("danceability", tmp_path / "none", "--out", tmp_path / "v.csv"))
    assert (tmp_path / "notes.csv").read_text() == "My notes\n"
    assert estimated == []
