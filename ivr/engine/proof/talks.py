"""Talks about callbacks: all that whoever keeps them may answer, and what may have been said
before, one of each sort that leads a call another way.

The talk is the same at every node of a kind: only its ends are the flow's. So it is walked through
at one node of each shape, and from the others a call comes to the ends at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from msgspec import structs

from ivr.flow.callback_talk import (
    CallbackAnswer,
    CallbackOffer,
    Kind,
    KnownCallback,
    KnownChoice,
    NumberChecked,
    Promised,
    SaidWindow,
    Status,
)
from ivr.flow.kinds import Queue
from ivr.flow.kinds import callback_stages as stages
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.moves import Move, Talking
from ivr.flow.scene import Scene
from ivr.flow.talk import CallbackChanged, CallbackPromised, Talk, TalkEvent

End = Literal["willed", "luck", "anew"]
GIVEN_NUMBER = "0701740605"
_NUMBER = "+46701740605"
_WINDOW = SaidWindow(0.0, 1800.0, "-")
_KINDS: tuple[tuple[Kind, ...], ...] = (("place", "window"), ("window",), ("place",))


@dataclass(frozen=True, slots=True)
class DeskSays:
    """This answer, when `talk` is what was said before."""

    answer: CallbackAnswer
    talk: Talk


def known(queue: str, status: Status = "open") -> KnownCallback:
    """A callback of which everything can be done that can be done in its state."""
    if status == "open":
        return KnownCallback("C", queue, "open", ("keep", "move", "cancel", "wait_here"), 0, 0,
                             window=False, said="")  # fmt: skip
    choices: tuple[KnownChoice, ...] = ("wait_here",) if status == "not_reached" else ()
    return KnownCallback("C", queue, status, choices, 0, 0, window=False, said="")


def usual_talk(queue: str, of: str) -> Talk:
    """In the middle of it, everything that a question or a request could need is there. `of`: the
    queue of a callback that is known."""
    offer = CallbackOffer(
        _KINDS[0], (_WINDOW,), _NUMBER, "", "ask", ask_reason=True, known=known(of)
    )
    return Talk(queue, offer, "window", _WINDOW, _NUMBER, keys=GIVEN_NUMBER, promised="C",
                change="cancel", back=known(of))  # fmt: skip


def desk_says(stage: str, queue: str, of: str) -> Iterator[DeskSays]:
    """What may be answered to the request of this stage."""
    talk = usual_talk(queue, of)
    fresh = Talk(queue)
    match stage:
        case stages.WANTED | stages.ASKED:
            yield DeskSays(CallbackOffer(), fresh)
            yield DeskSays(CallbackOffer(known=known(of)), fresh)
            yield DeskSays(CallbackOffer(known=known(of)), structs.replace(fresh, told="C"))
            yield DeskSays(CallbackOffer(known=known(of, "not_reached")), fresh)
            yield DeskSays(CallbackOffer(known=known(of, "cancelled")), fresh)
            for kinds in _KINDS if queue else ():
                yield DeskSays(CallbackOffer(kinds, (_WINDOW,), _NUMBER), fresh)
        case stages.CHECK:
            for wrong in (0, stages.MOST_WRONG):
                tried = structs.replace(talk, wrong=wrong)
                yield DeskSays(NumberChecked(_NUMBER), tried)
                yield DeskSays(NumberChecked(why="not_allowed"), tried)
        case stages.PROMISE | stages.CHANGE:
            for refusals in (0, stages.MOST_REFUSALS):
                tried = structs.replace(talk, refusals=refusals)
                yield DeskSays(Promised("no_room", windows=(_WINDOW,)), tried)
            yield DeskSays(Promised(callback="C"), talk)
            yield DeskSays(Promised("turn_came"), talk)
            silent = structs.replace(talk.offer, ask_reason=False)
            yield DeskSays(Promised(callback="C"), structs.replace(talk, offer=silent))
            yield DeskSays(Promised(callback="C"), structs.replace(talk, change="move"))
        case stages.RETURN:
            yield DeskSays(Promised(callback="C"), talk)
            yield DeskSays(Promised("turn_came"), talk)
        case _:
            yield DeskSays(Promised(callback="C"), talk)


def shape(node: CallbackDialogue) -> tuple[object, ...]:
    """The same for nodes at which talks have the same stages and ends."""
    return (node.kind, *(path[0] for path, _ in node.targets()))


def ends(node: CallbackDialogue, scene: Scene) -> Iterator[tuple[Move, End]]:
    """Where a talk ends, and how: the caller wants it, it befalls them, or it befalls them once
    they have asked for something ("anew")."""
    said = (scene.sentence("-"),)
    promised = CallbackPromised(node.callback_queue(), "C", "place")
    yield node.nothing_to_offer(scene), "luck"
    yield node.nothing_to_offer(scene, said), "anew"
    yield node.without_callback(scene, said), "anew"
    yield node.without_callback(scene), "willed"
    yield _and(node.with_callback(scene, said), promised), "willed"
    yield _and(node.cancelled(scene, said), CallbackChanged("C", "cancel")), "willed"
    if not isinstance(node, Queue):
        for _, queue in node.queues():
            if node.can_wait_for(scene, known(queue)):
                yield node.to_old_place(scene, known(queue), ()), "willed"


def known_queue(node: CallbackDialogue) -> str:
    """The queue of a callback that is known: where it can be, one of which all can be done here."""
    return node.callback_queue() or next((queue for _, queue in node.queues()), "")


def _and(move: Move, event: TalkEvent) -> Move:
    return structs.replace(move, happened=(event,)) if isinstance(move, Talking) else move
