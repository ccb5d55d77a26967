from __future__ import annotations

import numpy as np
import pytest

from latentpalette.audio import synth
from latentpalette.audio.kit import BYTES_PER_DRUM, VELOCITY, drum_kit
from latentpalette.errors import SoundError
from latentpalette.music.drums import FULL, REDUCED, ROLAND
from latentpalette.music.sequence import Note, NoteSequence
from tests.audio import soundfont_files


def render_hit(pitch, *, engine, soundfont, velocity=VELOCITY):
    return synth.render(
        NoteSequence([Note(pitch, 0, velocity=velocity, is_drum=True)], 16),
        engine=engine,
        soundfont=soundfont,
        loudness=None,
    )


def unpack(kit):
    data, index = kit.packed()
    samples = np.frombuffer(data, "<i2")
    return [
        samples[region["start"] : region["start"] + region["length"]] / 32_767 * region["gain"] for region in index
    ], index


def mix_hit(kit, drum, velocity):
    """Mix a hit as the browser does: [2, n]."""
    mono, angle = kit.samples[drum], (kit.pans[drum] + 1) * np.pi / 4
    return (velocity / 127) ** 2 * np.stack([np.cos(angle) * mono, np.sin(angle) * mono])


def test_a_kit_has_a_sound_for_each_drum_of_the_map(engine, soundfont):
    kit = drum_kit(engine=engine, soundfont=soundfont)
    assert kit.names == REDUCED.names
    assert kit.pitches == REDUCED.exemplars
    assert all(len(samples) > 100 and np.abs(samples).max() > 0.01 for samples in kit.samples)
    assert (kit.engine, kit.soundfont, kit.rate) == (engine, "TimGM6mb.sf2", 44_100)


def test_a_packed_kit_is_small(engine, soundfont):
    data, _ = drum_kit(engine=engine, soundfont=soundfont).packed()
    assert 100_000 < len(data) <= 9 * BYTES_PER_DRUM < 450_000


def test_unpacking_gives_the_same_samples(engine, soundfont):
    kit = drum_kit(engine=engine, soundfont=soundfont)
    for unpacked, samples in zip(unpack(kit)[0], kit.samples, strict=True):
        assert np.allclose(unpacked, samples, atol=np.abs(samples).max() / 30_000)


def test_the_index_has_the_region_of_each_drum(soundfont):
    kit = drum_kit(soundfont=soundfont)
    data, index = kit.packed()
    ends = [region["start"] + region["length"] for region in index]
    assert [region["start"] for region in index] == [0, *ends[:-1]]
    assert len(data) == 2 * ends[-1]
    assert [(region["name"], region["pitch"]) for region in index] == list(zip(kit.names, kit.pitches, strict=True))
    assert set(index[0]) == {"name", "pitch", "start", "length", "pan", "gain"}


def test_each_drum_has_the_loudness_and_pan_of_the_engine(engine, soundfont):
    kit = drum_kit(engine=engine, soundfont=soundfont)
    for drum, pitch in enumerate(kit.pitches):
        in_kit = np.sqrt(np.sum(mix_hit(kit, drum, VELOCITY) ** 2, axis=1))
        rendered = np.sqrt(np.sum(render_hit(pitch, engine=engine, soundfont=soundfont).samples ** 2, axis=1))
        # Fading out changes the level by a few percent.
        assert in_kit == pytest.approx(rendered, rel=0.1, abs=0.02), kit.names[drum]


def test_a_drum_starts_immediately_and_ends_in_silence(engine, soundfont):
    for samples in drum_kit(engine=engine, soundfont=soundfont).samples:
        peak = np.abs(samples).max()
        assert np.argmax(np.abs(samples) > peak * 0.01) < 120  # 2.7 ms
        assert abs(samples[0]) < 0.02 * peak
        assert abs(samples[-1]) < 1e-4 * peak
        assert np.abs(samples[-8:]).max() < 0.003 * peak


def test_cymbals_ring_longer_than_drums(soundfont):
    lengths = dict(zip(REDUCED.names, map(len, drum_kit(soundfont=soundfont).samples), strict=True))
    assert lengths["crash"] > 44_100 > lengths["low tom"] > lengths["kick"]


def test_hats_are_panned_right_and_the_kick_is_in_the_middle(soundfont):
    pans = dict(zip(REDUCED.names, drum_kit(soundfont=soundfont).pans, strict=True))
    assert pans["closed hat"] > 0.2
    assert abs(pans["kick"]) < 0.05


def test_other_maps_have_their_own_kits(soundfont):
    assert drum_kit(ROLAND, soundfont=soundfont).pitches == ROLAND.exemplars
    assert len(drum_kit(FULL, soundfont=soundfont)) == 61


def test_a_kit_is_rendered_once(soundfont):
    assert drum_kit(soundfont=soundfont) is drum_kit(soundfont=soundfont)


def test_a_drum_that_the_soundfont_lacks_is_silent_but_a_soundfont_without_any_is_an_error(tmp_path):
    with pytest.raises(SoundError, match="has no drums"):
        drum_kit(soundfont=soundfont_files.write(tmp_path / "piano.sf2", soundfont_files.soundfont_bytes(drums=False)))


def test_the_repr_names_no_directory(soundfont):
    assert repr(drum_kit(soundfont=soundfont, engine="soundfont-player")).startswith("Kit(9 drums, 4")
    assert "/" not in repr(drum_kit(soundfont=soundfont))
