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
from ivr.queueing.telling import Told, tell, tell_again


def come_into_line(progress: Progress, move: Wait) -> None:
    """The caller joins the line; once they are in it, the carrier asks for the first round."""
    call, now = progress.call, progress.now.timestamp()
    stay = Stay(move.queue, call.started, move.boost, now, call.turn)
    gone = call.stay
    if gone is not None and gone.queue == move.queue:
        if gone.until is None or now <= gone.until:
            # What was told of the wait is as good as the place that was kept.
            stay = structs.replace(stay, first=gone.first, said=gone.said, told=gone.told)
            if gone.until is not None:
                progress.say(progress.language.waiting.place_kept)
        else:
            # Whoever stayed away for too long has given the place up.
            stay = structs.replace(stay, first=now)
    progress.tell_notices()
    progress.effects.append(JoinLine(move.queue, stay.first, move.boost))
    progress.set(waiting="line", stage="", misses=0, stay=stay)
    progress.actions = (*progress.spoken(), Enqueue(move.queue))


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
        stay = structs.replace(stay, reservation=move.reservation, met=now)
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
    if move.choices or stay.rounds % CHOICES_EVERY == 0:
        for way in progress.node.ways_out(progress.scene):
            yield wording(way.wordings, turn)


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
