"""A small office with a real store: people ring and agents answer, by chance from a seed."""

from __future__ import annotations

from pathlib import Path
from random import Random
from textwrap import dedent

from redis import Redis

from ivr.config import Config, read_config
from ivr.store.agents import AgentStore
from ivr.store.line import LineStore, Person, PlaceKind, new_place

BEGAN = 1_800_003_600.0
"""Friday, 15 January 2027, 10:00 in Stockholm."""
CONFIG = dedent("""
    company: Revontuli Energia
    time_zone: Europe/Stockholm
    lines: {main: {number: "+46846500400", flow: main}}
    fallback: {number: "+46846500499"}
    queues:
      billing: {handling: 60, patience: 300}
      moving: {handling: 60, patience: 300}
    rosters:
      office: {weekly: {monday-friday: [08:00-12:00, 12:45-16:00]}}
    agents:
      anna:
        {name: A, address: "client:anna", language: sv, queues: [billing, moving], roster: office}
      bo: {name: Bo, address: "client:bo", language: sv, queues: [moving], roster: office}
      cia: {name: Cia, address: "client:cia", language: sv, queues: [billing]}
""")


def config() -> Config:
    return read_config(CONFIG.encode(), Path("config.yaml"), {})


class Office:
    """Every method is something that happens, at `now`."""

    def __init__(self, redis: Redis, seed: int, now: float = BEGAN) -> None:
        self.chance = Random(seed)
        self.line, self.agents = LineStore(redis), AgentStore(redis)
        self.staff = config().agents
        self.now = now
        self.rung = 0

    def work(self, steps: int) -> None:
        """So many things happen, some seconds apart."""
        for _ in range(steps):
            self.now += self.chance.choice([0.0, 0.3, 1.0, 4.7, 11.0])
            self.chance.choices([self.ring, self.hang_up, self.agent], [4, 1, 6])[0]()

    def ring(self) -> None:
        self.rung += 1
        name = f"CA{self.rung}"
        queue = self.chance.choice(["billing", "moving"])
        first = self.now - self.chance.choice([0, 5, 40])
        kind: PlaceKind = "callback" if self.chance.random() < 0.2 else "live"
        place = new_place(name, queue, Person(), first=first, call=name, kind=kind)
        self.line.join(place, self.now)

    def hang_up(self) -> None:
        self.line.leave(f"CA{self.chance.randint(1, self.rung + 1)}", "hung_up", self.now)

    def agent(self) -> None:
        name = self.chance.choice(sorted(self.staff))
        found = self.agents.read(name)
        match found.presence if found else "away":
            case "away":
                self.agents.arrive(name, self.staff[name].queues, self.now)
            case "available" if self.chance.random() < 0.2:
                self.agents.depart(name, self.now)
            case "wrap_up":
                self.agents.end_wrap_up(name, self.now, asked=True)
            case "reserved" | "busy" if found is not None:
                self.go_on(found.reservation)

    def go_on(self, reservation: str) -> None:
        found = self.agents.reservation(reservation)
        assert found is not None
        match found.state:
            case "offered" if self.chance.random() < 0.2:
                pause = self.now + 30 if self.chance.random() < 0.5 else None
                self.agents.end_reservation(reservation, "declined", self.now, pause)
            case "offered":
                self.agents.accept(reservation, "CAagent", self.now)
            case "person_left":
                self.agents.release(reservation, self.now)
            case "accepted" if self.chance.random() < 0.5:
                if self.chance.random() < 0.2:
                    self.agents.depart(found.agent, self.now)
                self.agents.end_talk(reservation, self.now + 5, self.now)
