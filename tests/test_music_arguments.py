"""Every function that takes music takes a NoteSequence, a path, and bytes; anything else is refused in our words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import LatentPaletteError
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence

LOOP = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28], "closed hat": [2, 6]}, steps=32)
Z = np.zeros(128, np.float32)

ON_MUSIC = {
    "excerpts": lambda music: lp.load("drums-2bar").excerpts(music),
    "encode": lambda music: lp.load("drums-2bar").encode(music),
    "encode a list": lambda music: lp.load("drums-2bar").encode([music]),
    "posterior": lambda music: lp.load("drums-2bar").posterior(music),
    "log_likelihood": lambda music: lp.load("drums-2bar").log_likelihood(music),
    "interpolate": lambda music: lp.load("drums-2bar").interpolate(music, music, n=2),
    "similar": lambda music: lp.load("drums-2bar").similar(music, 1, seed=1),
    "humanize": lambda music: lp.humanize(lp.load("groove-humanize"), music),
    "add_hihat": lambda music: lp.add_hihat(lp.load("groove-hihat"), music),
    "tap_to_drums": lambda music: lp.tap_to_drums(lp.load("groove-tap"), music),
    "concatenate": lambda music: lp.concatenate([music, music]),
    "show": lp.show,
    "show a list": lambda music: lp.show([music, music]),
}
TAKES_Z = ("interpolate", "similar")


@pytest.fixture
def forms(tmp_path, monkeypatch):
    """The same loop as a sequence, and as each kind of file."""
    monkeypatch.setenv("HOME", str(tmp_path))
    path = midi.write(LOOP, tmp_path / "loop.mid")
    data = path.read_bytes()
    return [LOOP, path, str(path), "~/loop.mid", Path("~/loop.mid"), data, bytearray(data), memoryview(data)]


@pytest.mark.parametrize("name", ON_MUSIC)
def test_a_sequence_a_path_and_bytes_are_accepted_alike(name, forms):
    for form in forms:
        ON_MUSIC[name](form)


@pytest.mark.parametrize("name", TAKES_Z)
@pytest.mark.parametrize("z", [Z, Z[None], Z.tolist()])
def test_a_latent_vector_is_an_end(name, z):
    ON_MUSIC[name](z)


WRONG = [
    None,
    3,
    2.5,
    object(),
    {"kick": [0]},
    "missing.mid",
    Path("missing.mid"),
    b"MThd",
    np.array(["a"]),
    [[1], [2, 3]],
]


@pytest.mark.parametrize("name", ON_MUSIC)
@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
def test_anything_else_is_refused_in_our_words(name, wrong):
    with pytest.raises(LatentPaletteError) as problem:
        ON_MUSIC[name](wrong)
    assert "object has no attribute" not in str(problem.value)


@pytest.mark.parametrize(
    "wrong", [None, "z", [[1.0], [2.0, 3.0]], LOOP, np.array([[1j] * 128]), np.full((1, 128), np.nan)]
)
def test_only_latent_vectors_are_decoded(wrong):
    with pytest.raises(LatentPaletteError, match="vectors z"):
        lp.load("drums-2bar").decode(wrong)


def test_a_number_that_float32_cannot_hold_is_refused():
    with pytest.raises(LatentPaletteError, match="finite"):
        lp.load("drums-2bar").decode(np.full((1, 128), 1e300))


def test_a_file_of_many_windows_is_no_end(tmp_path):
    path = midi.write(lp.concatenate([LOOP, LOOP.replace(notes=LOOP.notes[:-2])]), tmp_path / "song.mid")
    with pytest.raises(LatentPaletteError, match=r"song\.mid: [23] windows .* Choose one: model\.excerpts"):
        lp.load("drums-2bar").interpolate(path, LOOP)


@pytest.mark.parametrize("function", [lp.humanize, lp.add_hihat, lp.tap_to_drums])
def test_the_name_of_a_model_is_no_model(function):
    with pytest.raises(LatentPaletteError, match=r'A model is a MusicVAE; got .*lp\.load\("drums-2bar"\)'):
        function("groove-humanize", LOOP)


@pytest.mark.parametrize("wrong", ["loop.mid", b"MThd", None])
def test_a_file_is_no_pretty_midi(wrong):
    with pytest.raises(LatentPaletteError, match=r"converts a pretty_midi\.PrettyMIDI; got"):
        NoteSequence.from_pretty_midi(wrong)
