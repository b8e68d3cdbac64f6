"""Prompt files: texts that several nodes say, written once under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import RootModel

from ivr.flow.names import Name, Texts, Told
from ivr.reading import Finding, Unreadable, read_tree, validate
from ivr.reading.tree import Document

FILE, FOLDER = "prompts.yaml", "prompts"
"""`flows/prompts.yaml`, and every YAML file in `flows/prompts/`."""


class PromptFile(RootModel[dict[Name, Texts]]):
    """Texts by name; each is written as it would be in a node."""


@dataclass(frozen=True)
class Prompt:
    """A text under a name, and the file that it was read from."""

    texts: Mapping[str, Told]
    document: Document


@dataclass
class Prompts:
    """Every prompt by name. Reading a flow notes in `used` which it names."""

    by_name: dict[str, Prompt] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    """Files that could not be read: what is missing may stand in them."""

    @property
    def documents(self) -> list[Document]:
        """The files, each once."""
        return list({p.document.file: p.document for p in self.by_name.values()}.values())

    def read(self, content: bytes, file: str) -> list[Finding]:
        """Read one file more; gives what is wrong in it."""
        try:
            document = read_tree(content, file)
            texts = validate(PromptFile, document).root
        except Unreadable as error:
            self.broken.append(file)
            return list(error.findings)
        findings = []
        for name, prompt in texts.items():
            if name in self.by_name:
                findings.append(
                    document.finding_at_name(
                        (name,), "prompt-twice",
                        f"The prompt `{name}` stands in {self.by_name[name].document.file} too.",
                    )
                )  # fmt: skip
            else:
                self.by_name[name] = Prompt(prompt, document)
        return findings


def is_prompts(name: str) -> bool:
    """Whether a file of the folder of flows, by its name, holds prompts."""
    return name == FILE or (name.startswith(f"{FOLDER}/") and name.endswith(".yaml"))
