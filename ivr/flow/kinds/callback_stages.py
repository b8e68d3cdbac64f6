"""What the talk about a callback stands on: its stages, its limits, what each asks of whoever keeps
callbacks, and where a kind of node leads from each of its ends."""

from __future__ import annotations

from typing import ClassVar

from msgspec import structs

from ivr.flow.actions import Prompt
from ivr.flow.callback_talk import (
    CallbackRequest,
    CallbackWanted,
    ChangeWanted,
    KnownCallback,
    NumberWanted,
    PromiseWanted,
    ReasonTold,
    SaidWindow,
)
from ivr.flow.kinds.node import Node
from ivr.flow.moves import Ask, AskDesk, Move, Talking
from ivr.flow.scene import Scene
from ivr.flow.talk import InLine, Talk, TalkEvent

WANTED, ASKED, CHECK, PROMISE, CHANGE, RETURN, TOLD = (
    "callback wanted", "callback asked", "number check", "promise", "change", "return", "told",
)  # fmt: skip
REQUESTS = frozenset({WANTED, ASKED, CHECK, PROMISE, CHANGE, RETURN, TOLD})
"""What the desk is asked."""
KNOWN, OFFER, WINDOWS, MOVE, NUMBER, OTHER, TEXTS, REASON = (
    "known", "offer", "windows", "move", "number", "other number", "texts", "reason",
)  # fmt: skip
"""What the caller is asked."""
STAGES = frozenset({KNOWN, OFFER, WINDOWS, MOVE, NUMBER, OTHER, TEXTS, REASON})

MOST_NUMBERS = 3
"""How many numbers can be keyed in."""
MOST_WRONG = 2
"""How many of them may be such as are not rung."""
MOST_REFUSALS = 2
"""How often something chosen may turn out to be taken."""
LONGEST_REASON, REASON_SILENCE = 30, 3
"""Seconds."""


class CallbackNode(Node):
    """A kind says which queue it is of, whether the caller stands in its line meanwhile, and where
    each end leads."""

    has_stages: ClassVar[bool] = True
    comes_back_at_once: ClassVar[bool] = True
    """Whoever could not be reached, or is being called now, is in the line without being asked."""

    def callback_queue(self) -> str:
        """Whose callbacks are talked of; empty for all."""
        raise NotImplementedError

    def in_line(self, scene: Scene) -> InLine | None:
        """The line in which they stand while they talk."""
        return None

    def without_callback(self, scene: Scene, said: tuple[Prompt, ...] = ()) -> Move:
        """They did not want one, or it could not be promised after all."""
        raise NotImplementedError

    def nothing_to_offer(self, scene: Scene, said: tuple[Prompt, ...] = ()) -> Move:
        """There is nothing to talk about."""
        return self.without_callback(scene, said)

    def with_callback(self, scene: Scene, said: tuple[Prompt, ...]) -> Move:
        """It is promised, or stays promised, and everything is said."""
        raise NotImplementedError

    def cancelled(self, scene: Scene, said: tuple[Prompt, ...]) -> Move:
        """They wanted no callback any more."""
        return self.with_callback(scene, said)

    def to_old_place(self, scene: Scene, known: KnownCallback, said: tuple[Prompt, ...]) -> Move:
        """They want to wait in the line, at the place of their callback."""
        raise NotImplementedError

    def can_wait_for(self, scene: Scene, known: KnownCallback) -> bool:
        """Whether `to_old_place` leads into the line of this callback."""
        return known.queue == self.callback_queue()

    def ask_desk(self, scene: Scene, said: tuple[Prompt, ...] = (), *, asked: bool) -> Move:
        """Begin: what can be done for them? `asked`: they, or the flow, asked for a callback."""
        return AskDesk(ASKED if asked else WANTED, said)

    def request(self, scene: Scene) -> CallbackRequest:
        talk, queue = scene.talk, self.callback_queue()
        match scene.stage:
            case "number check":
                return NumberWanted(queue, talk.keys)
            case "promise":
                return self._promise(scene)
            case "change":
                assert talk.offer.known is not None and talk.change is not None
                window = talk.window if talk.change == "move" else None
                return ChangeWanted(talk.offer.known.id, talk.change, _bounds(window))
            case "return":
                assert talk.back is not None
                return ChangeWanted(talk.back.id, "wait_here")
            case "told":
                return ReasonTold(talk.promised, talk.recording, talk.seconds)
        now = scene.now.timestamp()
        joined = scene.place.joined if scene.place is not None else now
        offered = tuple(max(at - joined, 0.0) for at in talk.offered)
        asked = scene.stage == ASKED
        return CallbackWanted(queue, asked, max(now - joined, 0.0), offered)

    def _promise(self, scene: Scene) -> PromiseWanted:
        talk, place = scene.talk, scene.place
        assert talk.kind is not None
        window = talk.window if talk.kind == "window" else None
        first, boost = scene.rang, 0.0
        if place is not None and place.queue == self.callback_queue():
            first, boost = place.first, place.boost
        return PromiseWanted(
            self.callback_queue(), talk.kind, talk.number, first, boost, _bounds(window),
            talk.extension, talk.own, talk.texts,
        )  # fmt: skip

    def asking(
        self, scene: Scene, stage: str, talk: Talk, *said: str, happened: TalkEvent | None = None
    ) -> Ask:
        """Put the question of this stage; all but those about a known callback in the line."""
        in_line = None if stage == MOVE else self.in_line(scene)
        return Ask(
            tuple(map(scene.sentence, said)), stage, None, in_line, talk=talk,
            happened=() if happened is None else (happened,),
        )  # fmt: skip


def _bounds(window: SaidWindow | None) -> tuple[float, float] | None:
    return None if window is None else (window.begins, window.ends)


def with_talk(move: Move, talk: Talk, *happened: TalkEvent) -> Move:
    """The move, with what is remembered of the talk and what has happened in it."""
    if not isinstance(move, Talking):
        return move
    return structs.replace(move, talk=talk, happened=(*happened, *move.happened))
