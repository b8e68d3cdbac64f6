"""Prompt files: every prompt used, and in languages that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ivr.flow.checks.wording import meant, recordings_of, unknown_recordings
from ivr.flow.names import ANY_LANGUAGE
from ivr.flow.reader import ReadFlows
from ivr.reading import Finding

if TYPE_CHECKING:
    from ivr.flow.checks import Surroundings


def check(read: ReadFlows, around: Surroundings) -> Iterator[Finding]:
    """Findings about prompts themselves; what a flow needs of them is told with the flow."""
    for name, prompt in read.prompts.by_name.items():
        document = prompt.document
        if name not in read.prompts.used:
            if not read.findings:
                yield document.finding_at_name(
                    (name,), "unused-prompt", f"No flow uses the prompt `{name}`.",
                    severity="warning",
                )  # fmt: skip
            yield from unknown_recordings(document, (name,), recordings_of(prompt.texts), around)
        for code in prompt.texts:
            if code != ANY_LANGUAGE and code not in around.languages:
                yield document.finding_at_name(
                    (name, code), "unknown-language", f"There is no language `{code}`.",
                    meant(code, around),
                )  # fmt: skip
