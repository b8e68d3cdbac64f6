"""Who is behind a number: a line of an application, or a person who behaves by a script."""

from dataclasses import dataclass, field

import yaml

from ivr.simulator import lines, values
from ivr.simulator.errors import DirectoryError
from ivr.simulator.faults import Fault, read_faults
from ivr.simulator.lines import Line, read_line
from ivr.simulator.messaging.services import Service, read_services
from ivr.simulator.people import NOBODY, OUTCOMES, STEPS, Person, Step
from ivr.simulator.people_reading import read_person, read_person_of

__all__ = [
    "NOBODY",
    "OUTCOMES",
    "STEPS",
    "Directory",
    "Line",
    "Person",
    "Step",
    "read_directory",
    "read_line",
    "read_person",
    "read_person_of",
]

PARTS = frozenset({"lines", "services", "apps", "people", "nobody", "verified", "faults"})


@dataclass
class Directory:
    """The addresses of this network. `nobody` is what happens on any other."""

    lines: dict[str, Line] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    nobody: Person = NOBODY
    verified: frozenset[str] = frozenset()
    apps: dict[str, Line] = field(default_factory=dict)
    """TwiML apps of the account by their identifiers (AP...): what softphones call."""
    services: dict[str, Service] = field(default_factory=dict)
    """Messaging Services by their SIDs (MG...)."""
    faults: tuple[Fault, ...] = ()
    """What goes wrong from the start."""

    def owns(self, number: str) -> bool:
        """Whether the account may show this number as its own."""
        return number in self.lines or number in self.verified

    def add(self, line: Line) -> None:
        """Put a line into service."""
        self.lines[line.number] = line


def read_directory(text: str, source: str = "directory") -> Directory:
    """A directory from YAML; raises DirectoryError with one sentence that says what and where."""
    try:
        content = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{source}:{mark.line + 1}:{mark.column + 1}" if mark else source
        raise DirectoryError(f"{where}: not YAML: {getattr(error, 'problem', error)}") from None
    top = values.mapping(content, source)
    values.known(top, PARTS, source)
    verified = top.get("verified") or ()
    directory = Directory(
        nobody=read_person(top.get("nobody", "no_answer"), f"{source}: nobody"),
        verified=frozenset(values.number(n, f"{source}: verified") for n in verified),
        apps=lines.apps(top.get("apps") or {}, f"{source}: apps"),
        services=read_services(top.get("services") or {}, f"{source}: services"),
        faults=tuple(read_faults(top.get("faults") or [], f"{source}: faults")),
    )
    where = f"{source}: lines"
    for key, value in values.mapping(top.get("lines") or {}, where).items():
        directory.add(lines.line(values.number(key, where), value, f"{where}: {key}"))
    where = f"{source}: people"
    for key, value in values.mapping(top.get("people") or {}, where).items():
        directory.people[values.address(key, where)] = read_person(value, f"{where}: {key}")
    return directory
