"""The music that was played last in the browser, as a value."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentpalette.errors import PaletteError
from latentpalette.files import expand_path, write_bytes
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import check_integer, check_list, check_number
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import MAX_STEPS, Clip, decode_clips
from latentpalette.widgets.settings import MAX_QPM, MIN_QPM

MAX_TEMPOS = 1024


@dataclass(frozen=True)
class Captured:
    """The music that was played last: up to 64 bars as they sounded, with every move, mute and lock.

    Parameters
    ----------
    notes : NoteSequence
        In whole bars, at the tempo of the last of them.
    tempos : tuple of (step, qpm)
        The tempos at which it was played, each with the step that it begins at.
    """

    notes: NoteSequence
    tempos: tuple[tuple[int, float], ...]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as a file; a ``.mid`` has its changes of tempo, ``.wav`` and ``.mp3`` are at that of `notes`.

        Raises
        ------
        FileError
            If the file cannot be written; one that was there before is unchanged.
        """
        if expand_path(path).suffix.lower() not in {".mid", ".midi"}:
            return self.notes.save(path)
        return write_bytes(path, midi.to_bytes(self.notes, tempos=self.tempos))


def only_clip(data: bytes, *, num_streams: int) -> Clip:
    """Return the one clip that the browser sends.

    Raises
    ------
    PaletteError
        If there is none or more than one, it is damaged, or a note is of a stream that is not there.
    """
    name = "What was played"
    clips = decode_clips(data, name)
    if len(clips) != 1 or clips[0] is None:
        raise PaletteError(f"{name} is one clip; got {len(clips)}.")
    if len(clips[0].notes) and clips[0].notes["stream"].max() >= num_streams:
        raise PaletteError(f"{name} has notes of a stream that is not there: {clips[0].notes['stream'].max()}.")
    return clips[0]


def check_tempos(value: Any) -> tuple[tuple[int, float], ...]:
    """Return the tempos that the browser sends: [step, qpm], in the order of the steps, the first at step 0.

    Raises
    ------
    SettingError
        If there is none, or one is out of range or order.
    """
    pairs = [
        check_list(pair, "A tempo", 2, of="step, qpm", error=SettingError)
        for pair in check_list(value, "tempos", 1, MAX_TEMPOS, of="[step, qpm]", error=SettingError)
    ]
    tempos = tuple(
        (
            check_integer(step, "The step of a tempo", 0, MAX_STEPS, error=SettingError),
            check_number(qpm, "A tempo", MIN_QPM, MAX_QPM, error=SettingError),
        )
        for step, qpm in pairs
    )
    steps = [step for step, _ in tempos]
    if steps[0] != 0 or steps != sorted(set(steps)):
        raise SettingError(f"Tempos begin at step 0 and go on in order; got steps {steps}.")
    return tempos
