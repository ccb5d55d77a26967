"""How much memory a corpus takes to build, by the number of its files: ``python -m benchmarks.corpus 10000 100000``.

Each file is a drum loop of its own, a few hundred bytes, in one archive; each number is built by a fresh process.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from latentpalette.data.build import build_file

SPEC = {"name": "drums", "steps": 32, "map": "reduced"}


def loop(number: int) -> bytes:
    """Two bars of sixteenths; the digits of the number, base 3, say which drum is hit."""
    events = bytearray()
    for _ in range(32):
        number, digit = divmod(number, 3)
        drum = (36, 38, 42)[digit]
        events += bytes((0, 0x99, drum, 80, 24, 0x99, drum, 0))
    track = bytes(events) + b"\x00\xff\x2f\x00"
    return b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk" + len(track).to_bytes(4, "big") + track


def peak(files: int) -> tuple[int, str]:
    """The largest resident size [kB] while so many files are read, and what came of them."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "loops.tar"
        with tarfile.open(archive, "w") as packed:
            for number in range(files):
                member = tarfile.TarInfo(f"{number:06}.mid")
                member.size = len(loop(number))
                packed.addfile(member, io.BytesIO(loop(number)))
                packed.members.clear()
        made = build_file(Path(folder) / "corpus.npz", [archive], SPEC, workers=0)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, made.text


if __name__ == "__main__":
    if len(sys.argv) == 2:
        kilobytes, text = peak(int(sys.argv[1]))
        print(f"{int(sys.argv[1]):>8} files: {kilobytes / 1000:.0f} MB at most; {text}", flush=True)
    else:
        for count in sys.argv[1:]:
            subprocess.run([sys.executable, "-m", "benchmarks.corpus", count], check=True)
