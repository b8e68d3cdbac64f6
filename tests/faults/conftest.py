"""Long trials in which processes are killed, for `make faults`: the suite leaves them out."""

import os

from tests.store.fixtures import redis, store_url
from tests.workers.processes import background

collect_ignore_glob = [] if os.environ.get("FAULTS") else ["test_*.py"]

__all__ = ["background", "redis", "store_url"]
