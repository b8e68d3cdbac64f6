"""The end of a demonstration: what became of everybody, and what was promised and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from ivr.cli.demo.ground import Ground
from ivr.cli.demo.story import Story
from ivr.cli.demo.telling import Telling, length
from ivr.cli.promises import print_day
from ivr.services.promises.report import DayOfPromises, PromiseReport
from ivr.store.callbacks import CallbackStore


class Ending:
    """`numbers`: the callers' names, by their numbers."""

    def __init__(
        self, here: Ground, telling: Telling, story: Story, numbers: Mapping[str, str]
    ) -> None:
        self._here = here
        self._telling = telling
        self._story = story
        self._numbers = numbers
        self._callbacks = CallbackStore(here.redis)
        self._report = PromiseReport(here.config, here.redis)

    def is_reached(self) -> bool:
        """Whether nobody is to be called any more, and no promise is open."""
        return not self._callbacks.open_ids() and not self._day().open

    def show(self, console: Console) -> None:
        console.print()
        console.print(self._fates())
        console.print()
        for sentence in self._sentences():
            console.print(sentence)
        console.print("\n[bold]ringback promises[/bold]")
        print_day(self._day(), ZoneInfo(self._here.config.time_zone), console)

    def _fates(self) -> Table:
        table = Table(title="What became of everybody", title_justify="left", box=None,
                      padding=(0, 2, 0, 0), pad_edge=False)  # fmt: skip
        for name in ("Caller", "Was told", "Waited", "Then"):
            table.add_column(name)
        for fate in self._telling.fates.values():
            then = f"talked to {fate.by}" if fate.by else fate.ended or "—"
            waited = "—" if fate.waited is None else length(fate.waited)
            table.add_row(fate.name, "; ".join(fate.told) or "—", waited, then)
        return table

    def _sentences(self) -> list[str]:
        telling = self._telling
        fates = telling.fates.values()
        came = Counter(one for fate in fates for one in fate.came)
        served = sum(1 for fate in fates if fate.by)
        return [
            f"{served} of {len(fates)} talked to somebody.",
            f"Of {_count(came.total(), 'wait')} told as a time, {came['true']} came true, "
            f"{came['sooner']} ended sooner, and {came['later']} took longer."
            if came
            else "Nobody was told a time.",
            f"Of {_count(telling.callbacks, 'callback')} promised, {telling.kept + telling.broken} "
            f"were made, {telling.kept} of them in time; {telling.unwanted} not needed any more.",
            f"{_count(self._story.texts, 'text')} were sent.",
            self._rung(),
        ]

    def _rung(self) -> str:
        """What the telephone company saw, beside what was written of attempts."""
        calls = Counter(number for _, number in self._here.company.calls_to(self._numbers))
        ended = self._callbacks.read_all(self._callbacks.ended_ids(0))
        attempts = Counter(
            one.callback.number for one in ended for attempt in one.callback.attempts
            if attempt.call
        )  # fmt: skip
        twice = [name for number, name in self._numbers.items() if calls[number] > attempts[number]]
        told = (
            f"People were rung {_count(calls.total(), 'time')}, for "
            f"{_count(attempts.total(), 'attempt')}"
        )
        if twice:
            return f"{told}: {', '.join(twice)} more often than was meant."
        return f"{told}: nobody twice for one."

    def _day(self) -> DayOfPromises:
        now = datetime.fromtimestamp(
            self._here.clock.now().timestamp(), ZoneInfo(self._here.config.time_zone)
        )
        return self._report.day(self._report.today(now), now)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
