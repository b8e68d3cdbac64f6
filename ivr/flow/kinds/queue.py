"""`queue`: let the caller wait for a person of a team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import structs
from pydantic import Field

from ivr.flow.actions import Prompt
from ivr.flow.callback_talk import KnownCallback, Promised
from ivr.flow.inputs import Outcome
from ivr.flow.kinds.callback_dialogue import CallbackDialogue
from ivr.flow.kinds.callback_stages import ASKED, RETURN
from ivr.flow.kinds.node import Path
from ivr.flow.moves import AskDesk, Finish, Go, Move, ToPerson, Wait, WayOut, WhyLeft
from ivr.flow.names import Name, Target, Texts, Told
from ivr.flow.queue_rules import QueueRules
from ivr.flow.scene import Scene
from ivr.flow.spoken.moments import say_duration
from ivr.flow.talk import CallbackChanged, InLine
from ivr.queueing.board import Board, Standing

MESSAGE_KEY, CALLBACK_KEY, BACK_KEY = "1", "2", "*"


class Queue(CallbackDialogue):
    """Let the caller wait for a person of a team, in the line of a queue of `config.yaml`.

    While they wait they hear music, how many are ahead and, once enough is known, how long it
    will take. Who rang first is served first. Where nobody can be waited for, the caller is told
    why and goes on at `otherwise`: the line is full, the queue's hours are over, nobody is there
    and nobody comes within the hour, all have gone while they waited. When the queue closes before
    anybody could come to them, they are offered the `message` instead, where there is one.

    Where `config.yaml` lets callbacks of the queue be offered, they are: when many wait, before the
    caller does, and again when it takes long (2, while they wait). Nobody loses their place by
    listening to that, and nothing needs to be written here for it. Who has a callback of this queue
    already hears how it stands, and can keep, move or cancel it, or wait at its place.

    ```yaml
    wait_for_support:
      kind: queue
      queue: support
      text:
        en: I am putting you in the line for support.
      boost: 120                    # as if they had rung two minutes sooner
      message: leave_a_message      # with 1, while they wait
      back: topics                  # with star; their place is kept for a while
      booked: goodbye               # once a callback is promised
      otherwise: leave_a_message    # nobody can be waited for
    ```
    """

    kind: Literal["queue"]
    queue: Name
    """A queue of `config.yaml`."""
    text: Texts | None = None
    """Said before they wait."""
    boost: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    """Seconds by which these callers count as having rung sooner."""
    message: Target | None = None
    """Where the call goes when the caller would rather leave a message (1)."""
    back: Target | None = None
    """Where it goes when they want back to the menu (star). Their place is kept for a time that
    `config.yaml` says."""
    booked: Target | None = None
    """Where it goes once a callback is promised; when left out, we say goodbye."""
    otherwise: Target
    """Where the call goes when nobody can be waited for."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        if self.message is not None:
            yield ("message",), self.message
        if self.back is not None:
            yield ("back",), self.back
        if self.booked is not None:
            yield ("booked",), self.booked
        yield ("otherwise",), self.otherwise

    def texts(self) -> Iterator[tuple[Path, dict[str, Told]]]:
        if self.text is not None:
            yield ("text",), self.text

    def queues(self) -> Iterator[tuple[Path, str]]:
        yield ("queue",), self.queue

    def enter(self, scene: Scene) -> Move:
        rules = scene.around.rules.get(self.queue)
        if rules is None:
            return ToPerson("lost")
        because = why_not_waited_for(self.queue, rules, scene)
        phrases = scene.language.waiting
        if because is not None:
            told = {CLOSED: phrases.closed, NOBODY: phrases.nobody_there, FULL: phrases.full}
            return self._not_now(scene, told[because], because)
        board = _board(self.queue, scene)
        if _closes_first(rules, board, scene):
            closing = phrases.closing_message if self.message is not None else phrases.closing
            return self._not_now(scene, closing, "it closes too soon", self.message)
        said = scene.say(self.text)
        if scene.talk.back is not None and scene.talk.back.queue == self.queue:
            return AskDesk(RETURN, said)
        if rules.callbacks and _is_time_to_offer(rules, scene):
            return self.ask_desk(scene, said, asked=False)
        return Wait(self.queue, self.boost, said)

    def callback_queue(self) -> str:
        return self.queue

    def in_line(self, scene: Scene) -> InLine | None:
        return InLine(self.queue, self.boost)

    def without_callback(self, scene: Scene, said: tuple[Prompt, ...] = ()) -> Move:
        return Wait(self.queue, self.boost, said)

    def nothing_to_offer(self, scene: Scene, said: tuple[Prompt, ...] = ()) -> Move:
        if scene.stage == ASKED and not said:
            said = (scene.sentence(scene.language.callbacks.none_now),)
        return self.without_callback(scene, said)

    def with_callback(self, scene: Scene, said: tuple[Prompt, ...]) -> Move:
        if self.booked is not None:
            return Go(self.booked, said)
        return Finish((*said, scene.sentence(scene.language.callbacks.goodbye)))

    def cancelled(self, scene: Scene, said: tuple[Prompt, ...]) -> Move:
        return self.without_callback(scene, said)

    def to_old_place(self, scene: Scene, known: KnownCallback, said: tuple[Prompt, ...]) -> Move:
        return AskDesk(RETURN, said)

    def returned(self, scene: Scene, answer: Promised) -> Move:
        known = scene.talk.back
        assert known is not None
        talk = structs.replace(scene.talk, back=None)
        happened = (CallbackChanged(known.id, "wait_here", answer.why),)
        if answer.why:
            return Wait(self.queue, self.boost, talk=talk, happened=happened)
        old_place = (scene.sentence(scene.language.callbacks.old_place),)
        return Wait(
            self.queue, known.boost, old_place, known.first, talk=talk, happened=happened
        )  # fmt: skip

    def _not_now(self, scene: Scene, said: str, because: str, target: str | None = None) -> Move:
        return Go(target or self.otherwise, (scene.sentence(said),), because=because)

    def ways_out(self, scene: Scene) -> tuple[WayOut, ...]:
        phrases, ways = scene.language.waiting, []
        if self.message is not None:
            ways.append(WayOut("message", MESSAGE_KEY, phrases.leave_message))
        if _board(self.queue, scene).callbacks:
            ways.append(WayOut("callback", CALLBACK_KEY, scene.language.callbacks.way_out))
        if self.back is not None:
            rules = scene.around.rules.get(self.queue) or QueueRules()
            kept = say_duration(Decimal(max(rules.keep_place // 60, 1)), scene.language)
            told = tuple(wording.replace("{time}", kept) for wording in phrases.back)
            ways.append(WayOut("back", BACK_KEY, told))
        return tuple(ways)

    def sent_away(self, scene: Scene, standing: Standing) -> WhyLeft | None:
        rules = scene.around.rules.get(self.queue)
        if rules is None or standing.reserved:
            return None
        board = scene.around.boards.get(self.queue)
        expected = board is not None and board.next_agent_at is not None
        closed = _is_closed(rules, scene)
        if closed and (rules.at_closing == "send_away" or not standing.agents):
            return "closed"
        return None if standing.agents or expected else "nobody"

    def left(self, scene: Scene, why: WhyLeft) -> Move:
        phrases = scene.language.waiting
        match why:
            case "message" if self.message is not None:
                return Go(self.message)
            case "back" if self.back is not None:
                return Go(self.back)
            case "callback":
                return self.ask_desk(scene, asked=True)
            case "closed":
                return self._not_now(scene, phrases.closed_meanwhile, "it has closed")
            case "nobody":
                return self._not_now(scene, phrases.nobody_left, "all have gone")
            case _:
                return self._not_now(scene, phrases.failed, "the line failed")

    def connected(self, scene: Scene, outcome: Outcome) -> Move:
        return Finish() if outcome == "completed" else Go(self.otherwise)


CLOSED, NOBODY, FULL = "the queue is closed", "nobody is there", "the line is full"


def why_not_waited_for(queue: str, rules: QueueRules, scene: Scene) -> str | None:
    """Why nobody can be waited for in this queue; None when somebody can."""
    board = _board(queue, scene)
    if _is_closed(rules, scene):
        return CLOSED
    if not board.agents and board.next_agent_at is None:
        return NOBODY
    if board.waiting >= rules.most_waiting:
        return FULL
    return None


def _board(queue: str, scene: Scene) -> Board:
    return scene.around.boards.get(queue) or Board(queue, scene.now.timestamp())


def _is_time_to_offer(rules: QueueRules, scene: Scene) -> bool:
    """Nobody is offered the same again as soon as they come into the line once more."""
    offered = scene.talk.offered
    if not offered:
        return True
    pause = scene.now.timestamp() - offered[-1]
    return len(offered) < rules.most_offers and pause >= rules.again_after


def _is_closed(rules: QueueRules, scene: Scene) -> bool:
    return rules.hours is not None and scene.hours(rules.hours) != "open"


def _closes_first(rules: QueueRules, board: Board, scene: Scene) -> bool:
    """Whether even the shortest wait that is likely is longer than the queue is open."""
    if rules.hours is None or board.joining is None or not board.sound:
        return False
    closes: datetime | None = scene.around.schedules[rules.hours].closes(scene.now)
    if closes is None:
        return False
    return bool(board.joining.low > (closes - scene.now).total_seconds())
