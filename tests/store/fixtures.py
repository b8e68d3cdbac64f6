"""A real server for tests, started once and emptied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from ivr.store.connection import connect
from ivr.store.server import private_server


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    directory: Path = tmp_path_factory.mktemp("store")
    with private_server(directory, appendfsync="no") as url:
        yield url


@pytest.fixture
def redis(store_url: str) -> Iterator[Redis]:
    with connect(store_url) as client:
        client.flushall()
        yield client
