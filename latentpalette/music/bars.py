"""Bars: where they lie and how they are numbered, through changes of the time signature."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from latentpalette.music.section import EPSILON, TimeSignature
from latentpalette.music.sequence import STEPS_PER_QUARTER

MAX_OFF_BAR_LINE = 0.5  # [steps] a time signature this near a bar line stands on it


class BarSpan(NamedTuple):
    """Bars in a row in one time signature.

    Parameters
    ----------
    time_signature : TimeSignature
    start, stop : float [steps]
    first_bar : int
        The number of its first bar in the piece, from 1.
    bars : int
    is_cut_short : bool
        True if it is a single bar that ends early, because the next time signature begins inside it.
    """

    time_signature: TimeSignature
    start: float
    stop: float
    first_bar: int
    bars: int
    is_cut_short: bool = False

    @property
    def steps(self) -> int:
        """Its length in whole steps, as its time signature counts it."""
        return int(self.bars * self.time_signature.steps_per_bar)


def iter_bar_spans(time_signatures: Sequence[TimeSignature], quarters: float) -> Iterator[BarSpan]:
    """Yield the bars of a piece, span by span.

    Parameters
    ----------
    time_signatures : sequence of TimeSignature
        In order; the first at 0. Those after the end of the piece have no bars.
    quarters : float
        Length of the piece; its last bar is counted whole.

    Examples
    --------
    >>> meters = [TimeSignature(0.0, 0.0, 4, 4), TimeSignature(6.0, 3.0, 3, 4)]
    >>> [(span.first_bar, span.bars, span.stop, span.is_cut_short) for span in iter_bar_spans(meters, 9.0)]
    [(1, 1, 16.0, False), (2, 1, 24.0, True), (3, 1, 36.0, False)]
    """
    meters = [*time_signatures[:1], *(meter for meter in time_signatures[1:] if meter.quarters < quarters - EPSILON)]
    bar = 1
    passed: float | None = None  # where time signatures begin that are too short for any bar
    for meter, following in zip(meters, [*meters[1:], None], strict=True):
        start, steps_per_bar = meter.quarters * STEPS_PER_QUARTER, meter.steps_per_bar
        if passed is not None and start - passed > MAX_OFF_BAR_LINE:
            yield BarSpan(meter, passed, start, bar, 1, is_cut_short=True)
            bar, passed = bar + 1, None
        if following is None:
            bars = int(-(-(quarters * STEPS_PER_QUARTER - start - EPSILON) // steps_per_bar))
            if bars > 0:
                yield BarSpan(meter, start, start + bars * steps_per_bar, bar, bars)
            return
        stop = following.quarters * STEPS_PER_QUARTER
        tolerance = min(MAX_OFF_BAR_LINE, steps_per_bar / 4)
        bars = int((stop - start + tolerance) // steps_per_bar)
        whole_stop = start + bars * steps_per_bar
        is_cut = stop - whole_stop > tolerance
        if bars:
            yield BarSpan(meter, start, whole_stop if is_cut else stop, bar, bars)
        if is_cut:
            yield BarSpan(meter, whole_stop, stop, bar + bars, 1, is_cut_short=True)
        bar += bars + is_cut
        passed = None if bars or is_cut else start if passed is None else passed


def find_bar_line(time_signatures: Sequence[TimeSignature], quarters: float) -> float:
    """Return the last bar line [quarter notes] at or before a position.

    Parameters
    ----------
    time_signatures : sequence of TimeSignature
    quarters : float

    Examples
    --------
    >>> find_bar_line([TimeSignature(0.0, 0.0, 3, 4)], 7.5)
    6.0
    """
    *_, last = iter_bar_spans(time_signatures, max(quarters, EPSILON * 2))
    steps = (
        last.stop
        if last.stop <= quarters * STEPS_PER_QUARTER + EPSILON
        else last.start + (last.bars - 1) * (last.time_signature.steps_per_bar)
    )
    return steps / STEPS_PER_QUARTER


class BarNumbers:
    """The numbers of the bars of a piece.

    Parameters
    ----------
    time_signatures : sequence of TimeSignature
    quarters : float
        Length of the piece.

    Examples
    --------
    >>> BarNumbers([TimeSignature(0.0, 0.0, 3, 4)], 9.0).find(6.5)
    3
    """

    def __init__(self, time_signatures: Sequence[TimeSignature], quarters: float) -> None:
        self._spans = list(iter_bar_spans(time_signatures, quarters))

    def find(self, quarters: float) -> int:
        """Return the number of the bar at a position; after the end of the piece that of the last bar."""
        steps = quarters * STEPS_PER_QUARTER + EPSILON
        index = bisect_right(self._spans, steps, key=lambda span: span.start) - 1
        if index < 0:
            return 1
        span = self._spans[index]
        return span.first_bar + min(int((steps - span.start) // span.time_signature.steps_per_bar), span.bars - 1)
