"""Reading with symusic gives the same scores as reading with pretty_midi."""

from __future__ import annotations

import io
import tarfile

import mido
import numpy as np
import pytest

from latentpalette.data import extract
from latentpalette.data.extract import extract_song
from latentpalette.data.options import ExtractOptions
from latentpalette.data.sources import Song
from latentpalette.errors import MidiError
from latentpalette.music import midi, midi_fast
from latentpalette.music.sequence import Note, NoteSequence

COLUMNS = (
    "track", "start_seconds", "end_seconds", "start", "end", "pitch", "velocity", "program", "is_drum"
)  # fmt: skip
FIELDS = ("tempos", "time_signatures", "end_marker", "track_names", "sustain_pedal")


def midi_bytes(*tracks: list[tuple[str, int, int, int]], meta: tuple = (), program: int = 0) -> bytes:
    """Write a file of tracks of (message, tick, note, velocity), each on its own channel; meta events come first."""
    file = mido.MidiFile(ticks_per_beat=96)
    for channel, events in enumerate(tracks):
        track = mido.MidiTrack([*(meta if channel == 0 else ())])
        track.append(mido.Message("program_change", program=program + channel, channel=channel))
        previous_tick = 0
        for kind, tick, note, velocity in events:
            track.append(mido.Message(kind, note=note, velocity=velocity, time=tick - previous_tick, channel=channel))
            previous_tick = tick
        file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def note_on(tick: int, note: int = 60, velocity: int = 80) -> tuple[str, int, int, int]:
    return ("note_on", tick, note, velocity)


def note_off(tick: int, note: int = 60) -> tuple[str, int, int, int]:
    return ("note_off", tick, note, 0)


def is_read_alike(data: bytes) -> bool:
    """Return True if both readers give the same score, whatever the order of notes that end together."""
    fast, slow = midi_fast.read_score(data), midi.read_score(data)
    ours, theirs = (np.stack([getattr(score, name).astype(float) for name in COLUMNS]) for score in (fast, slow))
    return (
        all(getattr(fast, name) == getattr(slow, name) for name in FIELDS)
        and ours.shape == theirs.shape
        and np.array_equal(ours[:, np.lexsort(ours)], theirs[:, np.lexsort(theirs)])
        and np.array_equal(fast.end, np.sort(fast.end)) == np.array_equal(slow.end, np.sort(slow.end))
    )


def notes_or_error(read, data: bytes) -> object:
    """Return the notes that a reader finds in a file, or its error message."""
    try:
        score = read(data)
    except MidiError as error:
        return str(error)
    return sorted(
        zip(score.pitch.tolist(), score.velocity.tolist(), score.start.tolist(), score.end.tolist(), strict=True)
    )


SIMPLE = {
    "notes one after the other": midi_bytes([note_on(0), note_off(40), note_on(48), note_off(96)]),
    "chords": midi_bytes([note_on(0), note_on(0, 64), note_off(40), note_off(40, 64)]),
    "two tracks": midi_bytes([note_on(0), note_off(40)], [note_on(10, 40), note_off(90, 40)]),
    "repeated while it sounds": midi_bytes(
        [note_on(0), note_on(20, velocity=90), note_off(40), note_on(60), note_off(70), note_off(90)]
    ),
    "three note-ons, three note-offs": midi_bytes(
        [note_on(0), note_on(20), note_on(30), note_off(40), note_off(50), note_off(60)]
    ),
    "changes of tempo and time signature": midi_bytes(
        [note_on(0), note_off(100), note_on(500), note_off(600)],
        meta=(
            mido.MetaMessage("set_tempo", tempo=491_803),
            mido.MetaMessage("time_signature", numerator=3, denominator=4),
            mido.MetaMessage("set_tempo", tempo=700_001, time=0),
        ),
    ),
    "note-ons of velocity 0": midi_bytes([note_on(0), note_on(40, velocity=0), note_on(50), note_on(60, velocity=0)]),
}
AMBIGUOUS = {
    "a name with an accent": midi_bytes(
        [note_on(0), note_off(40)], meta=(mido.MetaMessage("track_name", name="Fl\xf6te "),)
    ),
    "our own file": midi.to_bytes(NoteSequence([Note(60, 0, 4)], 64)),
    "two note-ons, one note-off": midi_bytes([note_on(0), note_on(20), note_off(40), note_on(60), note_off(80)]),
    "a note-on without a note-off": midi_bytes([note_on(0), note_off(10), note_on(20)]),
    "a note without length": midi_bytes([note_on(0), note_off(0), note_on(20), note_off(30)]),
    "one track, two programs": midi_bytes([note_on(0), note_off(40)])[:-4]
    + b"\x00\xc0\x07\x00\x90\x40\x50\x20\x80\x40\x00\x00\xff\x2f\x00",
}
# The length of the track, after b"MTrk", includes the bytes added above.
extended = bytearray(AMBIGUOUS["one track, two programs"])
extended[18:22] = (len(extended) - 22).to_bytes(4, "big")
AMBIGUOUS["one track, two programs"] = bytes(extended)


@pytest.mark.parametrize("name", SIMPLE)
def test_simple_files_are_read_by_symusic_with_the_same_result(name):
    assert midi_fast._read_symusic("a.mid", SIMPLE[name]) is not None
    assert is_read_alike(SIMPLE[name])


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_files_that_the_libraries_read_differently_are_read_by_pretty_midi(name):
    assert midi_fast._read_symusic("a.mid", AMBIGUOUS[name]) is None
    assert is_read_alike(AMBIGUOUS[name])


@pytest.mark.parametrize("cut", range(1, len(SIMPLE["two tracks"])))
def test_a_file_truncated_anywhere_gives_the_same_result(cut):
    data = SIMPLE["two tracks"][:cut]
    assert len(data) < 14 or midi_fast._count_note_ons(data) is None
    assert notes_or_error(midi_fast.read_score, data) == notes_or_error(midi.read_score, data)


def test_a_file_with_any_byte_changed_gives_the_same_result():
    data = bytearray(SIMPLE["repeated while it sounds"])
    rng = np.random.default_rng(0)
    for _ in range(300):
        broken = bytearray(data)
        broken[int(rng.integers(14, len(data)))] = int(rng.integers(256))
        assert notes_or_error(midi_fast.read_score, bytes(broken)) == notes_or_error(midi.read_score, bytes(broken))


ARCHIVES = {
    "gmd": ({"name": "groove", "steps": 32}, {"name": "drums", "steps": 32}),
    "cre": ({"name": "melody", "steps": 32},),
    "openscore_lieder": ({"name": "melody", "steps": 32},),
    "openscore_quartets": ({"name": "melody", "steps": 256},),
    "freedoom": ({"name": "melody", "steps": 32}, {"name": "trio", "steps": 64}, {"name": "drums", "steps": 32}),
    "simutrans": ({"name": "melody", "steps": 32}, {"name": "trio", "steps": 64}),
    "easyrpg_rtp": ({"name": "melody", "steps": 32}, {"name": "drums", "steps": 32}),
}
FILES = 4  # of each archive; reading all of them takes an hour


@pytest.mark.parametrize("archive", ARCHIVES)
def test_the_windows_of_real_songs_are_the_same_in_number_content_and_order(archive, reference, monkeypatch):
    with tarfile.open(reference / "data" / f"{archive}.tar.xz") as archive_file:
        members = [member for member in archive_file.getmembers() if member.name.endswith(".mid")]
        members = sorted(members, key=lambda member: member.size)
        selected = members[len(members) // 8 :: len(members) // FILES][:FILES]
        songs = [Song(member.name, archive_file.extractfile(member).read()) for member in selected]
    assert len(songs) == FILES
    for spec in ARCHIVES[archive]:
        fast = [extract_song(song, spec, ExtractOptions(drum_map="roland")) for song in songs]
        with monkeypatch.context() as patch:
            patch.setattr(extract.midi_fast, "read_score", midi.read_score)
            slow = [extract_song(song, spec, ExtractOptions(drum_map="roland")) for song in songs]
        for ours, theirs in zip(fast, slow, strict=True):
            assert np.array_equal(ours.windows, theirs.windows), theirs.song
            assert np.array_equal(ours.qpm, theirs.qpm), theirs.song
            assert (ours.left_out, ours.unreadable) == (theirs.left_out, theirs.unreadable)
