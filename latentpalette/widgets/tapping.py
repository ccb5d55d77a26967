"""Drums from taps, in which every tap sounds."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from latentpalette.errors import PaletteError
from latentpalette.models.groove import CLOSED_HAT, tap_to_drums
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.drums import REDUCED
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from latentpalette.wording import counted

_ATTEMPTS = 8  # of which the one is taken that plays most of the taps
_TAP_VELOCITY = 100
_FILL_VELOCITY = 70  # of a tap that the model leaves out
_TAP_PITCH, _FILL_PITCH = REDUCED.exemplars[0], REDUCED.exemplars[CLOSED_HAT]


def drums_from_taps(
    model: MusicVAE, taps: Sequence[Sequence[float]], steps: int, *, temperature: float, seed: int
) -> NoteSequence:
    """Make drums of a tapped rhythm; each hit has the timing of its tap.

    Of several attempts the one is taken that plays most of the taps; those that it leaves out are closed hats.

    Parameters
    ----------
    model : MusicVAE
        Trained on taps.
    taps : list of (step, offset)
    steps : int
        Length of the loop [sixteenths]. A shorter one than the model's is repeated for it.
    temperature : float > 0
    seed : int

    Raises
    ------
    PaletteError
        If there are no taps, or no drums come of them.

    Examples
    --------
    >>> import latentpalette as lp
    >>> taps = [(step, 0.1) for step in (0, 3, 6, 8, 11, 14)]
    >>> drums = drums_from_taps(lp.load("groove-tap"), taps, 16, temperature=0.7, seed=1)
    >>> {0, 3, 6, 8, 11, 14} <= {note.step for note in drums.notes}
    True
    """
    tapped = {int(step): float(offset) for step, offset in taps if step < steps}
    if not tapped:
        raise PaletteError("There are no taps to make drums of. Tap a rhythm on the pad first.")
    rhythm = NoteSequence(
        [Note(_TAP_PITCH, step, 1, _TAP_VELOCITY, offset, True) for step, offset in tapped.items()], steps
    )
    laps = max(1, model.config.steps // steps)
    repeated = concatenate([rhythm] * laps)
    attempts = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of an attempt that is silent: another is not
        for attempt in range(_ATTEMPTS):
            made = tap_to_drums(model, repeated, temperature=temperature, seed=_ATTEMPTS * seed + attempt)
            attempts.append(made.slice((laps - 1) * steps, laps * steps))
    best = max(attempts, key=lambda drums: len(tapped.keys() & {note.step for note in drums.notes}))
    if not best.notes:
        raise PaletteError(f"No drums came of {counted(len(tapped), 'tap')}. Tap more, about one a beat.")
    silent = tapped.keys() - {note.step for note in best.notes}
    filled = [Note(_FILL_PITCH, step, 1, _FILL_VELOCITY, tapped[step], True) for step in sorted(silent)]
    return best.replace(notes=[*best.notes, *filled])
