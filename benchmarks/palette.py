"""Time from new corners to a new grid, the delay after a corner is edited; and of an observer of the selected cell.

``python -m benchmarks.palette`` encodes four loops, interpolates the grid between their means and decodes every cell.
Then it moves the puck from cell to cell while an observer of `selected` reads the cell's z and notes.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch
from rich.console import Console
from rich.table import Table

from benchmarks.decode import shipped_or_random
from latentpalette.latent.grids import bilinear_grid
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.presets import presets
from latentpalette.widgets.palette import Palette


def time_stages(model: MusicVAE, size: int, precision: str) -> dict[str, float]:
    """Return the milliseconds of each stage of one round."""
    corners = list(presets().values())[:4]
    milliseconds = {}
    started = before = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal before
        now = time.perf_counter()
        milliseconds[name] = 1e3 * (now - before)
        before = now

    means = model.encode(corners)
    lap("encode 4")
    grid = bilinear_grid(means, size)
    lap("grid")
    model.decode_classes(grid.reshape(size * size, -1), precision=precision)
    lap(f"decode {size * size}")
    milliseconds["total"] = 1e3 * (before - started)
    return milliseconds


def time_puck_moves(model: MusicVAE, size: int, moves: int) -> list[float]:
    """Return the milliseconds of each move of the puck to another cell, with an observer of `selected`."""
    palette = Palette(model, size=size)
    palette.observe(lambda change: (change.new.z.sum(), len(change.new.notes)), "selected")
    milliseconds = []
    for move in range(moves):
        row, col = divmod(move % size**2, size)
        before = time.perf_counter()
        palette.select(row, col)
        milliseconds.append(1e3 * (time.perf_counter() - before))
    return milliseconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=11, help="cells along a side")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--moves", type=int, default=200, help="moves of the puck")
    parser.add_argument("--model", default="drums-2bar")
    arguments = parser.parse_args()
    model = shipped_or_random(arguments.model)
    columns = ("precision", "encode 4", "grid", f"decode {arguments.size**2}", "total", "worst")
    table = Table(*columns, title="milliseconds")
    for precision in ("float32", "bfloat16"):
        rounds = [time_stages(model, arguments.size, precision) for _ in range(arguments.rounds + 1)][1:]
        medians = [statistics.median(stages[name] for stages in rounds) for name in rounds[0]]
        worst = max(stages["total"] for stages in rounds)
        table.add_row(precision, *(f"{value:.1f}" for value in (*medians, worst)))
    console = Console()
    console.print(table)
    moves = time_puck_moves(model, arguments.size, arguments.moves)
    console.print(
        f"A move of the puck, with an observer of the selected cell: {statistics.median(moves):.2f} ms, "
        f"at most {max(moves):.2f} ms."
    )
    console.print(
        f"{model!r}; torch {torch.__version__}, {torch.get_num_threads()} threads; medians of {arguments.rounds}"
    )


if __name__ == "__main__":
    main()
