"""Published flows: the sets under their content's hash, which of them calls begin with, and why.

A set never changes, and one that was published is kept until somebody says otherwise: calls under
way keep theirs, and any can be gone back to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeVar, cast

import msgspec
from msgspec import Struct
from redis import Redis

from ivr.flow.notice import Notice
from ivr.store import keys
from ivr.store.connection import wording
from ivr.store.scripts import Reply, Script

logger = logging.getLogger(__name__)

Entry = TypeVar("Entry")


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

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version that new calls can begin with, the usual one first."""
        if not self.version:
            return ()
        return (self.version,) if self.trial is None else (self.version, self.trial.version)


class Change(Struct, frozen=True):
    """One entry of the history. `at` is in seconds since 1970; `what` tells in a few words how
    `version` differs from what was there before."""

    at: float
    who: str
    why: str
    did: Literal["published", "rolled_back", "began_trial", "ended_trial", "promoted"]
    version: str
    trial: Trial | None = None
    """The trial that is on after this, or that was ended by it."""
    what: str = ""


class ChangedMeanwhile(Exception):
    """Somebody else has published since this was read."""


class NoSuchVersion(Exception):
    """The store does not keep that set."""


_encode = msgspec.json.Encoder().encode
_decode_trial = msgspec.json.Decoder(Trial).decode
_decode_change = msgspec.json.Decoder(Change).decode
_decode_notice = msgspec.json.Decoder(Notice).decode


class PublishedStore:
    """Every method takes one round trip and raises StoreDown."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._switch = Script(redis, "switch_flows-3")
        self._forget = Script(redis, "forget_flows-3")
        self._keep = Script(redis, "keep_flows-1")
        self._complained: set[bytes] = set()

    def keep(self, version: str, files: Mapping[str, bytes], seconds: int = 0) -> None:
        """Keep a set of files by name, for ever or for so many seconds; keeping it again never
        shortens that."""
        pairs = [part for name, content in files.items() for part in (name, content)]
        self._keep([keys.flow_set(version)], [seconds, *pairs])

    def keep_scripts(self, version: str, files: Mapping[str, bytes]) -> None:
        """Keep the scripts of calls that a set is rehearsed with, instead of those before."""
        name = keys.flow_scripts(version)
        with wording(self._redis), self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(name)
            if files:
                pipe.hset(name, items=[part for pair in files.items() for part in pair])
            pipe.execute()

    def scripts(self, version: str) -> dict[str, bytes]:
        """The scripts of calls that are kept with a set, by file."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.flow_scripts(version)))
        return {name.decode(): content for name, content in found.items()}

    def files(self, version: str) -> dict[str, bytes] | None:
        """The set, or None when there is none of that version."""
        with wording(self._redis):
            found = cast("dict[bytes, bytes]", self._redis.hgetall(keys.flow_set(version)))
        return {name.decode(): content for name, content in found.items()} or None

    def file(self, version: str, name: str) -> bytes | None:
        """One file of a set, or None when there is no such."""
        with wording(self._redis):
            return cast("bytes | None", self._redis.hget(keys.flow_set(version), name))

    def now(self) -> tuple[Published, tuple[Notice, ...]]:
        """What new calls begin with, and the notices, those that began first before the others.

        A notice or trial that makes no sense is left out, and the log says so once.
        """
        with wording(self._redis), self._redis.pipeline(transaction=True) as pipe:
            pipe.hmget(keys.FLOWS, "serial", "version", "trial")
            pipe.hvals(keys.NOTICES)
            (serial, version, trial), notices = pipe.execute()
        trials = self._readable([trial] if trial else [], _decode_trial, "the trial")
        published = Published(
            int(serial or 0), (version or b"").decode(), trials[0] if trials else None
        )
        told = self._readable(notices, _decode_notice, "a notice")
        return published, tuple(sorted(told, key=lambda notice: (notice.starts, notice.id)))

    def switch(self, before: Published, after: Published, change: Change) -> None:
        """Let new calls begin as `after` says (its serial is counted here), and note the `change`.

        Raises ChangedMeanwhile when what they begin with is no longer as it was in `before`, and
        NoSuchVersion when the version that comes into use is not kept.
        """
        comes = after.version if after.trial is None else after.trial.version
        reply = self._switch(
            (keys.FLOWS, keys.FLOWS_HISTORY, keys.flow_set(comes)),
            (
                before.serial,
                after.version,
                "" if after.trial is None else _encode(after.trial),
                _encode(change),
                keys.CHANGES_KEPT,
            ),
        )
        if reply == Reply.LOST:
            raise ChangedMeanwhile("Somebody else has published meanwhile: look, and do it again.")
        if reply == Reply.UNKNOWN:
            raise NoSuchVersion(f"The store has no version {comes}.")

    def forget(self, version: str, before: Published) -> bool:
        """Keep a set no longer; False when there is none. `before` told that it is not in use.

        Raises ChangedMeanwhile when what calls begin with is no longer as it was then.
        """
        reply = self._forget(
            (keys.FLOWS, keys.flow_set(version), keys.flow_scripts(version)), (before.serial,)
        )
        if reply == Reply.LOST:
            raise ChangedMeanwhile("Somebody else has published meanwhile: look, and do it again.")
        return bool(reply == Reply.DONE)

    def history(self, most: int = keys.CHANGES_KEPT) -> tuple[Change, ...]:
        """The latest changes, the newest first."""
        with wording(self._redis):
            found = cast("list[bytes]", self._redis.lrange(keys.FLOWS_HISTORY, 0, most - 1))
        return tuple(self._readable(found, _decode_change, "an entry of the history"))

    def put_notice(self, notice: Notice) -> None:
        """Switch a notice on, or replace the one of the same id."""
        with wording(self._redis):
            self._redis.hset(keys.NOTICES, notice.id, _encode(notice))

    def drop_notice(self, notice_id: str) -> bool:
        """Switch a notice off; False when there is none of that id."""
        with wording(self._redis):
            return bool(self._redis.hdel(keys.NOTICES, notice_id))

    def _readable(
        self, found: Iterable[bytes], decode: Callable[[bytes], Entry], what: str
    ) -> list[Entry]:
        entries = []
        for raw in found:
            try:
                entries.append(decode(raw))
            except msgspec.DecodeError as error:
                if raw not in self._complained:
                    self._complained.add(raw)
                    logger.error("%s in the store makes no sense and is left out: %s", what, error)
        return entries
