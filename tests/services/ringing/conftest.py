from collections.abc import Iterator

import pytest
from redis import Redis

from tests.services.ringing.floor import Floor, floor
from tests.store.fixtures import redis, store_url


@pytest.fixture
def there(redis: Redis) -> Iterator[Floor]:
    """A floor on which nobody is yet."""
    with floor(redis) as opened:
        yield opened


__all__ = ["redis", "store_url", "there"]
