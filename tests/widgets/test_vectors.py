"""The test vectors that Python and JavaScript share, in Python; tests/js/vectors.test.mjs has the other half."""

import io
import json

import mido
import pytest

from latentpalette.latent.grids import bilinear_weights, cells_along
from latentpalette.music import midi
from latentpalette.music.accents import ACCENTS
from latentpalette.music.drums import REDUCED
from latentpalette.music.midi_text import encode_text
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.plots.colors import DARK_SHIFT, blend, to_hex
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.path import cell_label, playback_order
from latentpalette.widgets.playback import PlaybackSettings, join_in_phase, scale_velocities
from tests.vectors import make
from tests.widgets.fakes import CrossFade, clip_of

VECTORS = json.loads(make.FILE.read_text(encoding="utf-8"))


def hits_of(sequence):
    drums = {pitch: drum for drum, pitch in enumerate(VECTORS["pitches"])}
    return sorted([note.step, drums[note.pitch], note.velocity] for note in sequence.notes)


def grid(size, value):
    return [[value(row, col) for col in range(size)] for row in range(size)]


def test_the_file_has_what_its_script_writes():
    assert make.FILE.read_text(encoding="utf-8") == make.to_text(make.make())


def test_no_section_is_empty():
    assert all(VECTORS.values())


@pytest.mark.parametrize("entry", VECTORS["volumes"])
def test_the_velocities_of_streams_with_volumes(entry):
    clip = Clip.of([(0, 60 + at, 1, velocity, 0, stream) for at, (stream, velocity) in enumerate(entry["notes"])], 16)
    scaled = scale_velocities(clip, entry["volumes"]).notes
    assert [[int(note["stream"]), int(note["velocity"])] for note in scaled] == entry["scaled"]


@pytest.mark.parametrize(("key", "pitch"), VECTORS["drum_keys"])
def test_the_drum_that_a_key_plays(key, pitch):
    drum = REDUCED.class_of(key)
    assert (None if drum is None else REDUCED.exemplars[drum]) == pitch


@pytest.mark.parametrize("entry", VECTORS["weights"])
def test_bilinear_weights(entry):
    assert bilinear_weights(*entry["point"]).tolist() == entry["weights"]


@pytest.mark.parametrize("entry", VECTORS["cells"])
def test_the_cells_along_a_stroke(entry):
    assert [list(cell) for cell in cells_along(entry["points"], entry["size"])] == entry["cells"]


@pytest.mark.parametrize("entry", VECTORS["path_orders"])
def test_the_order_in_which_a_path_s_cells_are_played(entry):
    cells = [(0, col) for col in range(entry["cells"])]
    assert [col for _, col in playback_order(cells, entry["mode"])] == entry["order"]


@pytest.mark.parametrize("entry", VECTORS["cell_labels"], ids=lambda entry: str(entry["size"]))
def test_the_label_of_every_cell(entry):
    size = entry["size"]
    assert grid(size, lambda row, col: cell_label((row, col), size)) == entry["labels"]


def test_the_drums_and_their_accents():
    assert [list(lane) for lane in ACCENTS] == VECTORS["accents"]
    assert list(REDUCED.exemplars) == VECTORS["pitches"]


DRUMS = ModelClips.of(CrossFade())


def played(entry, tokens):
    settings = PlaybackSettings(DRUMS.lanes, entry["mutes"], entry["locks"], ACCENTS)
    return DRUMS.sequence(settings.apply(clip_of(tokens)))


@pytest.mark.parametrize("entry", VECTORS["loops"])
def test_the_hits_of_a_loop_with_locks_mutes_and_accents(entry):
    assert hits_of(played(entry, entry["tokens"])) == entry["hits"]


@pytest.mark.parametrize("entry", VECTORS["paths"])
def test_the_hits_of_a_path(entry):
    path = join_in_phase([played(entry, cell) for cell in entry["cells"]], entry["bars_per_cell"])
    assert path.steps == entry["steps"]
    assert hits_of(path) == entry["hits"]


@pytest.mark.parametrize("entry", VECTORS["joined"])
def test_held_notes_of_loops_one_after_the_other(entry):
    loops = [NoteSequence([Note(pitch, step, length) for step, pitch, length in loop], 32) for loop in entry["loops"]]
    joined = join_in_phase(loops, 1).notes
    assert [[note.step, note.pitch, note.length] for note in joined] == entry["notes"]


def events_of(data):
    """The events of a MIDI file that sound or that a sequencer shows: tick, kind and values, sorted."""
    events = []
    for track in mido.MidiFile(file=io.BytesIO(data), charset="utf-8").tracks:
        tick = 0
        for message in track:
            tick += message.time
            match message.type:
                case "set_tempo":
                    events.append([tick, "tempo", message.tempo])
                case "time_signature":
                    events.append([tick, "time_signature", message.numerator, message.denominator])
                case "marker":
                    events.append([tick, "marker", message.text])
                case "note_on" if message.velocity:
                    assert message.channel == 9
                    events.append([tick, "note_on", message.note, message.velocity])
                case "note_on" | "note_off":
                    events.append([tick, "note_off", message.note])
                case "text":
                    assert message.text == midi.END_MARKER
                    events.append([tick, "end"])
    return sorted(events)


def song_of(entry):
    notes = [Note(VECTORS["pitches"][drum], step, 1, velocity, 0.0, True) for step, drum, velocity in entry["hits"]]
    return NoteSequence(notes, entry["steps"], entry["qpm"])


@pytest.mark.parametrize("entry", VECTORS["songs"])
def test_the_music_in_a_midi_file(entry):
    assert events_of(midi.to_bytes(song_of(entry), markers=entry["markers"])) == entry["events"]


@pytest.mark.parametrize("entry", VECTORS["songs"])
def test_the_browser_s_file_has_the_same_music_and_ends_where_ours_does(entry):
    data = bytes.fromhex(entry["hex"])
    end = entry["events"].index([entry["steps"] * make.TICKS_PER_STEP, "end"])
    assert events_of(data) == entry["events"][:end] + entry["events"][end + 1 :]
    lengths = {sum(message.time for message in track) for track in mido.MidiFile(file=io.BytesIO(data)).tracks}
    assert lengths == {entry["events"][end][0]}


@pytest.mark.parametrize("entry", VECTORS["texts"], ids=lambda entry: ascii(entry["text"]))
def test_the_spelling_of_texts_in_files(entry):
    assert encode_text(entry["text"]).decode() == entry["spelled"]


@pytest.mark.parametrize("entry", VECTORS["songs"])
def test_both_files_are_read_as_the_same_music(entry):
    ours, browsers = (song_of(entry), bytes.fromhex(entry["hex"]))
    assert midi.read(browsers) == midi.read(midi.to_bytes(ours)) == ours


@pytest.mark.parametrize(("theme", "lift"), [("light", 0.0), ("dark", -DARK_SHIFT)])
def test_the_color_of_every_cell(theme, lift):
    colors = VECTORS["colors"][theme]
    size = len(colors)
    ours = grid(size, lambda row, col: to_hex(blend(bilinear_weights(col / (size - 1), row / (size - 1)), lift=lift)))
    assert ours == colors
