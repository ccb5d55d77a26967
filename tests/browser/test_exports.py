"""Files that a palette exports, read by other programs."""

from __future__ import annotations

import base64
import io
import zipfile

import mido
import numpy as np
import pretty_midi
import pytest
import soundfile

RATE = 44_100


def exported(audio_page, make: str, **changes: object) -> tuple[str, bytes]:
    """A download: its name and its bytes."""
    name, text = audio_page(
        f"""
        const {{ name, bytes }} = exports.{make}(palette.exported(given), helpers.clicks());
        return [name, bench.text(bytes)];
        """,
        **changes,
    )
    return name, base64.b64decode(text)


def test_pretty_midi_reads_a_cell_with_its_tempo_velocities_and_length(audio_page):
    name, data = exported(audio_page, "cellMidi", puck=[1, 0.5], qpm=173)
    score = pretty_midi.PrettyMIDI(io.BytesIO(data))
    assert name == "r02_c03.mid"
    (drums,) = score.instruments
    assert drums.is_drum
    step = 60 / 173 / 4
    assert [round(note.start / step) for note in drums.notes] == [2, 10, 18, 26]
    assert np.allclose([note.start for note in drums.notes], np.array([2, 10, 18, 26]) * step, atol=1e-4)
    assert {note.pitch for note in drums.notes} == {36}
    assert [note.velocity for note in drums.notes] == [80, 80, 80, 80]
    assert score.get_tempo_changes()[1] == pytest.approx([173], rel=1e-5)
    assert [(change.numerator, change.denominator) for change in score.time_signature_changes] == [(4, 4)]


def test_mido_finds_the_markers_and_the_end_of_a_path_exactly_on_its_bar_lines(audio_page):
    _, data = exported(audio_page, "pathMidi", bars_per_cell=4, path_mode="ping-pong", points=[[0, 0], [1, 0]])
    score = mido.MidiFile(file=io.BytesIO(data), charset="utf-8")
    assert (score.type, score.ticks_per_beat, len(score.tracks)) == (1, 480, 2)
    lengths = [sum(message.time for message in track) for track in score.tracks]
    assert lengths == [4 * 4 * 4 * 480] * 2
    markers, now = [], 0
    for message in score.tracks[0]:
        now += message.time
        if message.type == "marker":
            markers.append((now, message.text))
    assert [tick for tick, _ in markers] == [turn * 4 * 4 * 480 for turn in range(4)]
    assert markers[0][1] == "r1 c1 - A 1.00 B .00 C .00 D .00"
    assert markers[3][1] == "r1 c2 - A .50 B .50 C .00 D .00"
    assert {message.channel for track in score.tracks for message in track if message.type == "note_on"} == {9}


def test_soundfile_reads_a_cell_of_exactly_one_loop(audio_page):
    for qpm in (60, 120, 173):
        _, data = exported(audio_page, "cellWav", qpm=qpm)
        sound, rate = soundfile.read(io.BytesIO(data))
        assert rate == RATE
        assert sound.shape == (round(32 * 60 / qpm / 4 * RATE), 2)
        assert np.abs(sound).max() > 0.1


def test_a_path_with_cue_points_is_plain_sixteen_bit_stereo_to_libsndfile(audio_page):
    _, data = exported(audio_page, "pathWav", bars_per_cell=1, qpm=120)
    with soundfile.SoundFile(io.BytesIO(data)) as sound:
        assert (sound.format, sound.subtype, sound.samplerate, sound.channels) == ("WAV", "PCM_16", RATE, 2)
        assert sound.frames >= 5 * 2 * RATE
    assert data.count(b"labl") == 5
    assert b"r1 c1 - A 1.00" in data


def test_zipfile_opens_the_grid_and_every_file_in_it_is_music(audio_page):
    name, data = exported(audio_page, "gridZip")
    assert name == "palette_3x3.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"r{row:02}_c{col:02}.mid" for row in (1, 2, 3) for col in (1, 2, 3)]
        for file in archive.namelist():
            score = pretty_midi.PrettyMIDI(io.BytesIO(archive.read(file)))
            assert len(score.instruments[0].notes) == 4
