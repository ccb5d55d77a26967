from __future__ import annotations

import numpy as np
import pytest

from latentpalette.audio import synth
from latentpalette.audio.kit import BYTES_PER_DRUM, VELOCITY, drum_kit
from latentpalette.errors import SoundError
from latentpalette.music.drums import FULL, REDUCED, ROLAND
from latentpalette.music.sequence import Note, NoteSequence
from tests.audio import fonts


def strike(pitch, *, engine, font, velocity=VELOCITY):
    return synth.render(NoteSequence([Note(pitch, 0, velocity=velocity, is_drum=True)], 16), engine=engine, soundfont=font)


def unpacked(kit):
    data, index = kit.packed()
    samples = np.frombuffer(data, "<i2")
    return [
        samples[place["start"] : place["start"] + place["length"]] / 32_767 * place["gain"] for place in index
    ], index


def played(kit, drum, velocity):
    """A hit as the browser mixes it: [2, n]."""
    mono, angle = kit.samples[drum], (kit.pans[drum] + 1) * np.pi / 4
    return (velocity / 127) ** 2 * np.stack([np.cos(angle) * mono, np.sin(angle) * mono])


def test_it_has_a_sound_for_each_drum_of_the_map(engine, font):
    kit = drum_kit(engine=engine, soundfont=font)
    assert kit.names == REDUCED.names
    assert kit.pitches == REDUCED.exemplars
    assert all(len(samples) > 100 and np.abs(samples).max() > 0.01 for samples in kit.samples)
    assert (kit.engine, kit.soundfont, kit.rate) == (engine, "TimGM6mb.sf2", 44_100)


def test_packed_it_is_small(engine, font):
    data, _ = drum_kit(engine=engine, soundfont=font).packed()
    assert 100_000 < len(data) <= 9 * BYTES_PER_DRUM < 450_000


def test_unpacked_it_is_what_it_was(engine, font):
    kit = drum_kit(engine=engine, soundfont=font)
    for got, want in zip(unpacked(kit)[0], kit.samples, strict=True):
        assert np.allclose(got, want, atol=np.abs(want).max() / 30_000)


def test_the_index_tells_where_each_drum_lies(font):
    kit = drum_kit(soundfont=font)
    data, index = kit.packed()
    ends = [place["start"] + place["length"] for place in index]
    assert [place["start"] for place in index] == [0, *ends[:-1]]
    assert len(data) == 2 * ends[-1]
    assert [(place["name"], place["pitch"]) for place in index] == list(zip(kit.names, kit.pitches, strict=True))
    assert set(index[0]) == {"name", "pitch", "start", "length", "pan", "gain"}


def test_each_drum_is_as_loud_and_as_far_to_the_side_as_the_synthesiser_plays_it(engine, font):
    kit = drum_kit(engine=engine, soundfont=font)
    for drum, pitch in enumerate(kit.pitches):
        here = np.sqrt(np.sum(played(kit, drum, VELOCITY) ** 2, axis=1))
        there = np.sqrt(np.sum(strike(pitch, engine=engine, font=font).samples ** 2, axis=1))
        # What a drum loses by being faded out is a few hundredths of it.
        assert here == pytest.approx(there, rel=0.1, abs=0.02), kit.names[drum]


def test_a_drum_begins_at_once_and_ends_in_silence(engine, font):
    for samples in drum_kit(engine=engine, soundfont=font).samples:
        peak = np.abs(samples).max()
        assert np.argmax(np.abs(samples) > peak * 0.01) < 120  # 2.7 ms
        assert abs(samples[0]) < 0.02 * peak
        assert abs(samples[-1]) < 1e-4 * peak
        assert np.abs(samples[-8:]).max() < 0.003 * peak


def test_cymbals_ring_longer_than_drums(font):
    lengths = dict(zip(REDUCED.names, map(len, drum_kit(soundfont=font).samples), strict=True))
    assert lengths["crash"] > 44_100 > lengths["low tom"] > lengths["kick"]


def test_hats_stand_to_the_right_and_the_kick_in_the_middle(font):
    pans = dict(zip(REDUCED.names, drum_kit(soundfont=font).pans, strict=True))
    assert pans["closed hat"] > 0.2
    assert abs(pans["kick"]) < 0.05


def test_other_maps_have_their_own_kits(font):
    assert drum_kit(ROLAND, soundfont=font).pitches == ROLAND.exemplars
    assert len(drum_kit(FULL, soundfont=font)) == 61


def test_it_is_rendered_once(font):
    assert drum_kit(soundfont=font) is drum_kit(soundfont=font)


def test_a_drum_that_the_font_lacks_is_silent_but_a_font_without_any_is_an_error(tmp_path):
    with pytest.raises(SoundError, match="has no drums"):
        drum_kit(soundfont=fonts.write(tmp_path / "piano.sf2", fonts.font(drums=False)))


def test_its_repr_is_the_same_everywhere(font):
    assert repr(drum_kit(soundfont=font, engine="soundfont-player")).startswith("Kit(9 drums, 4")
    assert "/" not in repr(drum_kit(soundfont=font))
