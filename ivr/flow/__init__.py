"""The language of flows: what ops people write in YAML, as typed objects.

Pure: no files, no network, no clock, no randomness. Time and everything else are arguments.
"""
