"""Versions that are no longer needed: nobody has used them for long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ivr.services.publishing.publisher import Refused
from ivr.store.published import Change, ChangedMeanwhile, PublishedStore

FEWEST_DAYS = 2
"""A call lasts a day at most, and keeps what it began with."""


def forget_unused(store: PublishedStore, now: datetime, days: int) -> tuple[str, ...]:
    """Delete the versions that no call has begun with for so many days (FEWEST_DAYS or more), and
    give those that were there. Raises Refused when somebody publishes meanwhile, and StoreDown.
    """
    published, _ = store.now()
    limit = (now - timedelta(days=days)).timestamp()
    unused = [
        version
        for version, last in _last_used(store.history()).items()
        if last < limit and version not in published.versions
    ]
    try:
        return tuple(version for version in unused if store.forget(version, published))
    except ChangedMeanwhile as error:
        raise Refused(str(error)) from None


def _last_used(history: Sequence[Change]) -> dict[str, float]:
    """When calls last began with each version that is no longer in use (seconds since 1970)."""
    last: dict[str, float] = {}
    usual, tried = "", ""
    for change in reversed(history):
        # Until now they were in use.
        last |= {version: change.at for version in (usual, tried) if version}
        if change.did in ("published", "rolled_back", "promoted"):
            usual = change.version
        began = change.did == "began_trial" and change.trial is not None
        tried = change.version if began else ""
    return {version: at for version, at in last.items() if version not in (usual, tried)}
