"""Python source that makes a palette again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from latentpalette.music import drums
from latentpalette.music.accents import ACCENTS
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence


def to_python(
    *,
    model: str,
    corners: Sequence[NoteSequence],
    labels: Sequence[str],
    presets: Sequence[str | None],
    settings: dict[str, Any],
    puck: Sequence[float],
    points: Sequence[Sequence[float]],
) -> str:
    """Return Python source that makes a palette with these corners and settings.

    Parameters
    ----------
    model : str
        A name that `lp.load` accepts.
    corners : list of 4 NoteSequence
    labels : list of 4 str
    presets : list of 4 (str or None)
        For each corner the preset that it is, if it is one.
    settings : dict
        Keywords of `Palette`.
    puck : (x, y)
    points : list of (x, y)
        The path.
    """
    sources = [repr(preset) if preset else source_of(corner) for corner, preset in zip(corners, presets, strict=True)]
    lines = [
        "import latentpalette as lp",
        "",
        "palette = lp.Palette(",
        f"    lp.load({model!r}),",
        "    corners=[",
        *(f"        {source}," for source in sources),
        "    ],",
    ]
    if None in presets:
        lines.append(f"    labels={list(labels)!r},")
    lines += [f"    {name}={value!r}," for name, value in settings.items()]
    lines += [")", f"palette.puck = {_rounded(puck)!r}"]
    if points:
        lines.append(f"palette.path = {[tuple(_rounded(point)) for point in points]!r}")
    return "\n".join(lines) + "\n"


def source_of(loop: NoteSequence) -> str:
    """Return the source of a loop: steps of drums where that says all, else its notes."""
    names = dict(zip(drums.REDUCED.exemplars, drums.DRUM_NAMES, strict=True))
    hits: dict[str, list[int]] = {}
    for note in loop.notes:
        name = names.get(note.pitch) if note.is_drum else None
        accents = ACCENTS[drums.DRUM_NAMES.index(name)] if name else ()
        if name is None or note.offset or note.velocity != accents[note.step % STEPS_PER_BAR]:
            break
        hits.setdefault(name, []).append(note.step)
    else:
        ordered = {name: hits[name] for name in drums.DRUM_NAMES if name in hits}
        return f"lp.NoteSequence.from_steps({ordered!r}, steps={loop.steps})"
    notes = ", ".join(
        f"lp.Note({note.pitch}, {note.step}, {note.length}, {note.velocity}, {round(note.offset, 4)}, "
        f"{note.is_drum}, {note.program})"
        for note in loop.notes
    )
    return f"lp.NoteSequence([{notes}], steps={loop.steps})"


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), 4) for value in values]
