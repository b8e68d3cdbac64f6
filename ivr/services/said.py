"""What people said or wrote, made fit to be read aloud to whoever talks to them."""

from __future__ import annotations

LONGEST_SAID = 120
"""Characters."""


def cut(text: str) -> str:
    """One sentence, not too long, that ends like one."""
    whole = " ".join(text.split())
    if len(whole) > LONGEST_SAID:
        whole = whole[:LONGEST_SAID].rpartition(" ")[0] or whole[:LONGEST_SAID]
    return whole if whole.endswith((".", "!", "?")) else whole + "."


def is_recording(reason: str) -> bool:
    """Whether a reason is the address of what they recorded, not words."""
    return reason.startswith(("http://", "https://"))
