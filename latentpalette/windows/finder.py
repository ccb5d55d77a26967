"""Base class of the window finders, one for each representation."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator
from typing import ClassVar

from latentpalette.music.midi import MidiSource
from latentpalette.music.score import Score
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.track_choice import TrackChoice
from latentpalette.windows.excerpt import Excerpt, Excerpts, LeftOut, merge_left_out
from latentpalette.windows.sections import Sections, load_sections
from latentpalette.windows.track_selection import Candidate, Piece, choose_tracks


class WindowFinder(ABC):
    """Finds the windows of a piece that one representation can encode.

    A new representation adds a subclass whose fields are options of its converter, and a line to
    `latentpalette.converters.registry`.
    """

    nothing_found: ClassVar[str] = "there are no notes"
    """The reason where there is no window, and no other reason."""

    def find(
        self,
        source: MidiSource | NoteSequence | Score,
        *,
        magenta_compatible: bool = False,
        harmony: NoteSequence | Score | None = None,
    ) -> Excerpts:
        """Find the windows of a piece, in the order of their bars, and the reasons why the rest was left out.

        Parameters
        ----------
        source : path, bytes, NoteSequence or Score
        magenta_compatible : bool
            Find exactly the windows that Magenta finds; see the representation for what that leaves out.
        harmony : NoteSequence or Score, optional
            The piece whose notes imply the chords, where `source` is some of its tracks and the windows have chords.

        Raises
        ------
        MidiError
            If it is a file that cannot be read.
        """
        sections = self.load(source, magenta_compatible=magenta_compatible)
        if harmony is not None:
            whole = self.load(harmony, magenta_compatible=magenta_compatible)
            sections = dataclasses.replace(sections, harmony=whole.sections)
        windows: list[Excerpt] = []
        left_out = list(sections.left_out)
        for candidate in self.search(sections, magenta_compatible=magenta_compatible):
            if isinstance(candidate, Excerpt):
                windows.append(candidate)
            else:
                left_out.append(candidate)
        windows, repeats = self._drop_repeats(windows)
        left_out += repeats
        if not windows and not left_out:
            piece = sections.piece
            is_empty = not len(piece.notes if isinstance(piece, NoteSequence) else piece.pitch)
            left_out.append(LeftOut(WindowFinder.nothing_found if is_empty else self.nothing_found))
        return Excerpts(windows, (*sections.warnings, *merge_left_out(left_out)), sections.name)

    def candidates(self, piece: Piece, choice: TrackChoice) -> Iterator[Candidate]:
        """Yield the selections of tracks in which to search for windows, the best first; by default the choice itself.

        Raises
        ------
        MidiError
            If there is no such track, or several.
        """
        yield Candidate(choose_tracks(piece, choice))

    def for_choice(self, choice: TrackChoice) -> WindowFinder:
        """Return the finder that searches in the chosen tracks."""
        return self

    def load(self, source: MidiSource | NoteSequence | Score, *, magenta_compatible: bool) -> Sections:
        """Open a piece; see `load_sections`."""
        return load_sections(source, magenta_compatible=magenta_compatible)

    @abstractmethod
    def search(self, sections: Sections, *, magenta_compatible: bool) -> Iterator[Excerpt | LeftOut]:
        """Yield every window, in order, and every reason why bars are left out, in any order."""

    def identity(self, window: Excerpt) -> Hashable:
        """Return a key that is equal for two windows if the second repeats the first; by default no two are equal."""
        return id(window)

    def _drop_repeats(self, windows: Iterable[Excerpt]) -> tuple[list[Excerpt], list[LeftOut]]:
        """Keep the first of several equal windows."""
        first: dict[Hashable, Excerpt] = {}
        repeats = [
            LeftOut("repeat earlier bars", window.bar, window.bar + window.bars - 1)
            for window in windows
            if first.setdefault(self.identity(window), window) is not window
        ]
        return list(first.values()), repeats
