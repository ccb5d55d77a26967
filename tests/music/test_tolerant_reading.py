"""Files that players play are read, what is skipped of them is reported, and hostile ones take bounded work."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from latentpalette.errors import MidiError
from latentpalette.music import midi
from latentpalette.music.score import Score
from tests.music.midi_files import (
    beat,
    chunk,
    drum_hits,
    meta,
    note_off,
    note_on,
    program,
    tempo,
    time_signature,
    track,
    whole_file,
)
from tests.work import count_lines

CONDUCTOR = track((0, meta(0x51, b"\x09\x27\xc0")), (0, meta(0x58, bytes([4, 2, 24, 8]))))
DRUMS = track(*beat())
PLAIN = whole_file(CONDUCTOR, DRUMS)
EXPECTED = midi.read(PLAIN)
HEADER, TRACKS = PLAIN[:14], PLAIN[14:]


def with_length(events: bytes, length: int) -> bytes:
    """Return a track whose length is not that of its events."""
    return b"MTrk" + struct.pack(">I", length & 0xFFFFFFFF) + events


def with_drums(events: bytes) -> bytes:
    """Return the file with other bytes before the beat on its second track."""
    return HEADER + chunk(b"MTrk", CONDUCTOR) + chunk(b"MTrk", events + DRUMS)


RIFF = b"data" + struct.pack("<I", len(PLAIN)) + PLAIN
PLAYED = {
    "RIFF": b"RIFF" + struct.pack("<I", 4 + len(RIFF)) + b"RMID" + RIFF,
    "RIFF with text before and after": b"RIFF\0\0\0\0RMIDLIST\3\0\0\0abc\0" + RIFF + b"LIST\4\0\0\0abcd",
    "RIFF with a wrong length": b"RIFF\0\0\0\0RMIDdata\0\0\0\0" + PLAIN,
    "a Macintosh header": b"\0\x08song.mid".ljust(128, b"\0") + PLAIN,
    "a longer header": b"MThd\0\0\0\x08" + HEADER[8:] + b"\0\0" + TRACKS,
    "a header of wrong length": b"MThd\0\0\1\0" + HEADER[8:] + TRACKS,
    "a chunk before the first track": HEADER + chunk(b"XFIH", b"abcd") + TRACKS,
    "a chunk between tracks": HEADER + chunk(b"MTrk", CONDUCTOR) + chunk(b"XFKM", b"\xff" * 9) + chunk(b"MTrk", DRUMS),
    "a chunk after the last track": PLAIN + chunk(b"M2P ", b"data"),
    "bytes between tracks": HEADER + chunk(b"MTrk", CONDUCTOR) + b"\0\0\0" + chunk(b"MTrk", DRUMS),
    "bytes after the last track": PLAIN + b"\0" * 40,
    "one track counted": HEADER[:10] + b"\0\1" + HEADER[12:] + TRACKS,
    "no track counted": HEADER[:10] + b"\0\0" + HEADER[12:] + TRACKS,
    "more tracks counted": HEADER[:10] + b"\0\7" + HEADER[12:] + TRACKS,
    "type 0 with two tracks": HEADER[:8] + b"\0\0" + HEADER[10:] + TRACKS,
    "a type that does not exist": HEADER[:8] + b"\0\x09" + HEADER[10:] + TRACKS,
    **{
        f"a {which} track of length {length}": HEADER
        + with_length(CONDUCTOR, length if which == "first" else len(CONDUCTOR))
        + with_length(DRUMS, length if which == "last" else len(DRUMS))
        for which in ("first", "last")
        for length in (0, 1, len(CONDUCTOR) - 1, len(CONDUCTOR) + 3, len(DRUMS) + 40, 100_000, -1)
    },
    "a length up to the end of the file": HEADER
    + with_length(CONDUCTOR, len(CONDUCTOR) + 8 + len(DRUMS))
    + chunk(b"MTrk", DRUMS),
    "no end of track": HEADER + chunk(b"MTrk", CONDUCTOR[:-4]) + chunk(b"MTrk", DRUMS[:-4]),
    "no end of track and a length of 0": HEADER + with_length(CONDUCTOR[:-4], 0) + with_length(DRUMS[:-4], 0),
    "padding in a track": HEADER + chunk(b"MTrk", CONDUCTOR + b"\xff\xff") + chunk(b"MTrk", DRUMS + b"\0\0"),
    "a controller over 127": with_drums(b"\0\xb9\x07\xff\0\xb9\xff\x07"),
    "a program over 127": with_drums(b"\0\xc9\xff"),
    "pressure and pitch bends over 127": with_drums(b"\0\xd9\xff\0\xa9\xff\xff\0\xe9\xff\xff"),
    "sysex with a high byte": with_drums(b"\0\xf0\x04\x41\x90\x42\xf7"),
    "sysex in packets": with_drums(b"\0\xf0\x03\x43\x12\0\0\xf7\x03\x43\x12\0\0\xf7\x02\x01\xf7"),
    "sysex without its length": with_drums(b"\0\xf0\x43\x10\x4c\0\0\x7e\0\xf7"),
    "sysex without an end": with_drums(b"\0\xf0\x02\x41\x10"),
    "empty sysex": with_drums(b"\0\xf0\0\0\xf7\0"),
    "an escape": with_drums(b"\0\xf7\x03\xf2\x01\x02"),
    "system events": with_drums(b"\0\xf1\x01\0\xf2\x01\x02\0\xf3\x01\0\xf4\0\xf5\0\xf6\0\xf8\0\xf9\0\xfd\0\xfe"),
    "running status over sysex": with_drums(b"\0\xb9\x07\x64\0\xf0\x01\xf7\0\x0a\x40\0\xff\x01\0\0\x0a\x41"),
    "a short SMPTE offset": with_drums(b"\0\xff\x54\x02\x60\0"),
    "an impossible key": with_drums(b"\0\xff\x59\x02\x0f\x07\0\xff\x59\x01\x01"),
    "an unknown meta event": with_drums(b"\0\xff\x7e\x03abc\0\xff\0\0"),
}


@pytest.mark.parametrize("name", PLAYED)
def test_a_file_that_players_play_is_read(name):
    assert midi.read(PLAYED[name]) == EXPECTED


SKIPPED = {
    "a chunk before the first track": "chunks that are no tracks are skipped: XFIH",
    "bytes between tracks": "bytes between tracks are skipped",
    "more tracks counted": "tracks are missing: 7 are counted, 2 found",
    "a controller over 127": "values over 127 are read as 127: controller 7 255 (bar 1)",
    "a program over 127": "events with a number over 127 are ignored: program 255 (bar 1)",
}


@pytest.mark.parametrize("name", SKIPPED)
def test_what_is_skipped_is_reported(name):
    assert SKIPPED[name] in midi.read_score(PLAYED[name]).warnings


@pytest.mark.parametrize("name", ["RIFF", "one track counted", "sysex with a high byte", "bytes after the last track"])
def test_where_nothing_is_lost_nothing_is_reported(name):
    assert midi.read_score(PLAYED[name]).warnings == ()


@pytest.mark.parametrize("division", [24, 96, 960, 15_360, 32_767])
def test_any_resolution_is_read(division):
    events = [(bar * 4 * division, note_on(60)) for bar in range(200)]
    sequence = midi.read(whole_file(track(*events, end=800 * division), division=division))
    assert [note.step for note in sequence.notes] == [16 * bar for bar in range(200)]
    assert {note.length for note in sequence.notes} == {16}


def test_velocities_over_127_are_127_and_pitches_over_127_are_left_out():
    score = midi.read_score(whole_file(track((0, b"\x90\x3c\xff"), (0, b"\x90\xf0\x40"), (1920, note_off(60)))))
    assert (score.pitch.tolist(), score.velocity.tolist()) == ([60], [127])
    assert score.warnings == (
        "values over 127 are read as 127: velocity 255 (bar 1)",
        "events with a number over 127 are ignored: note 240 (bar 1)",
    )


def test_a_damaged_track_is_read_up_to_the_damage():
    damaged = track((0, note_on(60)), (480, note_off(60)), (1920, note_on(62)))[:-4] + b"\0\xff\x01\x7fabc"
    score = midi.read_score(whole_file(damaged, DRUMS))
    assert score.is_drum.sum() == len(EXPECTED)
    assert score.pitch[~score.is_drum].tolist() == [60, 62]
    assert score.warnings == ("damaged ends of tracks are left out: track 1 (bar 2)",)


def test_patterns_are_read_one_after_the_other():
    patterns = [
        track((0, meta(0x58, bytes([3, 2, 24, 8]))), (0, note_on(36, channel=9)), (60, note_off(36, channel=9))),
        track((0, note_on(38, channel=9)), (60, note_off(38, channel=9)), end=1441),
        track((0, note_on(42, channel=9)), (1500, note_on(42, 0, channel=9))),
        track((0, note_on(46, channel=9)), (60, note_off(46, channel=9))),
    ]
    score = midi.read_score(whole_file(*patterns, file_type=2))
    assert [(int(start), pitch) for start, pitch in zip(score.start, score.pitch.tolist(), strict=True)] == [
        (0, 36), (12, 38), (24, 42), (48, 46),
    ]  # fmt: skip
    assert score.warnings == ("the tracks are patterns (type 2); they are read one after the other",)
    assert midi.read_score(whole_file(patterns[0], file_type=2)).warnings == ()


# --- tempo and meter ---------------------------------------------------------------------------------------------


def scored(*events: tuple[int, bytes], drums: list | None = None):
    """Read a beat of four bars with events of a conductor."""
    return midi.read_score(whole_file(track(*events), track(*(beat(4) if drums is None else drums))))


TEMPO_90, TEMPO_60 = meta(0x51, b"\x0a\x2c\x2b"), meta(0x51, b"\x0f\x42\x40")


@pytest.mark.parametrize(
    ("event", "warning"),
    [
        (meta(0x51, bytes(3)), "impossible tempos are ignored: 0 (bar 2)"),
        (meta(0x51, b"\0\0\1"), "impossible tempos are ignored: 60,000,000 (bar 2)"),
        (meta(0x51, b"\x0f\x42"), "events that are cut short are ignored: a tempo (bar 2)"),
        (meta(0x51, b""), "events that are cut short are ignored: a tempo (bar 2)"),
        (meta(0x58, bytes([2, 33, 24, 8])), "impossible time signatures are ignored: 2/8589934592 (bar 2)"),
        (meta(0x58, bytes([4, 12, 24, 8])), "impossible time signatures are ignored: 4/4096 (bar 2)"),
        (meta(0x58, bytes([0, 2, 24, 8])), "impossible time signatures are ignored: 0/4 (bar 2)"),
        (meta(0x58, bytes([3])), "events that are cut short are ignored: a time signature (bar 2)"),
    ],
)
def test_nonsense_is_ignored_and_reported_with_its_bar(event, warning):
    clean = scored((0, TEMPO_90))
    score = scored((0, TEMPO_90), (2400, event))
    assert score.warnings == (warning,)
    assert (score.tempos, score.time_signatures) == (clean.tempos, clean.time_signatures)
    assert score.start_seconds.tolist() == clean.start_seconds.tolist()


def test_much_nonsense_is_reported_in_few_words():
    events = [(bar * 1920, meta(0x58, bytes([bar, 40, 24, 8]))) for bar in range(200)]
    (warning,) = scored(*events).warnings
    assert len(warning) < 200
    assert warning.startswith("impossible time signatures are ignored: 0/1099511627776, ")


def test_a_time_signature_of_two_bytes_is_read():
    assert [str(meter) for meter in scored((0, meta(0x58, bytes([3, 2])))).time_signatures] == ["3/4"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_tempo_and_meter_hold_from_any_track(number):
    events = [(0, TEMPO_90), (0, meta(0x58, bytes([3, 2, 24, 8]))), (1440, TEMPO_60)]
    tracks = [track(*events, *(beat() if number == 1 else ())), track(*(beat() if number != 1 else ()))]
    score = midi.read_score(whole_file(*(tracks[::-1] if number == 2 else tracks)))
    assert [round(qpm) for _, _, qpm in score.tempos] == [90, 60]
    assert [str(meter) for meter in score.time_signatures] == ["3/4"]


@pytest.mark.parametrize("tick", [0, 1, 100, 480])
def test_the_tempo_of_a_piece_is_the_one_where_its_music_begins(tick):
    drums = [(480 + at, event) for at, event in beat(1)]
    assert round(scored((tick, TEMPO_90), (960, TEMPO_60), drums=drums).quantize().qpm) == 90


def test_the_last_of_several_tempos_at_a_tick_holds():
    score = scored((0, TEMPO_60), (0, TEMPO_90), (480, TEMPO_90), (480, TEMPO_60))
    assert [round(qpm) for _, _, qpm in score.tempos] == [90, 60]


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Flöte für ドラム".encode(), "Flöte für ドラム"),
        ("Flöte".encode("latin-1"), "Flöte"),
        (b"\xef\xbb\xbfBass", "Bass"),
        (b"Bass\0\0", "Bass"),
        (b" \r\n", "Acoustic Grand Piano"),
        (b"\xff\xfe\x83", "ÿþ"),
    ],
)
def test_names_are_utf_8_or_else_latin_1(name, expected):
    score = midi.read_score(whole_file(track((0, meta(3, name)), (0, note_on(60)), (480, note_off(60)))))
    assert score.track_names == (expected,)


# --- refusals and limits -------------------------------------------------------------------------------------------

REFUSED = {
    "empty": b"",
    "text": b"hello world, this is no music",
    "audio": b"RIFFxxxxWAVEfmt " + b"\0" * 40,
    "RIFF without music": b"RIFF\0\0\0\0RMIDLIST\4\0\0\0abcd",
    "a header alone": HEADER,
    "half a header": HEADER[:9],
    **{
        f"{256 - frames} film frames of {ticks} ticks": HEADER[:12] + bytes([frames, ticks]) + TRACKS
        for frames, ticks in ((0x80, 40), (0xFF, 1), (0xE0, 80), (0xE7, 0), (0xE2, 0))
    },
    "no clock": HEADER[:12] + b"\0\0" + TRACKS,
    "cut off before the first note": PLAIN[: len(HEADER) + 8 + len(CONDUCTOR) + 8],
    "noise": HEADER + chunk(b"MTrk", b"\0\xff\x01\xff\xff\xff\xff"),
    "hours": whole_file(track((0, TEMPO_60), (480 * 60 * 60 * 5, note_on(60)))),
    "bars": whole_file(track((480 * 100_000, note_on(60))), division=480)[:-4] + b"\0\xff\x2f\0",
    "large": PLAIN + bytes(midi.MAX_FILE_BYTES),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_what_to_do(name):
    with pytest.raises(MidiError, match=r"^MIDI data: .*([Ee]xport it|[Ss]plit it first)"):
        midi.read_score(REFUSED[name])


@pytest.mark.parametrize("name", ["", "nothing.mid"])
def test_a_path_that_is_no_file_says_what_to_do(tmp_path, name):
    with pytest.raises(MidiError, match=r"Name a MIDI file in it\.|Check its name and its folder\."):
        midi.read_score(tmp_path / name)


def test_a_damaged_file_gives_a_score_or_a_midi_error_with_little_work():
    rng = np.random.default_rng(0)
    files = [*PLAYED.values(), whole_file(track(*beat(channel=3)), track((0, program(9))), file_type=2)]
    results = []
    for number in range(4000):
        damaged = bytearray(files[number % len(files)])
        for _ in range(int(rng.integers(1, 9))):
            damaged[int(rng.integers(8, len(damaged)))] = int(rng.integers(256))
        if number % 4 == 0:
            start = int(rng.integers(8, len(damaged)))
            damaged[start:start] = rng.bytes(int(rng.integers(1, 9)))
        if number % 5 == 0:
            del damaged[int(rng.integers(8, len(damaged))) :]
        result, lines = count_lines(score_or_message, bytes(damaged))
        results.append(result)
        assert lines < 50_000
    messages = [result for result in results if isinstance(result, str)]
    assert all(message.startswith("MIDI data: ") for message in messages)
    assert 100 < len(messages) < 2500
    for score in (result for result in results if isinstance(result, Score)):
        assert len(score.pitch) == len(score.start) == len(score.end_seconds)
        assert np.all(score.end > score.start)
        assert np.all(score.end_seconds > score.start_seconds)
        assert score.quantize().steps >= 0


def score_or_message(data: bytes) -> Score | str:
    try:
        return midi.read_score(data)
    except MidiError as error:
        return str(error)


MANY_ONS, MANY_OFFS = b"\0\x90\x3c\x50" + b"\1\x3c\x50" * 40_000, b"\0\x90\x3c\0" + b"\1\x3c\0" * 40_000
# Tracks that last to the end of the file by their lengths: what follows each can be read as notes of it.
NESTED = [with_length(b"\0\x90\x3c\x50\1\x3c\x40\0", 16 * (2000 - number) - 8) for number in range(2000)]
HOSTILE = {
    "tempos and time signatures": whole_file(
        b"".join(time_signature(1, 3 + index % 2, 2) + tempo(1, 100 + index % 7) for index in range(15_400)),
        drum_hits(list(range(0, 30_800, 480))) + b"\0\xff\x2f\0",
    ),
    "a note-on again and again": whole_file(MANY_ONS),
    "note-offs at the end": whole_file(MANY_ONS + MANY_OFFS),
    "note-offs on another track": whole_file(MANY_ONS, MANY_OFFS),
    "programs on every track": whole_file(
        *[track((0, program(n % 128)), *beat(1, channel=0)[:6]) for n in range(5000)]
    ),
    "tracks that swallow all others": HEADER + with_length(b"\0\x90\x3c\x50", 200_000) * 18_000,
    "tracks that are as long as the rest": HEADER + b"".join(NESTED),
    "chunks": HEADER + b"ABCD\0\0\0\0" * 30_000,
    "sysex": whole_file(b"\0\xf0" * 110_000),
    "empty sysex": whole_file(b"\0\xf0\0" * 10_000),
    "patterns": whole_file(*[drum_hits([0]) + b"\0\xff\x2f\0"] * 8000, file_type=2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_takes_work_in_proportion_to_the_size(name):
    def read_and_split() -> None:
        score = score_or_message(HOSTILE[name])
        if isinstance(score, Score):
            for sections in (score.split_on_meter_changes(), score.split_on_time_changes()):
                assert sum(len(section.notes) for section in sections) == len(score.pitch)

    assert len(HOSTILE[name]) <= midi.MAX_FILE_BYTES
    assert count_lines(read_and_split)[1] < 100 * len(HOSTILE[name])
