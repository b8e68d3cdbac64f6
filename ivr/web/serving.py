"""How gunicorn serves the web process; the Procfile names both classes.

gunicorn gives each connection a thread and lets its client take for ever to send a request. The
worker here ends connections that do, what is no HTTP is told so in a plain sentence (gunicorn's own
is a page of HTML), and the log goes where everything else is logged, with
telephone numbers masked.
"""

import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http.errors import (
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import TConn, ThreadWorker

from ivr import log

# Seconds. Twilio itself gives up on an answer after 15.
DEADLINE = 15.0
STOPPING_DEADLINE = 5.0


class Worker(ThreadWorker):
    """A threaded worker in which a half-sent request does not hold its thread for ever."""

    deadline = DEADLINE

    def init_process(self) -> None:
        self._in_hand: dict[TConn, float] = {}
        super().init_process()

    def handle(self, conn: TConn) -> Any:
        self._in_hand[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            del self._in_hand[conn]

    def notify(self) -> None:
        # Called at least once a second, also while the worker is stopping.
        super().notify()
        deadline = self.deadline if self.alive else min(self.deadline, STOPPING_DEADLINE)
        latest = time.monotonic() - deadline
        for conn, since in list(self._in_hand.items()):
            if since < latest:
                # Whoever is still reading sees the end of the request. One that has arrived and
                # is being answered is not touched: only the receiving half is shut.
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        ours = not isinstance(exc, ParseException)
        # A header that the application tried to send is no fault of the client's.
        if ours or isinstance(exc, (InvalidResponseHeader, InvalidResponseHeaderName)):
            self.log.exception("A request failed: %s", exc)
            answer = _answer("500 Internal Server Error", "Something of ours failed.")
        else:
            self.log.info("refused what is no HTTP: %s", exc)
            answer = _answer(*_refusal(exc))
        with suppress(Exception):
            util.write_nonblock(client, answer)


def _refusal(error: BaseException) -> tuple[str, str]:
    if isinstance(error, LimitRequestLine):
        return "414 URI Too Long", "The address is too long."
    if isinstance(error, LimitRequestHeaders):
        return "431 Request Header Fields Too Large", "The headers are too many or too long."
    return "400 Bad Request", "The request is no HTTP that we understand."


def _answer(status: str, sentence: str) -> bytes:
    body = f"{sentence}\n"
    return (
        f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Log(Logger):
    """gunicorn's own messages, sent where ivr.log sends all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        log.set_up()
        for logger in (self.error_log, self.access_log):
            for handler in list(logger.handlers):
                logger.removeHandler(handler)
            logger.propagate = True
