"""Decoding speed, compared with a plain loop and with the matrix products alone.

``python -m benchmarks.decode`` measures everything in one run, with the shipped model where there is one, otherwise
with random weights of its sizes: the time is the same.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from itertools import pairwise

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from benchmarks.timing import interleaved
from latentpalette.models import store
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE

SIZES = {"z_size": 128, "enc_rnn_size": (384,), "dec_rnn_size": (256, 256)}
LOOPS = (1, 16, 121, 1024)


def shipped_or_random(name: str = "drums-2bar") -> MusicVAE:
    if name in store.available().names:
        return store.load(name)
    return MusicVAE(MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**SIZES)).eval()


def plain_loop(model: MusicVAE) -> Callable[[Tensor], Tensor]:
    """Return a straightforward decoder: `LSTMCell`, one-hot inputs, everything multiplied at every step."""
    core = model.decoder.cores[0]
    cells = []
    for layer in core.layers:
        cell = nn.LSTMCell(layer.input_size, layer.hidden_size)
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            setattr(cell, name, getattr(layer, f"{name}_l0"))
        cells.append(cell)
    depth, steps = core.head.depth, model.config.steps

    def decode(z: Tensor) -> Tensor:
        states = core.initial_states(z)
        previous = z.new_zeros(len(z), depth)
        labels = []
        for _ in range(steps):
            hidden = torch.cat([previous, z], 1)
            for layer, cell in enumerate(cells):
                states[layer] = cell(hidden, states[layer])
                hidden = states[layer][0]
            labels.append(core.projection(hidden).argmax(1))
            previous = nn.functional.one_hot(labels[-1], depth).float()
        return torch.stack(labels, 1)

    return decode


def matmuls_only(model: MusicVAE, n: int, dtype: torch.dtype = torch.float32) -> Callable[[], None]:
    """Return a function that computes the matrix products which every decoder of this model needs, and nothing else."""
    core = model.decoder.cores[0]
    sizes = core.sizes
    shapes = [(sizes[0], 4 * sizes[0])]
    shapes += [(below + units, 4 * units) for below, units in pairwise(sizes)]
    shapes += [(sizes[-1], core.head.num_params)]
    generator = torch.Generator().manual_seed(0)
    pairs = [
        (torch.randn(n, a, generator=generator).to(dtype), torch.randn(a, b, generator=generator).to(dtype))
        for a, b in shapes
    ]

    def multiply() -> None:
        for _ in range(model.config.steps):
            for inputs, matrix in pairs:
                torch.mm(inputs, matrix)

    return multiply


def measure(model: MusicVAE, n: int, *, seconds: float, cpu_time: bool = False) -> dict[str, float]:
    """Return the median milliseconds of each way to decode n loops."""
    z = torch.randn(n, model.config.z_size, generator=torch.Generator().manual_seed(n))
    noise = torch.rand(n, model.config.steps, 1, generator=torch.Generator().manual_seed(n))
    plain = plain_loop(model)
    with torch.inference_mode():
        agreement = (plain(z) == model.decoder.decode(z)[0]).float().mean().item()
        if agreement < 0.999:  # a tie may fall either way, once in a thousand steps at most
            raise AssertionError(f"The fast decoder decodes {n} loops differently: {agreement:.1%} of the steps agree.")
        return interleaved(
            {
                "plain": lambda: plain(z),
                "products": matmuls_only(model, n),
                "fast": lambda: model.decoder.decode(z),
                "sampled": lambda: model.decoder.decode(z, temperature=1.0, noise=noise),
                "bf16": lambda: model.decoder.decode(z, dtype=torch.bfloat16),
                "bf16 products": matmuls_only(model, n, torch.bfloat16),
            },
            seconds=seconds,
            clock=time.thread_time if cpu_time else time.perf_counter,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loops", type=int, nargs="+", default=LOOPS, help="batch sizes")
    parser.add_argument("--seconds", type=float, default=6.0, help="for each batch size")
    parser.add_argument("--model", default="drums-2bar")
    parser.add_argument(
        "--cpu-time", action="store_true", help="CPU time of one thread: for a machine that does other things"
    )
    arguments = parser.parse_args()
    if arguments.cpu_time:
        torch.set_num_threads(1)
    model = shipped_or_random(arguments.model)
    columns = ("plain", "fast", "sampled", "bf16", "plain/fast", "plain/bf16", "fast/products")
    table = Table("loops", *columns, title="milliseconds, and ratios")
    for n in arguments.loops:
        ms = measure(model, n, seconds=arguments.seconds, cpu_time=arguments.cpu_time)
        table.add_row(
            f"{n:,}",
            *(f"{ms[name]:.1f}" for name in ("plain", "fast", "sampled", "bf16")),
            *(f"{ms[a] / ms[b]:.2f}" for a, b in (("plain", "fast"), ("plain", "bf16"), ("fast", "products"))),
        )
    console = Console()
    console.print(table)
    console.print(
        f"{model!r}; torch {torch.__version__}, {torch.get_num_threads()} threads, {platform.machine()}; "
        f"medians{' of CPU time' if arguments.cpu_time else ''}, interleaved"
    )


if __name__ == "__main__":
    main()
