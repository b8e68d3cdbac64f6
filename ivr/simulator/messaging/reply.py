"""TwiML for messages: which elements and attributes there are, and what a Message says."""

from dataclasses import dataclass

from ivr.simulator.twiml.document import Element
from ivr.simulator.twiml.grammar import Warning

ATTRIBUTES: dict[str, frozenset[str]] = {
    "Message": frozenset({"to", "from", "action", "method", "statusCallback"}),
    "Sms": frozenset({"to", "from", "action", "method", "statusCallback"}),
    "Redirect": frozenset({"method"}),
    "Body": frozenset(),
    "Media": frozenset(),
}
NOUNS = frozenset({"Body", "Media"})


@dataclass(frozen=True)
class Said:
    """What a Message element says."""

    body: str
    media: tuple[str, ...]


def content(element: Element) -> Said:
    """The text of a Message, in a Body or on its own, and its Media."""
    bodies = [child.text for child in element if child.tag == "Body"]
    media = tuple(child.text for child in element if child.tag == "Media" and child.text)
    return Said("".join(bodies) if bodies else element.text, media)


def check(root: Element) -> list[Warning]:
    """What Twilio's debugger warns of: unknown verbs (14110), nouns and attributes (12200)."""
    found = []
    for verb in root:
        if verb.tag in NOUNS or verb.tag not in ATTRIBUTES:
            found.append(Warning(14110, f"line {verb.line}: <{verb.tag}>"))
            continue
        found += _attributes(verb)
        for noun in verb:
            if noun.tag in NOUNS and verb.tag == "Message":
                found += _attributes(noun)
            else:
                text = f"line {noun.line}: <{noun.tag}> is not allowed in <{verb.tag}>"
                found.append(Warning(12200, text))
    return found


def _attributes(element: Element) -> list[Warning]:
    found = []
    for name, value in element.attributes.items():
        where = f"line {element.line}: attribute {name} of <{element.tag}>"
        if name not in ATTRIBUTES[element.tag]:
            found.append(Warning(12200, f"{where} is unknown"))
        elif name == "method" and value.strip().upper() not in ("GET", "POST"):
            code = 13710 if element.tag == "Redirect" else 14104
            found.append(Warning(code, f"{where} is {value!r}: expected GET or POST"))
    return found
