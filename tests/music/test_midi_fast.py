"""Reading in bulk gives the scores that reading one by one gives, from files however they are written."""

from __future__ import annotations

import io
import tarfile

import mido
import numpy as np
import pytest

from latentpalette.data import windows_of_file
from latentpalette.data.extract import windows_of
from latentpalette.data.options import Hints
from latentpalette.data.sources import Song
from latentpalette.errors import MidiError
from latentpalette.music import midi, midi_fast
from latentpalette.music.sequence import Note, NoteSequence

COLUMNS = (
    "part", "start_seconds", "end_seconds", "start", "end", "pitch", "velocity", "program", "is_drum"
)  # fmt: skip
REST = ("tempos", "meters", "marked_end", "instruments", "pedal")


def written(*tracks: list[tuple[str, int, int, int]], meta: tuple = (), program: int = 0) -> bytes:
    """A file of tracks of (message, tick, note, velocity), each on its own channel; meta events come first."""
    file = mido.MidiFile(ticks_per_beat=96)
    for channel, events in enumerate(tracks):
        track = mido.MidiTrack([*(meta if channel == 0 else ())])
        track.append(mido.Message("program_change", program=program + channel, channel=channel))
        at = 0
        for kind, tick, note, velocity in events:
            track.append(mido.Message(kind, note=note, velocity=velocity, time=tick - at, channel=channel))
            at = tick
        file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def on(tick: int, note: int = 60, velocity: int = 80) -> tuple[str, int, int, int]:
    return ("note_on", tick, note, velocity)


def off(tick: int, note: int = 60) -> tuple[str, int, int, int]:
    return ("note_off", tick, note, 0)


def same(data: bytes) -> bool:
    """Whether both readers say the same, whatever the order of notes that end together."""
    quick, slow = midi_fast.read_score(data), midi.read_score(data)
    ours, theirs = (np.stack([getattr(each, name).astype(float) for name in COLUMNS]) for each in (quick, slow))
    return (
        all(getattr(quick, name) == getattr(slow, name) for name in REST)
        and ours.shape == theirs.shape
        and np.array_equal(ours[:, np.lexsort(ours)], theirs[:, np.lexsort(theirs)])
        and np.array_equal(quick.end, np.sort(quick.end)) == np.array_equal(slow.end, np.sort(slow.end))
    )


def answer(read, data: bytes) -> object:
    """What a reader makes of a file: its notes, or why not."""
    try:
        score = read(data)
    except MidiError as problem:
        return str(problem)
    return sorted(
        zip(score.pitch.tolist(), score.velocity.tolist(), score.start.tolist(), score.end.tolist(), strict=True)
    )


PLAIN = {
    "notes one after the other": written([on(0), off(40), on(48), off(96)]),
    "chords": written([on(0), on(0, 64), off(40), off(40, 64)]),
    "two parts": written([on(0), off(40)], [on(10, 40), off(90, 40)]),
    "struck again while down": written([on(0), on(20, velocity=90), off(40), on(60), off(70), off(90)]),
    "struck thrice, let go thrice": written([on(0), on(20), on(30), off(40), off(50), off(60)]),
    "a tempo and a meter that change": written(
        [on(0), off(100), on(500), off(600)],
        meta=(
            mido.MetaMessage("set_tempo", tempo=491_803),
            mido.MetaMessage("time_signature", numerator=3, denominator=4),
            mido.MetaMessage("set_tempo", tempo=700_001, time=0),
        ),
    ),
    "note-ons of velocity 0": written([on(0), on(40, velocity=0), on(50), on(60, velocity=0)]),
}
NOT_PLAIN = {
    "a name with an accent": written([on(0), off(40)], meta=(mido.MetaMessage("track_name", name="Fl\xf6te "),)),
    "our own file": midi.to_bytes(NoteSequence([Note(60, 0, 4)], 64)),
    "struck twice, let go once": written([on(0), on(20), off(40), on(60), off(80)]),
    "struck and never let go": written([on(0), off(10), on(20)]),
    "a note without length": written([on(0), off(0), on(20), off(30)]),
    "one track, two programs": written([on(0), off(40)])[:-4]
    + b"\x00\xc0\x07\x00\x90\x40\x50\x20\x80\x40\x00\x00\xff\x2f\x00",
}
# The track above has grown: its length stands after b"MTrk".
grown = bytearray(NOT_PLAIN["one track, two programs"])
grown[18:22] = (len(grown) - 22).to_bytes(4, "big")
NOT_PLAIN["one track, two programs"] = bytes(grown)


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_plain_is_read_by_symusic_and_alike(name):
    assert midi_fast._quick("a.mid", PLAIN[name]) is not None
    assert same(PLAIN[name])


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_the_two_libraries_see_differently_is_left_to_the_slow_one(name):
    assert midi_fast._quick("a.mid", NOT_PLAIN[name]) is None
    assert same(NOT_PLAIN[name])


@pytest.mark.parametrize("cut", range(1, len(PLAIN["two parts"])))
def test_a_file_cut_off_anywhere_gives_the_same_answer(cut):
    data = PLAIN["two parts"][:cut]
    assert len(data) < 14 or midi_fast._strikes(data) is None
    assert answer(midi_fast.read_score, data) == answer(midi.read_score, data)


def test_any_byte_may_be_wrong():
    data = bytearray(PLAIN["struck again while down"])
    dice = np.random.default_rng(0)
    for _ in range(300):
        broken = bytearray(data)
        broken[int(dice.integers(14, len(data)))] = int(dice.integers(256))
        assert answer(midi_fast.read_score, bytes(broken)) == answer(midi.read_score, bytes(broken))


ARCHIVES = {
    "gmd": ({"name": "groove", "steps": 32}, {"name": "drums", "steps": 32}),
    "cre": ({"name": "melody", "steps": 32},),
    "openscore_lieder": ({"name": "melody", "steps": 32},),
    "openscore_quartets": ({"name": "melody", "steps": 256},),
    "freedoom": ({"name": "melody", "steps": 32}, {"name": "trio", "steps": 64}, {"name": "drums", "steps": 32}),
    "simutrans": ({"name": "melody", "steps": 32}, {"name": "trio", "steps": 64}),
    "easyrpg_rtp": ({"name": "melody", "steps": 32}, {"name": "drums", "steps": 32}),
}
FILES = 4  # of each archive; all of them take an hour


@pytest.mark.parametrize("archive", ARCHIVES)
def test_the_windows_of_real_songs_are_the_same_in_number_content_and_order(archive, reference, monkeypatch):
    with tarfile.open(reference / "data" / f"{archive}.tar.xz") as opened:
        members = [member for member in opened.getmembers() if member.name.endswith(".mid")]
        members = sorted(members, key=lambda member: member.size)
        chosen = members[len(members) // 8 :: len(members) // FILES][:FILES]
        songs = [Song(member.name, opened.extractfile(member).read()) for member in chosen]
    assert len(songs) == FILES
    for spec in ARCHIVES[archive]:
        quick = [windows_of(song, spec, Hints(kit="roland")) for song in songs]
        with monkeypatch.context() as patched:
            patched.setattr(windows_of_file.midi_fast, "read_score", midi.read_score)
            slow = [windows_of(song, spec, Hints(kit="roland")) for song in songs]
        for ours, theirs in zip(quick, slow, strict=True):
            assert np.array_equal(ours.rows, theirs.rows), theirs.song
            assert np.array_equal(ours.qpm, theirs.qpm), theirs.song
            assert (ours.left_out, ours.unreadable) == (theirs.left_out, theirs.unreadable)
