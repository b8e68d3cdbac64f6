"""How long people wait is worked out by whichever worker lives."""

from __future__ import annotations

import time

from redis import Redis

from ivr.queueing.board import Board
from ivr.store.agents import AgentStore
from ivr.store.estimates import EstimateStore
from ivr.store.line import LineStore, Person, new_place
from tests.services.estimates.office import CONFIG
from tests.workers.processes import Background, eventually


def test_waits_are_worked_out_by_clock_and_worker_and_go_on_when_a_worker_is_killed(
    background: Background, store_url: str, redis: Redis
) -> None:
    (background.folder / "config.yaml").write_text(CONFIG)
    worker = background.start("worker", store_url)
    background.start("clock", store_url)
    store, began = EstimateStore(redis), time.time()
    AgentStore(redis).arrive("cia", {"billing": 1.0}, began, address="client:cia")
    for number in range(3):
        place = new_place(f"CA{number}", "billing", Person(), first=began + number)
        LineStore(redis).join(place, began + number)

    def board() -> Board:
        return store.board("billing", time.time())

    eventually(lambda: board().joining, "whoever joins has a wait")
    assert (board().waiting, board().agents) == (2, 1)
    first, second = (store.standing(f"CA{n}", "billing", time.time()).estimate for n in (1, 2))
    assert first is not None
    assert second is not None
    assert first.mean < second.mean

    worker.popen.kill()
    worker.popen.wait()
    LineStore(redis).leave("CA1", "hung_up", time.time())
    background.start("worker", store_url)
    killed = time.time()
    eventually(lambda: board().at > killed and board().joining, "another goes on")
    standing = store.standing("CA2", "billing", time.time())
    assert standing.ahead == 0
    assert standing.estimate is not None
    assert standing.estimate.mean < second.mean
