"""A trial for a share of calls, with real calls through the store."""

from __future__ import annotations

from pathlib import Path

from redis import Redis

from ivr.flow.inputs import Pressed
from ivr.services.companies import tries
from ivr.services.company import load_company, read_files
from ivr.store.calls import CallStore
from ivr.store.published import Change, Published, PublishedStore, Trial
from tests.services.callers import NOW, published_calls, ring
from tests.services.folders import Folder, flow, make_folder

CALLS = 400
PERCENT = 20


def kept(folder: Folder, store: PublishedStore, words: str) -> str:
    folder.write("main.yaml", flow(words))
    files, _ = read_files(folder.flows)
    version = load_company(folder.config, NOW, files).flows.version
    store.keep(version, files)
    return version


def test_a_share_of_calls_begins_with_the_new_version_and_each_call_keeps_its_own(
    tmp_path: Path, redis: Redis
) -> None:
    folder, store = make_folder(tmp_path), PublishedStore(redis)
    usual, new = kept(folder, store, "The usual words."), kept(folder, store, "The new words.")
    after = Published(0, usual, Trial(new, percent=PERCENT))
    store.switch(store.now()[0], after, Change(0.0, "Aino", "", "began_trial", new, after.trial))
    here, there = (published_calls(folder, redis) for _ in range(2))

    tried = set[str]()
    for number in range(CALLS):
        call, caller = f"CA{number:032x}", f"+442079460{number % 100:03}"
        service = (here, there)[number % 2]
        answer = ring(service, call, caller=caller)
        assert ("The new words." in answer) != ("The usual words." in answer)
        # A request that the carrier repeats, and the next turn, reach another process.
        other = (there, here)[number % 2]
        assert ring(other, call, caller=caller) == answer
        if "The new words." in answer:
            tried.add(call)
        assert "due in May" in other.take_turn(call, 2, Pressed("1"), "", caller, NOW)
        stored = CallStore(redis).read(call)
        assert stored is not None
        assert stored.call.version == (new if call in tried else usual)

    # On average 80 are, with a standard deviation of 8; which they are follows from the calls' ids.
    assert 50 < len(tried) < 110
    trial = after.trial
    assert trial is not None
    assert tried == {
        call for call in (f"CA{n:032x}" for n in range(CALLS)) if tries(trial, call, "main", None)
    }
