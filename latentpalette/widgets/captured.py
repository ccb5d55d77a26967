"""The music that was played last in the browser, as a value."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentpalette.calls import explain_methods
from latentpalette.errors import PaletteError
from latentpalette.files import expand_path, write_bytes
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import check_integer, check_list, check_number
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import MAX_STEPS, Clip, decode_clips
from latentpalette.widgets.settings import MAX_QPM, MIN_QPM

MAX_TEMPOS = 1024
MAX_CAPTURED_BYTES = 1 << 20  # 64 bars of a trio have about 20 kB


@explain_methods
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


def captured_clips(data: bytes, *, num_streams: Sequence[int]) -> list[Clip]:
    """Return the clips that the browser sends, one for each instrument.

    Parameters
    ----------
    data : bytes
    num_streams : list of int
        Of each instrument.

    Raises
    ------
    PaletteError
        If there are more or less, one is damaged, or a note is of a stream that is not there.
    """
    name = "What was played"
    clips = [clip for clip in decode_clips(data, name) if clip is not None]
    if len(clips) != len(num_streams):
        wanted = "one clip" if len(num_streams) == 1 else f"{len(num_streams)} clips"
        raise PaletteError(f"{name} is {wanted}; got {len(clips)}.")
    for clip, count in zip(clips, num_streams, strict=True):
        if len(clip.notes) and clip.notes["stream"].max() >= count:
            raise PaletteError(f"{name} has notes of a stream that is not there: {clip.notes['stream'].max()}.")
    return clips


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
