"""The audio engine in a real browser: its output, sample by sample."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
import soundfile

from tests.browser.audio_page import onsets, samples

RATE = 44_100
START = 0.05  # from the click to the first beat

# --- output ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("qpm", [60, 120, 173])
def test_onsets_lie_within_a_millisecond_of_the_tempo_over_several_loops(audio_page, qpm):
    steps = [0, 3, 8, 17, 31]
    signal = samples(
        audio_page(
            """
            const context = new OfflineAudioContext(2, 44100 * 20, 44100);
            const sound = bench.offline(context);
            sound.player.play(helpers.loopOf(given.steps, { qpm: given.qpm }));
            return bench.packed(await sound.render());
            """,
            steps=steps,
            qpm=qpm,
        )
    )
    step = 60 / qpm / 4
    ideal = [START + (32 * lap + at) * step for lap in range(12) for at in steps]
    times = onsets(signal) / RATE
    assert np.abs(times - ideal[: len(times)]).max() < 0.001
    assert len(times) == sum(time < 20 for time in ideal)


@pytest.mark.parametrize("rate", [22_050, 48_000, 96_000])
def test_a_kit_of_another_rate_than_the_page_s_context_plays_in_time(audio_page, rate):
    signal = samples(
        audio_page(
            """
            const context = new OfflineAudioContext(2, 44100 * 10, 44100);
            const sound = bench.offline(context, { kit: helpers.clicks({ rate: given.rate }) });
            sound.player.play(helpers.loopOf([0, 3, 8, 17, 31], { qpm: 173 }));
            return bench.packed(await sound.render());
            """,
            rate=rate,
        )
    )
    step = 60 / 173 / 4
    ideal = np.array([START + (32 * lap + at) * step for lap in range(4) for at in (0, 3, 8, 17, 31)])
    times = onsets(signal, 0.12) / RATE
    times = times[np.diff(times, prepend=0) > 0.001]  # interpolated, an attack may take two frames
    assert len(times) == sum(ideal < 10)
    assert np.abs(times - ideal[: len(times)]).max() < 0.001


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_changes_take_over_without_gap_click_or_doubling(audio_page, rate):
    """Every drum rings far into the next cell: what comes out is the sum of the hits that were due."""
    signal, wanted, changes = audio_page(
        """
        const context = new OfflineAudioContext(2, given.rate * 8, given.rate);
        const kit = helpers.clicks({ length: 9000, ring: 60000, rate: given.rate });
        const sound = bench.offline(context, { kit });
        const notes = [];
        let until = 0;
        let changes = 0;
        const collectNotes = () => {
          notes.push(...sound.player.notesBetween(until, context.currentTime));
          until = context.currentTime;
        };
        sound.every(0.0401, (count) => {
          collectNotes();
          const places = Array.from({ length: 32 }, (_, step) => step).filter((step) => step % (1 + (count % 4)) === 0);
          const loop = helpers.loopOf(places, { drum: count % 9, velocity: 30 + count / 4, qpm: 110 + (count % 3) });
          if (count % 5 < 2) sound.player.change(loop, ["step", "step", "beat"][count++ % 3]), changes++;
        });
        sound.player.play(helpers.loopOf([0, 4, 8, 12, 16, 20, 24, 28], { drum: 7 }));
        const signal = await sound.render();
        sound.finish();
        collectNotes();
        return [bench.packed(signal), bench.packed(bench.sum(notes, kit, context)), changes];
        """,
        rate=rate,
    )
    signal, wanted = samples(signal), samples(wanted)
    until = int(7.9 * rate)
    assert changes > 40
    assert np.abs(wanted[:until]).max() > 0.3
    assert np.abs(signal[:until] - wanted[:until]).max() < 2e-4


def test_the_loudest_music_stays_below_full_scale_whatever_is_tapped_on_top(audio_page):
    signal = samples(
        audio_page(
            """
            const context = new OfflineAudioContext(2, 44100 * 4, 44100);
            const kit = helpers.clicks({ length: 20000, ring: 60000 });
            const sound = bench.offline(context, { kit });
            const steps = Array.from({ length: 32 }, (_, step) => step);
            const lanes = Array.from({ length: 9 }, (_, drum) => helpers.loopOf(steps, { drum, velocity: 127 }).notes);
            sound.player.play({ notes: lanes.flat(), steps: 32, qpm: 240 });
            sound.every(0.3, () => sound.player.tap({ stream: 0, pitch: 49, velocity: 127 }));
            return bench.packed(await sound.render());
            """
        )
    )
    assert 0.57 < np.abs(signal).max() < 0.596  # -4.5 dB


def test_volume_moves_without_a_jump_and_silence_is_silence(audio_page):
    signal = samples(
        audio_page(
            """
            const context = new OfflineAudioContext(2, 44100 * 2, 44100);
            const constant = helpers.clicks({ length: 44100 * 3, ring: 1 });
            helpers.soundOfDrum(constant, 0).samples.fill(0.5);
            const sound = bench.offline(context, { kit: constant });
            sound.player.play(helpers.loopOf([0]));
            sound.at(0.5, () => sound.player.setVolume(0.5));
            sound.at(1, () => sound.player.setSilent(true));
            sound.at(1.5, () => sound.player.stop());
            return bench.packed(await sound.render());
            """
        )
    )
    full, half, none = (signal[int(time * RATE)] for time in (0.4, 0.9, 1.4))
    assert full > 0.1
    assert half == pytest.approx(full / 4, rel=1e-3)
    assert none == 0
    jumps = np.abs(np.diff(signal[int(0.2 * RATE) :]))
    assert jumps.max() < full / 100


def test_stop_fades_within_a_hundredth_of_a_second(audio_page):
    signal = samples(
        audio_page(
            """
            const context = new OfflineAudioContext(2, 44100 * 2, 44100);
            const sound = bench.offline(context, { kit: helpers.clicks({ ring: 90000 }) });
            sound.player.play(helpers.loopOf([0], { drum: 7 }));
            sound.at(1, () => sound.player.stop());
            return bench.packed(await sound.render());
            """
        )
    )
    stopped = RATE  # sounding up to here
    assert signal[stopped - 100] > 0.1
    assert np.abs(np.diff(signal[stopped - 100 :])).max() < 0.01
    assert np.abs(signal[stopped + int(0.012 * RATE) :]).max() == 0


def test_a_path_sounds_exactly_as_its_wav_file(audio_page):
    """Cell for cell and sample for sample, to the sixteen bits of the file."""
    signal, saved = audio_page(
        """
        const kit = helpers.clicks({ length: 9000, ring: 50000 });
        const crash = Array.from({ length: 32 }, (_, step) => +(step % 16 === 15)); // rings on, past the end as well
        const locks = [...Array(7).fill(null), crash, null];
        const points = [[0, 0], [1, 0], [1, 1]];
        const state = palette.exported({ points, bars_per_cell: 1, path_mode: "once", locks });
        const { bytes } = exports.pathWav(state, kit);
        const context = new OfflineAudioContext(2, 44100 * 13, 44100);
        const sound = bench.offline(context, { kit });
        bench.followPath(sound.player, state, kit);
        return [bench.packed(await sound.render()), bench.text(bytes)];
        """
    )
    file, rate = soundfile.read(io.BytesIO(base64.b64decode(saved)), dtype="float32")
    first = int(START * rate)
    live = samples(signal)[first : first + len(file)]
    assert len(file) == len(live) > 10 * rate
    assert np.abs(live - file[:, 0]).max() < 2 / 32768


def test_an_exported_loop_repeats_without_a_seam(audio_page):
    """Two copies, one after the other, are the middle of three laps played in one go."""
    saved, laps = audio_page(
        """
        const kit = helpers.clicks({ length: 9000, ring: 30000 });
        const crash = Array.from({ length: 32 }, (_, step) => +(step === 31));
        const state = palette.exported({ qpm: 173, locks: [...Array(7).fill(null), crash, null] });
        const { bytes } = exports.cellWav(state, kit);
        const context = new OfflineAudioContext(2, 44100 * 12, 44100);
        const sound = bench.offline(context, { kit });
        bench.playCell(sound.player, state, kit);
        return [bench.text(bytes), bench.packed(await sound.render())];
        """
    )
    loop, _ = soundfile.read(io.BytesIO(base64.b64decode(saved)), dtype="float32")
    first = int(START * RATE) + len(loop)
    twice = np.concatenate([loop, loop])[:, 0]
    assert np.abs(samples(laps)[first : first + 2 * len(loop)] - twice).max() < 2 / 32768


# --- what the audio thread does while the page is busy ----------------------------------------------------------


def test_a_path_goes_on_in_time_while_the_page_is_blocked_for_two_and_a_half_seconds(audio_page):
    """Recorded on the audio thread of a real AudioContext. Cell 1 begins while nothing else in the page can run."""
    recorded, notified, rate = audio_page(
        """
        const context = new AudioContext();
        const recorder = await bench.recorder(context);
        const notified = [];
        const sound = player.createPlayer({ context, destination: recorder.input, kit: helpers.clicks() });
        sound.followPath({
          count: 3,
          barsPerCell: 1,
          mode: "once",
          loopOf: (cell) => helpers.loopOf([0, 3 + cell, 16, 19 + cell], { qpm: 120 }),
          onCell: (cell) => {
            notified.push(cell);
            if (cell > 0) return;
            const until = performance.now() + 2500;
            while (performance.now() < until);
          },
        });
        const samples = await recorder.record(7);
        sound.dispose();
        const { sampleRate } = context;
        await context.close();
        return [bench.text(new Uint8Array(samples.buffer)), notified, sampleRate];
        """
    )
    times = onsets(samples(recorded)) / rate
    wanted = np.array([0, 3, 16, 20, 32, 37]) * 0.125
    assert np.abs(times - times[0] - wanted).max() < 0.001
    assert notified == [0, 1, 2]


def test_the_timer_ticks_from_a_worker(audio_page):
    ticks = audio_page(
        """
        return await new Promise((done) => {
          let count = 0;
          const tick = () => ++count === 5 && (timer.dispose(), done(count));
          const timer = workertimer.createWorkerTimer(tick, { milliseconds: 5 });
          timer.start();
        });
        """
    )
    assert ticks == 5


def test_the_timer_ticks_from_the_page_where_workers_are_forbidden(audio_page):
    ticks = audio_page(
        """
        const policy = document.createElement("meta");
        policy.httpEquiv = "Content-Security-Policy";
        policy.content = "worker-src 'none'";
        document.head.append(policy);
        return await new Promise((done) => {
          let count = 0;
          const tick = () => ++count === 3 && (timer.dispose(), done(count));
          const timer = workertimer.createWorkerTimer(tick, { milliseconds: 5 });
          timer.start();
        });
        """
    )
    assert ticks == 3


def test_palettes_share_one_context_and_only_one_plays(audio_page):
    shared, states = audio_page(
        """
        const states = [];
        const kit = helpers.clicks();
        const make = (name) => player.createPlayer({ kit, onChange: (state) => states.push(`${name} ${state}`) });
        const [one, other] = [make("one"), make("other")];
        await audiocontext.sharedContext(44100).resume();
        one.play(helpers.loopOf([0]));
        other.play(helpers.loopOf([0]));
        const shared = one.context === other.context && one.context === globalThis[Symbol.for("latentpalette.audio")];
        one.dispose();
        other.dispose();
        return [shared, states, audiocontext.sharedContext(44100).state];
        """
    )[:2]
    assert shared
    assert states == ["one playing", "one stopped", "other playing", "other stopped"]


# --- MIDI out ---------------------------------------------------------------------------------------------------


def test_a_browser_that_refuses_midi_gets_an_explanation(audio_page):
    message = audio_page(
        """
        navigator.requestMIDIAccess = () => Promise.reject(new DOMException("no", "NotAllowedError"));
        const sound = player.createPlayer({ kit: helpers.clicks() });
        const out = midiout.createMidiOut({ navigator, player: sound, streams: helpers.STREAMS });
        await out.ask();
        out.dispose();
        sound.dispose();
        return out.message;
        """
    )
    assert "did not allow MIDI" in message
