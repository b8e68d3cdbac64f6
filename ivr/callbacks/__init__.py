"""When people are offered to be called back, when and whom we ring, and what comes of it. Pure.

No clock, no Redis, no chance of its own: times are arguments, in seconds since 1970.
"""
