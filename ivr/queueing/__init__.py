"""How long people wait: estimates, what may be told of them, staffing. Pure.

No clock, no Redis, no chance of its own: time comes with every event and question, and state goes
in and out as JSON. Formulas name the paper they are from.
"""
