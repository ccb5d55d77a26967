"""Windows of drum performances: one after the other, up to the last hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from latentpalette.music.drums import DRUM_MAPS
from latentpalette.music.section import Section
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.windows.drums import no_drums, unmapped_hits
from latentpalette.windows.excerpt import Excerpt, LeftOut
from latentpalette.windows.finder import WindowFinder
from latentpalette.windows.sections import Sections, cut_window


@dataclass(frozen=True)
class GrooveWindowFinder(WindowFinder):
    """Finds the windows of a performance that follow one another, silent ones included.

    Compatible with Magenta, there are none in a piece that changes its tempo or time signature.

    Parameters
    ----------
    steps : int
        Length of a window.
    drum_map : str
        A name in `latentpalette.music.drums.DRUM_MAPS`; drums without a class are left out.

    Examples
    --------
    >>> late = NoteSequence([Note(38, step, offset=0.25, is_drum=True) for step in (4, 20)], steps=48)
    >>> [note.offset for note in GrooveWindowFinder().find(late)[0].notes]
    [0.25, 0.25]
    """

    steps: int = 32
    drum_map: str = "reduced"

    def search(self, sections: Sections, *, magenta_compatible: bool) -> Iterator[Excerpt | LeftOut]:
        """Yield the windows and reasons; see `WindowFinder.search`."""
        if magenta_compatible and len(sections.sections) + len(sections.left_out) > 1:
            yield LeftOut("the tempo or the meter changes; split the file there, or do without magenta_compatible")
            return
        for section in sections.sections:
            hits, left_out = self._select_hits(section)
            yield from left_out
            if sections.has_drums and not hits.notes and not left_out:
                yield LeftOut("are without drums", section.bar, section.bar + section.bars - 1)
            last = max((note.step for note in hits.notes), default=-1)
            stop = -(-(last + 1) // STEPS_PER_BAR) * STEPS_PER_BAR
            starts = range(0, stop - self.steps + 1, self.steps)
            for step in starts:
                yield cut_window(hits, section, step, self.steps, source=sections.name)
            remainder = len(starts) * self.steps
            if remainder < stop:
                reason = f"do not fill a window of {self.steps // STEPS_PER_BAR} bars; repeat them, or add some"
                yield LeftOut(reason, *section.bar_numbers(remainder, stop))
        if not sections.has_drums:
            yield LeftOut(no_drums(sections.piece))

    def _select_hits(self, section: Section) -> tuple[NoteSequence, list[LeftOut]]:
        """Return one hit for each drum and step, in whole bars: the loudest, of equal ones the first."""
        classes = DRUM_MAPS[self.drum_map].classes
        loudest: dict[tuple[int, int], Note] = {}
        unmapped: list[int] = []
        drums = [note for note in section.notes if note.is_drum]
        for note in drums:
            if note.pitch not in classes:
                unmapped.append(note.pitch)
                continue
            previous = loudest.get((note.step, classes[note.pitch]))
            if previous is None or note.velocity > previous.velocity:
                loudest[note.step, classes[note.pitch]] = note
        left_out = [unmapped_hits(unmapped)] if unmapped else []
        if doubled := len(drums) - len(unmapped) - len(loudest):
            left_out.append(LeftOut(f"softer hits of a drum that is hit more than once in a step: {doubled}"))
        steps = -(-max(section.steps, 1) // STEPS_PER_BAR) * STEPS_PER_BAR
        return NoteSequence(loudest.values(), steps, section.tempo_qpms[0]), left_out
