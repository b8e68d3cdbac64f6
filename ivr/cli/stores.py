"""Where commands find the store: REDIS_URL, or the private server of a run on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

from ivr.cli.options import var_option
from ivr.cli.problem import Problem
from ivr.config import Config
from ivr.store.connection import StoreDown, connect
from ivr.store.server import running_server


@contextmanager
def open_store(config: Config, var: Path | None) -> Iterator[Redis]:
    """A client of the store, let go on leaving. Raises Problem, also for StoreDown within."""
    try:
        with connect(store_url(var or config.folder / "var")) as redis:
            yield redis
    except StoreDown as error:
        raise Problem(str(error)) from None


def store_url(var: Path) -> str:
    """REDIS_URL, or where `ringback run` notes its private server. Raises Problem."""
    url = os.environ.get("REDIS_URL")
    if url:
        return url
    url = running_server(var / "store")
    if url is None:
        raise Problem(
            "Ringback is not running here: start it (`ringback run`), or say with REDIS_URL "
            "where its store is."
        )
    return url


__all__ = ["open_store", "store_url", "var_option"]
