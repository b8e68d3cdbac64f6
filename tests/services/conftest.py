from tests.services.carrier_api import carrier_api
from tests.store.fixtures import redis, store_url

__all__ = ["carrier_api", "redis", "store_url"]
