import pytest

from latentpalette.errors import MidiError
from latentpalette.models.store import load
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence, concatenate
from tests.cli.runner import failure, names, run


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ends")
    return [presets()[name].save(folder / f"{name}.mid") for name in ("Boom bap", "Bossa")]


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    loops = presets()
    path = tmp_path_factory.mktemp("songs") / "song.mid"
    return concatenate([loops["Boom bap"], loops["Bossa"], loops["Trap"]]).save(path)


def test_a_walk_is_as_many_files_as_asked_for_from_one_end_to_the_other(ends, tmp_path):
    result = run("interpolate", *ends, "--n", 5, "--out", tmp_path / "walk", "--name", "w", "--plot", "--joined")
    assert result.exit_code == 0, result.output
    midi = [name for name in names(tmp_path / "walk") if name.endswith(".mid")]
    assert midi == ["w-1-of-5.mid", "w-2-of-5.mid", "w-3-of-5.mid", "w-4-of-5.mid", "w-5-of-5.mid", "w-joined.mid"]
    assert {name.replace(".mid", ".png") for name in midi} < set(names(tmp_path / "walk"))
    walked = [NoteSequence.from_midi(tmp_path / "walk" / name) for name in midi]
    model = load("drums-2bar")
    assert walked[:-1] == model.interpolate(presets()["Boom bap"], presets()["Bossa"], steps=5)
    assert walked[-1] == concatenate(walked[:-1])


def test_a_walk_may_be_straight_and_warm(ends, tmp_path):
    options = ["-n", 3, "--walk", "lerp", "--temperature", 0.9, "--seed", 4, "--name", "w", "--out", tmp_path]
    result = run("interpolate", *ends, *options)
    assert result.exit_code == 0, result.output
    assert "--seed 4" in result.output
    loops = presets()["Boom bap"], presets()["Bossa"]
    expected = load("drums-2bar").interpolate(*loops, steps=3, walk="lerp", temperature=0.9, seed=4)
    assert [NoteSequence.from_midi(tmp_path / name) for name in names(tmp_path)] == expected


def test_a_song_is_cut_into_all_its_windows_and_the_command_says_what_to_do_next(song, ends, tmp_path):
    error = failure("interpolate", song, ends[1], "--out", tmp_path)
    assert isinstance(error, MidiError)
    assert names(tmp_path) == [f"song_bars-{first}-{first + 1}.mid" for first in range(1, 6)]
    windows = load("drums-2bar").excerpts(song)
    assert [NoteSequence.from_midi(tmp_path / name) for name in names(tmp_path)] == list(windows)
    assert "song.mid: 5 windows that drums-2bar can read, where one is needed" in str(error)
    assert "--bar-a 1" in str(error)


def test_both_files_are_looked_at_in_one_go(song, tmp_path):
    empty = NoteSequence(steps=32).save(tmp_path / "empty.mid")
    error = failure("interpolate", song, empty, "--out", tmp_path / "out")
    assert "song.mid: 5 windows" in str(error)
    assert "empty.mid: nothing that drums-2bar can read: no drums" in str(error)


def test_what_was_cut_out_can_be_walked_from(song, ends, tmp_path):
    failure("interpolate", song, ends[1], "--out", tmp_path / "cut")
    result = run("interpolate", tmp_path / "cut" / "song_bars-3-4.mid", ends[0], "--out", tmp_path / "walk")
    assert result.exit_code == 0, result.output


def test_a_bar_chooses_a_window(song, ends, tmp_path):
    result = run("interpolate", song, song, "--bar-a", 1, "--bar-b", 3, "-n", 4, "--name", "w", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    expected = load("drums-2bar").interpolate(presets()["Boom bap"], presets()["Bossa"], steps=4)
    assert [NoteSequence.from_midi(tmp_path / name) for name in names(tmp_path)] == expected
    error = failure("interpolate", song, ends[0], "--bar-a", 6, "--out", tmp_path)
    assert "no window begins at bar 6; there are some at 1, 2, 3, 4, 5" in str(error)


def test_a_loop_whose_first_bar_is_silent_is_a_window(ends, tmp_path):
    late = NoteSequence.from_steps({"kick": [16, 24], "snare": [20]}, steps=32).save(tmp_path / "late.mid")
    assert run("interpolate", late, ends[0], "-n", 2, "--out", tmp_path / "out").exit_code == 0


def test_two_songs_of_one_name_stay_apart(song, tmp_path):
    other = concatenate([presets()["Samba"], presets()["Trap"]])
    (tmp_path / "other").mkdir()
    failure("interpolate", song, other.save(tmp_path / "other" / "song.mid"), "--out", tmp_path / "out")
    assert names(tmp_path / "out") == [
        *(f"song-2_bars-{first}-{first + 1}.mid" for first in range(1, 4)),
        *(f"song_bars-{first}-{first + 1}.mid" for first in range(1, 6)),
    ]


def test_fewer_than_two_steps_are_no_walk(ends, tmp_path):
    assert run("interpolate", *ends, "-n", 1, "--out", tmp_path).exit_code == 2
    assert names(tmp_path) == []


def test_a_file_that_is_not_there_is_named(ends, tmp_path):
    error = failure("interpolate", tmp_path / "gone.mid", ends[0])
    assert isinstance(error, MidiError)
    assert "gone.mid" in str(error)
