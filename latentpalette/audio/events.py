"""When each note of a sequence is struck and let go, in frames: the one view that every synthesiser shares."""

from __future__ import annotations

from dataclasses import dataclass, replace

from latentpalette.music.sequence import Note, NoteSequence

RATE = 44_100  # [frames per second] one rate everywhere: browsers resample, files say it

# A drum is struck, not held: General MIDI lets it ring out whatever its note's length. Only a few sounds (a long
# whistle, a long guiro) wait to be let go.
DRUM_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Strike:
    """One note as a synthesiser plays it.

    Parameters
    ----------
    start, stop : int [frames]
        When it is struck and when it is let go.
    pitch, velocity, program : int
    is_drum : bool
    """

    start: int
    stop: int
    pitch: int
    velocity: int
    program: int
    is_drum: bool

    @property
    def part(self) -> tuple[bool, int]:
        """What one channel of a synthesiser plays."""
        return self.is_drum, self.program


def strikes(sequence: NoteSequence) -> list[Strike]:
    """The notes of a sequence at their exact places, microtiming included, in order of time.

    Where one pitch of a part is struck while it still sounds, it is let go first, as a player's finger has to. A note
    that is early by its microtiming and would begin before the sequence does begins with it.

    Examples
    --------
    >>> loop = NoteSequence([Note(36, 4, offset=0.5, is_drum=True)], steps=16)
    >>> strikes(loop)[0].start  # 0.5625 seconds
    24806
    """
    step = sequence.step_seconds * RATE
    return _let_go([_strike(note, step) for note in sequence.notes])


def lap(sequence: NoteSequence, *, ringing: int) -> tuple[list[Strike], int]:
    """The notes of a loop, and what silences their tails when it goes round.

    Parameters
    ----------
    sequence : NoteSequence
    ringing : int [frames]
        How long the tails are listened to after the loop's end.

    Returns
    -------
    strikes : list of Strike, in order of time
        The notes; then, for every lap that the tails reach into, the notes again as *ghosts* of velocity 1. Nobody
        hears a ghost (84 dB down), but it ends what the real note would end: an open hat, the stroke before it.
    frames : int
        The length of the loop. A note that is early on the first step lies at its end.
    """
    frames = round(sequence.seconds * RATE)
    step = sequence.step_seconds * RATE
    first = [_moved(strike, strike.start // frames * -frames) for strike in (_strike(n, step) for n in sequence.notes)]
    laps = range(1, 1 + -(-ringing // frames)) if frames else range(0)
    ghosts = [replace(_moved(strike, many * frames), velocity=1) for many in laps for strike in first]
    return _let_go([*first, *ghosts]), frames


def _strike(note: Note, step: float) -> Strike:
    start = round((note.step + note.offset) * step)
    stop = round((note.step + note.offset + note.length) * step)
    if note.is_drum:
        stop = max(stop, start + round(DRUM_SECONDS * RATE))
    return Strike(start, max(stop, start + 1), note.pitch, note.velocity, note.program, note.is_drum)


def _moved(strike: Strike, frames: int) -> Strike:
    return replace(strike, start=strike.start + frames, stop=strike.stop + frames)


def _let_go(placed: list[Strike]) -> list[Strike]:
    """In order of time, none before frame 0, each note ended where its pitch is struck again."""
    placed = [strike if strike.start >= 0 else replace(strike, start=0) for strike in placed]
    placed.sort(key=lambda strike: (strike.start, strike.pitch))
    sounding: dict[tuple[bool, int, int], int] = {}
    for index, strike in enumerate(placed):
        before = sounding.get(key := (*strike.part, strike.pitch))
        if before is not None and placed[before].stop > strike.start:
            placed[before] = replace(placed[before], stop=strike.start)
        sounding[key] = index
    return [strike for strike in placed if strike.stop > strike.start]
