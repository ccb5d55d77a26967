"""A Dask cluster of a scheduler and two workers extracts what one process extracts."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from latentpalette.data.build import build_corpus_file
from latentpalette.data.parallel import parallel_map
from latentpalette.errors import TrainingError
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from tests.conftest import REPOSITORY

DRUMS = {"name": "drums", "steps": 32, "drum_map": "reduced"}


@contextlib.contextmanager
def running(module: str, *arguments: str) -> Iterator[None]:
    """Run a module of Dask's in a process that is killed at the end."""
    command = [sys.executable, "-m", module, *arguments]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with two workers."""
    from distributed import Client

    scheduler_file = tmp_path / "scheduler.json"
    scheduler = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    worker = ("distributed.cli.dask_worker", "--scheduler-file", str(scheduler_file), "--nthreads", "1", "--no-nanny")
    local = ("--no-dashboard", "--local-directory", str(tmp_path))
    with contextlib.ExitStack() as stack:
        stack.enter_context(running(*scheduler, "--scheduler-file", str(scheduler_file)))
        stack.enter_context(running(*worker, *local))
        stack.enter_context(running(*worker, *local))
        with Client(
            scheduler_file=str(scheduler_file), timeout="120s", set_as_default=False
        ) as client:  # waits for the file
            client.wait_for_workers(2, timeout=120)
        yield json.loads(scheduler_file.read_text())["address"]


@pytest.fixture
def music(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    home = tmp_path / "band"
    home.mkdir()
    for number in range(12):
        hits = {drum: np.flatnonzero(rng.random(96) < 0.3).tolist() for drum in ("kick", "snare", "closed hat")}
        midi.write(NoteSequence.from_steps(hits, steps=96), home / f"{number:02}.mid")
    (home / "broken.mid").write_bytes(b"RIFF")
    return home


def test_a_cluster_writes_the_file_that_one_process_writes(music, address, tmp_path):
    local, remote = tmp_path / "local.npz", tmp_path / "remote.npz"
    build_corpus_file(local, [music], DRUMS, workers=0)
    build_corpus_file(remote, [music], DRUMS, dask_scheduler=address)
    assert local.read_bytes() == remote.read_bytes()


def test_the_work_is_done_by_the_workers(address):
    processes = set(parallel_map(range(40), _process_id, dask_scheduler=address))
    assert os.getpid() not in processes
    assert 1 <= len(processes) <= 2


def test_the_error_about_a_missing_cluster_names_it(music):
    with pytest.raises(TrainingError, match=r"No Dask scheduler answers at .tcp://127\.0\.0\.1:9"):
        list(parallel_map([], _process_id, dask_scheduler="tcp://127.0.0.1:9"))


def _process_id(_: object) -> int:
    return os.getpid()
