"""Small TwiML applications on real ports, for the telephone company to phone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from twilio.rest import Client
from werkzeug import Request, Response
from werkzeug.serving import make_server

from ivr.simulator import EmbeddedCarrier, Phone, said
from tests.simulator.rest_transport import ToCarrier

LINE = "+46846500400"
CALLER = "+46701740605"
TEAM = "+46846500410"

View = Callable[[Request], str | Response]


def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Come back when the condition holds; fail when it does not within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)


def twiml(*verbs: str) -> str:
    return "<Response>" + "".join(verbs) + "</Response>"


@dataclass(frozen=True)
class Seen:
    """A request as the application got it."""

    method: str
    path: str
    url: str
    fields: dict[str, str]
    headers: dict[str, str]
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass
class Application:
    """Answers each path with a document or by a function, and remembers what it was asked."""

    answers: dict[str, str | Response | View] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> Application:
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self._server.RequestHandlerClass.log = lambda *args: None  # type: ignore[attr-defined]
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def on(self, path: str, answer: str | Response | View) -> Application:
        self.answers[path] = answer
        return self

    def to(self, path: str) -> list[Seen]:
        """The requests to a path, oldest first."""
        return [request for request in self.seen if request.path == path]

    def fields(self, path: str) -> dict[str, str]:
        """The fields of the only request to a path."""
        (request,) = self.to(path)
        return request.fields

    def wait_for(self, path: str, count: int = 1, seconds: float = 10) -> list[Seen]:
        """The requests to a path, once there are so many."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.to(path)) >= count, seconds), (
                f"{count} requests to {path} expected, seen {[r.path for r in self.seen]}"
            )
        return self.to(path)

    def _answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        request = Request(environ)
        values = request.form if request.method == "POST" else request.args
        pairs = tuple(values.items(multi=True))
        with self.changed:
            self.seen.append(
                Seen(request.method, request.path, request.url, dict(pairs),
                     dict(request.headers), pairs)
            )  # fmt: skip
            self.changed.notify_all()
        answer = self.answers.get(request.path, Response("nothing here", 404))
        if callable(answer) and not isinstance(answer, Response):
            answer = answer(request)
        if isinstance(answer, str):
            answer = Response(answer, mimetype="text/xml")
        return answer(environ, start)


@dataclass
class Network:
    """A telephone company, the application behind its first line, and one telephone."""

    carrier: EmbeddedCarrier
    app: Application
    phone: Phone

    def call(self, **options: Any) -> None:
        """Phone the line."""
        self.phone.dial(LINE, CALLER, **options)

    def hear_all(self) -> list[str]:
        """What is said in a call in which the caller only waits; to its end."""
        events: list[dict[str, Any]] = []
        while True:
            events += self.phone.until_my_move()
            if events[-1]["type"] in ("ended", "refused"):
                return said(events)
            self.phone.silence()

    def kinds(self) -> list[str]:
        return [event["type"] for event in self.phone.events]

    def event(self, kind: str) -> dict[str, Any]:
        """The only event of that kind so far."""
        (event,) = [event for event in self.phone.events if event["type"] == kind]
        return event

    def codes(self) -> list[int]:
        return self.carrier.carrier.journal.codes()

    def twilio(self) -> Client:
        """The official client; only the host is another."""
        return twilio_client(self.carrier)


def twilio_client(carrier: EmbeddedCarrier, token: str | None = None) -> Client:
    settings = carrier.carrier.settings
    return Client(
        settings.account_sid, token or settings.auth_token, http_client=ToCarrier(carrier.url)
    )
