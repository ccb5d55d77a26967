"""--loop: audio of exactly the length of the music."""

import wave

import pytest

from latentpalette.music.presets import presets
from tests.cli.runner import run_ok

SECONDS = 8 * 60 / 97  # two bars


@pytest.fixture
def ends(tmp_path):
    return [
        presets()[name].replace(qpm=97).save(tmp_path / f"{number}.mid")
        for number, name in enumerate(("Boom bap", "Bossa"))
    ]


def frames_in(folder):
    counts = []
    for file in sorted(folder.glob("*.wav")):
        with wave.open(str(file)) as sound:
            counts.append(sound.getnframes())
    return counts


def test_samples_are_loops(tmp_path):
    options = ("--n", 2, "--qpm", 97, "--seed", 1, "--format", "wav", "--out", tmp_path / "out")
    run_ok("sample", *options, "--loop")
    assert frames_in(tmp_path / "out") == [round(SECONDS * 44_100)] * 2


def test_windows_are_loops(ends, tmp_path):
    run_ok("extract", ends[0], "--format", "wav", "--loop", "--out", tmp_path / "out")
    assert frames_in(tmp_path / "out") == [round(SECONDS * 44_100)]
    run_ok("extract", ends[0], "--format", "wav", "--out", tmp_path / "longer")
    assert frames_in(tmp_path / "longer")[0] > round(SECONDS * 44_100)


def test_the_points_of_an_interpolation_are_loops(ends, tmp_path):
    run_ok("interpolate", *ends, "--n", 3, "--format", "wav", "--loop", "--out", tmp_path / "out")
    assert frames_in(tmp_path / "out") == [round(SECONDS * 44_100)] * 3
