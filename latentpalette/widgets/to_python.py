"""The few lines of Python that make a palette again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from latentpalette.music import drums
from latentpalette.music.presets import presets


def code_of(
    *,
    model: str,
    patterns: Sequence[Sequence[int]],
    labels: Sequence[str],
    known: dict[str, Sequence[int]],
    settings: dict[str, Any],
    puck: Sequence[float],
    points: Sequence[Sequence[float]],
) -> str:
    """Write them.

    Parameters
    ----------
    model : str
        What `lp.load` takes.
    patterns, labels : list of 4
        The corners.
    known : dict of name to pattern
        The presets as patterns: a corner that is one is called by its name.
    settings : dict
        Those that differ from what a new palette has.
    puck, points
        Where the puck is, and the path.
    """
    corners = [
        repr(label) if known.get(label) == tuple(pattern) else _loop(pattern)
        for pattern, label in zip(patterns, labels, strict=True)
    ]
    lines = [
        "import latentpalette as lp",
        "",
        "palette = lp.Palette(",
        f"    lp.load({model!r}),",
        "    corners=[",
        *(f"        {corner}," for corner in corners),
        "    ],",
    ]
    if any(label not in presets() for label in labels):
        lines.append(f"    labels={list(labels)!r},")
    lines += [f"    {name}={value!r}," for name, value in settings.items()]
    lines += [")", f"palette.puck = {_rounded(puck)!r}"]
    if points:
        lines.append(f"palette.path = {[tuple(_rounded(point)) for point in points]!r}")
    return "\n".join(lines) + "\n"


def _loop(pattern: Sequence[int]) -> str:
    hits = {
        name: [step for step, mask in enumerate(pattern) if mask >> drum & 1]
        for drum, name in enumerate(drums.DRUM_NAMES)
    }
    played = {name: steps for name, steps in hits.items() if steps}
    return f"lp.NoteSequence.from_steps({played!r}, steps={len(pattern)})"


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), 4) for value in values]
