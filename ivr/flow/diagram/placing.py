"""In which order the cards of a column stand, and how far down: arrows short and level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.flow.diagram.drawing import Card

SWEEPS = 12
"""How often columns are put in order by their neighbours; more changes nothing that is seen."""
GAP = 26.0
"""Between two cards of a column."""
CLOSE = 8.0
"""Between two lanes."""


@dataclass(slots=True)
class Item:
    """A card in its column, or the lane of an arrow that passes."""

    column: int
    height: float
    card: Card | None = None
    entrance: float = 0.0
    y: float = 0.0
    before: list[tuple[Item, float]] = field(default_factory=list)
    """Where arrows come from, and how far below the other's top they begin."""
    after: list[tuple[Item, float]] = field(default_factory=list)
    """Where arrows go, and how far below this one's top they begin."""


def put_in_order(columns: list[list[Item]]) -> None:
    """Sort each column by where its neighbours stand, so that few arrows cross."""
    for column in columns:
        _stack(column)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        for column in columns if forwards else reversed(columns):
            wanted = {id(item): _wanted(item, forwards) for item in column}
            column.sort(key=lambda item: wanted[id(item)])
            _stack(column)


def put_in_place(columns: list[list[Item]]) -> None:
    """Move each column, in its order, as near to its neighbours as there is room."""
    for forwards in (True, False, True, False, True):
        for column in columns if forwards else reversed(columns):
            _settle(column, [_wanted(item, forwards) for item in column])


def _wanted(item: Item, forwards: bool) -> float:
    """The top that an item would like: its arrows level, on one side of it."""
    if forwards:
        levels = [other.y + port - item.entrance for other, port in item.before]
    else:
        levels = [other.y + other.entrance - port for other, port in item.after]
    return sum(levels) / len(levels) if levels else item.y


def _between(above: Item, below: Item) -> float:
    return GAP if above.card is not None or below.card is not None else CLOSE


def _stack(column: Sequence[Item]) -> None:
    y = 0.0
    for number, item in enumerate(column):
        item.y = y
        if number + 1 < len(column):
            y += item.height + _between(item, column[number + 1])


def _settle(column: Sequence[Item], wanted: Sequence[float]) -> None:
    """The nearest tops to those wanted that keep order and distance: neighbours that want the same
    room share it, each as far from its wish as the other."""
    offsets: list[float] = []
    offset = 0.0
    for number, item in enumerate(column):
        offsets.append(offset)
        if number + 1 < len(column):
            offset += item.height + _between(item, column[number + 1])
    blocks: list[tuple[float, int]] = []
    for wish, below in zip(wanted, offsets, strict=True):
        mean, size = wish - below, 1
        while blocks and blocks[-1][0] >= mean:
            other, count = blocks.pop()
            mean, size = (other * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    tops = [mean for mean, size in blocks for _ in range(size)]
    for item, top, below in zip(column, tops, offsets, strict=True):
        item.y = top + below
