"""Peak memory of building a corpus, by the number of files: ``python -m benchmarks.corpus 10000 100000``.

Each file is a different drum loop of a few hundred bytes, in one archive; each corpus is built in a fresh process.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from latentpalette.data.build import build_corpus_file

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


if __name__ == "__main__":
    if len(sys.argv) == 2:
        kilobytes, text = measure_peak(int(sys.argv[1]))
        print(f"{int(sys.argv[1]):>8} files: {kilobytes / 1000:.0f} MB peak; {text}", flush=True)
    else:
        for count in sys.argv[1:]:
            subprocess.run([sys.executable, "-m", "benchmarks.corpus", count], check=True)
