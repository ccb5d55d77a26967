"""The reasons why something is left out are true, and what a file holds that could not be read is among them."""

import pytest

from latentpalette.converters import find_windows, make_converter
from latentpalette.models.inputs import find_excerpts
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from tests.music.midi_files import beat, meta, note_off, note_on, program, tempo, track, whole_file

DRUM_MODELS = [make_converter("drums"), make_converter("groove"), make_converter("drum-pianoroll")]
CONVERTERS = [
    *DRUM_MODELS,
    make_converter("melody"),
    make_converter("trio", steps=32),
    make_converter("performance"),
]
WALTZ = (
    "are in 3/4; a bar must have 16 sixteenths: to read them all the same, across their bar lines, set the time "
    "signature to 4/4 in a MIDI editor"
)
NAMES = [type(converter).__name__ for converter in CONVERTERS]


def meter(numerator: int, power: int = 2) -> bytes:
    return meta(0x58, bytes([numerator, power, 24, 8]))


def reasons_of(data: bytes, converter) -> list[str]:
    return [str(reason) for reason in find_windows(data, converter).left_out]


def band(bars: int) -> list[tuple[int, bytes]]:
    """Return the events of a melody, a bass and drums."""
    events = [(0, program(33, channel=1)), *beat(bars)]
    for bar in range(bars):
        for channel, pitch in ((0, 60 + bar), (1, 36 + bar)):
            events += [
                (1920 * bar, note_on(pitch, channel=channel)),
                (1920 * bar + 1900, note_off(pitch, channel=channel)),
            ]
    return events


@pytest.mark.parametrize("converter", DRUM_MODELS, ids=NAMES[:3])
def test_drums_in_another_meter_are_not_reported_as_missing(converter):
    assert reasons_of(whole_file(track((0, meter(3)), *beat(3))), converter) == [f"bars 1 to 4 {WALTZ}"]


@pytest.mark.parametrize("converter", DRUM_MODELS, ids=NAMES[:3])
def test_bars_without_drums_are_named_where_the_drums_are_in_another_meter(converter):
    guitar = [(0, note_on(60)), (7000, note_off(60))]
    drums = [(7680 + tick, event) for tick, event in beat(3)]
    assert reasons_of(whole_file(track((7680, meter(3)), *guitar, *drums)), converter) == [
        "bars 1 to 4 are without drums",
        f"bars 5 to 8 {WALTZ}",
    ]


@pytest.mark.parametrize("converter", DRUM_MODELS[:2], ids=NAMES[:2])
def test_drums_without_a_class_are_not_reported_as_missing(converter):
    shaker = [event for tick in range(0, 3840, 480) for event in ((tick, b"\x99\x14\x64"), (tick + 60, b"\x89\x14\0"))]
    (reason,) = reasons_of(whole_file(track(*shaker)), converter)
    assert reason.startswith("8 hits on drums the model has no class for: 20")


@pytest.mark.parametrize("converter", CONVERTERS, ids=NAMES)
def test_a_bar_in_which_the_meter_changes_is_left_out_with_its_number(converter):
    # Four bars of 4/4, half a bar, and four bars again, in 2/2.
    events = [(tick if tick < 7680 else tick + 960, event) for tick, event in band(8)]
    windows = find_windows(whole_file(track((8640, meter(2, 1)), *events)), converter)
    bars = {bar for window in windows for bar in range(window.bar, window.bar + window.bars)}
    assert bars == {1, 2, 3, 4, 6, 7, 8, 9}
    assert "bar 5 would be cut short: the time signature changes inside; move the change to a bar line" in map(
        str, windows.left_out
    )


@pytest.mark.parametrize("converter", CONVERTERS, ids=NAMES)
def test_what_was_skipped_of_a_file_is_among_the_reasons(converter):
    events = [(0, meta(0x51, bytes(3))), (2000, meter(0)), *band(3)]
    windows = find_windows(whole_file(track(*events)), converter)
    assert len(windows) > 0
    assert [str(reason) for reason in windows.left_out][:2] == [
        "impossible tempos are ignored: 0 (bar 1)",
        "impossible time signatures are ignored: 0/4 (bar 2)",
    ]


def test_what_was_skipped_is_reported_of_a_whole_piece_that_is_one_window():
    second_bar = [(1920 + tick, event) for tick, event in beat(1)]
    data = whole_file(track((0, meta(0x51, bytes(3))), *second_bar))
    excerpts = find_excerpts(data, make_converter("drums"))
    assert [window.bar_range for window in excerpts] == ["bars 1 and 2"]
    assert [str(reason) for reason in excerpts.left_out] == ["impossible tempos are ignored: 0 (bar 1)"]


@pytest.mark.parametrize("converter", CONVERTERS[:5], ids=NAMES[:5])
def test_a_window_has_the_tempo_where_its_music_begins(converter):
    conductor = b"".join((tempo(0, 120), tempo(1, 90), b"\0\xff\x2f\0"))
    late = [(tick + 480, event) for tick, event in band(3)]
    windows = find_windows(whole_file(conductor, track(*late)), converter)
    assert round(windows[0].qpm) == 90


@pytest.mark.parametrize("converter", CONVERTERS, ids=NAMES)
def test_compatible_with_magenta_a_file_is_read_by_its_rules(converter):
    waltz_elsewhere = whole_file(track((0, note_on(60)), (60, note_off(60))), track((0, meter(3)), *band(3)))
    assert len(find_windows(waltz_elsewhere, converter)) == 0
    compatible = find_windows(waltz_elsewhere, converter, magenta_compatible=True)
    expected = find_windows(
        midi.read_score(waltz_elsewhere, magenta_compatible=True), converter, magenta_compatible=True
    )
    assert list(compatible) == list(expected)
    assert not any("3/4" in str(reason) for reason in compatible.left_out)


def test_silence_has_no_notes():
    assert [str(reason) for reason in find_windows(NoteSequence(steps=32), make_converter("groove")).left_out] == [
        "there are no notes"
    ]
