"""Published flows: the sets under their content's hash, which of them calls begin with, and why.

A set never changes and is kept for ever: calls under way keep theirs, and any can be gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.flow.notice import Notice
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script


class Trial(Struct, frozen=True):
    """Some calls begin with another `version`: those to one of `lines`, those from one of
    `callers` (E.164), and `percent` of every 100."""

    version: str
    lines: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    percent: int = 0


class Published(Struct, frozen=True):
    """What new calls begin with; `serial` counts the changes."""

    serial: int = 0
    version: str = ""
    """Empty while nothing has been published."""
    trial: Trial | None = None


class Change(Struct, frozen=True):
    """One entry of the history. `at` is in seconds since 1970."""

    at: float
    who: str
    why: str
    did: Literal["published", "rolled_back", "began_trial", "ended_trial"]
    version: str
    trial: Trial | None = None


class ChangedMeanwhile(Exception):
    """Somebody else has published since this was read."""


_encode = msgspec.json.Encoder().encode
_decode_trial = msgspec.json.Decoder(Trial).decode
_decode_change = msgspec.json.Decoder(Change).decode
_decode_notice = msgspec.json.Decoder(Notice).decode


class PublishedStore:
    """Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._switch = Script(redis, "switch_flows-2")

    def keep(self, version: str, files: Mapping[str, bytes]) -> None:
        """Keep a set of files by name; keeping it again changes nothing."""
        contents: dict[Any, Any] = {**files}
        with wording(self._redis):
            self._redis.hset(keys.flow_set(version), mapping=contents)

    def files(self, version: str) -> dict[str, bytes] | None:
        """The set, or None when there is none of that version."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.flow_set(version)))
        return {name.decode(): content for name, content in found.items()} or None

    def now(self) -> tuple[Published, tuple[Notice, ...]]:
        """What new calls begin with, and the notices, those that began first before the others."""
        with wording(self._redis), self._redis.pipeline(transaction=True) as pipe:
            pipe.hmget(keys.FLOWS, "serial", "version", "trial")
            pipe.hvals(keys.NOTICES)
            (serial, version, trial), notices = pipe.execute()
        published = Published(
            int(serial or 0),
            (version or b"").decode(),
            _decode_trial(trial) if trial else None,
        )
        told = sorted(map(_decode_notice, notices), key=lambda notice: (notice.starts, notice.id))
        return published, tuple(told)

    def switch(self, before: Published, change: Change) -> None:
        """Let new calls begin as `change` says.

        Raises ChangedMeanwhile when that is no longer as it was in `before`.
        """
        reply = self._switch(
            (keys.FLOWS, keys.FLOWS_HISTORY),
            (
                before.serial,
                change.version,
                "" if change.trial is None else _encode(change.trial),
                _encode(change),
                keys.CHANGES_KEPT,
            ),
        )
        if reply != Reply.DONE:
            raise ChangedMeanwhile("Somebody else has published meanwhile: look, and do it again.")

    def history(self, most: int = 20) -> tuple[Change, ...]:
        """The latest changes, the newest first."""
        with wording(self._redis):
            found = cast("list[bytes]", self._redis.lrange(keys.FLOWS_HISTORY, 0, most - 1))
        return tuple(map(_decode_change, found))

    def put_notice(self, notice: Notice) -> None:
        """Switch a notice on, or replace the one of the same id."""
        with wording(self._redis):
            self._redis.hset(keys.NOTICES, notice.id, _encode(notice))

    def drop_notice(self, notice_id: str) -> bool:
        """Switch a notice off; False when there is none of that id."""
        with wording(self._redis):
            return bool(self._redis.hdel(keys.NOTICES, notice_id))
