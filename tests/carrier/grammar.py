"""Twilio's grammar of TwiML, as a judge of the documents that we write."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

DATA = Path(__file__).parent / "data"


@cache
def grammar() -> dict[str, Any]:
    return dict(json.loads((DATA / "twiml-grammar.json").read_text(encoding="utf-8")))


@cache
def voices() -> dict[str, list[str]]:
    return dict(json.loads((DATA / "twiml-voices.json").read_text(encoding="utf-8"))["voices"])


def parse(document: str) -> Element:
    """The document as Twilio reads it; raises where Twilio would say 12100."""
    assert document.startswith("<?xml"), "nothing may stand before the declaration"
    return ElementTree.fromstring(document.encode())


def complaints(document: str) -> list[str]:
    """What Twilio would warn of: elements, attributes and values that it does not know."""
    root = parse(document)
    found = [] if root.tag == "Response" else [f"the root is {root.tag}"]
    for element in root.iter():
        found += _of_attributes(element)
        allowed = grammar()["elements"][element.tag]["children"]
        found += [f"{child.tag} in {element.tag}" for child in element if child.tag not in allowed]
    return found


def _of_attributes(element: Element) -> list[str]:
    found = []
    known = grammar()["elements"][element.tag]["attributes"]
    for name, value in element.attrib.items():
        rule = known.get(name)
        if rule is None:
            found.append(f"{element.tag} has no {name}")
            continue
        values = value.split(" ") if rule.get("list") else [value]
        allowed = grammar()["enums"].get(rule.get("enum"))
        if allowed and not set(values) <= set(allowed):
            found.append(f"{name}={value}")
        if rule["type"] == "number" and not value.isdigit():
            found.append(f"{name}={value} is no number")
        if rule["type"] == "boolean" and value not in ("true", "false"):
            found.append(f"{name}={value} is neither true nor false")
    voice, locale = element.get("voice"), element.get("language", "")
    if voice is not None and voice not in voices()[locale]:
        found.append(f"{voice} does not speak {locale}")
    return found
