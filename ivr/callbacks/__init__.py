"""Callbacks: when to offer one, whom and when to ring, and what comes of it. Pure.

No clock, no Redis, no chance of its own: times are arguments, in seconds since 1970, and counts are
given. Whoever calls it writes what it answers.

    record       Callback, Attempt, Window, Actor; Moved tells of every move
    states       the states and every move between them: one table, `TABLE`
    moves        `promise` makes a callback, `move` changes it or raises `Refused`
    duties       `next_steps` until when, `open_promise`, whether it was `kept`
    hours        schedules as spans of elapsed seconds; `next_open`, `closes_in`
    reachable    `reachable`: the number as E.164 and its extension, or why it is not rung
    limits       `too_many` callbacks asked for, from counts
    offering     `decide_offer`: place or window, or why not; `keeps_place` of one who hung up
    windows      `capacity` now and then; `free_windows` and `has_room` for each who asks
    dispatching  `as_due`, then `callbacks_to_start` now; `at_closing`, for those left over
    outcomes     `who_answered`; `read_result` of a call; `decide`: another attempt or the end;
                 `at_machine`
    returning    `recognise` somebody who rings again
    wording      `say_window`: "today between 14:00 and 14:30"; `zone_of` whom it is told to

An attempt, agent first. Each line is one write of the record together with its `Moved`; after a
crash at any point `next_steps` tells what is to be done:

    move(callback, "reserved", SYSTEM, now, Details(agent="Liisa"))
    move(callback, "attempt_written", SYSTEM, now)     when the agent has accepted, before dialling
    move(callback, "dialled", SYSTEM, now, Details(call="CA..."))        the carrier's answer
    move(callback, "person_answered", SYSTEM, now)
    move(callback, "agent_joined", SYSTEM, now)
    move(callback, "ended", SYSTEM, now)

Where nobody answered, `decide` names the event ("try_again", "given_up", "flagged") and the time.
When the carrier's answer was lost, its calls are looked through: "dialled" with the call found, or
"not_at_carrier", which is not believed in the first half minute. A request that the carrier refused
and that may be repeated is "refused_by_carrier"; one that it refused for good is `decide`d as
`read_result("failed", error=code)`.
"""
