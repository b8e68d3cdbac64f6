"""Making the callbacks that were promised: dispatching them, ringing, and what the person hears.

Agent first: a callback stands in the line like a caller. The agent who accepts it (`bring_person`)
goes into the conference; the attempt is written, the person is rung, hears who calls and why, and
comes to the agent. What became of an attempt is decided by `ivr.callbacks.outcomes`.

    rules        hours, retries, numbers, as `config.yaml` has them
    desk         stores, and the moves that follow what the carrier tells
    attempts     workers: dialling, and finding out what became of a call
    dispatch     workers: into the line when somebody may be rung, and out of it at closing
    answering    the web: what the person hears, and what their keys do
    making       `calling`, all that workers do
    whispering   what the agent hears of a callback, before, meanwhile and after
"""
