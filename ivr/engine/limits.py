"""Every limit of the engine, each with its reason."""

MOST_MISSES = 3
"""The third silence or unfitting answer in a row leads to a person."""
MOST_VISITS = 2
"""A place come to more often than this without progress leads to a person."""
MOST_STEPS = 40
"""Nodes passed in one turn; more can only be a ring of nodes that never ask anything."""
FIRST_TIMEOUT = 6
"""Seconds of silence before the question is put again."""
LATER_TIMEOUT = 10
"""The same after a miss: whoever did not answer needs more time, not less."""
MESSAGE_TIMEOUT = 1
"""Seconds between the words before a tone and the tone: 0 still leads to a person."""
GOODBYE_TIMEOUT = 2
"""Seconds after the last words in which 0 still leads to a person."""
LAST_RESORT_TIMEOUT = 30
"""Seconds that the fallback number rings."""
KEPT_WORDS = 5
"""How many unfitting utterances are kept for the person who takes over."""
LONGEST_KEPT = 200
"""Characters of each that are kept."""
CHOICES_EVERY = 3
"""What one who waits can choose is told in the first round, and then in every so many."""
THANKS_EVERY = 180.0
"""Seconds in which nothing was said to somebody who waits, after which they are thanked."""
WAIT_TIMEOUT = 1
"""Seconds after the music in which a key still counts; the next round follows."""
