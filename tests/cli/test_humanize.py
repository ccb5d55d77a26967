import wave

import mido
import numpy as np
import pytest

from latentpalette.errors import FileError, MidiError, ModelError
from latentpalette.models.groove import humanize, transfer_groove
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load, save
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from tests.cli.runner import failure, file_names, run, run_ok
from tests.models.tiny_models import SIZES, model_of
from tests.music.midi_files import meta, note_off, note_on, program, track, whole_file

SONG = concatenate([presets()["Boom bap"].replace(qpm=90), presets()["Bossa"], presets()["Trap"].slice(0, 16)])


@pytest.fixture(scope="module")
def groove_model(tmp_path_factory):
    return save(
        model_of(MAGENTA_CONFIGS["groovae_2bar_humanize"].replace(**SIZES)), tmp_path_factory.mktemp("m") / "groove"
    )


@pytest.fixture
def song(tmp_path):
    return SONG.replace(notes=[*SONG.notes, Note(48, 0, 64, program=33)]).save(tmp_path / "song.mid")


def test_a_song_of_any_length_is_humanized_and_keeps_its_hits(song, groove_model, tmp_path):
    result = run("humanize", song, "--model", groove_model, "--plot")
    assert result.exit_code == 0, result.output
    assert file_names(tmp_path) == ["song.mid", "song_humanized.mid", "song_humanized.png"]
    quantized, humanized = (NoteSequence.from_midi(tmp_path / name) for name in ("song.mid", "song_humanized.mid"))
    assert (humanized.steps, round(humanized.qpm, 2)) == (80, 90)
    assert [(n.step, n.pitch) for n in humanized.notes] == [(n.step, n.pitch) for n in quantized.notes]
    drums = [note for note in humanized.notes if note.is_drum]
    assert len({note.velocity for note in drums}) > 3
    assert any(abs(note.offset) > 0.01 for note in drums)
    assert [note for note in humanized.notes if not note.is_drum] == [
        note for note in quantized.notes if not note.is_drum
    ]


def test_hits_may_be_replaced_by_the_models_own(song, groove_model, tmp_path):
    target = tmp_path / "new" / "free.mid"
    options = ["--replace-hits", "--temperature", 1, "--seed", 3, "--out", target]
    result = run("humanize", song, "--model", groove_model, *options)
    assert result.exit_code == 0, result.output
    expected = humanize(load(groove_model), NoteSequence.from_midi(song), keep_hits=False, temperature=1.0, seed=3)
    assert [(n.step, n.pitch) for n in NoteSequence.from_midi(target).notes] == [
        (n.step, n.pitch) for n in expected.notes
    ]
    assert "--seed 3" in result.output


def test_the_result_may_be_audio(song, groove_model, tmp_path):
    assert run("humanize", song, "--model", groove_model, "--out", tmp_path / "x.wav").exit_code == 0
    assert (tmp_path / "x.wav").read_bytes()[:4] == b"RIFF"
    error = failure("humanize", song, "--model", groove_model, "--out", tmp_path / "x.doc")
    assert isinstance(error, FileError)
    assert "files end in .mid, .wav" in str(error)


def test_the_default_model_adds_velocities_and_microtiming(song):
    result = run("humanize", song)
    assert result.exit_code == 0, result.output
    notes = NoteSequence.from_midi(song.with_name(f"{song.stem}_humanized.mid")).notes
    assert len({note.velocity for note in notes}) > 3
    assert any(note.offset for note in notes)


def test_a_model_that_cannot_humanize_is_refused(song):
    error = failure("humanize", song, "--model", "drums-2bar")
    assert isinstance(error, ModelError)
    assert "drums-2bar cannot humanize" in str(error)


def test_a_song_without_drums_is_refused(groove_model, tmp_path):
    piano = NoteSequence([Note(60, 0)], steps=32).save(tmp_path / "piano.mid")
    error = failure("humanize", piano, "--model", groove_model)
    assert isinstance(error, MidiError)
    assert "piano.mid: no drums; channel 10 is empty. The file has: 1, Acoustic Grand Piano (channel 1, 1 note)" in str(
        error
    )
    assert "--drums" in str(error)


# What belongs to a file: a waltz of two instruments, with all that a sequencer writes.
WALTZ = whole_file(
    track((0, meta(3, b"Waltz")), (0, meta(0x58, bytes([3, 2, 24, 8]))), (0, meta(0x51, b"\x09\x27\xc0")), end=5760),
    track(
        (0, meta(3, b"Left hand")),
        (0, bytes([0xB1, 64, 127])),
        (0, program(4, channel=1)),
        *[(1440 * bar, note_on(48, channel=1)) for bar in range(4)],
        *[(1440 * bar + 1400, note_off(48, channel=1)) for bar in range(4)],
        (5700, meta(5, b"la")),
        end=5760,
    ),
    track(
        (0, meta(3, b"Kit")),
        *[(480 * beat, note_on(36 if beat % 3 == 0 else 42, channel=9)) for beat in range(12)],
        *[(480 * beat + 60, note_off(36 if beat % 3 == 0 else 42, channel=9)) for beat in range(12)],
        end=5760,
    ),
)
CHANGES_NOTHING_ELSE = {
    "humanize": ["--seed", 1],
    "add-hihat": [],
    "tap-to-drums": [],
    "transfer-groove": ["--groove", "Bossa"],
}


def events_but_drum_notes(file):
    """Return the events of a file with their ticks, track by track, without the notes of channel 10."""
    return [
        [
            (tick, message)
            for tick, message in zip(
                np.cumsum([message.time for message in mido_track]).tolist(),
                [message.copy(time=0) for message in mido_track],
                strict=True,
            )
            if not (message.type in ("note_on", "note_off") and message.channel == 9)
        ]
        for mido_track in mido.MidiFile(file).tracks
    ]


@pytest.mark.parametrize("command", CHANGES_NOTHING_ELSE)
def test_all_that_is_no_drum_note_stays_in_the_file(command, tmp_path):
    (tmp_path / "waltz.mid").write_bytes(WALTZ)
    output = run_ok(command, tmp_path / "waltz.mid", "--out", tmp_path / "new.mid", *CHANGES_NOTHING_ELSE[command])
    assert "waltz.mid: in 3/4; the model reads it in bars of sixteen sixteenths." in output
    assert events_but_drum_notes(tmp_path / "new.mid") == events_but_drum_notes(tmp_path / "waltz.mid")
    was, now = (NoteSequence.from_midi(tmp_path / name) for name in ("waltz.mid", "new.mid"))
    assert (now.steps, now.qpm) == (was.steps, was.qpm) == (48, 100)
    assert [n for n in now.notes if not n.is_drum] == [n for n in was.notes if not n.is_drum]
    assert [n for n in now.notes if n.is_drum] != [n for n in was.notes if n.is_drum]


def test_the_drums_of_a_waltz_are_humanized(tmp_path):
    (tmp_path / "waltz.mid").write_bytes(WALTZ)
    run_ok("humanize", tmp_path / "waltz.mid", "--out", tmp_path / "new.mid")
    drums = [n for n in NoteSequence.from_midi(tmp_path / "new.mid").notes if n.is_drum]
    assert [(n.step, n.pitch) for n in drums] == [(4 * beat, 36 if beat % 3 == 0 else 42) for beat in range(12)]
    assert len({n.velocity for n in drums}) > 3
    assert len({n.offset for n in drums}) > 3


def test_a_flam_stays_a_flam(tmp_path):
    flam = [Note(38, 4, velocity=90, is_drum=True), Note(38, 4, velocity=30, offset=-0.25, is_drum=True)]
    beat = NoteSequence([*flam, Note(36, 0, is_drum=True)], steps=32).save(tmp_path / "flam.mid")
    run_ok("humanize", beat, "--out", tmp_path / "new.mid")
    grace, main = (n for n in NoteSequence.from_midi(tmp_path / "new.mid").notes if n.pitch == 38)
    assert main.offset - grace.offset == pytest.approx(0.25, abs=0.01)
    assert grace.velocity < main.velocity


def test_the_drums_may_be_on_another_channel(tmp_path):
    hits = [event for step in (0, 8) for event in ((120 * step, note_on(36)), (120 * step + 60, note_off(36)))]
    (tmp_path / "export.mid").write_bytes(whole_file(track((0, meta(3, b"Loop 1")), *hits, end=1920)))
    assert "no drums" in str(failure("humanize", tmp_path / "export.mid"))
    run_ok("humanize", tmp_path / "export.mid", "--drums", "Loop 1", "--out", tmp_path / "new.mid")
    (only,) = mido.MidiFile(tmp_path / "new.mid").tracks
    assert {m.channel for m in only if m.type == "note_on"} == {0}
    assert [m.velocity for m in only if m.type == "note_on"] != [100, 100]


def test_a_beat_is_played_as_another_file_is(tmp_path):
    offsets = [0.0, 0.3, 0.0, 0.35]
    late = NoteSequence([Note(42, 4 * k, 1, 50 + 10 * k, offsets[k % 4], True) for k in range(8)], steps=32)
    beat = NoteSequence.from_steps({"kick": [0, 8, 16, 24], "snare": [4, 20]}, steps=64, qpm=97)
    files = [music.save(tmp_path / f"{name}.mid") for name, music in (("late", late), ("beat", beat))]
    run_ok("transfer-groove", files[1], "--groove", files[0])
    performed = NoteSequence.from_midi(tmp_path / "beat_groove.mid")
    assert [(n.step, n.pitch) for n in performed.notes] == [(n.step, n.pitch) for n in beat.notes]
    expected = transfer_groove(load("groove-hits"), NoteSequence.from_midi(files[0]), NoteSequence.from_midi(files[1]))
    assert [n.velocity for n in performed.notes] == [n.velocity for n in expected.notes]
    assert len({n.velocity for n in performed.notes}) > 2


@pytest.mark.parametrize("command", ["humanize", "add-hihat", "tap-to-drums", "transfer-groove"])
def test_a_file_without_notes_is_refused(tmp_path, command):
    silence = NoteSequence(steps=32).save(tmp_path / "silence.mid")
    assert "silence.mid: there are no notes" in str(failure(command, silence, *CHANGES_NOTHING_ELSE[command][:2]))
    assert file_names(tmp_path) == ["silence.mid"]


def test_taps_on_any_track_make_drums_on_a_new_one(tmp_path):
    taps = NoteSequence([Note(60, step) for step in (0, 3, 6, 10)], steps=32, qpm=97).save(tmp_path / "taps.mid")
    run_ok("tap-to-drums", taps)
    result = NoteSequence.from_midi(tmp_path / "taps_drums.mid")
    assert [n for n in result.notes if not n.is_drum] == list(NoteSequence.from_midi(taps).notes)
    assert any(n.is_drum for n in result.notes)
    assert (result.steps, result.qpm) == (32, 97)


@pytest.mark.parametrize("command", ["humanize", "add-hihat"])
def test_audio_of_a_loop_is_as_long_as_the_loop(command, tmp_path):
    beat = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16, qpm=97).save(tmp_path / "beat.mid")
    run_ok(command, beat, "--out", tmp_path / "beat.wav", "--loop")
    with wave.open(str(tmp_path / "beat.wav")) as sound:
        assert sound.getnframes() == round(4 * 60 / 97 * 44100)
