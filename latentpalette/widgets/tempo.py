"""Tempo of a palette: the one that its corners have in common, or most of them."""

from __future__ import annotations

from collections.abc import Sequence

from latentpalette.latent.grids import CORNERS
from latentpalette.widgets.settings import MAX_QPM, MIN_QPM


def common_tempo(qpms: Sequence[float | None], *, place: str = "corner") -> tuple[float | None, str]:
    """Return the tempo of corners, and a sentence where it is not that of all.

    The tempo that most corners have; among tempos of as many corners, that of the first of these in the order A, B,
    C, D. Presets and latent vectors have none. Tempos are equal if they are to a hundredth.

    Parameters
    ----------
    qpms : list of up to 4 (float or None) [quarter notes per minute]
    place : str
        What the letters stand for.

    Returns
    -------
    float or None
        Within the limits of a palette; None if no corner has a tempo.
    str
        Empty where there is nothing to say.

    Examples
    --------
    >>> common_tempo([93.0, 93.0, None, 120.0])
    (93.0, 'Tempo: 93 qpm, as in corners A and B; corner D is at 120.')
    >>> common_tempo([93.0, 120.0, 120.0, 93.0])
    (93.0, 'Tempo: 93 qpm, as in corners A and D; corners B and C are at 120.')
    >>> common_tempo([None] * 4)
    (None, '')
    """
    letters: dict[float, list[str]] = {}
    exact: dict[float, float] = {}
    for letter, qpm in zip(CORNERS, qpms, strict=False):
        if qpm is not None:
            letters.setdefault(round(qpm, 2), []).append(letter)
            exact.setdefault(round(qpm, 2), qpm)
    if not letters:
        return None, ""
    chosen = max(letters, key=lambda tempo: len(letters[tempo]))  # the first of those with as many corners
    qpm = min(max(exact[chosen], float(MIN_QPM)), float(MAX_QPM))
    others = [_at(corners, tempo, place) for tempo, corners in letters.items() if tempo != chosen]
    if qpm != exact[chosen]:
        limit = f"the {'slowest' if qpm == MIN_QPM else 'fastest'} that can be played"
        listed = "; ".join([_at(letters[chosen], chosen, place), *others])
        return qpm, f"Tempo: {format_qpm(qpm)} qpm, {limit}; {listed}."
    if not others:
        return qpm, ""
    return qpm, f"Tempo: {format_qpm(qpm)} qpm, as in {_corners(letters[chosen], place)}; {'; '.join(others)}."


def differing_tempos(qpm: float, qpms: Sequence[float | None]) -> str:
    """Return a sentence for a palette that stays at its tempo while corners have another; empty where they do not.

    Examples
    --------
    >>> differing_tempos(120.0, [93.0, None, None, 120.0])
    'The palette stays at 120 qpm; corner A is at 93. Set palette.qpm to change that.'
    """
    others: dict[float, list[str]] = {}
    for letter, tempo in zip(CORNERS, qpms, strict=True):
        if tempo is not None and round(tempo, 2) != round(qpm, 2):
            others.setdefault(round(tempo, 2), []).append(letter)
    if not others:
        return ""
    listed = "; ".join(_at(corners, tempo, "corner") for tempo, corners in others.items())
    return f"The palette stays at {format_qpm(qpm)} qpm; {listed}. Set palette.qpm to change that."


def format_qpm(qpm: float) -> str:
    """Format a tempo to a hundredth at most.

    Examples
    --------
    >>> format_qpm(93.00003), format_qpm(97.5)
    ('93', '97.5')
    """
    return f"{round(qpm, 2):g}" if round(qpm, 2) < 1e5 else f"{qpm:.0f}"


def _at(letters: list[str], qpm: float, place: str) -> str:
    return f"{_corners(letters, place)} {'are' if len(letters) > 1 else 'is'} at {format_qpm(qpm)}"


def _corners(letters: list[str], place: str) -> str:
    return f"{place}{'s' if len(letters) > 1 else ''} {_list(letters)}"


def _list(letters: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(letters[:-1]), letters[-1])))
