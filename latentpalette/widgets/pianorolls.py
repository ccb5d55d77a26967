"""Piano rolls side by side, each with a player: the display of NoteSequences in a notebook."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from typing import Any

from latentpalette.errors import LatentPaletteError, MusicError
from latentpalette.music.midi import MidiSource
from latentpalette.music.sequence import NoteSequence, as_sequences
from latentpalette.old_names import accept_old_methods
from latentpalette.plots import embed
from latentpalette.plots.labels import resolve_labels
from latentpalette.plots.layout import lane_name, roll_width
from latentpalette.plots.marks import legend_entries, track_colors
from latentpalette.plots.overview import drawn_part
from latentpalette.plots.pianoroll_interactive import pianoroll
from latentpalette.plots.pianoroll_png import pianoroll_png
from latentpalette.validation import check_flag, check_integer, short_repr
from latentpalette.widgets.base import picture_bundle
from latentpalette.widgets.checked_traits import DerivedTrait
from latentpalette.widgets.frontend import shows_widgets
from latentpalette.widgets.page_words import page_words
from latentpalette.widgets.requests import Response, handles
from latentpalette.widgets.roll_sounds import (
    MAX_PRELOAD_SECONDS,
    is_loop,
    place_sounds,
    render_roll_sound,
    sound_mime_type,
)
from latentpalette.widgets.roll_transport import RollTransport, copied_music
from latentpalette.widgets.settings import MAX_QPM, MIN_QPM
from latentpalette.widgets.to_python import source_of
from latentpalette.wording import counted

_SEQUENCES = "the sequences; show others with latentpalette.show"

MAX_SHOWN = 64  # sequences side by side


@accept_old_methods
class PianoRolls(RollTransport):
    """Piano rolls with players, all on the same rows so that they compare.

    Parameters
    ----------
    sequences : list of NoteSequence
        Up to 64. Of a very long one the beginning is drawn: a thousand bars, ten thousand notes.
    labels : str or list of str, optional
        A name for each; a string is split at its spaces.
    pitch_range : (lowest, highest), optional
        The pitches to show; by default those that any of the sequences plays, and three more.
    repeat : bool, optional
        Begin with the switch to repeat on; by default it is where all sequences are loops of up to four bars.

    Raises
    ------
    MusicError
        If there is nothing to show, or not one label for each sequence.

    Notes
    -----
    BokehJS is sent to the page from the installed bokeh, once for each page, when the first roll requests it: nothing
    comes from a network and none of it is saved. Until it is there (a busy kernel responds late) the page shows the
    picture that a notebook saves; the players need no response.
    """

    script = "pianorolls"
    saved = ("items", "legend", "repeat", "roll_width", "tempo_note", "mime_type", "sounds", "png_alt")

    items: DerivedTrait[list[dict[str, Any]]] = DerivedTrait([], source=_SEQUENCES).tag(sync=True)
    legend: DerivedTrait[list[dict[str, str]]] = DerivedTrait([], source=_SEQUENCES).tag(sync=True)
    repeat: DerivedTrait[bool] = DerivedTrait(False, source=_SEQUENCES).tag(sync=True)
    roll_width: DerivedTrait[int] = DerivedTrait(0, source=_SEQUENCES).tag(sync=True)
    tempo_note: DerivedTrait[str] = DerivedTrait("", source=_SEQUENCES).tag(sync=True)
    mime_type: DerivedTrait[str] = DerivedTrait("", source=_SEQUENCES).tag(sync=True)
    sounds: DerivedTrait[bytes] = DerivedTrait(b"", source=_SEQUENCES).tag(sync=True, echo_update=False)
    png: DerivedTrait[bytes] = DerivedTrait(b"", source=_SEQUENCES).tag(sync=True, echo_update=False)
    png_alt: DerivedTrait[str] = DerivedTrait("", source=_SEQUENCES).tag(sync=True)
    bokehjs: DerivedTrait[bytes] = DerivedTrait(b"", source="the page").tag(sync=True, echo_update=False)

    def __init__(
        self,
        sequences: Sequence[NoteSequence],
        labels: str | Sequence[str] | None = None,
        *,
        pitch_range: tuple[int, int] | None = None,
        repeat: bool | None = None,
    ) -> None:
        repeat = repeat if repeat is None else check_flag(repeat, "repeat", error=MusicError)
        self._sequences = _require_few(sequences)
        self._labels = resolve_labels(self._sequences, labels)
        self._has_labels = labels is not None
        parts = [drawn_part(sequence) for sequence in self._sequences]
        drawn = [part.sequence for part in parts]
        others = drawn if len(drawn) > 1 else ()
        rolls = [
            pianoroll(part, share_rows_with=others, pitch_range=pitch_range, legend=False, pan=False) for part in drawn
        ]
        places, sounds = place_sounds(self._sequences, max_seconds=MAX_PRELOAD_SECONDS)
        items = [
            {**_describe(sequence, label, roll, part.note), **place}
            for sequence, label, roll, part, place in zip(
                self._sequences, self._labels, rolls, parts, places, strict=True
            )
        ]
        png = pianoroll_png(self._sequences, self._labels if self._has_labels else None, pitch_range=pitch_range)
        tempos = {round(sequence.qpm, 2) for sequence in self._sequences}
        note = "The tempos differ: each is played at its own." if len(tempos) > 1 else ""
        super().__init__(
            tempo_note=note,
            legend=[{"name": name, "color": color} for name, color in legend_entries(track_colors(drawn))],
            repeat=all(is_loop(sequence) for sequence in self._sequences) if repeat is None else repeat,
            roll_width=roll_width(max(part.steps for part in drawn)),
            items=items,
            sounds=sounds,
            mime_type=sound_mime_type(),
            png=png,
            png_alt=self.alt_text(),
            qpm=min(max(self._sequences[0].qpm, MIN_QPM), MAX_QPM),
        )

    def to_png(self) -> bytes:
        """Return the same rolls as the bytes of a PNG file, which a saved notebook shows."""
        png: bytes = self.png
        return png

    def alt_text(self) -> str:
        """Describe the rolls in words."""
        return describe(self._sequences, self._labels if self._has_labels else None)

    def page_text(self) -> str:
        """Return the sentence above the rolls on a page of their own."""
        return page_words(self.script, "Piano roll" if len(self._sequences) == 1 else "Piano rolls")

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs: all sounds, and BokehJS, are among them."""
        places, sounds = place_sounds(self._sequences)
        items = [{**item, **place} for item, place in zip(self.items, places, strict=True)]
        kept = {name: getattr(self, name) for name in (*self.saved, "png")}
        own = {**kept, "items": items, "sounds": sounds, "bokehjs": embed.bokehjs_gz()}
        return {**own, **self.joined_state()}

    def to_python(self) -> str:
        """Return the Python source that shows these rolls again."""
        lines = ["import latentpalette as lp", "", "rolls = lp.show(", "    ["]
        for sequence in self._sequences:
            tempo = "" if sequence.qpm == NoteSequence().qpm else f".replace(qpm={sequence.qpm!r})"
            lines.append(f"        {source_of(sequence)}{tempo},")
        lines += ["    ],", *([f"    labels={list(self._labels)!r},"] if self._has_labels else []), ")"]
        defaults = {name: self.traits()[name].default() for name in ("roll", "in_order", "volume")}
        changed = [name for name, default in defaults.items() if getattr(self, name) != default]
        lines += [f"rolls.{name} = {getattr(self, name)!r}" for name in changed]
        return "\n".join([*lines, ""])

    def __repr__(self) -> str:
        labels = f": {' '.join(self._labels)}" if self._has_labels else ""
        return f"PianoRolls({len(self._sequences)}{labels})"

    # --- requests from the browser ----------------------------------------------------------------

    @handles("bokehjs")
    def _handle_bokehjs(self) -> Response:
        return {}, [embed.bokehjs_gz()]

    @handles("sound", index=lambda value: check_integer(value, "index", 0))
    def _handle_sound(self, *, index: int) -> Response:
        check_integer(index, "index", 0, len(self._sequences) - 1)
        sound = render_roll_sound(self._sequences[index])
        if sound.sound_error:
            raise LatentPaletteError(sound.sound_error)
        return sound.facts, [sound.data]


def show(
    sequences: NoteSequence | MidiSource | Iterable[NoteSequence | MidiSource],
    labels: str | Sequence[str] | None = None,
    *,
    pitch_range: tuple[int, int] | None = None,
    repeat: bool | None = None,
    **unknown: Any,
) -> PianoRolls:
    """Show sequences side by side, each with a player.

    A loop repeats without a gap: what rings on past its end sounds at its beginning. Several can be played in order,
    each for its exact length.

    Parameters
    ----------
    sequences : NoteSequence, name of a preset, MIDI file, or list of them
    labels : str or list of str, optional
        A name for each; a string is split at its spaces: ``"A . . . B"`` for an interpolation of five.
    pitch_range : (lowest, highest), optional
        The pitches to show; by default those that any of the sequences plays, and three more.
    repeat : bool, optional
        Begin with the switch to repeat on; by default it is where all sequences are loops of up to four bars.

    Returns
    -------
    PianoRolls
        A notebook displays it as the last line of a cell.

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
    PianoRolls.require_known_settings(unknown, own=("labels", "pitch_range", "repeat"))
    return PianoRolls(as_sequences(sequences, "Music to show"), labels, pitch_range=pitch_range, repeat=repeat)


def mimebundle(sequence: NoteSequence) -> Any:
    """Return what a front end can display of a sequence: a widget, a PNG and its repr; for a terminal only the repr."""
    text = {"text/plain": repr(sequence)}
    if _is_terminal():
        return text
    if not shows_widgets():
        return picture_bundle(pianoroll_png([sequence], None), describe([sequence]), repr(sequence))
    data, metadata = PianoRolls([sequence])._repr_mimebundle_()
    return {**data, **text}, metadata


def _is_terminal() -> bool:
    """Return True if IPython writes to a terminal, which cannot show a picture."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and shell.display_formatter.active_types == ["text/plain"]


def _require_few(sequences: Any) -> list[NoteSequence]:
    """Return sequences as a list, if they are not too many to show."""
    if isinstance(sequences, (str, bytes, Mapping)) or not isinstance(sequences, Iterable):
        raise MusicError(f"NoteSequences can be shown, one or a list of them; got {short_repr(sequences)}.")
    shown = [sequence for _, sequence in zip(range(MAX_SHOWN + 1), sequences, strict=False)]
    if len(shown) > MAX_SHOWN:
        count = f"{len(sequences):,}" if isinstance(sequences, Sized) else "more"
        raise MusicError(f"Up to {MAX_SHOWN} sequences are shown side by side; got {count}. Show some: loops[:16].")
    return shown


def _describe(sequence: NoteSequence, label: str, roll: Any, note: str) -> dict[str, Any]:
    """Return a sequence as the JSON from which the browser draws its card."""
    roll.sizing_mode = "stretch_width"
    return {
        "label": label,
        "caption": f"{_caption(sequence)}{f' · {note}' if note else ''}",
        "alt_text": _alt_text(sequence),
        "height": roll.height,
        "steps": sequence.steps,
        "step_seconds": sequence.step_seconds,
        "document": embed.to_json_item(roll),
        "music": copied_music(sequence),
    }


def _caption(sequence: NoteSequence) -> str:
    return f"{counted(len(sequence), 'note')} · {counted(sequence.bars, 'bar')} · {sequence.qpm:g} qpm"


def describe(sequences: Sequence[NoteSequence], labels: Sequence[str] | None = None) -> str:
    """Return a text alternative of the picture of piano rolls.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=32)
    >>> describe([loop])
    'Piano roll: 2 bars, 4 drum hits (kick 2, snare 2)'
    >>> describe([loop, loop], ["A", "B"])
    '2 piano rolls: A, 2 bars, 4 drum hits (kick 2, snare 2); B, 2 bars, 4 drum hits (kick 2, snare 2)'
    """
    contents = [f"{counted(sequence.bars, 'bar')}, {_content(sequence)}" for sequence in sequences]
    if labels is not None:
        contents = [f"{label}, {content}" for label, content in zip(labels, contents, strict=True)]
    heading = "Piano roll" if len(contents) == 1 else f"{len(contents)} piano rolls"
    return f"{heading}: {'; '.join(contents)}"


def _content(sequence: NoteSequence) -> str:
    num_hits = sum(note.is_drum for note in sequence.notes)
    if not num_hits:
        return _alt_text(sequence)
    others = len(sequence) - num_hits
    lanes = ", ".join(_drum_counts(sequence))
    return f"{counted(num_hits, 'drum hit')} ({lanes})" + (f", {counted(others, 'note')}" if others else "")


def _drum_counts(sequence: NoteSequence) -> list[str]:
    hits = Counter(lane_name(note.pitch) for note in sequence.notes if note.is_drum)
    return [f"{name} {count}" for name, count in hits.items()]


def _alt_text(sequence: NoteSequence) -> str:
    """Describe the content of the roll in words, for screen readers."""
    others = sum(not note.is_drum for note in sequence.notes)
    return ", ".join(_drum_counts(sequence) + ([counted(others, "note")] if others else [])) or "silence"
