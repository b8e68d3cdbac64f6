"""Keys that are sent down a line."""

TONE_SECONDS = 0.2
PAUSES = {"w": 0.5, "W": 1.0}


def tone_seconds(digits: str) -> float:
    """How long it takes to send these keys; ``w`` and ``W`` are pauses."""
    return sum(PAUSES.get(key, TONE_SECONDS) for key in digits)
