"""Note events: start and end of each note of a sequence in frames, as every engine reads them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from latentpalette.music.sequence import Note, NoteSequence

SAMPLE_RATE = 44_100  # [frames per second] of every sound; browsers resample, and files hold their rate

# Most drums ring out whatever the length of their note, as General MIDI asks. A few (a long whistle, a long guiro)
# stop with it, so it must not be too short.
MIN_DRUM_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class NoteEvent:
    """A note as an engine plays it.

    Parameters
    ----------
    start, stop : int [frames]
        Note-on and note-off.
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
    def instrument(self) -> tuple[bool, int]:
        """The pair (is_drum, program), equal for notes that can share a channel."""
        return self.is_drum, self.program


def note_events(sequence: NoteSequence) -> list[NoteEvent]:
    """Convert a sequence to note events in order of time, microtiming included.

    A note ends where its pitch starts again on the same instrument. A note whose microtiming puts it before the start
    of the sequence starts there.

    Examples
    --------
    >>> loop = NoteSequence([Note(36, 4, offset=0.5, is_drum=True)], steps=16)
    >>> note_events(loop)[0].start  # 0.5625 seconds
    24806
    """
    step_frames = sequence.step_seconds * SAMPLE_RATE
    return _end_at_retrigger([_note_event(note, step_frames) for note in sequence.notes])


def loop_events(sequence: NoteSequence, *, tail_frames: int) -> tuple[list[NoteEvent], int]:
    """Convert a loop to note events, followed by those that end its tails when it repeats.

    Parameters
    ----------
    sequence : NoteSequence
    tail_frames : int
        Duration of the tails that are rendered after the end of the loop.

    Returns
    -------
    events : list of NoteEvent, in order of time
        The notes; then the same notes at velocity 1 for every repetition that the tails reach into. At 84 dB below full
        velocity these are inaudible, but they end the tails that the real notes would end: an open hat, an earlier note
        of the same pitch.
    frames : int
        Length of the loop. A note that is early on the first step is at its end.
    """
    frames = round(sequence.seconds * SAMPLE_RATE)
    step_frames = sequence.step_seconds * SAMPLE_RATE
    events = [_note_event(note, step_frames) for note in sequence.notes]
    events = [_shift(event, event.start // frames * -frames) for event in events]
    repetitions = range(1, 1 + -(-tail_frames // frames)) if frames else range(0)
    chokes = [replace(_shift(event, number * frames), velocity=1) for number in repetitions for event in events]
    return _end_at_retrigger([*events, *chokes]), frames


def led_in_events(sequence: NoteSequence, *, tail_frames: int) -> tuple[list[NoteEvent], int]:
    """Convert a sequence to note events that begin before its first step, where its microtiming asks for that.

    Parameters
    ----------
    sequence : NoteSequence
    tail_frames : int
        As for `loop_events`: notes at velocity 1 end the tails, as the notes of a repetition will. 0: none does.

    Returns
    -------
    events : list of NoteEvent, in order of time
    lead : int
        The frame of the first step: the time by which the earliest note is early.

    Examples
    --------
    >>> early = NoteSequence([Note(36, 0, offset=-0.25, is_drum=True)], steps=16)
    >>> events, lead = led_in_events(early, tail_frames=0)
    >>> events[0].start, lead
    (0, 1378)
    """
    step_frames = sequence.step_seconds * SAMPLE_RATE
    frames = round(sequence.seconds * SAMPLE_RATE)
    events = [_note_event(note, step_frames) for note in sequence.notes]
    lead = max(0, -min((event.start for event in events), default=0))
    events = [_shift(event, lead) for event in events]
    repetitions = range(1, 1 + -(-tail_frames // frames)) if frames else range(0)
    chokes = [replace(_shift(event, number * frames), velocity=1) for number in repetitions for event in events]
    return _end_at_retrigger([*events, *chokes]), lead


def _note_event(note: Note, step_frames: float) -> NoteEvent:
    start = round((note.step + note.offset) * step_frames)
    stop = round((note.step + note.offset + note.length) * step_frames)
    if note.is_drum:
        stop = max(stop, start + round(MIN_DRUM_SECONDS * SAMPLE_RATE))
    return NoteEvent(start, max(stop, start + 1), note.pitch, note.velocity, note.program, note.is_drum)


def _shift(event: NoteEvent, frames: int) -> NoteEvent:
    return replace(event, start=event.start + frames, stop=event.stop + frames)


def _end_at_retrigger(events: list[NoteEvent]) -> list[NoteEvent]:
    """Sort events by time, let none start before frame 0, and end each note where its pitch starts again."""
    events = [event if event.start >= 0 else replace(event, start=0) for event in events]
    events.sort(key=lambda event: (event.start, event.pitch))
    sounding: dict[tuple[bool, int, int], int] = {}
    for index, event in enumerate(events):
        previous = sounding.get(key := (*event.instrument, event.pitch))
        if previous is not None and events[previous].stop > event.start:
            events[previous] = replace(events[previous], stop=event.start)
        sounding[key] = index
    return [event for event in events if event.stop > event.start]
