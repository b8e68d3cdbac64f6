"""Real processes for a measurement, ended with it, whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from ivr import leash

START_PATIENCE = 30.0


def start(stack: ExitStack, folder: Path, name: str, *arguments: str, **environment: str) -> Path:
    """Start Python with these arguments; the file of what it says."""
    log = folder / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-u", *arguments],
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    leash.hold(process.pid)

    def end() -> None:
        process.terminate()
        process.wait()
        leash.release(process.pid)

    stack.callback(end)
    return log


def said(log: Path, words: str) -> str:
    """What comes after these words, once they have been said. Raises TimeoutError."""
    deadline = time.monotonic() + START_PATIENCE
    while words not in (told := log.read_text(encoding="utf-8", errors="replace")):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{log.name} has not said {words!r}: {told[-300:]}")
        time.sleep(0.02)
    return told.partition(words)[2] or " "
