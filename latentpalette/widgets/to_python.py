"""Python source that makes a palette again, and what the source of every instrument needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from latentpalette.models.personal import PersonalModel
from latentpalette.models.store import PRETRAINED
from latentpalette.models.style_file import SUFFIX
from latentpalette.music import drums
from latentpalette.music.accents import ACCENTS
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.widgets.model_clips import display_name


def opening_of(*models: Any) -> list[str]:
    """Return the first lines of Python source that loads models; those that are in no file are to be saved first.

    Examples
    --------
    >>> import latentpalette as lp
    >>> opening_of(lp.load("drums-2d"))
    ['import latentpalette as lp', '']
    """
    unsaved = [model for model in models if getattr(model, "path", "") is None]
    advice = [f"# First: lp.save(model, {_place_of(model)!r}), with the model {model.name!r}." for model in unsaved]
    return ["import latentpalette as lp", *advice, ""]


def load_source(model: Any) -> str:
    """Return the Python source that loads a model: by its name if it comes with the package, else from its file.

    Examples
    --------
    >>> import latentpalette as lp
    >>> load_source(lp.load("drums-2d"))
    "lp.load('drums-2d')"
    """
    return f"lp.load({_place_of(model)!r})"


def _place_of(model: Any) -> str:
    path = getattr(model, "path", None)
    if path is None:
        return display_name(model) + (SUFFIX if isinstance(model, PersonalModel) else "")
    return path.name if path.parent == PRETRAINED else str(path)


def to_python(
    *,
    model: Any,
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
    model : MusicVAE
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
        *opening_of(model),
        "palette = lp.Palette(",
        f"    {load_source(model)},",
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
