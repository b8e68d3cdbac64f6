"""What those who are connected hear of each other."""

from ivr.simulator.call import Call
from ivr.simulator.inputs import Key, Sound, Words


def pass_on(item: object, other: Call) -> None:
    """Let the other party hear what this one does."""
    if isinstance(item, Key):
        other.tell("heard", keys=item.key)
    elif isinstance(item, Words):
        other.tell("heard", text=item.text)
    elif isinstance(item, Sound):
        other.tell("heard", seconds=item.seconds)
