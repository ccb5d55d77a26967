"""Two processes learn what one would have learned, from the same batches."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from latentpalette.data.corpus import Corpus
from latentpalette.models import store
from tests.training.test_trainer import SHORT, TINY, corpus


def trained(folder: Path, name: str, windows: Corpus, *options: str) -> tuple[list[float], dict[str, np.ndarray]]:
    """Losses on the way, and the weights at the end, of a run in processes of its own."""
    recipe, packed, out = folder / "recipe.json", folder / "corpus.npz", folder / name
    recipe.write_text(json.dumps({"config": TINY.to_dict(), "settings": SHORT.to_dict()}))
    windows.save(packed)
    command = [sys.executable, "-m", "latentpalette", "train", "--config", recipe, "--corpus", packed, "--out", out]
    command += ["--precision", "32-true", "--accelerator", "cpu", *options]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    (log,) = out.glob("logs/*/metrics.csv")
    losses = [float(row["loss"]) for row in csv.DictReader(log.read_text().splitlines()) if row["loss"]]
    weights = {name: value.numpy() for name, value in store.load(out / "model").state_dict().items()}
    return losses, weights


def test_two_processes_have_the_losses_and_the_weights_of_one(tmp_path):
    losses, weights = trained(tmp_path, "one", corpus(), "--devices", "1")
    shared, together = trained(tmp_path, "two", corpus(), "--devices", "2", "--strategy", "ddp")
    assert len(losses) >= 3
    assert shared == pytest.approx(losses, rel=1e-4)
    for name, value in weights.items():
        np.testing.assert_allclose(together[name], value, atol=1e-4, err_msg=name)
