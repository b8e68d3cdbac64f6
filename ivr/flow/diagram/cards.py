"""One flow as a drawing: a card for each node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from ivr.flow.actions import Play, Prompt, Say
from ivr.flow.diagram.drawing import Card, Drawing, Row
from ivr.flow.diagram.ways import exits, told, tone_of, ways
from ivr.flow.flow import FlowSet, UnknownPlace
from ivr.flow.kinds.node import FIRST, Node
from ivr.flow.language import Language
from ivr.flow.moves import Ask
from ivr.flow.names import in_language
from ivr.flow.scene import Around, Scene
from ivr.flow.spoken import Unsayable

THEN = "then"
"""The label of a way that has no other."""

_ANY_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)


def flow_drawing(
    flows: FlowSet, name: str, language: str, languages: Mapping[str, Language]
) -> Drawing:
    """The flow `name`, with its words in `language`. Raises KeyError when there is no such flow."""
    flow = flows.flows[name]
    person = _place(flows, name, flow.person)
    scene = Scene(languages[language], _ANY_DAY, Around(languages=languages))
    order = [flow.start, *(node for node in flow.nodes if node != flow.start)]
    cards = tuple(
        _card(flows, name, node, scene, flow.start, person) for node in order if node in flow.nodes
    )
    away = "" if person.partition("/")[0] == name else f" to {_short(person, name)}"
    about = " ".join(part for part in (flow.about, f"0 and asking for a person lead{away or ' to'}"
                     f"{'' if away else ' ' + person.partition('/')[2]}.") if part)  # fmt: skip
    return Drawing(name, about, cards)


def _card(flows: FlowSet, flow: str, name: str, scene: Scene, start: str, person: str) -> Card:
    node = flows.flows[flow].nodes[name]
    language = scene.language.code
    rows = [_row(flows, flow, way) for way in ways(node, language)]
    badges = []
    if name == start:
        badges.append("start")
    if f"{flow}/{name}" == person:
        badges.append("0")
    return Card(
        name,
        node.kind.replace("_", " "),
        tone_of(node),
        words(node, language),
        (*exits(node), *rows),
        tuple(badges),
        seconds(node, scene),
    )


def _row(flows: FlowSet, flow: str, way: tuple[str, str, str]) -> Row:
    key, label, target = way
    place = _place(flows, flow, target)
    into, _, node = place.partition("/")
    if into == flow and node in flows.flows[flow].nodes:
        return Row(key, label or THEN, to=node)
    begins = into in flows.flows and flows.flows[into].start == node
    return Row(key, label or THEN, exit=f"→ {into if begins else place}")


def _place(flows: FlowSet, flow: str, target: str) -> str:
    """The place in full, `invoices/topics`; the target as it is written when there is none."""
    try:
        return str(flows.place(flow, target))
    except UnknownPlace:
        return target if "/" in target else f"{flow}/{target}"


def _short(place: str, flow: str) -> str:
    into, _, node = place.partition("/")
    return node if into == flow else place


def words(node: Node, language: str) -> str:
    """The first thing that is said at a node; the name of a recording, or nothing."""
    for _, texts in node.texts():
        return told(texts, language)
    for _, files in node.recordings():
        return f"[{in_language(files, language)}]"
    return ""


def seconds(node: Node, scene: Scene) -> float | None:
    """How long it takes to say what is said here, without what the engine adds; None for
    recordings, or where nothing is said. A value counts as the place where it stands."""
    if any(True for _ in node.recordings()):
        return None
    try:
        said = list(_prompts(node, scene))
    except (NotImplementedError, Unsayable, KeyError):
        code = scene.language.code
        said = [Say(told(texts, code), code) for path, texts in node.texts() if path[0] != "again"]
    if any(isinstance(prompt, Play) for prompt in said):
        return None
    languages = scene.around.languages
    return (
        sum(
            languages[prompt.language].speech.seconds(prompt.text, slow=prompt.slow)
            for prompt in said
            if isinstance(prompt, Say)
        )
        or None
    )


def _prompts(node: Node, scene: Scene) -> Iterator[Prompt]:
    question = node.ask(scene, FIRST)
    move = node.enter(scene)
    if isinstance(move, Ask):
        yield from move.said
    yield from question.prompts
