"""The web line of the real Procfile, with a tiny application, against clients that never finish."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.cli.processes import read_procfile

ROOT = Path(__file__).parents[2]

APPLICATION = """
def app(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/after-the-deadline":
        assert environ["gunicorn.socket"].recv(1) == b"", "the worker has shut the receiving half"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""

# A deadline that a test can wait for; everything else is the real worker.
HASTY = """
from ivr.web.serving import Worker
class Hasty(Worker):
    deadline = 0.3
"""

HALF_A_HEADER = b"POST /voice HTTP/1.1\r\nHost: ringback\r\nContent-Ty"
HALF_A_BODY = (
    b"POST /voice HTTP/1.1\r\nHost: ringback\r\nContent-Length: 400\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nCallSid=CA"
)
A_BODY = b"CallSid=CA1&Digits=1"

# Seconds after which a client of ours takes a request for not answered; never waited for when
# all is well.
PATIENCE = 30.0


class Web:
    """gunicorn, started with the Procfile's line."""

    def __init__(self, folder: Path, *, worker: str | None = None, workers: int = 2) -> None:
        (folder / "tiny.py").write_text(APPLICATION)
        (folder / "hasty.py").write_text(HASTY)
        line = {program.name: program.command for program in read_procfile(ROOT / "Procfile")}[
            "web"
        ]
        assert '"ivr.web:create_app()"' in line
        line = line.replace('"ivr.web:create_app()"', "tiny:app")
        if worker is not None:
            assert "ivr.web.serving.Worker" in line
            line = line.replace("ivr.web.serving.Worker", worker)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._log = folder / "log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {line}"],
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ
                | {
                    "PATH": path,
                    "PYTHONPATH": str(folder),
                    "PORT": str(self.port),
                    "WEB_CONCURRENCY": str(workers),
                    "RINGBACK_LOG": "text",
                },
            )
        assert eventually(self.listens), self.log

    @property
    def log(self) -> str:
        return self._log.read_text()

    def listens(self) -> bool:
        try:
            self.connect().close()
        except ConnectionError:
            return False
        return True

    def connect(self, first: bytes = b"") -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        client.sendall(first)
        return client

    def ask(self) -> bytes:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}/voice", data=A_BODY, timeout=PATIENCE
        ) as answer:
            return bytes(answer.read())

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30.0
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Web]]:
    """One server of each kind for all tests: each of its requests stands for itself."""
    started: dict[tuple[str | None, int], Web] = {}

    def start(worker: str | None = None, workers: int = 2) -> Web:
        if (worker, workers) not in started:
            folder = tmp_path_factory.mktemp("web")
            started[worker, workers] = Web(folder, worker=worker, workers=workers)
        return started[worker, workers]

    yield start
    for web in started.values():
        web.end()


Start = Callable[..., Web]

# In one process of the tests, so that the servers are started once.
pytestmark = pytest.mark.xdist_group("slow clients")


@pytest.mark.parametrize(
    "halves",
    [[HALF_A_HEADER] * 16, [HALF_A_BODY] * 16, [HALF_A_HEADER, HALF_A_BODY, b"", b"P"] * 4],
    ids=["headers", "bodies", "of each kind"],
)
@pytest.mark.parametrize(
    "workers",
    [pytest.param(1, marks=pytest.mark.slow, id="all on one worker"), pytest.param(2, id="on two")],
)
def test_sixteen_half_sent_requests_keep_nobody_waiting(
    start: Start, halves: list[bytes], workers: int
) -> None:
    web = start(workers=workers)
    slow = [web.connect(half) for half in halves]
    try:
        answers: list[bytes] = []
        clients = [
            threading.Thread(target=lambda: answers.extend(web.ask() for _ in range(10)))
            for _ in range(5)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        assert answers == [A_BODY] * 50
    finally:
        for one in slow:
            one.close()


@pytest.mark.parametrize("half", [HALF_A_HEADER, HALF_A_BODY], ids=["headers", "body"])
def test_a_half_sent_request_is_ended_after_the_deadline(start: Start, half: bytes) -> None:
    web = start(worker="hasty.Hasty")
    with web.connect(half) as slow:
        assert whole_answer(slow).count(b"HTTP/1.1") <= 1
    assert "Traceback" not in web.log


@pytest.mark.slow
def test_a_request_that_trickles_in_is_ended_too(start: Start) -> None:
    web = start(worker="hasty.Hasty")
    with web.connect(HALF_A_HEADER) as slow:

        def is_ended() -> bool:
            try:
                slow.sendall(b"x")
            except ConnectionError:
                return True
            return False

        assert eventually(is_ended)


def test_more_half_sent_requests_than_threads_delay_others_only_until_the_deadline(
    start: Start,
) -> None:
    web = start(worker="hasty.Hasty", workers=1)
    slow = [web.connect(HALF_A_BODY) for _ in range(100)]
    try:
        assert web.ask() == A_BODY
    finally:
        for one in slow:
            one.close()


def test_an_answer_that_takes_longer_than_the_deadline_is_given_whole(start: Start) -> None:
    web = start(worker="hasty.Hasty")
    head = b"POST /after-the-deadline HTTP/1.1\r\nHost: r\r\nContent-Length: 3\r\n\r\n"
    with web.connect(head + b"abc") as client:
        assert whole_answer(client).endswith(b"\r\n\r\nabc")


def test_a_connection_is_kept_for_the_next_request(start: Start) -> None:
    web = start()
    request = b"POST / HTTP/1.1\r\nHost: r\r\nContent-Length: 3\r\n\r\nabc"
    with web.connect() as client:
        for _ in range(3):
            client.sendall(request)
            answer = b""
            while not answer.endswith(b"\r\n\r\nabc"):
                part = client.recv(4096)
                assert part, answer
                answer += part
            assert b"keep-alive" in answer


def test_the_server_does_not_tell_its_version(start: Start) -> None:
    web = start()
    with web.connect(b"GET / HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n") as client:
        assert b"\r\nServer: gunicorn\r\n" in whole_answer(client)


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: r\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 65 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 9000 + b"\r\n\r\n", b"431"),
    ],
    ids=["line", "number of headers", "length of a header"],
)
def test_a_request_without_measure_is_refused(
    start: Start, request_head: bytes, status: bytes
) -> None:
    web = start()
    with web.connect(request_head) as client:
        assert whole_answer(client).split()[1] == status


def test_what_gunicorn_logs_goes_through_our_log(start: Start) -> None:
    web = start()
    assert eventually(lambda: "INFO    gunicorn.error Booting worker" in web.log), web.log


def whole_answer(client: socket.socket) -> bytes:
    answer = b""
    while True:
        try:
            part = client.recv(65536)
        except ConnectionResetError:
            return answer
        if not part:
            return answer
        answer += part
