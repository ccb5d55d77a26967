from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from latentpalette.audio import kit, kit_file, synth
from latentpalette.audio.drum_sounds import BYTES_PER_DRUM
from latentpalette.audio.kit import MAX_BYTES, kit_of
from latentpalette.audio.kit_file import MARKER_START, marker
from latentpalette.audio.sampled_sound import VELOCITY
from latentpalette.errors import SoundError
from latentpalette.music.drums import FULL, REDUCED, ROLAND
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream
from tests.audio import soundfont_files

MELODY = Stream("melody", program=0, low=21, high=108)


def drums_of(drum_map=REDUCED, **settings):
    (drums,) = kit_of([Stream.drums(drum_map)], **settings).streams
    return drums


def render_hit(pitch, *, engine, soundfont, velocity=VELOCITY):
    return synth.render(
        NoteSequence([Note(pitch, 0, velocity=velocity, is_drum=True)], 16),
        engine=engine,
        soundfont=soundfont,
        loudness=None,
    )


def files_of(data):
    count = int(np.frombuffer(data, "<u4", 1)[0])
    lengths = np.frombuffer(data, "<u4", count, 4).tolist()
    starts = np.cumsum([4 + 4 * count, *lengths])
    assert starts[-1] == len(data)
    return [data[start : start + length] for start, length in zip(starts, lengths, strict=False)]


def read_file(file):
    """The samples of a file at the kit's rate, as a browser decodes them."""
    samples, rate = soundfile.read(io.BytesIO(file), dtype="float32")
    assert rate in (22_050, 44_100)
    return samples if rate == 44_100 else 2 * np.fft.irfft(np.fft.rfft(samples.astype(float)), 2 * len(samples))


def unpack(kit, **settings):
    """The samples of each sound, as a browser reads them."""
    data, index = kit.packed(**settings)
    files = [aligned(read_file(file)) for file in files_of(data)]
    return [
        files[entry["stream"]][entry["start"] : entry["start"] + entry["length"]] * entry["gain"] for entry in index
    ], index


def aligned(samples):
    """Without what a decoder puts before the marker."""
    products = np.correlate(samples[: MARKER_START + 8192], marker(), "valid")
    return samples[int(np.argmax(products)) - MARKER_START :]


def mix_hit(sound, velocity):
    """Mix a hit as the browser does: [2, n]."""
    angle = (sound.pan + 1) * np.pi / 4
    return (velocity / 127) ** 2 * np.stack([np.cos(angle) * sound.samples, np.sin(angle) * sound.samples])


def test_a_kit_has_a_sound_for_each_drum_of_the_map(engine, soundfont):
    drums = drums_of(engine=engine, soundfont=soundfont)
    assert tuple(sound.name for sound in drums.sounds) == REDUCED.names
    assert tuple(sound.pitch for sound in drums.sounds) == REDUCED.exemplars
    assert all(len(sound.samples) > 100 and np.abs(sound.samples).max() > 0.01 for sound in drums.sounds)
    assert (drums.engine, drums.soundfont) == (engine, "TimGM6mb.sf2")


def test_a_packed_kit_is_small(soundfont):
    drums, melody = Stream.drums(REDUCED), MELODY
    assert len(kit_of([drums], soundfont=soundfont).packed()[0]) < 80_000
    assert 100_000 < len(kit_of([melody], soundfont=soundfont).packed()[0]) < 200_000
    assert len(kit_of([drums], soundfont=soundfont).packed(compressed=False)[0]) < 9 * BYTES_PER_DRUM + 50_000


@pytest.mark.parametrize("programs", [(0, 33), (48, 48)], ids=["piano and bass", "strings"])
def test_a_kit_of_three_streams_has_less_than_300_kilobytes(soundfont, programs):
    melody, bass = programs
    streams = [
        Stream("melody", program=melody, low=21, high=108),
        Stream("bass", program=bass, low=21, high=108, usual_high=72),
        Stream.drums(REDUCED),
    ]
    assert len(kit_of(streams, soundfont=soundfont).packed()[0]) <= MAX_BYTES + 16 < 300_000  # 16: their table


def test_a_kit_records_no_pitch_above_those_that_are_usual(soundfont):
    (bass,) = kit_of([Stream("bass", program=33, low=60, high=108, usual_high=66)], soundfont=soundfont).streams
    assert [sound.pitch for sound in bass.sounds] == [61, 64, 66]


def test_streams_share_the_room_of_a_kit(soundfont, monkeypatch):
    """Each has the quality that all have room for; alone it is better."""
    monkeypatch.setattr(kit, "MAX_BYTES", 90_000)
    melody, strings = (Stream("melody", program=program, low=48, high=84) for program in (0, 48))
    alone, together = (kit_of(streams, soundfont=soundfont) for streams in ([melody], [melody, strings]))
    (file,), (shared, _) = files_of(alone.packed()[0]), files_of(together.packed()[0])
    assert len(shared) < len(file) < 90_000


def test_a_sound_with_nothing_high_in_it_has_half_the_rate(soundfont):
    strings = Stream("melody", program=48, low=60, high=72)
    rates = [soundfile.info(io.BytesIO(file)).samplerate for file in files_of(kit_of([MELODY, strings]).packed()[0])]
    assert rates == [22_050, 44_100]


def test_unpacking_gives_the_same_samples(engine, soundfont):
    kit = kit_of([Stream.drums(REDUCED)], engine=engine, soundfont=soundfont)
    for unpacked, sound in zip(unpack(kit, compressed=False)[0], kit.streams[0].sounds, strict=True):
        assert np.allclose(unpacked, sound.samples, atol=np.abs(sound.samples).max() / 20_000)


@pytest.mark.parametrize(("stream", "least"), [(Stream.drums(REDUCED), 8), (MELODY, 20)])
def test_compression_keeps_level_place_and_attack(soundfont, stream, least):
    """What it adds is softer than the sound: cymbals are noise, of which an encoder keeps what can be heard."""
    kit = kit_of([stream], soundfont=soundfont)
    for unpacked, sound in zip(unpack(kit)[0], kit.streams[0].sounds, strict=True):
        for part in (slice(None), slice(0, 441)):  # all of it, and its first hundredth of a second
            power, error = np.sum(sound.samples[part] ** 2), np.sum((unpacked - sound.samples)[part] ** 2)
            assert 10 * np.log10(power / error) > least, sound.name
            assert 10 * np.log10(np.sum(unpacked[part] ** 2) / power) == pytest.approx(0, abs=0.7), sound.name


def test_where_no_mp3_can_be_made_the_kit_is_plain(soundfont, monkeypatch):
    monkeypatch.setattr(kit_file, "has_mp3", lambda: False)
    sounds = [sound.samples for sound in drums_of(soundfont=soundfont).sounds]
    data, _, _ = kit_file.encode_sounds(sounds, compression=0.5)
    assert data[:4] == b"RIFF"


def test_every_file_begins_with_the_marker_and_leaves_a_gap_between_sounds(soundfont):
    data, index = kit_of([Stream.drums(REDUCED)], soundfont=soundfont).packed(compressed=False)
    samples, rate = soundfile.read(io.BytesIO(files_of(data)[0]), dtype="float32")
    assert rate == 44_100
    assert np.allclose(samples[MARKER_START : MARKER_START + len(marker())], marker(), atol=1e-4)
    assert not samples[:MARKER_START].any()
    ends = [MARKER_START + len(marker()), *(entry["start"] + entry["length"] for entry in index)]
    for end, entry in zip(ends, index, strict=False):
        assert entry["start"] - end > 1000
        assert not samples[end : entry["start"]].any()


def test_the_index_names_each_sound_its_stream_and_what_is_held(soundfont):
    melody = Stream("melody", program=73, low=60, high=64)
    _, index = kit_of([melody, Stream.drums(REDUCED)], soundfont=soundfont).packed()
    assert [(entry["stream"], entry["pitch"]) for entry in index[:3]] == [(0, 61), (0, 64), (1, 36)]
    drum = {"name", "stream", "pitch", "start", "length", "pan", "gain"}
    assert set(index[2]) == drum
    assert set(index[0]) == drum | {"release", "loop_start", "decay"}


def test_each_drum_has_the_loudness_and_pan_of_the_engine(engine, soundfont):
    for sound in drums_of(engine=engine, soundfont=soundfont).sounds:
        in_kit = np.sqrt(np.sum(mix_hit(sound, VELOCITY) ** 2, axis=1))
        rendered = np.sqrt(np.sum(render_hit(sound.pitch, engine=engine, soundfont=soundfont).samples ** 2, axis=1))
        # Fading out changes the level by a few percent.
        assert in_kit == pytest.approx(rendered, rel=0.1, abs=0.02), sound.name


def test_a_drum_starts_immediately_and_ends_in_silence(engine, soundfont):
    for sound in drums_of(engine=engine, soundfont=soundfont).sounds:
        peak = np.abs(sound.samples).max()
        assert np.argmax(np.abs(sound.samples) > peak * 0.01) < 120  # 2.7 ms
        assert abs(sound.samples[0]) < 0.02 * peak
        assert abs(sound.samples[-1]) < 1e-4 * peak
        assert np.abs(sound.samples[-8:]).max() < 0.003 * peak


def test_cymbals_ring_longer_than_drums(soundfont):
    lengths = {sound.name: len(sound.samples) for sound in drums_of(soundfont=soundfont).sounds}
    assert lengths["crash"] > 44_100 > lengths["low tom"] > lengths["kick"]


def test_hats_are_panned_right_and_the_kick_is_in_the_middle(soundfont):
    pans = {sound.name: sound.pan for sound in drums_of(soundfont=soundfont).sounds}
    assert pans["closed hat"] > 0.2
    assert abs(pans["kick"]) < 0.05


def test_other_maps_have_their_own_kits(soundfont):
    assert tuple(sound.pitch for sound in drums_of(ROLAND, soundfont=soundfont).sounds) == ROLAND.exemplars
    assert len(kit_of([Stream.drums(FULL)], soundfont=soundfont)) == 61


def test_a_stream_is_rendered_once_whatever_else_is_in_the_kit(soundfont):
    drums = Stream.drums(REDUCED)
    alone, together = (kit_of(streams, soundfont=soundfont) for streams in ([drums], [drums, MELODY]))
    assert alone.streams[0] is together.streams[0]


def test_a_soundfont_without_drums_is_an_error(tmp_path):
    with pytest.raises(SoundError, match="has no drums"):
        drums_of(soundfont=soundfont_files.write(tmp_path / "piano.sf2", soundfont_files.soundfont_bytes(drums=False)))


def test_the_repr_names_no_directory(soundfont):
    kit = kit_of([Stream.drums(REDUCED)], soundfont=soundfont, engine="soundfont-player")
    assert repr(kit).startswith("Kit(9 sounds, ")
    assert "/" not in repr(kit)
