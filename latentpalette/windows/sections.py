"""Open a piece and keep the sections in which windows can be found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from latentpalette.music import midi
from latentpalette.music.midi import MidiSource
from latentpalette.music.score import Score
from latentpalette.music.section import Section, first_onset
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.windows.excerpt import Excerpt, LeftOut

MAX_BARS_IN_MAGENTA = 100  # Magenta reads no further in drums and melodies


@dataclass(frozen=True)
class Sections:
    """The sections of a piece whose bars have sixteen steps.

    Parameters
    ----------
    name : str
        The piece's, for messages.
    sections : tuple of Section
        In order.
    piece : NoteSequence or Score
        The piece itself.
    left_out : tuple of LeftOut
        The bars in other time signatures, and those in which it changes.
    track_names : tuple of str
    has_drums : bool
        True if the piece has drums, in whichever time signature.
    warnings : tuple of LeftOut
        Parts of the file that could not be read as they stand.
    harmony : tuple of Section
        The sections of the piece whose notes imply the chords, where these are some of its tracks.
    """

    name: str
    sections: tuple[Section, ...]
    piece: NoteSequence | Score
    left_out: tuple[LeftOut, ...] = ()
    track_names: tuple[str, ...] = ()
    has_drums: bool = False
    warnings: tuple[LeftOut, ...] = ()
    harmony: tuple[Section, ...] = ()

    def track_name(self, number: int) -> str:
        """Return the name of a track; empty if it has none."""
        return self.track_names[number] if number < len(self.track_names) else ""


def load_sections(source: MidiSource | NoteSequence | Score, *, magenta_compatible: bool = False) -> Sections:
    """Open a piece and keep the sections whose bars have sixteen steps.

    Parameters
    ----------
    source : path, bytes, NoteSequence or Score
        A sequence is one section.
    magenta_compatible : bool
        Split it as Magenta does: at every change of tempo, too.

    Raises
    ------
    MidiError
        If it is a file that cannot be read.

    Examples
    --------
    >>> [section.steps for section in load_sections(NoteSequence(steps=32)).sections]
    [32]
    """
    piece = open_piece(source, magenta_compatible=magenta_compatible)
    if isinstance(piece, NoteSequence):
        section = Section.from_sequence(piece, bar=first_bar_of(piece))
        return Sections(name_of(piece), (section,), piece, has_drums=any(note.is_drum for note in piece.notes))
    sections: list[Section] = []
    left_out: list[LeftOut] = []
    for section in piece.split_on_time_changes() if magenta_compatible else piece.split_on_meter_changes():
        if section.is_cut_short:
            left_out.append(cut_short(section.bar))
        elif section.has_16_step_bars:
            sections.append(section)
        elif section.bars:
            reason = (
                f"are in {section.time_signature}; a bar must have 16 sixteenths: to read them all the same, across "
                "their bar lines, set the time signature to 4/4 in a MIDI editor"
            )
            left_out.append(LeftOut(reason, section.bar, section.bar + section.bars - 1))
    return Sections(
        piece.name,
        tuple(sections),
        piece,
        tuple(left_out),
        piece.track_names,
        has_drums=bool(piece.is_drum.any()),
        warnings=tuple(map(LeftOut, piece.warnings)),
    )


def cut_short(bar: int) -> LeftOut:
    """Return the reason for a bar in which the time signature changes."""
    return LeftOut("would be cut short: the time signature changes inside; move the change to a bar line", bar, bar)


def open_piece(source: MidiSource | NoteSequence | Score, *, magenta_compatible: bool = False) -> NoteSequence | Score:
    """Return a sequence or a score as it is, and a file as the score in it.

    Parameters
    ----------
    source : path, bytes, NoteSequence or Score
    magenta_compatible : bool
        Read a file as Magenta does; see `latentpalette.music.midi.read_score`.

    Raises
    ------
    MidiError
        If it is a file that cannot be read.
    """
    if isinstance(source, (NoteSequence, Score)):
        return source
    return midi.read_score(source, magenta_compatible=magenta_compatible)


def name_of(sequence: NoteSequence) -> str:
    """Return the name of the piece that a sequence is from, for messages."""
    return (sequence.source if isinstance(sequence, Excerpt) else "") or "the sequence"


def first_bar_of(sequence: NoteSequence) -> int:
    """Return the number of a sequence's first bar in the piece that it is from."""
    return sequence.bar if isinstance(sequence, Excerpt) else 1


def cut_window(
    sequence: NoteSequence,
    section: Section,
    step: int,
    steps: int,
    *,
    source: str,
    track: str = "",
    carried_note_offs: Iterable[tuple[int, int]] = (),
    chords: Iterable[str] = (),
) -> Excerpt:
    """Return the window of `steps` steps that begins at `step` of some notes of a section, at the tempo of its music.

    Parameters
    ----------
    sequence : NoteSequence
        Notes of the section, on its grid.
    section : Section
    step, steps : int
        Beginning, on a bar line, and length.
    source, track, carried_note_offs, chords
        See `Excerpt`.
    """
    music = sequence.slice(step, step + steps)
    return Excerpt(
        music.replace(qpm=section.qpm_at(step + first_onset(music.notes))),
        bar=section.bar + step // STEPS_PER_BAR,
        source=source,
        track=track,
        carried_note_offs=carried_note_offs,
        chords=chords,
    )
