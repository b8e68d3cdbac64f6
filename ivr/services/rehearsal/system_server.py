"""The company's own systems on a real port of loopback, for scripts that are played over HTTP."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from ivr.services.rehearsal.system import CompanySystem

LONGEST_SLOWNESS = 10.0
"""Seconds; whoever asks has given up long before."""


class SystemServer:
    """Answers as its `system` does; `url` is where. Started on entering, ended on leaving."""

    def __init__(self, system: CompanySystem) -> None:
        self.system = system
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(system, self._over))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> SystemServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone: what a slow system is for."""


def _handler(system: CompanySystem, over: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer()

        def _answer(self) -> None:
            reply = system.reply(self.command, f"{self.headers.get('Host', '')}{self.path}")
            match reply.does:
                case "slow":
                    over.wait(LONGEST_SLOWNESS)
                    self._break_off()
                case "down":
                    self._break_off()
                case "answers":
                    self.send_response(reply.status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    self.wfile.write(reply.body)

        def _break_off(self) -> None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_: object) -> None:
            """Addresses have callers' numbers in them."""

    return Handler
