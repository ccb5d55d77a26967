"""A rating of music by a few rules of thumb: what a listener who hears it for the first time expects of a loop.

Of drums: a kick on the one, a backbeat, a cymbal that keeps time, few crashes and toms, neither few nor many hits, and
bars that are alike. Of a melody or a bass: that it begins in the first beat, stays in a scale, moves, mostly by small
intervals, and does not stop. Good music breaks some of these rules; a sample that breaks most of them is rarely what
should be heard first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from latentpalette.music.drums import REDUCED
from latentpalette.music.features import backbeat, kick_on_the_one
from latentpalette.music.instruments import BASS_PROGRAMS
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence

_MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)
_SCALES = tuple(frozenset((tonic + degree) % 12 for degree in _MAJOR_SCALE) for tonic in range(12))

_STEPS_PER_BEAT = 4
_HITS_PER_BAR = (8, 22)
_NOTES_PER_BAR = (2, 12)
_MELODY_RANGE = (5, 24)  # [semitones]
_BASS_RANGE = (0, 24)
_SMALL_INTERVAL = 7  # [semitones]
_BARS_PER_CRASH = 2
_ALIKE = 0.4  # share of hits in common from which on bars are alike
_MAX_HALF_TIME_SNARES = 3  # in a bar
_TIMEKEEPERS = ("closed hat", "open hat", "ride")
_TOMS = ("low tom", "mid tom", "high tom")


def rate(music: NoteSequence) -> float:
    """Return how much of what is expected of it music does [0 to 1].

    Parameters
    ----------
    music : NoteSequence
        Drums, a melody, a bass, or several of them, of any length.

    Returns
    -------
    float
        The mean of `criteria` over each stream, and then over the streams; 0 for silence.

    Examples
    --------
    >>> beat = {"kick": [0, 8], "snare": [4, 12], "closed hat": range(0, 16, 2)}
    >>> rate(NoteSequence.from_steps(beat, steps=16))
    1.0
    >>> rate(NoteSequence.from_steps({"crash": [3, 5, 10], "kick": [5]}, steps=16)) < 0.5
    True
    """
    by_stream = criteria(music)
    means = [sum(values.values()) / len(values) for values in by_stream.values()]
    return sum(means) / len(means) if means else 0.0


def choose_best(music: Sequence[NoteSequence], group: int) -> list[NoteSequence]:
    """Return the one with the highest rating of each group of consecutive sequences; of equals the first.

    Parameters
    ----------
    music : list of NoteSequence
    group : int >= 1
        Size of a group.

    Examples
    --------
    >>> beat = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
    >>> choose_best([NoteSequence(steps=16), beat, beat, NoteSequence(steps=16)], 2) == [beat, beat]
    True
    """
    return [max(music[start : start + group], key=rate) for start in range(0, len(music), group)]


def criteria(music: NoteSequence) -> dict[str, dict[str, float]]:
    """Return how well each stream of music does by each rule of thumb [0 to 1].

    Returns
    -------
    dict of dict of float
        By stream (``"drums"``, ``"melody"``, ``"bass"``), those that the music has, and by rule.

    Examples
    --------
    >>> criteria(NoteSequence.from_steps({"kick": [0], "snare": [4]}, steps=16))["drums"]["backbeat"]
    0.5
    """
    drums = [note for note in music.notes if note.is_drum]
    bass = [note for note in music.notes if not note.is_drum and note.program in BASS_PROGRAMS]
    melody = [note for note in music.notes if not note.is_drum and note.program not in BASS_PROGRAMS]
    found: dict[str, dict[str, float]] = {}
    if melody:
        found["melody"] = _rate_line(music, melody, _MELODY_RANGE)
    if bass:
        found["bass"] = _rate_line(music, bass, _BASS_RANGE)
    if drums:
        found["drums"] = _rate_drums(music.replace(notes=drums))
    return found


def _rate_drums(drums: NoteSequence) -> dict[str, float]:
    bars = drums.bars
    crashes = _hits(drums, ["crash"])
    allowed = max(bars // _BARS_PER_CRASH, 1)
    beats = range(0, drums.steps, _STEPS_PER_BEAT)
    timekeeping = {note.step // 2 for note in _hits(drums, _TIMEKEEPERS)}
    kept = sum(step // 2 in timekeeping or step // 2 + 1 in timekeeping for step in beats)
    return {
        "kick on the one": kick_on_the_one(drums),
        "backbeat": max(backbeat(drums), _half_time(drums)),
        "keeps time": kept / len(beats),
        "few crashes": 1 / (1 + max(len(crashes) - allowed, 0)),
        "few toms": min(1.0, 0.25 * len(drums) / max(len(_hits(drums, _TOMS)), 1)),
        "hits per bar": _within(len(drums) / bars, *_HITS_PER_BAR),
        "bars alike": min(1.0, _likeness_of_bars(drums) / _ALIKE),
    }


def _rate_line(music: NoteSequence, notes: list[Note], limits: tuple[int, int]) -> dict[str, float]:
    pitches = [note.pitch for note in notes]
    intervals = [abs(after - before) for before, after in pairwise(pitches)]
    classes = Counter(note.pitch % 12 for note in music.notes if not note.is_drum)
    scale = max(_SCALES, key=lambda scale: sum(classes[each] for each in scale))
    active = {bar for note in notes for bar in _bars_of(note) if bar < music.bars}
    wanted = min(4, 2 * music.bars) if limits is _MELODY_RANGE else 1
    return {
        "begins at once": 1.0 if notes[0].step < _STEPS_PER_BEAT else 0.0,
        "in a scale": sum(pitch % 12 in scale for pitch in pitches) / len(pitches),
        "range": _within(max(pitches) - min(pitches), *limits),
        "moves": min(1.0, len(set(pitches)) / wanted),
        "small intervals": _share(interval <= _SMALL_INTERVAL for interval in intervals),
        "notes per bar": _within(len(notes) / music.bars, *_NOTES_PER_BAR),
        "in every bar": len(active) / music.bars,
    }


def _half_time(drums: NoteSequence) -> float:
    """Return the share of bars in half time: a snare on 3, none on 2 and 4, and few others."""
    snares = {note.step for note in _hits(drums, ["snare"])}
    bars = [{step - at for step in snares if 0 <= step - at < STEPS_PER_BAR} for at in _bar_starts(drums)]
    beat_2, beat_3, beat_4 = (beat * _STEPS_PER_BEAT for beat in (1, 2, 3))
    return _share(beat_3 in bar and not bar & {beat_2, beat_4} and len(bar) <= _MAX_HALF_TIME_SNARES for bar in bars)


def _likeness_of_bars(drums: NoteSequence) -> float:
    """Return the share of hits that a bar has in common with the next one, on average; 1 of a single bar."""
    bars: list[set[tuple[int, int]]] = [set() for _ in _bar_starts(drums)]
    for note in drums.notes:
        bar, step = divmod(note.step, STEPS_PER_BAR)
        bars[bar].add((step, note.pitch))
    shares = [len(one & other) / max(len(one | other), 1) for one, other in pairwise(bars)]
    return sum(shares) / len(shares) if shares else 1.0


def _bar_starts(music: NoteSequence) -> range:
    return range(0, music.steps, STEPS_PER_BAR)


def _hits(drums: NoteSequence, names: Iterable[str]) -> list[Note]:
    pitches = {pitch for name in names for pitch in REDUCED.pitches[REDUCED.index(name)]}
    return [note for note in drums.notes if note.pitch in pitches]


def _bars_of(note: Note) -> range:
    return range(note.step // STEPS_PER_BAR, -(-(note.step + note.length) // STEPS_PER_BAR))


def _within(value: float, low: float, high: float) -> float:
    """Return 1 within limits, and less the further outside."""
    if value < low:
        return value / low
    return 1.0 if value <= high else high / value


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return sum(values) / len(values) if values else 0.0
