import dataclasses
import io
import re

from rich.console import Console
from rich.table import Table

from latentpalette.cli.evaluate import _kinds_table, _realism_table
from latentpalette.evaluation.copies import Copies
from latentpalette.evaluation.interpolation_kinds import InterpolationOfKind, PathChange
from latentpalette.evaluation.real_windows import Realism
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


def test_the_table_of_realism_has_a_row_for_each_kind_of_windows():
    songs = Realism(0.5123, 0.01, (10, 10), 0.9, Copies(0.0, 0.0251))
    table = printed(_realism_table({"songs": songs, "reconstructions": dataclasses.replace(songs, copies=None)}))
    assert table[1].split() == ["songs", "0.512", "0.010", "0.900", "0.000", "0.025"]
    assert table[2].split() == ["reconstructions", "0.512", "0.010", "0.900", "-", "-"]


def test_the_table_of_kinds_of_interpolation_has_their_change():
    halfway = Realism(0.7, 0.01, (10, 10), 0.9, Copies(0.0, 0.02))
    kinds = [InterpolationOfKind(kind, halfway, PathChange(6.25, 19.0, 51.04)) for kind in ("slerp", 0.6)]
    table = printed(_kinds_table(kinds))
    assert table[1].split() == ["slerp", "0.700", "0.900", "0.020", "6.2", "19.0", "51.0"]
    assert table[2].split()[0] == "0.6"


def printed(table: Table) -> list[str]:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(table)
    return console.export_text().splitlines()
