"""Small companies for tests, and telephones to ring them with."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import dedent

from ivr.engine.company import Company, Line
from ivr.flow.checks import Surroundings, check_flows
from ivr.flow.language import load_languages
from ivr.flow.queue_rules import QueueRules
from ivr.flow.reader import read_flows
from ivr.flow.schedule import Schedule
from ivr.queueing.board import Board
from ivr.reading import Finding
from ivr.schedules import ScheduleSettings
from ivr.services.rehearsal.in_process import InProcessTelephone

MOBILE = "+46701740605"
TEAM = "+46846500410"
FALLBACK = "+46846500499"
WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""Ten in the morning in Stockholm: open."""
SUNDAY = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)

SOMEBODY = Board("support", 0.0, agents=1)
"""How a queue stands in which an agent is there, and nobody waits."""

OFFICE = ScheduleSettings.model_validate(
    {"weekly": {"monday-friday": "08:00-16:00"}, "holidays": "SE"}
)


def surroundings(recordings: tuple[str, ...] = ()) -> Surroundings:
    return Surroundings(
        languages=load_languages(),
        schedules={"office"},
        numbers={"team"},
        recordings=recordings,
        lines={"main": "main"},
        queues={"support"},
        lookup_hosts={"crm.example.com"},
    )


def findings_in(**flows: str) -> tuple[Finding, ...]:
    """What `ringback check` finds in flows given by name."""
    return check_flows(read_flows(_files(flows)), surroundings())


def company_of(*, speech: bool = True, **flows: str) -> Company:
    """A company of flows that must have no error; its line `main` begins with `main`."""
    read = read_flows(_files(flows))
    found = [one for one in check_flows(read, surroundings()) if one.severity == "error"]
    assert not found, "\n".join(map(str, found))
    office: Schedule = OFFICE.schedule("Europe/Stockholm", range(2026, 2028))
    return Company(
        flows=read.flows,
        lines={"main": Line("main", "+46846500400", "main")},
        languages=load_languages(),
        schedules={"office": office},
        numbers={"team": TEAM},
        fallback=FALLBACK,
        speech=speech,
        rules={"support": QueueRules(music="music.wav")},
        boards={"support": SOMEBODY},
    )


def _files(flows: dict[str, str]) -> dict[str, bytes]:
    return {f"{name}.yaml": dedent(text).encode() for name, text in flows.items()}


def ring(
    company: Company, at: datetime = WEDNESDAY, caller: str | None = MOBILE
) -> InProcessTelephone:
    """A telephone that has just rung the company."""
    telephone = InProcessTelephone(company, "main", caller, at)
    telephone.dial()
    return telephone


ENERGY = """
    languages: [en, fi]
    start: topics
    person: person
    nodes:
      topics:
        kind: menu
        text: {en: What is it about?, fi: Mitä asiasi koskee?}
        again: {en: What can we do for you?, fi: Miten voimme auttaa?}
        options:
          - key: 1
            label: {en: an invoice, fi: laskuasioissa}
            words: {en: [invoice, bill], fi: [lasku]}
            to: due
          - key: 2
            label: {en: moving house, fi: muuttoasioissa}
            words: {en: [moving, move], fi: [muutto]}
            to: moving
          - key: 3
            label: {en: our hours, fi: aukioloajoissa}
            words: {en: [opening hours], fi: [aukiolo]}
            to: open_hours
      due:
        kind: answer
        text: {en: It is due in fourteen days., fi: Sen eräpäivä on kahden viikon päästä.}
        helped: topics
      moving:
        kind: say
        text: {en: Tell us two weeks before you move., fi: Ilmoita muutosta ajoissa.}
        to: topics
      open_hours:
        kind: answer
        text: {en: We are open on weekdays., fi: Olemme avoinna arkisin.}
        helped: goodbye
      person: {kind: hours, schedule: office, open: ring_team, closed: message}
      ring_team:
        kind: transfer
        number: team
        text: {en: One moment., fi: Hetkinen.}
        otherwise: message
      message:
        kind: voicemail
        text: {en: Please leave a message., fi: Jätä viesti.}
        to: thanks
        nothing: goodbye
      thanks: {kind: hang_up, text: {en: Thank you for the message., fi: Kiitos viestistä.}}
      goodbye: {kind: hang_up, text: {en: Goodbye., fi: Kuulemiin.}}
"""
