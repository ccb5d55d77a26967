"""Time of `model.constrain`, beside the time of decoding the same loops: what a drag of an instrument waits for.

``python -m benchmarks.constrain`` measures both in turn, so that a busy machine delays both. With ``--cpu-time`` it
measures the CPU time of one thread, for a machine that does other things.
"""

from __future__ import annotations

import argparse
import time
from functools import partial

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from benchmarks.timing import interleaved
from latentpalette.models import store

ASKED = {"drums-2bar": {"density": 0.8}, "melody-2bar": {"pitch": 70.0}}
LOOPS = (1, 16, 121)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cpu-time", action="store_true", help="CPU time of one thread")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each row")
    arguments = parser.parse_args()
    if arguments.cpu_time:
        torch.set_num_threads(1)
    table = Table("model", "loops", "constrain, ms", "decode, ms", "ratio", title="Latent constraints")
    for name, asked in ASKED.items():
        model = store.load(name)
        for n in LOOPS:
            z = np.resize(model.sample_z(16, seed=1), (n, model.config.z_size))
            calls = {
                "constrain": partial(model.constrain, z, **asked),
                "decode": partial(model.decode_classes, z),
            }
            clock = time.thread_time if arguments.cpu_time else time.perf_counter
            ms = interleaved(calls, seconds=arguments.seconds, clock=clock)
            ratio = ms["constrain"] / ms["decode"]
            table.add_row(name, str(n), f"{ms['constrain']:.1f}", f"{ms['decode']:.1f}", f"{ratio:.1f}")
    console = Console()
    console.print(table)
    console.print(f"torch {torch.__version__}, {torch.get_num_threads()} threads; medians")


if __name__ == "__main__":
    main()
