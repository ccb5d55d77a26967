"""Progress as HTML: a line and a bar for each task, its curves, its grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from latentpalette.progress.task import Task

_WIDTH, _HEIGHT, _CELL = 360, 90, 6  # pixels
_MAX_ROWS = 64  # of a grid; of a larger one, every second or third cell is shown
_LEVELS = 20  # of opacity
_COLORS = ("#2a78d6", "#c8601a", "#2a9d6a", "#9a55c8")


def to_html(lines: Sequence[tuple[Task, float]]) -> str:
    """Return tasks as HTML, given how many seconds each has lasted.

    Examples
    --------
    >>> task = Task("Decoding <x>", 4)
    >>> task.update(done=1)
    >>> print(to_html([(task, 2.0)]))
    <div style="font: 13px sans-serif">Decoding &lt;x&gt;: 1 of 4, 2 s<br><progress value="0.25" \
    style="width: 360px"></progress></div>
    """
    return "".join(map(_task_html, *zip(*lines, strict=True)))


def _task_html(task: Task, seconds: float) -> str:
    value = "" if task.share is None else f' value="{task.share:.4g}"'
    parts = [escape(task.describe(seconds)), f'<progress{value} style="width: {_WIDTH}px"></progress>']
    curves = [
        _curve_svg(name, points, _COLORS[index % len(_COLORS)])
        for index, (name, points) in enumerate(task.curves.items())
    ]
    parts += [svg for svg in curves if svg]
    if len(task.grid):
        parts.append(_grid_svg(task.label, task.grid))
    return f'<div style="font: 13px sans-serif">{"<br>".join(parts)}</div>'


def _curve_svg(name: str, points: Sequence[tuple[float, float]], color: str) -> str:
    """Return a curve with its lowest and highest value; "" for fewer than two points."""
    points = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    if len(points) < 2:
        return ""
    xs, ys = zip(*points, strict=True)
    width, height = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
    path = " ".join(
        f"{4 + (x - min(xs)) / width * (_WIDTH - 8):.1f},{18 + (max(ys) - y) / height * (_HEIGHT - 22):.1f}"
        for x, y in points
    )
    text = escape(f"{name}: {ys[-1]:.3g} (from {min(ys):.3g} to {max(ys):.3g})")
    return (
        f'<svg role="img" aria-label="{text}" width="{_WIDTH}" height="{_HEIGHT}">'
        f'<text x="4" y="12" font-size="11" fill="{color}">{text}</text>'
        f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.5"/></svg>'
    )


def _grid_svg(label: str, grid: Any) -> str:
    """Return a grid of values from 0 to 1, the first row at the top; NaN, not known yet, is left out."""
    stride = -(-len(grid) // _MAX_ROWS)
    rows = [row[::stride] for row in grid[::stride]]
    cells: dict[int, list[str]] = {}  # by level: one path for all cells of a level is a fifth of as many rectangles
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if math.isfinite(value):
                level = round(min(max(value, 0.0), 1.0) * _LEVELS)
                cells.setdefault(level, []).append(f"M{x * _CELL} {y * _CELL}h{_CELL}v{_CELL}h-{_CELL}z")
    paths = [
        f'<path d="{"".join(squares)}" fill="{_COLORS[0]}" fill-opacity="{0.08 + 0.92 * level / _LEVELS:.2f}"/>'
        for level, squares in sorted(cells.items())
    ]
    size = f'width="{_CELL * len(rows[0])}" height="{_CELL * len(rows)}"'
    return f'<svg role="img" aria-label="{escape(label)}, so far" {size}>{"".join(paths)}</svg>'
