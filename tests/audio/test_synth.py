from __future__ import annotations

import numpy as np
import pytest

from latentpalette.audio import synth
from latentpalette.audio.engines import fluidsynth
from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.errors import SoundError
from latentpalette.music.sequence import Note, NoteSequence
from tests.audio import audio_metrics, soundfont_files

# Engines start notes within 2 frames. FluidSynth's attacks vary by up to 10 frames with what a voice played before.
ONSET_TOLERANCE = 12 / SAMPLE_RATE


def drums(*hits, steps=32, qpm=120.0):
    """Make a sequence of drum hits (pitch, step[, velocity[, offset]])."""
    notes = [
        Note(pitch, step, velocity=(rest or (100,))[0], offset=rest[1] if len(rest) > 1 else 0.0, is_drum=True)
        for pitch, step, *rest in hits
    ]
    return NoteSequence(notes, steps, qpm)


def test_hits_sound_at_their_steps(engine, soundfont):
    sound = synth.render(drums((42, 0), (42, 8), (42, 16), (42, 25)), engine=engine, soundfont=soundfont)
    starts = np.array(audio_metrics.onsets(sound))
    # A hat takes a moment to exceed the threshold, the same for each.
    assert starts - starts[0] == pytest.approx([0, 1, 2, 25 / 8], abs=ONSET_TOLERANCE)
    assert starts[0] < 0.003


def test_microtiming_is_rendered(engine, soundfont):
    straight = audio_metrics.onsets(synth.render(drums((42, 8), (42, 16)), engine=engine, soundfont=soundfont))
    shifted = audio_metrics.onsets(
        synth.render(drums((42, 8, 100, 0.3), (42, 16, 100, -0.2)), engine=engine, soundfont=soundfont)
    )
    assert np.subtract(shifted, straight) == pytest.approx([0.3 / 8, -0.2 / 8], abs=ONSET_TOLERANCE)


def test_timing_does_not_drift_over_a_long_piece(engine, soundfont):
    sound = synth.render(drums((42, 0), (42, 1000), steps=1001, qpm=137.0), engine=engine, soundfont=soundfont)
    first, last = audio_metrics.onsets(sound)
    assert last - first == pytest.approx(1000 * 60 / 137 / 4, abs=ONSET_TOLERANCE)


def test_silence_is_silent_and_has_its_length(engine, soundfont):
    sound = synth.render(NoteSequence(steps=16, qpm=60), engine=engine, soundfont=soundfont, tail=0.5)
    assert sound.seconds == 4.5
    assert not sound.samples.any()


def test_an_empty_sequence_is_only_its_tail(engine, soundfont):
    assert synth.render(NoteSequence(), engine=engine, soundfont=soundfont, tail=0).samples.shape == (2, 0)
    assert synth.render(NoteSequence(), engine=engine, soundfont=soundfont, loop=True).samples.shape == (2, 0)


def test_the_same_notes_give_the_same_bytes(engine, soundfont):
    loop = drums((36, 0), (38, 4, 64), (46, 6), (42, 8), (49, 16, 127))
    first, second = (synth.render(loop, engine=engine, soundfont=soundfont).samples.tobytes() for _ in range(2))
    assert first == second


def test_samples_are_stereo_float32_and_the_sound_names_engine_and_soundfont(engine, soundfont):
    sound = synth.render(drums((36, 0)), engine=engine, soundfont=soundfont)
    assert sound.samples.dtype == np.float32
    assert sound.samples.shape == (2, 5 * SAMPLE_RATE)
    assert (sound.engine, sound.soundfont, sound.rate) == (engine, "TimGM6mb.sf2", 44_100)


def test_a_softer_hit_is_softer_by_the_square_of_its_velocity(engine, soundfont):
    loud, soft = (
        audio_metrics.rms(synth.render(drums((38, 0, velocity)), engine=engine, soundfont=soundfont, loudness=None))
        for velocity in (120, 60)
    )
    assert audio_metrics.decibels(loud, soft) == pytest.approx(40 * np.log10(2), abs=0.5)


def test_at_the_engines_fixed_gain_more_drums_are_louder(engine, soundfont):
    one = synth.render(drums((42, 0)), engine=engine, soundfont=soundfont, loudness=None)
    more = synth.render(drums((42, 0), (36, 0), (38, 0), (49, 0)), engine=engine, soundfont=soundfont, loudness=None)
    assert np.abs(more.samples).max() > 1.3 * np.abs(one.samples).max()
    assert np.abs(more.samples).max() < 1


def test_a_drum_and_a_melody_of_the_same_pitch_sound_different(engine, soundfont):
    drum = synth.render(NoteSequence([Note(60, 0, 8, is_drum=True)], 16), engine=engine, soundfont=soundfont)
    tone = synth.render(NoteSequence([Note(60, 0, 8)], 16), engine=engine, soundfont=soundfont)
    correlation = np.corrcoef(drum.mono[:SAMPLE_RATE], tone.mono[:SAMPLE_RATE])[0, 1]
    assert abs(correlation) < 0.3


def test_a_melody_has_its_pitches_and_ends_with_its_notes(engine, soundfont):
    tune = NoteSequence([Note(69, 0, 8, 100, program=73), Note(76, 16, 8, 100, program=73)], 32)
    sound = synth.render(tune, engine=engine, soundfont=soundfont)
    assert audio_metrics.pitch(sound, 0.2, 0.9) == pytest.approx(440, rel=0.01)
    assert audio_metrics.pitch(sound, 2.2, 2.9) == pytest.approx(440 * 2 ** (7 / 12), rel=0.01)
    assert audio_metrics.rms(sound, 1.6, 1.95) < 0.02 * audio_metrics.rms(sound, 0.2, 0.9)


def test_instruments_play_at_the_same_time(engine, soundfont):
    flute, bass = Note(81, 0, 8, 100, program=73), Note(33, 0, 8, 100, program=33)
    both = synth.render(NoteSequence([flute, bass], 16), engine=engine, soundfont=soundfont, loudness=None).samples
    alone = [
        synth.render(NoteSequence([one], 16), engine=engine, soundfont=soundfont, loudness=None).samples
        for one in (flute, bass)
    ]
    assert np.allclose(both, sum(alone), atol=2e-4)


def test_forty_instruments_play_at_the_same_time(engine, soundfont):
    notes = [Note(60, 0, 4, 20, program=program) for program in range(40)]
    assert audio_metrics.rms(synth.render(NoteSequence(notes, 16), engine=engine, soundfont=soundfont), 0, 0.5) > 0.001


def test_a_closed_hat_chokes_the_open_one(engine, soundfont):
    alone = synth.render(drums((46, 0), steps=16), engine=engine, soundfont=soundfont, loudness=None)
    choked = synth.render(drums((46, 0), (42, 4, 1), steps=16), engine=engine, soundfont=soundfont, loudness=None)
    assert audio_metrics.rms(choked, 0.75, 1.0) < 0.1 * audio_metrics.rms(alone, 0.75, 1.0)
    assert audio_metrics.rms(choked, 0, 0.45) == pytest.approx(audio_metrics.rms(alone, 0, 0.45), rel=1e-3)


def test_a_loop_is_exactly_its_steps_long(engine, soundfont):
    for qpm in (60.0, 97.3, 120.0, 240.0):
        loop = drums((36, 0), qpm=qpm)
        frames = synth.render(loop, engine=engine, soundfont=soundfont, loop=True).samples.shape[1]
        assert frames == round(loop.seconds * SAMPLE_RATE)


def test_the_tail_of_a_loop_is_mixed_into_its_beginning(engine, soundfont):
    loop = drums((49, 14, 127), steps=16)
    cut = synth.render(loop, engine=engine, soundfont=soundfont, tail=0)
    looped = synth.render(loop, engine=engine, soundfont=soundfont, loop=True)
    assert audio_metrics.rms(cut, 0, 0.5) == 0
    assert audio_metrics.rms(looped, 0, 0.5) > 0.005


def test_a_loop_closes_without_a_click(engine, soundfont):
    loop = drums((45, 14), steps=16)  # a tom, whose tail is smooth
    assert audio_metrics.seam_curvature(synth.render(loop, engine=engine, soundfont=soundfont, loop=True)) < 1.5
    assert audio_metrics.seam_curvature(synth.render(loop, engine=engine, soundfont=soundfont, tail=0)) > 5, (
        "a truncated loop has a click"
    )


def test_a_loop_sounds_like_a_later_repetition_of_the_music(engine, soundfont):
    loop = drums((36, 0), (38, 4), (45, 10), (38, 12), steps=16, qpm=60)
    looped = synth.render(loop, engine=engine, soundfont=soundfont, loop=True)
    repeated = NoteSequence(
        [Note(n.pitch, n.step + 16 * number, velocity=100, is_drum=True) for number in range(4) for n in loop.notes],
        64,
        60,
    )
    sound = synth.render(repeated, engine=engine, soundfont=soundfont)
    third = sound.samples[:, 2 * looped.samples.shape[1] :][:, : looped.samples.shape[1]]
    assert np.corrcoef(looped.samples.ravel(), third.ravel())[0, 1] > 0.99


def test_an_early_first_hit_is_at_the_end_of_a_loop(engine, soundfont):
    sound = synth.render(drums((42, 0, 100, -0.4), steps=16), engine=engine, soundfont=soundfont, loop=True)
    assert audio_metrics.onsets(sound)[-1] == pytest.approx(2 - 0.4 / 8, abs=0.003)


def test_in_a_loop_a_hat_at_the_beginning_chokes_the_open_one_at_the_end(engine, soundfont):
    ringing = synth.render(drums((46, 14), steps=16), engine=engine, soundfont=soundfont, loop=True)
    choked = synth.render(drums((46, 14), (42, 0, 1), steps=16), engine=engine, soundfont=soundfont, loop=True)
    assert audio_metrics.rms(choked, 0.25, 0.5) < 0.1 * audio_metrics.rms(ringing, 0.25, 0.5)


def test_the_soundfont_player_sounds_like_fluidsynth(soundfont, missing):
    if fluidsynth.unavailable_reason():
        missing(fluidsynth.unavailable_reason())
    for pitch in (36, 38, 42, 46, 45, 48, 50, 49, 51):
        loop = drums((pitch, 0), steps=16)
        one, other = (
            synth.render(loop, engine=engine, soundfont=soundfont, loudness=None)
            for engine in ("fluidsynth", "soundfont-player")
        )
        assert abs(audio_metrics.decibels(audio_metrics.rms(one), audio_metrics.rms(other))) < 0.6, pitch
        for channel in range(2):
            channels = [sound.samples[channel, :SAMPLE_RATE] for sound in (one, other)]
            assert np.corrcoef(*channels)[0, 1] > 0.85, pitch


def test_without_a_name_the_first_available_engine_is_selected(monkeypatch):
    assert synth.select_engine() == next(
        name for name, module in synth.ENGINES.items() if module.unavailable_reason() is None
    )
    monkeypatch.setattr(fluidsynth, "unavailable_reason", lambda: "not here")
    assert synth.select_engine() == "soundfont-player"


def test_an_unknown_engine_gives_a_message_with_the_nearest():
    with pytest.raises(SoundError, match=r"No engine is called 'fluidsinth'\. Did you mean 'fluidsynth'\?"):
        synth.render(drums((36, 0)), engine="fluidsinth")


def test_naming_an_unavailable_engine_gives_the_reason(monkeypatch):
    monkeypatch.setattr(fluidsynth, "unavailable_reason", lambda: "The FluidSynth library is not installed.")
    with pytest.raises(SoundError, match="not installed"):
        synth.render(drums((36, 0)), engine="fluidsynth")


def test_an_instrument_that_the_soundfont_lacks_is_an_error_not_silence(engine, tmp_path):
    path = soundfont_files.write(tmp_path / "sine.sf2", soundfont_files.soundfont_bytes())
    with pytest.raises(SoundError, match=r"sine\.sf2 has no instrument with program 40"):
        synth.render(NoteSequence([Note(60, 0, program=40)], 16), engine=engine, soundfont=path)


def test_a_soundfont_without_drums_is_an_error_not_silence(engine, tmp_path):
    path = soundfont_files.write(tmp_path / "piano.sf2", soundfont_files.soundfont_bytes(drums=False))
    with pytest.raises(SoundError, match=r"piano\.sf2 has no drums"):
        synth.render(drums((36, 0)), engine=engine, soundfont=path)


def test_a_soundfont_given_by_path_is_used(engine, tmp_path):
    path = soundfont_files.write(tmp_path / "sine.sf2", soundfont_files.soundfont_bytes())
    sound = synth.render(NoteSequence([Note(69, 0, 8, 100), Note(81, 16, 8, 100)], 32), engine=engine, soundfont=path)
    # Looped: the sample itself lasts half a second.
    assert audio_metrics.pitch(sound, 0.1, 0.9) == pytest.approx(440, rel=0.01)
    assert audio_metrics.pitch(sound, 2.1, 2.9) == pytest.approx(880, rel=0.01)
    assert sound.soundfont == "sine.sf2"


def test_more_than_half_an_hour_is_refused_before_memory_runs_out(soundfont):
    with pytest.raises(SoundError, match=r"lasts 83 minutes; 30 can be rendered"):
        synth.render(NoteSequence(steps=40_000), soundfont=soundfont)


@pytest.mark.parametrize("tail", [-1, 61, float("nan"), "1", None])
def test_an_impossible_tail_is_refused(tail):
    with pytest.raises(SoundError, match=r"A tail \[seconds\] is a number from 0 to 60"):
        synth.render(drums((36, 0)), tail=tail)


@pytest.mark.parametrize("loudness", [-41, -9, 0, float("nan"), "loud"])
def test_an_impossible_loudness_is_refused(loudness):
    with pytest.raises(SoundError, match=r"A loudness \[LUFS\] .* is a number from -40 to -10"):
        synth.render(drums((36, 0)), loudness=loudness)


def test_nothing_is_written_to_the_terminal(engine, soundfont, capfd):
    synth.render(drums((36, 0), (83, 1)), engine=engine, soundfont=soundfont)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_old_names_of_arguments_and_engines_are_accepted_with_a_warning(soundfont):
    loop = drums((36, 0), steps=4)
    with (
        pytest.warns(DeprecationWarning, match="font= is now called soundfont="),
        pytest.warns(DeprecationWarning, match="engine='sampler' is now called 'soundfont-player'"),
    ):
        sound = loop.sound(font=soundfont, engine="sampler", tail=0)
    assert sound.engine == "soundfont-player"
