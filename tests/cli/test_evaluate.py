import re

from latentpalette.models import store
from latentpalette.models.musicvae import MusicVAE
from tests.cli.runner import run, run_ok
from tests.evaluation.tiny_corpora import GROOVE, TRIO, make_corpus


def evaluate(config, folder):
    """Evaluate an untrained model; return what the command prints."""
    store.save(MusicVAE(config), folder / "model")
    make_corpus(config).save(folder / "corpus.npz")
    few = ["--samples", 4, "--interpolation-pairs", 2, "--hole-grid", 3]
    return run_ok("evaluate", "--model", folder / "model", "--corpus", folder / "corpus.npz", *few)


def test_the_timing_of_a_groove_is_printed_beside_that_of_the_baselines(tmp_path):
    output = evaluate(GROOVE, tmp_path)
    for name in ("free-running", "hits given", "quantized", "ridge"):
        assert re.search(rf"{name}: timing [\d.]+ ms off at 120 qpm, velocity [\d.]+ off", output)


def test_a_trio_is_printed_stream_by_stream(tmp_path):
    output = evaluate(TRIO, tmp_path)
    for stream in ("melody", "bass", "drums"):
        assert re.search(rf"{stream}: step accuracy [\d.]+ ", output)
        assert f"{stream} T 0.5 T 0.7 T 1" in output


def test_without_songs_it_is_a_usage_error():
    result = run("evaluate", "--model", "drums-2bar")
    assert result.exit_code == 2
    assert "--midi" in result.output
