"""Which ways of the flows calls take, and which none does.

The ways of a node are read off its model: every setting that names a place (`Node.targets`), and
every choice of the questions it puts that has no such setting of its own. So a new kind of node
needs nothing here. A target of the flows that are played is the same text as before that also knows
in which setting it stands: whatever the engine goes by is what is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from ivr.config import Config
from ivr.engine import events
from ivr.engine.company import Company
from ivr.engine.limits import MOST_MISSES
from ivr.engine.progress import Progress
from ivr.engine.turn import Turn
from ivr.flow.flow import Flow, FlowSet
from ivr.flow.inputs import Outcome, Said
from ivr.flow.kinds import Queue
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.kinds.node import Node
from ivr.flow.kinds.node import Path as Setting
from ivr.flow.moves import Go, ToPerson
from ivr.flow.reader import read_flows
from ivr.services.company import read_files

OUTCOMES: tuple[Outcome, ...] = ("completed", "busy", "no_answer", "failed")
"""How ringing a number ends, for a caller who waits for it."""
NOTHING_THAT_FITS = Said("-")
_TIMES = ("a first", "a second", "a third")


@dataclass(frozen=True)
class Way:
    """One way of a node: a setting's path, or what happens there in words."""

    place: str
    what: Setting
    by: Literal["setting", "choice", "miss", "outcome", "agent", "person", "language"] = "setting"

    @property
    def told(self) -> str:
        """As a person is told it: what no call does."""
        last = self.what[-1]
        match self.by:
            case "setting":
                steps = self.what[:-1] if last == "to" and len(self.what) > 1 else self.what
                named = [f"{step + 1}" if isinstance(step, int) else f"`{step}`" for step in steps]
                return f"no call takes {' '.join(named)}"
            case "choice":
                return f"no call chooses `{last}`"
            case "miss":
                return f"no call has {_TIMES[int(last) - 1]} miss here"
            case "outcome":
                return f"no call has the outcome `{last}`"
            case "agent":
                return "no call meets an agent here"
            case "person":
                return f"no call is led to a person here ({last})"
            case "language":
                return f"no call is in the language `{last}`"


@dataclass(frozen=True)
class Untaken:
    """Ways that no call takes, by where they stand in the file."""

    file: str
    line: int
    place: str
    told: str
    ways: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.place}: {self.told}"


class _Target(str):
    """A target that knows where it is written."""

    __slots__ = ("way",)
    way: Way


class Coverage:
    """Play the scripts against `company` and show it every turn (`see`)."""

    def __init__(self, config: Config, company: Company) -> None:
        files, _ = read_files(config.flows_folder)
        self._sources = read_flows(files, config.flows_folder.name).sources
        flows = {name: _marked_flow(name, flow) for name, flow in company.flows.flows.items()}
        self.company = replace(company, flows=FlowSet(flows, company.flows.version))
        self._known: dict[Way, None] = {}
        self._taken: set[Way] = set()
        self._asked: set[tuple[str, str]] = set()
        """Places and stages whose question was put."""
        self._reached: set[str] = set()
        for flow_name, flow in flows.items():
            for name, node in flow.nodes.items():
                self._known.update(dict.fromkeys(self._ways(f"{flow_name}/{name}", node)))
            for language in flow.languages:
                self._known[_language(flow_name, language)] = None

    def see(self, company: Company, turn: Turn, now: datetime) -> None:
        """A turn was taken."""
        self._taken.update(target.way for target in turn.went if isinstance(target, _Target))
        for event in turn.events:
            self._see_event(event, turn)
        call = turn.call
        self._taken.add(_language(call.flow, call.language))
        if call.waiting == "choice" and (call.place, call.stage) not in self._asked:
            # Which question a node puts, only a call can show: its words may hold values.
            self._asked.add((call.place, call.stage))
            progress = Progress(company, call, now)
            if not isinstance(progress.node, CallbackDialogue):
                self._known.update(dict.fromkeys(_answers(progress)))

    def _see_event(self, event: events.Event, turn: Turn) -> None:
        match event:
            case events.PlaceReached(place):
                self._reached.add(place)
            case events.ChoiceMade(place, choice):
                self._taken.add(Way(place, (choice,), "choice"))
            case events.Missed(place, _, times):
                self._taken.add(_miss(place, times))
            case events.NumberEnded(place, outcome) if not turn.call.last_resort:
                self._taken.add(Way(place, (outcome,), "outcome"))
            case events.AgentMet(place):
                self._taken.add(_agent(place))
            case events.PersonSought(place, why):
                self._taken.add(Way(place, (why,), "person"))

    @property
    def total(self) -> int:
        """How many ways there are."""
        return len(self._known)

    @property
    def taken(self) -> int:
        """How many of them some call takes."""
        return len(self._known.keys() & self._taken)

    @property
    def percent(self) -> float:
        return 100.0 * self.taken / self.total if self.total else 100.0

    def untaken(self) -> list[Untaken]:
        """The others, in the order of the files; a node that no call comes to is told once."""
        return sorted(self._untaken(), key=lambda untaken: (untaken.file, untaken.line))

    def _untaken(self) -> Iterator[Untaken]:
        unreached: dict[str, int] = defaultdict(int)
        for way in self._known:
            if way in self._taken:
                continue
            if way.place not in self._reached and "/" in way.place:
                unreached[way.place] += 1
            else:
                yield self._at(way)
        for place, ways in unreached.items():
            yield replace(self._at(None, place), ways=ways)

    def _at(self, way: Way | None, place: str = "") -> Untaken:
        place = place if way is None else way.place
        flow, _, node = place.partition("/")
        document = self._sources[flow].document
        path: Setting = ("nodes", node) if node else ("languages",)
        if way is not None and way.by == "setting":
            path += way.what
        told = "no call comes here" if way is None else way.told
        return Untaken(document.file, document.mark(path)[0], place, told)

    def _ways(self, place: str, node: Node) -> Iterator[Way]:
        for path, _ in node.targets():
            yield Way(place, path)
        kind = type(node)
        if isinstance(node, Queue):
            yield _agent(place)
        elif kind.connected is not Node.connected:
            for outcome in OUTCOMES:
                yield Way(place, (outcome,), "outcome")
        # Of the talk about callbacks only its ends are the flow's.
        if kind.ask is not Node.ask and not isinstance(node, CallbackDialogue):
            for times in range(1, MOST_MISSES + 1):
                yield _miss(place, times)


def _answers(progress: Progress) -> Iterator[Way]:
    """What a caller can answer to the open question that no setting tells apart."""
    place, node, scene = progress.call.place, progress.node, progress.scene
    question = progress.question()
    if question.entry is not None and question.entry.words:
        taken = node.entered(scene, NOTHING_THAT_FITS)
        if isinstance(taken, ToPerson):
            yield Way(place, (taken.why,), "person")
    led: dict[Way | None, list[str]] = defaultdict(list)
    for choice in question.choices:
        move = node.chosen(scene, choice.name)
        target = move.target if isinstance(move, Go) else None
        led[target.way if isinstance(target, _Target) else None].append(choice.name)
    for way, names in led.items():
        if way is None or len(names) > 1:
            for name in names:
                yield Way(place, (name,), "choice")


def _agent(place: str) -> Way:
    return Way(place, ("agent",), "agent")


def _miss(place: str, times: int) -> Way:
    return Way(place, (times,), "miss")


def _language(flow: str, language: str) -> Way:
    return Way(flow, (language,), "language")


def _marked_flow(name: str, flow: Flow) -> Flow:
    nodes = {node: _marked_node(f"{name}/{node}", kind) for node, kind in flow.nodes.items()}
    return flow.model_copy(update={"nodes": nodes})


def _marked_node(place: str, node: Any) -> Any:
    for path, text in list(node.targets()):
        target = _Target(text)
        target.way = Way(place, path)
        node = _with(node, path, target)
    return node


def _with(value: Any, path: Setting, new: _Target) -> Any:
    """The value with this at `path`; what it was made of stays as it is."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, BaseModel):
        return value.model_copy(update={str(step): _with(getattr(value, str(step)), rest, new)})
    if isinstance(value, tuple) and isinstance(step, int):
        return (*value[:step], _with(value[step], rest, new), *value[step + 1 :])
    return {**value, step: _with(value[step], rest, new)}
