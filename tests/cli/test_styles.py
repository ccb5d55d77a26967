"""The command styles, and the corpus of what it writes."""

from __future__ import annotations

from latentpalette.data.corpus import Corpus
from latentpalette.music import midi
from latentpalette.music.styles import style_loop, style_loops
from tests.cli.runner import run_ok

SPLITS = [("train", False), ("validation", True)]


def test_the_loops_of_twelve_styles_are_files_and_a_corpus_with_songs_held_out(tmp_path):
    folder, corpus = tmp_path / "styles", tmp_path / "styles.npz"
    assert "300 loops of 12 styles" in run_ok("styles", folder)
    written = midi.read(folder / "bossa-nova" / "bossa-nova_cymbals-3_drums-1.mid")
    assert [(n.step, n.pitch) for n in written.notes] == [
        (n.step, n.pitch) for n in style_loop("Bossa nova", cymbals=3, drums=1).notes
    ]
    output = run_ok("corpus", folder, "--recipe", "drums-2d", "--out", corpus, "--workers", 0)
    assert "240 train, 60 validation" in output
    assert "styles/LICENSE.txt" in output
    spec = {"name": "drums", "steps": 32}
    songs = {split: [x for loops in style_loops(held_out=held).values() for x in loops] for split, held in SPLITS}
    expected = {split: Corpus.from_sequences({"all": loops}, spec).windows for split, loops in songs.items()}
    loaded = Corpus.load(corpus)
    for split, windows in expected.items():
        assert sorted(map(bytes, loaded.split(split))) == sorted(map(bytes, windows))
