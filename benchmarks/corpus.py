"""Speed of reading MIDI files, and peak memory of building a corpus, by the number of files.

``python -m benchmarks.corpus 10000 100000`` builds corpora of so many files, each in a fresh process. Each file is a
different drum loop of a few hundred bytes, and all are in one archive. ``python -m benchmarks.corpus FOLDER`` reads the
MIDI files of a folder, and compares the time with pretty_midi's.
"""

from __future__ import annotations

import contextlib
import io
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import pretty_midi

from benchmarks.timing import interleaved
from latentpalette.data.build import build_corpus_file
from latentpalette.errors import MidiError
from latentpalette.music import midi

SPEC = {"name": "drums", "steps": 32, "drum_map": "reduced"}


def make_loop(number: int) -> bytes:
    """Return a MIDI file of two bars of sixteenths; the number's digits in base 3 are the drums."""
    events = bytearray()
    for _ in range(32):
        number, digit = divmod(number, 3)
        drum = (36, 38, 42)[digit]
        events += bytes((0, 0x99, drum, 80, 24, 0x99, drum, 0))
    track = bytes(events) + b"\x00\xff\x2f\x00"
    return b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk" + len(track).to_bytes(4, "big") + track


def measure_peak(files: int) -> tuple[int, str]:
    """Build a corpus of this many files; return the peak resident size [kB] and a summary of the corpus."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "loops.tar"
        with tarfile.open(archive, "w") as packed:
            for number in range(files):
                member = tarfile.TarInfo(f"{number:06}.mid")
                member.size = len(make_loop(number))
                packed.addfile(member, io.BytesIO(make_loop(number)))
                packed.members.clear()
        built = build_corpus_file(Path(folder) / "corpus.npz", [archive], SPEC, workers=0)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, built.summary


def measure_reading(files: Sequence[bytes]) -> tuple[float, float]:
    """Return how many MIDI files are read in a second of CPU time, and how many times as fast as by pretty_midi."""

    def read_all() -> None:
        for data in files:
            with contextlib.suppress(MidiError):
                midi.read_score(data)

    def read_all_with_pretty_midi() -> None:
        for data in files:
            with contextlib.suppress(Exception):  # nearly any, for a damaged file
                pretty_midi.PrettyMIDI(io.BytesIO(data))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        functions = {"ours": read_all, "pretty_midi": read_all_with_pretty_midi}
        milliseconds = interleaved(functions, min_rounds=3, clock=time.process_time)
    return 1e3 * len(files) / milliseconds["ours"], milliseconds["pretty_midi"] / milliseconds["ours"]


def print_reading(title: str, files: Sequence[bytes]) -> None:
    rate, ratio = measure_reading(files)
    print(f"{title}: {rate:,.0f} files/s are read, {ratio:.1f} times as many as by pretty_midi", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 2 and Path(sys.argv[1]).is_dir():
        songs = [path.read_bytes() for path in sorted(Path(sys.argv[1]).rglob("*.mid"))]
        print_reading(f"{len(songs)} files of {sys.argv[1]}", songs)
    elif len(sys.argv) == 2:
        kilobytes, text = measure_peak(int(sys.argv[1]))
        print(f"{int(sys.argv[1]):>8} files: {kilobytes / 1000:.0f} MB peak; {text}", flush=True)
    else:
        print_reading("drum loops", [make_loop(number) for number in range(500)])
        for count in sys.argv[1:]:
            subprocess.run([sys.executable, "-m", "benchmarks.corpus", count], check=True)
