from __future__ import annotations

import base64
import io
import re
import sys
import wave

import numpy as np
import pytest
import soundfile

from latentpalette.audio import sound as module
from latentpalette.audio.sound import Sound
from latentpalette.errors import SoundError

RATE = 44_100


def beep(*, seconds=1.0, left=0.5, right=0.25, **made):
    time = np.arange(int(seconds * RATE)) / RATE
    wave_ = np.sin(2 * np.pi * 440 * time)
    return Sound(np.stack([left * wave_, right * wave_]).astype(np.float32), RATE, **made)


def test_it_knows_its_length_and_says_what_made_it_without_naming_a_folder():
    sound = beep(seconds=1.5, engine="soundfont-player", soundfont="TimGM6mb.sf2")
    assert sound.seconds == 1.5
    assert repr(sound) == "Sound(1.50 s, 44100 Hz, soundfont-player, TimGM6mb.sf2)"


@pytest.mark.parametrize(("ending", "tolerance"), [(".wav", 1e-4), (".flac", 1e-4), (".mp3", 0.05), (".ogg", 0.05)])
def test_a_saved_file_holds_the_same_stereo_samples(tmp_path, ending, tolerance):
    sound = beep()
    samples, rate = soundfile.read(sound.save(tmp_path / f"beep{ending}"), always_2d=True)
    assert rate == RATE
    assert samples.shape == (RATE, 2)
    inside = slice(2000, -2000)  # a codec may ring at the ends
    assert np.allclose(samples.T[:, inside], sound.samples[:, inside], atol=tolerance)


def test_a_wav_is_16_bit(tmp_path):
    with wave.open(str(beep().save(tmp_path / "a.WAV"))) as file:
        assert (file.getsampwidth(), file.getnchannels(), file.getnframes()) == (2, 2, RATE)


def test_what_is_too_loud_is_clipped_not_wrapped(tmp_path):
    samples, _ = soundfile.read(beep(left=3.0).save(tmp_path / "loud.wav"), always_2d=True)
    assert samples[:, 0].max() == pytest.approx(1, abs=1e-3)
    assert np.all(samples[100:140, 0] * np.sin(2 * np.pi * 440 * np.arange(100, 140) / RATE) > -0.01)


def test_saving_answers_with_the_path(tmp_path):
    assert beep().save(str(tmp_path / "a.wav")) == tmp_path / "a.wav"


@pytest.mark.parametrize("name", ["a.aiff", "a", "a.wav.txt"])
def test_another_ending_is_refused_with_those_there_are(tmp_path, name):
    with pytest.raises(SoundError, match=r"saved as \.wav, \.mp3, \.flac, \.ogg"):
        beep().save(tmp_path / name)


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(SoundError, match=r"nowhere.a\.wav cannot be written"):
        beep().save(tmp_path / "nowhere" / "a.wav")


def test_without_soundfile_a_wav_can_be_saved_and_an_mp3_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    assert beep().save(tmp_path / "a.wav").stat().st_size == 44 + 4 * RATE
    with pytest.raises(SoundError, match="pip install soundfile"):
        beep().save(tmp_path / "a.mp3")


def test_in_a_notebook_it_is_a_player_with_a_small_mono_mp3():
    page = beep(seconds=4)._repr_html_()
    data = base64.b64decode(re.search(r'src="data:audio/mpeg;base64,([^"]+)"', page)[1])
    samples, rate = soundfile.read(io.BytesIO(data), always_2d=True)
    assert (samples.shape[1], rate) == (1, RATE)
    assert len(samples) / rate == pytest.approx(4, abs=0.1)
    assert len(page) < 80_000
    assert "<audio controls" in page


def test_where_there_is_no_mp3_the_player_has_a_wav(monkeypatch):
    monkeypatch.setattr(module, "has_mp3", lambda: False)
    data = base64.b64decode(re.search(r'src="data:audio/wav;base64,([^"]+)"', beep()._repr_html_())[1])
    assert soundfile.read(io.BytesIO(data))[0].shape == (RATE,)


def test_a_fonts_name_cannot_write_into_the_page():
    page = beep(soundfont="<script>alert(1)</script>.sf2")._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_silence_and_nothing_at_all_can_be_shown_and_saved(tmp_path):
    for frames in (0, 100):
        silence = Sound(np.zeros((2, frames), np.float32), RATE)
        assert "audio" in silence._repr_html_()
        assert silence.save(tmp_path / "silence.mp3").stat().st_size > 0


@pytest.mark.parametrize("samples", [np.zeros(10), np.zeros((10, 2)), np.zeros((1, 10))])
def test_samples_of_another_shape_are_refused(samples):
    with pytest.raises(SoundError, match=r"have the shape \(2, n\)"):
        Sound(samples, RATE)


def test_a_rate_that_cannot_be_is_refused():
    with pytest.raises(SoundError, match="between 8000 and 192000"):
        Sound(np.zeros((2, 10), np.float32), 1)
