from __future__ import annotations

import numpy as np
import pytest

from latentpalette.audio import synth
from latentpalette.audio.engines import fluidsynth
from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.errors import SoundError
from latentpalette.music.sequence import Note, NoteSequence
from tests.audio import audio_metrics, fonts

# Every engine places notes within 2 frames. FluidSynth's attacks differ by up to 10 frames with what a voice played
# before, which is its own doing.
EXACT = 12 / SAMPLE_RATE


def drums(*hits, steps=32, qpm=120.0):
    """Hits (pitch, step[, velocity[, offset]])."""
    notes = [
        Note(pitch, step, velocity=(rest or (100,))[0], offset=rest[1] if len(rest) > 1 else 0.0, is_drum=True)
        for pitch, step, *rest in hits
    ]
    return NoteSequence(notes, steps, qpm)


def test_hits_are_heard_at_their_steps(engine, font):
    sound = synth.render(drums((42, 0), (42, 8), (42, 16), (42, 25)), engine=engine, soundfont=font)
    starts = np.array(audio_metrics.onsets(sound))
    # A hat needs a moment to be heard; each needs the same.
    assert starts - starts[0] == pytest.approx([0, 1, 2, 25 / 8], abs=EXACT)
    assert starts[0] < 0.003


def test_microtiming_is_heard(engine, font):
    straight = audio_metrics.onsets(synth.render(drums((42, 8), (42, 16)), engine=engine, soundfont=font))
    played = audio_metrics.onsets(synth.render(drums((42, 8, 100, 0.3), (42, 16, 100, -0.2)), engine=engine, soundfont=font))
    assert np.subtract(played, straight) == pytest.approx([0.3 / 8, -0.2 / 8], abs=EXACT)


def test_timing_does_not_drift_over_a_long_piece(engine, font):
    sound = synth.render(drums((42, 0), (42, 1000), steps=1001, qpm=137.0), engine=engine, soundfont=font)
    first, last = audio_metrics.onsets(sound)
    assert last - first == pytest.approx(1000 * 60 / 137 / 4, abs=EXACT)


def test_silence_is_silent_and_has_its_length(engine, font):
    sound = synth.render(NoteSequence(steps=16, qpm=60), engine=engine, soundfont=font, tail=0.5)
    assert sound.seconds == 4.5
    assert not sound.samples.any()


def test_an_empty_sequence_is_only_its_tail(engine, font):
    assert synth.render(NoteSequence(), engine=engine, soundfont=font, tail=0).samples.shape == (2, 0)
    assert synth.render(NoteSequence(), engine=engine, soundfont=font, loop=True).samples.shape == (2, 0)


def test_the_same_notes_give_the_same_bytes(engine, font):
    loop = drums((36, 0), (38, 4, 64), (46, 6), (42, 8), (49, 16, 127))
    first, second = (synth.render(loop, engine=engine, soundfont=font).samples.tobytes() for _ in range(2))
    assert first == second


def test_samples_are_stereo_float32_and_the_sound_says_what_made_it(engine, font):
    sound = synth.render(drums((36, 0)), engine=engine, soundfont=font)
    assert sound.samples.dtype == np.float32
    assert sound.samples.shape == (2, 5 * SAMPLE_RATE)
    assert (sound.engine, sound.soundfont, sound.rate) == (engine, "TimGM6mb.sf2", 44_100)


def test_a_softer_hit_is_softer_by_the_square_of_its_velocity(engine, font):
    loud, soft = (
        audio_metrics.rms(synth.render(drums((38, 0, velocity)), engine=engine, soundfont=font)) for velocity in (120, 60)
    )
    assert audio_metrics.decibels(loud, soft) == pytest.approx(40 * np.log10(2), abs=0.5)


def test_loudness_is_not_normalised(engine, font):
    one = synth.render(drums((42, 0)), engine=engine, soundfont=font)
    more = synth.render(drums((42, 0), (36, 0), (38, 0), (49, 0)), engine=engine, soundfont=font)
    assert np.abs(more.samples).max() > 1.3 * np.abs(one.samples).max()
    assert np.abs(more.samples).max() < 1


def test_a_drum_and_a_melody_of_the_same_pitch_sound_different(engine, font):
    drum = synth.render(NoteSequence([Note(60, 0, 8, is_drum=True)], 16), engine=engine, soundfont=font)
    tone = synth.render(NoteSequence([Note(60, 0, 8)], 16), engine=engine, soundfont=font)
    likeness = np.corrcoef(drum.mono[:SAMPLE_RATE], tone.mono[:SAMPLE_RATE])[0, 1]
    assert abs(likeness) < 0.3


def test_a_melody_has_its_pitches_and_ends_with_its_notes(engine, font):
    tune = NoteSequence([Note(69, 0, 8, 100, program=73), Note(76, 16, 8, 100, program=73)], 32)
    sound = synth.render(tune, engine=engine, soundfont=font)
    assert audio_metrics.pitch(sound, 0.2, 0.9) == pytest.approx(440, rel=0.01)
    assert audio_metrics.pitch(sound, 2.2, 2.9) == pytest.approx(440 * 2 ** (7 / 12), rel=0.01)
    assert audio_metrics.rms(sound, 1.6, 1.95) < 0.02 * audio_metrics.rms(sound, 0.2, 0.9)


def test_parts_play_at_once_each_with_its_instrument(engine, font):
    flute, bass = Note(81, 0, 8, 100, program=73), Note(33, 0, 8, 100, program=33)
    both = synth.render(NoteSequence([flute, bass], 16), engine=engine, soundfont=font).samples
    alone = [synth.render(NoteSequence([one], 16), engine=engine, soundfont=font).samples for one in (flute, bass)]
    assert np.allclose(both, sum(alone), atol=2e-4)


def test_forty_parts_at_once_are_no_more_than_one(engine, font):
    notes = [Note(60, 0, 4, 20, program=program) for program in range(40)]
    assert audio_metrics.rms(synth.render(NoteSequence(notes, 16), engine=engine, soundfont=font), 0, 0.5) > 0.001


def test_a_closed_hat_silences_the_open_one(engine, font):
    alone = synth.render(drums((46, 0), steps=16), engine=engine, soundfont=font)
    choked = synth.render(drums((46, 0), (42, 4, 1), steps=16), engine=engine, soundfont=font)
    assert audio_metrics.rms(choked, 0.75, 1.0) < 0.1 * audio_metrics.rms(alone, 0.75, 1.0)
    assert audio_metrics.rms(choked, 0, 0.45) == pytest.approx(audio_metrics.rms(alone, 0, 0.45), rel=1e-3)


def test_a_loop_is_exactly_its_steps_long(engine, font):
    for qpm in (60.0, 97.3, 120.0, 240.0):
        loop = drums((36, 0), qpm=qpm)
        frames = synth.render(loop, engine=engine, soundfont=font, loop=True).samples.shape[1]
        assert frames == round(loop.seconds * SAMPLE_RATE)


def test_what_rings_on_after_a_loops_end_is_heard_at_its_beginning(engine, font):
    loop = drums((49, 14, 127), steps=16)
    cut = synth.render(loop, engine=engine, soundfont=font, tail=0)
    looped = synth.render(loop, engine=engine, soundfont=font, loop=True)
    assert audio_metrics.rms(cut, 0, 0.5) == 0
    assert audio_metrics.rms(looped, 0, 0.5) > 0.005


def test_a_loop_closes_without_a_click(engine, font):
    loop = drums((45, 14), steps=16)  # a tom, whose curve is smooth while it rings
    assert audio_metrics.seam(synth.render(loop, engine=engine, soundfont=font, loop=True)) < 1.5
    assert audio_metrics.seam(synth.render(loop, engine=engine, soundfont=font, tail=0)) > 5, (
        "a loop that is cut has a click"
    )


def test_two_laps_of_a_loop_are_what_the_music_sounds_like_when_played_on(engine, font):
    loop = drums((36, 0), (38, 4), (45, 10), (38, 12), steps=16, qpm=60)
    lap = synth.render(loop, engine=engine, soundfont=font, loop=True)
    four = NoteSequence(
        [Note(n.pitch, n.step + 16 * at, velocity=100, is_drum=True) for at in range(4) for n in loop.notes], 64, 60
    )
    played = synth.render(four, engine=engine, soundfont=font)
    third = played.samples[:, 2 * lap.samples.shape[1] :][:, : lap.samples.shape[1]]
    assert np.corrcoef(lap.samples.ravel(), third.ravel())[0, 1] > 0.99


def test_an_early_first_hit_lies_at_a_loops_end(engine, font):
    sound = synth.render(drums((42, 0, 100, -0.4), steps=16), engine=engine, soundfont=font, loop=True)
    assert audio_metrics.onsets(sound)[-1] == pytest.approx(2 - 0.4 / 8, abs=0.003)


def test_in_a_loop_a_hat_at_the_beginning_silences_the_open_one_at_the_end(engine, font):
    ringing = synth.render(drums((46, 14), steps=16), engine=engine, soundfont=font, loop=True)
    choked = synth.render(drums((46, 14), (42, 0, 1), steps=16), engine=engine, soundfont=font, loop=True)
    assert audio_metrics.rms(choked, 0.25, 0.5) < 0.1 * audio_metrics.rms(ringing, 0.25, 0.5)


def test_the_sampler_sounds_like_fluidsynth(font, missing):
    if fluidsynth.unavailable_reason():
        missing(fluidsynth.unavailable_reason())
    for pitch in (36, 38, 42, 46, 45, 48, 50, 49, 51):
        loop = drums((pitch, 0), steps=16)
        one, other = (synth.render(loop, engine=engine, soundfont=font) for engine in ("fluidsynth", "soundfont-player"))
        assert abs(audio_metrics.decibels(audio_metrics.rms(one), audio_metrics.rms(other))) < 0.6, pitch
        for left_or_right in range(2):
            assert np.corrcoef(one.samples[left_or_right, :SAMPLE_RATE], other.samples[left_or_right, :SAMPLE_RATE])[0, 1] > 0.85, (
                pitch
            )


def test_without_an_engine_named_the_best_one_plays(monkeypatch):
    assert synth.select_engine() == next(name for name, module in synth.ENGINES.items() if module.unavailable_reason() is None)
    monkeypatch.setattr(fluidsynth, "unavailable_reason", lambda: "not here")
    assert synth.select_engine() == "soundfont-player"


def test_an_unknown_engine_is_named_with_the_nearest():
    with pytest.raises(SoundError, match=r"No engine is called 'fluidsinth'\. Did you mean 'fluidsynth'\?"):
        synth.render(drums((36, 0)), engine="fluidsinth")


def test_an_engine_that_is_not_here_says_why_when_it_is_named(monkeypatch):
    monkeypatch.setattr(fluidsynth, "unavailable_reason", lambda: "The FluidSynth library is not installed.")
    with pytest.raises(SoundError, match="not installed"):
        synth.render(drums((36, 0)), engine="fluidsynth")


def test_an_instrument_that_the_font_lacks_is_an_error_not_silence(engine, tmp_path):
    path = fonts.write(tmp_path / "sine.sf2", fonts.font())
    with pytest.raises(SoundError, match=r"sine\.sf2 has no instrument with program 40"):
        synth.render(NoteSequence([Note(60, 0, program=40)], 16), engine=engine, soundfont=path)


def test_a_font_without_drums_is_an_error_not_silence(engine, tmp_path):
    path = fonts.write(tmp_path / "piano.sf2", fonts.font(drums=False))
    with pytest.raises(SoundError, match=r"piano\.sf2 has no drums"):
        synth.render(drums((36, 0)), engine=engine, soundfont=path)


def test_a_font_of_ones_own_is_played(engine, tmp_path):
    path = fonts.write(tmp_path / "sine.sf2", fonts.font())
    sound = synth.render(NoteSequence([Note(69, 0, 8, 100), Note(81, 16, 8, 100)], 32), engine=engine, soundfont=path)
    assert audio_metrics.pitch(sound, 0.1, 0.9) == pytest.approx(
        440, rel=0.01
    )  # looped: the sample itself is half a second
    assert audio_metrics.pitch(sound, 2.1, 2.9) == pytest.approx(880, rel=0.01)
    assert sound.soundfont == "sine.sf2"


def test_more_than_half_an_hour_is_refused_before_memory_runs_out(font):
    with pytest.raises(SoundError, match=r"lasts 83 minutes; 30 can be rendered"):
        synth.render(NoteSequence(steps=40_000), soundfont=font)


@pytest.mark.parametrize("tail", [-1, 61, float("nan")])
def test_a_tail_that_cannot_be_is_refused(tail):
    with pytest.raises(SoundError, match="A tail lasts between 0 and 60 seconds"):
        synth.render(drums((36, 0)), tail=tail)


def test_nothing_is_written_to_the_terminal(engine, font, capfd):
    synth.render(drums((36, 0), (83, 1)), engine=engine, soundfont=font)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")
