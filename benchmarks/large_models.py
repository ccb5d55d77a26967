"""Time and memory of the largest published configurations, to run them on a laptop.

``python -m benchmarks.large_models`` saves ``cat-mel_2bar_big`` (135 million random weights), loads it in a fresh
process and decodes 121 loops in one call; then it decodes 16 sequences with the wiring of ``hierdec-trio_16bar`` and
compares with the recurrent layers alone.
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

from benchmarks.decode import matmuls_only
from latentpalette.models import store
from latentpalette.models.checks import DTYPES
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE

BIG, TRIO = "cat-mel_2bar_big", "hierdec-trio_16bar"


def peak_mb() -> float:
    """Return the peak memory of this process [MB]."""
    import resource  # not available on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def seconds_of(function: Callable[[], object]) -> float:
    """Return the time of one call; with one thread, its CPU time."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    started = clock()
    function()
    return clock() - started


def save_big(folder: str, fp16: bool) -> dict[str, float]:
    model = MusicVAE(MAGENTA_CONFIGS[BIG])
    return {
        "millions of weights": sum(weights.numel() for weights in model.parameters()) / 1e6,
        "save, s": seconds_of(lambda: store.save(model, folder, fp16=fp16)),
        "peak, MB": peak_mb(),
        "on disk, MB": (Path(folder) / "model.safetensors").stat().st_size / 1e6,
    }


def load_big(folder: str) -> dict[str, float]:
    before = peak_mb()
    started = time.perf_counter()
    cpu_started = time.process_time()
    store.load(folder)
    return {
        "load, s": time.perf_counter() - started,
        "of it CPU time, s": time.process_time() - cpu_started,
        "peak, MB": peak_mb(),
        "of it Python and torch, MB": before,
    }


def decode_big(folder: str, loops: int, precision: str) -> dict[str, float]:
    model = store.load(folder)
    z = torch.randn(loops, model.config.z_size, generator=torch.Generator().manual_seed(0)).numpy()
    decode = lambda loops: model.decode_classes(z[:loops], precision=precision)
    first = seconds_of(lambda: decode(2))  # packs the weights for decoding, once
    seconds = seconds_of(lambda: decode(loops))
    peak = peak_mb()
    matmuls = seconds_of(matmuls_only(model, loops, DTYPES[precision]))
    return {"first call, of two, s": first, "decode, s": seconds, "matmuls alone, s": matmuls, "peak, MB": peak}


def decode_trio(sequences: int, precision: str) -> dict[str, float]:
    """Time the decoder of a model without an encoder."""
    model = MusicVAE(MAGENTA_CONFIGS[TRIO].replace(enc_rnn_size=())).eval()
    z = torch.randn(sequences, model.config.z_size, generator=torch.Generator().manual_seed(0)).numpy()
    decode = lambda sequences: model.decode_classes(z[:sequences], precision=precision)
    first = seconds_of(lambda: decode(2))
    seconds = seconds_of(lambda: decode(sequences))
    peak = peak_mb()
    recurrent = seconds_of(recurrent_layers_only(model, sequences))
    return {"first call, of two, s": first, "decode, s": seconds, "LSTM cells alone, s": recurrent, "peak, MB": peak}


def recurrent_layers_only(model: MusicVAE, n: int) -> Callable[[], None]:
    """Return a function that runs the decoder's LSTM cells, step after step, without inputs, heads and conductor."""

    @torch.inference_mode()
    def run() -> None:
        for core in model.decoder.cores:
            inputs = torch.zeros(n, core.layers[0].input_size)
            states = core.initial_states(torch.zeros(n, core.initial.in_features))
            for _ in range(model.config.steps):
                _, states = core.step(inputs, states)

    return run


def run_in_fresh_process(name: str, *arguments: object, cpu_time: bool) -> dict[str, float]:
    """Call one of the functions above in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, "-m", "benchmarks.large_models", "--only", name, json.dumps(arguments)]
    if cpu_time:
        command.append("--cpu-time")
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(result.stderr)
    return json.loads(result.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loops", type=int, default=121)
    parser.add_argument("--sequences", type=int, default=16)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--fp16", action="store_true", help="weights on disk as float16")
    parser.add_argument(
        "--cpu-time", action="store_true", help="CPU time of one thread: for a machine that does other things"
    )
    parser.add_argument("--only", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cpu_time:
        torch.set_num_threads(1)
    if options.only:
        functions = {function.__name__: function for function in (save_big, load_big, decode_big, decode_trio)}
        name, arguments = options.only
        print(json.dumps(functions[name](*json.loads(arguments))))
        return
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        for title, name, arguments in (
            (f"{BIG}: initialize and save", "save_big", (folder, options.fp16)),
            (f"{BIG}: load", "load_big", (folder,)),
            (f"{BIG}: {options.loops} loops in one call", "decode_big", (folder, options.loops, options.precision)),
            (f"{TRIO}: {options.sequences} sequences", "decode_trio", (options.sequences, options.precision)),
        ):
            results = run_in_fresh_process(name, *arguments, cpu_time=options.cpu_time)
            table = Table(*results, title=title, title_justify="left")
            table.add_row(*(f"{value:,.2f}" for value in results.values()))
            console.print(table)
    console.print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")


if __name__ == "__main__":
    main()
