"""MIDI files in the page: the notes and the windows that Python reads of them, or its refusal, in its words."""

from itertools import cycle
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from latentpalette.converters import make_converter
from latentpalette.errors import LatentPaletteError
from latentpalette.models.inputs import find_excerpts
from latentpalette.music import midi
from latentpalette.music.instruments import INSTRUMENT_NAMES
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.track_choice import TrackChoice
from latentpalette.widgets.bundle import STATIC
from latentpalette.widgets.dropped_files import read_dropped
from latentpalette.widgets.engine_converter import pack_converter
from latentpalette.widgets.model_clips import ModelClips
from tests.fuzz.midi import damaged_file, noise_file, random_file
from tests.fuzz.mutations import chance, pick
from tests.music.midi_files import meta, midi_file, note_off, note_on, program, track, whole_file
from tests.music.test_tolerant_reading import HOSTILE
from tests.widgets.engine.node_process import ScriptError

READER = STATIC / "files" / "midifile.js"
LOOPS = Path(__file__).with_name("midifiles.mjs")


# --- the two readers -------------------------------------------------------------------------------------------------


def python_score(data):
    """What Python reads: the fields of the page's score, or the words of a refusal."""
    try:
        score = midi.read_score(data)
    except LatentPaletteError as error:
        return str(error)
    names = ("pitch", "velocity", "program", "track", "isDrum", "start", "end")
    columns = (score.pitch, score.velocity, score.program, score.track, score.is_drum, score.start, score.end)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {
        "notes": [dict(zip(names, row, strict=True)) for row in rows],
        "tempos": [{"quarters": quarters, "qpm": qpm} for quarters, _, qpm in score.tempos],
        "meters": [
            {"quarters": meter.quarters, "stepsPerBar": meter.steps_per_bar, "text": str(meter)}
            for meter in score.time_signatures
        ],
        "endMarker": score.end_marker,
        "trackNames": list(score.track_names),
        "origins": [origin._asdict() for origin in score.track_origins],
        "warnings": list(score.warnings),
    }


def page_score(data, node):
    try:
        score = node.call(READER, "readScore", data, list(INSTRUMENT_NAMES))
    except ScriptError as error:
        return refusal(error)
    del score["name"], score["programNames"]
    return score


def refusal(error):
    """The words of a refusal; any other error of the scripts is one of ours."""
    if error.kind != "MidiError":
        raise error
    return str(error)


def instrument(**spec):
    """What an instrument knows of a model, without the model."""
    converter = make_converter(**spec)

    def excerpts(score, *, track, drums):
        return find_excerpts(score, converter, TrackChoice(track, drums))

    return ModelClips.of(SimpleNamespace(converter=converter, excerpts=excerpts))


INSTRUMENTS = [
    instrument(name="drums"),
    instrument(name="melody"),
    instrument(name="trio", steps=256, melody_programs=None),
    instrument(name="groove", steps=64),
    instrument(name="melody", programs=[0, 31]),
    instrument(name="trio", steps=32),
    instrument(name="drum-pianoroll", drum_map="full"),
    instrument(name="melody", steps=256),
    instrument(name="groove", humanize=True),
    instrument(name="drums", steps=16, drum_map="reduced-2018"),
]


def python_loops(music, data, track=None):
    """Python's answer to a file that is dropped."""
    try:
        return read_dropped(music, data, "song.mid", track)
    except LatentPaletteError as error:
        return str(error)


def page_loops(music, data, node, track=None):
    try:
        return node.call(LOOPS, "loops", pack_converter(music), data, "song.mid", track)
    except ScriptError as error:
        return refusal(error)


# --- files -----------------------------------------------------------------------------------------------------------


def band(rng):
    """A piece of some instruments over drums, with rests, chords, odd drums and changes of tempo."""
    bars = int(rng.integers(1, 40))
    notes = []
    for number in rng.choice([0, 0, 24, 33, 38, 73, 48, 100, 120], size=int(rng.integers(0, 5))).tolist():
        base = int(rng.integers(20, 90))
        notes += [
            Note(min(base + int(rng.integers(20)), 127), int(rng.integers(bars * 16)), int(rng.integers(1, 20)),
                 int(rng.integers(1, 128)), pick(rng, (0.0, 0.0, 0.25, -0.3)), program=number)
            for _ in range(int(rng.integers(1, bars * 6 + 2)))
        ]  # fmt: skip
    drums = (36, 38, 42, 46, 49, 51, 45, 48, 50, 35, 22, 20, 52, 85)
    for bar in range(bars if chance(rng, 0.8) else 0):
        notes += [
            Note(pick(rng, drums), bar * 16 + int(rng.integers(16)), 1, int(rng.integers(1, 128)),
                 pick(rng, (0.0, 0.1, -0.2, 0.5)), is_drum=True)
            for _ in range(int(rng.integers(1, 12)) if chance(rng, 0.85) else 0)
        ]  # fmt: skip
    sequence = NoteSequence(notes, bars * 16, pick(rng, (120, 97, 133.3, 60)))
    return midi.to_bytes(sequence, tempos=[(0, sequence.qpm), (16, 100.0)] if chance(rng, 0.3) else ())


FUZZ = {"valid": lambda rng: random_file(rng).data, "damaged": damaged_file, "noise": noise_file, "band": band}


@pytest.fixture(scope="session")
def songs(reference):
    """The files of the reference material, by their names."""
    found = {path.name: path.read_bytes() for path in sorted(reference.rglob("*.mid"))}
    assert len(found) > 70
    return found


def test_every_file_of_the_reference_is_read_as_python_reads_it(songs, node):
    assert [name for name, data in songs.items() if page_score(data, node) != python_score(data)] == []


def test_every_file_of_the_reference_has_the_loops_that_python_finds(songs, node):
    turns = cycle(INSTRUMENTS)
    found = [
        (name, music.converter)
        for name, data in songs.items()
        for music in (next(turns), next(turns))
        if page_loops(music, data, node) != python_loops(music, data)
    ]
    assert found == []


def test_every_track_of_the_files_of_the_reference_is_read_as_python_reads_it(songs, node):
    turns = cycle(INSTRUMENTS)
    different, compared = [], 0
    for name, data in sorted(songs.items())[::3]:
        for music in (next(turns), next(turns), next(turns)):
            answer = python_loops(music, data)
            for number in [entry["number"] for entry in answer["tracks"]] if isinstance(answer, dict) else []:
                compared += 1
                if page_loops(music, data, node, number) != python_loops(music, data, number):
                    different.append((name, music.converter, number))
    assert different == []
    assert compared > 100


def test_a_track_that_is_not_there_is_refused_in_the_same_words(node):
    data = whole_file(TUNE, BEAT)
    for music in INSTRUMENTS:
        words = python_loops(music, data, 9)
        assert "no track 9. There are: 1, Flöte d'amour (Flute, channel 1, 8 notes); 2, drums (channel 10" in words
        assert page_loops(music, data, node, 9) == words


def test_of_thousands_of_tracks_some_are_listed_and_the_one_that_is_read(node):
    name = meta(3, b"<b>" * 30)
    data = whole_file(*[track((0, name), (0, note_on(60)), (96, note_off(60)))] * 1500)
    answer = python_loops(INSTRUMENTS[1], data, 1200)
    assert page_loops(INSTRUMENTS[1], data, node, 1200) == answer
    assert [entry["number"] for entry in answer["tracks"]] == [*range(1, 101), 1200]
    assert answer["more_tracks"] == 1500 - 101
    assert {len(entry["name"]) for entry in answer["tracks"]} == {60}


@pytest.mark.parametrize("kind", FUZZ)
def test_whatever_a_file_has_is_read_as_python_reads_it(kind, node):
    different = []
    for seed in range(100):
        data = FUZZ[kind](np.random.default_rng(seed))
        if page_score(data, node) != python_score(data):
            different.append(seed)
    assert different == []


@pytest.mark.parametrize("kind", FUZZ)
def test_whatever_a_file_has_its_loops_are_pythons(kind, node):
    different = []
    for seed, music in zip(range(40), cycle(INSTRUMENTS), strict=False):
        data = FUZZ[kind](np.random.default_rng(1000 + seed))
        different += [
            (seed, music.converter, number)
            for number in (None, seed % 4 + 1)
            if page_loops(music, data, node, number) != python_loops(music, data, number)
        ]
    assert different == []


BEAT = track(*((eighth * 240, note_on(36 + eighth % 3, channel=9)) for eighth in range(16)), end=3840)
TUNE = track(
    (0, meta(3, "Flöte d'amour".encode())),
    (0, program(73)),
    *((beat * 480, note_on(60 + beat)) for beat in range(8)),
    *((beat * 480 + 400, note_off(60 + beat)) for beat in range(8)),
)
ODD_FILES = {
    "nothing": b"",
    "text": b"MTrk 'a' \\ \n\x00",
    "quotes": b"\"'\t\r",
    "sound": b"RIFF\0\0\0\0WAVEfmt ",
    "archive": b"PK\x03\x04",
    "soundfont": b"RIFF\0\0\0\0sfbkLIST",
    "score": b'\n <?xml version="1.0"?>',
    "page": b"<!DOCTYPE html>",
    "header cut off": b"MThd\0\0\0\6\0\1",
    "no ticks": midi_file(b"", division=0),
    "no tracks": midi_file(),
    "film": whole_file(BEAT, division=0xE728),
    "film of television": whole_file(BEAT, TUNE, division=0xE350),
    "unknown film": whole_file(BEAT, division=0xE128),
    "film without ticks": whole_file(BEAT, division=0xE700),
    "patterns": whole_file(BEAT, TUNE, file_type=2),
    "too long": whole_file(track((0, note_on(60)), (10_000_000, note_off(60)), end=10_000_000), division=24),
    "too large": midi_file(bytes(300_000)),
    "too many bars": whole_file(
        track((0, meta(0x51, b"\0\xea\x60")), (0, note_on(60)), (96_001, note_off(60))), division=1
    ),
    "too much pedal": whole_file(
        track(*((n, bytes([0xB0, 64, n % 128])) for n in range(40_000))),
        *[track((0, program(n)), (0, note_on(60)), (9, note_off(60))) for n in range(8)],
    ),
    "other instrument": whole_file(TUNE, BEAT),
    "drums by name": whole_file(track((0, meta(3, b"Schlagzeug")), (0, note_on(36)), (960, note_off(36)))),
    "three four": whole_file(track((0, meta(0x58, b"\3\2\x18\x08")), (0, note_on(60)), (5000, note_off(60)))),
    "meter inside": whole_file(
        track((0, note_on(60, channel=9)), (2880, meta(0x58, b"\3\2\x18\x08")), (9000, note_off(60, channel=9)))
    ),
    "late end": whole_file(track((0, note_on(36, channel=9)), (60, note_off(36, channel=9)), end=1_000_000)),
    "gs drums": whole_file(
        track((0, b"\xf0\x0a\x41\x10\x42\x12\x40\x1b\x15\x01\x0f\xf7"), (0, note_on(36, channel=11)),
              (480, note_off(36, channel=11)), end=3840)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_FILES)
def test_an_odd_file_is_read_or_refused_in_the_same_words(name, node):
    data = ODD_FILES[name]
    expected = python_score(data)
    assert page_score(data, node) == expected
    is_read = not isinstance(expected, str)
    for music in INSTRUMENTS if is_read else INSTRUMENTS[:1] if data else []:
        assert page_loops(music, data, node) == python_loops(music, data)


def test_an_empty_file_has_no_music(node):
    assert page_loops(INSTRUMENTS[0], b"", node) == "song.mid is empty: there is no music in it."


def test_the_odd_files_are_of_every_kind(node):
    answers = {name: page_score(data, node) for name, data in ODD_FILES.items()}
    refused = {name for name, answer in answers.items() if isinstance(answer, str)}
    assert {
        "nothing",
        "too long",
        "too large",
        "too many bars",
        "too much pedal",
        "no ticks",
        "unknown film",
    } <= refused
    assert {"film", "patterns", "drums by name", "late end"} <= {
        name for name, answer in answers.items() if name not in refused and answer["warnings"]
    }


@pytest.mark.parametrize("name", ["tracks that are as long as the rest", "empty sysex", "sysex", "chunks"])
def test_a_hostile_file_is_read_or_refused_in_the_same_words(name, node):
    assert page_score(HOSTILE[name], node) == python_score(HOSTILE[name])


def test_many_skipped_parts_are_described(node):
    data = midi_file(b"\0\x90\x3c\x50" + b"\0\xc0\xff" * 80_000)  # programs above 127
    assert page_score(data, node) == python_score(data)
    assert "events with a number over 127 are ignored: program 255 (bar 1)" in page_score(data, node)["warnings"]
