"""Windows of drum loops: wherever the drums play without a bar's rest."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from latentpalette.music.drums import DRUM_MAPS, drum_name
from latentpalette.music.score import Score
from latentpalette.music.section import Section
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.music.track_list import list_tracks
from latentpalette.windows.excerpt import Excerpt, LeftOut
from latentpalette.windows.finder import WindowFinder
from latentpalette.windows.sections import MAX_BARS_IN_MAGENTA, Sections, cut_window
from latentpalette.windows.track_selection import Piece, score_of
from latentpalette.wording import counted

_MAX_NAMES = 6  # in a message


@dataclass(frozen=True)
class DrumWindowFinder(WindowFinder):
    """Finds every drum loop of a piece, a bar apart; a loop that occurred before is a repeat.

    Compatible with Magenta, the grid restarts at each change of tempo, and nothing is read beyond a hundred bars.

    Parameters
    ----------
    steps : int
        Length of a window.
    drum_map : str
        A name in `latentpalette.music.drums.DRUM_MAPS`; drums without a class are left out.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8, 16], "snare": [4, 20]}, steps=64)
    >>> DrumWindowFinder().find(loop)
    the sequence: 1 excerpt
      bars 1 and 2: 5 notes
      left out: bars 3 and 4 are without drums
    """

    steps: int = 32
    drum_map: str = "reduced"

    def search(self, sections: Sections, *, magenta_compatible: bool) -> Iterator[Excerpt | LeftOut]:
        """Yield the windows and reasons; see `WindowFinder.search`."""
        for section in sections.sections:
            drums, unmapped = self._select_drums(section)
            if unmapped:
                yield unmapped_hits(unmapped)
            regions = _active_regions(drums)
            if regions or (sections.has_drums and not unmapped):
                yield from (
                    LeftOut("are without drums", *section.bar_numbers(*gap)) for gap in _gaps(regions, drums.steps)
                )
            for start, stop in regions:
                if stop - start < self.steps:
                    reason = (
                        f"are played alone; a window takes {self.steps // STEPS_PER_BAR} bars in a row: repeat them"
                    )
                    yield LeftOut(reason, *section.bar_numbers(start, stop))
                if magenta_compatible:
                    stop = min(stop, start + MAX_BARS_IN_MAGENTA * STEPS_PER_BAR)
                for step in range(start, stop - self.steps + 1, STEPS_PER_BAR):
                    yield cut_window(drums, section, step, self.steps, source=sections.name)
        if not sections.has_drums:
            yield LeftOut(no_drums(sections.piece))

    def identity(self, window: Excerpt) -> Hashable:
        """Return its hits: (step, class of the drum)."""
        classes = DRUM_MAPS[self.drum_map].classes
        return frozenset((note.step, classes[note.pitch]) for note in window.notes)

    def _select_drums(self, section: Section) -> tuple[NoteSequence, list[int]]:
        """Return the drums that have a class, in whole bars, and the pitches of those that have none."""
        classes = DRUM_MAPS[self.drum_map].classes
        drums = [note for note in section.notes if note.is_drum]
        hits = [note for note in drums if note.pitch in classes]
        # However long its key is held, a drum does not lengthen the piece.
        steps = -(-section.steps // STEPS_PER_BAR) * STEPS_PER_BAR
        unmapped = [note.pitch for note in drums if note.pitch not in classes]
        return NoteSequence(hits, steps, section.tempo_qpms[0]), unmapped


def unmapped_hits(pitches: list[int]) -> LeftOut:
    """Return the reason for hits on drums that a map has no class for."""
    names = ", ".join(f"{pitch} ({drum_name(pitch)})" for pitch in sorted(set(pitches))[:_MAX_NAMES])
    hits = counted(len(pitches), "hit")
    return LeftOut(f"{hits} on drums the model has no class for: {names}")


def no_drums(piece: Piece) -> str:
    """Return the reason for a piece without drums: what there is instead, and what to do.

    Examples
    --------
    >>> no_drums(NoteSequence(steps=32))
    'there are no notes'
    """
    tracks = list_tracks(score_of(piece))
    if not tracks:
        return "there are no notes"
    others = "; ".join(track.title for track in tracks[:_MAX_NAMES]) + ("; ..." if len(tracks) > _MAX_NAMES else "")
    reason = "channel 10 is empty" if isinstance(piece, Score) else "no note has is_drum=True"
    example = tracks[0].number
    return (
        f"no drums: {reason}; there is {others}. If one of them is drums, name it: drums={example} in Python, "
        f"--drums {example} on the command line"
    )


def _active_regions(drums: NoteSequence) -> list[tuple[int, int]]:
    """Return the regions (start, stop) [steps, whole bars] in which drums play without a bar's rest."""
    onsets = sorted({note.step for note in drums.notes})
    if not onsets:
        return []
    breaks = [index for index, (a, b) in enumerate(pairwise(onsets), 1) if b - a > STEPS_PER_BAR]
    return [
        (
            onsets[low] // STEPS_PER_BAR * STEPS_PER_BAR,
            -(-(onsets[high - 1] + 1) // STEPS_PER_BAR) * STEPS_PER_BAR,
        )
        for low, high in pairwise([0, *breaks, len(onsets)])
    ]


def _gaps(regions: list[tuple[int, int]], steps: int) -> Iterator[tuple[int, int]]:
    """Yield the silent regions before, between and after others."""
    silent_from = 0
    for start, stop in [*regions, (steps, steps)]:
        if start > silent_from:
            yield silent_from, start
        silent_from = stop
