"""Making the callbacks that were promised: dispatching them, ringing, and what the person hears.

Agent first: a callback stands in the line like a caller. The agent who accepts it (`bring_person`)
goes into the conference; the attempt is written, the person is rung, hears who calls and why, and
comes to the agent. What became of an attempt is decided by `ivr.callbacks.outcomes`.

    rules        hours, retries, numbers, as `config.yaml` has them
    desk         stores, and how a move is made
    news         what the carrier tells of a call, and the moves that follow from it
    dialling     workers: one call, once, whatever fails on the way
    attempts     workers: bringing a person to the agent who has accepted
    overdue      workers: what is next, and finding out what became of a call
    telling      workers: how it ended, or a new time, by text or by a short call
    dispatch     workers: into the line when somebody may be rung, and out of it at closing
    making       `calling`, all that workers do
    answering    the web: what the person hears
    choosing     the web: what their keys do
    documents    what every document of the web is made of
    whispering   what the agent hears of a callback, before, meanwhile and after
"""
