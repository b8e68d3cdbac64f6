"""Callbacks as people and programs may see them. Times are ISO 8601 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from ivr.callbacks.duties import Task, kept, next_steps
from ivr.callbacks.record import Actor, ActorKind, Attempt, Outcome, State, Window
from ivr.callbacks.states import find_move
from ivr.masking import mask
from ivr.store.callback_moves import ToldMove
from ivr.store.callbacks import Source, StoredCallback
from ivr.store.conversations import Note


class WindowView(Struct, frozen=True):
    begins: str
    ends: str


class NextView(Struct, frozen=True):
    """What must happen next. It is tried from `at` on, and overdue from `by` on."""

    task: Task
    at: str
    by: str


class AttemptView(Struct, frozen=True):
    """`telling`: it was to tell the end, not to bring them to an agent."""

    at: str
    outcome: Outcome
    number: str
    ended: str | None
    telling: bool


class ActorView(Struct, frozen=True):
    kind: ActorKind
    name: str


class MoveView(Struct, frozen=True):
    """`meaning` is one sentence. `until`: when the call is promised by, after the move."""

    number: int
    at: str
    event: str
    meaning: str
    before: State | None
    after: State
    actor: ActorView
    reason: str
    until: str
    kept: bool | None


class CallbackView(Struct, frozen=True, kw_only=True):
    """`position` counts from 1, and is None for one who does not stand in the line. `why`: why a
    supervisor must decide. `handed_to`: who takes care of it instead of us. `untold`: the person
    does not know of the time that holds now. `forward`: it is to be called before its time."""

    id: str
    queue: str
    state: State
    since: str
    number: str
    extension: str
    name: str
    language: str
    about: list[str]
    source: Source
    call: str
    rang_at: str
    promised_at: str
    until: str
    window: WindowView | None
    position: int | None
    agent: str
    attempts: list[AttemptView]
    next: NextView | None
    why: str
    handed_to: str
    untold: bool
    forward: bool
    kept: bool | None


class NoteView(Struct, frozen=True):
    """A text of the person's for whoever calls them; `media` counts pictures and such."""

    at: str
    text: str
    language: str
    media: int


class Story(Struct, frozen=True):
    """A callback, what the person has written about it, and its moves as far as the stream of
    events still holds them."""

    callback: CallbackView
    moves: list[MoveView]
    notes: list[NoteView]


def callback_view(
    stored: StoredCallback, now: float, *, position: int | None, why: str = "", numbers: bool
) -> CallbackView:
    """`numbers`: show them whole."""
    callback, about = stored.callback, stored.about
    steps = [
        step
        for step in next_steps(callback)
        # The place in the line has no time that could be told at once.
        if step.task != "tell_the_new_time" or callback.window is not None
    ]
    flagged = callback.state == "flagged"
    return CallbackView(
        id=callback.id,
        queue=callback.queue,
        state=callback.state,
        since=at(callback.since),
        number=_number(callback.number, numbers),
        extension=callback.extension,
        name=about.person.name,
        language=about.person.language,
        about=[*about.person.path, *([about.reason] if about.reason else [])],
        source=about.source,
        call=about.call,
        rang_at=at(callback.rang_at),
        promised_at=at(callback.promised_at),
        until=at(callback.until),
        window=_window(callback.window),
        position=position,
        agent=callback.agent,
        attempts=[_attempt(one, numbers) for one in callback.attempts],
        next=NextView(steps[0].task, at(steps[0].at), at(steps[0].by)) if steps else None,
        why=why if flagged else "",
        handed_to=about.handed_to if flagged else "",
        untold=callback.untold is not None,
        forward=callback.forward is not None,
        kept=kept(callback, now),
    )


def move_view(told: ToldMove) -> MoveView:
    """A move, with what it means as the table of states says it."""
    moved = told.moved
    found = find_move(moved.event, moved.before)  # type: ignore[arg-type]
    return MoveView(
        number=moved.number,
        at=at(told.at),
        event=moved.event,
        meaning=found.meaning if found is not None else "",
        before=moved.before,
        after=moved.after,
        actor=_actor(moved.actor),
        reason=moved.why,
        until=at(moved.until),
        kept=moved.kept,
    )


def note_view(note: Note) -> NoteView:
    return NoteView(at(note.at), note.text, note.language, note.media)


def at(seconds: float) -> str:
    """A time as programs read it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _attempt(one: Attempt, numbers: bool) -> AttemptView:
    ended = at(one.ended) if one.ended is not None else None
    return AttemptView(at(one.at), one.outcome, _number(one.number, numbers), ended, one.telling)


def _window(window: Window | None) -> WindowView | None:
    return None if window is None else WindowView(at(window.begins), at(window.ends))


def _actor(actor: Actor) -> ActorView:
    return ActorView(actor.kind, actor.name)


def _number(number: str, whole: bool) -> str:
    return number if whole else mask(number)
