"""Kits in a real browser: what it decodes of the compressed sounds, and what it plays of them."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from latentpalette.audio.kit import kit_of
from latentpalette.music.drums import REDUCED
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream
from tests.browser.audio_page import samples

RATE = 44_100
START = 0.05  # from the click to the first beat
MELODY = Stream("melody", program=73, low=48, high=84)  # a flute
ORGAN = Stream("melody", program=16, low=48, high=84)  # the flute of the SoundFont is out of tune itself
BASS = Stream("bass", program=33, low=28, high=55)


def kit_json(streams, *, compressed=True):
    data, index = kit_of(streams).packed(compressed=compressed)
    return {"data": base64.b64encode(data).decode(), "index": index, "rate": RATE}


def clip_json(notes, steps):
    return {
        "steps": steps,
        "notes": [
            {"step": step, "offset": offset, "length": length, "pitch": pitch, "velocity": velocity, "stream": stream}
            for step, pitch, length, velocity, offset, stream in notes
        ],
    }


def playing(audio_page, streams, notes, *, steps=32, qpm=120, seconds=4.0):
    """What is heard of notes [step, pitch, length, velocity, offset, stream], both channels summed."""
    left, right, *_ = audio_page(
        "return await bench.playClip(given.clip, { ...given, kit: await bench.kitOf(given.kit) });",
        kit=kit_json(streams),
        clip=clip_json(notes, steps),
        qpm=qpm,
        seconds=seconds,
    )
    return samples(left) + samples(right)


def level(signal, start, seconds=0.02):
    part = signal[round((START + start) * RATE) : round((START + start + seconds) * RATE)]
    return 10 * np.log10(np.mean(part**2) + 1e-12)


def frequency_of(signal, near):
    """By the lag at which a signal is most like itself, within two semitones of a frequency."""
    likeness = np.fft.irfft(np.abs(np.fft.rfft(signal, 2 * len(signal))) ** 2)
    first = int(RATE / near / 1.12)
    lag = first + int(np.argmax(likeness[first : int(RATE / near * 1.12)]))
    before, at, after = likeness[lag - 1 : lag + 2]
    return RATE / (lag + (before - after) / (2 * (before - 2 * at + after)))


@pytest.mark.parametrize("stream", [Stream.drums(REDUCED), MELODY, BASS], ids=lambda stream: stream.name)
def test_the_browser_finds_every_compressed_sound_at_its_place_to_the_frame(audio_page, stream):
    kits = [kit_json([stream], compressed=compressed) for compressed in (True, False)]
    decoded = audio_page(
        """
        const opened = await Promise.all(given.kits.map((kit) => bench.kitOf(kit)));
        return opened.map((kit) => kit.streams[0].sounds.map((sound) => bench.packed(sound.samples)));
        """,
        kits=kits,
    )
    for entry, *both in zip(kits[0]["index"], *decoded, strict=True):
        mp3, wav = (samples(text)[:8192] for text in both)
        products = np.correlate(np.pad(mp3, 64), wav, "valid")
        assert int(np.argmax(products)) - 64 == 0, entry["name"]
        assert products.max() == pytest.approx(np.sum(wav**2), rel=0.1)


@pytest.mark.parametrize("qpm", [60, 120, 173])
def test_notes_of_all_streams_begin_within_a_millisecond(audio_page, qpm):
    """The bass has a sharp attack; what begins is louder within a few milliseconds."""
    notes = [(4 * at, 40 + at, 2, 100, 0.25 * (at % 2), 0) for at in range(4)]
    signal = playing(audio_page, [BASS], notes, steps=16, qpm=qpm, seconds=16 * 15 / qpm)
    step = 15 / qpm
    for at in range(4):
        first = round((START + (4 * at + 0.25 * (at % 2)) * step) * RATE)
        before, after = signal[first - 441 : first - 44], signal[first + 44 : first + 441]
        assert np.abs(after).max() > 20 * np.abs(before).max() + 0.01


@pytest.mark.parametrize("pitch", range(58, 71))
def test_every_pitch_is_in_tune(audio_page, pitch):
    signal = playing(audio_page, [ORGAN], [(0, pitch, 30, 100, 0, 0)])
    near = 440 * 2 ** ((pitch - 69) / 12)
    for start in (0.5, 2.5):  # recorded, and repeated
        part = signal[round(start * RATE) : round((start + 0.5) * RATE)]
        assert 1200 * np.log2(frequency_of(part, near) / near) == pytest.approx(0, abs=10)


def test_a_note_is_held_for_its_length_and_released_without_a_click(audio_page):
    signal = playing(audio_page, [MELODY], [(0, 72, 8, 100, 0, 0), (16, 72, 12, 100, 0, 0)])
    assert level(signal, 0.9) == pytest.approx(level(signal, 0.5), abs=3)
    assert level(signal, 3.4) == pytest.approx(level(signal, 2.5), abs=3)
    for end in (1.0, 3.5):
        assert level(signal, end + 0.4) < level(signal, end - 0.1) - 50
    jumps = np.abs(np.diff(signal))
    assert jumps.max() < 1.2 * jumps[round((START + 0.3) * RATE) : round((START + 0.9) * RATE)].max()


def test_a_trio_has_the_balance_that_python_renders(audio_page):
    """Each stream alone, in the mix of the browser and in Python's, at one gain for all."""
    streams = [MELODY, BASS, Stream.drums(REDUCED)]
    notes = [(4 * at, 60 + at, 4, 100, 0, 0) for at in range(8)] + [(8 * at, 36 + at, 8, 100, 0, 1) for at in range(4)]
    notes += [(8 * at + part, pitch, 1, 100, 0, 2) for at in range(4) for part, pitch in ((0, 36), (4, 38), (2, 42))]
    alone = audio_page(
        """
        const kit = await bench.kitOf(given.kit);
        return [0, 1, 2].map((stream) => {
          const notes = given.clip.notes.filter((note) => note.stream === stream);
          const { left, right } = mixer.mixLap({ ...given.clip, notes, qpm: 120, kit });
          return [bench.packed(left), bench.packed(right)];
        });
        """,
        kit=kit_json(streams),
        clip=clip_json(notes, 32),
    )
    ours = [10 * np.log10(sum(np.mean(samples(channel) ** 2) for channel in pair)) for pair in alone]
    theirs = []
    for number, stream in enumerate(streams):
        own = [
            Note(pitch, step, length, velocity, 0.0, stream.is_drum, stream.program)
            for step, pitch, length, velocity, _, of in notes
            if of == number
        ]
        sound = NoteSequence(own, 32).sound(loop=True, loudness=None)
        theirs.append(10 * np.log10(np.mean(sound.samples**2, axis=1).sum()))
    difference = np.array(ours) - theirs
    assert np.abs(difference - difference.mean()).max() < 1.5
