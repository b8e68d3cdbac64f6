"""What a node can see when it decides: the caller, the time, and the company around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from math import isfinite

import msgspec
import phonenumbers
from msgspec import Struct
from phonenumbers import PhoneNumberType

from ivr.flow.actions import Play, Prompt, Say
from ivr.flow.expressions import QueueState
from ivr.flow.language import Language
from ivr.flow.names import Recorded, Told, in_language
from ivr.flow.notice import Notice
from ivr.flow.queue_rules import QueueRules
from ivr.flow.schedule import Schedule, State
from ivr.flow.spoken import Filled, Template, parse_template
from ivr.flow.talk import NO_TALK, Place, Talk
from ivr.flow.values import Value
from ivr.flow.variables import Values, Variable
from ivr.queueing.board import Board

MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})

_template = lru_cache(maxsize=16384)(parse_template)


@dataclass(frozen=True)
class Around:
    """What is the same for every call: what flows can name, and how the queues stand."""

    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, Language] = field(default_factory=dict)
    boards: Mapping[str, Board] = field(default_factory=dict)
    """How the queues stand."""
    zone: tzinfo = UTC
    notices: tuple[Notice, ...] = ()
    rules: Mapping[str, QueueRules] = field(default_factory=dict)
    """What holds for each queue."""
    speech: bool = True
    currency: str = "EUR"
    """The company's (ISO 4217), for amounts that name none."""


class Scene(Struct, frozen=True):
    """One node's view of one call at one moment."""

    language: Language
    now: datetime
    around: Around = msgspec.field(default_factory=Around)
    line: str = ""
    caller: str | None = None
    """E.164, or None when withheld."""
    variables: Mapping[str, Variable] = {}
    stage: str = ""
    """Which of its questions the node has put; see `ivr.flow.moves.Ask`."""
    pending: Variable | None = None
    calm: bool = False
    """The caller needs time: everything is said slowly, one thing at a time."""
    talk: Talk = NO_TALK
    """About callbacks."""
    place: Place | None = None
    """In a line, of one who stands there."""
    rang: float = 0.0
    """When the call came in."""

    @property
    def local_now(self) -> datetime:
        """The same moment in the company's time zone."""
        return self.now.astimezone(self.around.zone)

    def notices(self) -> tuple[Notice, ...]:
        """The notices that are on for this call now."""
        if not self.around.notices:
            return ()
        moment = self.now.timestamp()
        return tuple(notice for notice in self.around.notices if notice.holds(self.line, moment))

    def hours(self, schedule: str) -> State:
        """Whether a schedule is open now. Raises KeyError for one that there is not."""
        state = self.around.schedules[schedule].state(self.now)
        if state == "open" and any([notice.closes for notice in self.notices()]):
            return "closed"
        return state

    def text(self, texts: Mapping[str, Told]) -> str:
        """The text in the caller's language, with its values filled in."""
        return self.filled(texts).text

    def filled(self, texts: Mapping[str, Told]) -> Filled:
        """The same, and what of it may be shown to others than the caller.

        Raises `ivr.flow.spoken.Unsayable` when a value is missing.
        """
        told = in_language(texts, self.language.code)
        text = told.text if isinstance(told, Recorded) else told
        if "{" not in text and "}" not in text:
            return Filled(text, text)
        values = Values(self.variables)
        return self.template(text).fill(
            self.language,
            values,
            now=self.local_now,
            private=values.private,
            currency=self.around.currency,
        )

    @staticmethod
    def template(text: str) -> Template:
        """The text cut into words and values; raises `ivr.flow.spoken.BadTemplate`."""
        return _template(text)

    def say(self, texts: Mapping[str, Told] | None, *, slow: bool = False) -> tuple[Prompt, ...]:
        """The prompts for these texts, in the caller's language; none for None."""
        if texts is None:
            return ()
        told = in_language(texts, self.language.code)
        if isinstance(told, Recorded):
            return (Play(told.audio),)
        if "{" not in told and "}" not in told:
            return (Say(told, self.language.code, slow),)
        return (self.speak(self.filled(texts), slow=slow),)

    def sentence(self, text: str) -> Say:
        """The prompt for a sentence that is the same for everybody."""
        return Say(text, self.language.code)

    def play(self, files: Mapping[str, str]) -> tuple[Prompt, ...]:
        """The recording in the caller's language."""
        return (Play(in_language(files, self.language.code)),)

    def speak(self, filled: Filled, *, slow: bool = False) -> Say:
        """The prompt for a text that is filled in already."""
        shown = None if filled.shown == filled.text else filled.shown
        return Say(filled.text, self.language.code, slow, shown)

    @property
    def world(self) -> World:
        """The same as expressions see it."""
        return World(self)


class World:
    """What a flow's expressions can ask about; `ivr.flow.expressions.World` is its contract."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.now = scene.local_now
        self.language = scene.language.code
        self.line = scene.line
        self.caller_known = scene.caller is not None

    def variable(self, name: str) -> Value:
        """Raises KeyError when it has not been set in this call."""
        return self._scene.variables[name].value

    @property
    def caller_mobile(self) -> bool:
        caller = self._scene.caller
        return caller is not None and is_mobile(caller)

    def is_open(self, schedule: str) -> bool:
        """Raises KeyError for a schedule that there is not."""
        return self._scene.hours(schedule) == "open"

    def queue(self, name: str) -> QueueState:
        """Raises KeyError for a queue of which nothing is known."""
        board = self._scene.around.boards[name]
        wait = None
        if board.sound and board.joining is not None and isfinite(board.joining.median):
            wait = board.joining.median / 60
        return QueueState(board.waiting, board.agents, wait)


@lru_cache(maxsize=4096)
def is_mobile(number: str) -> bool:
    """Whether texts reach this number (E.164), as far as its country's numbering plan tells."""
    return phonenumbers.number_type(phonenumbers.parse(number)) in MOBILE
