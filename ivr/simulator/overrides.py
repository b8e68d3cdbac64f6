"""Connection overrides: the ``#rc=2&rp=5xx&rt=4000`` that an application may put on its URLs."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urldefrag

from ivr.simulator.errors import ApplicationError

POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


@dataclass(frozen=True)
class Overrides:
    """Time-outs in seconds, the number of retries, and which failures are retried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retried: frozenset[str] = frozenset({"ct"})

    def retries_on(self, failure: str) -> bool:
        """Whether a failure of that kind ("ct", "rt", "4xx", "5xx") is tried again.

        A failure without a kind never is.
        """
        return bool(failure) and ("all" in self.retried or failure in self.retried)


DEFAULTS = Overrides()


@lru_cache(maxsize=1_024)
def split(url: str) -> tuple[str, Overrides]:
    """The URL without its fragment, and what the fragment asks for.

    Raises ApplicationError 11243 for values out of their range and unknown policies. A fragment
    without any of the known keys is not meant for us and has no effect.
    """
    bare, fragment = urldefrag(url)
    if not fragment:
        return bare, DEFAULTS
    numbers: dict[str, int] = {}
    retried = DEFAULTS.retried
    for key, value in parse_qsl(fragment, keep_blank_values=True):
        if key in RANGES:
            numbers[key] = _number(key, value, url)
        elif key == "rp":
            retried = frozenset(value.split(","))
            if not retried <= POLICIES:
                raise ApplicationError(11243, f"rp={value} in {url}", url)
    return bare, Overrides(
        connect=numbers.get("ct", 5_000) / 1000,
        read=numbers.get("rt", 15_000) / 1000,
        total=numbers.get("tt", 15_000) / 1000,
        retries=numbers.get("rc", DEFAULTS.retries),
        retried=retried,
    )


def _number(key: str, value: str, url: str) -> int:
    low, high = RANGES[key]
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ApplicationError(11243, f"{key}={value} in {url}: expected {low} to {high}", url)
    return int(value)
