"""Python source that makes a palette again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from latentpalette.music import drums


def to_python(
    *,
    model: str,
    patterns: Sequence[Sequence[int]],
    labels: Sequence[str],
    presets: dict[str, tuple[int, ...]],
    settings: dict[str, Any],
    puck: Sequence[float],
    points: Sequence[Sequence[float]],
) -> str:
    """Return Python source that makes a palette with these corners and settings.

    Parameters
    ----------
    model : str
        A name that `lp.load` accepts.
    patterns, labels : list of 4
        The corners.
    presets : dict of name to pattern
        A corner that is one of these is given by its name.
    settings : dict
        Keywords of `Palette`.
    puck : (x, y)
    points : list of (x, y)
        The path.
    """
    corners = [
        repr(label) if presets.get(label) == tuple(pattern) else _from_steps(pattern)
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
    if any(presets.get(label) != tuple(pattern) for label, pattern in zip(labels, patterns, strict=True)):
        lines.append(f"    labels={list(labels)!r},")
    lines += [f"    {name}={value!r}," for name, value in settings.items()]
    lines += [")", f"palette.puck = {_rounded(puck)!r}"]
    if points:
        lines.append(f"palette.path = {[tuple(_rounded(point)) for point in points]!r}")
    return "\n".join(lines) + "\n"


def _from_steps(pattern: Sequence[int]) -> str:
    hits = {
        name: [step for step, token in enumerate(pattern) if token >> drum & 1]
        for drum, name in enumerate(drums.DRUM_NAMES)
    }
    not_empty = {name: steps for name, steps in hits.items() if steps}
    return f"lp.NoteSequence.from_steps({not_empty!r}, steps={len(pattern)})"


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), 4) for value in values]
