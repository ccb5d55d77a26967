"""One loudness in a real Chromium: what a palette plays and exports, what a roll plays, what Python saves."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
import soundfile

from latentpalette.audio.kit import kit_of
from latentpalette.audio.leveling import TARGET_LOUDNESS
from latentpalette.audio.sound import Sound
from latentpalette.music.accents import ACCENTS
from latentpalette.music.drums import REDUCED
from latentpalette.music.presets import presets
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.palette_traits import PaletteTraits
from latentpalette.widgets.roll_sounds import render_roll_sound, sound_mime_type
from tests.browser.audio_page import samples
from tests.widgets.fakes import CrossFade, clip_of

RATE = 44_100
START = round(0.03 * RATE)  # a click is heard that much later


@pytest.fixture(scope="module")
def kit():
    return kit_json([Stream.drums(REDUCED)])


def kit_json(streams):
    data, index = kit_of(streams).packed()
    return {"data": base64.b64encode(data).decode(), "index": index, "rate": RATE}


def stereo(left: str, right: str) -> Sound:
    return Sound(np.stack([samples(left), samples(right)]), RATE)


def decoded(data: bytes) -> Sound:
    content, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    return Sound(np.ascontiguousarray(content.T), rate)


def in_browser(audio_page, kit, tokens, seconds: float = 13.0):
    """What a palette plays live for a while, at the volume that it begins with, and what it exports as a WAV file."""
    left, right, saved = audio_page(
        """
        const kit = await bench.kitOf(given.kit);
        const cells = Uint16Array.from({ length: 9 * 32 }, (_, at) => given.tokens[at % 32]);
        const changes = { cells, use_original_corners: false, accents: given.accents };
        const state = palette.exported(changes);
        const context = new OfflineAudioContext(2, Math.round(44100 * given.seconds), 44100);
        const sound = bench.offline(context, { kit });
        bench.playCell(sound.player, state, kit);
        sound.player.setVolume(given.volume);
        const buffer = await sound.renderBuffer();
        const channels = [0, 1].map((channel) => bench.packed(buffer.getChannelData(channel)));
        return [...channels, bench.text(exports.cellWav(state, kit).bytes)];
        """,
        kit=kit,
        tokens=[int(token) for token in tokens],
        accents=[list(lane) for lane in ACCENTS],
        seconds=seconds,
        volume=PaletteTraits.volume.default(),
    )
    return stereo(left, right), decoded(base64.b64decode(saved))


def in_roll(audio_page, sequence: NoteSequence) -> Sound:
    """What the player of a roll plays when a loop is played for the second time."""
    sound = render_roll_sound(sequence)
    left, right = audio_page(
        """
        const bytes = Uint8Array.from(atob(given.sound), (letter) => letter.charCodeAt(0));
        const context = new OfflineAudioContext(2, Math.ceil(44100 * given.seconds * 2 + 4410), 44100);
        const file = { bytes, type: given.type, ...given.facts };
        const sound = await soundfile.openSound(context, file);
        let left = 1;
        const list = playlist.createPlaylist({
          context,
          loadSound: async () => sound,
          secondsOf: () => given.seconds,
          nextOf: () => (left-- > 0 ? 0 : null),
          onTurn() {},
          onEnd() {},
          onError(problem) { throw problem; },
          aheadSeconds: Infinity,
          makeTimer: () => ({ start() {}, stop() {}, dispose() {} }),
        });
        list.start(0, 0);
        await new Promise((done) => setTimeout(done)); // what is promised is there, and put on the clock
        const buffer = await context.startRendering();
        return [0, 1].map((channel) => bench.packed(buffer.getChannelData(channel)));
        """,
        sound=base64.b64encode(sound.data).decode(),
        type=sound_mime_type(),
        facts=sound.facts,
        seconds=sequence.seconds,
    )
    played = stereo(left, right)
    length = round(sequence.seconds * RATE)
    return Sound(played.samples[:, START + sound.lead + length :][:, :length], RATE)


@pytest.mark.parametrize("name", ["Four on the floor", "Boom bap", "Half-time", "Samba", "Trap"])
def test_a_beat_is_as_loud_in_a_palette_in_a_roll_and_in_every_file(audio_page, kit, name, tmp_path):
    tokens = CrossFade().converter.tokens(presets()[name])
    live, exported = in_browser(audio_page, kit, tokens)
    beat = ModelClips.of(CrossFade()).sequence(clip_of(tokens))
    roll = repeated(in_roll(audio_page, beat))
    saved = decoded(beat.save(tmp_path / "beat.wav").read_bytes())
    looped = beat.sound(loop=True)
    all_of_them = [live, exported, roll, saved, looped]
    loudness = [sound.loudness for sound in all_of_them]
    assert loudness == pytest.approx([TARGET_LOUDNESS] * 5, abs=2)
    assert np.ptp(loudness) < 1
    assert max(sound.true_peak for sound in all_of_them) < -1


def clip_in_browser(audio_page, streams, notes, steps, seconds):
    """What a clip of notes [step, pitch, length, velocity, stream] is live, and as an exported loop."""
    names = ("step", "pitch", "length", "velocity", "stream")
    clip = {"steps": steps, "notes": [{**dict(zip(names, note, strict=True)), "offset": 0} for note in notes]}
    left, right, *exported = audio_page(
        "return await bench.playClip(given.clip, { ...given, kit: await bench.kitOf(given.kit) });",
        kit=kit_json(streams),
        clip=clip,
        qpm=120,
        seconds=seconds,
        volume=PaletteTraits.volume.default(),
    )
    return stereo(left, right), repeated(stereo(*exported))


def repeated(loop: Sound) -> Sound:
    """A loop as it is played, for some time: what is measured of one lap depends on where it begins."""
    return Sound(np.tile(loop.samples, 3), RATE)


def sequence_of(streams, notes, steps):
    return NoteSequence(
        [
            Note(pitch, step, length, velocity, 0.0, streams[of].is_drum, streams[of].program)
            for step, pitch, length, velocity, of in notes
        ],
        steps,
    )


QUARTERS = [(4 * at, 60 + (0, 2, 4, 5, 7, 9, 11, 12)[at], 4, 80, 0) for at in range(8)]
LONG_AND_SOFT = [(0, 64, 16, 50, 0), (16, 60, 16, 40, 0)]
SHORT = [(3 * at, 72 + at % 5, 1, 70 + 5 * at, 0) for at in range(10)]


# Piano, marimba, bass, strings, flute, a synthesizer.
@pytest.mark.parametrize("program", [0, 12, 33, 48, 73, 81])
def test_a_melody_is_as_loud_everywhere(audio_page, program):
    streams = [Stream("melody", program=program, low=48, high=84)]
    for notes in (QUARTERS, LONG_AND_SOFT, SHORT):
        tune = sequence_of(streams, notes, 32)
        sounds = [
            *clip_in_browser(audio_page, streams, notes, 32, 12.05),
            repeated(in_roll(audio_page, tune)),
            repeated(tune.sound(loop=True)),
        ]
        loudness = [sound.loudness for sound in sounds]
        assert loudness == pytest.approx([TARGET_LOUDNESS] * 4, abs=2)
        assert np.ptp(loudness) < 1, loudness
        assert max(sound.true_peak for sound in sounds) < -1


@pytest.mark.parametrize(("melody", "bass"), [(0, 33), (56, 38)])
def test_a_trio_is_as_loud_everywhere(audio_page, melody, bass):
    streams = [
        Stream("melody", program=melody, low=48, high=84),
        Stream("bass", program=bass, low=28, high=55),
        Stream.drums(REDUCED),
    ]
    notes = [(4 * at, 60 + (7 * at) % 17, 3 + at % 3, 80, 0) for at in range(16)]
    notes += [(8 * at, 36 + (5 * at) % 9, 7, 90, 1) for at in range(8)]
    notes += [
        (8 * at + part, pitch, 1, 90, 2) for at in range(8) for part, pitch in ((0, 36), (4, 38), (2, 42), (6, 42))
    ]
    trio = sequence_of(streams, notes, 64)
    sounds = [
        *clip_in_browser(audio_page, streams, notes, 64, 16.05),
        repeated(in_roll(audio_page, trio)),
        repeated(trio.sound(loop=True)),
    ]
    loudness = [sound.loudness for sound in sounds]
    assert loudness == pytest.approx([TARGET_LOUDNESS] * 4, abs=2)
    assert np.ptp(loudness) < 1, loudness
    assert max(sound.true_peak for sound in sounds) < -1


@pytest.mark.parametrize("name", ["Boom bap", "Samba"])
def test_a_roll_repeats_as_the_file_of_the_loop_does_to_the_frame(audio_page, name):
    beat = presets()[name]
    played, saved = in_roll(audio_page, beat).mono, beat.sound(loop=True).mono
    shifts = {shift: np.corrcoef(np.roll(played, shift), saved)[0, 1] for shift in range(-3, 4)}
    assert max(shifts, key=shifts.get) == 0
    assert shifts[0] > 0.97, "but for what an MP3 loses"


def test_a_melody_in_a_roll_is_as_loud_as_a_beat(audio_page):
    tune = NoteSequence([Note(60 + 2 * at, 4 * at, 4, 90) for at in range(8)], 32)
    sound = repeated(in_roll(audio_page, tune))
    assert sound.loudness == pytest.approx(TARGET_LOUDNESS, abs=0.5)
    assert sound.true_peak < -1


@pytest.mark.parametrize("drum", range(9))
def test_a_beat_of_one_drum_alone_is_as_loud(audio_page, kit, drum):
    tokens = [1 << drum if step % 4 == 0 else 0 for step in range(32)]
    live, exported = in_browser(audio_page, kit, tokens, seconds=9.0)
    for sound in (live, exported):
        assert sound.loudness == pytest.approx(TARGET_LOUDNESS, abs=2)
        assert sound.true_peak < -1
