"""The published big sizes: whether they load and decode in the time and memory that a laptop has.

``python -m benchmarks.large_models`` saves ``cat-mel_2bar_big`` (135 million weights, random) with our own store, loads
it in a fresh process and decodes 121 loops in one call; then it decodes 16 sequences with the wiring of
``hierdec-trio_16bar`` and compares with the bare recurrences.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from benchmarks.decode import bare_products
from latentpalette.models import store
from latentpalette.models.checks import PRECISIONS
from latentpalette.models.config import CONFIGS
from latentpalette.models.musicvae import MusicVAE

BIG, TRIO = "cat-mel_2bar_big", "hierdec-trio_16bar"


def peak_mb() -> float:
    """The most memory that this process has had at once [MB]."""
    import resource  # not on Windows, where the times are measured all the same

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def seconds_of(what: Callable[[], object]) -> float:
    """How long it takes; with one thread, how long that thread works."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    started = clock()
    what()
    return clock() - started


def save_big(folder: str, half: bool) -> dict[str, float]:
    model = MusicVAE(CONFIGS[BIG])
    return {
        "millions of weights": sum(each.numel() for each in model.parameters()) / 1e6,
        "save, s": seconds_of(lambda: store.save(model, folder, half=half)),
        "peak, MB": peak_mb(),
        "on disk, MB": (Path(folder) / "model.safetensors").stat().st_size / 1e6,
    }


def load_big(folder: str) -> dict[str, float]:
    before = peak_mb()
    started = time.perf_counter()
    busy = time.process_time()
    store.load(folder)
    return {
        "load, s": time.perf_counter() - started,
        "of it busy, s": time.process_time() - busy,
        "peak, MB": peak_mb(),
        "of it Python and torch, MB": before,
    }


def decode_big(folder: str, loops: int, precision: str) -> dict[str, float]:
    model = store.load(folder)
    z = torch.randn(loops, model.config.z_size, generator=torch.Generator().manual_seed(0)).numpy()
    decode = lambda loops: model.decode_classes(z[:loops], precision=precision)
    first = seconds_of(lambda: decode(2))  # lays the weights out for decoding, once
    took = seconds_of(lambda: decode(loops))
    peak = peak_mb()
    products = seconds_of(bare_products(model, loops, PRECISIONS[precision]))
    return {"first call, of two, s": first, "decode, s": took, "products alone, s": products, "peak, MB": peak}


def decode_trio(sequences: int, precision: str) -> dict[str, float]:
    """The decoder alone: what reads takes no part."""
    model = MusicVAE(CONFIGS[TRIO].replace(enc_rnn_size=())).eval()
    z = torch.randn(sequences, model.config.z_size, generator=torch.Generator().manual_seed(0)).numpy()
    decode = lambda sequences: model.decode_classes(z[:sequences], precision=precision)
    first = seconds_of(lambda: decode(2))
    took = seconds_of(lambda: decode(sequences))
    peak = peak_mb()
    bare = seconds_of(recurrences(model, sequences))
    return {"first call, of two, s": first, "decode, s": took, "bare recurrences, s": bare, "peak, MB": peak}


def recurrences(model: MusicVAE, n: int) -> Callable[[], None]:
    """The decoder's LSTM cells, step after step, and nothing else: no rows, no heads, no conductor."""

    @torch.inference_mode()
    def run() -> None:
        for core in model.decoder.cores:
            inputs = torch.zeros(n, core.layers[0].input_size)
            states = core.initial_states(torch.zeros(n, core.initial.in_features))
            for _ in range(model.config.steps):
                _, states = core.step(inputs, states)

    return run


def in_a_fresh_process(name: str, *arguments: object, busy: bool) -> dict[str, float]:
    """One of the functions above, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.large_models", "--only", name, json.dumps(arguments)] + [
        "--busy"
    ] * busy
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loops", type=int, default=121)
    parser.add_argument("--sequences", type=int, default=16)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--half", action="store_true", help="weights on disk as float16")
    parser.add_argument(
        "--busy", action="store_true", help="one thread, and the time it works: for a machine that does other things"
    )
    parser.add_argument("--only", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.busy:
        torch.set_num_threads(1)
    if chosen.only:
        functions = {each.__name__: each for each in (save_big, load_big, decode_big, decode_trio)}
        print(json.dumps(functions[chosen.only[0]](*json.loads(chosen.only[1]))))
        return
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        for title, name, arguments in (
            (f"{BIG}: draw and save", "save_big", (folder, chosen.half)),
            (f"{BIG}: load", "load_big", (folder,)),
            (f"{BIG}: {chosen.loops} loops in one call", "decode_big", (folder, chosen.loops, chosen.precision)),
            (f"{TRIO}: {chosen.sequences} sequences", "decode_trio", (chosen.sequences, chosen.precision)),
        ):
            found = in_a_fresh_process(name, *arguments, busy=chosen.busy)
            table = Table(*found, title=title, title_justify="left")
            table.add_row(*(f"{value:,.2f}" for value in found.values()))
            console.print(table)
    console.print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")


if __name__ == "__main__":
    main()
