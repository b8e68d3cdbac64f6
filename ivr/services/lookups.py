"""Asking the company's own systems, while a caller waits in silence.

Only hosts that stand in `config.yaml` are asked, over addresses that are looked at first: a name
that leads into a private network is refused unless that is allowed. Whatever happens, there is an
answer within the time that the flow gives it.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from urllib.parse import SplitResult, urlsplit

import urllib3

from ivr.flow.inputs import LookedUp
from ivr.flow.moves import Request
from ivr.services.answers import NoAnswer, read_answer
from ivr.services.mishap import way

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 32
"""Questions under way from one process. One more is not asked: its caller would only wait."""
LARGEST_ANSWER = 65_536
"""Bytes."""
MOST_REMEMBERED = 1_000
"""Answers that one process remembers."""


@dataclass(frozen=True)
class _Remembered:
    until: float
    answer: LookedUp


class Lookups:
    """Asks for many threads at once. `hosts` may have a port; `monotonic` tells seconds.

    With `at` (an http address) every one of the hosts is asked there instead: in a rehearsal.
    """

    def __init__(
        self,
        hosts: tuple[str, ...],
        *,
        private_addresses: bool = False,
        at: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hosts = frozenset(hosts)
        self._private_addresses = private_addresses
        self._at = urlsplit(at) if at else None
        self._monotonic = monotonic
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="lookup")
        self._free = BoundedSemaphore(MOST_AT_ONCE)
        self._remembered: OrderedDict[tuple[str, str], _Remembered] = OrderedDict()
        self._lock = Lock()

    def ask(self, request: Request) -> LookedUp:
        """The answer, or that it failed. Never raises, and never takes longer than it may."""
        key = (request.url, json.dumps(sorted(request.read.items()), default=repr))
        if request.remember_for and (known := self._known(key)):
            return known
        answer = self._asked(request)
        if request.remember_for and answer.outcome != "failed":
            self._remember(key, answer, request.remember_for)
        return answer

    def forget(self) -> None:
        """Remember no answer any more."""
        with self._lock:
            self._remembered.clear()

    def close(self) -> None:
        """Let go of the threads; what is under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _asked(self, request: Request) -> LookedUp:
        if not self._free.acquire(blocking=False):
            return LookedUp("failed", reason="too many lookups are under way")
        try:
            # In a thread of its own: no time limit of a socket covers the name's resolution.
            under_way = self._threads.submit(self._exchange, request)
        except RuntimeError:
            self._free.release()
            return LookedUp("failed", reason="the process is stopping")
        under_way.add_done_callback(lambda _: self._free.release())
        try:
            return under_way.result(timeout=request.timeout)
        except TooLateError:
            return LookedUp("failed", reason=f"no answer within {request.timeout:g} s")
        except NoAnswer as failed:
            return LookedUp("failed", reason=str(failed))
        except Exception as error:
            # A caller is waiting: whatever it was goes to the log, and the flow's way for failure.
            logger.error("a lookup failed in a way of its own: %s", way(error))
            return LookedUp("failed", reason="something of ours failed")

    def _known(self, key: tuple[str, str]) -> LookedUp | None:
        with self._lock:
            known = self._remembered.get(key)
        return known.answer if known is not None and known.until > self._monotonic() else None

    def _remember(self, key: tuple[str, str], answer: LookedUp, seconds: float) -> None:
        with self._lock:
            self._remembered[key] = _Remembered(self._monotonic() + seconds, answer)
            self._remembered.move_to_end(key)
            while len(self._remembered) > MOST_REMEMBERED:
                self._remembered.popitem(last=False)

    def _exchange(self, request: Request) -> LookedUp:
        url = urlsplit(request.url)
        if url.netloc not in self._hosts:
            raise NoAnswer(f"the host {url.netloc} is not allowed")
        if self._at is None:
            status, body = self._fetch(request, url, url, self._address(url))
        else:
            status, body = self._fetch(request, url, self._at, self._at.hostname or "")
        return read_answer(status, body, request.read)

    def _address(self, url: SplitResult) -> str:
        """An address of the host; the one that is looked at is the one that is asked."""
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(url.hostname, port, type=socket.SOCK_STREAM)
        except OSError:
            raise NoAnswer(f"the host {url.hostname} is not known") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not self._private_addresses:
            for address in addresses:
                if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                    raise NoAnswer(f"the host {url.hostname} has a private address")
        return addresses[0]

    def _fetch(
        self, request: Request, url: SplitResult, door: SplitResult, address: str
    ) -> tuple[int, bytes]:
        """Ask for `url` at the `address` and the port of `door`."""
        limits = urllib3.Timeout(connect=request.timeout, read=request.timeout)
        pool: urllib3.HTTPConnectionPool
        if door.scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                address, door.port or 443, timeout=limits,
                server_hostname=url.hostname, assert_hostname=url.hostname,
            )  # fmt: skip
        else:
            pool = urllib3.HTTPConnectionPool(address, door.port or 80, timeout=limits)
        with pool:
            try:
                response = pool.request(
                    request.method,
                    url._replace(scheme="", netloc="").geturl() or "/",
                    headers={"Host": url.netloc, "Accept": "application/json"},
                    json=dict(request.body) if request.method == "POST" else None,
                    retries=False,
                    redirect=False,
                    preload_content=False,
                )
                try:
                    body = response.read(LARGEST_ANSWER + 1, decode_content=True)
                finally:
                    response.close()
            except urllib3.exceptions.TimeoutError:
                raise NoAnswer(f"no answer within {request.timeout:g} s") from None
            except urllib3.exceptions.HTTPError as error:
                raise NoAnswer(f"no answer ({type(error).__name__})") from None
        if len(body) > LARGEST_ANSWER:
            raise NoAnswer(f"the answer is larger than {LARGEST_ANSWER} bytes")
        return response.status, body
