"""Every representation that can be trained can be judged, by the same functions."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from latentpalette.cli import app
from latentpalette.data.corpus import Corpus
from latentpalette.data.handmade import corpus_of
from latentpalette.evaluation.evaluate import evaluate
from latentpalette.evaluation.predict import truth
from latentpalette.models import store
from latentpalette.models.config import CONFIGS, ModelConfig
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.sequence import Note, NoteSequence

SMALL = {"z_size": 4, "enc_rnn_size": (8,), "dec_rnn_size": (8,)}
MELODY = CONFIGS["cat-mel_2bar_small"].replace(**SMALL)
GROOVE = CONFIGS["groovae_2bar_humanize"].replace(**SMALL)
HITS_TOLD = CONFIGS["groovae_2bar_hits_control_tfds"].replace(**SMALL)
TRIO = CONFIGS["hierdec-trio_16bar"].replace(
    **SMALL, steps=32, decoder_levels=(2, 16), converter={"name": "trio", "steps": 32}
)
LATE, EARLY = 0.25, -0.125  # of a step


def tune(seed: int, *, program: int = 0) -> list[Note]:
    dice = np.random.default_rng(seed)
    return [Note(int(dice.integers(40, 80)), step, 2, program=program) for step in range(0, 32, 4)]


def beat(seed: int) -> list[Note]:
    """Kicks on the beat, loud and late; snares between, soft and early."""
    kicks = [Note(36, step, 1, 110, LATE, True) for step in range(0, 32, 8)]
    return kicks + [Note(38, step, 1, 50, EARLY, True) for step in range(4, 32, 8) if (seed >> (step // 8)) & 1]


def music(config: ModelConfig, seed: int) -> NoteSequence:
    kinds = {
        "melody": tune(seed),
        "groove": beat(seed),
        "trio": [*tune(seed), *tune(seed + 50, program=33), *beat(seed)],
    }
    return NoteSequence(kinds[str(config.converter["name"])], 32)


def corpus(config: ModelConfig) -> Corpus:
    made = corpus_of({f"song {n}": [music(config, n)] for n in range(16)}, config.converter)
    return Corpus(made.rows, made.song, np.array([0, 1] * 8, np.uint8), made.songs, made.converter)


@pytest.mark.parametrize("config", [MELODY, TRIO, GROOVE, HITS_TOLD], ids=lambda config: config.name)
def test_every_figure_of_an_evaluation_is_there(config):
    found = evaluate(MusicVAE(config), corpus(config), samples=4, temperatures=(1.0,), pairs=2, plane=3)
    back = found.reconstruction
    assert back.windows == 8
    assert all(0 <= each <= 1 for each in (back.teacher_forced, back.free_running, back.sampled, back.onsets))
    assert back.kl_bits > 0
    parts = {"trio": ["melody", "bass", "drums"], "melody": ["melody"]}.get(config.converter["name"], ["drums"])
    assert [made.part for made in found.samples] == parts
    assert list(back.parts) == (parts if len(parts) > 1 else [])
    assert (back.groove is not None) == (back.along is not None) == (config.head == "groove")
    # Whoever is told the hits of a groove hears it whole, too, and a player who knows as much would be without fault.
    players = {GROOVE.name: {"quantised", "linear"}, HITS_TOLD.name: {"quantised"}}.get(config.name, set())
    assert set(found.baselines) == players
    told = bool(config.control_depth)
    assert (found.interpolation is None, found.hollow is None) == (told, told)


def test_labels_are_what_the_converters_say():
    for config in (MELODY, TRIO):
        model = MusicVAE(config)
        rows = corpus(config).rows
        outputs = model.converter.encode(music(config, 3)).outputs
        depths = config.parts or (config.output_depth,)
        expected = np.stack([part.argmax(1) for part in np.split(outputs, np.cumsum(depths)[:-1], axis=1)], -1)
        assert np.array_equal(truth(config, rows)[3], expected)


def test_a_grooves_labels_are_its_hits():
    labels = truth(GROOVE, corpus(GROOVE).rows)[1, :, 0]  # kicks, and a snare at step 4
    assert labels[:9].tolist() == [1, 0, 0, 0, 2, 0, 0, 0, 1]


def test_the_quantised_player_is_off_by_what_was_played():
    found = evaluate(MusicVAE(GROOVE), corpus(GROOVE), samples=0, pairs=0, plane=0, qpm=100)
    held_out = [music(GROOVE, n) for n in range(1, 16, 2)]
    offsets = [abs(note.offset) for sequence in held_out for note in sequence.notes]
    # A step at 100 is 150 ms; offsets are kept to a 127th of half a step.
    assert found.baselines["quantised"].timing_ms == pytest.approx(np.mean(offsets) * 150, abs=1.0)
    # Which drum it is tells everything here, and the linear player finds it.
    assert found.baselines["linear"].timing_ms < 0.2 * found.baselines["quantised"].timing_ms
    assert found.baselines["linear"].velocity < 0.3 * found.baselines["quantised"].velocity
    assert found.reconstruction.groove.qpm == 100


def said(config: ModelConfig, folder: Path) -> str:
    """What the command says of an untrained model."""
    store.save(MusicVAE(config), folder / "model")
    corpus(config).save(folder / "corpus.npz")
    few = ["--samples", "4", "--pairs", "2", "--plane", "3"]
    words = ["evaluate", "--model", str(folder / "model"), "--corpus", str(folder / "corpus.npz"), *few]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_the_command_tells_a_grooves_timing_beside_that_of_simpler_players(tmp_path):
    told = said(GROOVE, tmp_path)
    for player in ("free-running", "true strokes given", "quantised", "linear"):
        assert re.search(rf"{player}: timing [\d.]+ ms off at 120 qpm, velocity [\d.]+ off", told)


def test_the_command_tells_a_trio_part_by_part(tmp_path):
    told = said(TRIO, tmp_path)
    for part in ("melody", "bass", "drums"):
        assert re.search(rf"{part}: step accuracy [\d.]+ ", told)
        assert f"{part} T 0.5 T 0.7 T 1" in told


def test_a_trios_parts_are_judged_one_by_one_and_together():
    found = evaluate(MusicVAE(TRIO), corpus(TRIO), samples=0, pairs=0, plane=0).reconstruction
    mean = np.mean([part.free_running for part in found.parts.values()])
    assert found.free_running == pytest.approx(mean)
