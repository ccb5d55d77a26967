"""Files whose drums are replaced: valid ones of any kind, and damaged ones."""

from __future__ import annotations

from latentpalette.music import midi
from latentpalette.music.midi_rewrite import replace_drums
from latentpalette.music.sequence import Note, NoteSequence
from tests.fuzz.harness import Folders, Outcome, attempt
from tests.fuzz.midi import MARKS, RandomFile, assemble, random_file
from tests.fuzz.mutations import Random, chance, damage, pick
from tests.music.midi_files import track


def fuzz_replace_drums(rng: Random, folders: Folders) -> Outcome:
    """What is written has the drums that were asked for, and every other note as it was."""
    file = random_file(rng)
    if chance(rng, 0.5):
        file = _with_rhythm_parts(rng, file)
    source = folders.inside / "song.mid"
    source.write_bytes(file.data)
    before = midi.read(source)
    new = _new_drums(rng, before)
    replace_drums(source if chance(rng, 0.5) else file.data, new, folders.inside / "new.mid")
    after = midi.read(folders.inside / "new.mid")
    assert _others(after) == _others(before)
    if file.resolution % 4 == 0:  # else a step is no whole number of ticks
        assert _places(after) == _places(new)
    return "replaced"


def fuzz_damaged(rng: Random, folders: Folders) -> Outcome:
    """A damaged file is refused, or what is written reads, with every other note as it was."""
    data = damage(rng, random_file(rng).data, marks=MARKS, donor=random_file(rng).data)
    before = attempt(lambda: midi.read(data))
    new = _new_drums(rng, before or NoteSequence(steps=32))
    path = attempt(lambda: replace_drums(data, new, folders.inside / "new.mid"))
    if path is None or before is None:
        return "refused"
    assert _others(midi.read(path)) == _others(before)
    return "replaced"


def _with_rhythm_parts(rng: Random, file: RandomFile) -> RandomFile:
    """Return a file with events of GS, XG and General MIDI that make channels drums, or instruments, for a while."""
    tracks = [list(events) for events in file.tracks]
    for _ in range(int(rng.integers(1, 6))):
        tick = int(rng.integers(max(file.ends) + 1)) if chance(rng, 0.7) else 0
        gs = b"\xf0\x0a\x41\x10\x42\x12\x40" + bytes([0x10 | pick(rng, (0, 0, 1, 2)), 0x15, pick(rng, (0, 1, 2)), 0])
        xg = b"\xf0\x08\x43\x10\x4c\x08" + bytes([pick(rng, (9, 9, 0, 1)), 7, pick(rng, (0, 1))])
        event = pick(rng, (gs + b"\xf7", xg + b"\xf7", b"\xf0\x05\x7e\x7f\x09\x01\xf7"))
        events = pick(rng, tracks)
        events.append((tick, event))
        events.sort(key=lambda event: event[0])
    ends = [max(end, *(tick for tick, _ in events), 0) for end, events in zip(file.ends, tracks, strict=True)]
    chunks = [track(*events, end=end) for events, end in zip(tracks, ends, strict=True)]
    return RandomFile(file.resolution, tracks, ends, assemble(chunks, file.resolution))


def _new_drums(rng: Random, before: NoteSequence) -> NoteSequence:
    """Return some of the drums that there are, at other velocities, and some that there are not."""
    hits = {
        (note.step, note.pitch): note
        for note in before.notes
        if note.is_drum and note.step + note.length <= before.steps and chance(rng, 0.7)
    }
    for _ in range(int(rng.integers(0, 12))):
        step, pitch = int(rng.integers(max(before.steps, 1))), int(rng.integers(35, 60))
        hits[step, pitch] = Note(pitch, step, velocity=int(rng.integers(1, 128)), is_drum=True)
    steps = max([before.steps, *(note.step + note.length for note in hits.values())])
    return NoteSequence(hits.values(), steps, before.qpm)


def _others(sequence: NoteSequence) -> list[Note]:
    return [note for note in sequence.notes if not note.is_drum]


def _places(sequence: NoteSequence) -> set[tuple[int, int]]:
    return {(note.step, note.pitch) for note in sequence.notes if note.is_drum}
