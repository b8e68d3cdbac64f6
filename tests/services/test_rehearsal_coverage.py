"""What calls go through is counted by what the engine went by, and the rest is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from ivr.config import load
from ivr.services.company import load_company
from ivr.services.rehearsal import play
from ivr.services.rehearsal.coverage import Coverage
from ivr.services.rehearsal.stage import InProcessStage, load_scripts
from tests.rehearsed import CALLS, FLOW, company_in


def covered(tmp_path: Path, calls: str = CALLS, flow: str = FLOW) -> Coverage:
    config = load(company_in(tmp_path, calls=calls, flow=flow), {})
    loaded = load_company(config, datetime(2026, 11, 22, tzinfo=UTC))
    assert not loaded.errors, "\n".join(map(str, loaded.errors))
    coverage = Coverage(config, loaded.company)
    stage = InProcessStage(config, coverage.company, coverage.see)
    for script in load_scripts(config):
        failure = play(script, stage.telephone(script), config.numbers)
        assert failure is None, str(failure)
    return coverage


def untaken(coverage: Coverage) -> list[str]:
    return [f"{one.place}: {one.told}" for one in coverage.untaken()]


def line_of(text: str, part: str) -> int:
    lines = dedent(text).lstrip().splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


def test_ways_that_no_call_takes_are_told_where_they_stand(tmp_path: Path) -> None:
    coverage = covered(tmp_path)
    told = [str(one) for one in coverage.untaken()]
    here = line_of(FLOW, "balance > 100")
    assert f"flows/main.yaml:{here}: main/how_busy: no call takes `ways` 2" in told
    here = line_of(FLOW, "without: person")
    assert f"flows/main.yaml:{here}: main/number: no call takes `without`" in told
    assert "flows/main.yaml:1: main: no call is in the language `fi`" in told
    assert coverage.taken + len(told) == coverage.total


@pytest.mark.parametrize(
    "way",
    [
        "main/open_now: no call takes `closed`",
        "main/find: no call takes `not_found`",
        "main/find: no call takes `failed`",
        "main/how_busy: no call takes `ways` 1",
        "main/how_busy: no call takes `otherwise`",
        "main/number: no call has a second miss here",
        "main/number: no call chooses `yes`",
        "main/person: no call has the outcome `completed`",
    ],
)
def test_ways_that_some_call_takes_are_not_told(tmp_path: Path, way: str) -> None:
    assert way not in untaken(covered(tmp_path))


@pytest.mark.parametrize(
    "way",
    [
        "main/number: no call has a third miss here",
        "main/number: no call chooses `no`",
        "main/balance: no call chooses `no`",
        "main/person: no call has the outcome `busy`",
        "main/person: no call takes `otherwise`",
        "main/text_it: no call takes `otherwise`",
        "main/holiday: no call takes `nothing`",
    ],
)
def test_choices_misses_and_outcomes_count_as_ways(tmp_path: Path, way: str) -> None:
    assert way in untaken(covered(tmp_path))


def test_a_node_that_no_call_comes_to_is_told_once_with_all_its_ways(tmp_path: Path) -> None:
    first, _, _ = CALLS.partition("      - call: A holiday")
    coverage = covered(tmp_path, first)
    (balance,) = (one for one in coverage.untaken() if one.place == "main/balance")
    assert balance.told == "no call comes here"
    assert balance.ways > 3
    assert coverage.taken + sum(one.ways for one in coverage.untaken()) == coverage.total


def test_two_ways_to_the_same_place_are_two_ways(tmp_path: Path) -> None:
    coverage = covered(tmp_path)
    assert "main/open_now: no call takes `holiday`" not in untaken(coverage)
    both = untaken(coverage)
    assert "main/how_busy: no call takes `ways` 2" in both
    assert "main/how_busy: no call takes `ways` 1" not in both


def test_what_a_menu_could_say_of_the_way_to_a_person_takes_no_way(tmp_path: Path) -> None:
    flow = """
        languages: [en]
        start: topics
        person: person
        nodes:
          topics:
            kind: menu
            text: What is it about?
            options:
              - {key: 1, label: an invoice, to: message}
          person: {kind: hours, schedule: office, open: message, closed: message}
          message: {kind: voicemail, text: Please leave a message., to: bye, nothing: bye}
          bye: {kind: hang_up, text: Goodbye.}
    """
    calls = """
        calls:
          - call: Only listens
            at: 2026-11-25 10:15
            script:
              - hears: What is it about?
              - hangs_up: true
    """
    told = untaken(covered(tmp_path, calls, flow))
    assert "main/person: no call comes here" in told


def test_a_question_with_values_in_it_is_looked_at_when_it_is_put(tmp_path: Path) -> None:
    text = "{en: Shall I text you the balance?, "
    assert text in FLOW
    flow = FLOW.replace(text, '{en: "Shall I text you {balance}?", ')
    coverage = covered(tmp_path, flow=flow)
    assert "main/text_it: no call takes `otherwise`" in untaken(coverage)


def test_nothing_is_counted_twice_or_missing_when_every_way_is_taken(tmp_path: Path) -> None:
    flow = """
        languages: [en]
        start: bye
        person: message
        nodes:
          bye: {kind: say, text: Hello., to: message}
          message: {kind: voicemail, text: Please leave a message., to: end, nothing: end}
          end: {kind: hang_up, text: Goodbye.}
    """
    calls = """
        calls:
          - call: A message
            at: 2026-11-25 10:15
            script:
              - leaves_message: 3
              - call_ends: true
          - call: None
            at: 2026-11-25 10:15
            script:
              - silent: true
              - call_ends: true
    """
    coverage = covered(tmp_path, calls, flow)
    assert untaken(coverage) == []
    assert (coverage.taken, coverage.total, coverage.percent) == (4, 4, 100.0)
