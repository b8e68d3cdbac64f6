"""A flow, and a set of flows: what a company's callers can meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.flow.kinds import AnyNode
from ivr.flow.kinds.node import Node
from ivr.flow.names import TARGET, Name, Target

Discriminated = Annotated[AnyNode, Field(discriminator="kind")]


class Flow(BaseModel):
    """One file of `flows/`. Its name is the file's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str = ""
    """What the flow is for, for those who open the file."""
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    """The languages that every text here is in; the first is the one to begin with."""
    start: Name
    """The node where a call begins."""
    person: Target
    """The node that leads to a person; 0 and the words for a person always lead there."""
    nodes: Annotated[dict[Name, Discriminated], Field(min_length=1)]
    """The steps, by name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call can stand: a node of a flow."""

    flow: str
    node: str

    def __str__(self) -> str:
        return f"{self.flow}/{self.node}"


class UnknownPlace(KeyError):
    """A target leads nowhere; a checked set of flows never raises it."""


@dataclass(frozen=True)
class FlowSet:
    """Flows by name; `version` names their content (a hash), for calls that outlive a change."""

    flows: Mapping[str, Flow]
    version: str
    _places: dict[tuple[str, str], Place] = field(default_factory=dict, repr=False, compare=False)

    def start(self, flow: str) -> Place:
        return self.place(flow, f"{flow}/")

    def person(self, flow: str) -> Place:
        """The place that leads to a person from this flow; raises `UnknownPlace`."""
        if flow not in self.flows:
            raise UnknownPlace(flow)
        return self.place(flow, self.flows[flow].person)

    def place(self, flow: str, target: str) -> Place:
        """The place that `target` means in `flow`; raises `UnknownPlace` when there is none."""
        known = self._places.get((flow, target))
        if known is None:
            known = self._places[flow, target] = self._find(flow, target)
        return known

    def _find(self, flow: str, target: str) -> Place:
        match = TARGET.match(target)
        if match is None:
            raise UnknownPlace(target)
        into = match["flow"] or flow
        if into not in self.flows:
            raise UnknownPlace(target)
        place = Place(into, match["node"] or self.flows[into].start)
        if place.node not in self.flows[into].nodes:
            raise UnknownPlace(target)
        return place

    def node(self, place: Place) -> Node:
        """The node at `place`; raises `UnknownPlace` when it is gone."""
        flow = self.flows.get(place.flow)
        node = None if flow is None else flow.nodes.get(place.node)
        if node is None:
            raise UnknownPlace(str(place))
        return node
