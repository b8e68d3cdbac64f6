"""`ringback run`, with small real programs in the place of the Procfile's."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.run import run

# The settings come from a config.yaml with two lines; everything else is the real command.
COMMAND = """
import os, sys
from ivr.cli import run
numbers = {"main": "+46846500400", "billing": "+442079460000"}
run.read_settings = lambda path: run.RunSettings(
    "127.0.0.1", int(sys.argv[1]), 0, numbers, "AC" + "1" * 32, os.environ["TOKEN"]
)
run.run(sys.argv[2:])
"""

WEB = r"""
import http.server, os, signal, sys
from redis import Redis
with Redis.from_url(os.environ["REDIS_URL"]) as client:
    print("run number", client.incr("runs"))
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/die":
            os._exit(3)
        print("asked for", self.path)
        waiting = self.path == "/readyz" and os.path.exists("wait")
        self.send_response(503 if waiting else 200)
        self.end_headers()
        if waiting:
            self.wfile.write("The flow of the line main cannot be used.\n".encode())
    def log_message(self, *words):
        pass
def drain(*_):
    with Redis.from_url(os.environ["REDIS_URL"]) as client:
        print("drained with a store that answers", client.ping())
    sys.exit(0)
signal.signal(signal.SIGTERM, drain)
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""

# Does what a forking worker does: a child that outlives an impolite end of its parent.
WORKER = r"""
import os, signal, sys, time
child = os.fork()
if child == 0:
    time.sleep(300)
os.write(1, f"worker {os.getpid()} with child {child}\n".encode())
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("worker has finished its job")))
time.sleep(300)
"""

PATIENCE = 30.0


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


class Run:
    """A `ringback run` in a process of its own, and what it has printed."""

    def __init__(
        self, directory: Path, *options: str, port: int = 0, setting: dict[str, str] | None = None
    ) -> None:
        self.directory = directory
        self.port = port or free_port()
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("REDIS_URL", "RINGBACK_CONFIG")
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(self.port), *options],
            cwd=directory,
            env=environment | {"TOKEN": "a" * 32, "WORKERS": "1"} | (setting or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._stop = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(line.rstrip("\n"))
                if self._stop.is_set():
                    return

    def stop_reading(self) -> None:
        """Close our end of its output, as a closed terminal or `| head` does."""
        self._stop.set()
        get(self.port, "/say")
        self._reader.join(PATIENCE)

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def says(self, words: str) -> bool:
        return eventually(lambda: words in self.output or self.process.poll() is not None) and (
            words in self.output
        )

    def number_after(self, words: str) -> int:
        assert self.says(words), self.output
        return int(self.output.split(words)[1].split()[0])

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        client.recv(100)


def is_running(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return state != "" and not state.startswith("Z")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with a space in its path, a Procfile and the programs that it names."""
    directory = tmp_path / "some where"
    directory.mkdir()
    (directory / "web.py").write_text(WEB)
    (directory / "worker.py").write_text(WORKER)
    (directory / "Procfile").write_text("web: python web.py\nworker: python worker.py\n")
    return directory


@pytest.fixture
def start(place: Path) -> Iterator[Callable[..., Run]]:
    started: list[Run] = []

    def start(*options: str, **setting: str) -> Run:
        started.append(Run(place, "--no-carrier", *options, setting=setting))
        return started[-1]

    yield start
    for one in started:
        one.end(signal.SIGTERM)


Start = Callable[..., Run]


def test_it_tells_when_it_is_ready_where_it_answers_and_which_lines_there_are(
    start: Start,
) -> None:
    run = start()
    assert run.says(f"Ringback answers at http://127.0.0.1:{run.port}."), run.output
    assert run.says("main     +46846500400")
    assert run.says("billing  +442079460000")


@pytest.mark.slow
def test_it_tells_what_is_missing_until_it_is_ready(start: Start, place: Path) -> None:
    (place / "wait").touch()
    run = start()
    assert run.says("not ready yet: The flow of the line main cannot be used."), run.output
    assert "Ringback answers" not in run.output
    (place / "wait").unlink()
    assert run.says("Ringback answers")


@pytest.mark.slow
def test_it_ends_in_order_when_nobody_reads_its_output_any_more(place: Path) -> None:
    run = Run(place, "--no-carrier")
    worker = run.number_after("| worker ")
    assert run.says("Ringback answers")
    run.stop_reading()
    get(run.port, "/say")
    assert run.wait() == 0
    assert not is_running(worker)


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
    ],
)
def test_when_asked_to_end_it_drains_the_web_process_first_and_stops_the_store_last(
    start: Start, number: signal.Signals
) -> None:
    run = start()
    child = run.number_after("child")
    assert run.says("Ringback answers")
    assert run.end(number) == 0, run.output
    web, worker = (
        run.output.index(words)
        for words in ("drained with a store that answers True", "worker has finished its job")
    )
    assert web < worker
    assert not is_running(child)
    assert not (run.directory / "var" / "store" / "server.sock").exists()


def test_the_state_is_there_again_in_the_next_run(start: Start) -> None:
    for number in (1, 2):
        run = start()
        assert run.number_after("run number") == number
        run.end()


@pytest.mark.slow
def test_when_one_process_dies_it_says_which_and_how_and_ends_the_rest(start: Start) -> None:
    run = start()
    assert run.says("Ringback answers")
    get(run.port, "/die")
    assert run.wait() == 1
    assert "web ended with exit status 3; ending everything else" in run.output
    assert "worker has finished its job" in run.output


@pytest.mark.slow
def test_a_process_ended_by_a_signal_is_told_by_the_signals_name(start: Start) -> None:
    run = start()
    os.kill(run.number_after("| worker "), 9)
    assert run.wait() == 1
    assert "worker was ended by SIGKILL; ending everything else" in run.output
    assert not is_running(run.number_after("child"))


def test_nothing_is_left_when_it_is_killed_outright(start: Start) -> None:
    run = start()
    worker, child = run.number_after("| worker "), run.number_after("child")
    assert run.says("Ringback answers")
    run.process.kill()
    run.wait()
    assert eventually(lambda: not is_running(worker) and not is_running(child))
    assert eventually(lambda: not (run.directory / "var/store/server.sock").exists())


@pytest.mark.slow
def test_a_second_run_in_the_same_place_is_one_sentence_and_harms_nothing(start: Start) -> None:
    first = start()
    assert first.says("Ringback answers")
    second = start()
    assert second.wait() == 2
    assert f"Error: Another Ringback (process {first.process.pid}) is using" in second.output
    get(first.port, "/readyz")
    assert first.end() == 0


def test_a_taken_port_is_one_sentence_with_the_port_and_the_setting(place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = Run(place, "--no-carrier", port=port)
        assert run.wait() == 2
    assert len(run.lines) == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in run.output
    assert "web.port" in run.output


@pytest.mark.slow
def test_the_server_of_redis_url_is_used_and_named(start: Start, tmp_path: Path) -> None:
    from ivr.store.server import private_server

    with private_server(tmp_path / "other") as url:
        for number in (1, 2):
            run = start(REDIS_URL=url)
            assert run.says(f"the store is REDIS_URL, {url}")
            assert run.number_after("run number") == number
            run.end()
    assert not (run.directory / "var" / "store").exists()


def test_a_redis_url_where_nothing_answers_is_one_sentence(start: Start) -> None:
    run = start(REDIS_URL="redis://:topsecret@127.0.0.1:1/0")
    assert run.wait() == 2
    assert run.lines == [
        "Error: REDIS_URL: nothing answers at redis://127.0.0.1:1/0 (Connection refused)."
    ]


def test_a_missing_procfile_is_one_sentence(start: Start, place: Path) -> None:
    (place / "Procfile").unlink()
    run = start()
    assert run.wait() == 2
    assert run.lines == [f"Error: {place / 'Procfile'} cannot be read: No such file or directory."]


def test_the_real_twilio_needs_an_account(start: Start) -> None:
    run = start(TOKEN="")
    assert run.wait() == 2
    assert run.lines == [
        "Error: --no-carrier needs a Twilio account, but TWILIO_AUTH_TOKEN is not set."
    ]


@pytest.mark.slow
def test_as_many_workers_are_started_as_are_asked_for(start: Start) -> None:
    run = start(WORKERS="3")
    for name in ("worker   |", "worker.2 |", "worker.3 |"):
        assert run.says(f"{name} worker "), run.output


@pytest.mark.parametrize(
    "workers",
    ["two", *(pytest.param(many, marks=pytest.mark.slow) for many in ("0", "-1", "1000"))],
)
def test_a_number_of_workers_that_is_none_is_said_in_a_sentence(start: Start, workers: str) -> None:
    run = start(WORKERS=workers)
    assert run.process.wait(20) == 2
    assert run.lines == [f"Error: WORKERS is {workers!r}; write a whole number from 1 to 64."]


def test_the_help_says_what_is_started_and_how_it_ends() -> None:
    answer = CliRunner().invoke(run, ["--help"])
    for words in ("Ctrl-C", "REDIS_URL", "Procfile", "telephone company"):
        assert words in answer.output
