"""System exclusive events of GS and XG choose the channels that are drums."""

from __future__ import annotations

import pytest

from latentpalette.music import midi
from latentpalette.music.midi_rewrite import replace_drum_notes
from latentpalette.music.rhythm_parts import find_rhythm_parts
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.tolerant_file import parse_tolerantly
from tests.music.midi_files import meta, note_off, note_on, track, whole_file


def sysex(data: str, *, with_length: bool = True) -> bytes:
    content = bytes.fromhex(data) + b"\xf7"
    return b"\xf0" + (bytes([len(content)]) if with_length else b"") + content


def gs(part: int, value: int) -> bytes:
    """Roland's "use for rhythm part"."""
    return sysex(f"41 10 42 12 40 {0x10 | part:02x} 15 {value:02x} 00")


def xg(channel: int, mode: int) -> bytes:
    """Yamaha's part mode."""
    return sysex(f"43 10 4c 08 {channel:02x} 07 {mode:02x}")


GS_RESET, XG_RESET, GM_RESET = sysex("41 10 42 12 40 00 7f 00 41"), sysex("43 10 4c 00 00 7e 00"), sysex("7e 7f 09 01")


def drums_of(*events: tuple[int, bytes], ticks: tuple[int, ...] = (480,)) -> set[tuple[int, int]]:
    """Return the channels (from 0) and ticks of drums among notes on every channel."""
    notes = [(tick, note_on(40, channel=channel)) for tick in ticks for channel in range(16)]
    offs = [(tick + 60, note_off(40, channel=channel)) for tick in ticks for channel in range(16)]
    score = midi.read_score(whole_file(track(*events), track(*notes, *offs)))
    origins = [score.track_origins[number] for number in score.track[score.is_drum].tolist()]
    starts = (score.start[score.is_drum] * 120).astype(int).tolist()
    return {(origin.channel, start) for origin, start in zip(origins, starts, strict=True)}


@pytest.mark.parametrize("value", [1, 2])
@pytest.mark.parametrize("part", range(16))
def test_a_part_of_gs_is_made_drums(part, value):
    channel = 9 if part == 0 else part - 1 if part < 10 else part
    assert drums_of((0, gs(part, value))) == {(9, 480), (channel, 480)}


@pytest.mark.parametrize("mode", [1, 2, 3, 5])
@pytest.mark.parametrize("channel", range(16))
def test_a_part_of_xg_is_made_drums(channel, mode):
    assert drums_of((0, xg(channel, mode))) == {(9, 480), (channel, 480)}


@pytest.mark.parametrize("event", [gs(0, 0), xg(9, 0)])
def test_channel_10_is_made_melodic(event):
    assert drums_of((0, event)) == set()


@pytest.mark.parametrize("reset", [GS_RESET, XG_RESET, GM_RESET, sysex("41 10 42 12 00 00 7f 01 00")])
def test_a_reset_restores_the_channels(reset):
    assert drums_of((0, gs(0, 0)), (0, gs(3, 1)), (0, xg(4, 1)), (480, reset)) == {(9, 480)}
    assert drums_of((0, reset), (0, gs(3, 1))) == {(9, 480), (2, 480)}


def test_an_event_holds_from_where_it_is():
    found = drums_of((480, gs(1, 1)), (960, gs(1, 0)), (481, gs(0, 0)), (961, gs(0, 1)), ticks=(0, 480, 960, 1440))
    assert found == {(9, 0), (9, 480), (9, 1440), (0, 480)}


def test_a_bank_of_drum_kits_stays_one_where_the_part_is_melodic():
    assert drums_of((0, xg(9, 0)), (0, b"\xb9\x00\x7f"), (0, gs(3, 0)), (0, b"\xb2\x00\x78")) == {(9, 480), (2, 480)}


def test_a_port_has_its_own_parts():
    score = midi.read_score(
        whole_file(
            track((0, meta(0x21, b"\1")), (0, gs(1, 1)), (0, note_on(40)), (60, note_off(40))),
            track((0, note_on(52)), (60, note_off(52))),
        )
    )
    assert (score.pitch.tolist(), score.is_drum.tolist()) == ([40, 52], [True, False])


@pytest.mark.parametrize(
    "data",
    ["41 10 42 12 40 11 15 03", "41 10 42 12 40 21 15 01", "41 10 42 11 40 11 15 01", "41 10 42 12 40 11 15",
     "43 10 4c 08 10 07 01", "43 10 4c 08 03 08 01", "43 10 4c 08 03 07", "7e 7f 06 01", "41", ""],
)  # fmt: skip
def test_other_events_change_nothing(data):
    assert drums_of((0, sysex(data))) == {(9, 480)}


def test_an_event_without_its_length_is_read():
    event = sysex("41 10 42 12 40 13 15 01 00", with_length=False)
    assert find_rhythm_parts(parse_tolerantly(whole_file(track((0, event)))).tracks).is_drum(2, 0)


def test_the_pitched_notes_of_a_channel_that_becomes_drums_stay_when_its_drums_are_replaced():
    piano = [(0, note_on(60)), (480, note_off(60))]
    beat = [(960, note_on(36)), (1020, note_off(36)), (1440, note_on(60)), (1500, note_off(60))]
    data = whole_file(track(*piano, (900, gs(1, 1)), *beat, end=1920))
    loud = NoteSequence.from_steps({36: [8]}, steps=16, velocity=127)
    score = midi.read_score(replace_drum_notes(data, loud))
    assert score.pitch.tolist() == [60, 36]
    assert score.is_drum.tolist() == [False, True]
    assert score.velocity.tolist() == [100, 127]
    assert score.end.tolist()[0] == 4
