"""Where the cards of a drawing stand: in columns from left to right, with the arrows between them.

A way back to where a call has been is no arrow but a mark in its row, so arrows only ever go to
the right; nor is a way to a card to which many lead, or to one that no longer fits beside the
others. An arrow that passes a column has a lane of its own there: no arrow crosses a card. What no
arrow joins stands one below the other. Everything is decided by the order of the cards and their
rows alone, so the same drawing looks the same always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ivr.flow.diagram.drawing import Card, Drawing
from ivr.flow.diagram.placing import Item, put_in_order, put_in_place

LANE = 10.0
"""Height of the lane of an arrow that passes a column."""
APART = 44.0
"""Between what no arrow joins."""
MANY = 4
"""So many cards with a way to the same one have no arrows to it."""
MOST_COLUMNS = 7
"""What does not fit beside one another goes on below: wider cannot be read on a screen."""

Mark = Literal["back", "there"]
Marks = Mapping[tuple[str, int], Mark]
"""The rows (card, number of the row) whose target is named in them: because it leads back, or
because many lead there or it stands further below."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a card; `ports` are the heights of its rows, and of the place where arrows come in."""

    height: float
    ports: tuple[float, ...]
    entrance: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a row of a card, through the lanes, to another card."""

    source: Item
    port: float
    lanes: tuple[Item, ...]
    target: Item


@dataclass(frozen=True, slots=True)
class Layout:
    """`cards` with their places, in `columns` columns; the lowest ends at `height`."""

    cards: tuple[Item, ...]
    arrows: tuple[Arrow, ...]
    marks: Marks
    columns: int
    height: float


def lay_out(drawing: Drawing, sizes: Mapping[str, Size]) -> Layout:
    """A place for each card, whose sizes are given by name."""
    cards = {card.name: card for card in drawing.cards}
    marks = _marks(cards)
    items: list[Item] = []
    arrows: list[Arrow] = []
    down, most = 0.0, 0
    for group in _groups(cards, marks):
        columns, joined = _lay_out_group(group, sizes, marks)
        placed = [item for column in columns for item in column]
        top = min(item.y for item in placed)
        for item in placed:
            item.y += down - top
        down = max(item.y + item.height for item in placed) + APART
        most = max(most, len(columns))
        items.extend(item for item in placed if item.card is not None)
        arrows.extend(joined)
    return Layout(tuple(items), tuple(arrows), marks, most, max(down - APART, 0.0))


def _lay_out_group(
    cards: Mapping[str, Card], sizes: Mapping[str, Size], marks: Marks
) -> tuple[list[list[Item]], list[Arrow]]:
    """The columns of cards that arrows join, and the arrows."""
    column_of = _columns(cards, marks)
    items = {
        name: Item(column_of[name], sizes[name].height, card, sizes[name].entrance)
        for name, card in cards.items()
    }
    columns: list[list[Item]] = [[] for _ in range(max(column_of.values()) + 1)]
    for name in _visiting_order(cards, marks):
        columns[column_of[name]].append(items[name])
    arrows = [
        _arrow(items[name], sizes[name].ports[number], items[to], columns)
        for name in cards
        for number, to in _arrows_from(name, cards, marks)
    ]
    put_in_order(columns)
    put_in_place(columns)
    return columns, arrows


def _arrows_from(name: str, cards: Mapping[str, Card], marks: Marks) -> Iterable[tuple[int, str]]:
    for number, row in enumerate(cards[name].rows):
        if row.to in cards and (name, number) not in marks:
            yield number, row.to


def _marks(cards: Mapping[str, Card]) -> Marks:
    marks: dict[tuple[str, int], Mark] = dict.fromkeys(_ways_back(cards), "back")
    lead_to: dict[str, set[str]] = {}
    for name in cards:
        for _, to in _arrows_from(name, cards, marks):
            lead_to.setdefault(to, set()).add(name)
    for name, card in cards.items():
        for number, row in enumerate(card.rows):
            if len(lead_to.get(row.to, ())) >= MANY:
                marks.setdefault((name, number), "there")
    column = _columns(cards, marks)
    for name in cards:
        for number, to in list(_arrows_from(name, cards, marks)):
            if column[name] // MOST_COLUMNS != column[to] // MOST_COLUMNS:
                marks[name, number] = "there"
    return marks


def _groups(cards: Mapping[str, Card], marks: Marks) -> Iterable[dict[str, Card]]:
    """The cards that arrows join, in whichever direction."""
    beside: dict[str, set[str]] = {name: set() for name in cards}
    for name in cards:
        for _, to in _arrows_from(name, cards, marks):
            beside[name].add(to)
            beside[to].add(name)
    done: set[str] = set()
    for root in cards:
        if root in done:
            continue
        group, waiting = {root}, [root]
        while waiting:
            new = beside[waiting.pop()] - group
            group |= new
            waiting.extend(new)
        done |= group
        yield {name: card for name, card in cards.items() if name in group}


def _ways_back(cards: Mapping[str, Card]) -> Iterable[tuple[str, int]]:
    """The rows that lead to a card through which this one was come to."""
    done: set[str] = set()
    for root in cards:
        if root in done:
            continue
        under_way = {root}
        stack = [(root, iter(enumerate(cards[root].rows)))]
        while stack:
            name, rows = stack[-1]
            for number, row in rows:
                if row.to in under_way:
                    yield name, number
                elif row.to in cards and row.to not in done:
                    under_way.add(row.to)
                    stack.append((row.to, iter(enumerate(cards[row.to].rows))))
                    break
            else:
                stack.pop()
                under_way.discard(name)
                done.add(name)


def _visiting_order(cards: Mapping[str, Card], marks: Marks) -> list[str]:
    """The cards as one meets them who follows the arrows, the uppermost first."""
    order: dict[str, None] = {}
    for root in cards:
        waiting = [root]
        while waiting:
            name = waiting.pop()
            if name not in order:
                order[name] = None
                onward = [to for _, to in _arrows_from(name, cards, marks)]
                waiting.extend(reversed(onward))
    return list(order)


def _columns(cards: Mapping[str, Card], marks: Marks) -> dict[str, int]:
    """The column of each card: one more than that of any card with an arrow to it."""
    forward = {name: [to for _, to in _arrows_from(name, cards, marks)] for name in cards}
    left = dict.fromkeys(cards, 0)
    for onward in forward.values():
        for to in onward:
            left[to] += 1
    column = dict.fromkeys(cards, 0)
    ready = [name for name in cards if not left[name]]
    while ready:
        name = ready.pop(0)
        for to in forward[name]:
            column[to] = max(column[to], column[name] + 1)
            left[to] -= 1
            if not left[to]:
                ready.append(to)
    return column


def _arrow(source: Item, port: float, target: Item, columns: list[list[Item]]) -> Arrow:
    lanes = [Item(column, LANE, entrance=LANE / 2)
             for column in range(source.column + 1, target.column)]  # fmt: skip
    for lane in lanes:
        columns[lane.column].append(lane)
    height = port
    for first, then in pairwise([source, *lanes, target]):
        first.after.append((then, height))
        then.before.append((first, height))
        height = LANE / 2
    return Arrow(source, port, tuple(lanes), target)
