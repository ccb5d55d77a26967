"""A piece is changed as it is asked for by one command, and another one says how well that goes."""

from __future__ import annotations

import numpy as np

import latentpalette as lp
from latentpalette.data.corpus import Corpus
from latentpalette.errors import ModelError
from tests.cli.runner import failure, run_ok


def test_a_loop_is_changed_as_in_python(tmp_path):
    loop, out = lp.presets()["Bossa"], tmp_path / "out.mid"
    printed = run_ok("constrain", "Bossa", "--density", 0.8, "--similarity", 0.4, "--guidance", 2, "-o", out)
    assert "1 window changed" in printed
    model = lp.load("drums-2bar")
    z = model.constrain(model.encode([loop]), density=0.8, similarity=0.4, guidance=2)
    assert lp.NoteSequence.from_midi(out) == model.decode(z, qpm=loop.qpm)[0]


def test_a_longer_piece_is_changed_window_by_window(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    song = lp.concatenate(["Bossa", "Samba", "Trap"])
    song.save("song.mid")
    assert "3 windows changed" in run_ok("constrain", "song.mid", "--density", 0.6)
    assert lp.NoteSequence.from_midi("song_constrained.mid").bars == song.bars


def test_what_cannot_be_asked_for_is_an_error_that_lists_what_can(tmp_path):
    error = failure("constrain", "Bossa", "--pitch", 60, "-o", tmp_path / "x.mid")
    assert isinstance(error, ModelError)
    assert "It takes style" in str(error)
    assert "Ask for something" in str(failure("constrain", "Bossa", "-o", tmp_path / "x.mid"))
    assert "fit-prior" in str(failure("constrain", "Bossa", "-m", "drums-2d", "--density", 0.6))


def test_a_file_without_a_window_is_an_error_with_reasons(tmp_path):
    file = lp.NoteSequence.from_steps({"kick": [0]}, steps=16).save(tmp_path / "short.mid")
    assert "short.mid" in str(failure("constrain", file, "--density", 0.6))


def test_constraints_are_compared_with_attribute_vectors(tmp_path):
    songs = {f"{name} {part}": loops[part::2] for name, loops in lp.style_loops().items() for part in range(2)}
    made = Corpus.from_sequences(songs, lp.load("drums-2bar").config.converter)
    split = (np.arange(len(made.songs)) % 2).astype(np.uint8)[made.song_index]
    corpus = Corpus(made.windows, made.song_index, split, made.songs, made.converter)
    corpus.save(tmp_path / "loops.npz")
    printed = run_ok("evaluate-constraints", "--corpus", tmp_path / "loops.npz", "--no-realism", "--windows", 60)
    for word in ("similarity", "vectors", "density", "variation", "60 windows"):
        assert word in printed
