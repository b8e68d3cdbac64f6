"""The address of a Redis-protocol server: is it usable, and how may it be shown."""

import re

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError
from redis.retry import Retry

# What the scripts and commands of ivr.store need.
OLDEST_VERSION = (7, 0)
# Seconds.
PATIENCE = 3.0


class ServerError(Exception):
    """No server can be had; says in one sentence why and what to do."""


def reach(url: str) -> None:
    """Check that a usable server answers at `url`, the value of REDIS_URL.

    Raises ServerError in words for the person who set it. A password is not repeated.
    """
    try:
        client = connect(url)
    except ValueError:
        raise ServerError(
            f"REDIS_URL is {without_password(url)!r}, but should look like "
            "redis://HOST:PORT/0, rediss://HOST:PORT/0 or unix:///PATH."
        ) from None
    with client:
        try:
            version = str(client.info("server")["redis_version"])
        except AuthenticationError:
            raise ServerError(
                f"REDIS_URL: the server at {without_password(url)} refuses the user or password."
            ) from None
        except RedisError as error:
            cause = error.__cause__ or error.__context__
            reason = (isinstance(cause, OSError) and cause.strerror) or str(error).rstrip(".")
            raise ServerError(
                f"REDIS_URL: nothing answers at {without_password(url)} ({reason})."
            ) from None
    if version_of(version) < OLDEST_VERSION:
        raise ServerError(
            f"REDIS_URL: the server at {without_password(url)} is version {version}, "
            f"but Ringback needs {words(OLDEST_VERSION)} or newer."
        )


def without_password(url: str) -> str:
    """The URL as it may be shown to people and logs."""
    return re.sub(r"(?<=//)[^/]*@|(?<=password=)[^&]*", "", url)


def connect(url: str) -> Redis:
    """A client that asks once and gives up soon. Raises ValueError for a malformed URL."""
    return Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )


def version_of(text: str) -> tuple[int, ...]:
    """The numbers in `text`, such as (7, 2, 4)."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def words(version: tuple[int, ...]) -> str:
    """A version as people write it."""
    return ".".join(str(part) for part in version)
