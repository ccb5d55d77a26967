"""Decoding beside other processes, compared with a process whose libraries have one thread.

``python -m benchmarks.load`` decodes in a process without any setting, and in one with ``OMP_NUM_THREADS=1``, in turn,
on the same two CPUs: idle, beside one busy process, beside two, and pinned to one CPU. With ``--library-threads`` a
third process decodes whole batches with the threads of torch's libraries; beside a busy process it takes long.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

MODELS = ("drums-2bar", "melody-2bar", "trio-16bar")
LOOPS = (1, 16, 121)
ONE_THREAD, CHUNKS, LIBRARY_THREADS = "one thread", "chunks", "library threads"


class Situation(NamedTuple):
    """CPUs that the decoding process may use, and busy processes on the same ones."""

    name: str
    cpus: int
    busy: int


SITUATIONS = (
    Situation("idle", 2, 0),
    Situation("one busy process", 2, 1),
    Situation("two busy processes", 2, 2),
    Situation("pinned to one CPU", 1, 0),
)


class Server:
    """A process that decodes on request and answers with the milliseconds."""

    def __init__(self, way: str, cpus: Sequence[int]) -> None:
        variables = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
        if way == ONE_THREAD:
            variables["OMP_NUM_THREADS"] = "1"
        command = [sys.executable, "-m", "benchmarks.load", "--serve", way, "--cpus", json.dumps(list(cpus))]
        self.process = subprocess.Popen(
            command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def measure(self, name: str, loops: int) -> float:
        """Return the milliseconds of one decode."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([name, loops]), file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())


def pin(cpus: Sequence[int]) -> None:
    if hasattr(os, "sched_setaffinity"):  # not on macOS and Windows
        os.sched_setaffinity(0, cpus)


def serve(way: str, cpus: Sequence[int]) -> None:
    """Answer requests from standard input."""
    pin(cpus)  # before torch counts the CPUs
    import torch

    from benchmarks.decode import shipped_or_random

    models = {}
    for line in sys.stdin:
        name, loops = json.loads(line)
        if name not in models:
            models[name] = shipped_or_random(name)
        model = models[name]
        z = torch.randn(loops, model.config.z_size, generator=torch.Generator().manual_seed(loops))
        decode = partial(model.decoder.decode, z)
        if way == LIBRARY_THREADS:
            packed = model.decoder._cached_decoders(torch.float32, loops == 1)
            decode = partial(model.decoder._decode_chunk, packed, None, z, None, None)
        with torch.inference_mode():
            started = time.perf_counter()
            decode()
            print(1e3 * (time.perf_counter() - started), flush=True)


@contextmanager
def running(process: subprocess.Popen) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.wait()


def measure(
    situation: Situation, ways: Sequence[str], cases: Sequence[tuple[str, int]], *, rounds: int
) -> dict[tuple[str, int], dict[str, list[float]]]:
    """Return the milliseconds of each case and way; all are called in turn."""
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0, 1]
    cpus = available[: situation.cpus]
    with ExitStack() as stack:
        servers = {way: Server(way, cpus) for way in ways}
        for server in servers.values():
            stack.enter_context(running(server.process))
        for case in cases:
            for server in servers.values():
                server.measure(*case)  # the first packs the weights
        for _ in range(situation.busy):
            code = f"from benchmarks.load import pin\npin({cpus})\nwhile True: pass"
            stack.enter_context(running(subprocess.Popen([sys.executable, "-c", code])))
        time.sleep(1.0 if situation.busy else 0.0)
        times: dict[tuple[str, int], dict[str, list[float]]] = {case: {way: [] for way in ways} for case in cases}
        for _ in range(rounds):
            for case in cases:
                for way, server in servers.items():
                    times[case][way].append(server.measure(*case))
    return times


def percentile_90(milliseconds: Sequence[float]) -> float:
    return statistics.quantiles(milliseconds, n=10, method="inclusive")[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=MODELS)
    parser.add_argument("--loops", type=int, nargs="+", default=LOOPS, help="batch sizes")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--library-threads", action="store_true", help="measure torch's own threads, too")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--cpus", type=json.loads, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, arguments.cpus)
        return
    ways = (ONE_THREAD, CHUNKS, *([LIBRARY_THREADS] if arguments.library_threads else []))
    cases = [(name, loops) for name in arguments.models for loops in arguments.loops]
    console = Console()
    for situation in SITUATIONS:
        times = measure(situation, ways, cases, rounds=arguments.rounds)
        table = Table("model", "loops", title=f"{situation.name}: milliseconds, median (90th percentile), and ratios")
        for way in ways:
            table.add_column(way)
        for way in ways[1:]:
            table.add_column(f"{way} / {ONE_THREAD}")
        for (name, loops), by_way in times.items():
            middle = {way: (statistics.median(ms), percentile_90(ms)) for way, ms in by_way.items()}
            table.add_row(
                name,
                str(loops),
                *(f"{median:.1f} ({high:.1f})" for median, high in middle.values()),
                *(f"{middle[way][0] / middle[ONE_THREAD][0]:.2f}" for way in ways[1:]),
            )
        console.print(table)


if __name__ == "__main__":
    main()
