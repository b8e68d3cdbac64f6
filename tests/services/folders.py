"""A company in a folder: settings and flows that tests change, as people do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ivr.config import Config, load

LINE = "+46846500400"
SUPPORT = "+46846500401"
CONFIG = f"""\
company: Example
time_zone: Europe/Stockholm
lines:
  main: {{number: "{LINE}", flow: main}}
  support: {{number: "{SUPPORT}", flow: support}}
fallback: {{number: "+46846500499"}}
numbers:
  team: "+46846500410"
schedules:
  office: {{weekly: {{monday-friday: "08:00-16:00"}}}}
"""
FLOW = """\
languages: [en, sv]
start: welcome
person: person
nodes:
  welcome:
    kind: menu
    text: {en: "WELCOME", sv: "Välkommen till NAMN."}
    options:
      - {key: 1, label: {en: an invoice, sv: en faktura}, to: due}
  due:
    kind: answer
    text: {en: It is due in May., sv: Den förfaller i maj.}
    helped: goodbye
  person:
    kind: transfer
    number: team
    text: {en: One moment., sv: Ett ögonblick.}
    otherwise: message
  message:
    kind: voicemail
    text: {en: Leave a message., sv: Lämna ett meddelande.}
    to: goodbye
    nothing: goodbye
  goodbye:
    kind: hang_up
    text: {en: Goodbye., sv: Hej då.}
"""
SCRIPT = """\
calls:
  - call: an invoice
    at: 2026-11-25 10:15
    from: "+442079460123"
    script:
      - presses: 1
      - hears: due in May
      - hangs_up: true
"""


def flow(welcome: str = "What is it about?", name: str = "oss") -> str:
    """A flow that begins with these words."""
    return FLOW.replace("WELCOME", welcome).replace("NAMN", name)


@dataclass(frozen=True)
class Folder:
    """config.yaml, and the flows `main` and `support` beside it."""

    root: Path

    @property
    def config(self) -> Config:
        return load(self.root / "config.yaml", environment={})

    @property
    def flows(self) -> Path:
        return self.root / "flows"

    def write(self, name: str, content: str) -> None:
        """A file of the folder of flows, replaced at once."""
        path = self.flows / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(content, encoding="utf-8")
        fresh.replace(path)

    def remove(self, name: str) -> None:
        (self.flows / name).unlink()

    def edit_config(self, old: str, new: str) -> None:
        path = self.root / "config.yaml"
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new), encoding="utf-8")


def make_folder(root: Path) -> Folder:
    folder = Folder(root)
    (root / "config.yaml").write_text(CONFIG, encoding="utf-8")
    folder.write("main.yaml", flow())
    folder.write("support.yaml", flow("What is broken?"))
    return folder
