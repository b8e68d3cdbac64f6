"""How often each option of each menu was chosen, counted by calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redis import Redis

from ivr.flow.checks.order import Chosen, Offered
from ivr.flow.flow import Place
from ivr.flow.kinds import Menu
from ivr.flow.names import Recorded, in_language
from ivr.flow.reader import read_flows
from ivr.store import keys
from ivr.store.choices import PERSON, ChoiceStore, Progress
from ivr.store.published import PublishedStore

MOST_VERSIONS = 50
"""Versions that are read for their menus; calls of older ones are not counted."""


@dataclass(frozen=True)
class MenuChoices:
    """A menu, and in how many calls each of its options was the first that was chosen there.

    `labels` are the options' in the flow's first language, in their order.
    """

    offered: Offered
    labels: tuple[str, ...]
    calls: Counter[str] = field(default_factory=Counter)
    """By key, and `0` for a person."""


@dataclass(frozen=True)
class Choices:
    """Every menu of every version that calls came to, the newest version's first."""

    menus: tuple[MenuChoices, ...]
    unknown: int = 0
    """Calls whose flows are kept no more, so that nobody knows what their keys meant."""

    @property
    def chosen(self) -> Chosen:
        """What the checks take."""
        return {menu.offered: menu.calls for menu in self.menus}

    def newest(self) -> Mapping[str, MenuChoices]:
        """Each menu with the options that the latest callers were offered, by its place."""
        return {menu.offered.place: menu for menu in reversed(self.menus)}


def read_choices(
    redis: Redis,
    now: datetime,
    days: int,
    most: int = keys.EVENTS_KEPT,
    progress: Progress | None = None,
) -> Choices:
    """What callers chose in the last `days`, in the newest `most` entries of the stream of events.

    What was chosen from a menu is counted together as long as its options stay the same, whatever
    else a version changed. Raises StoreDown.
    """
    published = PublishedStore(redis)
    menus: dict[Offered, MenuChoices] = {}
    versions: dict[str, dict[str, MenuChoices]] = {}
    unknown = 0
    since = (now - timedelta(days=days)).timestamp()
    for call in ChoiceStore(redis).calls(since, most, progress):
        if call.version not in versions:
            full = len(versions) >= MOST_VERSIONS
            versions[call.version] = {} if full else _menus(published, call.version)
        known = versions[call.version]
        if not known:
            unknown += 1
            continue
        for place, choice in call.at.items():
            menu = known.get(place)
            if menu is None:
                continue
            menu = menus.setdefault(menu.offered, menu)
            if choice == PERSON or choice in dict(menu.offered.options):
                menu.calls[choice] += 1
    return Choices(tuple(menus.values()), unknown)


def _menus(published: PublishedStore, version: str) -> dict[str, MenuChoices]:
    """The menus of a version by their places; none where it is kept no more."""
    menus: dict[str, MenuChoices] = {}
    for name, flow in read_flows(published.files(version) or {}).flows.flows.items():
        for node_name, node in flow.nodes.items():
            if isinstance(node, Menu):
                place = Place(name, node_name)
                labels = (in_language(option.label, flow.languages[0]) for option in node.options)
                menus[str(place)] = MenuChoices(
                    Offered.by(place, node),
                    tuple(one.text if isinstance(one, Recorded) else one for one in labels),
                )
    return menus
