"""Piano rolls with a player each, side by side: how a NoteSequence shows itself in a notebook."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import traitlets

from latentpalette.errors import LatentPaletteError
from latentpalette.music.sequence import NoteSequence
from latentpalette.plots import embed
from latentpalette.plots.labels import resolve_labels
from latentpalette.plots.layout import lane_name
from latentpalette.plots.pianoroll_interactive import pianoroll
from latentpalette.plots.pianoroll_png import pianoroll_png
from latentpalette.widgets.base import Answer, Buffers, Instrument, answers

SENT_AHEAD = 60.0  # [seconds] longer sounds are rendered when somebody wants to hear them


class PianoRolls(Instrument):
    """Sequences as piano rolls to look into and to hear, all on the same rows so that they compare.

    Parameters
    ----------
    sequences : list of NoteSequence
    labels : str or list of str, optional
        A name for each; a string is split at its spaces.
    pitch_range : (lowest, highest), optional
        The pitches to show; without it those that any of them plays.

    Raises
    ------
    MusicError
        If there is nothing to show, or not one label for each sequence.

    Notes
    -----
    BokehJS travels from the installed bokeh to the page, once a page, when the first roll asks for it: nothing comes
    from a network and none of it is saved. Until it is there (a busy kernel answers late) the page shows the picture
    that a notebook saves; the players need no answer.
    """

    script = "pianorolls"

    items: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    media = traitlets.Unicode("").tag(sync=True)
    sounds = traitlets.Bytes(b"").tag(sync=True, echo_update=False)
    still = traitlets.Bytes(b"").tag(sync=True, echo_update=False)
    library = traitlets.Bytes(b"").tag(sync=True, echo_update=False)

    def __init__(
        self,
        sequences: Sequence[NoteSequence],
        labels: str | Sequence[str] | None = None,
        *,
        pitch_range: tuple[int, int] | None = None,
    ) -> None:
        self._sequences = list(sequences)
        self._labels = resolve_labels(self._sequences, labels)
        self._named = labels is not None
        rolls = [
            pianoroll(
                one, share_rows_with=self._sequences, pitch_range=pitch_range, row_height=15 if self._several else None
            )
            for one in self._sequences
        ]
        short = [one.seconds <= SENT_AHEAD for one in self._sequences]
        sounds, items, start = [], [], 0
        for one, label, roll, now in zip(self._sequences, self._labels, rolls, short, strict=True):
            data, silent = _sound(one) if now else (b"", "")
            items.append(_item(one, label, roll) | {"start": start, "length": len(data), "silent": silent})
            sounds.append(data)
            start += len(data)
        picture = pianoroll_png(self._sequences, self._labels if self._named else None, pitch_range=pitch_range)
        super().__init__(items=items, sounds=b"".join(sounds), media=_media(), still=picture)

    @property
    def _several(self) -> bool:
        return len(self._sequences) > 1

    def snapshot(self) -> bytes:
        """The same rolls as a picture: the bytes of a PNG file."""
        picture: bytes = self.still
        return picture

    def page_state(self) -> dict[str, Any]:
        """The traits that a page without Python starts from: all sounds, and BokehJS, are in it."""
        sounds, items, start = [], [], 0
        for one, item in zip(self._sequences, self.items, strict=True):
            data, silent = _sound(one)
            items.append({**item, "start": start, "length": len(data), "silent": silent})
            sounds.append(data)
            start += len(data)
        sent = {"items": items, "sounds": b"".join(sounds), "media": self.media, "still": self.still}
        return {**sent, "library": embed.bokehjs_gz()}

    def __repr__(self) -> str:
        called = f": {' '.join(self._labels)}" if self._named else ""
        return f"PianoRolls({len(self._sequences)}{called})"

    # --- what the browser asks ------------------------------------------------------------------

    @answers("bokehjs")
    def _answer_bokehjs(self, _body: dict[str, Any], _: Buffers) -> Answer:
        return {}, [embed.bokehjs_gz()]

    @answers("sound")
    def _answer_sound(self, body: dict[str, Any], _: Buffers) -> Answer:
        data, silent = _sound(self._sequences[int(body["index"])])
        if silent:
            raise LatentPaletteError(silent)
        return {}, [data]


def show(
    sequences: NoteSequence | Sequence[NoteSequence],
    labels: str | Sequence[str] | None = None,
    *,
    pitch_range: tuple[int, int] | None = None,
) -> PianoRolls:
    """Show sequences side by side, each with a player.

    Parameters
    ----------
    sequences : NoteSequence or list of NoteSequence
    labels : str or list of str, optional
        A name for each; a string is split at its spaces: ``"A . . . B"`` for a walk of five.
    pitch_range : (lowest, highest), optional
        The pitches to show; without it those that any of them plays.

    Returns
    -------
    PianoRolls
        What a notebook shows if it is the last line of a cell.

    Raises
    ------
    MusicError
        If there is nothing to show, or not one label for each sequence.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
    >>> show([loop, loop], "A B")
    PianoRolls(2: A B)
    """
    several = [sequences] if isinstance(sequences, NoteSequence) else sequences
    return PianoRolls(several, labels, pitch_range=pitch_range)


def mimebundle(sequence: NoteSequence) -> Any:
    """What a front end may show of a sequence: a widget, a picture, or its repr. In a terminal only the last."""
    text = {"text/plain": repr(sequence)}
    if _is_terminal():
        return text
    bundle: Any = PianoRolls([sequence])._repr_mimebundle_()
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
    return {**data, **text}, metadata


def _is_terminal() -> bool:
    """Whether what is shown goes to a terminal, which has no use for a picture."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and shell.display_formatter.active_types == ["text/plain"]


def _item(sequence: NoteSequence, label: str, roll: Any) -> dict[str, Any]:
    roll.sizing_mode = "stretch_width"
    return {
        "label": label,
        "facts": _facts(sequence),
        "said": _said(sequence),
        "height": roll.height,
        "steps": sequence.steps,
        "step_seconds": sequence.step_seconds,
        "document": embed.to_json_item(roll),
    }


def _facts(sequence: NoteSequence) -> str:
    return f"{_many(len(sequence), 'note')} · {_many(sequence.bars, 'bar')} · {sequence.qpm:g} qpm"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _said(sequence: NoteSequence) -> str:
    """What is in the picture, for those who do not see it."""
    drums = Counter(lane_name(note.pitch) for note in sequence.notes if note.is_drum)
    parts = [f"{name} {times}" for name, times in drums.items()]
    others = len(sequence) - sum(drums.values())
    return ", ".join(parts + ([_many(others, "note")] if others else [])) or "silence"


def _sound(sequence: NoteSequence) -> tuple[bytes, str]:
    """The sound as a small file; or nothing, and why."""
    try:
        return sequence.sound().to_audio_bytes()[0], ""
    except LatentPaletteError as problem:
        return b"", str(problem)


def _media() -> str:
    from latentpalette.audio.sound import has_mp3

    return "audio/mpeg" if has_mp3() else "audio/wav"
