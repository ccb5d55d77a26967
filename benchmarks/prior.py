"""Time of draws from a learned prior, and of grids along its flow, beside the time of decoding them.

``OMP_NUM_THREADS=1 python -m benchmarks.prior --model runs/white`` measures on one thread. Without a model that has a
learned prior, one with random weights of the default sizes is measured: the time is the same.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from benchmarks.decode import shipped_or_random
from latentpalette.latent.flow_paths import grid_along_flow
from latentpalette.models.flow import FlowPrior, VelocityField


def median_ms(call: Callable[[], object], rounds: int) -> float:
    """Return the median time of a call [milliseconds]; the first one does not count."""
    milliseconds = []
    for _ in range(rounds + 1):
        before = time.perf_counter()
        call()
        milliseconds.append(1e3 * (time.perf_counter() - before))
    return statistics.median(milliseconds[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--model", default="drums-2bar")
    arguments = parser.parse_args()
    model = shipped_or_random(arguments.model)
    prior = model.prior or FlowPrior(VelocityField(model.config.z_size))
    noise = np.random.default_rng(0).standard_normal((12, model.config.z_size))
    corners = prior.sample(noise)[:4]
    z = grid_along_flow(prior, corners, 11, time=1.0).reshape(121, -1)
    calls: dict[str, tuple[int, Callable[[], object]]] = {
        "12 draws": (12, lambda: prior.sample(noise)),
        "grid of 121 at time 1": (121, lambda: grid_along_flow(prior, corners, 11, time=1.0)),
        "grid of 121 at time 0.6": (121, lambda: grid_along_flow(prior, corners, 11, time=0.6)),
        "grid of 121 at time 0": (121, lambda: grid_along_flow(prior, corners, 11, time=0.0)),
    }
    decoding = {n: median_ms(lambda n=n: model.decode_classes(z[:n]), arguments.rounds) for n in (12, 121)}
    table = Table("", "ms", "decoding it, ms", "ratio", title="A learned prior")
    for name, (n, call) in calls.items():
        milliseconds = median_ms(call, arguments.rounds)
        table.add_row(name, f"{milliseconds:.1f}", f"{decoding[n]:.1f}", f"{milliseconds / decoding[n]:.2f}")
    console = Console()
    console.print(table)
    console.print(
        f"{model!r}; torch {torch.__version__}, {torch.get_num_threads()} threads; medians of {arguments.rounds}"
    )


if __name__ == "__main__":
    main()
