import pytest

from latentpalette.errors import MidiError
from latentpalette.models.store import load
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence, concatenate
from tests.cli.runner import failure, file_names, run


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ends")
    return [presets()[name].save(folder / f"{name}.mid") for name in ("Boom bap", "Bossa")]


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    loops = presets()
    path = tmp_path_factory.mktemp("songs") / "song.mid"
    return concatenate([loops["Boom bap"], loops["Bossa"], loops["Trap"]]).save(path)


def test_an_interpolation_is_n_files_from_one_end_to_the_other(ends, tmp_path):
    result = run("interpolate", *ends, "--n", 5, "--out", tmp_path / "points", "--name", "w", "--plot", "--concatenate")
    assert result.exit_code == 0, result.output
    midi = [name for name in file_names(tmp_path / "points") if name.endswith(".mid")]
    assert midi == ["w-1-of-5.mid", "w-2-of-5.mid", "w-3-of-5.mid", "w-4-of-5.mid", "w-5-of-5.mid", "w-joined.mid"]
    assert {name.replace(".mid", ".png") for name in midi} < set(file_names(tmp_path / "points"))
    points = [NoteSequence.from_midi(tmp_path / "points" / name) for name in midi]
    model = load("drums-2bar")
    assert points[:-1] == model.interpolate(presets()["Boom bap"], presets()["Bossa"], n=5)
    assert points[-1] == concatenate(points[:-1])


def test_an_interpolation_may_be_linear_and_sampled(ends, tmp_path):
    options = ["-n", 3, "--interpolation", "lerp", "--temperature", 0.9, "--seed", 4, "--name", "w", "--out", tmp_path]
    result = run("interpolate", *ends, *options)
    assert result.exit_code == 0, result.output
    assert "--seed 4" in result.output
    loops = presets()["Boom bap"], presets()["Bossa"]
    expected = load("drums-2bar").interpolate(*loops, n=3, interpolation="lerp", temperature=0.9, seed=4)
    assert [NoteSequence.from_midi(tmp_path / name) for name in file_names(tmp_path)] == expected


def test_all_windows_of_a_song_are_written_and_the_error_says_what_to_do_next(song, ends, tmp_path):
    error = failure("interpolate", song, ends[1], "--out", tmp_path)
    assert isinstance(error, MidiError)
    assert file_names(tmp_path) == [f"song_bars-{first}-{first + 1}.mid" for first in range(1, 6)]
    windows = load("drums-2bar").excerpts(song)
    assert [NoteSequence.from_midi(tmp_path / name) for name in file_names(tmp_path)] == list(windows)
    assert "song.mid: 5 windows that drums-2bar can read, where one is needed" in str(error)
    assert "--bar-a 1" in str(error)


def test_problems_of_both_files_are_reported_together(song, tmp_path):
    empty = NoteSequence(steps=32).save(tmp_path / "empty.mid")
    error = failure("interpolate", song, empty, "--out", tmp_path / "out")
    assert "song.mid: 5 windows" in str(error)
    assert "empty.mid: nothing that drums-2bar can read: there are no notes" in str(error)


def test_a_window_that_was_written_can_be_interpolated(song, ends, tmp_path):
    failure("interpolate", song, ends[1], "--out", tmp_path / "cut")
    result = run("interpolate", tmp_path / "cut" / "song_bars-3-4.mid", ends[0], "--out", tmp_path / "points")
    assert result.exit_code == 0, result.output


def test_a_bar_selects_a_window(song, ends, tmp_path):
    result = run("interpolate", song, song, "--bar-a", 1, "--bar-b", 3, "-n", 4, "--name", "w", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    expected = load("drums-2bar").interpolate(presets()["Boom bap"], presets()["Bossa"], n=4)
    assert [NoteSequence.from_midi(tmp_path / name) for name in file_names(tmp_path)] == expected
    error = failure("interpolate", song, ends[0], "--bar-a", 6, "--out", tmp_path)
    assert "no window begins at bar 6; there are some at 1, 2, 3, 4, 5" in str(error)


def test_a_loop_whose_first_bar_is_silent_is_a_window(ends, tmp_path):
    late = NoteSequence.from_steps({"kick": [16, 24], "snare": [20]}, steps=32).save(tmp_path / "late.mid")
    assert run("interpolate", late, ends[0], "-n", 2, "--out", tmp_path / "out").exit_code == 0


def test_windows_of_two_songs_of_one_name_have_different_names(song, tmp_path):
    other = concatenate([presets()["Samba"], presets()["Trap"]])
    (tmp_path / "other").mkdir()
    failure("interpolate", song, other.save(tmp_path / "other" / "song.mid"), "--out", tmp_path / "out")
    assert file_names(tmp_path / "out") == [
        *(f"song-2_bars-{first}-{first + 1}.mid" for first in range(1, 4)),
        *(f"song_bars-{first}-{first + 1}.mid" for first in range(1, 6)),
    ]


def test_fewer_than_two_points_are_refused(ends, tmp_path):
    assert run("interpolate", *ends, "-n", 1, "--out", tmp_path).exit_code == 2
    assert file_names(tmp_path) == []


def test_a_missing_file_is_named(ends, tmp_path):
    error = failure("interpolate", tmp_path / "gone.mid", ends[0])
    assert isinstance(error, MidiError)
    assert "gone.mid" in str(error)


def test_presets_are_named(tmp_path):
    result = run("interpolate", "Bossa", "Boom bap", "-n", 3, "--name", "walk", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    points = [NoteSequence.from_midi(tmp_path / f"walk-{k}-of-3.mid") for k in (1, 2, 3)]
    assert points == load("drums-2bar").interpolate("Bossa", "Boom bap", n=3)


def test_a_misspelt_preset_is_answered_with_the_nearest(tmp_path):
    assert "Did you mean 'Bossa'" in str(failure("interpolate", "Bosa", "Trap", "--out", tmp_path))
