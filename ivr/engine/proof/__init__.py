"""What can be proved of flows before anybody rings: that no call is a maze.

**What is proved.** A call *ends with nothing* when we hang up on a caller who, since they last
chose something, was given none of these: a person (a number that answered, or the fallback number),
the tone of a voicemail, or an answer that helped. For every state that a call can reach from any
line:

1. nothing that befalls the caller there, however often, makes the call end with nothing: silence,
   keys and words that fit nothing, asking for a person, a lookup that fails or finds nothing, a
   number that is busy or does not answer, a schedule that is closed, a condition that holds or does
   not, a caller who lacks what is asked for or whom the answer did not help; and
2. where the caller chooses, not every choice makes the call end with nothing.

So from each state, under any number of silent, wrong or unlucky inputs (three are among them), a
caller who never chooses to be done ends at a person, a callback, a voicemail or an answered
question. That calls end at all is the engine's doing (`ivr.engine.turn`); its limits are counted
there, not here.

**How.** The engine itself (`reply`, `follow`) takes every step from every state, one node at a
time, on a company in which all that could be so is so at once (`ground`). A state is where the
call stands, which of the node's questions is open, and whether the caller was served. What is left
out of it can only lead to a person or to the fallback number, and the ways there are looked at from
everywhere: misses (the third), visits (the third), answers that were given already, texts that lack
a value, too many steps. Languages are left out: words and languages only choose among the choices
of a question, and those are the same in each.

**From what.** The fallback number is always answered, as `config.yaml` asks. A flow that is kept
out of service by an error is not looked at: whoever would meet it is put through to that number.
Whoever hears the tone of a voicemail can leave a message. A choice that needs no key can be said. A
kind that promises a callback says `progress`. The carrier does what its documentation says.
"""

from __future__ import annotations

from ivr.engine.proof.proving import prove

__all__ = ["prove"]
