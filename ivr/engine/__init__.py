"""One turn of a call. Pure: call + input + now -> call', actions, effects, events.

No files, no network, no clock, no randomness. What a node wants is asked of `ivr.flow`; the rules
that hold for every call, whatever a flow's author forgot, are kept here.
"""
