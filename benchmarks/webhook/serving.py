"""Applications served by the Procfile's own web line, of which only the application differs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr import leash
from ivr.cli.processes import read_procfile

RINGBACK_APP = "ivr.web:create_app()"
PATIENCE = 30.0
"""Seconds for a server to answer anything."""


class ServingError(Exception):
    """An application cannot be served; says why in a sentence."""


@dataclass(frozen=True)
class Served:
    """A server: its port on loopback, and the identifier of its process."""

    port: int
    process: int


@contextmanager
def serve(app: str, root: Path, environment: Mapping[str, str], log: Path) -> Iterator[Served]:
    """Serve `app` (`module:create_app()`) with two workers, and tell where.

    Unless the environment says otherwise, its public address is its own on loopback.
    """
    line = next((p.command for p in read_procfile(root / "Procfile") if p.name == "web"), "")
    if RINGBACK_APP not in line:
        raise ServingError(f"The Procfile's web line does not name {RINGBACK_APP}.")
    port = _free_port()
    here = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "RINGBACK_HOST": "127.0.0.1",
    }
    public = {"RINGBACK_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {line.replace(RINGBACK_APP, app)}"],
            cwd=root,
            env={**os.environ, **public, **environment, **here},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    leash.hold(process.pid)
    try:
        _wait_for(port, process, log)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait()
        leash.release(process.pid)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise ServingError(f"The server does not answer: {said[-1] if said else 'it said nothing'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
