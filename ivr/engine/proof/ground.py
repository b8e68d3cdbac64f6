"""The company as a proof sees it: nodes that do all that they could do, one after another.

The engine's own rules run on it unchanged. A node that is come to ends the step there, so that
every step is one node long; what a node does then (`entries`) is worked out once for each place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from ivr.engine.company import Company
from ivr.engine.proof.samples import sample
from ivr.engine.proof.talks import ends, shape
from ivr.flow.actions import Play, Prompt
from ivr.flow.callback_talk import CallbackAnswer, CallbackRequest
from ivr.flow.checks.structure import PASSING
from ivr.flow.expressions import Expression, Unanswerable
from ivr.flow.flow import Flow, FlowSet, Place, UnknownPlace
from ivr.flow.inputs import Input, LookedUp, MessageLeft, Outcome, Pressed, Said
from ivr.flow.kinds import (
    Answer,
    Ask,
    Branch,
    Faq,
    Hours,
    OfferCallback,
    Queue,
    RecogniseCallback,
    SendText,
)
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.kinds.node import FIRST, Node
from ivr.flow.kinds.queue import CALLBACK_KEY
from ivr.flow.moves import (
    Choice,
    Go,
    Move,
    Question,
    Request,
    ToPerson,
    Wait,
    WayOut,
    Why,
    WhyLeft,
)
from ivr.flow.names import Told
from ivr.flow.scene import Scene
from ivr.flow.schedule import State
from ivr.flow.spoken import Filled
from ivr.flow.talk import InLine
from ivr.queueing.board import Standing

MOBILE_CALLER = "+46701740605"
LANDLINE_CALLER = "+46846500455"
ANYBODY = "anybody"
"""A caller of whom it is not known whether their number is, and what it is."""

_SOUND = Play("")
_REQUEST = Request("GET", "", {}, 0.0, 0.0, {})
_FIRST_KEY = 0xE000
"""Keys of their own, that no telephone has, for choices which have none or a long one."""


class QuietScene(Scene, frozen=True):
    """A scene in which texts are not made: what is said never changes where a call goes."""

    def say(self, texts: Mapping[str, Told] | None, *, slow: bool = False) -> tuple[Prompt, ...]:
        return () if texts is None else (_SOUND,)

    def filled(self, texts: Mapping[str, Told]) -> Filled:
        return Filled("-", "-")

    def hours(self, schedule: str) -> State:
        return "open"


def quiet(scene: Scene, caller: str | None = None) -> QuietScene:
    """The same scene without its texts, for this caller."""
    return QuietScene(
        scene.language, scene.now, scene.around, scene.line, caller, {}, scene.stage,
        scene.pending, scene.calm, scene.talk, scene.place, scene.rang,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entered:
    """The call has come to a node: the step ends here."""


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that a caller can do at a question.

    `willed` is what they do to get on; the rest befalls them. `heard` is how a telephone would
    tell it, `key` how it is told here.
    """

    name: str
    key: str
    willed: bool
    heard: Input


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a node may do when it is come to, and what must be so for that.

    `hours` are the schedule and its state, where that decides; `willed`: the caller wants it;
    `anew`: it befalls them, but after they have asked for something.
    """

    move: Move
    because: str = ""
    hours: tuple[str, State] | None = None
    willed: bool = False
    anew: bool = False


@dataclass(eq=False)
class Ground:
    """A node with all that it could do. Stands in the engine's place of a `Node`. `talks`: a talk
    about a callback is held here; elsewhere a call comes to its ends at once."""

    node: Node
    caller: str | None
    talks: bool = True
    _ways: dict[tuple[str, str], tuple[Way, ...]] = field(default_factory=dict)

    @property
    def gives_answer(self) -> bool:
        return self.node.gives_answer

    @property
    def is_private(self) -> bool:
        return False

    @property
    def asks_the_same(self) -> bool:
        return False

    def enter(self, scene: Scene) -> Move:
        return cast(Move, _ENTERED)

    def entries(self, scene: Scene) -> list[Entry]:
        """What the node may do when it is come to."""
        node = self.node
        if isinstance(node, Hours):
            return _hours(node)
        if isinstance(node, Branch):
            return _branch(node, scene, self.caller)
        if isinstance(node, Queue):
            return [*_queue(node), *self._talk(node, scene)]
        if isinstance(node, OfferCallback | RecogniseCallback):
            otherwise = Entry(Go(node.otherwise), "no callback is offered")
            return [otherwise, *self._talk(node, scene)]
        if isinstance(node, SendText) and self.caller == ANYBODY:
            return [
                Entry(node.enter(quiet(scene, MOBILE_CALLER)), "the caller has a mobile number"),
                Entry(node.enter(quiet(scene)), "the caller's number is withheld or not mobile"),
            ]
        caller = None if self.caller == ANYBODY else self.caller
        return [Entry(node.enter(quiet(scene, caller)))]

    def _talk(self, node: CallbackDialogue, scene: Scene) -> list[Entry]:
        """What comes of a talk about a callback."""
        if not _offers_callbacks(node, scene):
            return []
        because = "a callback may be offered"
        if self.talks:
            asked = isinstance(node, OfferCallback)
            return [Entry(node.ask_desk(quiet(scene), asked=asked), because)]
        return [
            Entry(move, because, willed=manner == "willed", anew=manner == "anew")
            for move, manner in ends(node, quiet(scene))
        ]

    def question(self, scene: Scene, wording: int) -> Question:
        choices = tuple(Choice(way.name, way.key, ()) for way in self.ways(scene))
        silence = ""
        if isinstance(self.node, CallbackDialogue):
            silence = self.node.ask(quiet(scene), FIRST).silence
        return Question(
            (_SOUND,), choices, (scene.language,), offers_person=False, silence=silence
        )  # fmt: skip

    def ways(self, scene: Scene) -> tuple[Way, ...]:
        """What a caller can do at the question that is open."""
        known = self._ways.get((scene.stage, scene.language.code))
        if known is None:
            known = self._ways[scene.stage, scene.language.code] = tuple(self._all_ways(scene))
        return known

    def _all_ways(self, scene: Scene) -> list[Way]:
        node = self.node
        real = node.ask(quiet(scene), FIRST)
        ways = []
        for number, choice in enumerate(real.choices):
            heard = Pressed(choice.key) if choice.key else Said(choice.words[0])
            willed = not (
                (isinstance(node, Answer | Ask) and choice.name == "no")
                or (isinstance(node, Ask) and choice.name == "without")
            )
            ways.append(Way(choice.name, chr(_FIRST_KEY + number), willed, heard))
        if real.entry is not None:
            given = sample(node, scene)
            if given is not None:
                key = chr(_FIRST_KEY + len(ways))
                ways.append(Way(_GIVEN, key, not isinstance(node, Faq), given))
        return ways

    def chosen(self, scene: Scene, name: str) -> Move:
        scene = quiet(scene, None if self.caller == ANYBODY else self.caller)
        if name == _GIVEN:
            heard = next(way.heard for way in self.ways(scene) if way.name == _GIVEN)
            assert isinstance(heard, Pressed | Said)
            taken = self.node.entered(scene, heard)
            if taken is None and isinstance(self.node, Ask):
                # No sample was found; somebody may have what is asked for all the same.
                return Go(self.node.to)
            return taken or ToPerson("lost")
        if isinstance(self.node, SendText) and self.caller == ANYBODY:
            scene = quiet(scene, MOBILE_CALLER)
        return self.node.chosen(scene, name)

    def entered(self, scene: Scene, heard: Pressed | Said) -> Move | None:
        return None

    def request(self, scene: Scene) -> Request | CallbackRequest:
        return _REQUEST

    def answered(self, scene: Scene, answer: CallbackAnswer) -> Move:
        return self.node.answered(quiet(scene), answer)

    def in_line(self, scene: Scene) -> InLine | None:
        return self.node.in_line(quiet(scene))

    def instead_of_person(self, scene: Scene, why: Why) -> Move | None:
        return self.node.instead_of_person(quiet(scene), why)

    def before_tone(self, scene: Scene, heard: Pressed | Said) -> Move:
        return self.node.before_tone(quiet(scene), heard)

    def keeps_message(self, scene: Scene) -> bool:
        return self.node.keeps_message(quiet(scene))

    def looked_up(self, scene: Scene, answer: LookedUp) -> Move:
        return self.node.looked_up(quiet(scene), answer)

    def connected(self, scene: Scene, outcome: Outcome) -> Move:
        return self.node.connected(quiet(scene), outcome)

    def ways_out(self, scene: Scene) -> tuple[WayOut, ...]:
        ways = self.node.ways_out(scene)
        if isinstance(self.node, Queue) and self.talks and _offers_callbacks(self.node, scene):
            ways = (*ways, WayOut("callback", CALLBACK_KEY, ()))
        return ways

    def sent_away(self, scene: Scene, standing: Standing) -> WhyLeft | None:
        return "nobody"

    def left(self, scene: Scene, why: WhyLeft) -> Move:
        return self.node.left(quiet(scene), why)

    def recorded(self, scene: Scene, message: MessageLeft | None) -> Move:
        return self.node.recorded(quiet(scene), message)


_ENTERED = Entered()
_GIVEN = "\0given"


def _offers_callbacks(node: CallbackDialogue, scene: Scene) -> bool:
    rules, queue = scene.around.rules, node.callback_queue()
    return any([rules[name].callbacks for name in rules if queue in ("", name)])


def _queue(node: Queue) -> list[Entry]:
    entries = [
        Entry(Wait(node.queue), "somebody is there"),
        Entry(Go(node.otherwise), "nobody can be waited for"),
    ]
    if node.message is not None:
        entries.append(Entry(Go(node.message), "the queue closes too soon"))
    return entries


def _hours(node: Hours) -> list[Entry]:
    name = node.schedule
    entries = [
        Entry(Go(node.open), f"`{name}` is open", (name, "open")),
        Entry(Go(node.closed), f"`{name}` is closed", (name, "closed")),
    ]
    if node.holiday is not None:
        entries.append(Entry(Go(node.holiday), f"`{name}` has a holiday", (name, "holiday")))
    return entries


def _branch(node: Branch, scene: Scene, caller: str | None) -> list[Entry]:
    entries = []
    for way in node.ways:
        holds = _decided(way.when, scene, caller)
        if holds is False:
            continue
        entries.append(Entry(Go(way.to), f"`{way.when.text}` holds"))
        if holds:
            return entries
    entries.append(Entry(Go(node.otherwise), "no condition holds"))
    return entries


def _decided(when: Expression, scene: Scene, caller: str | None) -> bool | None:
    """Whether the condition holds, where that is known; None where it may and may not."""
    if when.variables or when.queues or when.schedules:
        return None
    if not when.facts <= {"caller.known", "caller.mobile"} or (when.facts and caller == ANYBODY):
        return None
    try:
        return when.is_true(quiet(scene, caller).world)
    except (Unanswerable, KeyError):
        return False


class GroundFlows(FlowSet):
    """The flows, every node of which does all that it could do for `caller`."""

    def __init__(self, flows: FlowSet, caller: str | None) -> None:
        super().__init__(flows.flows, flows.version)
        grounds: dict[Place, Ground] = {}
        object.__setattr__(self, "_grounds", grounds)
        object.__setattr__(self, "_shapes", set())
        object.__setattr__(self, "_to_people", set(_to_people(flows)))
        object.__setattr__(self, "_caller", caller)

    _grounds: dict[Place, Ground]
    _shapes: set[tuple[object, ...]]
    _to_people: set[Place]
    _caller: str | None

    def node(self, place: Place) -> Node:
        return cast(Node, self.ground(place))

    def ground(self, place: Place) -> Ground:
        """The node at `place`; raises `UnknownPlace` when there is none."""
        known = self._grounds.get(place)
        if known is None:
            node = super().node(place)
            talks = False
            if isinstance(node, CallbackDialogue):
                # On the way to a person every question counts.
                talks = shape(node) not in self._shapes or place in self._to_people
                self._shapes.add(shape(node))
            known = self._grounds[place] = _ground_of(node, self._caller, talks)
        return known


def _to_people(flows: FlowSet) -> Iterator[Place]:
    """The places that whoever asks for a person may come through before anybody is rung, where a
    talk about a callback could be held."""
    waiting, seen = [(name, flow.person) for name, flow in flows.flows.items()], set()
    while waiting:
        flow, target = waiting.pop()
        try:
            place = flows.place(flow, target)
        except UnknownPlace:
            continue
        if place in seen:
            continue
        seen.add(place)
        node = FlowSet.node(flows, place)
        if isinstance(node, OfferCallback | RecogniseCallback):
            yield place
        if isinstance(node, PASSING):
            waiting += [(place.flow, onward) for _, onward in node.targets()]


def _ground_of(node: Node, caller: str | None, talks: bool) -> Ground:
    return Ground(node, caller, talks)


def ground_company(company: Company, caller: str | None) -> Company:
    """The company in which everything that could be is so at once."""
    return replace(company, flows=GroundFlows(company.flows, caller), notices=())


def callers_matter(flows: Mapping[str, Flow]) -> bool:
    """Whether any node looks at the caller's number."""
    return any(
        isinstance(node, SendText)
        or any(
            fact.startswith("caller.")
            for _, expression in node.expressions()
            for fact in expression.facts
        )
        for flow in flows.values()
        for node in flow.nodes.values()
    )
