"""Which flows a call begins with, and that it keeps them, whatever is published or fails."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis

from ivr.engine.company import Company
from ivr.engine.turn import begin
from ivr.flow.notice import Notice
from ivr.services.calls import CallLost
from ivr.services.companies import LOOK_EVERY, FlowCompanies, PublishedFlows, tries
from ivr.services.company import load_company, read_files
from ivr.services.flow_sets import MOST_VERSIONS, FlowSets
from ivr.store import keys
from ivr.store.connection import StoreDown, connect
from ivr.store.published import Change, Published, PublishedStore, Trial
from ivr.store.server import PrivateServer
from tests.services.folders import LINE, SUPPORT, Folder, flow, make_folder

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CALLER = "+46701740605"
CALL = "CA" + "1" * 32


class Monotonic:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Process:
    """What one web process knows."""

    sets: FlowSets
    companies: FlowCompanies
    clock: Monotonic

    def later(self) -> None:
        self.clock.at += LOOK_EVERY

    def begins_with(self, call: str = CALL, line: str = LINE, caller: str | None = CALLER) -> str:
        return self.companies.for_new_call(call, line, caller).flows.version


@dataclass
class Office:
    """Whoever publishes, and processes that answer calls."""

    folder: Folder
    redis: Redis
    store: PublishedStore

    def publish(self, words: str, trial: Trial | None = None) -> str:
        self.folder.write("main.yaml", flow(words))
        version = self.keep()
        self.switch(version, trial)
        return version

    def keep(self) -> str:
        files, _ = read_files(self.folder.flows)
        loaded = load_company(self.folder.config, NOW, files)
        assert not loaded.errors
        self.store.keep(loaded.flows.version, files)
        return loaded.flows.version

    def switch(self, version: str, trial: Trial | None = None) -> None:
        before, _ = self.store.now()
        change = Change(NOW.timestamp(), "Aino", "", "published", version, trial)
        self.store.switch(before, Published(0, version, trial), change)

    def process(self, redis: Redis | None = None) -> Process:
        store = PublishedStore(self.redis if redis is None else redis)
        config = self.folder.config
        sets = FlowSets(config, store, lambda: NOW)
        clock = Monotonic()
        lines = {line.number: name for name, line in config.lines.items()}
        return Process(sets, FlowCompanies(sets, PublishedFlows(sets, store), lines, clock), clock)


@pytest.fixture
def office(tmp_path: Path, redis: Redis) -> Office:
    return Office(make_folder(tmp_path), redis, PublishedStore(redis))


def test_before_anything_is_published_no_call_begins(office: Office) -> None:
    process = office.process()
    assert process.companies.get_ready() is None
    assert process.companies.usual() is None
    with pytest.raises(CallLost, match="ringback publish"):
        process.begins_with()


def test_new_calls_begin_with_what_was_published_within_a_second(office: Office) -> None:
    process = office.process()
    first = office.publish("First.")
    assert process.begins_with() == first
    second = office.publish("Second.")
    assert process.begins_with() == first
    process.later()
    assert process.begins_with() == second


def test_a_call_keeps_its_flows_also_where_another_process_takes_the_turn(office: Office) -> None:
    here, there = office.process(), office.process()
    first = office.publish("First.")
    company = here.companies.for_new_call(CALL, LINE, CALLER)
    call = begin(company, call_id=CALL, line="main", caller=CALLER, now=NOW)
    second = office.publish("Second.")
    assert there.begins_with() == second
    for process in (here, there, office.process()):
        process.later()
        flows = process.companies.for_call(call).flows
        assert flows.version == first
        assert "First." in str(flows.flows["main"].nodes["welcome"])


def test_the_folder_is_of_no_interest_after_publishing(office: Office) -> None:
    version = office.publish("First.")
    process = office.process()
    office.folder.write("main.yaml", "nonsense: [")
    office.folder.remove("support.yaml")
    process.later()
    assert process.begins_with() == version
    assert set(process.companies.for_new_call(CALL, LINE, None).flows.flows) == {"main", "support"}


def test_a_version_that_the_store_has_lost_is_said_by_name(office: Office) -> None:
    first = office.publish("First.")
    process = office.process()
    company = process.companies.for_new_call(CALL, LINE, CALLER)
    call = begin(company, call_id=CALL, line="main", caller=CALLER, now=NOW)
    office.redis.delete(keys.flow_set(first))
    assert process.companies.for_call(call).flows.version == first
    with pytest.raises(CallLost, match=first):
        office.process().companies.for_call(call)


def test_a_lost_set_never_replaces_one_that_is_there(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    process = office.process()
    first = office.publish("First.")
    assert process.begins_with() == first
    office.store.keep("0" * 16, {"main.yaml": b""})
    office.switch("0" * 16)
    office.redis.delete(keys.flow_set("0" * 16))
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            process.later()
            assert process.begins_with() == first
    assert caplog.messages == [f"the store has lost version {'0' * 16} of the flows"]
    again = office.publish("Again.")
    process.later()
    assert process.begins_with() == again


class TestTrials:
    def test_those_of_a_line_of_the_list_and_of_the_percentage_begin_with_it(
        self, office: Office
    ) -> None:
        usual, new = office.publish("Usual."), office.publish("New.")
        process = office.process()
        office.switch(usual, Trial(new, lines=("support",)))
        assert process.begins_with(line=SUPPORT) == new
        assert process.begins_with(line=LINE) == usual
        office.switch(usual, Trial(new, callers=(CALLER,)))
        process.later()
        assert process.begins_with(line=SUPPORT) == new
        assert process.begins_with(line=LINE) == new
        assert process.begins_with(caller="+46701740606") == usual
        assert process.begins_with(caller=None) == usual
        office.switch(usual, Trial(new, percent=100))
        process.later()
        assert process.begins_with(caller=None) == new

    def test_the_share_is_what_was_asked_for_and_the_same_in_every_process(self) -> None:
        calls = [f"CA{number:032x}" for number in range(10_000)]
        drawn = [tries(Trial("v", percent=10), call, "main", None) for call in calls]
        assert 900 < sum(drawn) < 1100
        assert drawn == [tries(Trial("v", percent=10), call, "main", None) for call in calls]
        # Whoever has the new version of few keeps it when there are more.
        more = [tries(Trial("v", percent=30), call, "main", None) for call in calls]
        assert all(wide for narrow, wide in zip(drawn, more, strict=True) if narrow)
        assert not any(tries(Trial("v", percent=0), call, "main", None) for call in calls)

    def test_the_usual_company_is_never_that_of_a_trial(self, office: Office) -> None:
        usual, new = office.publish("Usual."), office.publish("New.")
        office.switch(usual, Trial(new, percent=100))
        process = office.process()
        ready = process.companies.get_ready()
        assert ready is not None and ready.flows.version == usual
        assert process.companies.usual() is ready
        assert process.sets.at_hand(new) is not None


class TestNotices:
    OUTAGE = Notice("outage", {"en": "A power cut."}, 0.0, 2e9)

    def test_every_call_hears_of_it_within_a_second(self, office: Office) -> None:
        office.publish("First.")
        process = office.process()
        assert process.companies.for_new_call(CALL, LINE, None).notices == ()
        office.store.put_notice(self.OUTAGE)
        process.later()
        company = process.companies.for_new_call(CALL, LINE, None)
        assert company.notices == (self.OUTAGE,)
        call = begin(company, call_id=CALL, line="main", caller=None, now=NOW)
        assert process.companies.for_call(call).notices == (self.OUTAGE,)
        office.store.drop_notice("outage")
        process.later()
        assert process.companies.for_call(call).notices == ()

    def test_nothing_is_made_anew_while_they_stay_the_same(self, office: Office) -> None:
        office.publish("First.")
        office.store.put_notice(self.OUTAGE)
        process = office.process()
        company = process.companies.for_new_call(CALL, LINE, None)
        process.later()
        assert process.companies.for_new_call(CALL, LINE, None) is company


class TestManyThreads:
    def test_the_first_calls_of_a_process_all_at_once_are_all_answered(
        self, office: Office
    ) -> None:
        version = office.publish("First.")
        for _ in range(5):
            process = office.process()
            together = threading.Barrier(24)

            def ring(
                number: int, process: Process = process, together: threading.Barrier = together
            ) -> Company:
                together.wait()
                return process.companies.for_new_call(f"CA{number:032x}", LINE, CALLER)

            with ThreadPoolExecutor(24) as pool:
                answered = list(pool.map(ring, range(24)))
            assert {company.flows.version for company in answered} == {version}
            # Read once: all calls share it.
            assert len({id(company.flows) for company in answered}) == 1

    def test_a_publish_while_calls_come_in_gives_each_the_one_or_the_other(
        self, office: Office
    ) -> None:
        process = office.process()
        versions = {office.publish("First.")}
        stop = threading.Event()
        seen: set[str] = set()

        def keep_ringing() -> None:
            while not stop.is_set():
                process.later()
                seen.add(process.begins_with())

        with ThreadPoolExecutor(8) as pool:
            ringing = [pool.submit(keep_ringing) for _ in range(8)]
            try:
                for number in range(6):
                    versions.add(office.publish(f"Number {number}."))
            finally:
                stop.set()
            for one in ringing:
                one.result()
        assert seen <= versions
        process.later()
        assert process.begins_with() == office.store.now()[0].version


def test_only_the_versions_in_use_stay_at_hand_and_the_others_come_back(office: Office) -> None:
    process = office.process()
    versions = [office.publish("Number 0.")]
    process.begins_with()
    for number in range(1, MOST_VERSIONS + 3):
        versions.append(office.publish(f"Number {number}."))
        process.later()
        process.begins_with()
        assert process.sets.company(versions[0]) is not None
    at_hand = [version for version in versions if process.sets.at_hand(version) is not None]
    assert len(at_hand) == MOST_VERSIONS
    assert {versions[0], versions[-1]} <= set(at_hand)
    assert process.sets.company(versions[1]) is not None


class TestRecordings:
    def test_each_version_has_its_own_also_where_it_is_not_at_hand(self, office: Office) -> None:
        versions = []
        for content in ("old", "new"):
            office.folder.write("audio/welcome.wav", content)
            versions.append(office.publish("First."))
        knows, knows_not = office.process(), office.process()
        for version in versions:
            knows.sets.company(version)
        for sets in (knows.sets, knows_not.sets):
            heard = [sets.recording(version, "welcome.wav") for version in versions]
            assert heard == [b"old", b"new"]
            assert sets.recording(versions[0], "../main.yaml") is None
        assert knows_not.sets.at_hand(versions[0]) is None

    @pytest.mark.parametrize("version", ["", "..", "f" * 16, "F" * 16, "a:b", "\r\n", "x" * 5000])
    def test_whatever_is_asked_for_there_is_only_what_was_kept(
        self, office: Office, version: str
    ) -> None:
        assert office.process().sets.recording(version, "welcome.wav") is None


class TestStoreDown:
    @pytest.fixture
    def server(self, tmp_path: Path) -> PrivateServer:
        server = PrivateServer(tmp_path / "store", appendfsync="always")
        server.start()
        return server

    def test_from_the_start_it_is_said_and_calls_begin_as_soon_as_it_is_back(
        self, office: Office, server: PrivateServer
    ) -> None:
        with connect(server.url) as redis:
            office.redis, office.store = redis, PublishedStore(redis)
            version = office.publish("First.")
            server.stop()
            process = office.process(redis)
            for _ in range(3):
                # Also at once again: what failed is not called nothing published.
                with pytest.raises(StoreDown):
                    process.begins_with()
            server.start()
            try:
                process.later()
                assert process.begins_with() == version
            finally:
                server.stop()

    def test_later_the_last_known_version_is_at_hand(
        self, office: Office, server: PrivateServer
    ) -> None:
        with connect(server.url) as redis:
            office.redis, office.store = redis, PublishedStore(redis)
            version = office.publish("First.")
            process = office.process(redis)
            assert process.begins_with() == version
            server.stop()
            process.later()
            with pytest.raises(StoreDown):
                process.begins_with()
            # Nobody asks the store that is away more than once in a second.
            assert process.begins_with() == version
            assert process.companies.usual() is not None


def test_what_config_yaml_no_longer_has_is_said_and_keeps_only_its_flow_out(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    support = flow("What is broken?").replace("number: team", "number: desk")
    office.folder.write("support.yaml", support)
    office.folder.edit_config("numbers:\n", 'numbers:\n  desk: "+46846500411"\n')
    office.publish("First.")
    office.folder.edit_config('  desk: "+46846500411"\n', "")
    with caplog.at_level(logging.ERROR):
        company = office.process().companies.get_ready()
    assert company is not None and set(company.flows.flows) == {"main"}
    said = "\n".join(caplog.messages)
    assert "flows/support.yaml:" in said and "`desk`" in said
    assert "does not go with config.yaml" in said


def test_a_version_that_was_proven_once_stays_in_use_whatever_is_found_of_it_today(
    office: Office,
) -> None:
    # A way that leaves a caller with nothing, and a text in one language: nobody could publish
    # them now.
    maze = flow().replace("to: due", "to: goodbye").replace(", sv: Hej då.", "")
    files = {"main.yaml": maze.encode(), "support.yaml": flow().encode()}
    config = office.folder.config
    found = {finding.code for finding in load_company(config, NOW, files).errors}
    assert "missing-language" in found
    loaded = load_company(config, NOW, files, proven=True)
    assert not loaded.errors
    version = loaded.flows.version
    office.store.keep(version, files)
    office.switch(version)
    assert "main" in office.process().companies.for_new_call(CALL, LINE, None).flows.flows


@pytest.mark.parametrize(
    ("name", "content"), [("main.yaml", "nonsense: ["), ("prompts.yaml", "bye: {xx: [1]}")]
)
def test_what_no_longer_can_be_read_is_kept_out_and_said(
    office: Office, name: str, content: str
) -> None:
    main = flow().replace("text: {en: Goodbye., sv: Hej då.}", "text: {prompt: bye}")
    files = {"main.yaml": main.encode(), "support.yaml": flow().encode(),
             "prompts.yaml": b"bye: {en: Goodbye., sv: Hej.}"}  # fmt: skip
    assert not load_company(office.folder.config, NOW, files, proven=True).errors
    spoilt = load_company(office.folder.config, NOW, files | {name: content.encode()}, proven=True)
    assert set(spoilt.flows.flows) == {"support"}
    assert f"flows/{name}" in {finding.file for finding in spoilt.errors}
