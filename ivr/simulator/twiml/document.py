"""TwiML text to a tree, refusing what Twilio cannot read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ivr.simulator.errors import ApplicationError


@dataclass
class Element:
    """One element: its attributes, and its text and children in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list["Element | str"] = field(default_factory=list)
    line: int = 0

    def __iter__(self) -> Iterator["Element"]:
        return (part for part in self.content if isinstance(part, Element))

    @property
    def text(self) -> str:
        """The text directly inside, without the blanks around it."""
        return "".join(part for part in self.content if isinstance(part, str)).strip()

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or `default` when it is absent."""
        return self.attributes.get(name, default)

    def number(self, name: str, default: float, minimum: float = 0) -> float:
        """An attribute as a number; `default` when it is absent, no number, or too small."""
        try:
            value = float(self.attributes[name])
        except (KeyError, ValueError):
            return default
        return value if value >= minimum else default

    def flag(self, name: str, default: bool) -> bool:
        """An attribute as true or false; `default` when it is absent or neither."""
        return {"true": True, "false": False}.get(self.get(name).strip().lower(), default)

    def method(self, name: str = "method") -> str:
        """An HTTP method attribute: GET or POST, POST by default."""
        value = self.get(name, "POST").strip().upper()
        return value if value in ("GET", "POST") else "POST"


def parse(body: bytes, charset: str | None = None) -> Element:
    """The root element of a TwiML document.

    `charset` is that of the Content-Type; the XML declaration's own encoding goes before it.
    Raises ApplicationError: 11770 for an empty body, 12100 for what is not well-formed or declares
    entities, 12102 for another root than Response.
    """
    if not body.strip():
        raise ApplicationError(11770, "the answer has no body")
    declared = body.lstrip(b"\xef\xbb\xbf").startswith(b"<?xml") and b"encoding" in body[:100]
    try:
        root = _parse(body, None if declared else charset)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise ApplicationError(12100, f"not well-formed XML: {error}") from None
    if root.tag != "Response":
        raise ApplicationError(12102, f"the root element is <{root.tag}>")
    return root


def _parse(body: bytes, encoding: str | None) -> Element:
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    top = Element("")
    stack = [top]

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, line=parser.CurrentLineNumber)
        stack[-1].content.append(element)
        stack.append(element)

    def end(tag: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        stack[-1].content.append(data)

    def entity(name: str, *rest: object) -> None:
        raise ValueError(f"the document declares an entity ({name})")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = entity
    parser.Parse(body, True)
    return next(iter(top))
