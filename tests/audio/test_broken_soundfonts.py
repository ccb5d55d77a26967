"""SoundFonts whose amounts, headers and layers cannot be: bounded work, finite samples, and silence with its reason."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from latentpalette.audio import synth
from latentpalette.audio.engines import fluidsynth
from latentpalette.audio.kit import kit_of
from latentpalette.audio.soundfont.file import read_soundfont
from latentpalette.audio.soundfont.zones import MAX_ZONES, Generator, find_zones
from latentpalette.errors import SoundError
from latentpalette.music.drums import REDUCED
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream
from tests.audio import soundfont_files

WAVE = soundfont_files.sine()
TUNE = NoteSequence([Note(60 + at, 4 * at, 4, 100) for at in range(6)], 24)
KEYS = 43
MODE, SAMPLE = (54, 1), (53, 0)  # looped; the first sample


def instrument(*zones):
    """The tables of an instrument of zones, each a list of generators (number, amount), for both presets."""
    generators = [generator for zone in zones for generator in (*zone, MODE, SAMPLE)]
    starts = np.cumsum([0, *(len(zone) + 2 for zone in zones)])
    last = len(generators)
    return {
        b"inst": b"".join(struct.pack("<20sH", b"i", at) for at in (0, len(zones), 2 * len(zones))),
        b"ibag": b"".join(struct.pack("<HH", start, 0) for start in [*starts[:-1], *(starts + last)]),
        b"igen": b"".join(struct.pack("<Hh", *generator) for generator in [*generators, *generators, (0, 0)]),
    }


def header(*, rate=22_050, loop=(50, 11_024), kind=1):
    row = struct.pack("<20sIIIIIBbHH", b"sine", 0, len(WAVE), *loop, rate, 69, 0, 0, kind)
    return {b"shdr": row + bytes(46)}


@pytest.fixture
def write(tmp_path):
    def write(tables=(), *, wave=WAVE, **options):
        content = soundfont_files.tables(len(WAVE), **options) | dict(tables)
        return soundfont_files.write(tmp_path / "font.sf2", soundfont_files.pack(wave, content))

    return write


@pytest.mark.parametrize("amount", [32_767, -32_768])
@pytest.mark.parametrize("generator", sorted({*range(61)} - {41, 53, 54}))
def test_any_amount_of_any_generator_makes_a_finite_sound_or_a_reason(write, engine, generator, amount):
    path = write(instrument([(generator, amount)]))
    try:
        sound = synth.render(TUNE, soundfont=path, engine=engine)
    except SoundError as error:
        reason = str(error)
    else:
        reason = ""
        assert np.isfinite(sound.samples).all()
        assert 0 < np.abs(sound.samples).max() < 1
    assert not reason or "font.sf2 plays " in reason


def test_amounts_are_clamped_to_the_ranges_of_the_specification(write):
    names = ("CUTOFF", "PAN", "ATTACK", "DELAY", "SUSTAIN", "ATTENUATION", "COARSE_TUNE", "FINE_TUNE", "SCALE", "KEY")
    generators = [Generator[name] for name in names]
    for amount, expected in (
        (32_767, (13_500, 500, 8_000, 5_000, 1_440, 1_440, 120, 99, 1_200, 127)),
        (-32_768, (1_500, -500, -12_000, -12_000, 0, 0, -120, -99, 0, -1)),
    ):
        font = read_soundfont(write(instrument([(generator, amount) for generator in generators])))
        (zone,) = find_zones(font, 0, 0, 60, 100)
        assert tuple(zone[generator] for generator in generators) == expected


def test_a_preset_can_add_no_more_than_the_range(write):
    presets = b"".join(struct.pack("<Hh", kind, amount) for kind, amount in [(48, 1_000), (41, 0), (41, 1), (0, 0)])
    bags = b"".join(struct.pack("<HH", at, 0) for at in (0, 2, 3))
    font = read_soundfont(write(instrument([(48, 1_000)]) | {b"pgen": presets, b"pbag": bags}))
    assert find_zones(font, 0, 0, 60, 100)[0][Generator.ATTENUATION] == 1_440


@pytest.mark.parametrize(
    "changes",
    [
        header(rate=0),
        header(rate=2**32 - 1),
        header(loop=(5_000, 50)),
        header(loop=(50, 50)),
        header(loop=(4_000_000_000, 4_100_000_000)),
        header(rate=192_000, loop=(50, 52)) | instrument([(51, 120), (56, 1_200)]),
    ],
)
def test_impossible_headers_make_a_finite_sound(write, changes):
    samples = synth.render(TUNE, soundfont=write(changes)).samples
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() < 1


def test_what_would_keep_fluidsynth_busy_for_ever_is_played_by_our_own_player(write, missing):
    if reason := fluidsynth.unavailable_reason():
        missing(reason)
    path = write(header(rate=2**32 - 1, loop=(50, 52)))
    assert synth.render(TUNE, soundfont=path).engine == "soundfont-player"
    (drums,) = kit_of([Stream.drums(REDUCED)], soundfont=path).streams
    assert drums.engine == "soundfont-player"
    with pytest.raises(SoundError, match=r"font\.sf2 is broken .* Use engine='soundfont-player'"):
        synth.render(TUNE, soundfont=path, engine="fluidsynth")


def test_thousands_of_layers_of_one_note_are_cut_to_sixty_four(write):
    path = write(instrument(*[[(17, at % 500)] for at in range(5_000)]))
    assert len(find_zones(read_soundfont(path), 0, 0, 60, 100)) == MAX_ZONES
    sound = synth.render(TUNE, soundfont=path)
    assert sound.engine == "soundfont-player"
    assert sound.samples.any()


# --- silence --------------------------------------------------------------------------------------


def keys(low, high):
    return (KEYS, high << 8 | low)


def test_an_instrument_without_a_sound_for_any_note_is_an_error_that_names_it(write, engine):
    path = write(instrument([keys(0, 20)]))
    with pytest.raises(
        SoundError, match=r"font\.sf2 plays none of the notes: program 0 \(part\) is silent\. Name another"
    ):
        synth.render(TUNE, soundfont=path, engine=engine)


def test_samples_of_zeros_are_silence(write, engine):
    with pytest.raises(SoundError, match=r"plays none of the notes: program 0 .* the drums .* are silent"):
        synth.render(
            NoteSequence([Note(60, 0), Note(36, 0, is_drum=True)], 16),
            soundfont=write(wave=np.zeros_like(WAVE)),
            engine=engine,
        )


def test_samples_in_the_memory_of_a_sound_card_are_silence(write):
    with pytest.raises(SoundError, match="plays none of the notes"):
        synth.render(TUNE, soundfont=write(header(kind=0x8001)), engine="soundfont-player")


def test_notes_without_a_sound_are_listed_and_the_rest_plays(write, engine, tmp_path):
    sound = synth.render(TUNE, soundfont=write(instrument([keys(0, 62)])), engine=engine)
    assert sound.left_out == ("font.sf2: program 0 (part) has no sound for pitches 63, 64, 65",)
    assert "left out: font.sf2: program 0 (part) has no sound" in repr(sound)
    assert "has no sound for pitches 63, 64, 65" in sound._repr_html_()
    assert sound.samples.any()
    with pytest.warns(UserWarning, match=r"has no sound for pitches 63, 64, 65; these notes are silent\."):
        sound.save(tmp_path / "tune.wav")


def test_a_font_that_has_everything_leaves_nothing_out(engine, soundfont):
    sound = synth.render(TUNE, engine=engine, soundfont=soundfont)
    assert sound.left_out == ()
    assert "left out" not in repr(sound)


def test_silent_music_is_no_fault_of_the_font(write, engine):
    assert not synth.render(NoteSequence(steps=16), soundfont=write(), engine=engine).samples.any()


def test_a_drum_that_the_kit_lacks_is_silent_in_a_kit(soundfont):
    sound = synth.render(NoteSequence([Note(36, 0, is_drum=True), Note(120, 4, is_drum=True)], 16), soundfont=soundfont)
    assert sound.left_out == ("TimGM6mb.sf2: the drums (Standard) have no sound for pitch 120",)


# --- paths ----------------------------------------------------------------------------------------


def test_a_tilde_is_the_home_folder_in_the_argument_and_in_the_variable(write, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write()
    assert synth.render(TUNE, soundfont="~/font.sf2").soundfont == "font.sf2"
    monkeypatch.setenv("LATENTPALETTE_SOUNDFONT", "~/font.sf2")
    assert synth.render(TUNE).soundfont == "font.sf2"


def test_a_folder_and_a_missing_file_name_the_fonts_that_are_there(write, tmp_path):
    write()
    with pytest.raises(SoundError, match=r"is a folder\. Name the SoundFont in it: font\.sf2\."):
        synth.render(TUNE, soundfont=tmp_path)
    with pytest.raises(SoundError, match=r"fond\.sf2 cannot be read .* no such file\. Did you mean 'font\.sf2'\?"):
        synth.render(TUNE, soundfont=tmp_path / "fond.sf2")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SoundError, match=r"is a folder without a SoundFont in it"):
        synth.render(TUNE, soundfont=tmp_path / "empty")


@pytest.mark.parametrize("value", [3, b"font.sf2", "a\0b"])
def test_what_is_no_path_is_refused_in_words(value):
    with pytest.raises(SoundError, match=r"got .*A SoundFont is a file that ends in \.sf2 or \.sf3"):
        synth.render(TUNE, soundfont=value)


def test_a_compressed_sample_that_cannot_be_read_says_so(write):
    with pytest.raises(SoundError, match=r"font\.sf2 has a compressed sample that cannot be read \(.+\)\. Download"):
        synth.render(TUNE, soundfont=write(header(kind=0x11)), engine="soundfont-player")
    with pytest.raises(SoundError) as caught:
        synth.render(TUNE, soundfont=write(header(kind=0x11)), engine="soundfont-player")
    assert " object at " not in str(caught.value)


def test_ten_million_steps_at_one_quarter_note_a_minute_are_refused_at_once(soundfont):
    with pytest.raises(SoundError, match=r"lasts .* minutes; 30 can be rendered"):
        synth.render(NoteSequence(steps=10_000_000, qpm=10), soundfont=soundfont)
