"""What the cards say of the shipped models, measured again on a few held-out songs."""

from __future__ import annotations

import csv
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from latentpalette.data.build import build_corpus
from latentpalette.data.options import ExtractOptions
from latentpalette.data.packing import packing_key
from latentpalette.evaluation.reconstruction import Reconstruction, evaluate_reconstruction
from latentpalette.models import store

EVERY = 6  # of the Groove MIDI Dataset's validation songs
FEW = 48  # windows of sixteen bars

# Step accuracy, free-running from the mean, and KL in bits.
SHELF = {
    "drums-2bar": [0.9318, 73.29],
    "drums-2bar-ae": [0.9962, 0.0],
    "drums-2bar-hikl": [0.9662, 90.51],
    "drums-2d": [0.4884, 8.64],
    "drums-2d-ae": [0.5001, 0.0],
    "drums-beta-0.02": [0.7313, 127.99],
    "drums-beta-0.1": [0.7221, 72.86],
    "drums-beta-0.3": [0.6443, 32.11],
    "drums-beta-1": [0.5544, 6.82],
    "drums-beta-3": [0.3904, 0.02],
    "groove-4bar": [0.6215, 113.52],
    "groove-hihat": [0.5882, 111.11],
    "groove-humanize": [0.6776, 78.15],
    "groove-tap": [0.4245, 69.09],
    "melody-16bar": [0.8442, 339.62],
    "melody-2bar": [0.9780, 79.86],
    "melody-2bar-ae": [0.9995, 0.0],
    "melody-2bar-lokl": [0.9138, 50.38],
    "trio-16bar": [0.7609, 566.48],
}
# Timing in milliseconds and velocity of 127, mean absolute errors with the true strokes given.
TOUCH = {
    "groove-4bar": [12.556, 14.575],
    "groove-hihat": [15.652, 17.984],
    "groove-humanize": [20.143, 22.547],
    "groove-tap": [5.717, 24.934],
}


@pytest.fixture(scope="module")
def drummers(reference: Path, tmp_path_factory) -> Path:
    """Some of the validation songs of the Groove MIDI Dataset."""
    folder = tmp_path_factory.mktemp("gmd")
    with tarfile.open(reference / "data" / "gmd.tar.xz") as archive:
        files = {Path(member.name).as_posix(): member for member in archive.getmembers() if member.isfile()}
        table = next(name for name in files if name.endswith("info.csv"))
        said = archive.extractfile(files[table])
        assert said is not None
        text = said.read().decode()
        (folder / "info.csv").write_text(text)
        held_out = [row["midi_filename"] for row in csv.DictReader(io.StringIO(text)) if row["split"] == "validation"]
        for name in sorted(held_out)[::EVERY]:
            song = archive.extractfile(files[f"{Path(table).parent.as_posix()}/{name}"])
            assert song is not None
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(song.read())
    return folder


@pytest.fixture(scope="module")
def measured(reference: Path, drummers: Path):
    """What a shipped model does, by its name, on held-out windows of what it reads."""
    windows: dict[object, np.ndarray] = {}
    sources = {"drums": drummers, "groove": drummers, "melody": "cre.tar.xz", "trio": "simutrans.tar.xz"}

    def measure(name: str) -> Reconstruction:
        model = store.load(name)
        spec = dict(model.config.converter)
        if packing_key(spec) not in windows:
            options = ExtractOptions(drum_map="roland") if spec["name"] == "groove" else None
            found = build_corpus([reference / "data" / sources[spec["name"]]], spec, options=options, workers=0).split(
                "validation"
            )
            windows[packing_key(spec)] = found if model.config.steps < 256 else found[:: -(-len(found) // FEW)]
        return evaluate_reconstruction(model, windows[packing_key(spec)])

    return measure


@pytest.mark.parametrize("name", SHELF)
def test_a_model_does_on_held_out_songs_as_it_did_when_it_was_shipped(measured, name):
    found = measured(name)
    assert [found.free_running, found.kl_bits] == pytest.approx(SHELF[name], rel=0.003, abs=0.01)
    if found.along:
        assert [found.along.timing_ms, found.along.velocity] == pytest.approx(TOUCH[name], rel=0.003)


def test_every_shipped_model_is_measured():
    assert set(SHELF) == set(store.available().names)
    assert set(TOUCH) == {name for name in SHELF if store.load(name).config.head == "groove"}
