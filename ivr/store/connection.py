"""The connection to the store, and its only error.

A caller is on the line while we wait, and the carrier hangs up on us after 15 seconds. So a server
that is away or hangs is an error within CONNECT_PATIENCE + ANSWER_PATIENCE seconds.
"""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any

import redis
from redis.backoff import ConstantBackoff
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError,
    RedisError,
    ResponseError,
    TimeoutError,
)
from redis.retry import Retry

# Seconds.
CONNECT_PATIENCE = 1.0
ANSWER_PATIENCE = 2.0
RETRY_AFTER = 0.02


class StoreDown(Exception):
    """The store does not do its work; says why in a sentence, without any password."""


def connect(url: str) -> redis.Redis:
    """A client for many threads, which connects when it is first used.

    Raises StoreDown for a URL that names no server.
    """
    try:
        return _Client.from_url(
            url,
            socket_connect_timeout=CONNECT_PATIENCE,
            socket_timeout=ANSWER_PATIENCE,
            # A connection that broke (the server was restarted) is made anew, once. A time-out is
            # not tried again: that would double the time that a caller hears nothing.
            retry=Retry(
                ConstantBackoff(RETRY_AFTER), retries=1, supported_errors=(ConnectionError,)
            ),
            # No PING before commands: the retry finds a broken connection without a round trip,
            # and TCP keep-alive (on by default) a silent one.
            health_check_interval=0,
            # RESP 2 and no CLIENT SETINFO: a new connection costs no round trips of its own.
            protocol=2,
            driver_info=None,
        )
    except ValueError:
        raise StoreDown(
            "The store's URL should look like redis://HOST:PORT/0, rediss://HOST:PORT/0 "
            "or unix:///PATH."
        ) from None


class _Client(redis.Redis):
    """A client whose connections stay at hand from one command to the next.

    For each command the library takes a lock twice and asks the operating system whether the
    connection is still good, which doubles its price. Here one that has broken is found by using
    it; the command is then left to the library.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._process = os.getpid()
        self._at_hand: list[Any] = []

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if self._process != os.getpid():
            # Those of the process that this one was forked from are not ours to speak on.
            self._process, self._at_hand = os.getpid(), []
        connection: Any
        try:
            # Neither this nor `append` needs a lock.
            connection = self._at_hand.pop()
        except IndexError:
            connection = self.connection_pool.get_connection()
        try:
            connection.send_command(*args, **options)
            answer = self.parse_response(connection, args[0], **options)  # type: ignore[no-untyped-call]
        except ResponseError:
            self._at_hand.append(connection)
            raise
        except BaseException as error:
            connection.disconnect()
            self.connection_pool.release(connection)
            if isinstance(error, ConnectionError):
                return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
            raise
        self._at_hand.append(connection)
        return answer


class wording:  # noqa: N801  (reads as a word of the `with` statement)
    """Turns any failure of the server into StoreDown: `with wording(redis): ...`.

    A class, not a generator: it is on the way of every call.
    """

    __slots__ = ("_redis",)

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if isinstance(error, RedisError):
            raise StoreDown(sentence(self._redis, error)) from error


def sentence(client: redis.Redis, error: RedisError) -> str:
    """What is wrong with the server, for people and logs."""
    where = f"The store at {address(client)}"
    if isinstance(error, BusyLoadingError):
        return f"{where} is still reading its data."
    if isinstance(error, TimeoutError):
        return f"{where} does not answer in time."
    if isinstance(error, ConnectionError):
        cause = error.__cause__ or error.__context__
        reason = (isinstance(cause, OSError) and cause.strerror) or str(error).rstrip(".")
        return f"{where} cannot be reached ({reason})."
    return f"{where} refuses ({str(error).rstrip('.')})."


def address(client: redis.Redis) -> str:
    """Where the server is: host and port, or the path of its socket."""
    at = client.connection_pool.connection_kwargs
    return str(at["path"]) if "path" in at else f"{at.get('host')}:{at.get('port', 6379)}"
