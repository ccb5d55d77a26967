"""A Dask cluster reads what one process reads: a scheduler and two workers, processes of their own."""

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

from latentpalette.data.build import build_file
from latentpalette.data.parallel import read_all
from latentpalette.errors import TrainingError
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from tests.conftest import REPOSITORY

DRUMS = {"name": "drums", "steps": 32, "map": "reduced"}


@contextlib.contextmanager
def running(module: str, *arguments: str) -> Iterator[None]:
    """A process of a module of Dask's that is ended at the end."""
    command = [sys.executable, "-m", module, *arguments]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A scheduler with two workers."""
    from distributed import Client

    told = tmp_path / "scheduler.json"
    scheduler = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    worker = ("distributed.cli.dask_worker", "--scheduler-file", str(told), "--nthreads", "1", "--no-nanny")
    local = ("--no-dashboard", "--local-directory", str(tmp_path))
    with contextlib.ExitStack() as stack:
        stack.enter_context(running(*scheduler, "--scheduler-file", str(told)))
        stack.enter_context(running(*worker, *local))
        stack.enter_context(running(*worker, *local))
        with Client(scheduler_file=str(told), timeout="120s", set_as_default=False) as client:  # waits for the file
            client.wait_for_workers(2, timeout=120)
        yield json.loads(told.read_text())["address"]


@pytest.fixture
def music(tmp_path: Path) -> Path:
    dice = np.random.default_rng(0)
    home = tmp_path / "band"
    home.mkdir()
    for number in range(12):
        hits = {drum: np.flatnonzero(dice.random(96) < 0.3).tolist() for drum in ("kick", "snare", "closed hat")}
        midi.write(NoteSequence.from_steps(hits, steps=96), home / f"{number:02}.mid")
    (home / "broken.mid").write_bytes(b"RIFF")
    return home


def test_a_cluster_writes_the_file_that_one_process_writes(music, address, tmp_path):
    here, there = tmp_path / "here.npz", tmp_path / "there.npz"
    build_file(here, [music], DRUMS, workers=0)
    build_file(there, [music], DRUMS, dask=address)
    assert here.read_bytes() == there.read_bytes()


def test_the_work_is_done_by_the_workers(address):
    processes = set(read_all(range(40), _process, dask=address))
    assert os.getpid() not in processes
    assert 1 <= len(processes) <= 2


def test_a_cluster_that_is_not_there_is_named(music):
    with pytest.raises(TrainingError, match=r"No Dask scheduler answers at .tcp://127\.0\.0\.1:9"):
        list(read_all([], _process, dask="tcp://127.0.0.1:9"))


def _process(_: object) -> int:
    return os.getpid()
