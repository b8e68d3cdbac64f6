"""What Ringback costs, measured against things with names. `python -m benchmarks` prints it all.

Contestants are measured in turns (A B C, A B C, ...) within one run, and what counts is their
ratio: the same numbers on another machine, or beside other work, mean little by themselves.
"""
