"""`queue`: let the caller wait for a person of a team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from ivr.flow.inputs import Outcome
from ivr.flow.kinds.node import Node, Path
from ivr.flow.moves import Finish, Go, Move, ToPerson, Wait, WayOut, WhyLeft
from ivr.flow.names import Name, Target, Texts, Told
from ivr.flow.queue_rules import QueueRules
from ivr.flow.scene import Scene
from ivr.flow.spoken.moments import say_duration
from ivr.queueing.board import Board, Standing

MESSAGE_KEY, BACK_KEY = "1", "*"


class Queue(Node):
    """Let the caller wait for a person of a team, in the line of a queue of `config.yaml`.

    While they wait they hear music, how many are ahead and, once enough is known, how long it
    will take. Who rang first is served first. Where nobody can be waited for, the caller is told
    why and goes on at `otherwise`: the line is full, the queue's hours are over, nobody is there
    and nobody comes within the hour, all have gone while they waited. When the queue closes before
    anybody could come to them, they are offered the `message` instead, where there is one.

    ```yaml
    wait_for_support:
      kind: queue
      queue: support
      text:
        en: I am putting you in the line for support.
      boost: 120                    # as if they had rung two minutes sooner
      message: leave_a_message      # with 1, while they wait
      back: topics                  # with star; their place is kept for a while
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
    otherwise: Target
    """Where the call goes when nobody can be waited for."""

    def targets(self) -> Iterator[tuple[Path, str]]:
        if self.message is not None:
            yield ("message",), self.message
        if self.back is not None:
            yield ("back",), self.back
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
        board = scene.around.boards.get(self.queue) or Board(self.queue, scene.now.timestamp())
        phrases = scene.language.waiting
        if _is_closed(rules, scene):
            return self._not_now(scene, phrases.closed, "the queue is closed")
        if not board.agents and board.next_agent_at is None:
            return self._not_now(scene, phrases.nobody_there, "nobody is there")
        if board.waiting >= rules.most_waiting:
            return self._not_now(scene, phrases.full, "the line is full")
        if _closes_first(rules, board, scene):
            said = phrases.closing_message if self.message is not None else phrases.closing
            return self._not_now(scene, said, "it closes too soon", self.message)
        return Wait(self.queue, self.boost, scene.say(self.text))

    def _not_now(self, scene: Scene, said: str, because: str, target: str | None = None) -> Move:
        return Go(target or self.otherwise, (scene.sentence(said),), because=because)

    def ways_out(self, scene: Scene) -> tuple[WayOut, ...]:
        phrases, ways = scene.language.waiting, []
        if self.message is not None:
            ways.append(WayOut("message", MESSAGE_KEY, phrases.leave_message))
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
            case "closed":
                return self._not_now(scene, phrases.closed_meanwhile, "it has closed")
            case "nobody":
                return self._not_now(scene, phrases.nobody_left, "all have gone")
            case _:
                return self._not_now(scene, phrases.failed, "the line failed")

    def connected(self, scene: Scene, outcome: Outcome) -> Move:
        return Finish() if outcome == "completed" else Go(self.otherwise)


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
