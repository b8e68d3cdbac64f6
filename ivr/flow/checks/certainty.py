"""Which variables are certain to have a value wherever a call can stand.

A forward analysis over every place of all flows: what holds on all ways into a place holds there.
Names are bits of a number, so that thousands of places are done in milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from ivr.flow.checks.certain import guarded_reads, when_not_true, when_true
from ivr.flow.expressions.tree import Constant
from ivr.flow.flow import FlowSet, Place, UnknownPlace
from ivr.flow.kinds import Branch, Lookup, Set
from ivr.flow.kinds.node import Node


class Ways:
    """The ways of calls through these flows, and what they do to variables of these names."""

    def __init__(self, flows: FlowSet, names: Collection[str]) -> None:
        self.flows = flows
        self.bits = {name: 1 << index for index, name in enumerate(sorted(names))}
        self.all = (1 << len(self.bits)) - 1

    def mask(self, names: Iterable[str]) -> int:
        """These names as bits; others are left out."""
        return sum({self.bits[name] for name in names if name in self.bits})

    def names(self, mask: int) -> frozenset[str]:
        return frozenset(name for name, bit in self.bits.items() if mask & bit)

    def onward(self, place: Place, mask: int) -> Iterator[tuple[Place, int]]:
        """Where a call can go from here, and what has a value there when `mask` has one here."""
        node = self.flows.node(place)
        targets = [(self.flows.flows[place.flow].person, mask)]
        targets += (
            self._of_branch(node, mask)
            if isinstance(node, Branch)
            else self._of_others(node, mask)
        )  # fmt: skip
        for target, with_mask in targets:
            try:
                yield self.flows.place(place.flow, target), with_mask
            except UnknownPlace:
                continue

    def _of_others(self, node: Node, mask: int) -> list[tuple[str, int]]:
        assigned = [name for _, name in node.assigns()]
        if not assigned:
            return [(target, mask) for _, target in node.targets()]
        given = self.mask(name for name in assigned if self._gives(node, name, mask))
        after = mask & ~self.mask(assigned) | given
        return [
            (target, after if path == (node.assigns_towards,) else mask)
            for path, target in node.targets()
        ]

    def _gives(self, node: Node, name: str, mask: int) -> bool:
        """Whether the node gives the variable a value for certain, and not nothing."""
        match node:
            case Set(value=value):
                if isinstance(value.root, Constant):
                    return value.root.value is not None
                return not guarded_reads(value.root, self.names(mask))
            case Lookup(read=values):
                return values[name].consent is None
        return True

    def _of_branch(self, node: Branch, mask: int) -> list[tuple[str, int]]:
        found = []
        for way in node.ways:
            found.append((way.to, mask | self.mask(when_true(way.when.root))))
            mask |= self.mask(when_not_true(way.when.root))
        found.append((node.otherwise, mask))
        return found


def certain_at(ways: Ways, begins: list[str]) -> Callable[[Place], frozenset[str]]:
    """The variables that have a value at a place, whichever way a call came from the start of
    these flows. At a place that no call comes to, all have."""
    at: dict[Place, int] = {}
    waiting: list[Place] = []
    for flow in begins:
        try:
            place = ways.flows.start(flow)
        except UnknownPlace:
            continue
        at[place] = 0
        waiting.append(place)
    while waiting:
        place = waiting.pop()
        for target, mask in ways.onward(place, at[place]):
            known = at.get(target)
            joined = mask if known is None else known & mask
            if joined != known:
                at[target] = joined
                waiting.append(target)
    return lambda place: ways.names(at.get(place, ways.all))
