from tests.store.fixtures import redis, store_url

__all__ = ["redis", "store_url"]
