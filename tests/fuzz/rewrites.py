"""Files whose drums are replaced: valid ones of any kind, and damaged ones."""

from __future__ import annotations

from latentpalette.music import midi
from latentpalette.music.midi_rewrite import replace_drums
from latentpalette.music.sequence import Note, NoteSequence
from tests.fuzz.harness import Folders, Outcome, attempt
from tests.fuzz.midi import MARKS, random_file
from tests.fuzz.mutations import Random, chance, damage


def fuzz_replace_drums(rng: Random, folders: Folders) -> Outcome:
    """What is written has the drums that were asked for, and every other note as it was."""
    file = random_file(rng)
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
