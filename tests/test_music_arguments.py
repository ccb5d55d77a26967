"""Every function that takes music takes a NoteSequence, the name of a preset, a path, and bytes; else it says so."""

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
    "continue_": lambda music: lp.continue_(lp.load("drums-2bar"), music, 1, seed=1),
    "continue_, a list": lambda music: lp.continue_(lp.load("drums-2bar"), [music], 1, seed=1),
    "humanize": lambda music: lp.humanize(lp.load("groove-humanize"), music),
    "add_hihat": lambda music: lp.add_hihat(lp.load("groove-hihat"), music),
    "transfer_groove": lambda music: lp.transfer_groove(lp.load("groove-hits"), music, music),
    "tap_to_drums": lambda music: lp.tap_to_drums(lp.load("groove-tap"), music),
    "concatenate": lambda music: lp.concatenate([music, music]),
    "change_instrument": lambda music: lp.change_instrument(music, "Flute"),
    "overlay": lambda music: lp.overlay([music, music]),
    "transpose": lambda music: lp.transpose(music, 1),
    "split_instruments": lp.split_instruments,
    "crossfade": lambda music: lp.crossfade(music, music, 0.5),
    "danceability": lp.danceability,
    "danceability of a list": lambda music: lp.danceability([music]),
    "show": lp.show,
    "show a list": lambda music: lp.show([music, music]),
}
TAKES_Z = ("interpolate", "similar", "continue_, a list")


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


@pytest.mark.parametrize("name", ON_MUSIC)
def test_the_name_of_a_preset_is_music(name):
    ON_MUSIC[name]("Bossa")


@pytest.mark.parametrize("name", ON_MUSIC)
@pytest.mark.parametrize("misspelt", ["Bosa", "bossa", "BOSSA"])
def test_a_misspelt_name_is_answered_with_the_nearest(name, misspelt):
    with pytest.raises(
        LatentPaletteError, match=f"No preset is called '{misspelt}', and no file. Did you mean 'Bossa'"
    ):
        ON_MUSIC[name](misspelt)


@pytest.mark.parametrize("name", ON_MUSIC)
def test_a_name_that_is_a_preset_and_a_file_is_asked_about(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    midi.write(LOOP, tmp_path / "loop.mid").rename(tmp_path / "Bossa")
    with pytest.raises(
        LatentPaletteError, match=r"'Bossa' is a preset, and a file in this folder.*'./Bossa'.*lp\.presets"
    ):
        ON_MUSIC[name]("Bossa")
    ON_MUSIC[name]("./Bossa")
    ON_MUSIC[name](Path("Bossa"))
    ON_MUSIC[name](lp.presets()["Bossa"])


def test_a_folder_is_no_file_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Bossa").mkdir()
    assert lp.concatenate(["Bossa"]) == lp.presets()["Bossa"]


def test_a_file_without_a_suffix_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    midi.write(LOOP, tmp_path / "loop.mid").rename(tmp_path / "loop")
    assert lp.concatenate(["loop"]) == LOOP


def test_a_model_takes_the_presets_of_its_own_kind_and_length():
    melody, groove = lp.load("melody-16bar"), lp.load("groove-4bar")
    assert np.array_equal(melody.encode("Harbor"), melody.encode(lp.presets("melody", bars=16)["Harbor"]))
    assert np.array_equal(groove.encode("Boom bap"), groove.encode(lp.presets("groove", bars=4)["Boom bap"]))
    with pytest.raises(
        LatentPaletteError, match=r"'Lullaby' is of another kind than melody-16bar reads\. There are: Harbor"
    ):
        melody.encode("Lullaby")


def test_music_of_any_kind_is_shown_and_joined_by_name():
    names = ["Trap", "Lullaby", "Walking", "Harbor", "Rock band"]
    assert lp.concatenate(names).steps == 32 + 32 + 32 + 256 + 256
    with pytest.raises(LatentPaletteError, match=r"Did you mean 'Lullaby'\? lp.presets"):
        lp.show("Lulaby")


def test_a_named_preset_has_no_tempo_of_its_own():
    model, slow = lp.load("drums-2bar"), LOOP.replace(qpm=90)
    assert model.interpolate("Bossa", slow, n=2)[0].qpm == 90
    assert model.interpolate(slow, "Bossa", n=2)[0].qpm == 90
    assert model.interpolate(Z, "Bossa", n=2)[0].qpm == 120
    assert model.similar("Bossa", 1, seed=1)[0].qpm == 120


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
    "folder/missing",
    "a name that no preset has",
    Path("missing.mid"),
    b"MThd",
    np.array(["a"]),
    [[1], [2, 3]],
]


@pytest.mark.parametrize("name", TAKES_Z)
@pytest.mark.parametrize("number", [3, np.float32(0.5)])
def test_a_number_is_neither_music_nor_a_latent_vector(name, number):
    with pytest.raises(LatentPaletteError, match=r"a NoteSequence, the name of a preset, .*; got "):
        ON_MUSIC[name](number)


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
