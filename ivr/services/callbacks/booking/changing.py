"""Callbacks moved and ended, as whoever has a say in them wants."""

from __future__ import annotations

from ivr.callbacks import moves
from ivr.callbacks.moves import Details, Refused
from ivr.callbacks.record import Actor, Window
from ivr.callbacks.states import ENDS, Event, find_move
from ivr.callbacks.windows import has_room
from ivr.promises.wordings import TextKind
from ivr.services.callbacks.booking import offers
from ivr.services.callbacks.booking.ground import Ground, room_of
from ivr.services.callbacks.booking.wanted import NotMoved, not_moved
from ivr.staff import QueueSettings
from ivr.store.callbacks import StoredCallback
from ivr.store.outbox import OutboxText

MOST_RACES = 4
"""How often a change is tried anew where somebody else has made one meanwhile."""


class Changing(Ground):
    """Every method raises StoreDown."""

    def move(
        self, stored: StoredCallback, window: Window | None, actor: Actor, now: float,
        reason: str = "", *, receipt: bool = False,
    ) -> StoredCallback | NotMoved:  # fmt: skip
        """To another window, or without one to its old place in the line. `receipt`: with a text,
        where they agreed to be sent any. A new time is mailed to whoever gave an address."""
        queue = stored.callback.queue
        settings = self.config.queues.get(queue) or QueueSettings()
        look = self.look(queue, now)
        if window is not None:
            if stored.callback.window == window and stored.callback.state == "booked":
                return stored
            rules, known = offers.window_rules(settings), look.capacity
            if known is None or not has_room(known, look.booked, window, now, rules):
                return not_moved("no_room", offers.windows_of(look, settings, now))
            details = Details(reason or "another time was wanted", window)
            kind: TextKind | None = "receipt_window" if receipt else None
            done = self._change(
                stored, "moved", actor, now, details, capacity=room_of(look, window), text=kind,
                mail="receipt_window",
            )  # fmt: skip
            if isinstance(done, NotMoved) and done.why == "no_room":
                return not_moved("no_room", self.windows(queue, now))
            return done
        here = stored.callback.window is None and stored.callback.state not in ENDS
        if here and find_move("put_in_line", stored.callback.state) is None:
            return stored
        until = self.until(queue, offers.told_words(look.board, now), now)
        details = Details(reason or "the place in the line was wanted", until=until)
        return self._change(stored, "put_in_line", actor, now, details)

    def cancel(
        self, stored: StoredCallback, actor: Actor, now: float, reason: str = ""
    ) -> StoredCallback | NotMoved:
        """The person does not want it any more."""
        if stored.callback.state == "cancelled":
            return stored
        return self._change(stored, "cancelled", actor, now, Details(reason))

    def supersede(
        self, stored: StoredCallback, actor: Actor, now: float, reason: str, waits_in: str = ""
    ) -> StoredCallback | NotMoved:
        """The person is served in another way; `waits_in`: the call in which they wait for that."""
        if stored.callback.state == "superseded":
            return stored
        return self._change(stored, "superseded", actor, now, Details(reason), waits_in=waits_in)

    def _change(
        self, stored: StoredCallback, event: Event, actor: Actor, now: float, details: Details,
        *, capacity: int = 0, waits_in: str = "", text: TextKind | None = None,
        mail: TextKind | None = None,
    ) -> StoredCallback | NotMoved:  # fmt: skip
        """Make the move, also where the callback has come a step further since it was read. On disk
        when it returns."""
        callbacks = self.calling.callbacks
        for _ in range(MOST_RACES):
            agent = self._agent_with(stored)
            try:
                after, _ = moves.move(stored.callback, event, actor, now, details)
                told = self._texts(text, mail, StoredCallback(after, stored.about), now)
                moved = callbacks.move(
                    stored, event, actor, now, details,
                    capacity=capacity, waits_in=waits_in, on_disk=True, texts=told,
                )  # fmt: skip
            except Refused as error:
                return NotMoved("refused", str(error))
            if isinstance(moved, StoredCallback):
                self.calling.let_go(agent, now)
                return moved
            if moved != "changed":
                return not_moved(moved)
            again = callbacks.read(stored.id)
            if again is None:
                break
            stored = again
        return not_moved("changed")

    def _texts(
        self, text: TextKind | None, mail: TextKind | None, stored: StoredCallback, now: float
    ) -> tuple[OutboxText, ...]:
        written = [
            None if text is None else self.composer.write(text, stored, now),
            None if mail is None else self.composer.write_mail(mail, stored, now),
        ]
        # One that could go by mail only is written twice alike.
        return tuple({one.id: one for one in written if one is not None}.values())

    def _agent_with(self, stored: StoredCallback) -> str:
        """The reservation of an agent who has accepted it and waits for the person."""
        waits = ("reserved", "attempt_written", "dialling", "answered", "at_machine")
        return self.calling.reservation_of(stored.id) if stored.callback.state in waits else ""
