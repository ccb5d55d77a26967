"""Loops become a song on the command line."""

import pytest

import latentpalette as lp
from latentpalette.errors import FileError, MusicError
from latentpalette.music.sequence import NoteSequence
from tests.cli.runner import failure, file_names, run_ok


@pytest.fixture
def tune(tmp_path):
    return lp.presets("melody")["Lullaby"].replace(qpm=90).save(tmp_path / "tune.mid")


def test_music_is_joined_at_the_tempo_of_the_first_or_a_given_one(tune, tmp_path):
    run_ok("concatenate", tune, "Walking", "--out", tmp_path / "new" / "both.mid")
    both = NoteSequence.from_midi(tmp_path / "new" / "both.mid")
    assert (both.steps, round(both.qpm)) == (64, 90)
    run_ok("concatenate", tune, "Walking", "--qpm", 120, "--out", tmp_path / "fast.mid")
    assert NoteSequence.from_midi(tmp_path / "fast.mid").qpm == 120


def test_a_shorter_loop_is_repeated_below_a_longer_one(tune, tmp_path):
    run_ok("concatenate", tune, tune, "--out", tmp_path / "long.mid")
    run_ok("overlay", tmp_path / "long.mid", "Bossa", "--out", tmp_path / "both.mid")
    parts = lp.split_instruments(tmp_path / "both.mid")
    assert parts["drums"] == lp.concatenate(["Bossa", "Bossa"]).replace(qpm=parts["drums"].qpm)
    run_ok("overlay", tmp_path / "long.mid", "Bossa", "--bars", 1, "--out", tmp_path / "bar.mid")
    assert NoteSequence.from_midi(tmp_path / "bar.mid").bars == 1


def test_a_tune_is_moved_and_given_to_another_instrument(tune, tmp_path):
    run_ok("transpose", tune, "--by", -5, "--out", tmp_path / "lower.mid")
    run_ok("change-instrument", tmp_path / "lower.mid", "--instrument", "flute", "--out", tmp_path / "flute.mid")
    run_ok("change-instrument", tmp_path / "lower.mid", "-i", 73, "--out", tmp_path / "same.mid")
    flute = NoteSequence.from_midi(tmp_path / "flute.mid")
    assert flute == NoteSequence.from_midi(tmp_path / "same.mid")
    assert lp.split_instruments(flute) == {"Flute": flute}
    assert [note.pitch + 5 for note in flute.notes] == [note.pitch for note in NoteSequence.from_midi(tune).notes]


def test_a_picture_a_page_and_sound_are_written_beside(tune, tmp_path):
    out = tmp_path / "out"
    printed = run_ok(
        "transpose", tune, "--by", 2, "--out", out / "up.mid", "--plot", "--html", out / "pages" / "up.html"
    )
    assert file_names(out) == ["pages", "up.mid", "up.png"]
    assert "open it in a browser" in printed
    assert '"label": "up"' in (out / "pages" / "up.html").read_text(encoding="utf-8")
    run_ok("transpose", tune, "--by", 2, "--out", out / "up.wav", "--loop")
    assert (out / "up.wav").read_bytes().startswith(b"RIFF")


def test_a_page_of_more_than_is_shown_says_so(tmp_path):
    options = ["-n", 65, "--seed", 1, "--out", tmp_path / "samples", "--html", tmp_path / "page.html"]
    assert "the first 64 of 65 are shown" in run_ok("sample", *options)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["concatenate", "Lulaby", "--out", "x.mid"], MusicError, "Did you mean 'Lullaby'"),
        (["concatenate", "Lullaby", "--out", "x.txt"], FileError, "files end in .mid, .wav"),
        (["transpose", "Lullaby", "--by", 100, "--out", "x.mid"], MusicError, "cannot be moved by 100 semitones"),
        (["change-instrument", "Lullaby", "-i", "Flut", "--out", "x.mid"], MusicError, "Did you mean 'Flute'"),
        (["change-instrument", "Lullaby", "-i", "9" * 30, "--out", "x.mid"], MusicError, "0 to 127|from 0"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(arguments, error, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    problem = failure(*arguments)
    assert isinstance(problem, error)
    assert any(part in str(problem) for part in message.split("|"))
    assert file_names(tmp_path) == []
