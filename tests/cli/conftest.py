from pathlib import Path

import pytest
from redis import Redis

from tests.cli.publishing import Desk
from tests.services.folders import SCRIPT, make_folder
from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]


@pytest.fixture
def publisher(tmp_path: Path, redis: Redis, store_url: str) -> Desk:
    """Somebody who publishes, at a store of their own."""
    folder = make_folder(tmp_path)
    folder.write("main.calls.yaml", SCRIPT)
    return Desk(folder, store_url, redis)
