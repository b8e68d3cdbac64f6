"""What the other applications answer with: as long as Ringback's own answer, or the same words."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

import msgspec

FILE = "RINGBACK_BENCHMARK_ANSWERS"
"""The environment variable that names the file of answers."""


class Spoken(msgspec.Struct, frozen=True):
    """A sentence as TwiML says it."""

    voice: str
    language: str
    text: str


class Answer(msgspec.Struct, frozen=True):
    """One answer of Ringback's: how long it is, and what it says."""

    length: int
    spoken: tuple[Spoken, ...]
    hints: str
    language: str

    @classmethod
    def of(cls, twiml: str) -> Answer:
        gather = ElementTree.fromstring(twiml).find("Gather")
        assert gather is not None, twiml
        said = tuple(
            Spoken(say.get("voice", ""), say.get("language", ""), "".join(say.itertext()))
            for say in gather.iter("Say")
        )
        return cls(len(twiml.encode()), said, gather.get("hints", ""), gather.get("language", ""))


class Answers(msgspec.Struct, frozen=True):
    first_menu: Answer
    key_pressed: Answer

    def write(self, file: Path) -> None:
        file.write_bytes(msgspec.json.encode(self))

    @classmethod
    def read(cls) -> Answers:
        """The answers in the file that the environment names."""
        return msgspec.json.decode(Path(os.environ[FILE]).read_bytes(), type=cls)
