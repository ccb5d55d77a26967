"""The commands sample from a learned prior, and blend along it."""

from __future__ import annotations

import re

import pytest

import latentpalette as lp
from latentpalette.errors import LatentPaletteError
from tests.cli.runner import failure, file_names, run_ok
from tests.models.tiny_models import prior_of

ENDS = [lp.presets()[name] for name in ("Boom bap", "Bossa", "Trap", "Samba")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model with a prior."""
    model = lp.load("drums-2bar")
    model.prior = prior_of(model.config.z_size)
    return lp.save(model, tmp_path_factory.mktemp("models") / "drums")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("loops")
    return [loop.save(folder / f"{letter}.mid") for letter, loop in zip("abcd", ENDS, strict=True)]


def read(folder):
    return [lp.NoteSequence.from_midi(folder / name) for name in file_names(folder)]


def test_samples_are_those_of_the_prior(folder, tmp_path):
    run_ok("sample", "--model", folder, "-n", 2, "--seed", 3, "--temperature", 0.5, "--out", tmp_path)
    assert read(tmp_path) == lp.load(folder).sample(2, seed=3, temperature=0.5)
    assert read(tmp_path) != lp.load("drums-2bar").sample(2, seed=3, temperature=0.5)


@pytest.mark.parametrize(("given", "interpolation"), [([], 0.4), (["0.2"], 0.2), (["straight"], "lerp")])
def test_an_interpolation_follows_the_flow_as_asked(folder, files, tmp_path, given, interpolation):
    options = [option for value in given for option in ("--interpolation", value)]
    run_ok("interpolate", *files[:2], "--model", folder, "-n", 4, *options, "--out", tmp_path)
    assert read(tmp_path) == lp.load(folder).interpolate(*ENDS[:2], n=4, interpolation=interpolation)


@pytest.mark.parametrize(("given", "interpolation"), [([], 0.4), (["0.2"], 0.2), (["lerp"], "lerp")])
def test_a_palette_is_blended_as_asked(folder, files, tmp_path, given, interpolation):
    options = [option for value in given for option in ("--interpolation", value)]
    page, cells = tmp_path / "page.html", tmp_path / "cells"
    run_ok("palette", *files, "--model", folder, "--size", 3, *options, "--html", page, "--midi-out", cells)
    palette = lp.Palette(lp.load(folder), ENDS, 3, interpolation=interpolation)
    state = page.read_text(encoding="utf-8")
    assert re.search(rf'"interpolation": ?"?{interpolation}\b', state)
    middle = lp.NoteSequence.from_midi(cells / "r02_c02.mid")
    assert {(note.pitch, note.step) for note in middle.notes} == {
        (note.pitch, note.step) for note in palette.notes(1, 1).notes
    }


@pytest.mark.parametrize("interpolation", ["1.5", "nan", "curved"])
def test_another_interpolation_is_refused(folder, files, tmp_path, interpolation):
    for command in (["interpolate", *files[:2], "--out", tmp_path], ["palette", *files, "--html", tmp_path / "x.html"]):
        error = failure(*command, "--model", folder, "--interpolation", interpolation)
        assert isinstance(error, LatentPaletteError)
        assert interpolation in str(error)


def test_a_palette_of_a_model_without_a_prior_says_what_there_is(files, tmp_path):
    model = lp.load("drums-2bar")
    model.prior = None
    plain = lp.save(model, tmp_path / "plain")
    error = failure("palette", *files, "--model", plain, "--interpolation", "0.4", "--html", tmp_path / "x.html")
    assert "plain has none" in str(error)
    assert "fit-prior" in str(error)
