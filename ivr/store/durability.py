"""Whether what was written is on disk: asked before anything is promised.

The clock that leads says so where the server's settings do not keep what is promised.

Valkey and Redis from 7.2 on tell when they have it there (WAITAOF), at the latest a second later.
Older ones have it there at once with `appendfsync always`. Others may lose the last second.
"""

from __future__ import annotations

from typing import Any

from redis import Redis
from redis.exceptions import NoScriptError

from ivr.store.address import version_of
from ivr.store.connection import StoreDown, address, wording
from ivr.store.scripts import Script

PATIENCE = 1.5
"""Seconds for which the server is waited for each time: less than it may take to answer."""
TRIES = 4
_TELLS_FROM = (7, 2)


class NotOnDisk(StoreDown):
    """It is written, but not where a power cut would leave it."""


class Disk:
    """Writes and waits until it is on disk. For many threads at once."""

    def __init__(self, redis: Redis) -> None:
        self._redis: Any = redis
        self._tells: bool | None = None

    def write(self, script: Script, args: list[str | bytes | int | float]) -> Any:
        """What the script (without keys) says, once what it wrote is on disk.

        Where the server cannot tell, at once: `warning` says what that means. Raises NotOnDisk, and
        StoreDown.
        """
        if self._tells is None:
            self._tells = self.warning() is None and self._has_word()
        if not self._tells:
            return script((), args)
        reply, done = self._together(script, args)
        for _ in range(TRIES - 1):
            if done:
                break
            # Of what another connection wrote a server tells nothing, so this one writes as well.
            done = self._again()
        if not done:
            raise self._not_on_disk()
        return reply

    def settle(self) -> None:
        """Return when all that was written so far, by whomever, is on disk.

        Raises NotOnDisk, and StoreDown.
        """
        if self._tells is None:
            self._tells = self.warning() is None and self._has_word()
        if self._tells and not any(self._again() for _ in range(TRIES)):
            raise self._not_on_disk()

    def warning(self) -> str | None:
        """What is wrong with the server's settings, in a sentence; None if promises are safe."""
        with wording(self._redis):
            persistence = self._redis.info("persistence")
        where = f"The store at {address(self._redis)}"
        if not int(persistence.get("aof_enabled", 0)):
            return (
                f"{where} keeps no append-only file: callbacks that were promised are lost when it "
                "stops. Set `appendonly yes`."
            )
        fsync = self._fsync()
        if fsync == "always" or (fsync in (None, "everysec") and self._has_word()):
            return None
        if fsync == "no":
            return (
                f"{where} leaves it to the system when to write: promised callbacks may be lost in "
                "a power cut. Set `appendfsync everysec` or `always`."
            )
        return (
            f"{where} is older than 7.2 and may lose the last second, promised callbacks with it. "
            "Set `appendfsync always`, or use a newer one."
        )

    def _together(self, script: Script, args: list[str | bytes | int | float]) -> tuple[Any, bool]:
        with wording(self._redis):
            for _ in range(2):
                with self._redis.pipeline(transaction=False) as both:
                    both.execute_command("EVALSHA", script.sha, 0, *args)
                    both.execute_command("WAITAOF", 1, 0, round(PATIENCE * 1000))
                    reply, waited = both.execute(raise_on_error=False)
                if not isinstance(reply, NoScriptError):
                    break
                script.load()
            for one in (reply, waited):
                if isinstance(one, Exception):
                    raise one
        return reply, bool(waited[0])

    def _not_on_disk(self) -> NotOnDisk:
        return NotOnDisk(
            f"The store at {address(self._redis)} did not put it on disk in "
            f"{TRIES * PATIENCE:.0f} seconds."
        )

    def _again(self) -> bool:
        with wording(self._redis), self._redis.pipeline(transaction=False) as both:
            both.incr("ringback:written")
            both.execute_command("WAITAOF", 1, 0, round(PATIENCE * 1000))
            return bool(both.execute()[1][0])

    def _fsync(self) -> str | None:
        try:
            with wording(self._redis):
                found = self._redis.config_get("appendfsync")
        except StoreDown:
            # Rented ones hide their settings; then what they say of the disk counts.
            return None
        return str(found.get("appendfsync")) if found else None

    def _has_word(self) -> bool:
        with wording(self._redis):
            return version_of(str(self._redis.info("server")["redis_version"])) >= _TELLS_FROM
