"""Trials in which processes are killed. The suite leaves the long ones to `make faults`."""

import os

from tests.store.fixtures import redis, store_url
from tests.workers.processes import background

collect_ignore_glob = [] if os.environ.get("FAULTS") else ["test_killing.py"]

__all__ = ["background", "redis", "store_url"]
