"""The web over real HTTP: Werkzeug's server in a thread, on a free port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.flow.inputs import Input
from ivr.web import Parts, create_app
from tests.web.calling import Carrier

ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'


@dataclass
class Told:
    """Stands where the call service does, writes down what it is told, and fails when asked to.

    What the service itself does is tested elsewhere, and with the web in test_whole_calls.
    """

    told: list[tuple[Any, ...]] = field(default_factory=list)
    fails: Exception | None = None

    def arrive(self, call_id: str, called: str, caller: str | None, now: datetime) -> str:
        return self._note("arrive", call_id, called, caller, now)

    def take_turn(
        self, call_id: str, turn: int, heard: Input, called: str, caller: str | None, now: datetime
    ) -> str:
        return self._note("turn", call_id, turn, heard, called, caller, now)

    def leave_queue(self, call_id: str, joined: int, failed: bool, now: datetime) -> str:
        return self._note("left", call_id, joined, failed, now)

    def meet(self, call_id: str, reservation: str, now: datetime) -> str:
        return self._note("meet", call_id, reservation, now)

    def note_status(
        self, call_id: str, status: str, sequence: int | None, seconds: int | None, now: datetime
    ) -> None:
        self._note("status", call_id, status, sequence, seconds, now)

    def note_recording(
        self, call_id: str, recording: str, state: str, seconds: int | None, now: datetime
    ) -> None:
        self._note("recording", call_id, recording, state, seconds, now)

    def _note(self, *told: Any) -> str:
        self.told.append(told)
        if self.fails is not None:
            raise self.fails
        return ANSWER


@contextmanager
def serve(parts: Parts) -> Iterator[Carrier]:
    """Serve the web made of `parts`, and give the carrier's side of it."""
    server = make_server("127.0.0.1", 0, create_app(parts), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Carrier(f"http://127.0.0.1:{server.port}", parts.public_url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        return
