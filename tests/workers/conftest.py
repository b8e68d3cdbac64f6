from tests.services.carrier_api import carrier_api
from tests.store.fixtures import redis, store_url
from tests.workers.processes import background

__all__ = ["background", "carrier_api", "redis", "store_url"]
