"""The kinds of cases by their names."""

import contextlib
import io

from tests.fuzz import archives, checkpoints, corpora, messages, midi, rewrites, song_values, soundfonts, texts, widgets
from tests.fuzz.harness import Kind

with contextlib.redirect_stdout(io.StringIO()):  # where $CI is set it prints a path
    import pretty_midi  # noqa: F401 # it looks for FluidSynth with a process of its own: once, before any case

KINDS: dict[str, Kind] = {
    "midi": midi.fuzz_valid,
    "midi-damaged": midi.fuzz_damaged,
    "midi-noise": midi.fuzz_noise,
    "model-folder": checkpoints.fuzz_folder,
    "model-side-files": checkpoints.fuzz_side_files,
    "model-bundle": checkpoints.fuzz_bundle,
    "model-tfjs": checkpoints.fuzz_tfjs,
    "soundfont": soundfonts.fuzz_tables,
    "soundfont-damaged": soundfonts.fuzz_bytes,
    "soundfont-fluidsynth": soundfonts.fuzz_chosen_engine,
    "replace-drums": rewrites.fuzz_replace_drums,
    "replace-drums-damaged": rewrites.fuzz_damaged,
    "zip": archives.fuzz_zip,
    "tar": archives.fuzz_tar,
    "archive-one-flip": archives.fuzz_one_flip,
    "songs-folder": archives.fuzz_songs_folder,
    "corpus": corpora.fuzz_file,
    "corpus-staging": corpora.fuzz_staging,
    "song-values": song_values.fuzz_values,
    "song-requests": song_values.fuzz_requests,
    "requests": messages.fuzz_requests,
    "states": messages.fuzz_states,
    "roll-requests": widgets.fuzz_roll_requests,
    "palette-settings": widgets.fuzz_settings,
    "palette-source": widgets.fuzz_source,
    "chords": texts.fuzz_chords,
    "names": texts.fuzz_names,
}
