"""Windows cut from longer music, in order, and the reasons why the rest was left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from latentpalette.music import midi
from latentpalette.music.score import Meter, Score, Stretch
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence


@dataclass(frozen=True, eq=False, repr=False)
class Excerpt(NoteSequence):
    """A window of a longer piece: a `NoteSequence` that knows where it comes from.

    Parameters
    ----------
    sequence : NoteSequence
        The music in it.
    bar : int
        The number of its first bar, from 1.
    source : str
        The name of the piece.
    part : str
        The instrument it is taken from, where it is taken from one.
    let_go : tuple of (step, program)
        Where notes that began before it end in it. They are no part of the music here, but some models hear it.
    chords : tuple of str
        The chord of each step (see `latentpalette.music.chords`), where the representation asks for chords.
    tracks : tuple of tuple of int
        The tokens of each track, where the representation is finer than the grid.

    Examples
    --------
    >>> Excerpt(NoteSequence(steps=32), bar=3, source="song.mid")
    Excerpt(song.mid, bars 3 and 4, 0 notes, 32 steps, 120 qpm)
    """

    bar: int = 1
    source: str = ""
    part: str = ""
    let_go: tuple[tuple[int, int], ...] = ()
    chords: tuple[str, ...] = ()
    tracks: tuple[tuple[int, ...], ...] = ()

    def __init__(
        self,
        sequence: NoteSequence,
        *,
        bar: int,
        source: str,
        part: str = "",
        let_go: Iterable[tuple[int, int]] = (),
        chords: Iterable[str] = (),
        tracks: Iterable[Iterable[int]] = (),
    ) -> None:
        super().__init__(sequence.notes, sequence.steps, sequence.qpm)
        object.__setattr__(self, "bar", bar)
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "part", part)
        object.__setattr__(self, "let_go", tuple(let_go))
        object.__setattr__(self, "chords", tuple(chords))
        object.__setattr__(self, "tracks", tuple(map(tuple, tracks)))

    @property
    def where(self) -> str:
        """Its place in words: ``"bars 3 and 4"``."""
        return bars_in_words(self.bar, self.bar + self.bars - 1)

    def __repr__(self) -> str:
        inner = super().__repr__().partition("(")[2]
        return f"Excerpt({self.source}, {self.part + ', ' if self.part else ''}{self.where}, {inner}"


@dataclass(frozen=True)
class LeftOut:
    """Something that no excerpt was made of, and why.

    Parameters
    ----------
    reason : str
        Follows on the bars: ``"are in 3/4; a bar must have 16 steps"``.
    first_bar, last_bar : int or None
        The bars it is about; None where it is about the whole piece.

    Examples
    --------
    >>> print(LeftOut("are in 3/4", 9, 12))
    bars 9 to 12 are in 3/4
    """

    reason: str
    first_bar: int | None = None
    last_bar: int | None = None

    def __str__(self) -> str:
        if self.first_bar is None:
            return self.reason
        return f"{bars_in_words(self.first_bar, self.last_bar or self.first_bar)} {self.reason}"


class Excerpts(Sequence[Excerpt]):
    """The excerpts of one piece, in order; `left_out` says what is missing and why.

    Parameters
    ----------
    found : iterable of Excerpt
    left_out : iterable of LeftOut
    source : str
        The name of the piece.

    Examples
    --------
    >>> Excerpts([], [LeftOut("no drums: channel 10 is empty")], "song.mid")
    song.mid: no excerpts
      left out: no drums: channel 10 is empty
    """

    def __init__(self, found: Iterable[Excerpt], left_out: Iterable[LeftOut], source: str) -> None:
        self._found = tuple(found)
        self.left_out = tuple(left_out)
        self.source = source

    @overload
    def __getitem__(self, index: int) -> Excerpt: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Excerpt, ...]: ...
    def __getitem__(self, index: int | slice) -> Excerpt | tuple[Excerpt, ...]:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        count = {0: "no excerpts", 1: "1 excerpt"}.get(len(self), f"{len(self)} excerpts")
        lines = [f"{self.source}: {count}"]
        lines += [f"  {excerpt.where}: {len(excerpt)} notes" for excerpt in self]
        lines += [f"  left out: {reason}" for reason in self.left_out]
        return "\n".join(lines)


@dataclass(frozen=True)
class Material:
    """What a representation looks for windows in.

    Parameters
    ----------
    name : str
    stretches : tuple of Stretch
        In order; each in bars of sixteen steps.
    left_out : tuple of LeftOut
        What has another meter.
    instruments : tuple of str
        What the piece is played on, for messages.
    """

    name: str
    stretches: tuple[Stretch, ...]
    left_out: tuple[LeftOut, ...]
    instruments: tuple[str, ...]


def material(source: midi.Source | NoteSequence | Score, *, strict: bool = False) -> Material:
    """Open a piece and sort out the bars that fit the grid.

    Parameters
    ----------
    source : path, bytes, NoteSequence or Score
    strict : bool
        Cut it as Magenta does: at every change of tempo, too.

    Raises
    ------
    MidiError
        If it is a file that cannot be read.

    Examples
    --------
    >>> found = material(NoteSequence(steps=32))
    >>> [stretch.sequence.steps for stretch in found.stretches]
    [32]
    """
    if isinstance(source, NoteSequence):
        meter = Meter(0.0, 0.0, 4, 4)
        bar = source.bar if isinstance(source, Excerpt) else 1
        name = (source.source if isinstance(source, Excerpt) else "") or "the sequence"
        parts: dict[tuple[bool, int], list[Note]] = {}
        for note in source.notes:
            parts.setdefault((note.is_drum, note.program), []).append(note)
        each = tuple((n, source.replace(notes=parts[key])) for n, key in enumerate(sorted(parts)))
        spans = [(note.step + note.offset, note.step + note.offset + note.length) for note in source.notes]
        exact = np.asarray(spans, float).reshape(-1, 2)
        only = Stretch(source.replace(), bar, meter, (0.0,), (source.qpm,), each, source.notes, exact)
        return Material(name, (only,), (), ())
    score = source if isinstance(source, Score) else midi.read_score(source)
    fitting: list[Stretch] = []
    left_out: list[LeftOut] = []
    for stretch in score.pieces() if strict else score.stretches():
        if stretch.fits_the_grid:
            fitting.append(stretch)
            continue
        bars = -(-stretch.sequence.steps // stretch.meter.steps)
        if bars:
            last = stretch.bar + int(bars) - 1
            verb = "is" if last == stretch.bar else "are"
            left_out.append(LeftOut(f"{verb} in {stretch.meter}; a bar must have 16 sixteenths", stretch.bar, last))
    return Material(score.name, tuple(fitting), tuple(left_out), score.instruments)


def cut(stretch: Stretch, step: int, steps: int, source: str) -> Excerpt:
    """The window of a stretch that begins at `step`, at the tempo it is played at there."""
    window = stretch.sequence.slice(step, step + steps).replace(qpm=stretch.qpm_at(step))
    return Excerpt(window, bar=stretch.bar + step // STEPS_PER_BAR, source=source)


def merged(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Join neighbours that were left out for one reason, and put all in order.

    Examples
    --------
    >>> [str(reason) for reason in merged([LeftOut("repeat", 3, 4), LeftOut("repeat", 4, 5), LeftOut("no drums")])]
    ['no drums', 'bars 3 to 5 repeat']
    """
    joined: list[LeftOut] = []
    for item in sorted(left_out, key=lambda item: (item.first_bar or 0, item.last_bar or 0)):
        before = joined[-1] if joined else None
        if (
            before
            and before.reason == item.reason
            and before.last_bar is not None
            and item.first_bar is not None
            and item.first_bar <= before.last_bar + 1
        ):
            joined[-1] = dataclasses.replace(before, last_bar=max(before.last_bar, item.last_bar or 0))
        else:
            joined.append(item)
    return tuple(joined)


def bars_in_words(first: int, last: int) -> str:
    """``"bar 3"``, ``"bars 3 and 4"`` or ``"bars 3 to 8"``."""
    if last <= first:
        return f"bar {first}"
    return f"bars {first} {'and' if last == first + 1 else 'to'} {last}"
