"""A server in a process of its own, for the length of a block."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager


@contextmanager
def running_server(
    command: Sequence[str], env: Mapping[str, str], address: re.Pattern[str]
) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Start ``python -m command``, wait until it prints its address, yield the match and what it prints, and end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    reader = None
    try:
        lines, log, match = iter(process.stdout), [], None
        for line in lines:
            log.append(line)
            if match := address.search(line):
                break
        assert match is not None, f"{command[0]} did not start:\n{''.join(log)}"
        reader = threading.Thread(target=log.extend, args=(lines,))  # a full pipe would stop the server
        reader.start()
        yield match, log
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if reader:
            reader.join()
        process.stdout.close()
