"""Two processes learn from the same batches what one would have learned."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from latentpalette.data.corpus import Corpus
from latentpalette.models import store
from tests.training.test_trainer import SHORT, TINY, tiny_corpus


def run_command(folder: Path, name: str, corpus: Corpus, *options: str) -> tuple[list[float], dict[str, np.ndarray]]:
    """Train in processes of their own; return the losses during the run, and the weights at its end."""
    recipe, packed, out = folder / "recipe.json", folder / "corpus.npz", folder / name
    recipe.write_text(json.dumps({"config": TINY.to_dict(), "train_config": SHORT.to_dict()}))
    corpus.save(packed)
    command = [sys.executable, "-m", "latentpalette", "train", "--recipe", recipe, "--corpus", packed, "--out", out]
    command += ["--precision", "32-true", "--accelerator", "cpu", *options]
    process = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert process.returncode == 0, process.stderr
    (log,) = out.glob("logs/*/metrics.csv")
    losses = [float(line["loss"]) for line in csv.DictReader(log.read_text().splitlines()) if line["loss"]]
    weights = {name: value.numpy() for name, value in store.load(out / "model").state_dict().items()}
    return losses, weights


def test_two_processes_have_the_losses_and_the_weights_of_one(tmp_path):
    losses, weights = run_command(tmp_path, "one", tiny_corpus(), "--devices", "1")
    ddp_losses, ddp_weights = run_command(tmp_path, "two", tiny_corpus(), "--devices", "2", "--strategy", "ddp")
    assert len(losses) >= 3
    assert ddp_losses == pytest.approx(losses, rel=1e-4)
    for name, value in weights.items():
        np.testing.assert_allclose(ddp_weights[name], value, atol=1e-4, err_msg=name)
