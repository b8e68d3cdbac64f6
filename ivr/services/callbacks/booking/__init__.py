"""The one place where callbacks are offered, promised, moved, cancelled and recognised, whoever
asks: a call, the page, a text, an agent.

    wanted     what is asked for, and why it was not done
    offers     what can be offered in a queue as it stands. Pure
    telling    how windows, places and callbacks are told to somebody
    untold     what texts could not tell somebody, who hears it when they ring
    rooms      for how many callbacks each window has room
    ground     stores and rules that every decision stands on
    promising  promises, written
    changing   moves and ends, written
    keeping    the place of whoever hangs up
    showing    what boards tell of callbacks
    desk       `CallbackDesk`: what a call asks
"""

from ivr.services.callbacks.booking.desk import CallbackDesk
from ivr.services.callbacks.booking.wanted import PERSON, NotBooked, NotMoved, Wanted

__all__ = ["PERSON", "CallbackDesk", "NotBooked", "NotMoved", "Wanted"]
