"""The verbs that are carried out, one file each. Every other verb of TwiML is refused by name."""

from ivr.simulator.session import Verb
from ivr.simulator.verbs import (
    dial,
    enqueue,
    gather,
    hangup,
    leave,
    pause,
    play,
    record,
    redirect,
    reject,
    say,
    sms,
)

VERBS: dict[str, Verb] = {
    "Dial": dial.carry_out,
    "Enqueue": enqueue.carry_out,
    "Gather": gather.carry_out,
    "Hangup": hangup.carry_out,
    "Leave": leave.carry_out,
    "Pause": pause.carry_out,
    "Play": play.carry_out,
    "Record": record.carry_out,
    "Redirect": redirect.carry_out,
    "Reject": reject.carry_out,
    "Say": say.carry_out,
    "Sms": sms.carry_out,
}
