"""The interpreter alone: turns a second on one core, over calls as the scripts make them.

Seconds are those of the processor spent on it, so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

import msgspec

from benchmarks.figures import RINGBACK, Aim, Figure, compare, in_turns
from ivr.clock import SystemClock
from ivr.config import load
from ivr.engine.call import Call
from ivr.engine.company import Company
from ivr.engine.turn import take_turn
from ivr.flow.inputs import Input, Pressed, Said
from ivr.services.company import load_company
from ivr.services.rehearsal.in_process import InProcessTelephone
from ivr.services.rehearsal.player import play
from ivr.services.rehearsal.script import WITHHELD
from ivr.services.rehearsal.stage import line_of, load_scripts, moment
from ivr.services.rehearsal.surroundings import Queue, replies, surroundings
from ivr.services.rehearsal.system import CompanySystem

TURNS_A_SECOND = 20_000
JSON = "json, the call there and back"


@dataclass(frozen=True)
class Size:
    rounds: int
    keys: int
    """Turns by keys in a round, at least."""
    words: int
    """Turns by words in a round, at least."""


FULL = Size(rounds=7, keys=8_000, words=1_500)
QUICK = Size(rounds=1, keys=50, words=20)


@dataclass(frozen=True)
class RecordedTurn:
    """What a turn of a scripted call began with."""

    call: Call
    heard: Input
    now: datetime


class RecordingTelephone(InProcessTelephone):
    """A telephone that writes down every turn of its call before it is taken."""

    def __init__(
        self,
        company: Company,
        line: str,
        caller: str | None,
        at: datetime,
        system: CompanySystem,
        queues: Callable[[str], Queue],
    ) -> None:
        self.turns: list[RecordedTurn] = []
        super().__init__(company, line, caller, at, system, queues=queues)

    def _turn(self, heard: Input) -> None:
        self.turns.append(RecordedTurn(self._call, heard, self._now))
        super()._turn(heard)


def measure(config_file: Path, size: Size, tell: Callable[[str], None]) -> list[Figure]:
    """Turns by keys, by words that were said before, and by words that never were."""
    config = load(config_file)
    company = load_company(config, SystemClock().now()).company
    turns: list[RecordedTurn] = []
    system = CompanySystem(company.flows)
    for script in load_scripts(config):
        system.begin(replies(script))
        caller = None if script.call.caller == WITHHELD else script.call.caller
        telephone = RecordingTelephone(
            surroundings(script).around(company),
            line_of(script, config),
            caller,
            moment(script, config),
            system,
            surroundings(script).queue,
        )
        failure = play(script, telephone, config.numbers)
        if failure is not None:
            raise SystemExit(str(failure))
        # What is heard in a line depends on how it stands, which a turn alone does not tell.
        turns += [turn for turn in telephone.turns if turn.call.waiting != "line"]
    keys = [turn for turn in turns if isinstance(turn.heard, Pressed)]
    words = [turn for turn in turns if isinstance(turn.heard, Said)]
    tell(f"{len(keys)} turns by keys and {len(words)} by words recorded")

    def against_json(what: str, of: Callable[[], list[RecordedTurn]], aim: Aim | None) -> Figure:
        contestants = {
            RINGBACK: lambda: _turns_a_second(company, of()),
            JSON: lambda: _round_trips_a_second(of()),
        }
        values = in_turns(contestants, size.rounds, lambda step: tell(f"{what}, {step}"))
        return compare(what, "turns a second", values, JSON, "more", aim)

    fresh = count(1_000)
    key_turns, word_turns = _filled(keys, size.keys), _filled(words, size.words)
    return [
        against_json(
            "Interpreter alone, keys", lambda: key_turns, Aim("value", "at least", TURNS_A_SECOND)
        ),
        against_json("Interpreter alone, words heard before", lambda: word_turns, None),
        against_json(
            "Interpreter alone, words never heard before",
            lambda: [_with_new_word(turn, next(fresh)) for turn in word_turns],
            None,
        ),
    ]


def _filled(turns: Sequence[RecordedTurn], least: int) -> list[RecordedTurn]:
    every = list(turns) * -(-least // len(turns))
    return every[:: len(every) // least]


def _with_new_word(turn: RecordedTurn, number: int) -> RecordedTurn:
    """The same, with a word added that no cache can know."""
    assert isinstance(turn.heard, Said)
    said = Said(f"{turn.heard.words} nummer{number}", turn.heard.confidence)
    return RecordedTurn(turn.call, said, turn.now)


def _turns_a_second(company: Company, turns: Sequence[RecordedTurn]) -> float:
    began = time.process_time()
    for turn in turns:
        take_turn(company, turn.call, turn.heard, turn.now)
    return len(turns) / (time.process_time() - began)


def _round_trips_a_second(turns: Sequence[RecordedTurn]) -> float:
    calls = [msgspec.to_builtins(turn.call) for turn in turns]
    began = time.process_time()
    for call in calls:
        json.loads(json.dumps(call))
    return len(calls) / (time.process_time() - began)
