"""What the cards say of the shipped models, measured again on a few held-out songs."""

from __future__ import annotations

import csv
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from latentpalette.models import store
from latentpalette.training.building import build
from latentpalette.training.reconstruction import reconstruction

EVERY = 6  # of the Groove MIDI Dataset's validation songs

# Step accuracy, free-running from the mean, and KL in bits.
SHELF = {
    "drums-2bar": [0.874, 51.7],
    "drums-2bar-hikl": [0.966, 102.4],
    "melody-2bar": [0.914, 55.3],
    "melody-2bar-hikl": [0.967, 84.0],
}


@pytest.fixture(scope="module")
def windows(reference: Path, tmp_path_factory) -> dict[str, np.ndarray]:
    """Windows of held-out songs: of some drummers, and of some reels."""
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
    drums, melodies = (store.load(name).config.converter for name in ("drums-2bar", "melody-2bar"))
    return {
        "drums": build([folder], drums, workers=0).part("validation"),
        "melody": build([reference / "data" / "cre.tar.xz"], melodies, workers=0).part("validation"),
    }


@pytest.mark.parametrize("name", SHELF)
def test_a_model_does_on_held_out_songs_as_it_did_when_it_was_shipped(windows, name):
    model = store.load(name)
    found = reconstruction(model, windows[str(model.config.converter["name"])])
    assert [found.free_running, found.kl_bits] == pytest.approx(SHELF[name], rel=0.003)


def test_every_shipped_model_is_measured():
    assert set(SHELF) == set(store.available().names)
