"""The kinds of what happens on a telephone: each has words in the timeline, the terminal, the page.

handset_api.py says what is told with each.
"""

from typing import Literal

Level = Literal["error", "warning"]
"""How bad it is what Twilio's debugger shows."""

Told = Literal[
    "answered", "beep", "connected", "dequeued", "dequeuing", "dequeuing_ended", "dial_ended",
    "dialling", "ended", "enqueued", "error", "heard", "held", "interrupted", "joined", "left",
    "listening", "lost", "muted", "paused", "played", "queue_result", "recorded", "recording",
    "request", "ringing", "said", "tones", "unheld", "unmuted", "warning", "whispered",
]  # fmt: skip
"""What the person on a leg hears, or sees on the telephone."""

Noted = Literal["did", "placed", "rings"]
"""What is only remembered of a leg."""

OfHandset = Literal["dialled", "refused", "registered", "ring", "text", "your_move"]
"""What a handset tells besides."""
