"""The fuzzer: some thousand cases of every kind, the same ones every time; `make fuzz` runs new ones."""

from __future__ import annotations

import subprocess
from contextlib import suppress

import pytest

from latentpalette.errors import LatentPaletteError
from tests.fuzz import harness
from tests.fuzz.harness import Failure, Folders, generator_of, run_case, run_cases
from tests.fuzz.kinds import KINDS

# Cases of each kind, in batches so that a failure names a few seeds and not a whole kind.
BATCH = 100
CASES = {
    "midi": 500,
    "midi-damaged": 600,
    "midi-noise": 600,
    "model-folder": 200,
    "model-side-files": 150,
    "model-bundle": 200,
    "model-tfjs": 200,
    "soundfont": 200,
    "soundfont-damaged": 150,
    "soundfont-fluidsynth": 100,
    "replace-drums": 300,
    "replace-drums-damaged": 200,
    "zip": 200,
    "tar": 200,
    "archive-one-flip": 200,
    "songs-folder": 50,
    "corpus": 200,
    "corpus-staging": 30,
    "song-values": 200,
    "song-requests": 200,
    "requests": 150,
    "states": 150,
    "roll-requests": 100,
    "palette-settings": 150,
    "palette-source": 100,
    "chords": 300,
    "names": 150,
}


@pytest.mark.parametrize(
    ("kind", "first"),
    [(kind, first) for kind, count in CASES.items() for first in range(0, count, BATCH)],
    ids=str,
)
def test_whatever_is_read_is_read_or_refused(kind, first):
    seeds = range(first, min(first + BATCH, CASES[kind]))
    failures = run_cases(kind, KINDS[kind], seeds).failures
    assert not failures, "\n\n".join(str(failure) for failure in failures)


# --- the fuzzer itself -----------------------------------------------------------------------------------------------


def outcome_of(function) -> str | Failure:
    return run_case("a kind", lambda rng, folders: function(folders), 1)


def test_the_same_seed_is_the_same_case():
    draws = [generator_of("midi", seed).integers(1 << 60) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_a_refusal_in_words_is_no_failure():
    def refuse(folders: Folders) -> str:
        raise LatentPaletteError("a.mid: not a MIDI file. Export it again.")

    assert outcome_of(refuse) == "refused"


@pytest.mark.parametrize("message", ["", "no", f"wrong: {object()!r} is no song", "x" * 10_000])
def test_a_refusal_that_says_nothing_is_a_failure(message):
    def refuse(folders: Folders) -> str:
        raise LatentPaletteError(message)

    assert isinstance(outcome_of(refuse), Failure)


def test_another_exception_is_a_failure_that_names_its_seed():
    def fail(folders: Folders) -> str:
        raise KeyError("size")

    failure = outcome_of(fail)
    assert isinstance(failure, Failure)
    assert "python -m tests.fuzz a kind --seed 1" in str(failure)
    assert "KeyError: 'size'" in str(failure)


def test_endless_work_is_stopped(monkeypatch):
    monkeypatch.setattr(harness, "MAX_CPU_SECONDS", 0.05)

    def work(folders: Folders) -> str:
        while True:
            with suppress(Exception):  # as a reader may do that goes on after any error
                pow(3, 10_000)

    failure = outcome_of(work)
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, harness.OverLimit)


def test_much_memory_is_a_failure(monkeypatch):
    monkeypatch.setattr(harness, "MAX_MEMORY_BYTES", 64 << 20)
    assert isinstance(outcome_of(lambda folders: str(len(b"x" * (256 << 20)))), Failure)
    assert outcome_of(lambda folders: "read") == "read"


def leave_a_file(folders: Folders) -> str:
    (folders.inside.parent.parent / "somewhere.txt").write_text("")
    return "read"


def read_outside(folders: Folders) -> str:
    (folders.inside / "link").symlink_to(folders.outside / "secret.txt")
    return (folders.inside / "link").read_text()


def change_outside(folders: Folders) -> str:
    (folders.outside / "secret.txt").unlink()
    return "read"


def start_a_process(folders: Folders) -> str:
    return str(subprocess.run(["true"], check=False).returncode)


@pytest.mark.parametrize("reach", [leave_a_file, read_outside, change_outside, start_a_process])
def test_what_reaches_outside_is_a_failure(reach):
    assert isinstance(outcome_of(reach), Failure)


def test_what_stays_inside_is_none():
    def write(folders: Folders) -> str:
        (folders.inside / "a.txt").write_text("kick")
        return (folders.inside / "a.txt").read_text()

    assert outcome_of(write) == "kick"
