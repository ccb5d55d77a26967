"""Excerpts: windows of a longer piece, in order, and the reasons why the rest of it was left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from latentpalette.music.sequence import NoteSequence
from latentpalette.music.track_list import TrackInfo
from latentpalette.wording import counted


@dataclass(frozen=True, eq=False, repr=False)
class Excerpt(NoteSequence):
    """A window of a longer piece: a `NoteSequence` with the place that it comes from.

    Parameters
    ----------
    sequence : NoteSequence
        Its music.
    bar : int
        The number of its first bar, from 1.
    source : str
        The name of the piece.
    track : str
        The name of its track, where it is that of one track.
    carried_note_offs : tuple of (step, program)
        The ends, inside it, of notes that begin before it. They are not among its notes, but some models encode them.
    chords : tuple of str
        The chord of each step (see `latentpalette.music.chords`), where the representation has chords.
    track_tokens : tuple of tuple of int
        The tokens of each track, where the representation is finer than the grid.

    Examples
    --------
    >>> Excerpt(NoteSequence(steps=32), bar=3, source="song.mid")
    Excerpt(song.mid, bars 3 and 4, 0 notes, 32 steps, 120 qpm)
    """

    bar: int = 1
    source: str = ""
    track: str = ""
    carried_note_offs: tuple[tuple[int, int], ...] = ()
    chords: tuple[str, ...] = ()
    track_tokens: tuple[tuple[int, ...], ...] = ()

    def __init__(
        self,
        sequence: NoteSequence,
        *,
        bar: int,
        source: str,
        track: str = "",
        carried_note_offs: Iterable[tuple[int, int]] = (),
        chords: Iterable[str] = (),
        track_tokens: Iterable[Iterable[int]] = (),
    ) -> None:
        super().__init__(sequence.notes, sequence.steps, sequence.qpm)
        object.__setattr__(self, "bar", bar)
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "track", track)
        object.__setattr__(self, "carried_note_offs", tuple(carried_note_offs))
        object.__setattr__(self, "chords", tuple(chords))
        object.__setattr__(self, "track_tokens", tuple(map(tuple, track_tokens)))

    @property
    def bar_range(self) -> str:
        """Its bars in words: ``"bars 3 and 4"``."""
        return bars_in_words(self.bar, self.bar + self.bars - 1)

    def __repr__(self) -> str:
        inner = super().__repr__().partition("(")[2]
        return f"Excerpt({self.source}, {self.track + ', ' if self.track else ''}{self.bar_range}, {inner}"


_SINGULAR = {"are": "is", "do": "does", "have": "has", "repeat": "repeats"}


@dataclass(frozen=True)
class LeftOut:
    """A reason why there is no excerpt of some bars, or of a piece.

    Parameters
    ----------
    reason : str
        The words that follow the bars, in the plural: ``"are in 3/4; a bar must have 16 steps"``.
    first_bar, last_bar : int or None
        None where it is about the whole piece.

    Examples
    --------
    >>> print(LeftOut("are in 3/4", 9, 12))
    bars 9 to 12 are in 3/4
    >>> print(LeftOut("are in 3/4", 9, 9))
    bar 9 is in 3/4
    """

    reason: str
    first_bar: int | None = None
    last_bar: int | None = None

    def __str__(self) -> str:
        if self.first_bar is None:
            return self.reason
        last_bar = self.last_bar or self.first_bar
        verb, space, rest = self.reason.partition(" ")
        verb = _SINGULAR.get(verb, verb) if last_bar <= self.first_bar else verb
        return f"{bars_in_words(self.first_bar, last_bar)} {verb}{space}{rest}"


class Excerpts(Sequence[Excerpt]):
    """The excerpts of one piece, in order, with the reasons for what is missing in `left_out`.

    Parameters
    ----------
    excerpts : iterable of Excerpt
    left_out : iterable of LeftOut
    source : str
        The name of the piece.
    melody : TrackInfo, optional
        The track that is read as the melody, where one of several was chosen by a rule.

    Examples
    --------
    >>> Excerpts([], [LeftOut("no drums: channel 10 is empty")], "song.mid")
    song.mid: no excerpts
      left out: no drums: channel 10 is empty
    """

    def __init__(
        self,
        excerpts: Iterable[Excerpt],
        left_out: Iterable[LeftOut],
        source: str,
        melody: TrackInfo | None = None,
    ) -> None:
        self._excerpts = tuple(excerpts)
        self.left_out = tuple(left_out)
        self.source = source
        self.melody = melody

    @overload
    def __getitem__(self, index: int) -> Excerpt: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Excerpt, ...]: ...
    def __getitem__(self, index: int | slice) -> Excerpt | tuple[Excerpt, ...]:
        return self._excerpts[index]

    def __len__(self) -> int:
        return len(self._excerpts)

    def __repr__(self) -> str:
        count = {0: "no excerpts", 1: "1 excerpt"}.get(len(self), f"{len(self)} excerpts")
        lines = [f"{self.source}: {count}"]
        lines += [f"  {excerpt.bar_range}: {counted(len(excerpt), 'note')}" for excerpt in self]
        lines += [f"  left out: {reason}" for reason in self.left_out]
        return "\n".join(lines)


def merge_left_out(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Join adjacent bars that were left out for the same reason, and sort by bars.

    Examples
    --------
    >>> reasons = [LeftOut("repeat", 3, 4), LeftOut("repeat", 4, 5), LeftOut("no drums")]
    >>> [str(reason) for reason in merge_left_out(reasons)]
    ['no drums', 'bars 3 to 5 repeat']
    """
    joined: list[LeftOut] = []
    for item in sorted(left_out, key=lambda item: (item.first_bar or 0, item.last_bar or 0)):
        previous = joined[-1] if joined else None
        if (
            previous
            and previous.reason == item.reason
            and previous.last_bar is not None
            and item.first_bar is not None
            and item.first_bar <= previous.last_bar + 1
        ):
            joined[-1] = dataclasses.replace(previous, last_bar=max(previous.last_bar, item.last_bar or 0))
        else:
            joined.append(item)
    return tuple(joined)


def bars_in_words(first: int, last: int) -> str:
    """Return ``"bar 3"``, ``"bars 3 and 4"`` or ``"bars 3 to 8"``."""
    if last <= first:
        return f"bar {first}"
    return f"bars {first} {'and' if last == first + 1 else 'to'} {last}"
