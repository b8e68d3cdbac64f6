"""Flows of every kind of node, put together by chance, and callers who do anything."""

from __future__ import annotations

from random import Random
from typing import Any

import yaml

from ivr.flow.inputs import (
    ConnectionEnded,
    Input,
    LeftQueue,
    LookedUp,
    MessageLeft,
    Met,
    Pressed,
    Said,
    Silent,
)
from ivr.flow.variables import variable

NAMES = [f"n{number}" for number in range(7)]
KINDS = (
    "say", "menu", "hours", "answer", "goto", "voicemail", "transfer", "ask", "branch", "set",
    "play", "faq", "lookup", "queue", "offer_callback", "send_text", "choose_language", "hang_up",
    "recognise_callback",
)  # fmt: skip
CONDITIONS = (
    "given = 11", "now.hour > 12", 'queue("support").waiting > 3', "caller.known",
    "not caller.mobile", 'open("office")', "1 > 2", "looked != nothing", 'language = "fi"',
)  # fmt: skip


def flow_by(chance: Random, more: tuple[str, ...] = ()) -> str:
    """A flow; most of its ways lead on. Half of its nodes are of these kinds, where some are
    named."""
    nodes = {
        name: _node(chance, name, chance.choice(more) if more and number % 2 else None)
        for number, name in enumerate(NAMES)
    }
    nodes["ring"] = {"kind": "transfer", "number": "team", "otherwise": _target(chance)}
    nodes["message"] = {
        "kind": "voicemail", "text": "Speak.", "to": "goodbye", "nothing": "goodbye",
    }  # fmt: skip
    nodes["goodbye"] = {"kind": "hang_up", "text": "Goodbye."}
    person = chance.choice(["ring", "ring", "message", "n0"])
    return yaml.safe_dump({"languages": ["en"], "start": "n0", "person": person, "nodes": nodes})


def _target(chance: Random) -> str:
    return chance.choice([*NAMES, *NAMES, "ring", "message", "message", "goodbye"])


def _node(chance: Random, name: str, kind: str | None = None) -> dict[str, Any]:
    to = [_target(chance) for _ in range(3)]
    text = {"text": f"Here is {name}."}
    kind = chance.choice(KINDS) if kind is None else kind
    settings: dict[str, dict[str, Any]] = {
        "say": text | {"to": to[0]},
        "goto": {"to": to[0]},
        "hours": {"schedule": "office", "open": to[0], "closed": to[1]},
        "answer": text | {"helped": to[0]},
        "voicemail": text | {"to": to[0], "nothing": to[1]},
        "transfer": {"number": "team", "otherwise": to[0]},
        "hang_up": text,
        "menu": text
        | {
            "options": [
                {"key": key, "label": f"way {key} of {name}", "to": target}
                for key, target in enumerate(to, 1)
            ]
        },
        "ask": text
        | {"variable": "given", "length": 2, "to": to[0]}
        | {"confirm": chance.choice(["true", "false"])},
        "branch": {
            "otherwise": to[2],
            "ways": [{"when": chance.choice(CONDITIONS), "to": way} for way in to[:2]],
        },
        "set": {"variable": "given", "value": "1", "to": to[0]},
        "play": {"audio": "https://example.com/a.wav", "to": to[0]},
        "faq": text
        | {
            "matters": [
                {"label": f"{word} {name}", "words": {"en": [word]}, "to": target}
                for word, target in zip(["invoice", "moving"], to, strict=False)
            ]
        },
        "lookup": {
            "url": "https://crm.example.com/x", "read": {"looked": "a.b"},
            "found": to[0], "failed": to[1],
        },
        "queue": {
            "queue": "support", "otherwise": to[0],
            **chance.choice([{}, {"message": to[1]}, {"message": to[1], "back": to[2]}]),
            **chance.choice([{}, {"booked": to[2]}]),
        },
        "offer_callback": {
            "queue": "support", "booked": to[0], "declined": to[1], "otherwise": to[2],
        },
        "recognise_callback": {
            "settled": to[0], "otherwise": to[1],
            **chance.choice([{}, {"waits": {"support": to[2]}}]),
        },
        "send_text": text | {"message": "Hello {given}.", "to": to[0], "otherwise": to[1]},
        "choose_language": {"keys": {1: "en", 2: "fi"}, "to": to[0]},
    }  # fmt: skip
    more: dict[str, dict[str, Any]] = {
        "hours": {"holiday": to[2]},
        "answer": {"not_helped": to[1]},
        "ask": {"without": to[1]},
        "faq": {"otherwise": to[2]},
        "lookup": {"not_found": to[2], **text},
    }
    return {"kind": kind, **settings[kind], **(more.get(kind, {}) if chance.random() < 0.5 else {})}


_KEYS = ("1", "2", "3", "9", "0", "*", "11", "12", "0701740605")
_WORDS = (
    "invoice", "moving", "way 1", "yes", "no", "hm", "slower", "a person", "complaint", "two",
    "I don't have it", "invoice and moving",
)  # fmt: skip
HEARD: dict[str, tuple[Input, ...]] = {
    "choice": (*map(Pressed, _KEYS), *map(Said, _WORDS), *(Silent(),) * 4),
    "connection": (
        ConnectionEnded("completed"), ConnectionEnded("busy"), ConnectionEnded("no_answer"),
        ConnectionEnded("failed"), ConnectionEnded("canceled"),
    ),
    "message": (
        MessageLeft("https://example.com/r", 2), MessageLeft("", 0), MessageLeft("", 0, "0"),
        Silent(), Pressed("0"), Pressed("5"), Said("hm"),
    ),
    "goodbye": (Pressed("0"), Silent(), Silent(), Said("a person")),
    "line": (
        Silent(), Pressed("0"), Pressed("1"), Pressed("2"), Pressed("*"), Pressed("5"),
        Said("a person"), LeftQueue(failed=True), Met("R1"), Met("R1", there=False),
    ),
    "leaving": (LeftQueue(),),
    "lookup": (
        LookedUp("found", {"looked": variable("x")}), LookedUp("found"), LookedUp("not_found"),
        LookedUp("failed"), Pressed("0"), Silent(),
    ),
}  # fmt: skip
