"""MIDI files whose drums are replaced in the page: byte for byte what Python writes."""

from pathlib import Path

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import LatentPaletteError
from latentpalette.music import midi
from latentpalette.music.instruments import INSTRUMENT_NAMES
from latentpalette.music.midi_rewrite import replace_drum_notes
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.widgets.dropped_files import DRUMS, tracks_to_json
from latentpalette.widgets.drum_sources import read_drums
from latentpalette.widgets.engine_converter import pack_converter
from latentpalette.widgets.feel import Feel
from latentpalette.widgets.groove_panel import GroovePanel
from tests.fuzz.midi import MARKS, random_file
from tests.fuzz.mutations import chance, damage
from tests.fuzz.rewrites import _new_drums, _with_rhythm_parts
from tests.widgets.engine.node_process import ScriptError
from tests.widgets.engine.test_midi_files import band

SCRIPT = Path(__file__).with_name("drumsongs.mjs")
PROGRAMS = list(INSTRUMENT_NAMES)
FILES = 30  # of each kind


def attempt(call, *arguments):
    """What a call returns, or the words of its refusal."""
    try:
        return call(*arguments)
    except LatentPaletteError as error:
        return str(error)
    except ScriptError as error:
        if error.kind != "MidiError":
            raise
        return str(error)


def grid_notes(music: NoteSequence):
    names = {"is_drum": "isDrum"}
    fields = ("pitch", "step", "length", "velocity", "offset", "is_drum", "program")
    return [{names.get(name, name): getattr(note, name) for name in fields} for note in music.notes]


def file_of(kind: str, seed: int) -> bytes:
    rng = np.random.default_rng([seed, len(kind)])
    if kind == "band":
        return band(rng)
    file = random_file(rng)
    if kind == "parts":
        return _with_rhythm_parts(rng, file).data
    return damage(rng, file.data, marks=MARKS, donor=random_file(rng).data) if kind == "damaged" else file.data


@pytest.mark.parametrize("kind", ["valid", "parts", "damaged", "band"])
def test_a_file_with_other_drums_is_that_of_python(node, kind):
    replaced = 0
    for seed in range(FILES):
        data = file_of(kind, seed)
        before = attempt(midi.read, data)
        found = attempt(node.call, SCRIPT, "piece", data, PROGRAMS)
        if isinstance(before, str):
            assert found == before
            continue
        assert found == {"notes": grid_notes(before), "steps": before.steps, "qpm": before.qpm}
        new = _new_drums(np.random.default_rng(seed), before)
        new = new.replace(notes=_moved(new, seed))
        expected = attempt(replace_drum_notes, data, new)
        written = attempt(
            node.call, SCRIPT, "rewritten", data, PROGRAMS, {"notes": grid_notes(new), "steps": new.steps}
        )
        assert (written if isinstance(written, str) else written.tobytes()) == expected
        replaced += isinstance(expected, bytes)
    assert replaced > FILES / 3


def _moved(music: NoteSequence, seed: int):
    """Notes of which some are early or late."""
    rng = np.random.default_rng(seed)
    for note in music.notes:
        offset = round(float(rng.uniform(-0.5, 0.5)), 3) if chance(rng, 0.5) else note.offset
        yield Note(note.pitch, note.step, note.length, note.velocity, offset, note.is_drum, note.program)


# --- songs of a groove panel -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def panel():
    return GroovePanel("Boom bap", lp.load("groove-humanize"))


def read_in_python(music, data: bytes, track: int | None = None):
    source = read_drums(data, drums=track)
    clip = source.clip(music).to_json()
    own = [each.number for each in source.tracks if each.is_drum]
    tracks = tracks_to_json(source.tracks, DRUMS, track or (own[0] if len(own) == 1 else None))
    return {"written_clip": clip, "left_out": source.left_out(music), "qpm": source.sequence.qpm, **tracks}


def test_the_drums_of_a_song_are_read_and_written_as_in_python(node, panel):
    music = panel._music
    meta = pack_converter(music)
    songs = 0
    for seed in range(20):
        data = band(np.random.default_rng(seed))
        track = (None, 1, 2)[seed % 3]
        expected = attempt(read_in_python, music, data, track)
        assert attempt(node.call, SCRIPT, "song", meta, data, track) == expected
        if isinstance(expected, str):
            continue
        songs += 1
        source = read_drums(data, drums=track)
        written = source.clip(music)
        played = panel._drummers.humanize(written, 1.0, seed)
        feel = Feel(timing=1.3, velocity=0.7, swing=seed % 3 / 3, swing_of=("sixteenths", "eighths")[seed % 2])
        muted = [36] if seed % 4 == 0 else []
        places = [(int(note["step"]), int(note["pitch"])) for note in written.notes]
        hits = {
            place: hit for place, hit in zip(places, feel.hits(written, played), strict=True) if place[1] not in muted
        }
        song = source.to_midi(source.with_hits(music, hits, feel))
        given = {
            "written": written.to_json(),
            "played": played.to_json(),
            "feel": {"timing": feel.timing, "velocity": feel.velocity, "swing": feel.swing, "swing_of": feel.swing_of},
            "muted": muted,
            "track": track,
        }
        assert node.call(SCRIPT, "played", meta, data, given).tobytes() == song
    assert songs > 8


def test_a_file_without_drums_and_one_that_is_too_long_are_refused_in_the_same_words(node, panel):
    meta = pack_converter(panel._music)
    tune = midi.to_bytes(NoteSequence([Note(60, 0, 4)], steps=16))
    with pytest.raises(LatentPaletteError) as in_python:
        read_drums(tune).clip(panel._music)
    assert attempt(node.call, SCRIPT, "song", meta, tune) == str(in_python.value)
    long = midi.to_bytes(NoteSequence([Note(36, 5000, is_drum=True)], steps=5008))
    with pytest.raises(LatentPaletteError) as in_python:
        read_drums(long)
    assert attempt(node.call, SCRIPT, "song", meta, long) == str(in_python.value)
