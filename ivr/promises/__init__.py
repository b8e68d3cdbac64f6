"""What people are told and promised, and what they write back. Pure: times are arguments.

No clock, no Redis, no carrier, no chance of its own.
"""
