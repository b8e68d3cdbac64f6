"""A carrier's REST API that says what the test puts up, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ivr.carrier import rest

ACCOUNT = "AC" + "0" * 32


class CarrierApi(ThreadingHTTPServer):
    """Knows the calls and recordings that are put up; with `status_code`, only fails.

    While `answers` is cleared it keeps those who ask waiting.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.known: dict[str, dict[str, str | None]] = {}
        self.asked: list[str] = []
        self.status_code: int | None = None
        self.answers = threading.Event()
        self.answers.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def put_up(self, sid: str, status: str, duration: str | None = None) -> None:
        self.known[sid] = {"sid": sid, "status": status, "duration": duration}

    def client(self) -> rest.Carrier:
        return rest.connect(ACCOUNT, "a secret token", base_url=self.url)


class _Handler(BaseHTTPRequestHandler):
    server: CarrierApi

    def do_GET(self) -> None:
        sid = self.path.rpartition("/")[2].removesuffix(".json")
        self.server.asked.append(sid)
        self.server.answers.wait()
        found = self.server.known.get(sid)
        code = self.server.status_code or (200 if found else 404)
        body = found if code == 200 else {"code": 20404, "message": "told", "status": code}
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def carrier_api() -> Iterator[CarrierApi]:
    with CarrierApi() as api:
        thread = threading.Thread(target=api.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield api
        api.answers.set()
        api.shutdown()
        thread.join()
