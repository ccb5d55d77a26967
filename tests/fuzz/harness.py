"""The frame of the fuzzer: a kind and a seed make a case, a case ends well or is a failure that names both.

A case may read what it made or refuse it with a `LatentPaletteError`. Any other exception is a failure, as are too much
computing, too much memory, and anything outside of the case's own folder: a file opened, a process, a connection.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from latentpalette.errors import LatentPaletteError

MAX_CPU_SECONDS = 20.0  # of one case, in user mode: a busy machine does not count
MAX_SECONDS = 60.0  # of one case by the clock, for what waits: a pipe without a writer
MAX_MEMORY_BYTES = 768 << 20  # by which the peak may grow during a case


class Folders(NamedTuple):
    """The folders of a case; nothing may read or write `outside`, nothing may write anywhere else."""

    inside: Path
    outside: Path


Outcome = str
"""What became of a case, for the summary: "read", "refused" ..."""

Kind = Callable[[np.random.Generator, Folders], Outcome]


class OverLimit(BaseException):
    """A case computes or waits too long; no `except Exception` stops it."""


class IntrusionError(AssertionError):
    """A case reached outside of its folder."""


@dataclass(frozen=True)
class Failure:
    """A case that did not end well.

    Parameters
    ----------
    kind : str
    seed : int
    error : BaseException
    """

    kind: str
    seed: int
    error: BaseException

    def __str__(self) -> str:
        lines = traceback.format_exception(self.error)
        place = "".join(traceback.format_tb(self.error.__traceback__)[-2:])
        return f"python -m tests.fuzz {self.kind} --seed {self.seed}\n{place}{lines[-1].strip()[:1000]}"

    @property
    def signature(self) -> str:
        """The exception and its place: equal for failures that are likely the same."""
        frames = traceback.extract_tb(self.error.__traceback__)
        ours = [frame for frame in frames if "latentpalette" in Path(frame.filename).parts] or frames
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno} ({ours[-1].name})" if ours else "?"
        text = re.sub(r"fuzz-\w+|[0-9]+", "#", str(self.error))[:60]
        return f"{self.kind}: {type(self.error).__name__} at {place}: {text!r}"


@dataclass
class Summary:
    """The outcomes of many cases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count:,} {name}" for name, count in sorted(self.outcomes.items()))
        rate = sum(self.outcomes.values()) / max(self.seconds, 1e-9)
        return f"{outcomes or 'nothing run'}; {len(self.failures):,} failures; {rate:,.0f} cases a second"


def generator_of(kind: str, seed: int) -> np.random.Generator:
    """Return the source of randomness of a case."""
    return np.random.default_rng([zlib.crc32(kind.encode()), seed])


def run_case(name: str, kind: Kind, seed: int) -> Outcome | Failure:
    """Run one case in folders of its own."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as root:
        folders = Folders(Path(root, "inside").resolve(), Path(root, "outside").resolve())
        for folder in folders:
            folder.mkdir()
        (folders.outside / "secret.txt").write_text("not yours")
        try:
            with _limits(), _watched(folders):
                return kind(generator_of(name, seed), folders)
        except LatentPaletteError as error:
            if problem := problem_of_message(error):
                return Failure(name, seed, AssertionError(problem).with_traceback(error.__traceback__))
            return "refused"
        except (Exception, OverLimit) as error:
            return Failure(name, seed, error)


def run_cases(name: str, kind: Kind, seeds: Iterable[int], *, until: float = float("inf")) -> Summary:
    """Run cases one after the other, up to a moment of `time.monotonic`."""
    summary, start = Summary(), time.monotonic()
    for seed in seeds:
        outcome = run_case(name, kind, seed)
        if isinstance(outcome, Failure):
            summary.failures.append(outcome)
        summary.outcomes["failed" if isinstance(outcome, Failure) else outcome] += 1
        if time.monotonic() > until:
            break
    summary.seconds = time.monotonic() - start
    return summary


def attempt(function: Callable[[], Any]) -> Any:
    """Return the result of a function, or None where it refuses with a message that says something."""
    try:
        return function()
    except LatentPaletteError as error:
        problem = problem_of_message(error)
        assert problem is None, problem
        return None


def problem_of_message(error: LatentPaletteError) -> str | None:
    """Return what is wrong with the message of a refusal, if anything is."""
    text = str(error)
    if len(text.strip()) < 10 or len(text) > 6000:
        return f"a message of {len(text)} characters: {text[:300]!r}"
    if re.search(r" object at 0x|Traceback \(most", text):
        return f"a message that says nothing to a reader: {text[:300]!r}"
    return None


# --- limits ----------------------------------------------------------------------------------------------------------


@contextmanager
def _limits() -> Iterator[None]:
    """Raise where the block computes too long or its memory grows too much."""
    previous = signal.signal(signal.SIGVTALRM, _stop)
    # Under pytest the clock is that of its own timeout.
    has_clock = signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
    if has_clock:
        signal.signal(signal.SIGALRM, _stop)
        signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    before = _reset_peak()
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_CPU_SECONDS)
    try:
        yield
        growth = _peak() - before
        assert growth < MAX_MEMORY_BYTES, f"{growth >> 20} MB of memory"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
        if has_clock:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> None:
    if number == signal.SIGALRM:
        raise OverLimit(f"nothing happens for {MAX_SECONDS:g} seconds")
    raise OverLimit(f"more than {MAX_CPU_SECONDS:g} seconds of computing")


def _reset_peak() -> int:
    """Forget the highest use of memory of this process, where the system can, and return the present one [bytes]."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    with suppress(OSError):
        match = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
        if match:
            return int(match[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


# --- what a case may reach -------------------------------------------------------------------------------------------

_FORBIDDEN = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect", "pickle.find_class"}


class _Watch:
    """What the audit hook of this process watches; a hook stays for the life of the process."""

    folders: Folders | None = None
    has_hook = False


@contextmanager
def _watched(folders: Folders) -> Iterator[None]:
    """Raise where the block reads or writes what is not its own; temporary files go into its folder."""
    if not _Watch.has_hook:
        sys.addaudithook(_audit)
        _Watch.has_hook = True
    before, tempfile.tempdir, outside = tempfile.tempdir, str(folders.inside), _contents(folders.outside)
    _Watch.folders = folders
    try:
        yield
    finally:
        _Watch.folders = None
        tempfile.tempdir = before
    assert _contents(folders.outside) == outside, "a file outside has changed"


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    folders = _Watch.folders
    if folders is None:
        return
    if event in _FORBIDDEN:
        raise IntrusionError(f"{event} {arguments!r:.200}")
    if event == "open":
        path, mode, flags = arguments
        if not isinstance(path, (str, bytes)):
            return
        place = os.path.realpath(os.fsdecode(path))
        writes = bool(isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
        if place.startswith(f"{folders.outside}{os.sep}"):
            raise IntrusionError(f"a file outside is opened: {path!r}")
        is_own = place.startswith((f"{folders.inside}{os.sep}", "/dev/", "/proc/")) or "__pycache__" in place
        if writes and not is_own:
            raise IntrusionError(f"a file elsewhere is written: {path!r} {mode!r}")
