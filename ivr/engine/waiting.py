"""Waiting in the line: coming into it, each round of music, being told, leaving, being met.

A round is a turn like any other. The caller's place is the store's; what is remembered here is
what was promised to them, so that nothing is told twice and nothing longer in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from ivr.engine import events
from ivr.engine.announcing import announcement, wording
from ivr.engine.call import Stay
from ivr.engine.limits import CHOICES_EVERY, THANKS_EVERY, WAIT_TIMEOUT
from ivr.engine.progress import Progress
from ivr.flow.actions import Enqueue, GoOn, LeaveQueue, Listen, Meet, Play, Prompt
from ivr.flow.moves import GiveUpPlace, JoinLine, LeaveLine, MeetAgent, Wait, WaitOn
from ivr.flow.talk import NO_TALK, CallbackOffered, InLine
from ivr.queueing.telling import Told, tell, tell_again


def stand_in_line(progress: Progress, line: InLine) -> None:
    """The caller has a place in the line from now on, and is asked something meanwhile."""
    stands = progress.call.stay
    if stands is None or not stands.talking or stands.queue != line.queue:
        stay = _place(progress, line.queue, line.boost)
        progress.set(stay=structs.replace(stay, talking=True))


def come_into_line(progress: Progress, move: Wait) -> None:
    """The caller joins the line, or has talked in it; once they are in the carrier's queue, it asks
    for the first round."""
    stay = _place(progress, move.queue, move.boost, move.first)
    progress.tell_notices()
    stay = structs.replace(stay, turn=progress.call.turn, talking=False)
    progress.set(waiting="line", stage="", misses=0, stay=stay)
    progress.actions = (*progress.spoken(), Enqueue(move.queue))


def _place(progress: Progress, queue: str, boost: float, first: float | None = None) -> Stay:
    """Their place in the line of `queue`, which they join if they do not stand there."""
    call, now = progress.call, progress.now.timestamp()
    gone = call.stay
    if gone is not None and gone.talking and gone.queue == queue and first is None:
        # Whoever has been taken meanwhile is about to be met.
        progress.effects.append(JoinLine(queue, gone.first, gone.boost, again=True))
        return gone
    stay = Stay(queue, call.started if first is None else first, boost, now, call.turn)
    if gone is not None and gone.queue == queue and first is None:
        if gone.until is None or now <= gone.until:
            # What was told of the wait is as good as the place that was kept.
            stay = structs.replace(stay, first=gone.first, said=gone.said, told=gone.told)
            if gone.until is not None:
                progress.say(progress.language.waiting.place_kept)
        else:
            # Whoever stayed away for too long has given the place up.
            stay = structs.replace(stay, first=now)
    if gone is not None and gone.talking:
        progress.effects.append(LeaveLine("callback"))
    progress.effects.append(JoinLine(queue, stay.first, boost))
    return stay


def leave_line_behind(progress: Progress) -> None:
    """Whoever talked of a callback in the line, and now does something else, stands there no
    more."""
    call = progress.call
    stay = call.stay
    if stay is None or not stay.talking or progress.request is not None:
        return
    talks = call.waiting == "choice" and progress.node.in_line(progress.scene) is not None
    if talks or call.waiting == "leaving":
        return
    progress.tell(events.PlaceGivenUp(call.place, "callback"))
    progress.effects.append(LeaveLine("callback"))
    progress.set(stay=structs.replace(stay, talking=False))


def wait_on(progress: Progress, move: WaitOn) -> None:
    """One round: what there is to tell, the choices now and then, and music."""
    stay, now = progress.call.stay, progress.now.timestamp()
    assert stay is not None
    standing = progress.standing
    if standing is not None and standing.ahead is None and not standing.reserved:
        progress.effects.append(JoinLine(stay.queue, stay.first, stay.boost, again=True))
    told = _told(progress, stay, asked=move.asked)
    sentences = list(_sentences(progress, stay, told, move))
    for sentence in sentences:
        progress.say(sentence)
    if _offers(progress, stay):
        _note_offer(progress, stay)
    if told is not None or stay.rounds == 0:
        _tell_event(progress, stay, told)
    progress.set(
        stay=structs.replace(
            stay,
            rounds=stay.rounds + 1,
            said=stay.said + bool(sentences),
            spoke=now if sentences else stay.spoke,
            told=told or stay.told,
            alone=move.alone,
        )
    )
    prompts: tuple[Prompt, ...] = (*progress.spoken(), *_music(progress, stay))
    progress.actions = (
        Listen(
            prompts, progress.call.language, timeout=WAIT_TIMEOUT, speech=False,
            reports_silence=False,
        ),
        GoOn(),
    )  # fmt: skip


def give_up_place(progress: Progress, move: GiveUpPlace) -> None:
    """The caller leaves the line; where they go comes once the carrier has let them out of it."""
    stay, now = progress.call.stay, progress.now.timestamp()
    assert stay is not None
    if move.why == "callback":
        # Only the carrier's queue: their place in the line is theirs while they are asked.
        progress.set(waiting="leaving", stage=move.why, stay=structs.replace(stay, talking=True))
        progress.actions = (LeaveQueue(),)
        return
    if move.why == "back":
        rules = progress.scene.around.rules[stay.queue]
        stay = structs.replace(stay, until=now + rules.keep_place)
    progress.tell(events.PlaceGivenUp(progress.call.place, move.why))
    progress.effects.append(LeaveLine(move.why))
    progress.set(waiting="leaving", stage=move.why, stay=stay)
    progress.actions = (LeaveQueue(),)


def meet_agent(progress: Progress, move: MeetAgent) -> None:
    """The agent has accepted: the two meet in a room of their own."""
    stay, now = progress.call.stay, progress.now.timestamp()
    if stay is not None:
        stay = structs.replace(stay, reservation=move.reservation, met=now, talking=False)
    progress.tell(events.AgentMet(progress.call.place, move.reservation))
    progress.set(waiting="connection", stage="", stay=stay)
    progress.actions = (Meet(move.reservation),)


def _told(progress: Progress, stay: Stay, *, asked: bool) -> Told | None:
    standing, now = progress.standing, progress.now.timestamp()
    if standing is None or standing.ahead is None:
        return None
    # Whoever has come back is told where they stand, though it be the same as before.
    telling = tell_again if asked or stay.rounds == 0 else tell
    return telling(now, standing.estimate, standing.sound, standing.ahead, stay.told)


def _sentences(progress: Progress, stay: Stay, told: Told | None, move: WaitOn) -> Iterator[str]:
    language, turn, now = progress.language, stay.said, progress.now.timestamp()
    phrases = language.waiting
    if move.asked:
        yield wording(phrases.already, turn)
    if told is not None:
        whole = move.asked or stay.rounds == 0
        yield from announcement(language, told, stay.told, turn, whole=whole)
    elif not move.asked and now - max(stay.spoke, stay.joined) >= THANKS_EVERY:
        yield wording(phrases.thanks, turn)
    everything = move.choices or stay.rounds % CHOICES_EVERY == 0
    for way in progress.node.ways_out(progress.scene):
        if move.choices or (_offers(progress, stay) if way.why == "callback" else everything):
            yield wording(way.wordings, turn)


def _offers(progress: Progress, stay: Stay) -> bool:
    """Whether a callback is offered in this round: the first time, or once more when the wait has
    got long."""
    rules = progress.scene.around.rules.get(stay.queue)
    board = progress.scene.around.boards.get(stay.queue)
    if rules is None or not rules.callbacks or board is None or not board.callbacks:
        return False
    offered = progress.scene.talk.offered
    if not offered:
        return True
    standing, pause = progress.standing, progress.now.timestamp() - offered[-1]
    left = None if standing is None or standing.estimate is None else standing.estimate.median
    is_long = left is None or left > rules.long_wait
    return len(offered) < rules.most_offers and pause >= rules.again_after and is_long


def _note_offer(progress: Progress, stay: Stay) -> None:
    board = progress.scene.around.boards[stay.queue]
    talk = progress.call.talk or NO_TALK
    offered = (*talk.offered, progress.now.timestamp())
    progress.set(talk=structs.replace(talk, offered=offered))
    kinds = tuple(kind for kind in ("place", "window") if kind in board.callbacks)
    progress.tell(CallbackOffered(stay.queue, kinds))


def _music(progress: Progress, stay: Stay) -> tuple[Prompt, ...]:
    rules = progress.scene.around.rules.get(stay.queue)
    return () if rules is None or not rules.music else (Play(rules.music, rules.music_times),)


def _tell_event(progress: Progress, stay: Stay, told: Told | None) -> None:
    standing = progress.standing
    estimate = None if standing is None else standing.estimate
    progress.tell(
        events.WaitTold(
            stay.queue,
            progress.call.id,
            "nothing" if told is None else told.kind,
            0 if told is None else told.low,
            0 if told is None else told.high,
            None if standing is None else standing.ahead,
            told is not None and told.longer,
            *((None, None, None) if estimate is None else estimate[:3]),
        )
    )
