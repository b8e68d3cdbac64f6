"""Publishing while callers are on the line, over real HTTP: everybody hears one version."""

from __future__ import annotations

import asyncio
import os
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.services.companies import LOOK_EVERY
from tests.calls.production import STEPS, SUPPORT, Caller, Heard, Production, production

CALLS = int(os.environ.get("LIVE_CALLS", "24"))
"""Callers on the line while something is published; `make live` has more of them."""
CALLER = "+46701740605"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Production]:
    with production(tmp_path) as running:
        yield running


@pytest.mark.timeout(120 + CALLS)
def test_a_publish_while_callers_are_on_the_line_gives_nobody_a_mixture(live: Production) -> None:
    status, why = live.readiness()
    assert status == 503 and "run `ringback publish`" in why
    live.write("alpha")
    live.ringback("publish", "--why", "we open")
    live.wait_until(lambda: live.readiness()[0] == 200)
    before, meanwhile, after = asyncio.run(_publish_among_callers(live))

    assert len(before) == CALLS
    for heard in (*before, *meanwhile, *after):
        assert len(heard.turns) == STEPS + 1 and "leave a message" in heard.turns[-1], heard
        # Every turn says the word of one version, and that of no other.
        assert len(heard.words) == 1, heard
        assert all(next(iter(heard.words)) in turn for turn in heard.turns), heard
        [url] = heard.played
        assert _content(url) == next(iter(heard.words))
    assert {word for heard in before for word in heard.words} == {"alpha"}
    assert {word for heard in after for word in heard.words} == {"beta"}
    assert "Traceback" not in live.log and "apology" not in live.log


async def _publish_among_callers(
    live: Production,
) -> tuple[list[Heard], list[Heard], list[Heard]]:
    """Callers who rang before, while and after the second version was published. Before the first
    ones have ended, the folder is gone and every process another one."""
    published, replaced = asyncio.Event(), asyncio.Event()
    begun = asyncio.Semaphore(0)

    async def slowly(number: int, caller: Caller) -> None:
        early = number % (STEPS // 2)
        later = number % 3
        await caller.presses(early)
        begun.release()
        await published.wait()
        await caller.presses(later)
        await replaced.wait()
        await caller.presses(STEPS - early - later)

    async def at_once(caller: Caller) -> None:
        await caller.presses(STEPS)

    def rings_slowly(number: int) -> asyncio.Task[Heard]:
        return asyncio.create_task(live.call(lambda caller: slowly(number, caller)))

    before = [rings_slowly(number) for number in range(CALLS)]
    await _have_begun(before, begun)
    live.write("beta")
    publishing = asyncio.create_task(asyncio.to_thread(live.ringback, "publish"))
    meanwhile: list[Heard] = []
    while not publishing.done():
        meanwhile += await asyncio.gather(*(live.call(at_once) for _ in range(4)))
    await publishing
    published.set()
    while not meanwhile or meanwhile[-1].words != {"beta"}:
        meanwhile.append(await live.call(at_once))
    await asyncio.to_thread(live.throw_away_the_folder)
    await asyncio.to_thread(live.replace_the_processes)
    replaced.set()
    after = await asyncio.gather(*(live.call(at_once) for _ in range(CALLS // 2)))
    return list(await asyncio.gather(*before)), meanwhile, list(after)


async def _have_begun(calls: list[asyncio.Task[Heard]], begun: asyncio.Semaphore) -> None:
    """Wait until every one of them has; a call that ends before that fails the test at once."""
    for _ in calls:
        one_more = asyncio.ensure_future(begun.acquire())
        done, _rest = await asyncio.wait([one_more, *calls], return_when=asyncio.FIRST_COMPLETED)
        for ended in done - {one_more}:
            raise AssertionError(f"a call was over too soon: {ended}")


def _content(url: str) -> str:
    with urllib.request.urlopen(url) as answer:
        content: bytes = answer.read()
        return content.decode()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_trial_and_a_notice_reach_running_processes_and_nobody_else(live: Production) -> None:
    live.write("alpha")
    live.ringback("publish")
    live.wait_until(lambda: "alpha" in live.rings())
    live.write("beta")
    live.ringback("publish", "--trial-caller", CALLER, "--trial-line", "support")
    live.wait_until(lambda: "beta" in live.rings(number=CALLER))
    live.wait_until(lambda: "beta" in live.rings(line=SUPPORT))
    assert "alpha" in live.rings()
    # A bad set never replaces a good one, whatever else the folder holds.
    live.write("gamma", "main")
    (live.folder / "flows" / "support.yaml").write_text("nonsense", encoding="utf-8")
    with pytest.raises(AssertionError, match="Nothing was published"):
        live.ringback("publish")
    live.ringback("trial", "promote", "--why", "it went well")
    live.wait_until(lambda: "beta" in live.rings())

    live.ringback("notice", "on", "outage", "--until", "1 hour", "--text", "en=A power cut.")
    live.wait_until(lambda: live.rings().startswith("A power cut. beta step 0."))
    live.ringback("notice", "off", "outage")
    live.wait_until(lambda: "power cut" not in live.rings())
    live.ringback("rollback", "--why", "the price was wrong")
    live.wait_until(lambda: "alpha" in live.rings())


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_in_development_a_change_is_heard_without_a_restart_and_a_bad_file_stops_only_itself(
    tmp_path: Path,
) -> None:
    (tmp_path / "flows").mkdir()
    with production(tmp_path, "folder") as desk:
        assert "cannot be used" in desk.readiness()[1]
        desk.write("alpha")
        desk.wait_until(lambda: "alpha" in desk.rings())
        heard = asyncio.run(_edit_in_a_call(desk))
        assert heard.words == {"alpha"}
        assert "beta" in desk.rings()
        (desk.folder / "flows" / "main.yaml").write_text("nonsense", encoding="utf-8")
        desk.write("gamma", "support")
        desk.wait_until(lambda: "gamma" in desk.rings(line=SUPPORT))
        assert "beta" in desk.rings()


async def _edit_in_a_call(desk: Production) -> Heard:
    async def goes_on(caller: Caller) -> None:
        await caller.presses(2)
        desk.write("beta")
        written = time.monotonic()
        # By then each process has looked, or looks with the next call.
        while time.monotonic() < written + LOOK_EVERY:
            await desk.call(lambda caller: None)
        other = await desk.call(lambda caller: None)
        assert other.words == {"beta"}
        await caller.presses(STEPS - 2)

    return await desk.call(goes_on)
