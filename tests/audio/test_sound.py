from __future__ import annotations

import base64
import errno
import io
import re
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from latentpalette.audio import sound as sound_module
from latentpalette.audio.sound import Sound
from latentpalette.errors import FileError, SoundError

SAMPLE_RATE = 44_100


def beep(*, seconds=1.0, left=0.5, right=0.25, **names):
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave_ = np.sin(2 * np.pi * 440 * time)
    return Sound(np.stack([left * wave_, right * wave_]).astype(np.float32), SAMPLE_RATE, **names)


def test_the_repr_has_duration_engine_and_soundfont():
    sound = beep(seconds=1.5, engine="soundfont-player", soundfont="TimGM6mb.sf2")
    assert sound.seconds == 1.5
    assert repr(sound) == "Sound(1.50 s, 44100 Hz, soundfont-player, TimGM6mb.sf2)"


@pytest.mark.parametrize(("suffix", "tolerance"), [(".wav", 1e-4), (".flac", 1e-4), (".mp3", 0.05), (".ogg", 0.05)])
def test_a_saved_file_holds_the_same_stereo_samples(tmp_path, suffix, tolerance):
    sound = beep()
    samples, rate = soundfile.read(sound.save(tmp_path / f"beep{suffix}"), always_2d=True)
    assert rate == SAMPLE_RATE
    assert samples.shape == (SAMPLE_RATE, 2)
    inside = slice(2000, -2000)  # codecs ring at the ends
    assert np.allclose(samples.T[:, inside], sound.samples[:, inside], atol=tolerance)


def test_a_wav_is_16_bit(tmp_path):
    with wave.open(str(beep().save(tmp_path / "a.WAV"))) as file:
        assert (file.getsampwidth(), file.getnchannels(), file.getnframes()) == (2, 2, SAMPLE_RATE)


def test_samples_beyond_full_scale_are_clipped_not_wrapped(tmp_path):
    samples, _ = soundfile.read(beep(left=3.0).save(tmp_path / "loud.wav"), always_2d=True)
    assert samples[:, 0].max() == pytest.approx(1, abs=1e-3)
    assert np.all(samples[100:140, 0] * np.sin(2 * np.pi * 440 * np.arange(100, 140) / SAMPLE_RATE) > -0.01)


def test_saving_returns_the_path(tmp_path):
    assert beep().save(str(tmp_path / "a.wav")) == tmp_path / "a.wav"


@pytest.mark.parametrize("name", ["a.aiff", "a", "a.wav.txt"])
def test_another_suffix_is_refused_with_the_known_ones(tmp_path, name):
    with pytest.raises(SoundError, match=r"saved as \.wav, \.mp3, \.flac, \.ogg"):
        beep().save(tmp_path / name)


def test_missing_folders_are_made_and_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert beep().save("~/new/a.wav") == tmp_path / "new" / "a.wav"
    assert (tmp_path / "new" / "a.wav").stat().st_size == 44 + 4 * SAMPLE_RATE


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".flac", ".ogg"])
def test_a_file_that_cannot_be_written_leaves_the_old_one_whole(tmp_path, monkeypatch, suffix):
    path = beep(seconds=0.1).save(tmp_path / f"a{suffix}")
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FileError, match=f"a{suffix}: cannot be written .No space left on device"):
        beep().save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_without_soundfile_a_wav_can_be_saved_and_an_mp3_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    assert beep().save(tmp_path / "a.wav").stat().st_size == 44 + 4 * SAMPLE_RATE
    with pytest.raises(SoundError, match="pip install soundfile"):
        beep().save(tmp_path / "a.mp3")


def test_a_notebook_displays_a_player_with_a_small_stereo_mp3():
    html = beep(seconds=4)._repr_html_()
    data = base64.b64decode(re.search(r'src="data:audio/mpeg;base64,([^"]+)"', html)[1])
    samples, rate = soundfile.read(io.BytesIO(data), always_2d=True)
    assert (samples.shape[1], rate) == (2, SAMPLE_RATE)
    assert len(samples) / rate == pytest.approx(4, abs=0.1)
    assert len(html) < 80_000
    assert "<audio controls" in html


def test_without_mp3_the_player_has_a_wav(monkeypatch):
    monkeypatch.setattr(sound_module, "has_mp3", lambda: False)
    data = base64.b64decode(re.search(r'src="data:audio/wav;base64,([^"]+)"', beep()._repr_html_())[1])
    assert soundfile.read(io.BytesIO(data))[0].shape == (SAMPLE_RATE, 2)


def test_a_soundfonts_name_is_escaped_in_html():
    html = beep(soundfont="<script>alert(1)</script>.sf2")._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_silent_and_empty_sounds_can_be_displayed_and_saved(tmp_path):
    for frames in (0, 100):
        silence = Sound(np.zeros((2, frames), np.float32), SAMPLE_RATE)
        assert "audio" in silence._repr_html_()
        assert silence.save(tmp_path / "silence.mp3").stat().st_size > 0


@pytest.mark.parametrize("samples", [np.zeros(10), np.zeros((10, 2)), np.zeros((1, 10))])
def test_samples_of_another_shape_are_refused(samples):
    with pytest.raises(SoundError, match=r"have the shape \(2, n\)"):
        Sound(samples, SAMPLE_RATE)


def test_an_impossible_rate_is_refused():
    with pytest.raises(SoundError, match="between 8000 and 192000"):
        Sound(np.zeros((2, 10), np.float32), 1)
